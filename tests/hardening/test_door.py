"""Who stands at the door: foreign pages, guesses that are none, clocks that differ, and text that is none."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import jwt
import pytest

from interhuman_stream.protocol.limits import SCOPES, STREAM_SCOPE, UPLOAD_SCOPE
from interhuman_stream.service.access.auth import issue
from interhuman_stream.service.access.database import CLOCK_LEEWAY
from tests.hardening.test_sockets import ask
from tests.service.serving import forget_guesses, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from interhuman_stream.service.access.store import NewKey
    from tests.conftest import Running

EVIL = "https://evil.example"
AUTH = ("/v0/auth", "/v1/auth")
TOKENS = ("/v1/client_tokens", "/v1/client_tokens/revoke")
FORM = "/v0/upload/analyze"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("door")
    with serving(folder, wrong_credentials=12, forwarded_allow_ips=("127.0.0.1", "10.0.0.0/8")) as running:
        yield running


@pytest.fixture
def door(service: Running) -> Running:
    """A service that believes this machine's proxies, and lets an address be wrong twelve times a minute, as new."""
    forget_guesses(service, 12)
    return service


def held_up(told: list[int]) -> None:
    """See that tries were counted together: of forty twelve were looked at."""
    assert told == [401] * 12 + [429] * 28


def pair(key: NewKey, secret: str | None = None) -> dict[str, Any]:
    return {"key_id": key.key_id, "key_secret": secret or key.key_secret, "scopes": [STREAM_SCOPE]}


def enter(running: Running, body: dict[str, Any], **headers: str) -> tuple[int, str | None]:
    answer = httpx.post(f"{running.url}/v0/auth", json=body, headers=headers)
    return answer.status_code, answer.json().get("error_id")


def raw(running: Running, method: str, path: str, headers: dict[str, str | bytes], body: bytes = b"") -> bytes:
    """Send a request that no client library would, and read the answer."""
    lines = [f"{method} {path} HTTP/1.1".encode()]
    for name, value in ({"Host": "here", "Connection": "close", "Content-Length": str(len(body))} | headers).items():
        lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("latin-1")))
    return ask(running, b"\r\n".join(lines) + b"\r\n\r\n" + body)


