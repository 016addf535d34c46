"""Client tokens through the front door: how they are made and ended, what they let in, and where their caps hold."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from interhuman_stream.protocol.limits import DEEP_SCOPE, KNOWN_SCOPES, SCOPES, STREAM_SCOPE, UPLOAD_SCOPE
from interhuman_stream.service.access import client_tokens
from interhuman_stream.service.access.client_tokens import PLACE_SECONDS, Caps
from interhuman_stream.service.access.database import CLOCK_LEEWAY, utc_now
from interhuman_stream.service.live import place, standing
from tests.service.serving import IdleEngine, emptied, forget_guesses, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from interhuman_stream.service.access.store import NewKey
    from tests.conftest import Running

PAGE, ELSEWHERE = "https://app.example.com", "https://elsewhere.example"
EXTENDED = "?include[]=conversation_quality_overall"
FRAME = bytes(9000)
"""Answered at once, as it is too small for a segment; its bytes count all the same."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("data"), IdleEngine(), max_sessions=100, wrong_credentials=10_000) as running:
        yield running


@pytest.fixture(scope="module")
def key(service: Running) -> NewKey:
    return service.service.store.create(KNOWN_SCOPES)


def post(running: Running, path: str, body: Any, **headers: str) -> httpx.Response:
    return httpx.post(running.url + path, json=body, headers=headers)


def mint(running: Running, key: NewKey, **asked: Any) -> dict[str, Any]:
    answer = post(running, "/v1/client_tokens", {"api_key": key.api_key, **asked})
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    return body


def opened(running: Running, token: str, query: str = EXTENDED, **options: Any) -> connect:
    return connect(running.socket_url + query, additional_headers={"Authorization": f"Bearer {token}"}, **options)


async def refused(opening: connect) -> tuple[int, str]:
    """The status and id with which a stream is refused."""
    with pytest.raises(InvalidStatus) as told:
        await opening
    response = told.value.response
    return response.status_code, json.loads(response.body)["error_id"]


async def said(socket: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 30))
    return message


