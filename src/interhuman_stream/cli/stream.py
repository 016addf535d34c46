"""The command `stream`: a source to any server that speaks the API, and every message exactly as it came."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from interhuman_stream.cli.credentials import (
    ApiKeyOption,
    Given,
    KeyId,
    KeySecret,
    TokenCommandOption,
    TokenOption,
    provider,
)
from interhuman_stream.cli.output import check_writable, json_text, said, write_file
from interhuman_stream.cli.wrapper import DEFAULT_URL, SOME_FAILED, Include, Url, discard_stdout, fail
from interhuman_stream.client.errors import ClientError, NotWritten, SourceError
from interhuman_stream.protocol.limits import STREAM_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.cli.progress import JsonLines, LiveLine, PlainLines
    from interhuman_stream.client.delivery import DeliveryOptions, Sink
    from interhuman_stream.client.report import Report
    from interhuman_stream.client.sources.segment import Segment
    from interhuman_stream.client.sources.source import Source
    from interhuman_stream.client.stream import StreamClient

    Printer: TypeAlias = PlainLines | JsonLines | LiveLine

EPILOG = """
Examples:

interhuman-stream stream talk.mp4 --fast > messages.jsonl

interhuman-stream stream camera:0 --report report.json

interhuman-stream stream rtsp://camera.local/1 --on-full drop-oldest

ffmpeg -i talk.avi -f matroska - | interhuman-stream stream -

interhuman-stream stream camera:0 --api v2 > events.jsonl

