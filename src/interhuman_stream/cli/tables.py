"""Tables that hold at any width: where the columns do not fit beside each other, each row is a block of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from interhuman_stream.plain import sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

LEAST: Final = 24
"""Columns of a terminal below which running text is no pleasure to read."""
BORDER: Final = 3
"""Columns that a table's column takes beside its text."""


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[str | Text | None]], *, wrapped: Collection[str] = (), title: str = ""
) -> None:
    """Print a table on stdout.

    Args:
        heads: The columns' names.
        rows: The cells. Brackets mean nothing, and what steers a terminal is escaped; a ``Text`` is printed as it is.
        wrapped: The columns of running text; the others' cells are never cut or broken.
        title: What stands above it.
    """
    console = Console(highlight=False)
    cells = [[cell if isinstance(cell, Text) else Text(sentence(cell or "")) for cell in row] for row in rows]
    if _room(heads, cells, wrapped) <= console.width:
        table = Table(title=Text(sentence(title)) if title else None)
        for head in heads:
            table.add_column(Text(head), no_wrap=head not in wrapped, overflow="fold")
        for row in cells:
            table.add_row(*row)
        console.print(table)
        return
    if title:
        console.print(Text(sentence(title), overflow="fold"))
    for first, *others in cells:
        first.stylize("bold")
        console.print(first, overflow="fold")
        for head, cell in zip(heads[1:], others, strict=True):
            if cell:
                console.print(Padding(Text.assemble(f"{head}: ", cell, overflow="fold"), (0, 0, 0, 2), expand=False))


def _room(heads: Sequence[str], rows: Sequence[Sequence[Text]], wrapped: Collection[str]) -> int:
    """Give the columns of a terminal that the table needs at least."""
    room = 1
    for at, head in enumerate(heads):
        width = max([len(head), *(line.cell_len for row in rows for line in row[at].split())])
        room += BORDER + (min(width, LEAST) if head in wrapped else width)
    return room
