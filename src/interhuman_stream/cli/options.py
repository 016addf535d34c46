"""The options of a command made from the settings' declarations."""

from __future__ import annotations

import inspect
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from interhuman_stream.cli.output import fail
from interhuman_stream.service.settings import DECLARED, ENVIRONMENT_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from interhuman_stream.service.settings import Declared

CONFIG = "config"
CONFIG_VARIABLE = f"{ENVIRONMENT_PREFIX}CONFIG"
LIST = tuple[str, ...]


def with_settings(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command its ``configuration``, a ``Configuration``, and the options it is made from.

    These are ``--config`` and ``names``, or all settings where none is named. Those that are no options have their
    values from the file, or their defaults.
    """
    chosen = [each for each in DECLARED if not names or each.name in names]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*, context: typer.Context, config: Path | None, **given: Any) -> None:
            values = {each.name: given.pop(each.name) for each in chosen}
            command(configuration=_configured(context, config, values), **given)

        signature = inspect.signature(command)
        # The class itself is not loaded here: it takes packages that a light client has not.
        hints = get_type_hints(command, localns={"Configuration": object}, include_extras=True)
        own = [
            each.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[each.name])
            for each in signature.parameters.values()
            if each.name != "configuration"
        ]
        parameters = [
            inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context),
            *own,
            _parameter(CONFIG, Path, CONFIG_VARIABLE, "A TOML file with settings."),
            *(_option(each) for each in chosen),
        ]
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined] # what typer reads
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate


def need_service() -> None:
    """End the command with one sentence where the service's packages are not installed."""
    try:
        import interhuman_stream.service.app  # noqa: F401 - is it all installed?
    except ImportError as error:
        missing = f"The service's {error.name} is not installed; run: pip install 'interhuman-stream[service]'"
        fail(missing)


def _option(declared: Declared) -> inspect.Parameter:
    about, kind = declared.about, declared.type
    help_ = about.help
    if kind == LIST:
        kind, help_ = str, f"{about.help} Several with commas between them."
    # Defaults are the settings' business: None says that the option was not given.
    bounds = {"min": about.least, "max": about.most} if kind in {int, float} else {}
    return _parameter(
        declared.name,
        kind,
        declared.variable,
        help_,
        show_default=declared.shown_default or False,
        rich_help_panel=about.panel,
        **bounds,
    )


def _parameter(name: str, kind: Any, variable: str, help_: str, **more: Any) -> inspect.Parameter:
    option = typer.Option(envvar=variable, help=help_, **more)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind | None, option]
    )


def _configured(context: typer.Context, config: Path | None, given: dict[str, Any]) -> Any:
    need_service()
    from interhuman_stream.service.configuration import ConfigurationError, configure

    options: dict[str, object] = {}
    environment: dict[str, object] = {}
    kinds = {each.name: each.type for each in DECLARED}
    for name, value in given.items():
        source = context.get_parameter_source(name)
        if value is None or source is None or source.name == "DEFAULT":
            continue
        where = environment if source.name == "ENVIRONMENT" else options
        where[name] = _split(value) if kinds[name] == LIST else value
    try:
        return configure(options, environment, config)
    except ConfigurationError as error:
        fail(error, 2)


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())
