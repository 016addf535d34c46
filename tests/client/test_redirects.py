"""A server that sends us elsewhere: named, not followed, and never taken for success."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Response

from interhuman_stream.client import ApiError, AuthClient, Redirected, StreamClient, UploadClient
from interhuman_stream.conformance.clip import Clip
from interhuman_stream.conformance.prepare import CannotConnect, with_bearer, with_key
from interhuman_stream.conformance.target import KeyPair
from tests.client import far_end
from tests.client.test_cli import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from websockets.asyncio.server import ServerConnection
    from websockets.http11 import Request

    Process = Callable[[ServerConnection, Request], Response]

CLIP = Clip(bytes(60_000), 5.0)
"""It is not sent."""


def answering(status: int, location: str | None = None, body: bytes = b"") -> Process:
    """Answer every upgrade so."""

    def process(_: ServerConnection, __: Request) -> Response:
        headers = Headers({"Content-Length": str(len(body))})
        if location is not None:
            headers["Location"] = location
        return Response(status, HTTPStatus(status).phrase, headers, body)

    return process


@pytest.mark.parametrize(
    ("location", "base"),
    [
        ("https://api.example/v0/auth", "to https://api.example"),
        ("https://api.example/prefix/v0/auth", "to https://api.example/prefix"),
        ("//api.example/v0/auth", "to http://api.example"),
        ("/new/v0/auth", r"to http://127\.0\.0\.1:\d+/new"),
        ("/v0/auth/", "to the base address of the API"),
        ("https://login.example/?next=1", "to the base address of the API"),
        ("http://[", "does not say where; check that .* is the API's"),
        (None, "does not say where; check that .* is the API's"),
    ],
)
@pytest.mark.parametrize("status", [302, 308])
async def test_a_token_is_asked_for_where_it_was_told(status: int, location: str | None, base: str) -> None:
    with far_end.http() as server:
        server.status, server.body = status, b"<html>moved</html>"
        server.headers = {} if location is None else {"Location": location}
        with pytest.raises(Redirected, match=f"the server answered {status}: it sends us.* {base}$") as caught:
            await AuthClient(server.url).grant("id", "secret")
        assert len(server.requests) == 1
    assert caught.value.body == b"<html>moved</html>"
    assert "html" not in str(caught.value)


@pytest.mark.parametrize("status", [300, 302, 304, 308])
async def test_an_uploads_redirect_is_no_success(status: int, tmp_path: Path) -> None:
    (tmp_path / "clip.webm").write_bytes(b"x" * 10_000)
    with far_end.http() as server:
        server.status = status
        server.headers = {"Location": "https://api.example/v1/upload/analyze"}
        with pytest.raises(Redirected, match=r"https://api\.example$") as caught:
            await UploadClient(server.url, token="t", version="v1").analyze(tmp_path / "clip.webm")
    assert caught.value.location == "https://api.example/v1/upload/analyze"


@pytest.mark.parametrize("status", [301, 307])
async def test_a_streams_redirect_is_named_and_not_followed(status: int) -> None:
    session = far_end.Session()
    async with far_end.websocket(far_end.v0(session)) as there:
        location = f"{there}/v0/stream/analyze"
        async with far_end.websocket(far_end.v0(session), process_request=answering(status, location)) as url:
            with pytest.raises(Redirected, match=f"answered {status}: it sends us to {location}.* to {there}$"):
                async with StreamClient(url, token="t"):
                    pass
    assert session.path == ""


async def test_another_answer_than_an_open_stream_is_named() -> None:
    async with far_end.websocket(
        far_end.v0(far_end.Session()), process_request=answering(200, body=b"<html>hello</html>")
    ) as url:
        with pytest.raises(ApiError, match="answered 200: <html>hello</html>: that opens no stream; check that the"):
            async with StreamClient(url, token="t"):
                pass


async def test_conformance_goes_no_further() -> None:
    with far_end.http() as server:
        server.status, server.headers = 308, {"Location": "https://api.example/v0/auth"}
        with pytest.raises(CannotConnect, match=r"308 and sends us to https://api\.example/v0/auth"):
            await with_key(server.url, CLIP, KeyPair("id", "secret"))
    location = "https://api.example/v0/stream/analyze"
    async with far_end.websocket(far_end.v0(far_end.Session()), process_request=answering(302, location)) as url:
        with pytest.raises(CannotConnect, match=f"302 and sends us to {location}"):
            await with_bearer(url, CLIP, "token")


async def test_the_commands_say_where_and_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "clip.webm").write_bytes(b"x" * 10_000)
    pair = {"INTERHUMAN_API_KEY_ID": "id", "INTERHUMAN_API_KEY_SECRET": "secret"}
    with far_end.http() as server:
        server.status, server.headers = 301, {"Location": "https://api.example/v0/auth"}
        code, out, err = await run("token", "--url", server.url, **pair)
        assert (code, out) == (2, b"")
        assert "it sends us to https://api.example/v0/auth" in err
        assert err.endswith("set INTERHUMAN_API_URL (or --url) to https://api.example\n")
        server.headers = {"Location": "https://api.example/v0/upload/analyze"}
        code, out, err = await run("upload", tmp_path / "clip.webm", "--url", server.url, "--token", "t")
        assert (code, out) == (2, b"")
        assert err.endswith("to https://api.example\n")
