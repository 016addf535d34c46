"""The command `bench segment`: what a segment costs, on this machine."""

from __future__ import annotations

import typer

from interhuman_stream.cli.engine import bench_segment


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    bench = typer.Typer(name="bench", help="Measure, on this machine, what things cost.", no_args_is_help=True)
    bench.callback()(_several)
    bench.command("segment")(bench_segment)
    app.add_typer(bench)


def _several() -> None:
    """Measure, on this machine, what things cost."""
