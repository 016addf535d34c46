"""The pages about the code name files, classes and constants that are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
PATHS: Final = (
    *ROOT.glob("*.*"),
    *(path for room in ("src", "tools") for path in (ROOT / room).rglob("*.*")),
    *(ROOT / "tests").rglob("*.py"),
)
FILES: Final = {f"/{path.relative_to(ROOT).as_posix()}" for path in PATHS}
CODE: Final = {name: (ROOT / name[1:]).read_text(encoding="utf-8") for name in FILES if name.endswith(".py")}
PLACEHOLDERS: Final = {"FAMILY", "NAME"}


def named(page: str) -> set[str]:
    """What stands between backticks, outside of blocks of code."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)))


def is_there(name: str) -> bool:
    """Whether what reads like a file, a class, a constant or ``module.name`` is one; true of what reads otherwise."""
    if PLACEHOLDERS & set(re.findall(r"[A-Z]+", name)):
        return True
    if re.fullmatch(r"[\w./]+\.(?:py|toml|js|html|in)", name):
        return any(file.endswith(f"/{name}") for file in FILES)
    if found := re.fullmatch(r"([a-z_]+)\.([A-Za-z_]+)", name):
        homes = [code for file, code in CODE.items() if file.endswith(f"/{found[1]}.py")]
        return not homes or any(_is_word(found[2], code) for code in homes)
    if re.fullmatch(r"[A-Z][A-Z_]{3,}|[A-Z][a-z]+[A-Za-z]*", name):
        return any(_is_word(name, code) for file, code in CODE.items() if file.startswith("/src/"))
    return True


def _is_word(name: str, code: str) -> bool:
    return re.search(rf"\b{name}\b", code) is not None


@pytest.mark.parametrize("page", ["architecture.md", "extending.md"])
def test_what_a_page_names_is_there(page: str) -> None:
    gone = sorted(name for name in named(page) if not is_there(name))
    assert gone == [], f"docs/{page} names what is not there any more"


def test_what_is_not_there_is_seen() -> None:
    names = (
        "judge.RECENT",
        "judge.NOWHERE",
        "Turns",
        "Nonesuch",
        "analysis/judge.py",
        "analysis/jury.py",
        "NOD",
        "NOWT",
    )
    assert [is_there(name) for name in names] == [True, False] * 4
