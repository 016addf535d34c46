"""What a dialect is: one connection's conversation as a machine that is told what happened and says what to do.

It opens no socket, reads no clock and waits for nothing. Whoever owns the socket tells it each event in the order in
which it came and does, in this order, what the `Output` says: hand the media to the engine, send the texts, close. A
dialect never sees more of the engine than `Findings` and faults: one loop serves them all, and tests need no socket.

What a version of the wire wants beyond that is its own business and is given when it is made: the parts of the query it
reads, the correlation id, the time of day for its envelopes (as a function). Its numbers count what it counts; findings
come back under the number the media was handed out with. Texts may come out at any event, any number of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from interhuman_stream.findings import Findings
    from interhuman_stream.protocol.errors import Error
    from interhuman_stream.terms import Terms

State: TypeAlias = Literal["new", "open", "ending", "closed"]
"""Where a conversation stands: nobody has spoken; media is taken; no more is, but what was taken is answered; over."""

End: TypeAlias = Literal["idle", "long", "stopping", "revoked", "overdue"]
"""Why the service ends it: no frame for too long, as long as one may last, the service is to stop, the key is gone, its
ending took too long."""

Work: TypeAlias = Literal["answer", "take", "watch", "rest"]
"""What is wanted of media: one answer for all of it; nothing, it only belongs to the stream; to be told of each stretch
as soon as it has come; nothing follows, so what is in the rest."""

Outcome: TypeAlias = Literal["taken", "refused", "denied"]
"""What became of a frame: it is analysed, the dialect does not take such frames, its key may send no more."""


@dataclass(frozen=True, slots=True)
class Media:
    """Bytes of the stream, for the engine.

    Attributes:
        data: As they came.
        number: Under which their findings, or the fault that came instead, are to be told.
        work: What is wanted of them. What is only taken in has no number.
    """

    data: bytes
    number: int | None
    work: Work = "answer"


@dataclass(frozen=True, slots=True)
class Close:
    """How to close: a code of RFC 6455 or IANA's registry, and words for people."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Output:
    """What to do now, in this order.

    Attributes:
        media: For the engine, in order.
        texts: For the client, in order.
        close: Set once, with the last output: nothing comes after it.
        outcome: What became of the frame that came, for counting; None where none came, or one that is no media.
    """

    media: tuple[Media, ...] = ()
    texts: tuple[str, ...] = ()
    close: Close | None = None
    outcome: Outcome | None = None


class Dialect(Protocol):
    """One connection's conversation. `opened` is told first, nothing after the output that closes."""

    @property
    def state(self) -> State:
        """Where it stands. Until it is `closed` it wants to be told of every frame, to take, refuse or pass over."""

    @property
    def terms(self) -> Terms:
        """How its media is to be judged; settled once the first of it is handed out."""

    @property
    def drain_seconds(self) -> float | None:
        """Seconds that an ending may take; None for as long as what was taken does."""

    def opened(self) -> Output:
        """The connection stands, and frames will come."""

    def text_came(self, text: str) -> Output:
        """A text frame came."""

    def wants(self, size: int) -> bool:
        """Whether a frame of so many bytes would go to the engine, so that first its key is to be asked about."""

    def bytes_came(self, data: bytes) -> Output:
        """A binary frame came."""

    def denied(self, why: Error, message: str) -> Output:
        """A binary frame came that is wanted, but its key may send no more."""

    def found(self, findings: Findings, number: int) -> Output:
        """The engine has found something in the media of this number: all there is to answer, or what it saw so far."""

    def through(self, number: int) -> Output:
        """The engine is through with the media of this number, whatever came of it."""

    def failed(self, fault: Exception, number: int) -> Output:
        """The engine could not analyse the media of this number, for this reason."""

    def ends(self, why: End) -> Output:
        """The service ends the conversation: nothing more is taken, what was taken is still told."""
