"""Checks that a session is one byte stream, as browsers' recorders send it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.conformance.check import AN_ANALYSIS, Check
from interhuman_stream.conformance.clip import SMALLEST_CUTTABLE
from interhuman_stream.conformance.messages import completed
from interhuman_stream.conformance.session import answered
from interhuman_stream.conformance.target import Skipped

if TYPE_CHECKING:
    from interhuman_stream.conformance.target import Target


def pieces(data: bytes) -> list[bytes]:
    """Cut a file in three, at places that have nothing to do with what is in it.

    The first piece is half of it: like a recorder's, it should hold the whole of the key frame that a file begins with.
    """
    first, second = len(data) // 2 + 1, len(data) * 3 // 4 + 1
    return [data[:first], data[first:second], data[second:]]


async def _pieces(target: Target) -> None:
    parts = pieces(_cuttable(target))
    messages = await answered(target, *parts)
    for number in range(1, len(parts) + 1):
        completed(messages, number)


async def _whole_after_pieces(target: Target) -> None:
    first = pieces(_cuttable(target))[:2]
    completed(await answered(target, *first, target.clip.data), len(first) + 1)


async def _pieces_after_whole(target: Target) -> None:
    first, *rest = pieces(_cuttable(target))
    messages = await answered(target, target.clip.data, first, *rest)
    for number in range(1, len(rest) + 3):
        completed(messages, number)


def _cuttable(target: Target) -> bytes:
    if not target.clip.cuttable:
        raise Skipped(
            "the clip cannot be sent in pieces; give a WebM, Matroska or fragmented MP4 file of at least"
            f" {SMALLEST_CUTTABLE} bytes"
        )
    return target.clip.data


CHECKS: Final = (
    Check(
        "continuation-pieces",
        "continuation",
        "A frame without a container header continues the byte stream of the one before it, wherever it was cut.",
        _pieces,
        AN_ANALYSIS,
    ),
    Check(
        "continuation-new-file",
        "continuation",
        "A frame that begins with a container header starts a new file, even where the one before was not finished.",
        _whole_after_pieces,
        AN_ANALYSIS,
    ),
    Check(
        "continuation-after-whole",
        "continuation",
        "A session may go from whole files to a file in pieces.",
        _pieces_after_whole,
        AN_ANALYSIS,
    ),
)
