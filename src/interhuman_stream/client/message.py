"""What the server says on a stream: the bytes as received, and beside them a reading for those who want one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from interhuman_stream.bounds import read_json
from interhuman_stream.client.errors import NotJson

if TYPE_CHECKING:
    from interhuman_stream.client.live import LiveMessage
    from interhuman_stream.client.v0 import V0Message

_FINAL: Final = ("completed", "error")
MOST_WORDS: Final = 2_000
"""Characters that are kept of what a message says, for reports and progress; the message itself is relayed whole."""
MOST_NAMED: Final = 1_000
"""Things that are read of a list in a message."""


@dataclass(frozen=True)  # no slots: what has been parsed is kept
class Message:
    """One message of the server.

    Attributes:
        data: The bytes of the frame, exactly as received. Nothing has looked into them.
    """

    data: bytes

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The text of the frame. Bytes that are no UTF-8 are kept as surrogates, so that nothing is lost."""
        return self.data.decode(errors="surrogateescape")

    @property
    def event(self) -> LiveMessage:
        """The same JSON object as ``parsed``: by its type one of the events of v1 and v2.

        Compare ``type``, and a type checker knows which (see ``interhuman_stream.client.live``).

        Raises:
            NotJson: The message is no JSON object; ``data`` still has it.
        """
        return cast("LiveMessage", self.parsed)

    @cached_property
    def parsed(self) -> V0Message:
        """The JSON object, read when it is first asked for: by its type one of v0's four messages.

        Compare ``status``, and a type checker knows which (see ``interhuman_stream.client.v0``). What is in the object
        is what the server sent, whether v0 knows it or not.

        Raises:
            NotJson: The message is no JSON object; ``data`` still has it.
        """
        try:
            value = read_json(self.data)
        except ValueError:
            raise NotJson(
                f"a message of {len(self.data)} bytes is no JSON; its bytes are kept as they were received"
            ) from None
        if not isinstance(value, dict):
            raise NotJson(
                f"a message of {len(self.data)} bytes is a JSON {type(value).__name__}, where the API has objects; its "
                "bytes are kept as they were received"
            )
        return cast("V0Message", value)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a v0 message says about its segment.

    Attributes:
        segment: The segment's number, from 1 on each connection.
        status: ``processing``, ``result``, ``completed`` or ``error``; a later server may know more.
        detail: The error's words, or the signals' names; empty otherwise.
    """

    segment: int
    status: str
    detail: str = ""

    @property
    def finished(self) -> bool:
        """Whether nothing more comes for this segment."""
        return self.status in _FINAL


def progress(message: Message) -> Progress | None:
    """Read what a message says about a segment; None where it says nothing that v0 knows.

    A server may send anything, so nothing here raises: what is not understood has been relayed all the same.
    """
    try:
        body = cast("dict[str, Any]", message.parsed)
    except NotJson:
        return None
    segment, status = body.get("segment"), body.get("status")
    if isinstance(segment, bool) or not isinstance(segment, int) or not isinstance(status, str):
        return None
    return Progress(segment, status, _detail(body))


def _detail(body: dict[str, Any]) -> str:
    signals = body.get("signals")
    if isinstance(signals, list):
        types = (signal.get("type") for signal in signals[:MOST_NAMED] if isinstance(signal, dict))
        return ", ".join(name[:MOST_WORDS] for name in types if isinstance(name, str))[:MOST_WORDS]
    words = body.get("error") or body.get("message") or ""
    return words[:MOST_WORDS] if isinstance(words, str) else ""
