"""What a worker may say: whoever has taken one over can say anything that has the right types.

Both sides ask here: the worker before it answers, so that a strange file is told so and costs nobody a worker, and the
server before it believes a word. What is left is what a liar may do to the streams of that worker and to no other.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Final

from interhuman_stream.engine.host import Failed, Found, Seen
from interhuman_stream.engine.local.messages import Ready, Unfit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.engine.local.messages import Reply
    from interhuman_stream.findings import Findings, Perceived
    from interhuman_stream.signals import Signal

MOST_SECONDS: Final = 86_400.0
"""Of one answer: a day. What may be decoded of one piece is less (analysis/media/excess.py), pauses included."""
MOST_POSITION: Final = 1e9
"""Seconds of a session: thirty years."""
MOST_SPENT: Final = 1e6
MOST_COST: Final = 1e4
LEAST_COST: Final = 1e-4
SLACK: Final = 60.0
"""Seconds by which what is told late or told of the media around it may lie outside a stretch."""
MOST_ITEMS: Final = 20_000
"""Signals, spans or limits: of a file of forty minutes there are some hundred."""
MOST_REASONS: Final = 16
MOST_STAGES: Final = 32
MOST_INDEX: Final = 100
MOST_SHARE: Final = 1000
"""Of a picture, that a face may lie beside it or be larger than it: it is followed by guesses there."""
FULL_TURN: Final = 360
MOST_COUNT: Final = 2**53
MOST_LACKING: Final = 32
LONGEST_PHRASE: Final = 500
LONGEST_MESSAGE: Final = 20_000
NAME: Final = re.compile(r"[a-z][a-z0-9_. -]{0,39}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Whatever terminals obey and readers of lines break at, but for the line feed."""


def fault(reply: Reply) -> str | None:
    """What is wrong with it, in words; None where it could be true."""
    return next(_faults(reply), None)


def plain(message: str) -> str:
    """A message as it may be said: escaped, and cut where it is too long."""
    escaped = CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), message)
    return escaped if len(escaped) <= LONGEST_MESSAGE else f"{escaped[: LONGEST_MESSAGE - 1]}…"


def _faults(reply: Reply) -> Iterator[str]:
    if isinstance(reply, Ready):
        if not LEAST_COST <= reply.cost <= MOST_COST:
            yield f"a cost of {reply.cost} seconds"
        if len(reply.unconfined) > MOST_LACKING or not all(map(_short, reply.unconfined)):
            yield "a confinement that lacks more than there is"
        return
    if isinstance(reply, Unfit):
        yield from _message(reply.message)
        return
    if not isinstance(reply, Seen) and reply.resume.position > MOST_POSITION:
        yield f"a session of {reply.resume.position} seconds"
    if isinstance(reply, Failed):
        yield from _message(reply.message)
    elif isinstance(reply, Found | Seen) and reply.findings:
        yield from _findings(reply.findings)
        if isinstance(reply, Found) and reply.findings.end > reply.resume.position + SLACK:
            yield "findings beyond where the stream stands"


def _message(message: str) -> Iterator[str]:
    if len(message) > LONGEST_MESSAGE or CONTROL.search(message):
        yield "a message that is too long, or has control characters"


def _findings(found: Findings) -> Iterator[str]:
    if not _ordered(0.0, found.start, found.end, MOST_POSITION + SLACK) or found.end - found.start > MOST_SECONDS:
        yield f"findings from {found.start} to {found.end} seconds"
        return
    if found.cues or found.words:
        yield "cues or words, which stay in a worker"
    most = max(len(found.signals), len(found.engagement), len(found.perceived.limits))
    if most > MOST_ITEMS or len(found.stages) > MOST_STAGES:
        yield f"{most} of a kind, and {len(found.stages)} stages"
        return
    begin, end = found.start - SLACK, found.end + SLACK
    for signal in found.signals:
        yield from _signal(signal, begin, end)
    spans = [(each.start, each.end) for each in found.engagement]
    for first, last in spans + [(each.start, each.end) for each in found.perceived.limits]:
        if not _ordered(begin, first, last, end):
            yield f"a span from {first} to {last} seconds"
    yield from _perceived(found.perceived)
    yield from _numbers(found)


def _numbers(found: Findings) -> Iterator[str]:
    quality = found.quality
    indices = (quality.clarity, quality.authority, quality.energy, quality.rapport, quality.learning)
    if not all(0 <= each <= MOST_INDEX for each in indices):
        yield "an index that is not from 0 to 100"
    if not all(0 <= count <= MOST_COUNT for count in found.notices.values()):
        yield "a count below nothing or beyond all"
    for name, stage in found.stages.items():
        if not NAME.fullmatch(name) or not _ordered(-MOST_SPENT, stage.began, MOST_SPENT):
            yield "a stage that is none"
        elif not 0 <= stage.wall <= MOST_SPENT:
            yield f"a stage of {stage.wall} seconds"
    if not (0 <= found.spent.wall <= MOST_SPENT and 0 <= found.spent.cpu <= MOST_SPENT):
        yield f"{found.spent.wall} seconds spent, {found.spent.cpu} of them computing"


def _signal(signal: Signal, begin: float, end: float) -> Iterator[str]:
    if not _ordered(begin, signal.start, signal.end, end) or signal.start < 0:
        yield f"a signal from {signal.start} to {signal.end} seconds"
    if not 1 <= len(signal.because) <= MOST_REASONS:
        yield f"a signal with {len(signal.because)} reasons"
    for seen in signal.because:
        if not _ordered(-SLACK, seen.start, seen.end, end):
            yield f"something seen from {seen.start} to {seen.end} seconds"
        if not seen.phrase or not _short(seen.phrase) or not _short(seen.cue):
            yield "a phrase that is empty, too long, or has control characters"


def _perceived(perceived: Perceived) -> Iterator[str]:
    if not all(0 <= each <= MOST_SECONDS for each in (perceived.face, perceived.speaking, perceived.voice)):
        yield "more perceived than there was"
    if not 0 <= perceived.words <= MOST_COUNT:
        yield f"{perceived.words} words"
    if look := perceived.look:
        shares, degrees = look.box, (*look.pose, *look.gaze)
        if not all(abs(each) <= MOST_SHARE for each in shares) or not all(abs(each) <= FULL_TURN for each in degrees):
            yield "a face that is nowhere"
    if perceived.language is not None and not LANGUAGE.fullmatch(perceived.language):
        yield "a language that is none"


def _ordered(*times: float) -> bool:
    """Whether each is a number, and none less than the one before."""
    return all(map(math.isfinite, times)) and all(one <= other for one, other in itertools.pairwise(times))


def _short(text: str) -> bool:
    return len(text) <= LONGEST_PHRASE and not CONTROL.search(text) and "\n" not in text
