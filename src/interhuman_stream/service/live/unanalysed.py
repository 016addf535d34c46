"""What is answered where the engine has not analysed a file: one table, for uploads and jobs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from interhuman_stream.faults import EngineBusy, EngineError, MalformedSegment, UnknownContainer
from interhuman_stream.protocol import errors
from interhuman_stream.service.access.auth import Refused
from interhuman_stream.service.live.sessions import RETRY_AFTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from interhuman_stream.protocol.errors import Error

LOST: Final = "The file could not be analysed: it took more time or memory than it may, or its worker was lost."


@contextmanager
def refusing(containers: str | None = None) -> Iterator[None]:
    """Turn the engine's faults into refusals, while a file is analysed or looked at.

    Args:
        containers: What to say of a container that is not known, where it is not the catalogue's own sentence.

    Raises:
        Refused: The file cannot be analysed; or not now, and then with the seconds after which to try again.
    """
    try:
        yield
    except UnknownContainer as error:
        raise Refused(errors.CONTAINER_UNSUPPORTED, containers) from error
    except MalformedSegment as error:
        raise Refused(errors.UNREADABLE, str(error)) from error
    except EngineBusy as error:  # its sentence is for who streams
        raise Refused(errors.FULL, retry_after=RETRY_AFTER, why="engine") from error
    except EngineError as error:
        raise Refused(errors.INTERNAL, str(error)) from error


def failure(fault: MalformedSegment | EngineError, *, stopping: bool) -> tuple[Error, str]:
    """What a job fails with: the same, told when nobody waits, so that there is no other time to try again.

    Args:
        fault: The engine's.
        stopping: Whether the service is about to stop, which ends what is analysed.
    """
    if isinstance(fault, MalformedSegment):
        return errors.UNREADABLE, str(fault)
    if stopping:
        return errors.INTERRUPTED, errors.INTERRUPTED.message
    return errors.INTERNAL, LOST
