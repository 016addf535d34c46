"""What clients write is text or it is refused: never a fault of ours, nor one of the database, on either database."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from websockets.sync.client import connect

from interhuman_stream.protocol.limits import SCOPES
from tests.hardening.test_door import AUTH, FORM, TOKENS, code, raw
from tests.service.conftest import new_database
from tests.service.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on SQLite, and one on PostgreSQL."""
    url = new_database(request.getfixturevalue("postgresql")) if request.param == "postgresql" else None
    with serving(tmp_path_factory.mktemp("text"), database_url=url, wrong_credentials=100_000) as running:
        yield running


def good(running: Running) -> bool:
    return httpx.get(f"{running.url}/healthz").is_success and httpx.get(f"{running.url}/readyz").is_success


BODIES = (
    b'{"key_id": "\xff\xfe", "key_secret": "x", "scopes": ["interhumanai.stream"]}',
    b'{"key_id": "ihk_\\u0000", "key_secret": "x", "scopes": ["interhumanai.stream"]}',
    b'{"key_id": "ihk_\\ud800", "key_secret": "x", "scopes": ["interhumanai.stream"]}',
    b'{"key_id": "x", "key_secret": "\\u0000", "scopes": ["interhumanai.stream"]}',
    b'{"key_id": "x", "key_secret": "\\udfff\\ud800", "scopes": ["interhumanai.stream"]}',
    b'{"key_id": "x", "key_secret": "x", "scopes": ["\\ud800"]}',
    b'{"key_id": "x", "key_secret": "x", "scopes": ["\\u0000"]}',
    b'{"key_id": "x", "key_secret": "x", "scopes": ["\\u001b[31m"]}',
    b'{"\\ud800": 1, "key_id": "x", "key_secret": "x", "scopes": ["interhumanai.stream"]}',
    b'{"key_id": "' + b"x" * 60_000 + b'", "key_secret": "x", "scopes": ["interhumanai.stream"]}',
    b'{"key_id": ' + b"[" * 30_000 + b"}",
    b'{"more": ' + b"[" * 900 + b"]" * 900 + b', "key_id": "x", "key_secret": "x", "scopes": ["interhumanai.stream"]}',
    b'{"api_key": "ih_live_\\u0000"}',
    b'{"api_key": "ih_live_x", "allowed_origins": ["http://\\u0000"]}',
    b'{"api_key": "ih_live_x", "allowed_origins": ["http://["]}',
    b'{"api_key": "ih_live_x", "expires_in": ' + b"9" * 5000 + b"}",
    b'{"api_key": "ih_live_x", "max_bytes": 1e400}',
    b'{"api_key": "ih_live_\\ud800", "token": "ih_client_x"}',
    b'{"api_key": "ih_live_x", "token": "ih_client_\\u0000"}',
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b"\x00",
)


@pytest.mark.parametrize("path", [*AUTH, *TOKENS])
def test_no_text_in_a_body_is_a_fault_of_ours(both: Running, path: str) -> None:
    for body in BODIES:
        answer = raw(both, "POST", path, {"Content-Type": "application/json"}, body)
        assert code(answer) in {400, 401, 422}, (body[:80], answer)
        assert b'"error_id"' in answer
    assert good(both)


def test_origins_of_a_client_token_are_origins(both: Running) -> None:
    key = both.service.store.create(SCOPES)
    for origin in ("http://\0", "http://[", "http://a\ud800", "http://" + "a" * 400, "null", "*", "http://\x1b[31m"):
        body = json.dumps({"api_key": key.api_key, "allowed_origins": [origin]}).encode()
        assert code(raw(both, "POST", TOKENS[0], {"Content-Type": "application/json"}, body)) == 422


