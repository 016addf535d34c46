"""What a browser is told and let do: headers of safety, and pages of other origins."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from interhuman_stream.service.settings import SettingError, Settings
from tests.service.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Running

PAGE = "https://app.example.com"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,x-other"}


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    near = ("127.0.0.1",)
    folder = tmp_path_factory.mktemp("data")
    with serving(folder, allow_origins=(PAGE,), metrics_token="tell", forwarded_allow_ips=near) as running:
        yield running


def test_the_page_comes_with_a_policy_that_it_keeps_to(strict: Running) -> None:
    page = httpx.get(strict.url)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert page.headers["Cache-Control"] == "no-cache"
    # What the policy forbids is not in the page: scripts and styles within it.
    assert "<script>" not in page.text
    assert "style=" not in page.text
    assert "onclick" not in page.text


@pytest.mark.parametrize("path", ["/", "/web/page.js", "/healthz", "/v0/auth", "/nothing", "/v0/upload/analyze"])
def test_every_answer_is_safe_and_says_nothing_of_what_serves_it(strict: Running, path: str) -> None:
    answer = httpx.get(strict.url + path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] in {"no-cache", "no-store"}
    assert len(answer.headers.get_list("X-Correlation-ID")) == 1
    assert "Server" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers


def test_a_proxy_that_ends_tls_is_believed_where_it_is_trusted(strict: Running) -> None:
    forwarded = httpx.get(strict.url, headers={"X-Forwarded-Proto": "https"})
    assert forwarded.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_nobody_else_is_believed(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        answer = httpx.get(running.url, headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in answer.headers


def test_a_page_of_an_allowed_origin_may_ask_and_read(strict: Running) -> None:
    asked = httpx.options(f"{strict.url}/v0/auth", headers={"Origin": PAGE, **PREFLIGHT})
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == PAGE
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "authorization" in asked.headers["Access-Control-Allow-Headers"].lower()
    got = httpx.post(f"{strict.url}/v0/auth", headers={"Origin": PAGE}, json={})
    assert got.headers["Access-Control-Allow-Origin"] == PAGE
    assert "X-Correlation-ID" in got.headers["Access-Control-Expose-Headers"]
    assert got.headers["Vary"] == "Origin"


def test_a_page_of_a_foreign_origin_is_told_whom_to_ask(strict: Running) -> None:
    foreign = "https://elsewhere.example"
    asked = httpx.options(f"{strict.url}/v0/auth", headers={"Origin": foreign, **PREFLIGHT})
    assert asked.status_code == 403
    assert f"--allow-origins {foreign}" in asked.json()["message"]
    got = httpx.post(f"{strict.url}/v0/auth", headers={"Origin": foreign}, json={})
    assert (got.status_code, got.json()["error_id"]) == (403, "ih4000")
    assert "Access-Control-Allow-Origin" not in got.headers


async def status(running: Running, origin: str | None, address: str = "127.0.0.1", host: str | None = None) -> int:
    """Open a socket as a page of ``origin`` would, with a token that is wrong: 401 means that it was let in so far."""
    url = urlsplit(running.url)
    connection = http.client.HTTPConnection(address, url.port)
    headers = {
        "Host": host or f"{address}:{url.port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "access_token, nonsense",
    }
    if origin is not None:
        headers["Origin"] = origin
    connection.request("GET", "/v0/stream/analyze", headers=headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    connection.close()
    assert body["correlation_id"] == answer.headers["X-Correlation-ID"]
    assert answer.headers.get("Server") is None
    return answer.status


async def test_which_pages_may_open_a_socket(strict: Running) -> None:
    port = urlsplit(strict.url).port
    assert await status(strict, None) == 401
    assert await status(strict, PAGE) == 401
    assert await status(strict, PAGE.upper()) == 401
    assert await status(strict, f"http://127.0.0.1:{port}") == 401
    assert await status(strict, "https://stream.example.com", host="stream.example.com") == 401
    # A page of this machine, as the service is on this machine; but not where the service is reached from elsewhere.
    assert await status(strict, "http://localhost:3000") == 401
    assert await status(strict, "http://localhost:3000", host="stream.example.com") == 403
    assert await status(strict, "https://elsewhere.example") == 403
    assert await status(strict, "http://localhost.elsewhere.example") == 403
    assert await status(strict, "http://127.0.0.1@elsewhere.example") == 403
    assert await status(strict, f"{PAGE}.elsewhere.example") == 403
    assert await status(strict, "null") == 403


async def test_the_refusal_of_a_socket_has_the_contracts_shape(strict: Running) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(strict.socket_url, origin="https://elsewhere.example")  # type: ignore[arg-type] # any string will do
    response = refused.value.response
    body = json.loads(response.body)
    assert response.status_code == 403
    assert {"error_id", "correlation_id", "link", "message"} <= body.keys()
    assert "--allow-origins https://elsewhere.example" in body["message"]


async def test_a_star_lets_all_pages_in(tmp_path: Path) -> None:
    with serving(tmp_path, allow_origins=("*",)) as running:
        assert await status(running, "https://elsewhere.example") == 401
        assert await status(running, "null") == 401


@pytest.mark.parametrize("wrong", ["app.example.com", "https://app.example.com/", "https://me@app.example.com", ""])
def test_what_is_no_origin_is_no_setting(wrong: str) -> None:
    with pytest.raises(SettingError, match="no origin"):
        Settings(allow_origins=(wrong,))


def test_the_metrics_can_be_kept_for_prometheus(strict: Running) -> None:
    assert httpx.get(f"{strict.url}/metrics").status_code == 401
    wrong = {b"Authorization": "Bearer té".encode("latin-1")}
    assert httpx.get(f"{strict.url}/metrics", headers=wrong).status_code == 401
    assert "interhuman_" in httpx.get(f"{strict.url}/metrics", headers={"Authorization": "Bearer tell"}).text


def test_what_nobody_foresaw_is_an_answer_in_the_contracts_shape(strict: Running) -> None:
    headers = {"Authorization": f"Bearer {strict.token()}", "Origin": PAGE}
    answer = httpx.post(f"{strict.url}/v0/upload/analyze", headers=headers, files={"file": bytes(20_000)})
    assert answer.status_code == 500
    assert answer.json()["error_id"] == "ih1001"
    assert answer.json()["correlation_id"] == answer.headers["X-Correlation-ID"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
