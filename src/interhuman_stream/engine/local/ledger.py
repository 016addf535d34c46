"""What the present worker owes: which pieces it was given, whose turn it says it is, and what it may say next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interhuman_stream.engine.host import Failed, Found, Turn
from interhuman_stream.engine.local.messages import Ready, Unfit

if TYPE_CHECKING:
    from interhuman_stream.engine.local.messages import Reply


@dataclass(slots=True)
class Ledger:
    """The ledger of one worker.

    Attributes:
        turn: The piece that it says it is at; None where it says it has nothing to do.
        broken: Whether it has said what none says: nothing that it says counts any more.
    """

    turn: int | None = None
    broken: bool = False
    _ready: bool = False
    _asked: dict[int, int] = field(default_factory=dict)  # numbers of pieces, which grow, and their sessions'
    # Pieces that nobody waits for any more, and the last number asked for before it was told so: where it is at a later
    # one, it has heard of it.
    _given_up: dict[int, int] = field(default_factory=dict)
    _last: int = 0

    def ask(self, number: int, session: int) -> None:
        """It is given a piece."""
        self._asked[number] = session
        self._last = number

    def give_up(self, number: int) -> None:
        """It is told that nobody waits for a piece any more; it may have answered it already."""
        if self._asked.pop(number, None) is not None:
            self._given_up[number] = self._last

    def hear(self, reply: Reply) -> str | None:
        """Enter what it says; what is wrong with its saying so now, in words."""
        if isinstance(reply, Ready | Unfit):
            if self._ready:
                return "it says anew whether it is ready"
            self._ready = isinstance(reply, Ready)
            return None
        if not self._ready:
            return "it answers before it is ready"
        if isinstance(reply, Turn):
            return self._takes_turn(reply.piece)
        if reply.piece != self.turn:
            return f"it answers piece {reply.piece} while it is at {self.turn}"
        if isinstance(reply, Found | Failed):
            self.turn = None
            self._asked.pop(reply.piece, None)
            self._given_up.pop(reply.piece, None)
        return None

    def _takes_turn(self, piece: int | None) -> str | None:
        if piece is not None:
            if piece not in self._asked and piece not in self._given_up:
                return f"it is at piece {piece}, which it was not given or has answered"
            session = self._asked.get(piece)
            if any(number < piece and session == other for number, other in self._asked.items()):
                return f"it is at piece {piece}, while an earlier one of its stream waits"
            for number in [number for number, last in self._given_up.items() if last < piece]:
                del self._given_up[number]
        self.turn = piece
        return None