def code(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


# Foreign pages


FOREIGN = (EVIL, "null", "http://[", "", "http://a b", f"{EVIL}:99999999", "x" * 9000, "\x1b[31m")
ASKED = (*AUTH, *TOKENS, FORM, "/v1/upload/analyze", "/v2/upload/analyze", "/metrics")


def test_a_foreign_page_is_refused_before_anything_is_counted(door: Running) -> None:
    key = door.service.store.create(SCOPES)
    body = json.dumps(pair(key, "guess") | {"api_key": "ih_live_guess", "token": "ih_client_guess"}).encode()
    refused = {*door.service.guard.audit._refusals}
    for origin in FOREIGN:
        for number, path in enumerate(ASKED):
            kind = "text/plain" if number % 2 else "application/json"
            asked = {"Origin": origin, "Content-Type": kind, "Authorization": "Bearer ih_live_guess"}
            answer = raw(door, "POST", path, {**asked}, body)
            assert code(answer) == 403, answer
            assert b"ih4000" in answer
    assert door.service.guard.throttle.remembered == 0
    assert refused == door.service.guard.audit._refusals
    assert enter(door, pair(key))[0] == 200


def test_what_a_page_tries_that_a_token_names_counts_for_that_page_alone(door: Running) -> None:
    key = door.service.store.create(SCOPES)
    made = {"api_key": key.api_key, "allowed_origins": [EVIL], "scopes": [UPLOAD_SCOPE]}
    assert httpx.post(door.url + TOKENS[0], json=made).is_success

    def tried(credential: str) -> int:
        headers = {"Origin": EVIL, "Authorization": f"Bearer {credential}"}
        return httpx.post(door.url + FORM, headers=headers).status_code

    assert {tried(f"ih_live_{number}") for number in range(40)} == {403}
    assert door.service.guard.throttle.remembered == 0
    held_up([tried(f"ih_client_{number}") for number in range(40)])
    assert enter(door, pair(key))[0] == 200


NO_JSON = (None, "", "text/plain", "text/plain; application/json", "multipart/form-data", "application/jsonx")


@pytest.mark.parametrize("path", [*AUTH, *TOKENS])
def test_a_body_that_does_not_say_it_is_json_is_not_read(door: Running, path: str) -> None:
    key = door.service.store.create(SCOPES)
    body = json.dumps(pair(key, "guess") | {"api_key": "ih_live_guess", "token": "ih_client_guess"}).encode()
    for kind in NO_JSON * 3:
        headers: dict[str, str | bytes] = {} if kind is None else {"Content-Type": kind}
        answer = raw(door, "POST", path, headers, body)
        assert (code(answer), b"ih4000" in answer) == (422, True)
    assert door.service.guard.throttle.remembered == 0


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"])
def test_a_body_may_say_so_in_any_way(door: Running, kind: str) -> None:
    body = json.dumps(pair(door.service.store.create(SCOPES))).encode()
    assert code(raw(door, "POST", "/v0/auth", {"Content-Type": kind}, body)) == 200


# Guesses


def test_an_old_secret_does_not_hold_up_the_right_one_at_its_address(door: Running) -> None:
    key = door.service.store.create([STREAM_SCOPE])
    new = door.service.store.rotate(key.key_id)
    assert new is not None
    assert [enter(door, pair(key))[0] for _ in range(10)] == [401] * 2 + [429] * 8
    assert enter(door, pair(new))[0] == 200
    # What is remembered of it is no secret, nor a hash that others could compare with one.
    remembered = repr(vars(door.service.guard.throttle._pairs))
    assert key.key_secret not in remembered
    assert door.service.guard.throttle.fingerprint(key.key_secret) != type(door.service.guard.throttle)(12).fingerprint(
        key.key_secret
    )


def test_parts_of_a_credential_are_not_taken_for_each_other(door: Running) -> None:
    fingerprint = door.service.guard.throttle.fingerprint
    assert fingerprint("ab", "c") != fingerprint("a", "bc") != fingerprint("abc")


# Clocks


@pytest.mark.parametrize("ahead", [0.05, 1.0, CLOCK_LEEWAY - 1])
def test_a_token_of_a_clock_that_is_ahead_is_good(door: Running, monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    store = door.service.store
    key = store.live(store.create([UPLOAD_SCOPE]).key_id)
    assert key
    for _ in range(20):
        with monkeypatch.context() as patch:
            now = time.time()
            patch.setattr("interhuman_stream.service.access.auth.time.time", lambda now=now: now + ahead)
            token = issue(key, [UPLOAD_SCOPE], store.signing())
        assert httpx.post(door.url + FORM, headers={"Authorization": f"Bearer {token}"}).status_code == 400


@pytest.mark.parametrize(
    "shift", [{"iat": 600}, {"nbf": 600}, {"exp": -600}, {"exp": -CLOCK_LEEWAY - 2}, {"iat": 600, "exp": 1500}]
)
def test_what_we_signed_is_never_a_guess(door: Running, shift: dict[str, int]) -> None:
    store, now = door.service.store, int(time.time())
    key = store.create([UPLOAD_SCOPE])
    claims = {"sub": key.key_id, "gen": 1, "scope": UPLOAD_SCOPE, "iat": now, "exp": now + 900}

    def status(number: int) -> int:
        signing = store.signing()
        stale = claims | {name: now + by for name, by in shift.items()} | {"jti": str(number)}
        token = jwt.encode(stale, signing.secret, headers={"kid": signing.kid})
        return httpx.post(door.url + FORM, headers={"Authorization": f"Bearer {token}"}).status_code

    assert {status(number) for number in range(30)} == {401}
    assert door.service.guard.throttle.remembered == 0


def test_tokens_of_a_signing_key_that_was_dropped_are_no_guesses(door: Running) -> None:
    tokens = [door.token(UPLOAD_SCOPE) for _ in range(30)]
    door.service.store.rotate_signing(at_once=True)
    headers = [{"Authorization": f"Bearer {token}"} for token in tokens]
    assert {httpx.post(door.url + FORM, headers=each).status_code for each in headers} == {401}
    assert door.service.guard.throttle.remembered == 0


# Addresses


def test_only_an_address_is_taken_for_one_and_only_from_a_proxy_that_is_trusted(door: Running) -> None:
    before = {each.client for each in door.service.guard.audit._refusals}
    for number, named in enumerate(
        [
            "\x1b]0;PWNED\x07\x1b[31mred", "203.0.113.7%1", "fe80::1%eth0", "unknown", "203.0.113.7:x", "[::1", "1.2.3",
            "203.0.113.8, 203.0.113.7", "9.9.9.9, 203.0.113.7, 10.1.2.3", "<script>, 203.0.113.7:4711",
        ]
    ):  # fmt: skip
        assert code(raw(door, "POST", FORM, {"X-Forwarded-For": named, "Authorization": f"Bearer {number}"})) == 401
    seen = {each.client for each in door.service.guard.audit._refusals} - before
    assert seen | {"127.0.0.1"} == {"127.0.0.1", "203.0.113.7"}


def test_addresses_that_a_client_makes_up_are_one(door: Running) -> None:
    def tried(number: int, address: str) -> int:
        headers = {"X-Forwarded-For": address, "Authorization": f"Bearer ih_live_{number}"}
        return httpx.post(door.url + FORM, headers=headers).status_code

    for address in ("192.0.2.5%{}", "fe80::1%{}", "192.0.2.6:{}", "[2001:db8::{:x}]:80", "10.0.0.1{}, nobody"):
        held_up([tried(number, address.format(number)) for number in range(1000, 1040)])
        forget_guesses(door, 12)


def test_nobody_is_a_proxy_unless_it_is_set(tmp_path: Path) -> None:
    with serving(tmp_path, wrong_credentials=12) as running:
        told = []
        for number in range(40):
            named = {"X-Forwarded-For": f"203.0.113.{number}", "Authorization": f"Bearer ih_live_{number}"}
            told.append(httpx.post(running.url + FORM, headers=named).status_code)
    held_up(told)


# Headers


@pytest.mark.parametrize("lines", [{"X-Long": "x" * 9000}, {f"X-{number}": "1" for number in range(140)}])
def test_an_upgrade_with_too_many_headers_is_told_so(door: Running, lines: dict[str, str | bytes]) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    upgrade |= {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    for path in ("/v0/stream/analyze", "/v2/stream/analyze?x="):
        answer = raw(door, "GET", path, {**upgrade, **lines})
        assert answer.startswith(b"HTTP/1.1 431 "), answer
    long = raw(door, "GET", "/v0/stream/analyze?" + "x" * 9000, {**upgrade})
    assert long.startswith(b"HTTP/1.1 431 "), long
    assert urlsplit(door.url).port