Exit codes: 0 all completed, 1 some failed or were dropped or what came cannot be written, 2 usage, 3 credentials, 4
connection, 130 interrupted (Ctrl-C).
"""


SHORTEST_ANSWERED = 3.0
"""Seconds of a segment of v0, which is judged by itself."""
LIVE_SECONDS = 1.0
"""How long a segment is in v1 and v2 of what is recorded just now: what is in it cannot be told before it is sent."""


class Api(StrEnum):
    """A version of the API."""

    V0 = "v0"
    V1 = "v1"
    V2 = "v2"


class OnFull(StrEnum):
    """What to do when the queue is full."""

    BLOCK = "block"
    DROP_OLDEST = "drop-oldest"


class Framing(StrEnum):
    """How a reader can tell messages apart."""

    LINES = "lines"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Output:
    """What is said where.

    Attributes:
        framing: How messages are told apart on stdout.
        quiet: Whether nothing is said on stderr but errors.
        json_logs: Whether what is said on stderr is JSON.
        report: Where the delivery report goes; None for nowhere.
    """

    framing: Framing = Framing.LINES
    quiet: bool = False
    json_logs: bool = False
    report: Path | None = None


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(stream)


def stream(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            envvar="INTERHUMAN_SOURCE",
            help="A file; - for stdin; camera:0; screen; rtsp://…, http://…; device:FORMAT:NAME for any of FFmpeg's.",
        ),
    ],
    url: Url = DEFAULT_URL,
    speed: Annotated[float, typer.Option(min=0.1, help="How many times as fast as recorded a file is sent.")] = 1.0,
    fast: Annotated[bool, typer.Option("--fast", help="Send a file as fast as the server goes.")] = False,
    api: Annotated[
        Api, typer.Option(help="The version to speak: v0 answers each segment, v1 and v2 tell events of a session.")
    ] = Api.V0,
    model: Annotated[str | None, typer.Option(help="Which model v2 is to use, such as inter-2-audio.")] = None,
    segment_seconds: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=30,
            show_default="5; in v1 and v2, of what is recorded just now, 1",
            help="How long a segment should be; in v0 3 at least.",
        ),
    ] = None,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="Send a recorder's bytes as they come: from stdin, a file, or a folder of pieces."),
    ] = False,
    microphone: Annotated[str, typer.Option(help="Of a camera or the screen: the system's name for it, or none.")] = "",
    include: Include = None,
    framing: Annotated[
        Framing, typer.Option(help="A message a line, or each behind its length in 4 bytes, the highest first.")
    ] = Framing.LINES,
    on_full: Annotated[
        OnFull, typer.Option(help="When the queue is full, let the source wait, or give up the oldest unsent segment.")
    ] = OnFull.BLOCK,
    queue_bytes: Annotated[
        int, typer.Option(min=1, help="Bytes of segments held until the server is done.")
    ] = 67_108_864,
    reconnect_for: Annotated[
        float, typer.Option(min=0, help="Seconds of trying to come back after the connection is lost; 0 never tries.")
    ] = 120.0,
    report: Annotated[Path | None, typer.Option(help="Write what became of each segment into this JSON file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
    json_logs: Annotated[
        bool, typer.Option("--json-logs", help="Progress on stderr as JSON, an event a line.")
    ] = False,
    key_id: KeyId = None,
    key_secret: KeySecret = None,
    api_key: ApiKeyOption = None,
    token: TokenOption = None,
    token_command: TokenCommandOption = None,
) -> None:
    """Stream a source and print every message exactly as the server sent it, one a line.

    A lost connection is made anew, and what the server was not done with is sent again: of v1 and v2, what it is not
    known to have come past.
    """
    from interhuman_stream.client.delivery import DeliveryOptions
    from interhuman_stream.client.sources.source import open_source
    from interhuman_stream.client.stream import StreamClient

    if on_full is OnFull.DROP_OLDEST and fast:
        raise typer.BadParameter("with --fast a file would be dropped as fast as it is read; leave one of the two out")
    if model is not None and api is not Api.V2:
        raise typer.BadParameter(f"{api} has no choice of models; leave --model out, or give --api v2")
    seconds = segment_seconds or _usual_seconds(api, source)
    if api is Api.V0 and seconds < SHORTEST_ANSWERED:
        raise typer.BadParameter(f"--segment-seconds is {seconds:g}, and v0 wants {SHORTEST_ANSWERED:g} at least")
    given = Given(key_id, key_secret, api_key, token, token_command)
    options = DeliveryOptions(
        speed=None if fast else speed, queue_bytes=queue_bytes, on_full=on_full.value, reconnect_for=reconnect_for
    )
    output = Output(framing, quiet, json_logs, report)
    check_writable(report, "--report")
    try:
        tokens = provider(context, url, given, (STREAM_SCOPE,))
        client = StreamClient(url, token=tokens, include=include or (), version=api.value, model=model)
        opened = open_source(source, seconds, raw=raw, microphone=microphone)
        outcome = asyncio.run(deliver(opened, client, options, output))
    except ClientError as error:
        fail(error)
    if outcome is not None and not outcome.good:
        raise typer.Exit(SOME_FAILED)


def _usual_seconds(api: Api, source: str) -> float:
    from interhuman_stream.client.sources.segment import SEGMENT_SECONDS

    recorded = api is Api.V0 or os.path.exists(source)  # noqa: PTH110 - pathlib's raises where a URL is too long a name
    return SEGMENT_SECONDS if recorded else LIVE_SECONDS


async def deliver(source: Source, client: StreamClient, options: DeliveryOptions, output: Output) -> Report | None:
    """Stream a source; None where whoever read the messages has read enough."""
    from interhuman_stream.client.delivery import Delivery
    from interhuman_stream.client.relay import SinkClosed

    if source.live:
        segments, options = source.segments, replace(options, speed=None)
    else:
        segments = await _begun(source)
    sink, printer = _outlets(output)
    delivery = Delivery(client, sink, options=options, watcher=printer or (lambda _: None))
    try:
        with _stoppable(source):
            outcome = await delivery.run(segments)
    except SinkClosed:
        discard_stdout()
        outcome = None
    finally:
        told = _tell(delivery.report, printer, output)
    if not told:
        raise typer.Exit(SOME_FAILED)
    return outcome


async def _begun(source: Source) -> Iterator[Segment]:
    """Make the first segment: it shows whether a file is any good, before a server is bothered with it."""
    first = await asyncio.to_thread(next, source.segments, None)
    if first is None:
        raise SourceError(f"{source.name} holds no picture and no sound; give a video or audio file")
    return chain([first], source.segments)


@contextlib.contextmanager
def _stoppable(source: Source) -> Iterator[None]:
    """Let the first interrupt end a live source, whose segments are then answered; the second one ends the program."""
    if not source.live or sys.platform == "win32":
        yield
        return
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        source.stopped.set()
        for number in signals:
            loop.remove_signal_handler(number)

    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def _outlets(output: Output) -> tuple[Sink, Printer | None]:
    """Give where messages go and who is told of progress, so that they do not spoil each other on a terminal."""
    from interhuman_stream.cli.progress import AboveLine, JsonLines, LiveLine, PlainLines
    from interhuman_stream.client.relay import FileSink, lengths, lines

    sink = FileSink(sys.stdout.buffer, lines if output.framing is Framing.LINES else lengths)
    if output.json_logs:
        return sink, JsonLines(sys.stderr)
    if output.quiet:
        return sink, None
    if not sys.stderr.isatty():
        return sink, PlainLines(sys.stderr)
    line = LiveLine(sys.stderr)
    return (AboveLine(sink, line) if sys.stdout.isatty() else sink), line


def _tell(report: Report, printer: Printer | None, output: Output) -> bool:
    """Say what became of everything, on stderr and in the report's file; whether that could be written."""
    from interhuman_stream.cli.progress import JsonLines, summary

    if isinstance(printer, JsonLines):
        printer.ended(report)
    elif printer is not None:
        printer.close()
        typer.echo(summary(report), err=True)
    if output.report is not None:
        try:
            write_file(output.report, f"{json_text(report.document())}\n")
        except NotWritten as error:
            said(error)
            return False
    return True
