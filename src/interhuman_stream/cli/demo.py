"""The command `demo`: the whole thing on one machine, from a key to signals, in one go."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from interhuman_stream.cli.output import fail
from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.client.report import Report


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command()(demo)


def demo(
    source: Annotated[
        Path,
        typer.Argument(help="The video; by default the sample clip that comes with the package.", show_default=False),
    ] = CLIP,
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it goes, not in live time.")] = False,
    models_dir: Annotated[Path | None, typer.Option(help="Where the model files are.")] = None,
) -> None:
    """Start a server, make a key and a token, stream the sample clip to it and print every message as received.

    Exits with 0 only if every segment completed.
    """
    from interhuman_stream.cli.options import need_service
    from interhuman_stream.cli.server import models_or_fail
    from interhuman_stream.client.errors import ClientError

    if not source.is_file():
        fail(f"{source} is not here. Name a video file, or none for the sample clip.")
    need_service()
    models_or_fail(models_dir)
    try:
        outcome = asyncio.run(_demo(source, models_dir, live=not fast))
    except ClientError as error:
        fail(f"error: {error}")
    if outcome is None or not outcome.good:
        raise typer.Exit(1)


async def _demo(source: Path, models_dir: Path | None, *, live: bool) -> Report | None:
    from interhuman_stream.cli.stream import Output, deliver
    from interhuman_stream.client.delivery import DeliveryOptions
    from interhuman_stream.client.sources.source import open_source
    from interhuman_stream.client.stream import StreamClient
    from interhuman_stream.client.tokens import AuthClient, KeyPair
    from interhuman_stream.engine.local.engine import LocalEngine
    from interhuman_stream.protocol.limits import STREAM_SCOPE
    from interhuman_stream.service.run import Server as Service
    from interhuman_stream.service.settings import Settings
    from interhuman_stream.service.watch.log import log_to_stderr

    class Server(Service):
        """Leaves Ctrl-C to the demo, which ends the stream as well."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Capture none."""
            yield

    log_to_stderr("warning")
    with TemporaryDirectory(prefix="interhuman-demo-") as data_dir:
        engine = LocalEngine(models_dir=models_dir)
        server = Server(Settings(Path(data_dir), port=0), engine)
        key = server.service.store.create([STREAM_SCOPE])
        serving = asyncio.create_task(server.serve(sockets=[server.listener]))
        typer.echo(f"Loading models; the server is at {server.url} for as long as the demo runs.", err=True)
        try:
            ready = asyncio.create_task(server.ready.wait())
            await asyncio.wait({ready, serving}, return_when=asyncio.FIRST_COMPLETED)
            tokens = KeyPair(AuthClient(server.url), key.key_id, key.key_secret)
            client = StreamClient(server.url, token=tokens)
            options = DeliveryOptions(speed=1.0 if live else None)
            return await deliver(open_source(str(source)), client, options, Output())
        except asyncio.CancelledError:  # Ctrl-C: nothing that is under way is waited for, nor told how it broke off
            logging.disable()
            serving.cancel()
            await engine.stop()
            raise
        finally:
            server.should_exit = True
            await asyncio.wait({serving})
