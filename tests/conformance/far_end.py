"""A far end that keeps the contract without analysing anything, and breaks one rule of it when told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute

from interhuman_stream.conformance.clip import EBML
from interhuman_stream.protocol.limits import LARGEST_SEGMENT, LARGEST_UPLOAD, SMALLEST_SEGMENT, SUBPROTOCOL
from tests.conformance import far_sessions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import HTTPConnection, Request
    from starlette.websockets import WebSocket

KEY = ("a-key", "a-secret-nobody-may-read")
INDICES = dict.fromkeys(("quality_index", "clarity", "authority", "energy", "rapport", "learning"), 50)
QUALITY = {"overall": INDICES, "timeline": [{"start": 0, "end": 5.0, "values": INDICES}]}
FLAT_QUALITY = {"overall": INDICES, "timeline": [{"start": 0, "end": 5.0, **INDICES}]}
KNOWN = frozenset({"conversation_quality_overall", "conversation_quality_timeline", "perception"})
ENGAGEMENT = [{"start": 0, "end": 5.0, "state": "neutral"}]
LARGEST_FRAME = 40_000_000
WRONG_SIGNALS: dict[str, dict[str, Any]] = {
    "a thirteenth type": {"type": "joy"},
    "signals end before they start": {"start": 3.0},
    "signals end after the segment": {"end": 8.0},
    "times are texts": {"start": "0"},
}
ID = {"correlation_id": "c0"}


@dataclass
class FarEnd:
    """The server.

    Attributes:
        fault: The rule that is broken; empty for none.
        scopes: What the key is good for.
        size: Bytes of the clip that is sent, by which a file's end is known.
        full: How many more streams and uploads there is no room for.
        retry_after: What it asks them to wait; empty where it does not say.
    """

    url: str = ""
    fault: str = ""
    scopes: tuple[str, ...] = ("interhumanai.stream", "interhumanai.upload")
    size: int = 0
    full: int = 0
    retry_after: str = "0"

    def refusal(self, status: int, identity: str) -> Response:
        """An HTTP error."""
        if self.fault == "errors are plain text":
            return PlainTextResponse("no", status, headers=self.correlation())
        if self.fault == "errors have other ids":
            identity = "ih0000"
        body = {"error_id": identity, **ID, "link": "https://example.com", "message": "No."}
        if self.fault == "errors have no link":
            del body["link"]
        return JSONResponse(body, status, headers=self.correlation())

    def correlation(self) -> dict[str, str]:
        """The header of every response."""
        return {} if self.fault == "no correlation header" else {"X-Correlation-ID": "c0"}

    @property
    def quality(self) -> dict[str, Any]:
        """The quality of a conversation."""
        return FLAT_QUALITY if self.fault == "the timeline is flat" else QUALITY

    async def auth(self, request: Request) -> Response:
        """Answer `POST /v0/auth`."""
        try:
            body = await request.json()
        except ValueError:
            return self.refusal(400 if self.fault == "a malformed body is a bad parameter" else 422, "ih4000")
        if "key_secret" not in body:
            return self.refusal(401 if self.fault == "a missing secret is a wrong one" else 400, "ih2005")
        known = body["key_id"] == KEY[0] or self.fault == "any key will do"
        if not known or (body["key_secret"] != KEY[1] and self.fault != "any secret will do"):
            return self.refusal(401, "ih2002")
        if not body["scopes"] and self.fault != "no scope will do":
            return self.refusal(400, "ih4000")
        if not {*body["scopes"]} <= {*self.scopes}:
            return self.refusal(403, "ih2002" if self.fault == "a scope not held is no valid credential" else "ih2003")
        mark = "~" if self.fault == "tokens of other characters" else "-"
        token = mark.join(["token", *(scope.rpartition(".")[2] for scope in body["scopes"])])
        grant = {"access_token": token, "token_type": "Bearer", "expires_in": 900, "scope": " ".join(body["scopes"])}
        if self.fault == "tokens last longer":
            grant["expires_in"] = 3600
        return JSONResponse(grant, headers=self.correlation())

    def forbidden(self, connection: HTTPConnection, scope: str) -> Response | None:
        """The refusal of who may not; None for who may."""
        offered = [each.strip() for each in connection.headers.get("sec-websocket-protocol", "").split(",")]
        if self.fault == "headers are not read" and scope == "stream":
            token = ""
        else:
            token = connection.headers.get("authorization", "").removeprefix("Bearer ")
        if not token and offered[0] == SUBPROTOCOL and self.fault != "subprotocols are not read":
            token = offered[1]
        if not token:
            return None if self.fault == "nobody is asked who they are" else self.refusal(401, "ih2001")
        if not token.startswith("token"):
            return None if self.fault == "any token will do" else self.refusal(401, "ih2002")
        if scope not in token and self.fault != "scopes are not read":
            return self.refusal(403, "ih2003")
        return None if self.fault == "full streams are closed" and scope == "stream" else self.no_room()

    def no_room(self) -> Response | None:
        """The refusal of one more; None where there is room."""
        if not self.full:
            return None
        self.full -= 1
        answer = self.refusal(503, "ih1002")
        if self.retry_after:
            answer.headers["Retry-After"] = self.retry_after
        return answer

    async def upload(self, request: Request) -> Response:
        """Answer an upload."""
        v1 = request.url.path.startswith("/v1/")
        if v1 and self.fault == "there is no v1":
            return self.refusal(404, "ih4000")
        if refusal := self.forbidden(request, "upload"):
            return refusal
        form = await request.form()
        file = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""
        if refused := next((why for wrong, why in _unfit(form, data) if wrong), None):
            return self.refusal(*((500, "ih1001") if self.fault == "bad files are our fault" else refused))
        if self.fault == "other fields are refused" and "a_field_of_another_time" in form:
            return self.refusal(422, "ih4000")
        signal: dict[str, Any] = {"type": "interest", "start": 0, "end": 2.5}
        body: dict[str, Any] = {"signals": [signal]}
        if self.fault == "uploads have events":
            body = {"events": [signal]}
        if v1:
            signal |= {"probability": "high", "rationale": "Nodded."}
            signal |= {} if self.fault == "v1 has no modality" else {"modality": ["video"]}
            body["engagement_state"] = ENGAGEMENT
            if "include[]" in form and self.fault != "v1 includes nothing":
                body["conversation_quality"] = self.quality
        return JSONResponse(body, headers=self.correlation())

    async def submit(self, request: Request) -> Response:
        """Answer an upload as a job that is done at once."""
        if refusal := self.forbidden(request, "upload"):
            return refusal
        form = await request.form()
        if "model" not in form and self.fault != "any job has a model":
            return self.refusal(400, "ih4005")
        windows = [
            {"index": 0, "start_seconds": 0.0, "end_seconds": 5.0, "engagement_status": "neutral", "signals": []}
        ]
        if self.fault == "windows have gaps":
            windows.append({**windows[0], "index": 1, "start_seconds": 7.0, "end_seconds": 9.0})
        result: dict[str, Any] = {"duration_seconds": 5.0, "window_seconds": 5.0, "windows": windows}
        if "include[]" in form or self.fault == "signals unasked":
            result["signals"] = []
        job_id = "f" * 32
        texts = {"created_at": "2026-11-28T12:00:00Z", "expires_at": "2026-11-28T13:00:00Z", "model": "inter-2"}
        path = f"/v2/upload/jobs/{job_id}"
        body: dict[str, Any] = {"job_id": job_id, "status": "completed", **texts, "status_url": path, "result": result}
        if self.fault == "what is absent is null":
            body["error"] = None
        return JSONResponse(body, headers=self.correlation())

    async def job(self, request: Request) -> Response:
        """There is none."""
        status = 403 if self.fault == "unknown jobs are forbidden" else 404
        return self.forbidden(request, "upload") or self.refusal(status, "ih4021")

    async def stream(self, socket: WebSocket) -> None:
        """Serve one session."""
        if refusal := self.forbidden(socket, "stream"):
            await socket.send_denial_response(refusal)
            return
        unknown = {*socket.query_params.getlist("include[]")} - KNOWN
        if self.fault == "unknown includes are refused" and unknown:
            await socket.send_denial_response(self.refusal(400, "ih4000"))
            return
        offered = [each.strip() for each in socket.headers.get("sec-websocket-protocol", "").split(",") if each]
        selected = offered[0] if offered else None
        if self.fault == "no subprotocol is selected":
            selected = None
        elif self.fault == "the token is selected" and offered:
            selected = offered[1]
        headers = [(name.encode(), value.encode()) for name, value in self.correlation().items()]
        await socket.accept(selected, headers)
        if self.fault == "full streams are closed" and self.no_room():
            await socket.close(1013, "try again later")
            return
        include = socket.query_params.getlist("include[]") if self.fault != "include[] is not read" else []
        session = Session(self, socket, later=bool(include))
        while (frame := await socket.receive())["type"] != "websocket.disconnect":
            await session.answer(frame["bytes"])
            if session.closed:
                break


def _unfit(form: FormData, data: bytes) -> Iterator[tuple[bool, tuple[int, str]]]:
    yield "file" not in form, (400, "ih4001")
    yield len(data) > LARGEST_UPLOAD, (413, "ih4003")
    yield len(data) < SMALLEST_SEGMENT, (400, "ih4000")
    yield data[4:8] == b"ftyp", (422, "ih5002")
    yield data[:4] != EBML, (400, "ih4002")


@dataclass
class Session:
    """One session: a byte stream of which only the length is followed."""

    far_end: FarEnd
    socket: WebSocket
    later: bool
    number: int = 0
    came: int | None = None
    whole: bool = False
    late: asyncio.Task[None] | None = None
    closed: bool = False

    async def answer(self, data: bytes) -> None:
        """Answer one frame."""
        fault = self.far_end.fault
        if fault == "nothing is said":
            return
        self.number += 1
        if len(data) > LARGEST_SEGMENT and fault == "large ones end the session":
            await self.close(1009)
            return
        if len(data) > 30_000_000 and fault == "very large ones end the session":
            await self.close(1009)
            return
        if wrong := self.wrong_size(len(data)):
            await self.error(wrong)
            return
        await self.say({"status": "processing", "segment": self.number, "bytes": self.counted(len(data))})
        if not self.decodable(data) and fault != "anything completes":
            await self.error("The segment cannot be decoded.")
            return
        finished = self.finish(self.number)
        if fault == "whoever is done first is told first" and self.number == 1:
            self.late = asyncio.create_task(finished)
            await asyncio.sleep(0)
            return
        await finished

    def wrong_size(self, size: int) -> str | None:
        """What is wrong with a segment's size."""
        fault = self.far_end.fault
        if size > (20_000_000 if fault == "less is the most" else LARGEST_SEGMENT):
            words = "Too large" if fault == "large ones in other words" else "Video chunk too large"
            return f"{words}: {size} bytes (maximum: {LARGEST_SEGMENT} bytes)"
        if size < (12_000 if fault == "more is the least" else SMALLEST_SEGMENT) and fault != "small ones complete":
            return "Too small."
        return None

    def counted(self, size: int) -> int:
        """The bytes of a segment, as they are told."""
        return size + (self.far_end.fault == "bytes are miscounted")

    def decodable(self, data: bytes) -> bool:
        """Follow the byte stream."""
        fault = self.far_end.fault
        if len(data) < SMALLEST_SEGMENT:
            return True
        if data[:4] == EBML:
            unfinished = self.came is not None and self.came < self.far_end.size
            self.came = len(data)
            if fault == "whole files only after a whole file" and self.whole and len(data) < self.far_end.size:
                return False
            self.whole = len(data) >= self.far_end.size
            return not (unfinished and fault == "a file must be sent to its end")
        if self.came is None or fault == "each frame stands alone":
            return False
        self.came += len(data)
        return True

    async def finish(self, number: int) -> None:
        """Say what a segment ends with."""
        fault = self.far_end.fault
        if fault == "whoever is done first is told first" and number == 1:
            await asyncio.sleep(0.03)
        signal: dict[str, Any] = {"type": "interest", "start": 0, "end": 2.5}
        signal |= WRONG_SIGNALS.get(fault, {})
        result: dict[str, Any] = {"status": "result", "segment": number, "signals": [signal]}
        if self.later or fault == "the later dialect unasked":
            signal |= {"rationale": "Nodded."}
            signal |= {} if fault == "signals have no probability" else {"probability": "high"}
            result |= {"engagement_state": ENGAGEMENT, "conversation_quality": self.far_end.quality}
        ending: list[dict[str, Any]] = [result, {"status": "completed", "segment": number}]
        for message in reversed(ending) if fault == "completed comes before the result" else ending:
            await self.say(message)

    async def error(self, text: str) -> None:
        """Refuse a segment."""
        fault = self.far_end.fault
        message: dict[str, Any] = {"status": "error", "segment": self.number}
        if self.later:
            message |= {"error_id": "ih5004", "link": "https://example.com", "message": text}
        else:
            message["reason" if fault == "errors under another name" else "error"] = text
        await self.say(message)
        if fault == "errors have no number of their own":
            self.number -= 1
        if fault == "the session ends with an error":
            await self.close(1000)

    async def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        fault = self.far_end.fault
        if fault == "numbers from 0":
            message["segment"] -= 1
        text = json.dumps(message | (ID if self.later and fault != "messages have no correlation id" else {}))
        if fault == "messages are binary":
            await self.socket.send_bytes(text.encode())
        else:
            await self.socket.send_text("{" if fault == "messages are no JSON" else text)

    async def close(self, code: int) -> None:
        """Leave."""
        self.closed = True
        await self.socket.close(code)


@contextlib.contextmanager
def served(far_end: FarEnd) -> Iterator[FarEnd]:
    """Serve it on loopback."""

    async def not_found(_request: Request, _error: Exception) -> Response:
        return far_end.refusal(200 if far_end.fault == "nothing is found everywhere" else 404, "ih4000")

    routes = [
        Route("/v0/auth", far_end.auth, methods=["POST"]),
        Route("/v0/upload/analyze", far_end.upload, methods=["POST"]),
        Route("/v1/upload/analyze", far_end.upload, methods=["POST"]),
        Route("/v2/upload/analyze", far_end.submit, methods=["POST"]),
        Route("/v2/upload/jobs/{job_id}", far_end.job, methods=["GET"]),
        WebSocketRoute("/v0/stream/analyze", far_end.stream),
        *([] if far_end.fault == "there is no v1" else far_sessions.routes(far_end)),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: not_found})
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    # With its protocol named, asyncio sends small messages at once.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    far_end.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    thread = threading.Thread(target=server.run, args=([listener],), name="far end")
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield far_end
    finally:
        server.should_exit = True
        thread.join(10)
