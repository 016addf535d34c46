"""What is said of a piece that could not be worked on, and as which error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from interhuman_stream.faults import AnalysisBroke, EngineBusy, EngineError, MalformedSegment, UnknownContainer

if TYPE_CHECKING:
    from interhuman_stream.engine.host import Failed, Why
    from interhuman_stream.engine.local.process import Reason

MOST_LOST: Final = 3
"""Workers in a row that one stream may cost: what it sends is more than bad luck then."""
ADVICE: Final = "The session goes on, without what was known of the person."
LOST: Final[dict[Reason | Why, str]] = {
    "crashed": f"The worker that analysed this segment stopped unexpectedly. {ADVICE} Send the segment again.",
    "time": f"The segment took longer to analyse than one may. {ADVICE} Send shorter segments, of a few seconds.",
    "cpu": f"The segment took more computing than one may. {ADVICE} Send shorter segments, of a few seconds.",
    "memory": f"The segment took more memory than a worker has. {ADVICE} Send smaller pictures.",
    "forged": f"The worker that analysed this segment stopped unexpectedly. {ADVICE} Send the segment again.",
}
STOPPING: Final = "The service is stopping; send the segment again when it is back."
NO_WORKER: Final = "No worker can be started now; send the segment again in a moment."
CLOSED: Final = "The session is closed; open another."
HOPELESS: Final = f"This stream has cost {MOST_LOST} workers in a row and is analysed no longer; begin another."


def error(failed: Failed) -> tuple[type[Exception], str]:
    """The error that a worker's answer stands for."""
    if failed.why == "container":
        return UnknownContainer, failed.message
    if failed.why == "malformed":
        return MalformedSegment, failed.message
    if failed.why == "else":
        return AnalysisBroke, failed.message
    return kind(failed.why), LOST[failed.why]


def kind(why: Reason | Why) -> type[EngineError]:
    """Whose fault it is: what took too long by the clock had not used up the computing it may, so others had it."""
    return EngineBusy if why == "time" else EngineError
