"""When a stream is over: v0's once each segment is answered, that of v1 and v2 once the server has said so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Protocol

from interhuman_stream.client.errors import ConnectionLost
from interhuman_stream.client.message import progress
from interhuman_stream.client.told import ENDED, told

if TYPE_CHECKING:
    from interhuman_stream.client.message import Message

CLOSE: Final = json.dumps({"type": "session.close"}, separators=(",", ":"))


class Ending(Protocol):
    """Knows of one stream whether it may end. What a message says counts once its reader is done with it.

    Attributes:
        sent: How many segments were sent, which is the number of the last.
    """

    sent: int

    def count(self) -> int:
        """Number the next segment, ahead of its sending: its answer may be quicker than the sender's return."""

    def finish(self) -> str | None:
        """Note that no segment will follow; give what tells the server so, where anything does and has not yet."""

    @property
    def settled(self) -> bool:
        """Whether nothing more is to come."""

    def hand_out(self, message: Message) -> Message:
        """Keep a message that is being given to the reader."""

    def catch_up(self) -> None:
        """Note what the last message said, now that its reader is done with it."""

    def end(self, lost: ConnectionLost | None) -> None:
        """Judge the end of the connection.

        Raises:
            ConnectionLost: It broke, or the server closed it before what was still to come.
        """


class _Counted:
    """What both kinds keep."""

    def __init__(self) -> None:
        self.sent = 0
        self._finishing = False
        self._last: Message | None = None

    def count(self) -> int:
        """Number the next segment."""
        if self._finishing:
            raise RuntimeError("the stream is finishing and takes no more segments; open a new one")
        self.sent += 1
        return self.sent

    def hand_out(self, message: Message) -> Message:
        """Keep a message."""
        self._last = message
        return message

    def _taken(self) -> Message | None:
        message, self._last = self._last, None
        return message

    def _owed(self, lost: ConnectionLost | None, when: str) -> None:
        """The connection has ended, and something was still to come."""
        if lost is not None:
            raise lost
        if self._finishing:
            raise ConnectionLost(1000, when)


class Answers(_Counted):
    """Which segments of a v0 stream the server still owes an answer: one is over with its ``completed`` or ``error``.

    v0 has no message that ends a stream: it is over when all its segments are.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unanswered: set[int] = set()

    def count(self) -> int:
        """Number the next segment, which is owed an answer from now on."""
        number = super().count()
        self.unanswered.add(number)
        return number

    def finish(self) -> None:
        """Note that no segment will follow; nothing tells the server so."""
        self._finishing = True

    @property
    def settled(self) -> bool:
        """Whether no segment will follow and none is open."""
        return self._finishing and not self.unanswered

    def catch_up(self) -> None:
        """Note what the last message said."""
        message = self._taken()
        said = None if message is None else progress(message)
        if said is not None and said.finished:
            self.unanswered.discard(said.segment)

    def end(self, lost: ConnectionLost | None) -> None:
        """Judge the end of the connection."""
        if not self.settled:
            self._owed(lost, "before every segment was answered")


class LastWord(_Counted):
    """Whether a session of v1 or v2 has had its ``session.ended``, which ``session.close`` asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.settled = False

    def finish(self) -> str | None:
        """Note that no segment will follow; give the message that says so."""
        already, self._finishing = self._finishing, True
        return None if already else CLOSE

    def catch_up(self) -> None:
        """Note what the last message said."""
        message = self._taken()
        said = None if message is None else told(message)
        self.settled = self.settled or bool(said and said.type == ENDED)

    def end(self, lost: ConnectionLost | None) -> None:
        """Judge the end of the connection."""
        if not self.settled:
            self._owed(lost, "before it had said that the session is over")
