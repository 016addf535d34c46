"""The commands ``python -m tools.live …``."""

from __future__ import annotations

import typer

from tools.live.confirmed import confirmed
from tools.live.first import first
from tools.live.latency import latency

app = typer.Typer(
    name="python -m tools.live",
    help="Measure, on this machine, how soon and how truly a live session tells what goes on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for bench in (latency, confirmed, first):
    app.command()(bench)

if __name__ == "__main__":
    app()
