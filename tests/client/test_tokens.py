"""Tokens: asked for once, renewed in time, never shown."""

from __future__ import annotations

import asyncio
import json

import pytest

from interhuman_stream.client import (
    ApiError,
    ApiKey,
    AuthClient,
    ClientError,
    ConnectionFailed,
    Forbidden,
    HttpOptions,
    KeyPair,
    MissingCredentials,
    NotJson,
    StaticToken,
    Unauthorized,
)
from interhuman_stream.client.tokens import authorization
from tests.client import far_end

SECRET = "s3cr3t-value"
GRANT = b'{"access_token": "tok.1", "token_type":"Bearer","expires_in": 9e2,"scope":"interhumanai.stream", "new": 3.0}'


class Clock:
    """A clock a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


async def test_a_grant_keeps_the_body_byte_for_byte() -> None:
    with far_end.http() as server:
        server.body = GRANT
        grant = await AuthClient(server.url).grant("id", SECRET, ["interhumanai.stream", "interhumanai.upload"])
        path, _, body = server.requests[0]
    assert grant.body == GRANT
    assert (grant.access_token, grant.expires_in, grant.scope) == ("tok.1", 900.0, "interhumanai.stream")
    assert path == "/v0/auth"
    assert json.loads(body) == {
        "key_id": "id",
        "key_secret": SECRET,
        "scopes": ["interhumanai.stream", "interhumanai.upload"],
    }


async def test_a_token_is_renewed_before_it_runs_out_and_asked_for_once_by_many() -> None:
    clock = Clock()
    with far_end.http() as server:
        server.body = GRANT
        keys = KeyPair(AuthClient(server.url), "id", SECRET, clock=clock)
        assert await asyncio.gather(*(keys.token() for _ in range(20))) == ["tok.1"] * 20
        assert len(server.requests) == 1
        clock.now += 839
        await keys.token()
        assert len(server.requests) == 1
        server.body = GRANT.replace(b"tok.1", b"tok.2")
        clock.now += 2
        assert await asyncio.gather(*(keys.token() for _ in range(5))) == ["tok.2"] * 5
        assert len(server.requests) == 2


async def test_a_short_lived_token_is_used_for_most_of_its_life() -> None:
    clock = Clock()
    with far_end.http() as server:
        server.body = b'{"access_token":"t","expires_in":10}'
        keys = KeyPair(AuthClient(server.url), "id", SECRET, clock=clock)
        await keys.token()
        clock.now += 7.9
        await keys.token()
        assert len(server.requests) == 1
        clock.now += 0.2
        await keys.token()
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Unauthorized), (403, Forbidden), (400, ApiError), (422, ApiError), (500, ApiError)]
)
async def test_a_refusal_says_what_the_server_said(status: int, kind: type[ApiError]) -> None:
    body = b'{"error_id":"ih2002","correlation_id":"c-1","link":"l","message":"the pair is unknown"}'
    with far_end.http() as server:
        server.status, server.body = status, body
        with pytest.raises(kind, match="the pair is unknown") as caught:
            await AuthClient(server.url).grant("id", SECRET)
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert (caught.value.error_id, caught.value.correlation_id, caught.value.body) == ("ih2002", "c-1", body)
    assert "ih2002" in str(caught.value)
    assert "c-1" in str(caught.value)
    assert SECRET not in str(caught.value)


async def test_an_error_page_of_a_proxy_is_shown_in_part() -> None:
    with far_end.http() as server:
        server.status, server.body, server.headers = 502, b"<html>" + b"x" * 9000, {"X-Correlation-ID": "c-2"}
        with pytest.raises(ApiError) as caught:
            await AuthClient(server.url).grant("id", SECRET)
    assert caught.value.correlation_id == "c-2"
    assert "<html>" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"access_token":"' + SECRET.encode() + b'"}', b'["a"]'])
async def test_an_answer_that_is_no_grant_is_not_shown(body: bytes) -> None:
    with far_end.http() as server:
        server.body = body
        with pytest.raises(NotJson) as caught:
            await AuthClient(server.url).grant("id", "x")
    assert SECRET not in str(caught.value)


async def test_nobody_there() -> None:
    with far_end.http() as server:
        url = server.url
    with pytest.raises(ConnectionFailed, match="check the address"):
        await AuthClient(url).grant("id", SECRET)


async def test_nobody_answers() -> None:
    async def mute(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(ConnectionFailed, match=r"within 0\.2 s"):
        await AuthClient(f"http://127.0.0.1:{port}", options=HttpOptions(timeout=0.2)).grant("id", SECRET)
    server.close()


async def test_secrets_are_in_no_repr() -> None:
    with far_end.http() as server:
        server.body = GRANT
        auth = AuthClient(server.url)
        grant = await auth.grant("id", SECRET)
    shown = [StaticToken(SECRET), ApiKey(SECRET), KeyPair(auth, "id", SECRET), HttpOptions(proxy=SECRET), grant, auth]
    assert all(SECRET not in repr(thing) and "tok.1" not in repr(thing) for thing in shown)


@pytest.mark.parametrize("token", ["", f"{SECRET}\n", f"{SECRET} x", f"{SECRET}é", f"{SECRET}\r\nX: y"])
async def test_a_token_that_cannot_be_one_is_refused_unseen(token: str) -> None:
    with pytest.raises(MissingCredentials) as caught:
        await authorization(StaticToken(token))
    assert SECRET not in str(caught.value)


async def test_what_gives_a_token_becomes_the_header() -> None:
    assert await authorization(ApiKey("ih_live_1")) == {"Authorization": "Bearer ih_live_1"}
    assert await authorization(None) == {}


def test_every_error_is_in_one_tree() -> None:
    from interhuman_stream.client import errors  # noqa: PLC0415 - to look at all its names

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    named = [kind for kind in kinds if kind.__module__ == errors.__name__]
    assert len(named) > 10
    assert all(issubclass(kind, ClientError) for kind in named)
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in named)
