"""Browsers' recordings to a service in pieces that are cut anywhere: what became of each piece."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from websockets.asyncio.client import connect

from tools.load.service import Served, service

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA: Final = Path("../shared/data/browser")
ANSWER_SECONDS: Final = 60.0
LAST: Final = frozenset({"completed", "error"})
"""Statuses of v0 after which nothing more comes for a segment."""


def pieces(
    recordings: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders with blob_*.bin, one a recording; the browsers' otherwise."),
    ] = None,
    size: Annotated[int, typer.Option("--bytes", min=1, help="How long each piece is.")] = 10_000,
) -> None:
    """Send browsers' recordings to a default service in pieces cut anywhere, and print what became of each piece."""
    folders = recordings or sorted(path.parent for path in DATA.glob("*/blob_01.bin"))
    if not folders:
        typer.echo(f"There is no recording in {DATA}; name folders that hold blob_*.bin.", err=True)
        raise typer.Exit(2)
    refused = 0
    typer.echo(f"{'recording':<20} {'bytes':>10} {'pieces':>7} {'completed':>10} {'refused':>8}  with")
    with service() as served:
        for folder in folders:
            data = b"".join(blob.read_bytes() for blob in sorted(folder.glob("blob_*.bin")))
            cut = parts(data, size)
            ends, codes = asyncio.run(_sent(served, cut))
            refused += len(cut) - ends["completed"]
            typer.echo(
                f"{folder.name:<20} {len(data):>10,} {len(cut):>7} {ends['completed']:>10} "
                f"{len(cut) - ends['completed']:>8}  {', '.join(sorted(codes)) or '–'}"
            )
    raise typer.Exit(1 if refused else 0)


def parts(data: bytes, size: int) -> list[bytes]:
    """Cut into pieces of ``size`` bytes; what is left over goes with the last: it may be too short to send."""
    bounds = [*range(0, max(len(data) - size, 0) + 1, size), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(bounds)]


async def _sent(served: Served, cut: Sequence[bytes]) -> tuple[Counter[str], set[str]]:
    """Send one piece after the other, each when the one before is answered: how they ended, and codes of errors."""
    ends: Counter[str] = Counter()
    codes: set[str] = set()
    headers = {"Authorization": f"Bearer {served.key.api_key}"}
    async with connect(served.socket_url(), additional_headers=headers, compression=None, max_size=None) as socket:
        for piece in cut:
            await socket.send(piece)
            status = ""
            while status not in LAST:
                message = json.loads(await asyncio.wait_for(socket.recv(), ANSWER_SECONDS))
                status = message.get("status", "")
                if status == "error":
                    codes.add(str(message.get("code")))
            ends[status] += 1
    return ends, codes
