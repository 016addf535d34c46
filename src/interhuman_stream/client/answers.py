"""Which segments of one stream the server still owes an answer, and whether the stream may end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interhuman_stream.client.errors import ConnectionLost
from interhuman_stream.client.message import progress

if TYPE_CHECKING:
    from interhuman_stream.client.message import Message


class Answers:
    """The book of one stream, the same for the async client and the blocking one.

    v0 has no message that ends a stream: a segment is over with its ``completed`` or ``error``, and a stream when
    all its segments are.

    Attributes:
        sent: How many segments were sent, which is the number of the last.
        unanswered: The numbers of those that are not over.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.unanswered: set[int] = set()
        self._finishing = False
        self._last: Message | None = None

    def count(self) -> int:
        """Number the next segment, ahead of its sending: its answer may be quicker than the sender's return."""
        if self._finishing:
            raise RuntimeError("the stream is finishing and takes no more segments; open a new one")
        self.sent += 1
        self.unanswered.add(self.sent)
        return self.sent

    def finish(self) -> None:
        """Note that no segment will follow."""
        self._finishing = True

    @property
    def settled(self) -> bool:
        """Whether no segment will follow and none is open."""
        return self._finishing and not self.unanswered

    def hand_out(self, message: Message) -> Message:
        """Keep a message that is being given to the reader. What it says counts once the reader asks for the next."""
        self._last = message
        return message

    def catch_up(self) -> None:
        """Note what the last message said, now that its reader is done with it."""
        message, self._last = self._last, None
        said = None if message is None else progress(message)
        if said is not None and said.finished:
            self.unanswered.discard(said.segment)

    def end(self, lost: ConnectionLost | None) -> None:
        """Judge the end of the connection.

        Raises:
            ConnectionLost: It broke, or the server closed it while segments of a finishing stream were open.
        """
        if self.settled:
            return
        if lost is not None:
            raise lost
        if self._finishing:
            raise ConnectionLost(1000, "before every segment was answered")
