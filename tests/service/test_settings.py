"""Settings as an operator gives them: by option, environment and file, and what is said of the wrong ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.service.configuration import ConfigurationError, configure, expectation
from interhuman_stream.service.settings import DECLARED, SettingError, Settings

if TYPE_CHECKING:
    from pathlib import Path


def show(*arguments: object, code: int = 0, **environment: str) -> str:
    """Run `serve --show-config`; give what it prints, or what it says is wrong, in one line."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INTERHUMAN_")}
    command = [sys.executable, "-m", "interhuman_stream", "serve", "--show-config", *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env={**clean, **environment}
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == 0 else " ".join(re.sub("[│╭╮╰╯─]", " ", done.stderr).split())


def test_an_option_goes_before_the_environment_that_before_the_file_and_that_before_the_default(tmp_path: Path) -> None:
    file = tmp_path / "interhuman.toml"
    file.write_text('port = 1\nworkers = 2\nmax_sessions = 3\nmodels_dir = "models"\n')
    shown = show("--config", file, "--port", 9, INTERHUMAN_PORT="8", INTERHUMAN_WORKERS="7")
    lines = dict(line.split("  # ") for line in shown.splitlines() if "  # " in line)
    assert lines["port = 9"] == "option --port"
    assert lines["workers = 7"] == "environment INTERHUMAN_WORKERS"
    assert lines["max_sessions = 3"] == f"file {file}"
    assert lines['host = "127.0.0.1"'] == "default"
    # A path in a file counts from where the file is.
    assert tomllib.loads(shown)["models_dir"] == str(tmp_path / "models")


def test_what_is_shown_is_itself_a_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "shown.toml"
    file.write_text(show("--drain-seconds", 1.5, "--data-dir", tmp_path, "--max-sessions", 5))
    again = configure({}, {}, file).settings
    assert again == Settings(tmp_path, drain_seconds=1.5, max_sessions=5)
    assert tomllib.loads(show(INTERHUMAN_CONFIG=str(file)))["max_sessions"] == 5


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("\n\nmax-sessions = 4", "line 3: max-sessions is not a setting; do you mean max_sessions?"),
        ("host = 'x'\nprot = 4", "line 2: prot is not a setting; do you mean port?"),
        ("[server]\nzzzz = 1", "line 1: server is not a setting; the settings are: data_dir, "),
        ("port = '80'", "line 1: port is '80', and must be a whole number."),
        ("idle_seconds = true", "line 1: idle_seconds is True, and must be a number."),
        ("log_format = 'xml'", 'line 1: log_format is \'xml\', and must be "console" or "json".'),
        ("data_dir = 3", "line 1: data_dir is 3, and must be a path, as a string."),
        ("workers = 0", "workers is 0, and must be at least 1. (from: file "),
        ("port = 70000", "port is 70000, and must be at most 65535. (from: file "),
        ("port = ", "is no TOML: "),
    ],
)
def test_a_file_that_cannot_be_used_is_told_where_and_why(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "interhuman.toml"
    file.write_text(written)
    with pytest.raises(ConfigurationError) as told:
        configure({}, {}, file)
    assert said in str(told.value)
    assert str(file) in str(told.value)


@pytest.mark.slow
def test_what_is_wrong_is_said_by_the_command(tmp_path: Path) -> None:
    file = tmp_path / "interhuman.toml"
    assert "cannot be read: No such file" in show("--config", file, code=2)
    file.write_text("drain_secs = 4")
    assert "do you mean drain_seconds?" in show("--config", file, code=2)
    assert "INTERHUMAN_PORT" in show(code=2, INTERHUMAN_PORT="eighty")
    assert "--workers" in show("--workers", 0, code=2)


def test_settings_made_in_a_program_are_held_to_the_same_bounds() -> None:
    with pytest.raises(SettingError, match="max_sessions is 0, and must be at least 1"):
        Settings(max_sessions=0)
    with pytest.raises(SettingError, match="drain_seconds is nan"):
        Settings(drain_seconds=float("nan"))


def test_every_setting_says_what_it_is_and_takes_nothing_of_the_clients() -> None:
    clients = ("INTERHUMAN_API_", "INTERHUMAN_TOKEN", "INTERHUMAN_SOURCE", "INTERHUMAN_CONFIG")
    for each in DECLARED:
        assert each.about.help.endswith("."), each.name
        assert each.default is not None or each.about.unset, each.name
        assert not each.variable.startswith(clients)
        assert expectation(each)
