"""One piece of a stream through the engine: what comes of it, counted, timed, traced and logged."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Final

from interhuman_stream.faults import EngineError, MalformedSegment
from interhuman_stream.findings import sentences
from interhuman_stream.service.watch import tracing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import structlog

    from interhuman_stream.engine.pool import EngineSession
    from interhuman_stream.findings import Findings, Note
    from interhuman_stream.service.live.backlog import Waiting
    from interhuman_stream.service.live.standing import Standing

LONGEST_REASON: Final = 300
"""Characters of a log's line: the sentence comes from who decodes strangers' bytes."""


async def take(session: EngineSession, data: bytes, standing: Standing) -> None:
    """Hand on bytes that nobody asks about; what goes wrong with them is for the log."""
    try:
        await session.take(data)
    except EngineError as error:
        standing.log.warning("worker lost", reason=str(error))
    except MalformedSegment:
        pass  # nobody asked; what follows is told for itself
    except Exception:
        standing.log.exception("analysis failed")


async def watch(
    session: EngineSession, waiting: Waiting, number: int, standing: Standing
) -> AsyncGenerator[Findings | Exception, None]:
    """Take in the frame of this number: what is in each stretch as soon as it has come, and what was wrong, if it was.

    The rest of a stream is a frame without bytes, after the last.
    """
    service, media = standing.service, waiting.media
    begun, worked = time.perf_counter(), 0.0
    windows = session.watch(media.data) if media.work == "watch" else session.rest()
    try:
        async with contextlib.aclosing(windows):
            async for found in windows:
                worked += found.spent.wall
                standing.learn(found, time.perf_counter() - begun - worked)
                await standing.analysed(found)
                note(found, standing.log, standing.noted, segment=number)
                yield found
    except Exception as fault:  # noqa: BLE001 - whatever it is, it costs this frame and not the session
        yield _failed(fault, waiting, number, standing)
    else:
        if media.work == "watch":
            service.metrics.answered(begun - waiting.came, time.perf_counter() - waiting.came)


async def analyse(session: EngineSession, waiting: Waiting, number: int, standing: Standing) -> Findings | Exception:
    """Analyse the segment of this number: its findings, or why there are none.

    Whatever goes wrong, it costs this segment and not the stream; of what nobody foresaw the log has the trace.
    """
    data = waiting.media.data
    with tracing.segment(number, len(data), waiting.came):
        begun = time.perf_counter()
        try:
            found = await session.analyze(data)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it costs this segment and not the stream
            return _failed(fault, waiting, number, standing)
        ended = time.perf_counter()
        tracing.analysed(found.stages, found.spent)
    standing.learn(found, ended - begun - found.spent.wall)
    await standing.analysed(found)
    standing.service.metrics.answered(begun - waiting.came, ended - waiting.came)
    seconds = round(ended - begun, 3)
    standing.log.info("segment analysed", segment=number, bytes=len(data), seconds=seconds, signals=len(found.signals))
    note(found, standing.log, standing.noted, segment=number)
    return found


def note(found: Findings, log: structlog.stdlib.BoundLogger, noted: set[Note], **where: int) -> None:
    """Log what was left out of the media or put right in it, each kind once: the rest of a stream has more of it."""
    for kind, count in found.notices.items():
        if kind not in noted:
            noted.add(kind)
            log.info("media put right", **where, kind=kind.value, what=sentences({kind: count})[0])


def _failed(fault: Exception, waiting: Waiting, number: int, standing: Standing) -> Exception:
    """Log and count what went wrong with a piece, while it is being handled."""
    if isinstance(fault, MalformedSegment):
        outcome, what = "malformed", "frame refused" if waiting.media.work == "watch" else "segment refused"
        reason = str(fault)[:LONGEST_REASON]
        standing.log.info(what, segment=number, bytes=len(waiting.media.data), reason=reason)
    elif isinstance(fault, EngineError):
        outcome = "lost"
        standing.log.warning("worker lost", segment=number, reason=str(fault))
    else:
        outcome = "failed"
        standing.log.error("analysis failed", segment=number, exc_info=fault)
    standing.service.metrics.segments.labels(outcome).inc()
    tracing.failed(outcome)
    return fault.with_traceback(None)  # the trace holds what it saw of the media
