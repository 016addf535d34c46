"""Checks of `POST /v0/auth`: a key pair for a token."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from interhuman_stream.conformance.check import Check
from interhuman_stream.conformance.exchange import ask_token, refusal, request
from interhuman_stream.conformance.target import Failed, KeyPair, Skipped
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import STREAM_SCOPE, TOKEN_SECONDS, UPLOAD_SCOPE
from interhuman_stream.protocol.paths import AUTH_V0

if TYPE_CHECKING:
    from interhuman_stream.conformance.target import Target

TOKEN: Final = re.compile(r"[A-Za-z0-9_.-]+")


async def _grants(target: Target) -> None:
    answer = await ask_token(target.url, target.key_pair(), [held(target)])
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise Failed("status 200", f"status {answer.status}")
    body = answer.json()
    expected = {"token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": held(target)}
    for name, value in expected.items():
        if body.get(name) != value:
            raise Failed(f"{name} {value!r}", f"{name} {body.get(name)!r}")
    if not isinstance(body.get("access_token"), str) or not body["access_token"]:
        raise Failed("a text under access_token", f"{type(body.get('access_token')).__name__}")


async def _fits_a_subprotocol(target: Target) -> None:
    answer = await ask_token(target.url, target.key_pair(), [held(target)])
    token = answer.json().get("access_token")
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        others = sorted({*TOKEN.sub("", token)}) if isinstance(token, str) else []
        got = f"one with {', '.join(map(repr, others))}" if others else "none"
        raise Failed("a token of letters, digits, '-', '_' and '.' alone", got)


async def _wrong_secret(target: Target) -> None:
    pair = KeyPair(target.key_pair().key_id, "not-the-secret-of-this-key")
    refusal(await ask_token(target.url, pair, [STREAM_SCOPE]), 401)


async def _unknown_key(target: Target) -> None:
    pair = KeyPair("no-key-of-this-server", target.key_pair().key_secret)
    refusal(await ask_token(target.url, pair, [STREAM_SCOPE]), 401)


async def _missing_secret(target: Target) -> None:
    body = {"key_id": "a-key", "scopes": [STREAM_SCOPE]}
    answer = await request(target.url + AUTH_V0, json=body)
    refusal(answer, 400, error_id=errors.SECRET_MISSING.id)


async def _malformed(target: Target) -> None:
    headers = {"Content-Type": "application/json"}
    refusal(await request(target.url + AUTH_V0, content=b'{"key_id": ', headers=headers), 422)


async def _no_scopes(target: Target) -> None:
    refusal(await ask_token(target.url, target.key_pair(), []), 400, 422)


async def _scope_not_held(target: Target) -> None:
    pair = target.key_pair()
    lacking = [
        scope
        for scope, access in ((STREAM_SCOPE, target.stream), (UPLOAD_SCOPE, target.upload))
        if access.token is None
    ]
    if not lacking:
        raise Skipped("the key has both scopes; give one that lacks one")
    refusal(await ask_token(target.url, pair, lacking[:1]), 403, error_id=errors.SCOPE_MISSING.id)


def held(target: Target) -> str:
    """Name a scope that the key has."""
    return UPLOAD_SCOPE if target.stream.token is None and target.upload.token is not None else STREAM_SCOPE


CHECKS: Final = (
    Check(
        "auth-grant",
        "auth",
        "POST /v0/auth with key_id, key_secret and scopes answers 200 with access_token, token_type Bearer,"
        " expires_in 900 and the granted scope.",
        _grants,
    ),
    Check(
        "auth-token-alphabet",
        "auth",
        "A token is usable as a WebSocket subprotocol: base64url characters and dots only, no = and no spaces.",
        _fits_a_subprotocol,
    ),
    Check("auth-wrong-secret", "auth", "A wrong key_secret is answered with 401.", _wrong_secret),
    Check("auth-unknown-key", "auth", "A wrong key_id is answered with 401.", _unknown_key),
    Check("auth-missing-secret", "auth", "A missing key_secret is answered with 400 ih2005.", _missing_secret),
    Check("auth-malformed", "auth", "A malformed body is answered with 422.", _malformed),
    Check("auth-no-scopes", "auth", "scopes holds at least one; none is answered with 400 or 422.", _no_scopes),
    Check("auth-scope-not-held", "auth", "A scope that the key lacks is answered with 403 ih2003.", _scope_not_held),
)
