"""The far end's sessions of v1 and v2: they keep the contract without analysing, and break one rule when told to."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from starlette.routing import WebSocketRoute

from interhuman_stream.conformance.clip import EBML
from interhuman_stream.protocol.limits import SUBPROTOCOL

if TYPE_CHECKING:
    from starlette.routing import BaseRoute
    from starlette.websockets import WebSocket

    from tests.conformance.far_end import FarEnd

VALUES: dict[str, float] = dict.fromkeys(("quality_index", "clarity", "authority", "energy", "rapport", "learning"), 50)
INCLUDES = ["conversation_quality_overall", "conversation_quality_timeline"]


def routes(far_end: FarEnd) -> list[BaseRoute]:
    """Where they are; what is nowhere is 404."""

    async def session(socket: WebSocket) -> None:
        await FarSession(far_end, socket).serve()

    async def nowhere(socket: WebSocket) -> None:
        status = 403 if far_end.fault == "sockets nowhere are forbidden" else 404
        await socket.send_denial_response(far_end.refusal(status, "ih4000"))

    return [
        WebSocketRoute("/v1/stream/analyze", session),
        WebSocketRoute("/v2/stream/analyze", session),
        WebSocketRoute("/{path:path}", nowhere),
    ]


class FarSession:
    """One of them."""

    def __init__(self, far_end: FarEnd, socket: WebSocket) -> None:
        self.fault, self.far_end, self.socket = far_end.fault, far_end, socket
        self.newer = socket.url.path.startswith("/v2/")
        self.include: list[str] = []
        self.frames = self.ids = 0
        self.closing = False

    async def serve(self) -> None:
        """From the upgrade to the close."""
        token = self.socket.headers.get("authorization", "").removeprefix("Bearer ")
        offered = [each.strip() for each in self.socket.headers.get("sec-websocket-protocol", "").split(",") if each]
        token = token or offered[-1]
        if not token.startswith("token"):
            if self.fault == "strangers are told on the open connection":
                await self.refuse("ih2002", 1008)
            else:
                await self.socket.send_denial_response(self.far_end.refusal(401, "ih2002"))
            return
        if "stream" not in token and self.fault != "sessions take any scope":
            await self.refuse("ih2003", 4003)
            return
        if "model" in self.socket.query_params and self.fault != "any model will do":
            await self.refuse("ih4005", 1008)
            return
        await self.socket.accept(SUBPROTOCOL if offered and self.fault != "sessions select no subprotocol" else None)
        if self.fault != "sessions begin without a word":
            await self.ready()
        if "model" in self.socket.query_params:
            await self.socket.close(1000)
            return
        while not self.closing and (frame := await self.socket.receive())["type"] != "websocket.disconnect":
            await (self.media(frame["bytes"]) if frame.get("bytes") is not None else self.text(frame["text"]))
        if self.closing:
            await self.end()

    async def refuse(self, code: str, close: int) -> None:
        """Say why not on the open connection."""
        await self.socket.accept()
        await self.say("error", {"code": code, "message": "No.", "link": "https://example.com"})
        await self.socket.close(close)

    async def ready(self) -> None:
        """Say what there is."""
        names = ("session_idle_timeout_seconds", "session_max_duration_seconds", "min_segment_size_bytes")
        limits: dict[str, Any] = dict.fromkeys((*names, "max_segment_size_bytes"), 300)
        if self.fault == "limits are fractions":
            limits["session_idle_timeout_seconds"] = 30.5
        await self.say("session.ready", {**limits, "supported_session_config_options": {"include": INCLUDES}})

    async def text(self, text: str) -> None:
        """Take a configuration, or the wish to end."""
        try:
            asked = json.loads(text)
        except ValueError:
            asked = None
        if asked == {"type": "session.close"}:
            self.closing = True
            await self.say("session.closing", {"max_drain_seconds": 1})
        elif asked is None or {*asked.get("include", [])} - {*INCLUDES}:
            await self.say("error", {"code": "ih6001", "message": "No.", "link": None})
            if self.fault == "wrong configurations end the session":
                await self.socket.close(1008)
                self.closing = True
        else:
            kept = self.include if self.fault == "what is included stays" else []
            self.include = asked.get("include", kept)
            await self.say("session.updated", {"include": self.include})

    async def media(self, data: bytes) -> None:
        """Tell something of it."""
        self.frames += 1
        if data[:4] != EBML:
            number = {} if self.fault == "damage has no number" else {"segment": self.frames}
            await self.say("error", {"code": "ih5004", "message": "No.", **number})
            return
        if self.frames > 1:
            return
        told = {"signal_type": "interest", "start": 0, "probability": "high", "rationale": "Nodded."}
        told |= {} if self.newer else {"modality": ["video"]}
        for _ in range(2 if self.fault == "signals begin twice" else 1):
            await self.say("signal.detected", told)
        if self.fault != "levels are not told":
            await self.say("engagement.updated", {"state": "neutral", "start": 0})
        if self.include:
            values = VALUES | ({"humour": 50.0} if self.fault == "quality has a seventh number" else {})
            timeline = [{"start": 0, "end": 5, "values": values}]
            await self.say("conversation_quality.updated", {"overall": values, "timeline": timeline})

    async def end(self) -> None:
        """Take no more, say that, and leave."""
        if self.socket.application_state.name != "CONNECTED":
            return
        late = await self._late()
        if late and self.fault != "media after the close is passed over":
            await self.say("error", {"code": "ih6001", "message": "No.", "segment": self.frames + 1})
        if self.frames:
            await self.say("signal.ended", {"signal_type": "interest", "end": 1.5})
        if self.fault != "sessions end without a word":
            await self.say("session.ended", {"reason": "client_shutdown"})
        await self.socket.close(1000)

    async def _late(self) -> bool:
        """Whether media comes after the wish to end: what is on its way is here within a moment."""
        try:
            async with asyncio.timeout(0.05):
                return (await self.socket.receive()).get("bytes") is not None
        except TimeoutError:
            return False

    async def say(self, kind: str, data: dict[str, Any]) -> None:
        """Send an envelope."""
        self.ids += self.fault == "each event has an id of its own"
        envelope = {"type": kind, "timestamp": "2026-11-28T12:00:00.000Z", "correlation_id": f"c{self.ids}"}
        await self.socket.send_text(json.dumps({**envelope, "data": data}))
