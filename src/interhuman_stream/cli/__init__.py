"""The command line: `interhuman-stream COMMAND`. Messages go to stdout, everything else to stderr."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from interhuman_stream import __version__
from interhuman_stream.cli import (
    bench,
    conformance,
    demo,
    engine,
    evaluate,
    evidence,
    keys,
    models,
    output,
    server,
    stream,
    wrapper,
)
from interhuman_stream.cli.help import shape_help
from interhuman_stream.client.errors import NotWritten

app = typer.Typer(
    name="interhuman-stream",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def run() -> None:
    """Run the command line of this process, to its end."""
    output.prepare_streams()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except NotWritten as error:
        output.said(error)
        sys.exit(output.UNWRITTEN)
    except KeyboardInterrupt:  # before a command began, for which typer says the same
        sys.exit(output.INTERRUPTED)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"interhuman-stream {__version__}")
        raise typer.Exit


@app.callback()
def main(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end."),
    ] = False,
) -> None:
    """Live talking-face video in, social signals out."""


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
shape_help(app)
