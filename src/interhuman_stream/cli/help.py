"""Help that cuts no name: on a terminal too narrow for a table of options, they stand as lines below each other."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperCommand

if TYPE_CHECKING:
    import typer

WIDE: Final = 120
"""Columns that the longest options, kinds and variables take beside each other (`serve --help`)."""


class Command(TyperCommand):
    """A command whose help is a table only where that fits."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write it."""
        if shutil.get_terminal_size().columns < WIDE:
            self.rich_markup_mode = None
        super().format_help(ctx, formatter)


def shape_help(app: typer.Typer) -> None:
    """Let all commands of an application, and of those within it, have such a help."""
    for command in app.registered_commands:
        command.cls = Command
    for group in app.registered_groups:
        if group.typer_instance:
            shape_help(group.typer_instance)