async def ended(socket: ClientConnection) -> int:
    """The code with which the service closes, whatever it says before."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 30)
    assert socket.close_code is not None
    return socket.close_code


def upload(running: Running, token: str, path: str = "/v0/upload/analyze", **headers: str) -> tuple[int, str]:
    """Send no file: who is let in is told so."""
    answer = httpx.post(running.url + path, headers={"Authorization": f"Bearer {token}", **headers})
    return answer.status_code, answer.json()["error_id"]


IN = (400, "ih4001")
"""Let in, and told that there is no file."""


def test_what_a_token_has_if_nothing_is_asked_for(service: Running, key: NewKey) -> None:
    body = mint(service, key)
    token = body.pop("access_token")
    assert body == {"token_type": "Bearer", "expires_in": 300, "scope": STREAM_SCOPE, "max_concurrent": 1}
    assert re.fullmatch(r"ih_client_[A-Za-z0-9_-]{43}", token)
    found = service.service.store.client_tokens.find(token)
    assert not isinstance(found, str)
    assert 290 < (found.expires_at - utc_now()).total_seconds() <= 300


def test_what_was_asked_for_is_given_and_told(service: Running, key: NewKey) -> None:
    caps = {"max_duration_seconds": 600, "max_bytes": 10**9, "max_concurrent": 2, "max_video_seconds": 600}
    body = mint(service, key, **caps, scopes=[STREAM_SCOPE, UPLOAD_SCOPE], allowed_origins=["https://A.example:443"])
    assert body["scope"] == f"{STREAM_SCOPE} {UPLOAD_SCOPE}"
    assert {name: body[name] for name in caps} == caps
    assert body["allowed_origins"] == ["https://a.example"]
    nothing: dict[str, Any] = {"scopes": None, "expires_in": None, "max_bytes": None, "allowed_origins": None}
    assert "max_bytes" not in mint(service, key, **nothing)


@pytest.mark.parametrize(
    ("asked", "given"), [(1, 60), (-5, 60), (60, 60), (61, 61), (3600, 3600), (3601, 3600), (10**30, 3600)]
)
def test_how_long_a_token_lasts_is_cut_to_bounds(service: Running, key: NewKey, asked: int, given: int) -> None:
    assert mint(service, key, expires_in=asked)["expires_in"] == given


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        (["interhumanai.stream.inter-2", "interhumanai.stream.inter-2-audio"], STREAM_SCOPE),
        (["interhumanai.upload.inter-2-audio", STREAM_SCOPE], f"{UPLOAD_SCOPE} {STREAM_SCOPE}"),
        (["interhumanai.upload.inter-2"], UPLOAD_SCOPE),
        ([DEEP_SCOPE], DEEP_SCOPE),
    ],
)
def test_older_names_of_scopes_are_granted_as_what_they_stand_for(
    service: Running, key: NewKey, asked: list[str], granted: str
) -> None:
    assert mint(service, key, scopes=asked)["scope"] == granted
    pair = {"key_id": key.key_id, "key_secret": key.key_secret, "scopes": asked}
    assert [post(service, f"/{v}/auth", pair).json()["scope"] for v in ("v0", "v1")] == [granted, granted]


@pytest.mark.parametrize(
    ("changes", "status", "identity"),
    [
        ({"api_key": None}, 422, "ih4000"),
        ({"api_key": 7}, 422, "ih4000"),
        ({"api_key": "ih_live_wrong"}, 401, "ih2002"),
        ({"scopes": []}, 422, "ih4000"),
        ({"scopes": STREAM_SCOPE}, 422, "ih4000"),
        ({"scopes": ["interhumanai.everything"]}, 400, "ih4000"),
        ({"expires_in": "300"}, 422, "ih4000"),
        ({"expires_in": 300.5}, 422, "ih4000"),
        ({"expires_in": True}, 422, "ih4000"),
        ({"max_bytes": 0}, 422, "ih4000"),
        ({"max_bytes": 2**53}, 422, "ih4000"),
        ({"max_concurrent": -1}, 422, "ih4000"),
        ({"max_video_seconds": 1.5}, 422, "ih4000"),
        ({"max_duration_seconds": "a while"}, 422, "ih4000"),
        ({"allowed_origins": PAGE}, 422, "ih4000"),
        ({"allowed_origins": ["app.example.com"]}, 422, "ih4000"),
        ({"allowed_origins": ["*"]}, 422, "ih4000"),
        ({"allowed_origins": ["https://*.example.com"]}, 422, "ih4000"),
        ({"allowed_origins": ["null"]}, 422, "ih4000"),
        ({"allowed_origins": [f"{PAGE}/"]}, 422, "ih4000"),
        ({"allowed_origins": [7]}, 422, "ih4000"),
        ({"allowed_origins": [PAGE] * 65}, 422, "ih4000"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    service: Running, key: NewKey, changes: dict[str, Any], status: int, identity: str
) -> None:
    answer = post(service, "/v1/client_tokens", {"api_key": key.api_key, **changes})
    assert (answer.status_code, answer.json()["error_id"]) == (status, identity)
    assert [*answer.json()] == ["error_id", "correlation_id", "link", "message"]


def test_a_key_lends_no_more_than_it_has(service: Running) -> None:
    key = service.service.store.create([STREAM_SCOPE])
    answer = post(service, "/v1/client_tokens", {"api_key": key.api_key, "scopes": [STREAM_SCOPE, UPLOAD_SCOPE]})
    assert (answer.status_code, answer.json()["error_id"]) == (403, "ih2003")


def test_errors_of_v1_have_one_shape(service: Running, key: NewKey) -> None:
    pair = {"key_id": key.key_id, "key_secret": key.key_secret, "scopes": [STREAM_SCOPE]}
    assert [*post(service, "/v1/auth", pair).json()] == ["access_token", "token_type", "expires_in", "scope"]
    for changes, status, identity in (({"key_secret": "wrong"}, 401, "ih2002"), ({"scopes": []}, 422, "ih4000")):
        answer = post(service, "/v1/auth", pair | changes)
        assert (answer.status_code, answer.json()["error_id"]) == (status, identity)
        assert [*answer.json()] == ["error_id", "correlation_id", "link", "message"]


async def test_a_token_opens_a_stream_in_every_way_a_credential_can(service: Running, key: NewKey) -> None:
    token = mint(service, key)["access_token"]
    async with opened(service, token):
        pass
    await asyncio.to_thread(emptied, service)
    for offered in (["access_token", token], [token]):
        protocols = [Subprotocol(each) for each in offered]
        async with connect(service.socket_url, subprotocols=protocols) as socket:
            assert socket.subprotocol == offered[0]
        await asyncio.to_thread(emptied, service)
    # As some published pages have it: any credential by itself, but nothing that does not look like one.
    async with connect(service.socket_url, subprotocols=[Subprotocol(service.token())]) as socket:
        pass
    async with connect(service.socket_url, subprotocols=[Subprotocol(key.api_key)]) as socket:
        pass
    assert await refused(connect(service.socket_url, subprotocols=[Subprotocol("chat")])) == (401, "ih2001")
    assert await refused(connect(service.socket_url, subprotocols=[Subprotocol("a.b.c")])) == (401, "ih2002")
    both = [Subprotocol("chat"), Subprotocol(token)]
    assert await refused(connect(service.socket_url, subprotocols=both)) == (401, "ih2001")


def test_a_token_is_for_its_scopes_alone(service: Running, key: NewKey) -> None:
    assert upload(service, mint(service, key)["access_token"]) == (403, "ih2003")
    token = mint(service, key, scopes=[UPLOAD_SCOPE])["access_token"]
    assert upload(service, token) == upload(service, token, "/v1/upload/analyze") == IN
    assert upload(service, mint(service, key, scopes=[DEEP_SCOPE])["access_token"]) == (403, "ih2003")


def test_one_kind_of_credential_is_never_taken_for_another(service: Running, key: NewKey) -> None:
    pair = {"key_id": key.key_id, "key_secret": key.key_secret, "scopes": list(SCOPES)}
    v0, v1 = (post(service, f"/{version}/auth", pair).json()["access_token"] for version in ("v0", "v1"))
    client = mint(service, key, scopes=list(SCOPES))["access_token"]
    # Each is good wherever a credential goes,
    for token in (v0, v1, client, key.api_key):
        assert upload(service, token) == upload(service, token, "/v1/upload/analyze") == IN
    # but makes no others where an API key is asked for, and is no secret,
    for token in (v0, v1, client, key.key_secret, key.key_id):
        assert post(service, "/v1/client_tokens", {"api_key": token}).status_code == 401
        assert post(service, "/v1/client_tokens/revoke", {"api_key": token, "token": client}).status_code == 401
    for token in (v0, v1, client, key.api_key):
        assert post(service, "/v1/auth", pair | {"key_secret": token}).status_code == 401
    # cannot be revoked as what it is not,
    for token in (v0, v1, key.api_key, "nonsense"):
        answer = post(service, "/v1/client_tokens/revoke", {"api_key": key.api_key, "token": token})
        assert (answer.status_code, answer.json()["error_id"]) == (401, "ih2011")
    # and does not become another by another beginning.
    for token in (f"ih_client_{v0}", f"ih_client_{key.api_key}", client.replace("ih_client_", "ih_live_")):
        assert upload(service, token)[0] == 401
    assert upload(service, f"ih_client_{v0}") == (401, "ih2011")
    assert upload(service, client.removeprefix("ih_client_")) == (401, "ih2002")
    assert upload(service, client) == IN


def test_what_is_wrong_with_a_token_is_told_apart(service: Running, key: NewKey) -> None:
    store = service.service.store
    made = store.client_tokens.create(key.key_id, 1, [UPLOAD_SCOPE], -CLOCK_LEEWAY - 1, Caps())
    assert made is not None
    assert upload(service, made[0]) == (401, "ih2010")
    assert upload(service, "ih_client_nothing") == (401, "ih2011")
    token = mint(service, key, scopes=[UPLOAD_SCOPE])["access_token"]
    body = {"api_key": key.api_key, "token": token}
    for each in (token, token, made[0], "ih_client_longforgotten"):
        answer = post(service, "/v1/client_tokens/revoke", body | {"token": each})
        assert (answer.status_code, answer.content) == (204, b"")
    assert upload(service, token) == (401, "ih2014")
    other = store.create(SCOPES)
    kept = mint(service, key, scopes=[UPLOAD_SCOPE])["access_token"]
    answer = post(service, "/v1/client_tokens/revoke", {"api_key": other.api_key, "token": kept})
    assert (answer.status_code, answer.json()["error_id"]) == (401, "ih2011")
    assert upload(service, kept) == IN
    assert post(service, "/v1/client_tokens/revoke", {"api_key": key.api_key}).status_code == 422


async def test_a_revoked_token_ends_its_stream_at_the_next_chunk(service: Running, key: NewKey) -> None:
    token = mint(service, key)["access_token"]
    async with opened(service, token) as socket:
        await socket.send(FRAME)
        assert (await said(socket))["error_id"] == "ih5004"
        await asyncio.to_thread(post, service, "/v1/client_tokens/revoke", {"api_key": key.api_key, "token": token})
        await socket.send(FRAME)
        assert (await said(socket))["error_id"] == "ih2014"
        assert await ended(socket) == 1008


@pytest.mark.parametrize("what", ["token", "key", "secrets"])
async def test_a_silent_stream_is_ended_too(service: Running, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(standing, "KEY_LOOK_SECONDS", 0.1)
    store = service.service.store
    key = store.create(SCOPES)
    token = mint(service, key)["access_token"]
    async with opened(service, token) as socket:
        if what == "token":
            store.client_tokens.revoke(token, key.key_id)
        elif what == "key":
            store.revoke(key.key_id)
        else:
            store.rotate(key.key_id)
        assert await ended(socket) == 1008
    assert await refused(opened(service, token)) == (401, "ih2014")


async def test_a_token_that_expires_ends_no_stream(service: Running, key: NewKey, monkeypatch: Any) -> None:
    monkeypatch.setattr(standing, "KEY_LOOK_SECONDS", 0.05)
    token = mint(service, key)["access_token"]
    async with opened(service, token) as socket:
        then = utc_now() + timedelta(seconds=400)
        monkeypatch.setattr(client_tokens, "utc_now", lambda: then)
        for _ in range(3):
            await socket.send(FRAME)
            assert (await said(socket))["error_id"] == "ih5004"
            await asyncio.sleep(0.05)
        assert await refused(opened(service, token)) == (401, "ih2010")


async def test_the_sessions_of_a_token_are_counted_over_all_services(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    with (
        serving(tmp_path / "one", IdleEngine(), database_url=url, max_sessions=9) as one,
        serving(tmp_path / "other", IdleEngine(), database_url=url, max_sessions=9) as other,
    ):
        key = one.service.store.create(SCOPES)
        token = mint(one, key, max_concurrent=2, scopes=list(SCOPES))["access_token"]
        async with opened(one, token), opened(other, token):
            assert await refused(opened(one, token)) == (429, "ih3002")
            assert await refused(opened(other, token)) == (429, "ih3002")
            assert upload(one, token, "/v1/upload/analyze") == (429, "ih3002")
            refusals = httpx.get(f"{one.url}/metrics").text  # noqa: ASYNC210 - nothing else goes on
            assert 'interhuman_sessions_refused_total{reason="token_sessions"} 2.0' in refusals
        await asyncio.to_thread(emptied, one)
        await asyncio.to_thread(emptied, other)
        async with opened(other, token):
            assert upload(one, token) == IN


async def test_what_a_killed_process_held_is_free_again(
    service: Running, key: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = service.service.store.client_tokens
    token = mint(service, key)["access_token"]
    found = tokens.find(token)
    assert not isinstance(found, str)
    assert tokens.enter(found.token_id, "of a process that was killed") is None
    assert await refused(opened(service, token)) == (429, "ih3002")
    then = utc_now() + timedelta(seconds=PLACE_SECONDS + 1)
    monkeypatch.setattr(client_tokens, "utc_now", lambda: then)
    async with opened(service, token):
        pass


async def test_an_open_stream_goes_on_holding_its_place(
    service: Running, key: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "STAY_SECONDS", 0.02)
    token, tokens = mint(service, key)["access_token"], service.service.store.client_tokens
    held: asyncio.Queue[None] = asyncio.Queue()
    stay = tokens.stay
    loop = asyncio.get_running_loop()

    def watched(token_id: str, place_id: str) -> None:
        stay(token_id, place_id)
        loop.call_soon_threadsafe(held.put_nowait, None)

    monkeypatch.setattr(tokens, "stay", watched)
    async with opened(service, token):
        await asyncio.wait_for(held.get(), 30)
        # Later than the first lease lasts, and nobody else is let in.
        then = utc_now() + timedelta(seconds=PLACE_SECONDS - 1)
        monkeypatch.setattr(client_tokens, "utc_now", lambda: then)
        while not held.empty():
            held.get_nowait()
        for _ in range(2):  # one may have begun before
            await asyncio.wait_for(held.get(), 30)
        after = then + timedelta(seconds=2)
        monkeypatch.setattr(client_tokens, "utc_now", lambda: after)
        assert await refused(opened(service, token)) == (429, "ih3002")


async def test_the_bytes_of_all_sessions_of_a_token_count_together(service: Running, key: NewKey) -> None:
    token = mint(service, key, max_bytes=4 * len(FRAME), max_concurrent=2)["access_token"]
    async with opened(service, token) as one, opened(service, token) as other:
        for socket in (one, other, one, other):
            await socket.send(FRAME)
            assert (await said(socket))["error_id"] == "ih5004"
        await one.send(b"x")
        assert (await said(one))["error_id"] == "ih3006"
        assert await ended(one) == 1008
        await other.send(b"x")
        assert await ended(other) == 1008
    assert await refused(opened(service, token)) == (429, "ih3006")


async def test_what_was_granted_and_not_sent_is_given_back(service: Running, key: NewKey) -> None:
    token = mint(service, key, max_bytes=100_000)["access_token"]
    for _ in range(3):
        async with opened(service, token) as socket:
            await socket.send(FRAME)
            await said(socket)
        await asyncio.to_thread(emptied, service)
    async with opened(service, token) as socket:
        await socket.send(bytes(100_000 - 3 * len(FRAME)))
        assert (await said(socket))["status"] == "processing"


async def test_a_session_lasts_no_longer_than_its_token_lets_it(service: Running, key: NewKey) -> None:
    token = mint(service, key, max_duration_seconds=1)["access_token"]
    async with opened(service, token) as socket:
        assert await ended(socket) == 1001


async def test_seconds_of_video_used_elsewhere_end_a_stream(service: Running, key: NewKey) -> None:
    token = mint(service, key, max_video_seconds=10, max_concurrent=2)["access_token"]
    tokens = service.service.store.client_tokens
    found = tokens.find(token)
    assert not isinstance(found, str)
    async with opened(service, token) as socket:
        await socket.send(FRAME)
        assert (await said(socket))["error_id"] == "ih5004"
        tokens.analysed(found.token_id, 10.0)
        await socket.send(FRAME)
        assert (await said(socket))["error_id"] == "ih3006"
        assert await ended(socket) == 1008
    assert await refused(opened(service, token)) == (429, "ih3006")


def session(running: Running, version: str, token: str, **options: Any) -> connect:
    """A session with events."""
    address = running.url.replace("http", "ws", 1) + f"/{version}/stream/analyze"
    return connect(address, additional_headers={"Authorization": f"Bearer {token}"}, **options)


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_caps_hold_in_sessions_with_events(service: Running, key: NewKey, version: str) -> None:
    caps = {"max_bytes": 2 * len(FRAME), "max_duration_seconds": 60, "max_concurrent": 1}
    token = mint(service, key, **caps)["access_token"]
    async with session(service, version, token) as socket:
        assert (await said(socket))["data"]["session_max_duration_seconds"] == 60
        async with session(service, version, token) as other:
            assert (await said(other))["data"]["code"] == "ih3002"
            assert await ended(other) == 1013
        for _ in range(2):
            await socket.send(FRAME)
        await socket.send(b"x")
        assert (await said(socket))["data"]["code"] == "ih3006"
        assert await ended(socket) == 1008
    async with session(service, version, token) as socket:
        assert (await said(socket))["data"]["code"] == "ih3006"
        assert await ended(socket) == 1008


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_revocation_ends_sessions_with_events(service: Running, key: NewKey, version: str) -> None:
    token = mint(service, key)["access_token"]
    async with session(service, version, token) as socket:
        assert (await said(socket))["type"] == "session.ready"
        service.service.store.client_tokens.revoke(token, key.key_id)
        await socket.send(FRAME)
        assert (await said(socket))["data"]["code"] == "ih2014"
        assert await ended(socket) == 1008
    assert await refused(session(service, version, token)) == (401, "ih2014")


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_pages_and_lone_subprotocols_in_sessions_with_events(service: Running, key: NewKey, version: str) -> None:
    token = mint(service, key, allowed_origins=[PAGE])["access_token"]
    assert await refused(session(service, version, token, **browser(ELSEWHERE))) == (403, "ih4000")
    assert await refused(session(service, version, key.api_key, **browser(PAGE))) == (403, "ih4000")
    address = service.url.replace("http", "ws", 1) + f"/{version}/stream/analyze"
    async with connect(address, subprotocols=[Subprotocol(token)], **browser(PAGE)) as socket:
        assert (await said(socket))["type"] == "session.ready"
    # Told on an open connection, as this version has it: browsers need their subprotocol for that, too.
    narrow = mint(service, key, scopes=[UPLOAD_SCOPE])["access_token"]
    async with connect(address, subprotocols=[Subprotocol(narrow)]) as socket:
        assert (await said(socket))["data"]["code"] == "ih2003"
        assert await ended(socket) == 4003


def test_seconds_of_video_count_over_uploads_and_streams(running: Running, sample_segments: list[bytes]) -> None:
    key = running.service.store.create(SCOPES)
    token = mint(running, key, max_video_seconds=4, scopes=list(SCOPES))["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    for path, status in (("/v0/upload/analyze", 200), ("/v1/upload/analyze", 429)):
        answer = httpx.post(running.url + path, headers=headers, files={"file": sample_segments[0]}, timeout=60)
        assert answer.status_code == status
    assert answer.json()["error_id"] == "ih3006"
    assert "retry-after" not in answer.headers


def test_bytes_count_for_files(service: Running, key: NewKey) -> None:
    token = mint(service, key, max_bytes=20_000, scopes=[UPLOAD_SCOPE])["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{service.url}/v1/upload/analyze", headers=headers, files={"file": bytes(20_001)})
    assert (answer.status_code, answer.json()["error_id"]) == (429, "ih3006")


async def test_while_the_database_is_away_a_stream_goes_on(
    service: Running, key: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("hush", None, Exception("hush"))

    token = mint(service, key, max_bytes=100_000)["access_token"]
    async with opened(service, token) as socket:
        for name in ("grant", "look", "leave"):
            monkeypatch.setattr(service.service.store.client_tokens, name, away)
        await socket.send(FRAME)
        assert (await said(socket))["error_id"] == "ih5004"
    await asyncio.to_thread(emptied, service)


def browser(origin: str) -> dict[str, Any]:
    return {"origin": Origin(origin)}


async def test_pages_of_the_origins_a_token_names_may_use_it(service: Running, key: NewKey) -> None:
    token = mint(service, key, allowed_origins=[PAGE], max_concurrent=9)["access_token"]
    for origin in (PAGE, PAGE.upper(), f"{PAGE}:443"):
        async with opened(service, token, **browser(origin)):
            pass
    async with opened(service, token):  # what is no browser says no origin
        pass
    for origin in (ELSEWHERE, "null", f"{PAGE}:8443", f"{PAGE}.evil.example", service.url, "http://localhost:3000"):
        assert await refused(opened(service, token, **browser(origin))) == (403, "ih4000")


async def test_an_origin_that_one_token_names_opens_nothing_to_other_credentials(service: Running, key: NewKey) -> None:
    mint(service, key, allowed_origins=[PAGE])
    other = mint(service, key, allowed_origins=[ELSEWHERE])["access_token"]
    without = mint(service, key)["access_token"]
    for credential in (other, without, key.api_key, service.token()):
        assert await refused(opened(service, credential, **browser(PAGE))) == (403, "ih4000")
    assert await refused(opened(service, "nonsense", **browser(PAGE))) == (403, "ih4000")


async def test_no_page_may_use_a_token_that_names_no_origin(service: Running, key: NewKey) -> None:
    token = mint(service, key, allowed_origins=[])["access_token"]
    assert await refused(opened(service, token, **browser(service.url))) == (403, "ih4000")
    async with opened(service, token):
        pass


async def test_the_services_own_rule_holds_where_a_token_names_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, IdleEngine(), allow_origins=(PAGE,), max_sessions=9) as running:
        key = running.service.store.create(SCOPES)
        plain, bound = mint(running, key), mint(running, key, allowed_origins=[ELSEWHERE])
        async with opened(running, plain["access_token"], **browser(PAGE)):
            pass
        assert await refused(opened(running, plain["access_token"], **browser("https://third.example"))) == (
            403,
            "ih4000",
        )
        # A token's own list comes first: what the operator lets in is not enough.
        assert await refused(opened(running, bound["access_token"], **browser(PAGE))) == (403, "ih4000")


def test_a_page_that_a_token_names_may_ask_and_read(service: Running, key: NewKey) -> None:
    page = "https://uploads.example"
    ask = {"Origin": page, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    address = f"{service.url}/v1/upload/analyze"
    assert httpx.options(address, headers=ask).status_code == 403
    token = mint(service, key, scopes=[UPLOAD_SCOPE], allowed_origins=[page])["access_token"]
    preflight = httpx.options(address, headers=ask)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (200, page)
    answer = httpx.post(address, headers={"Origin": page, "Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (400, page)
    assert upload(service, key.api_key, Origin=page) == (403, "ih4000")
    # Where keys are shown, the service's own rule is the only one.
    for path in ("/v0/auth", "/v1/auth", "/v1/client_tokens", "/v1/client_tokens/revoke", "/metrics", "/"):
        assert httpx.options(service.url + path, headers=ask).status_code == 403
        assert "access-control-allow-origin" not in httpx.post(service.url + path, headers={"Origin": page}).headers


async def test_while_the_database_is_away_a_page_is_told_to_come_back(tmp_path: Path) -> None:
    with serving(tmp_path, IdleEngine()) as running:
        raw = sqlite3.connect(tmp_path / "interhuman.sqlite3")
        raw.execute("DROP TABLE client_token_origins")
        raw.execute("DROP TABLE client_tokens")
        raw.close()
        assert await refused(opened(running, "ih_client_some", **browser(ELSEWHERE))) == (503, "ih1003")


def test_invalid_tokens_are_guesses_and_stale_ones_are_not(tmp_path: Path) -> None:
    with serving(tmp_path, wrong_credentials=6) as running:
        key = running.service.store.create(SCOPES)
        made = running.service.store.client_tokens.create(key.key_id, 1, [UPLOAD_SCOPE], -CLOCK_LEEWAY - 1, Caps())
        assert made is not None
        revoked = mint(running, key, scopes=[UPLOAD_SCOPE])["access_token"]
        running.service.store.client_tokens.revoke(revoked, key.key_id)
        assert {upload(running, token) for token in (made[0], revoked) for _ in range(10)} == {
            (401, "ih2010"),
            (401, "ih2014"),
        }
        forget_guesses(running, 6)
        told = [upload(running, f"ih_client_{number}") for number in range(8)]
        assert told == [(401, "ih2011")] * 6 + [(429, "ih3003")] * 2
    with serving(tmp_path, wrong_credentials=6) as running:
        forget_guesses(running, 6)
        told = [
            (answer.status_code, answer.json()["error_id"])
            for answer in (post(running, "/v1/client_tokens", {"api_key": f"ih_live_{n}"}) for n in range(8))
        ]
        assert told == [(401, "ih2002")] * 6 + [(429, "ih3003")] * 2


def test_what_is_done_with_client_tokens_is_written_down(tmp_path: Path) -> None:
    with serving(tmp_path) as running:
        store = running.service.store
        key = store.create(SCOPES)
        token = mint(running, key, scopes=[UPLOAD_SCOPE], allowed_origins=[PAGE])["access_token"]
        mint(running, key, scopes=[UPLOAD_SCOPE], allowed_origins=[ELSEWHERE])
        upload(running, token, Origin=ELSEWHERE)
        upload(running, "ih_client_nothing")
        post(running, "/v1/client_tokens/revoke", {"api_key": key.api_key, "token": token})
        upload(running, token)
        post(running, "/v1/client_tokens/revoke", {"api_key": key.api_key, "token": "nonsense"})
        running.service.guard.audit.close()
        log = {(each.event, each.key_id, each.detail) for each in store.audit()}
    assert log == {
        ("key created", key.key_id, " ".join(SCOPES)),
        ("client token issued", key.key_id, UPLOAD_SCOPE),
        ("refused", key.key_id, "a page of an origin that may not"),
        ("refused", None, "client token invalid"),
        ("client token revoked", key.key_id, None),
        ("refused", None, "client token revoked"),
        ("refused", key.key_id, "revocation of what is no client token of the key"),
    }
    assert token not in str(log)


@pytest.mark.parametrize("path", ["/v0/nothing", "/v3/stream/analyze", "/", "/v0/auth", "/web/page.js", "/readyz"])
async def test_a_socket_to_where_there_is_none_is_not_found(service: Running, path: str) -> None:
    with pytest.raises(InvalidStatus) as told:
        await connect(service.url.replace("http", "ws", 1) + path)
    response = told.value.response
    body = json.loads(response.body)
    assert (response.status_code, body["error_id"]) == (404, "ih4000")
    assert body["correlation_id"] == response.headers["X-Correlation-ID"]
