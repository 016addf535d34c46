"""Proxies from the environment: followed where they work, named where they do not, left out for this machine."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from interhuman_stream.client import (
    ApiError,
    AuthClient,
    ClientError,
    ConnectionFailed,
    HttpOptions,
    InvalidProxy,
    Message,
    ProxyFailed,
    StreamClient,
    StreamOptions,
    UploadClient,
    sync,
)
from interhuman_stream.conformance.clip import Clip
from interhuman_stream.conformance.prepare import CannotConnect, with_bearer, with_key
from interhuman_stream.conformance.target import KeyPair
from interhuman_stream.proxies import UnusableProxy, proxy_for
from tests.client import far_end
from tests.client.proxy import proxy
from tests.client.test_cli import GRANT, run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

CLIP = Clip(bytes(60_000), 5.0)
"""It is not sent."""

FAR = "http://far.example"
"""No such machine: a proxy is told its name, and nobody else asks for it."""
CLOSED = "http://127.0.0.1:9"
PAIR = {"INTERHUMAN_API_KEY_ID": "id", "INTERHUMAN_API_KEY_SECRET": "secret"}


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("http", "https", "all", "no", "ws", "wss", "socks"):
        monkeypatch.delenv(f"{kind}_proxy", raising=False)
        monkeypatch.delenv(f"{kind.upper()}_PROXY", raising=False)


async def grant(url: str) -> object:
    return await AuthClient(url).grant("id", "secret")


async def upload(url: str, path: str = __file__) -> object:
    return await UploadClient(url, token="t").analyze(path)


async def stream(url: str) -> list[Message]:
    async with StreamClient(url, token="t") as client:
        await client.send(b"x" * 10_000)
        await client.finish()
        return [message async for message in client]


ASKING: dict[str, Callable[[str], Awaitable[object]]] = {"token": grant, "upload": upload, "stream": stream}


# Which proxy.


@pytest.mark.parametrize(
    ("variables", "address", "expected"),
    [
        ({}, FAR, None),
        ({"HTTP_PROXY": "http://p:1"}, FAR, ("http://p:1", "HTTP_PROXY")),
        ({"http_proxy": "p:1"}, FAR, ("http://p:1", "http_proxy")),
        ({"http_proxy": "http://p:1", "HTTP_PROXY": "http://q:1"}, FAR, ("http://p:1", "http_proxy")),
        ({"All_Proxy": "http://p:1"}, FAR, ("http://p:1", "All_Proxy")),
        ({"ALL_PROXY": "http://p:1"}, "wss://far.example/s", ("http://p:1", "ALL_PROXY")),
        ({"ALL_PROXY": "http://p:1", "https_proxy": "https://q:1"}, "https://x", ("https://q:1", "https_proxy")),
        ({"HTTPS_PROXY": "http://p:1"}, FAR, None),
        ({"HTTPS_PROXY": "http://p:1"}, "ws://far.example/s", ("http://p:1", "HTTPS_PROXY")),
        ({"socks_proxy": "socks5h://p:1"}, "ws://far.example/s", ("socks5h://p:1", "socks_proxy")),
        ({"HTTP_PROXY": "http://me:p%40ss@p:1/"}, FAR, ("http://me:p%40ss@p:1", "HTTP_PROXY")),
        ({"HTTP_PROXY": "http://me:p@ss@p:1"}, FAR, ("http://me:p%40ss@p:1", "HTTP_PROXY")),
        ({"HTTP_PROXY": "http://me@p:1"}, FAR, ("http://me:@p:1", "HTTP_PROXY")),
        ({"HTTP_PROXY": "http://[fd00::1]:3128"}, FAR, ("http://[fd00::1]:3128", "HTTP_PROXY")),
        ({"HTTP_PROXY": ""}, FAR, None),
    ],
)
def test_the_variable_that_counts(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], address: str, expected: tuple[str, str] | None
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = proxy_for(address)
    assert (found and (found.url, found.origin)) == expected
    assert found is None or "ss" not in repr(found).partition("host=")[0].replace("socks", "")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000",
        "http://127.9.8.7",
        "http://localhost:8000",
        "http://LOCALHOST.",
        "http://api.localhost",
        "ws://[::1]:8000/v0",
        "https://[::ffff:127.0.0.1]",
        "http://0.0.0.0:8000",
    ],
)
def test_this_machine_is_asked_directly(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://p:1")
    assert proxy_for(address) is None
    given = proxy_for(address, "http://p:1")
    assert given is not None
    assert given.origin == "the option `proxy`"
    assert proxy_for("http://far.example", None) is None


@pytest.mark.parametrize(
    ("listed", "excepted"),
    [
        ("far.example", True),
        ("FAR.example", True),
        (".example", True),
        ("*.example", True),
        ("other,far.example", True),
        ("other far.example", True),
        ("*", True),
        ("far.example:80", True),
        ("http://far.example", True),
        ("far.example:81", False),
        ("ar.example", False),
        ("example.far", False),
        ("", False),
        (",", False),
    ],
)
def test_what_no_proxy_names_is_asked_directly(monkeypatch: pytest.MonkeyPatch, listed: str, *, excepted: bool) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://p:1")
    monkeypatch.setenv("NO_PROXY", listed)
    assert (proxy_for(FAR) is None) is excepted


@pytest.mark.parametrize(
    ("host", "excepted"),
    [("10.1.2.3", True), ("11.1.2.3", False), ("[fd00::7]", True), ("[fe80::7]", False), ("192.168.0.9", True)],
)
def test_no_proxy_names_networks(monkeypatch: pytest.MonkeyPatch, host: str, *, excepted: bool) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://p:1")
    monkeypatch.setenv("no_proxy", "10.0.0.0/8, fd00::/8,192.168.0.9")
    assert (proxy_for(f"http://{host}:8000") is None) is excepted


# What is no proxy.

UNUSABLE = [
    ("foo://127.0.0.1:9", "foo://"),
    ("socks://127.0.0.1:1080/", "socks://"),
    ("socks4://127.0.0.1:1080", "socks4://"),
    ("http://127.0.0.1:port", "host or port"),
    ("http://127.0.0.1:99999", "host or port"),
    ("http://:3128", "host or port"),
    ("http://me:hid/den@127.0.0.1:3128", "host or port"),
    ("http://me:hidden@127.0.0.1:3128/den", "behind its port"),
    ("http:// a proxy :3128", "host or port"),
    ("http://[::1", "host or port"),
    ("http://256.256.256.256:3128", "host or port"),
    ("http://10.1:3128", "host or port"),
    ("http://[::zz]:3128", "host or port"),
    ("http://a..example:3128", "host or port"),
    (f"http://{'a' * 64}.example:3128", "host or port"),
]


@pytest.mark.parametrize(("value", "why"), UNUSABLE)
def test_what_is_no_proxy_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch, value: str, why: str) -> None:
    monkeypatch.setenv("Http_Proxy", value)
    with pytest.raises(UnusableProxy) as caught:
        proxy_for(FAR)
    said = str(caught.value)
    assert said.startswith("Http_Proxy names no proxy")
    assert why in said
    assert "name far.example in NO_PROXY" in said
    assert "hid" not in said


@pytest.mark.parametrize("what", ASKING)
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("foo://127.0.0.1:9", InvalidProxy),
        ("socks5://127.0.0.1:9", InvalidProxy),
        ("http://127.0.0.1:port", InvalidProxy),
        ("http://127.0.0.1:9", ProxyFailed),
        ("127.0.0.1:9", ProxyFailed),
        ("https://127.0.0.1:9", ProxyFailed),
    ],
)
async def test_every_request_says_which_variable(
    monkeypatch: pytest.MonkeyPatch, what: str, value: str, kind: type[ClientError]
) -> None:
    monkeypatch.setenv("all_proxy", value)
    for url in (FAR, FAR.replace("http", "https")):
        with pytest.raises(kind, match="all_proxy") as caught:
            await ASKING[what](url)
        assert "\n" not in str(caught.value)
        assert "unset all_proxy, or name far.example in NO_PROXY" in str(caught.value)


@pytest.mark.parametrize("what", ASKING)
@pytest.mark.parametrize(("status", "said"), [(407, "USER:PASSWORD"), (502, "ask who runs it"), (503, "answered 503")])
async def test_a_proxy_that_refuses_is_named(
    monkeypatch: pytest.MonkeyPatch, what: str, status: int, said: str
) -> None:
    async with proxy(status=status) as refusing:
        monkeypatch.setenv("HTTP_PROXY", refusing.url)
        monkeypatch.setenv("HTTPS_PROXY", refusing.url)
        for url in (FAR, FAR.replace("http", "https")):
            with pytest.raises(ProxyFailed, match=rf"{refusing.place} that HTTPS?_PROXY names answered {status}") as it:
                await ASKING[what](url)
            assert said in str(it.value)
        assert len(refusing.asked) == 2


async def test_the_servers_own_refusal_is_not_taken_for_the_proxys(monkeypatch: pytest.MonkeyPatch) -> None:
    with far_end.http() as server:
        server.status, server.body = 503, b'{"error_id":"ih5001","message":"no room"}'
        async with proxy(server.url) as between:
            monkeypatch.setenv("HTTP_PROXY", between.url)
            with pytest.raises(ApiError, match="the server answered 503 ih5001: no room"):
                await grant(FAR)


async def test_a_proxy_that_hangs_up_and_one_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    for behaviour in (hang_up, say_nothing):
        async with await asyncio.start_server(behaviour, "127.0.0.1", 0) as server:
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
            with pytest.raises(ProxyFailed, match="http_proxy"):
                await AuthClient(FAR, options=HttpOptions(timeout=0.2)).grant("id", "secret")
            with pytest.raises(ProxyFailed, match="http_proxy"):
                async with StreamClient(FAR, token="t", options=StreamOptions(open_timeout=0.2)):
                    pass


async def test_the_options_proxy_is_named_as_that() -> None:
    with pytest.raises(InvalidProxy, match="the option `proxy` names no proxy"):
        await AuthClient(FAR, options=HttpOptions(proxy="foo://x")).grant("id", "secret")
    with pytest.raises(ProxyFailed, match="that the option `proxy` names"):
        async with StreamClient("http://127.0.0.1:1", options=StreamOptions(proxy=CLOSED)):
            pass


def test_the_blocking_clients_raise_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises(InvalidProxy, match=r"HTTP_PROXY names a SOCKS proxy .*pip install"):
        sync.AuthClient(FAR).grant("id", "secret")
    with pytest.raises(InvalidProxy, match="HTTP_PROXY"), sync.StreamClient(FAR, token="t"):
        pass


async def test_certificates_that_are_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(ConnectionFailed, match="SSL_CERT_FILE"):
        await upload("http://127.0.0.1:9")


# Through a proxy that works.


async def test_all_goes_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    session = far_end.Session()
    with far_end.http() as server:
        server.body = GRANT
        async with proxy(server.url) as between, far_end.websocket(far_end.v0(session)) as url:
            monkeypatch.setenv("HTTP_PROXY", between.url.replace("//", "//me:pass@"))
            await grant(FAR)
            await upload(FAR)
            between.far_end = int(url.rpartition(":")[2])
            said = await stream(FAR)
    assert [json.loads(message.data)["status"] for message in said] == ["processing", "result", "completed"]
    assert [line.split()[:2] for line, _ in between.asked] == [
        ["POST", f"{FAR}/v0/auth"],
        ["POST", f"{FAR}/v0/upload/analyze"],
        ["CONNECT", "far.example:80"],
    ]
    assert all(credential.startswith("Basic ") for _, credential in between.asked)
    assert session.headers["Host"] == "far.example"


# The conformance checks' own requests.


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("foo://127.0.0.1:9", "HTTP_PROXY names no proxy"),
        ("socks5://127.0.0.1:9", "HTTP_PROXY names a SOCKS proxy"),
        (CLOSED, "through the proxy 127.0.0.1:9 that HTTP_PROXY names"),
    ],
)
async def test_conformance_says_which_variable(monkeypatch: pytest.MonkeyPatch, value: str, said: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", value)
    with pytest.raises(CannotConnect, match=said):
        await with_key(FAR, CLIP, KeyPair("id", "secret"))
    with pytest.raises(CannotConnect, match=said):
        await with_bearer(FAR, CLIP, "token")


@pytest.mark.parametrize("status", [407, 502])
async def test_conformance_names_a_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    async with proxy(status=status) as refusing:
        monkeypatch.setenv("HTTP_PROXY", refusing.url)
        for attempt in (with_key(FAR, CLIP, KeyPair("id", "secret")), with_bearer(FAR, CLIP, "token")):
            with pytest.raises(CannotConnect, match=f"HTTP_PROXY names answered {status}"):
                await attempt


# The commands.


@pytest.mark.parametrize(
    ("arguments", "value", "code"),
    [
        (["token", "--url", FAR], "socks5://127.0.0.1:9", 2),
        (["upload", __file__, "--url", FAR], CLOSED, 4),
        (["stream", "--raw", __file__, "--url", FAR], "socks5://127.0.0.1:9", 2),
        (["conformance", FAR], CLOSED, 4),
    ],
)
async def test_a_command_says_it_in_one_sentence(arguments: list[str], value: str, code: int) -> None:
    ended, out, err = await run(*arguments, ALL_PROXY=value, **PAIR)
    errors = [line for line in err.splitlines() if line != "0 of 0 segments completed"]
    assert (ended, out, len(errors)) == (code, b"", 1), err
    assert errors[0].startswith("error: ")
    assert "ALL_PROXY" in errors[0]


async def test_no_variable_keeps_a_command_from_this_machine(tmp_path: Path) -> None:
    (tmp_path / "clip.webm").write_bytes(b"x" * 10_000)
    wrong = {"ALL_PROXY": "socks5://127.0.0.1:9", "http_proxy": "foo://127.0.0.1:9", "HTTPS_PROXY": CLOSED}
    with far_end.http() as server:
        server.body = GRANT
        local = server.url.replace("127.0.0.1", "localhost")
        assert (await run("token", "--url", local, **PAIR, **wrong))[:2] == (0, GRANT)
        assert (await run("upload", tmp_path / "clip.webm", "--url", server.url, **PAIR, **wrong))[:2] == (0, GRANT)
    async with far_end.websocket(far_end.v0(far_end.Session())) as url:
        code, _, err = await run("stream", "--raw", tmp_path / "clip.webm", "--url", url, "--token", "t", **wrong)
    assert code == 0, err
