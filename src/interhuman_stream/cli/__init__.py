"""The command line: `interhuman-stream COMMAND`. Messages go to stdout, everything else to stderr."""

from __future__ import annotations

import typer

from interhuman_stream.cli import (
    bench,
    conformance,
    demo,
    engine,
    evaluate,
    evidence,
    keys,
    models,
    server,
    stream,
    wrapper,
)

app = typer.Typer(
    name="interhuman-stream",
    help="Live talking-face video in, social signals out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
demo.register(app)
stream.register(app)
wrapper.register(app)
conformance.register(app)
server.register(app)
keys.register(app)
engine.register(app)
evidence.register(app)
evaluate.register(app)
bench.register(app)
models.register(app)
