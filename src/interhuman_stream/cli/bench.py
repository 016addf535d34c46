"""The commands `bench …`: what things cost, on this machine."""

from __future__ import annotations

import typer

from interhuman_stream.cli.engine import bench_segment
from interhuman_stream.cli.kill_bench import bench_kills
from interhuman_stream.cli.load_bench import bench_load
from interhuman_stream.cli.relay_bench import bench_relay
from interhuman_stream.cli.soak_bench import bench_soak


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    bench = typer.Typer(name="bench", help="Measure, on this machine, what things cost.", no_args_is_help=True)
    bench.command("segment")(bench_segment)
    bench.command("relay")(bench_relay)
    bench.command("load")(bench_load)
    bench.command("soak")(bench_soak)
    bench.command("kills")(bench_kills)
    app.add_typer(bench)
