"""Forged credentials, paths that lead out, and forms made to hurt: all of them refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest

from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE
from tests.hardening.test_sockets import ask

if TYPE_CHECKING:
    from tests.conftest import Running

NOW = int(time.time())
FORM = "/v0/upload/analyze"


def part(content: Any) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(running: Running, **changes: Any) -> dict[str, Any]:
    key = running.service.store.create([STREAM_SCOPE, UPLOAD_SCOPE])
    scope = f"{STREAM_SCOPE} {UPLOAD_SCOPE}"
    return {"sub": key.key_id, "gen": 1, "scope": scope, "iat": NOW, "exp": NOW + 900} | changes


def signed(running: Running, payload: dict[str, Any]) -> str:
    """A token with the service's own signature."""
    key = running.service.store.signing()
    text = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': key.kid})}.{part(payload)}"
    return f"{text}.{part(hmac.new(key.secret, text.encode(), hashlib.sha256).digest())}"


def refused(running: Running, token: str) -> bool:
    answer = httpx.post(running.url + FORM, headers={b"Authorization": b"Bearer " + token.encode()})
    return answer.status_code in {401, 431}  # as it is too long to be looked at


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, "RS256", "HS512", 5, ["HS256"]])
@pytest.mark.parametrize("signature", ["", "AAAA"])
def test_an_unsigned_token_lets_nobody_in(running: Running, algorithm: Any, signature: str) -> None:
    header = part({"alg": algorithm, "typ": "JWT"})
    assert refused(running, f"{header}.{part(claims(running))}.{signature}")


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "../../../../dev/null"},
        {"kid": "' or 1=1 --"},
        {"kid": "a\x00b"},
        {"kid": 7},
        {"kid": "k" * 50_000},
        {"jku": "http://127.0.0.1:1/keys"},
        {"jwk": {"kty": "oct", "k": part(b"a" * 32)}},
        {"crit": ["exp"]},
        {"x5u": "file:///etc/passwd"},
    ],
)
@pytest.mark.parametrize("key", [b"", b"a" * 32, bytes(32)])
def test_a_header_cannot_name_its_own_key(running: Running, header: dict[str, Any], key: bytes) -> None:
    # Assembled by hand: the library refuses to sign with an empty key.
    signed = f"{part({'alg': 'HS256', 'typ': 'JWT'} | header)}.{part(claims(running))}"
    token = f"{signed}.{part(hmac.new(key, signed.encode(), hashlib.sha256).digest())}"
    assert refused(running, token)


@pytest.mark.parametrize("changes", [{"exp": NOW - 60}, {"nbf": NOW + 600}, {"iat": NOW + 600}, {"exp": "never"}])
def test_a_token_outside_its_time_lets_nobody_in(running: Running, changes: dict[str, Any]) -> None:
    assert not refused(running, signed(running, claims(running)))
    assert refused(running, signed(running, claims(running, **changes)))


@pytest.mark.parametrize("missing", ["sub", "gen", "scope", "iat", "exp"])
def test_a_token_that_lacks_a_claim_lets_nobody_in(running: Running, missing: str) -> None:
    payload = claims(running)
    del payload[missing]
    assert refused(running, signed(running, payload))


def test_a_changed_payload_lets_nobody_in(running: Running) -> None:
    head, payload, signature = running.token(STREAM_SCOPE).split(".")
    content = jwt.decode(f"{head}.{payload}.{signature}", options={"verify_signature": False})
    assert refused(running, f"{head}.{part(content | {'scope': UPLOAD_SCOPE})}.{signature}")
    for at in range(0, len(signature), 5):
        other = "A" if signature[at] != "A" else "B"
        assert refused(running, f"{head}.{payload}.{signature[:at]}{other}{signature[at + 1 :]}")


@pytest.mark.parametrize("token", ["a" * 30_000, ".." * 1000, "…é", "a.b", "ey.ey.ey", "ih_" + "A" * 40])
def test_what_is_no_token_lets_nobody_in(running: Running, token: str) -> None:
    assert refused(running, token)


@pytest.mark.parametrize(
    "path",
    [
        "/web/../app.py",
        "/web/%2e%2e/app.py",
        "/web/%2e%2e%2fapp.py",
        "/web/%252e%252e%252fapp.py",
        "/web/..%5capp.py",
        "/web//etc/passwd",
        "/web/%2fetc%2fpasswd",
        "/web/index.html%00.js",
        "/web/....//....//app.py",
        "/web/%c0%ae%c0%ae/app.py",
        "/web/page.js/../../app.py",
        "/../../etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_pages_folder(running: Running, path: str) -> None:
    answer = ask(running, f"GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ")[1] in {b"404", b"400"}
    assert b"root:" not in answer
    assert b"import" not in answer


@pytest.mark.parametrize(
    "name", ["../../../../tmp/evil.webm", "/etc/passwd", "a\\..\\b", "x" * 5000, "a%00b.webm", "…🎬"]
)
def test_a_files_name_is_nothing_to_the_service(running: Running, name: str, sample_segments: list[bytes]) -> None:
    header = {"Authorization": f"Bearer {running.token()}"}
    files = {"file": (name, sample_segments[0][:20_000])}
    assert httpx.post(running.url + FORM, files=files, headers=header, timeout=60).status_code in {200, 400, 422}


@pytest.mark.parametrize(
    "data",
    [
        {"include[]": ["conversation_quality_overall"] * 60},
        {"include[]": ["x" * 50_000]},
        {"include[]": ["a\x00b"]},
        {"include[]": ["a"] * 5000},
        {f"field{number}": "a" for number in range(5000)},
    ],
)
def test_a_form_of_many_fields_is_answered(running: Running, data: dict[str, Any]) -> None:
    header = {"Authorization": f"Bearer {running.token()}"}
    answer = httpx.post(running.url + FORM, data=data, files={"file": bytes(20_000)}, headers=header, timeout=60)
    assert answer.status_code in {400, 422}
