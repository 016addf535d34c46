"""Checks of what a segment is answered with, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.conformance.check import AN_ANALYSIS, Check
from interhuman_stream.conformance.messages import (
    completed,
    gist,
    only_first_dialect,
    result_of,
    signals_of,
    well_formed,
)
from interhuman_stream.conformance.session import answered, opened, told
from interhuman_stream.conformance.target import Failed

if TYPE_CHECKING:
    from interhuman_stream.conformance.target import Target


async def _three_messages(target: Target) -> None:
    completed(await answered(target, target.clip.data), 1)


async def _bytes(target: Target) -> None:
    size = len(target.clip.data)
    async with opened(target) as socket:
        await socket.send(target.clip.data)
        first = await told(socket)
    if first["status"] != "processing":
        raise Failed("processing first", gist([first]))
    if first.get("bytes") != size:
        raise Failed(f"bytes {size}, as many as were sent", f"bytes {first.get('bytes')!r}")


async def _without_waiting(target: Target) -> None:
    messages = await answered(target, target.clip.data, target.clip.data)
    for number in (1, 2):
        completed(messages, number)
    results = [message["segment"] for message in messages if message["status"] == "result"]
    if results != [1, 2]:
        raise Failed("the results in the order of their segments", gist(messages))


async def _counts_anew(target: Target) -> None:
    for _ in range(2):
        async with opened(target) as socket:
            await socket.send(target.clip.data)
            first = await told(socket)
        if first["segment"] != 1:
            raise Failed("segment 1 for the first of each connection", gist([first]))


async def _signals(target: Target) -> None:
    messages = await answered(target, target.clip.data)
    well_formed(signals_of(result_of(messages, 1)), target.clip.seconds)


async def _first_dialect(target: Target) -> None:
    only_first_dialect(await answered(target, target.clip.data))


CHECKS: Final = (
    Check(
        "order-segment",
        "order",
        "A segment is answered with processing, result and completed, in this order, as JSON text frames.",
        _three_messages,
        AN_ANALYSIS,
    ),
    Check("order-bytes", "order", "processing says how many bytes the segment had.", _bytes, AN_ANALYSIS),
    Check(
        "order-without-waiting",
        "order",
        "Segments may be sent without waiting: each has its three messages, under its number, in order.",
        _without_waiting,
        AN_ANALYSIS,
    ),
    Check("order-from-one", "order", "segment counts from 1 on each connection.", _counts_anew, AN_ANALYSIS),
    Check(
        "order-signals",
        "order",
        "A signal's type is one of the twelve, and 0 <= start < end <= the segment's duration, in seconds from the"
        " segment's start.",
        _signals,
        AN_ANALYSIS,
    ),
    Check(
        "order-first-dialect",
        "order",
        "The later dialect is off unless asked for: no correlation_id, probability, rationale, engagement_state.",
        _first_dialect,
        AN_ANALYSIS,
    ),
)
