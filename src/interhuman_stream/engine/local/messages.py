"""What goes between the server and a worker: plain values in MessagePack, for nothing from a worker may be trusted.

Pickle, the standard library's way between processes, would let a worker that somebody has taken over run its code in
the server. Words and cues, which the service does not hand on, stay in the worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from interhuman_stream.engine.host import Failed, Found, Seen, Turn, Work
from interhuman_stream.engine.resume import Resume  # noqa: TC001 - msgspec reads the types when it runs
from interhuman_stream.terms import USUAL, Terms

if TYPE_CHECKING:
    from collections.abc import Callable


OUT_OF_MEMORY: Final = 3
"""Exit status of a worker that has run out of memory: what its libraries make of that is unknown."""


class Open(msgspec.Struct, frozen=True, tag=True):
    """Take up a stream where it stands, on its terms."""

    session: int
    resume: Resume
    terms: Terms = USUAL


class Put(msgspec.Struct, frozen=True, tag=True):
    """Work on the next piece of an open stream; its bytes follow. See ``host.Piece``."""

    piece: int
    session: int
    work: Work
    seconds: float


class Cancel(msgspec.Struct, frozen=True, tag=True):
    """Give up a piece."""

    session: int
    piece: int


class Close(msgspec.Struct, frozen=True, tag=True):
    """Forget a stream."""

    session: int


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The models work.

    Attributes:
        unconfined: What the worker's confinement lacks on this system, in words.
        cost: Seconds of a core that a second of video is expected to take.
    """

    unconfined: list[str]
    cost: float


class Unfit(msgspec.Struct, frozen=True, tag=True):
    """The models do not work, or a `model` is missing; the worker ends."""

    why: Literal["model", "else"]
    message: str


Request: TypeAlias = Open | Put | Cancel | Close
Reply: TypeAlias = Ready | Unfit | Turn | Seen | Found | Failed
encode: Final = msgspec.msgpack.Encoder().encode
decode_request: Final[Callable[[bytes], Request]] = msgspec.msgpack.Decoder(Request).decode
decode_reply: Final[Callable[[bytes], Reply]] = msgspec.msgpack.Decoder(Reply).decode
