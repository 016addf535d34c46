"""Keys and tokens: who gets in, who does not, and that secrets stay secret."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE
from interhuman_stream.service.access.database import CLOCK_LEEWAY
from interhuman_stream.service.access.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Running

GOOD = object()
JSON = {"Content-Type": "application/json"}


def ask(running: Running, body: Any, **changes: Any) -> httpx.Response:
    """POST to /v0/auth: a good request with ``changes``, or ``body`` itself where it is not GOOD."""
    if body is not GOOD:
        return httpx.post(f"{running.url}/v0/auth", content=body, headers=JSON)
    new = running.service.store.create([STREAM_SCOPE])
    good = {"key_id": new.key_id, "key_secret": new.key_secret, "scopes": [STREAM_SCOPE]}
    sent = {name: value for name, value in (good | changes).items() if value is not None}
    return httpx.post(f"{running.url}/v0/auth", json=sent)


def test_a_key_is_exchanged_for_a_token(running: Running) -> None:
    answer = ask(running, GOOD)
    assert answer.status_code == 200
    body = answer.json()
    assert [*body] == ["access_token", "token_type", "expires_in", "scope"]
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 900, STREAM_SCOPE)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", body["access_token"])
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "status", "identity"),
    [
        ({"key_secret": None}, 400, "ih2005"),
        ({"key_secret": "wrong"}, 401, "ih2002"),
        ({"key_id": "ihk_nobody"}, 401, "ih2002"),
        ({"scopes": [UPLOAD_SCOPE]}, 403, "ih2003"),
        ({"scopes": ["interhumanai.everything"]}, 400, "ih4000"),
        ({"scopes": []}, 422, "ih4000"),
        ({"scopes": None}, 422, "ih4000"),
        ({"scopes": "interhumanai.stream"}, 422, "ih4000"),
        ({"scopes": [1]}, 422, "ih4000"),
        ({"key_id": 7}, 422, "ih4000"),
        ({"key_secret": ""}, 422, "ih4000"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    running: Running, changes: dict[str, Any], status: int, identity: str
) -> None:
    answer = ask(running, GOOD, **changes)
    body = answer.json()
    assert (answer.status_code, body["error_id"]) == (status, identity)
    assert body["detail"] == body["message"]
    assert body["status_code"] == status
    assert answer.headers["x-correlation-id"] == body["correlation_id"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 60_000, b"x" * 70_000])
def test_a_body_that_is_no_json_object_is_malformed(running: Running, body: bytes) -> None:
    assert ask(running, body).status_code == 422


@settings(max_examples=50)  # each is a request
@given(
    st.dictionaries(
        st.sampled_from(["key_id", "key_secret", "scopes", "more"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=4,
        ),
    )
)
def test_no_body_breaks_it(running: Running, body: dict[str, Any]) -> None:
    answer = httpx.post(f"{running.url}/v0/auth", content=json.dumps(body), headers=JSON)
    assert answer.status_code in {400, 401, 422}
    assert answer.json()["error_id"]


def test_addresses_and_methods_that_are_not_there_say_so(running: Running) -> None:
    lost = httpx.get(f"{running.url}/v0/nothing")
    assert (lost.status_code, lost.json()["status_code"]) == (404, 404)
    wrong = httpx.get(f"{running.url}/v0/auth")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert wrong.headers["x-correlation-id"]
    assert httpx.get(f"{running.url}/healthz").json() == {"status": "ok"}


def forged(running: Running, **changes: Any) -> str:
    now = int(time.time())
    signing = running.service.store.signing()
    claims = {"sub": "ihk_x", "gen": 1, "scope": STREAM_SCOPE, "iat": now, "exp": now + 900} | changes
    return jwt.encode(claims, signing.secret, algorithm="HS256", headers={"kid": signing.kid})


def with_header(token: str, **changes: Any) -> str:
    """The token with another header before its claims and signature."""
    header, rest = token.split(".", 1)
    read = json.loads(base64.urlsafe_b64decode(header + "=="))
    return base64.urlsafe_b64encode(json.dumps(read | changes).encode()).rstrip(b"=").decode() + "." + rest


def signed_by_another(running: Running) -> str:
    """Signed with a secret of the forger's, in the name of the key that signs."""
    claims = {"sub": "ihk_x", "gen": 1, "scope": STREAM_SCOPE, "iat": int(time.time()), "exp": 1 << 40}
    return jwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": running.service.store.signing().kid})


def unsigned(running: Running) -> str:
    good = running.token()
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    return f"{header}.{good.split('.')[1]}."


BAD_TOKENS: dict[str, Callable[[Running], str]] = {
    "of a key that is not there": forged,
    "expired": lambda running: forged(running, exp=int(time.time()) - CLOCK_LEEWAY - 1),
    "of another signer": signed_by_another,
    "of no generation": lambda running: forged(running, gen="1"),
    "without a signing key's id": lambda running: with_header(running.token(), kid=None),
    "of an unknown signing key": lambda running: with_header(running.token(), kid="sig_0123456789abcdef"),
    "of a signing key that is a path": lambda running: with_header(running.token(), kid="../../dev/null"),
    "of a signing key that is SQL": lambda running: with_header(running.token(), kid="' OR 1=1 --"),
    "of a signing key that is a number": lambda running: with_header(running.token(), kid=1),
    "of another algorithm": lambda running: with_header(running.token(), alg="HS512"),
    "unsigned": unsigned,
    "tampered": lambda running: running.token()[:-4] + "AAAA",
    "nonsense": lambda _running: "nonsense",
    "an API key that is none": lambda _running: "ih_live_nothing",
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_bad_tokens_are_refused(running: Running, name: str) -> None:
    headers = {"Authorization": f"Bearer {BAD_TOKENS[name](running)}"}
    answer = httpx.post(f"{running.url}/v0/upload/analyze", headers=headers)
    assert (answer.status_code, answer.json()["error_id"]) == (401, "ih2002")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_no_credential_and_no_scope_are_told_apart(running: Running) -> None:
    assert httpx.post(f"{running.url}/v0/upload/analyze").json()["error_id"] == "ih2001"
    headers = {"Authorization": f"Bearer {running.token(STREAM_SCOPE)}"}
    answer = httpx.post(f"{running.url}/v1/upload/analyze", headers=headers)
    assert (answer.status_code, answer.json()["error_id"]) == (403, "ih2003")
    assert [*answer.json()] == ["error_id", "correlation_id", "link", "message"]


def test_an_api_key_is_a_credential_and_a_revoked_key_none_at_once(running: Running) -> None:
    store = running.service.store
    new = store.create([UPLOAD_SCOPE])

    def status(credential: str) -> int:
        headers = {"Authorization": f"Bearer {credential}"}
        return httpx.post(f"{running.url}/v0/upload/analyze", headers=headers).status_code

    pair = {"key_id": new.key_id, "key_secret": new.key_secret, "scopes": [UPLOAD_SCOPE]}
    token = httpx.post(f"{running.url}/v0/auth", json=pair).json()["access_token"]
    assert (status(new.api_key), status(token)) == (400, 400)  # let in, and told that there is no file
    assert store.revoke(new.key_id)
    assert (status(new.api_key), status(token)) == (401, 401)
    assert httpx.post(f"{running.url}/v0/auth", json=pair).status_code == 401
    assert not store.revoke("ihk_nobody")


def test_only_hashes_of_secrets_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    new = store.create([STREAM_SCOPE])
    store.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert new.key_id.encode() in kept
    assert new.key_secret.encode() not in kept
    assert new.api_key.encode() not in kept
    assert new.key_secret not in repr(new)
