"""The pages for who runs the service say what is so."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from interhuman_stream.service.settings import DECLARED
from tests.service.serving import serving

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")


def test_the_list_of_settings_is_current() -> None:
    program = [sys.executable, "-m", "tools.settings_page"]
    made = subprocess.run(program, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == made, "docs/settings.md is behind the declarations; run: make settings"


def test_the_settings_the_page_names_are_there() -> None:
    known = {each.name for each in DECLARED}
    for shown in re.findall(r"^```toml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        assert set(tomllib.loads(shown)) <= known
    commands = re.findall(r"interhuman-stream serve (.*)", PAGE)
    assert commands
    for option in re.findall(r"--([a-z][a-z-]+)", " ".join(commands)):
        assert option.replace("-", "_") in known | {"config", "show_config"}, option


@pytest.mark.parametrize("address", re.findall(r"^\| `(/[^`]+)` \|", PAGE, re.MULTILINE))
def test_the_addresses_the_page_names_answer(address: str, tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        assert httpx.get(running.url + address).status_code == 200
