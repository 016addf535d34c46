"""Sends the cases to a running service over real sockets, and says what became of each."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import websockets
from websockets.asyncio.client import connect

from interhuman_stream.protocol import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tools.fuzzing.cases import Case

    Sent = tuple[Case, bytes]

COMPLETED, MALFORMED, LOST, FAILED = "completed", "malformed", "lost", "failed"
UNANSWERED = "unanswered"
OUTCOMES = (COMPLETED, MALFORMED, LOST, FAILED, UNANSWERED)
# The extended messages name their errors; the plain ones only describe them.
QUERY = "?include[]=conversation_quality_overall"
ENTRY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to, after how many seconds, and the words of its error, if any."""

    case: Case
    what: str
    seconds: float
    message: str = ""


async def send_all(
    url: str, credential: str, sessions: Sequence[Sequence[Sent]], limit: float, told: Callable[[Outcome], None]
) -> None:
    """Send all sessions side by side; ``told`` hears of each case as it is answered."""
    await asyncio.gather(*(_session(url, credential, each, limit, told) for each in sessions))


async def _session(
    url: str, credential: str, cases: Sequence[Sent], limit: float, told: Callable[[Outcome], None]
) -> None:
    """Send the cases one after the other on one socket, each when the one before is answered."""
    header = {"Authorization": f"Bearer {credential}"}
    begun = time.monotonic()
    socket = None
    while socket is None:
        try:
            socket = await connect(url + QUERY, additional_headers=header, compression=None, max_size=None)
        except (OSError, websockets.InvalidStatus):  # full for a moment
            if time.monotonic() - begun > ENTRY_SECONDS:
                for case, _ in cases:
                    told(Outcome(case, UNANSWERED, time.monotonic() - begun, "the service let nobody in"))
                return
            await asyncio.sleep(0.2)
    async with socket:
        for at, (case, data) in enumerate(cases):
            begun = time.monotonic()
            try:
                async with asyncio.timeout(limit):
                    await socket.send(data)
                    what, message = await _answer(socket)
            except (TimeoutError, OSError, websockets.ConnectionClosed) as error:
                for left, _ in cases[at:]:
                    told(Outcome(left, UNANSWERED, time.monotonic() - begun, repr(error)))
                return
            told(Outcome(case, what, time.monotonic() - begun, message))


async def _answer(socket: Any) -> tuple[str, str]:
    """Read up to the message that ends the segment."""
    while True:
        message = json.loads(await socket.recv())
        if message["status"] == "completed":
            return COMPLETED, ""
        if message["status"] != "error":
            continue
        if message["error_id"] != errors.INTERNAL.id:
            return MALFORMED, message["message"]
        # The words of a lost worker say what happened to it; of any other failure the client learns nothing.
        return (FAILED if message["message"] == errors.INTERNAL.message else LOST), message["message"]