ODD: tuple[dict[str, str | bytes], ...] = (
    {"Origin": "http://["},
    {"Origin": b"\xff\xfe"},
    {"Host": "["},
    {"Host": "http://["},
    {"Host": "[::1"},
    {"Host": "a b"},
    {"Host": b"\xff"},
    {"X-Client-Request-Id": "\x1b[2J" + "x" * 9000},
    {"X-Client-Request-Id": b"\xff\xfe"},
    {"X-Forwarded-For": "http://["},
    {"X-Forwarded-Proto": "["},
    {"Authorization": b"Bearer \xff\xfe"},
    {"Authorization": "Bearer ih_live_\x1b"},
    {"Authorization": "Bearer ih_client_\x7f"},
    {"Authorization": "Bearer"},
    {"traceparent": "00-" + "\x1b" * 32 + "-x-01"},
    {"Access-Control-Request-Method": "\x1b"},
    {"Accept-Encoding": b"\xff"},
    {"Range": "bytes=\x1b"},
    {"If-None-Match": b"\xff"},
    {"Cookie": b"\xff=\x1b"},
)  # fmt: skip


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service on SQLite, for what reaches no database."""
    with serving(tmp_path_factory.mktemp("headers"), wrong_credentials=100_000) as running:
        yield running


@pytest.mark.parametrize("number", range(len(ODD)))
def test_no_header_is_a_fault_of_ours(one: Running, number: int) -> None:
    for method, path in (
        ("GET", "/"), ("GET", "/healthz/"), ("GET", "/web/page.js"), ("GET", "/asyncapi.json"), ("OPTIONS", "/v0/auth"),
        ("POST", FORM), ("POST", "/v2/upload/analyze"), ("GET", "/v2/upload/jobs/x"), ("GET", "/nothing"),
    ):  # fmt: skip
        answer = raw(one, method, path, ODD[number])
        assert 200 <= code(answer) < 500, (method, path, answer)
    upgrade: dict[str, str | bytes] = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    for path in ("/v0/stream/analyze", "/v1/stream/analyze?model=%00", "/v2/stream/analyze?model=%ed%a0%80"):
        answer = raw(one, "GET", path, upgrade | ODD[number])
        assert 400 <= code(answer) < 500, (path, answer)
    assert good(one)


def test_no_token_is_a_fault_of_ours(both: Running) -> None:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    for head in (
        b"[" * 20_000,
        b'{"kid":' * 2000,
        b'{"alg":"HS256","kid":"\\ud800"}',
        b"\xff",
        b"1" * 5000,
        b"{}",
        b'{"kid":"sig_\x00"}',
    ):
        token = f"{part(head)}.{part(b'{}')}.{part(b'x')}"
        answer = raw(both, "POST", FORM, {"Authorization": f"Bearer {token}"})
        assert code(answer) == 401, (head[:40], answer)
    assert good(both)


PATHS = (
    "/v2/upload/jobs/%00",
    "/v2/upload/jobs/%ed%a0%80",
    "/v2/upload/jobs/" + "x" * 9000,
    "/v2/upload/jobs/a?model=%00",
    "/%00",
    "/web/%00",
    "/web/" + "a" * 5000,
    "/web/%ff%fe",
    "/v0/upload/analyze%00",
    "/%1b%5b31m",
    "//[/",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_is_a_fault_of_ours(both: Running, path: str) -> None:
    credential: dict[str, str | bytes] = {"Authorization": f"Bearer {both.token()}"}
    for method in ("GET", "POST", "OPTIONS"):
        assert 400 <= code(raw(both, method, path, credential)) < 500
    assert good(both)


CHARSETS = ("", "undefined", "idna", "zip", "utf-16", "\xff", "punycode")
PARTS = (
    b'name="model"\r\n\r\n\xff\xfe',
    b'name="model"\r\n\r\na\x00b',
    b'name="wait_seconds"\r\n\r\n' + b"9" * 5000,
    b'name="wait_seconds"\r\n\r\n\xd9\xa1',
    b'name="\xff"\r\n\r\nx',
    b'name="include[]"\r\n\r\n\xed\xa0\x80',
    b'name="file"; filename="\xff\x00\x1b[31m"\r\n\r\nx',
    b'name="file"; filename="' + b"x" * 5000 + b'"\r\n\r\nx',
    b"name=\"file\"; filename*=utf-99''%ff\r\n\r\nx",
    b'name="file"; filename*=x\r\n\r\nx',
    b"\r\n\r\nx",
)


def test_no_form_is_a_fault_of_ours(both: Running) -> None:
    credential = f"Bearer {both.token()}"
    for number, part in enumerate(PARTS):
        body = b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n--b--\r\n"
        for charset in CHARSETS:
            kind = f"multipart/form-data; boundary=b; charset={charset}"
            path = (FORM, "/v1/upload/analyze", "/v2/upload/analyze")[number % 3]
            answer = raw(both, "POST", path, {"Content-Type": kind, "Authorization": credential}, body)
            assert code(answer) in {400, 422}, (path, charset, part, answer)
    assert good(both)


def test_the_kind_of_a_form_may_be_written_large(both: Running) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nabc\r\n--b--\r\n'
    headers = {"Content-Type": "Multipart/Form-Data; boundary=b", "Authorization": f"Bearer {both.token()}"}
    assert b"10000 bytes" in raw(both, "POST", FORM, {**headers}, body)


def test_no_text_frame_is_a_fault_of_ours(both: Running) -> None:
    for path in ("/v1/stream/analyze", "/v2/stream/analyze"):
        address = both.url.replace("http", "ws", 1) + path
        with connect(address, additional_headers={"Authorization": f"Bearer {both.token()}"}) as socket:
            assert json.loads(socket.recv())["type"] == "session.ready"
            for text in (
                '{"\\ud800": 1}',
                '{"include": ["\\ud800"]}',
                '{"model": "\\u0000"}',
                "[" * 3000,
                "\x00",
                '{"a": ' + "9" * 5000 + "}",
            ):
                socket.send(text)
                assert json.loads(socket.recv(10))["data"]["code"] == "ih6001"
