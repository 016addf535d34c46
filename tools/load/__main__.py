"""The commands ``python -m tools.load …``."""

from __future__ import annotations

import typer

from tools.load.floods import floods
from tools.load.kills import kills
from tools.load.pieces import pieces
from tools.load.relay import relay
from tools.load.soak import soak
from tools.load.streams import streams

app = typer.Typer(
    name="python -m tools.load",
    help="Measure, on this machine, what the service holds and what the command line relays.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for bench in (streams, relay, soak, kills, floods, pieces):
    app.command()(bench)

if __name__ == "__main__":
    app()
