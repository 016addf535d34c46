"""The bench `relay`: how many messages a second the command line passes on, and what memory an hour takes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final, cast

import av
import typer
from websockets.asyncio.server import ServerConnection, serve

from interhuman_stream.sample import CLIP

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from io import BufferedReader
    from multiprocessing.connection import Connection

SEGMENT: Final = bytes(10_000)
"""The smallest that the wire takes; what is in it does not matter to a relay."""
BURST: Final = 500
"""Messages the far end writes to the network at once, so that it is not the far end that is measured."""
WARM_UP: Final = 10
"""The part of the stream, one in so many, after which memory is looked at."""
QUEUE_BYTES: Final = 8_388_608
MEGABYTE: Final = 1_048_576
PAGE: Final = 4096


def relay(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="A short video file, which is streamed over and over."),
    ] = CLIP,
    messages: Annotated[int, typer.Option(min=1000, help="How many small messages are relayed.")] = 200_000,
    minutes: Annotated[float, typer.Option(min=0.5, help="How long the simulated stream is.")] = 60.0,
    speed: Annotated[float, typer.Option(min=1, help="How many times as fast as live it goes.")] = 50.0,
) -> None:
    """Measure the relay through the command line: messages a second to a pipe, and memory over a long stream.

    In the middle of the long stream the far end falls silent for 3 seconds, so that the queue fills.
    """
    typer.echo(_throughput(messages))
    with TemporaryDirectory(prefix="interhuman-bench-") as folder:
        long = Path(folder) / "long.webm"
        _lengthen(file, long, minutes * 60)
        typer.echo(_memory(long, speed))


def _throughput(messages: int) -> str:
    """Relay small messages to a pipe, and say how many a second came out."""
    with _far_end(_flood, messages) as url, _stream("-", "--raw", "--quiet", url=url) as process:
        segment, said = cast("BinaryIO", process.stdin), cast("BufferedReader", process.stdout)
        segment.write(SEGMENT)
        segment.close()
        said.readline()
        began, relayed = time.perf_counter(), 0
        while data := said.read1(1 << 20):
            relayed += data.count(b"\n")
        seconds = time.perf_counter() - began
    return (
        f"relay: {relayed:,} messages of {len(_small(1))} bytes through the command line to a pipe in {seconds:.2f} s: "
        f"{relayed / seconds:,.0f} a second"
    )


def _memory(long: Path, speed: float) -> str:
    """Stream a long file faster than live, and say what memory the program held meanwhile."""
    with TemporaryDirectory(prefix="interhuman-bench-") as folder:
        report_file = Path(folder) / "report.json"
        options = ("--speed", speed, "--queue-bytes", QUEUE_BYTES, "--report", report_file, "--quiet")
        with _far_end(_answer, 3.0) as url, _stream(long, *options, url=url, output=subprocess.DEVNULL) as process:
            resident: list[int] = []
            while process.poll() is None:
                time.sleep(0.2)
                with contextlib.suppress(OSError, IndexError):
                    resident.append(_resident(process.pid))
        report = json.loads(report_file.read_bytes())
    last = report["records"][-1]["end"]
    resident = [size for size in resident if size]  # none, once it has ended
    steady = sorted(size / MEGABYTE for size in resident[len(resident) // WARM_UP :])
    middle = steady[len(steady) // 2]
    return (
        f"memory: {last / 60:.1f} min of video at {speed:g} times live speed in {report['seconds']:.0f} s, "
        f"{report['completed']} of {report['segments']} segments completed, {report['connections']} connection(s); "
        f"resident {middle:.1f} MB (median), {steady[0]:.1f} to {steady[-1]:.1f} MB, "
        f"with a queue of at most {QUEUE_BYTES / MEGABYTE:.0f} MB"
    )


def _resident(pid: int) -> int:
    """Give the bytes of a process that are in memory (proc(5), statm)."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * PAGE


def _lengthen(file: Path, long: Path, seconds: float) -> None:
    """Write a file's packets over and over, behind each other, until it is long enough."""
    with av.open(str(file)) as source:
        duration = (source.duration or 0) / 1_000_000
    with av.open(str(long), "w") as output:
        streams: dict[int, Any] = {}
        offset = 0.0
        while offset < seconds:
            with av.open(str(file)) as source:
                for stream in source.streams:
                    if stream.index not in streams:
                        streams[stream.index] = output.add_stream_from_template(stream)
                for packet in source.demux():
                    if packet.dts is None or packet.pts is None:
                        continue
                    shift = round(offset / packet.time_base)
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = streams[packet.stream.index]
                    output.mux(packet)
            offset += duration


@contextlib.contextmanager
def _stream(
    source: object, *options: object, url: str, output: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command `stream`, as a user does."""
    command = [sys.executable, "-m", "interhuman_stream", "stream", source, *options, "--url", url, "--token", "bench"]
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=output) as process:
        yield process
    if process.returncode:
        raise typer.Exit(process.returncode)


@contextlib.contextmanager
def _far_end(handler: Callable[..., Awaitable[None]], setting: float) -> Iterator[str]:
    """Run a server in a process of its own, so that it takes no time from the relay's."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(handler, setting, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.kill()
        process.join()


def _serve(handler: Callable[..., Awaitable[None]], setting: float, port: Connection) -> None:
    async def main() -> None:
        async def handle(connection: ServerConnection) -> None:
            await handler(connection, setting)

        async with serve(handle, "127.0.0.1", 0, max_size=None, compression=None) as server:
            port.send(server.sockets[0].getsockname()[1])
            await server.wait_closed()

    asyncio.run(main())


async def _flood(connection: ServerConnection, messages: float) -> None:
    """Answer the first segment with many small messages; behind them comes its end."""
    await connection.recv()
    burst = b"".join(_framed(_small(1)) for _ in range(BURST))
    for _ in range(round(messages) // BURST):
        # Whole frames, straight to the transport: making each anew costs websockets more than relaying it.
        connection.transport.write(burst)
        await connection.drain()
    await connection.send('{"status":"completed","segment":1}')
    await connection.wait_closed()


async def _answer(connection: ServerConnection, silence: float) -> None:
    """Answer as v0 does; fall silent once."""
    number = 0
    async for frame in connection:
        number += 1
        if number == _SILENT_AT:
            await asyncio.sleep(silence)
        await connection.send(json.dumps({"status": "processing", "segment": number, "bytes": len(frame)}))
        await connection.send(_small(number).decode())
        await connection.send(json.dumps({"status": "completed", "segment": number}))


_SILENT_AT: Final = 100


def _small(number: int) -> bytes:
    signals = [{"type": "agreement", "start": 1.2, "end": 4.11}]
    return json.dumps({"status": "result", "segment": number, "signals": signals}, separators=(",", ":")).encode()


def _framed(text: bytes) -> bytes:
    """Give a text frame as a server sends it: final, unmasked, shorter than 126 bytes (RFC 6455, 5.2)."""
    return bytes([0x81, len(text)]) + text
