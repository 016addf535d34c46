"""Settings from where they are given: an option goes before the environment, that before the file and the default."""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, get_args
from urllib.parse import urlsplit

import msgspec

from interhuman_stream.faults import Fault
from interhuman_stream.service.settings import DECLARED, Declared, SettingError, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

Values: TypeAlias = "Mapping[str, object]"
HIDDEN: Final = "********"


class ConfigurationError(Fault):
    """The settings cannot be used; the message says which, where it came from, and what would do."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings, and by the name of each where its value came from, in words."""

    settings: Settings
    origins: Mapping[str, str]

    def shown(self) -> str:
        """Write them as a settings file, with each value's origin beside it and no secret in it."""
        lines: list[str] = []
        for panel in dict.fromkeys(each.about.panel for each in DECLARED):
            lines.append(f"\n# {panel}" if lines else f"# {panel}")
            lines += [self._line(each) for each in DECLARED if each.about.panel == panel]
        return "\n".join(lines)

    def _line(self, declared: Declared) -> str:
        value, origin = getattr(self.settings, declared.name), self.origins[declared.name]
        if value is None:
            return f"# {declared.name} is not set: {declared.shown_default}"
        if declared.about.secret:
            return f"# {declared.name} = {_toml(_masked(value))}  # {origin}"
        return f"{declared.name} = {_toml(value)}  # {origin}"


def configure(options: Values, environment: Values, file: Path | None) -> Configuration:
    """Make settings of what was given; what is in neither mapping nor ``file`` has its default.

    Raises:
        ConfigurationError: The file cannot be read, or a value cannot be used.
    """
    values: dict[str, Any] = {}
    origins = {each.name: "default" for each in DECLARED}
    variables = {each.name: each.variable for each in DECLARED}
    flags = {each.name: each.option for each in DECLARED}
    if file is not None:
        for name, value in _read(file).items():
            values[name], origins[name] = value, f"file {file}"
    for name, value in environment.items():
        values[name], origins[name] = value, f"environment {variables[name]}"
    for name, value in options.items():
        values[name], origins[name] = value, f"option {flags[name]}"
    try:
        return Configuration(Settings(**values), origins)
    except SettingError as error:
        raise ConfigurationError(f"{error} (from: {origins[error.name]})") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise ConfigurationError(f"The settings file {file} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # tomllib's own is one of them, and so is what is no UTF-8
        raise ConfigurationError(f"The settings file {file} is no TOML: {error}.") from error
    known = {each.name: each for each in DECLARED}
    values = {}
    for key, value in table.items():
        where = f"{file}, line {_line_of(key, text)}"
        if key not in known:
            near = difflib.get_close_matches(key.replace("-", "_").lower(), known, n=1, cutoff=0.5)
            advice = f"do you mean {near[0]}?" if near else f"the settings are: {', '.join(known)}."
            raise ConfigurationError(f"{where}: {key} is not a setting; {advice}")
        values[key] = _converted(known[key], value, file, where)
    return values


def _converted(declared: Declared, value: object, file: Path, where: str) -> Any:
    def path(_kind: type, given: Any) -> Path:
        return file.parent / Path(given).expanduser()  # a path in a file counts from where the file is

    try:
        return msgspec.convert(value, declared.type, dec_hook=path)
    except (msgspec.ValidationError, TypeError) as error:
        expected = expectation(declared)
        shown = HIDDEN if declared.about.secret else repr(value)
        raise ConfigurationError(f"{where}: {declared.name} is {shown}, and must be {expected}.") from error


def expectation(declared: Declared) -> str:
    """Say what values a setting takes."""
    if choices := [each for each in get_args(declared.type) if isinstance(each, str)]:
        return " or ".join(f'"{each}"' for each in choices)
    if declared.type == tuple[str, ...]:
        return "an array of strings"
    words: dict[Any, str] = {
        str: "a string",
        Path: "a path, as a string",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
    }
    return words[declared.type]


def _line_of(key: str, text: str) -> int:
    """The line of a key, or of the table it names."""
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _masked(value: object) -> str:
    """A secret is not shown at all, but of a URL what is before and behind its user, password and parameters."""
    parts = urlsplit(str(value))
    if not (parts.scheme and parts.hostname):
        return HIDDEN
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{HIDDEN}@{parts.hostname}{port}{parts.path}"


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    # JSON's strings, numbers and booleans are TOML's as well.
    return msgspec.json.encode(str(value) if isinstance(value, Path) else value).decode()
