"""Tables: nothing in them is cut, and nothing in them is obeyed by a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.text import Text

from interhuman_stream.cli.tables import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY = "ihk_0123456789abcdef"
EVIL = "\x1b]0;PWNED\x07\x1b[2J\x1b[31mred\x9b5n\u202egnp\r\b"


@pytest.mark.parametrize("columns", ["40", "80", "200"])
@pytest.mark.parametrize("wrapped", [(), ("client",)])
def test_a_terminal_is_told_nothing_by_a_cell_and_ids_are_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, wrapped: Sequence[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    print_table(
        ("key_id", "client", "scopes", "created (UTC)", "expires (UTC)"),
        [
            (KEY, EVIL, "interhumanai.stream interhumanai.upload", "2026-01-01 00:00", None),
            (KEY, Text("[b]"), "", "", ""),
        ],
        wrapped=wrapped,
    )
    said = capsys.readouterr().out
    assert said.count(KEY) == 2
    assert not [each for each in said if not each.isprintable() and each != "\n"]
    assert "PWNED" in said
    assert "[b]" in said
