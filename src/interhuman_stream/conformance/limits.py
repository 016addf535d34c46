"""Checks of how large a segment may be, and that a session outlives one of another size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.conformance.check import AN_ANALYSIS, MANY_BYTES, Check
from interhuman_stream.conformance.messages import completed, error_text, gist, rejected
from interhuman_stream.conformance.session import answered, opened, told
from interhuman_stream.conformance.target import Failed
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, SMALLEST_SEGMENT

if TYPE_CHECKING:
    from interhuman_stream.conformance.target import Target

TOO_SMALL: Final = bytes(SMALLEST_SEGMENT - 1)
DOCUMENTED: Final = 31_000_000
"""Bytes of the oversized segment in the API's own documents."""


async def _smallest(target: Target) -> None:
    await _taken(target, target.clip.data[:SMALLEST_SEGMENT])


async def _largest(target: Target) -> None:
    await _taken(target, target.clip.data.ljust(LARGEST_SEGMENT, b"\0"))


async def _too_small(target: Target) -> None:
    error_text(rejected(await answered(target, TOO_SMALL), 1))


async def _after_too_small(target: Target) -> None:
    completed(await answered(target, TOO_SMALL, target.clip.data), 2)


async def _too_large(target: Target) -> None:
    await _told_too_large(target, LARGEST_SEGMENT + 1)


async def _documented(target: Target) -> None:
    await _told_too_large(target, DOCUMENTED)


async def _after_too_large(target: Target) -> None:
    completed(await answered(target, bytes(LARGEST_SEGMENT + 1), target.clip.data), 2)


async def _taken(target: Target, segment: bytes) -> None:
    """Check that a segment is not refused for its size; whether it can be decoded is not asked here."""
    async with opened(target) as socket:
        await socket.send(segment)
        first = await told(socket)
    if first["status"] != "processing":
        raise Failed(f"processing for a segment of {len(segment)} bytes", gist([first]))


async def _told_too_large(target: Target, size: int) -> None:
    text = error_text(rejected(await answered(target, bytes(size)), 1))
    expected = f"Video chunk too large: {size} bytes (maximum: {LARGEST_SEGMENT} bytes)"
    if text != expected:
        raise Failed(repr(expected), repr(text))


CHECKS: Final = (
    Check("limit-smallest", "limits", "A segment may have 10 000 bytes.", _smallest),
    Check("limit-largest", "limits", "A segment may have 20 971 520 bytes (20 MB).", _largest, MANY_BYTES),
    Check("limit-too-small", "limits", "A segment under 10 000 bytes is answered with an error.", _too_small),
    Check(
        "limit-after-too-small",
        "limits",
        "A segment that was too small has a number of its own, and the session goes on.",
        _after_too_small,
        AN_ANALYSIS,
    ),
    Check(
        "limit-too-large",
        "limits",
        "A segment over 20 971 520 bytes is answered with an error that names its size and the limit.",
        _too_large,
        MANY_BYTES,
    ),
    Check(
        "limit-documented-example",
        "limits",
        "The documented example of 31 000 000 bytes is answered: it is no reason to drop the connection.",
        _documented,
        MANY_BYTES,
    ),
    Check(
        "limit-after-too-large",
        "limits",
        "A segment that was too large has a number of its own, and the session goes on.",
        _after_too_large,
        MANY_BYTES,
    ),
)
