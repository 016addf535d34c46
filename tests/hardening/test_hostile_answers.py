"""HTTP answers of a server that means ill: bombs, floods, answers without an end, redirects, and what is no answer."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interhuman_stream.bounds import LARGEST_REFUSAL
from interhuman_stream.client import (
    ApiError,
    AuthClient,
    ClientError,
    ConnectionFailed,
    HttpOptions,
    JobClient,
    KeyPair,
    NotJson,
    Redirected,
    Unauthorized,
    UnusableAnswer,
    UploadClient,
    sync,
)
from interhuman_stream.conformance.clip import Clip
from interhuman_stream.conformance.jobs import CHECKS
from interhuman_stream.conformance.prepare import CannotConnect, NoAccess, with_bearer, with_key
from interhuman_stream.conformance.room import no_room
from interhuman_stream.conformance.run import run
from interhuman_stream.conformance.target import Access, Target
from interhuman_stream.conformance.target import KeyPair as Pair
from tests.hardening.hostile import Caller, always, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hardening.hostile import Behaviour

DEEP = (b"[" * 200_000, b'{"a":' * 200_000, b'{"message":' + b"[" * 5000)
GRANT = b'{"access_token":"tok","expires_in":900}'
JOB = {"job_id": "0" * 32, "status": "queued"}
BOMB = gzip.compress(bytes(100_000_000))


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.webm"
    path.write_bytes(b"x" * 10_000)
    return path


async def asked(behave: Behaviour, options: HttpOptions | None = None) -> bytes:
    """Ask such a server for a token."""
    async with serving(behave) as server:
        client = AuthClient(server.url, options=options)
        return (await asyncio.wait_for(client.grant("id", "secret"), 60)).body


async def refused(behave: Behaviour, options: HttpOptions | None = None) -> ClientError:
    with pytest.raises(ClientError) as caught:
        await asked(behave, options)
    assert len(str(caught.value)) < 3000
    return caught.value


def endless(status: bytes, *headers: bytes, part: bytes = b"x" * 100_000) -> Behaviour:
    async def behave(caller: Caller) -> None:
        await caller.send(b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"", b""]))
        while True:
            await caller.send(part)

    return behave


async def test_of_an_endless_refusal_the_beginning_is_read() -> None:
    tracemalloc.start()
    error = await refused(endless(b"401 No", b"Content-Length: 4000000000"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(error, Unauthorized)
    assert len(error.body) == LARGEST_REFUSAL
    assert peak < 8 * LARGEST_REFUSAL


@pytest.mark.parametrize(
    "behave",
    [
        endless(b"200 OK"),
        endless(b"200 OK", b"Content-Length: 4000000000"),
        endless(b"200 OK", b"Transfer-Encoding: chunked", part=b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
        always("200 OK", BOMB, b"Content-Encoding: gzip"),
        always("200 OK", GRANT, b"Content-Encoding: br"),
        always("200 OK", GRANT, b"Content-Encoding: \x1b[31m"),
    ],
    ids=["endless", "long", "chunks", "bomb", "unasked", "nonsense"],
)
async def test_an_answer_beyond_the_bound_is_not_taken(behave: Behaviour) -> None:
    tracemalloc.start()
    error = await refused(behave, HttpOptions(largest=1_000_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(error, UnusableAnswer)
    assert peak < 20_000_000


async def test_a_compressed_refusal_is_its_status() -> None:
    error = await refused(always("403 No", BOMB, b"Content-Encoding: gzip"))
    assert isinstance(error, ApiError)
    assert (error.status, error.body) == (403, b"")


async def test_no_compression_is_asked_for_and_an_answer_comes_as_it_was_sent() -> None:
    async with serving(always("200 OK", GRANT, b"Content-Encoding: identity")) as server:
        assert (await AuthClient(server.url).grant("id", "secret")).body == GRANT
    assert b"accept-encoding: identity" in server.heads[0].lower()


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", b"x"),
        (b"HTTP/1.1 401 No\r\nContent-Length: 10000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["body", "refusal", "header", "continue", "chunk"],
)
async def test_an_answer_that_drips_is_waited_for_as_long_as_one_that_is_silent(head: bytes, drop: bytes) -> None:
    async def behave(caller: Caller) -> None:
        await caller.send(head)
        while True:
            await caller.send(drop)
            await asyncio.sleep(0.05)

    error = await refused(behave, HttpOptions(timeout=0.6))
    assert isinstance(error, ConnectionFailed)
    assert "did not answer within 0.6 s" in str(error)


async def test_a_request_that_is_taken_slowly_has_its_answer(clip: Path) -> None:
    """The deadline is of the answer: a slow line may take long for the file."""
    await asyncio.to_thread(clip.write_bytes, b"x" * 8_000_000)

    async def behave(caller: Caller) -> None:
        left = 8_000_000
        while left > 0:
            left -= len(await caller.reader.read(1_000_000))
            await asyncio.sleep(0.1)
        await caller.answer("200 OK", b"{}")

    async with serving(behave) as server:
        client = UploadClient(server.url, token="t", options=HttpOptions(timeout=5.0))
        assert (await client.analyze(clip)).body == b"{}"


@pytest.mark.parametrize("body", DEEP)
async def test_nesting_is_no_grant_no_job_and_no_reason(body: bytes, clip: Path) -> None:
    assert isinstance(await refused(always("401 No", body)), Unauthorized)
    assert isinstance(await refused(always("200 OK", body)), NotJson)
    async with serving(always("200 OK", body)) as server:
        jobs = JobClient(server.url, token="t")
        with pytest.raises(NotJson):
            await jobs.wait(await jobs.submit(clip))
        assert (await with_key(server.url, Clip(b"", 1.0), Pair("id", "secret"))).stream.token is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"access_token":"t","expires_in":1e999}',
        b'{"access_token":"t","expires_in":NaN}',
        b'{"access_token":"t","expires_in":-1}',
        b'{"access_token":"t","expires_in":true}',
        b'{"access_token":"t","expires_in":"900"}',
        b'{"access_token":"t","expires_in":' + b"9" * 400 + b"}",
        b'{"access_token":"t","expires_in":' + b"9" * 100_000 + b"}",
        b'{"access_token":["t"],"expires_in":900}',
        b'{"access_token":"","expires_in":900}',
        b'{"access_token":true,"expires_in":900}',
        b'["access_token"]',
        b"\xff",
        b"",
    ],
)
async def test_what_is_no_grant_is_none(body: bytes) -> None:
    assert isinstance(await refused(always("200 OK", body)), NotJson)


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "\ud800", "\u202e", "a b", "\x1b[31m"])
async def test_a_token_that_is_none_goes_into_no_header(token: str, clip: Path) -> None:
    async with serving(always("200 OK", json.dumps({"access_token": token, "expires_in": 900}).encode())) as server:
        pair = KeyPair(AuthClient(server.url), "id", "secret")
        with pytest.raises(ClientError, match="holds spaces, line breaks or other characters"):
            await UploadClient(server.url, token=pair).analyze(clip)
    assert len(server.heads) == 1


@pytest.mark.parametrize("job_id", ["\ud800", "..", "a/b", "", "x" * 300, "\x1b[2J", "é"])
async def test_a_job_id_is_one(job_id: str, clip: Path) -> None:
    async with serving(always("202 Accepted", json.dumps({**JOB, "job_id": job_id}).encode())) as server:
        jobs = JobClient(server.url, token="t")
        with pytest.raises(NotJson, match="no job_id"):
            await jobs.wait(await jobs.submit(clip), every=0.01)
    assert len(server.heads) == 1


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
async def test_a_redirect_is_followed_by_nobody(status: int, clip: Path) -> None:
    async with serving(always("200 OK", GRANT)) as thief:
        for location in (
            thief.url.encode(),
            b"//" + thief.url[7:].encode(),
            b"/",
            b"\xff\xfe",
            b"http://[",
            b"http://\xc3",
        ):
            elsewhere = always(f"{status} Elsewhere", b'{"signals":[]}', b"Location: " + location)
            async with serving(elsewhere) as server:
                jobs = JobClient(server.url, token="t")
                for asking in (
                    AuthClient(server.url).grant("id", "secret"),
                    UploadClient(server.url, token="t").analyze(clip),
                    jobs.submit(clip),
                    jobs.read("0" * 32),
                ):
                    with pytest.raises(Redirected):
                        await asking
                    del asking
    assert thief.heads == []


async def test_the_blocking_face_is_bounded_as_well(clip: Path) -> None:
    def meet(url: str) -> None:
        options = HttpOptions(largest=1000, timeout=20.0)
        for ask in (
            lambda: sync.AuthClient(url, options=options).grant("id", "secret"),
            lambda: sync.UploadClient(url, token="t", options=options).analyze(clip),
            lambda: sync.JobClient(url, token="t", options=options).submit(clip),
        ):
            with pytest.raises(UnusableAnswer):
                ask()

    async with serving(always("200 OK", b"x" * 2000)) as server:
        await asyncio.to_thread(meet, server.url)


# The checks of the contract speak to strangers as well


@pytest.mark.parametrize("behave", [endless(b"200 OK"), always("200 OK", BOMB, b"Content-Encoding: gzip")])
async def test_the_checks_read_no_further_either(behave: Behaviour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interhuman_stream.bounds.body_of.__defaults__", (1_000_000,))
    async with serving(behave) as server:
        with pytest.raises(CannotConnect, match="not listened to"):
            await with_key(server.url, Clip(b"", 1.0), Pair("id", "secret"))


@pytest.mark.parametrize("path", ["@{thief}/", ".{thief}/", "{thief}/", "", "/ x", "\n/"])
async def test_a_job_is_asked_for_at_the_server_that_is_checked(path: str) -> None:
    async with serving(always("200 OK", b"{}")) as thief:
        body = {"job_id": "0" * 32, "status": "queued", "model": "inter-2", "created_at": "x", "expires_at": "x"}
        status_url = path.format(thief=thief.url.removeprefix("http://"))
        async with serving(always("202 Accepted", json.dumps({**body, "status_url": status_url}).encode())) as server:
            target = Target(server.url, Clip(bytes(10_000), 5.0), None, Access("token-1"), Access("token-1"))
            (outcome,) = [each async for each in run(target, [CHECKS[0]])]
    assert outcome.got is not None
    assert outcome.expected == "a status_url that is a path of the server"
    assert thief.heads == []


@given(st.one_of(st.text(max_size=40), st.from_regex(r"-?[0-9]{1,400}(\.[0-9]*)?(e[0-9]+)?", fullmatch=True)))
def test_whatever_is_asked_to_wait_is_seconds(asked: str) -> None:
    full = no_room(503, {"Retry-After": asked})
    assert full is not None
    assert 0.0 <= full.retry_after < 1e12


@pytest.mark.parametrize("asked", ["²", "9" * 400, "-5", "nan", "inf", "1e999", "Mon, 01 Jan 99999999999 00:00:00 GMT"])
def test_these_too(asked: str) -> None:
    full = no_room(429, {"Retry-After": asked})
    assert full is not None
    assert 0.0 <= full.retry_after < 1e12


async def test_a_stranger_who_takes_a_bearer_is_read_no_further() -> None:
    async with serving(endless(b"401 No")) as server:
        with pytest.raises((NoAccess, CannotConnect)):
            await with_bearer(server.url, Clip(b"", 1.0), "token")


# Anything at all


LINES = st.lists(
    st.one_of(
        st.binary(max_size=30),
        st.sampled_from(
            [
                b"Content-Length: 5",
                b"Content-Length: -5",
                b"Content-Length: " + b"9" * 400,
                b"Transfer-Encoding: chunked",
                b"Content-Encoding: deflate",
                b"Location: \xff://[",
                b"Set-Cookie: a=b; expires=Mon, 99 Foo 99999 99:99:99 GMT; domain=..; path=\xff",
                b"X-Correlation-ID: \x9b31m",
                b"Connection: close",
            ]
        ),
    ),
    max_size=5,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.1 401 No", b"HTTP/1.0 302 x", b"HTTP/1.1 99", b""]),
    LINES,
    st.binary(),
)
async def test_whatever_is_answered_ends_in_the_clients_words(first: bytes, lines: list[bytes], body: bytes) -> None:
    async def behave(caller: Caller) -> None:
        await caller.send(b"\r\n".join([first, *lines, b"", body]))

    with pytest.raises(ClientError) as caught:
        await asked(behave, HttpOptions(timeout=5.0))
    assert str(caught.value).isprintable()
