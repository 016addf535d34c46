"""What a worker is asked and what it answers: plain values in MessagePack, for nothing of it may be trusted.

Pickle, the standard library's way between processes, would let a worker that somebody has taken over run its code in
the server. Words and cues, which the service does not hand on, stay in the worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from interhuman_stream.findings import Findings  # noqa: TC001 - msgspec reads the types when it runs

if TYPE_CHECKING:
    from collections.abc import Callable

Work: TypeAlias = Literal["check", "prime", "analyze", "close"]


OUT_OF_MEMORY: Final = 3
"""Exit status of a worker that has run out of memory: what its libraries make of that is unknown."""


TAKEN: Final = b"taken"
"""What a worker says before its reply: from here on the work is lost with it."""


class Request(msgspec.Struct, frozen=True):
    """What to do with the bytes that follow.

    Attributes:
        work: `check` the models, open a session's stream with a container's header (`prime`), analyse its next segment
            (`analyze`), or forget it (`close`).
        session: The session's number.
        cpu_seconds: CPU time after which the worker is to be ended.
    """

    work: Work
    session: int = 0
    cpu_seconds: float = 0.0


class Done(msgspec.Struct, frozen=True, tag=True):
    """It is done, and there is nothing to say of it."""


class Checked(msgspec.Struct, frozen=True, tag=True):
    """The models work; a second of video is expected to take ``cost`` seconds of a core."""

    cost: float


class Found(msgspec.Struct, frozen=True, tag=True):
    """What was found in a segment."""

    findings: Findings


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It could not be done.

    Attributes:
        why: The bytes are `malformed`, begin no `container` that is known, asked for more `memory` than there is; a
            `model` is missing; or whatever `else` went wrong.
        message: In words; for `else` the trace, without values.
        ending: The worker ends now, for want of memory.
    """

    why: Literal["malformed", "container", "memory", "model", "else"]
    message: str
    ending: bool = False


Reply: TypeAlias = Done | Checked | Found | Failed
encode: Final = msgspec.msgpack.Encoder().encode
decode_request: Final = msgspec.msgpack.Decoder(Request).decode
decode_reply: Final[Callable[[bytes], Reply]] = msgspec.msgpack.Decoder(Reply).decode
