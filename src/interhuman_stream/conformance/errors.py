"""Checks of what errors look like, on HTTP and in a session."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from interhuman_stream.conformance.auth import held
from interhuman_stream.conformance.check import AN_ANALYSIS, Check
from interhuman_stream.conformance.exchange import CORRELATION, ask_token, correlated, error_body, refusal, request
from interhuman_stream.conformance.messages import completed, error_text, rejected
from interhuman_stream.conformance.session import answered, opened, refused
from interhuman_stream.conformance.target import Failed
from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.protocol.paths import AUTH_V0, UPLOAD_V0

if TYPE_CHECKING:
    from interhuman_stream.conformance.exchange import Answer
    from interhuman_stream.conformance.target import Target

NOISE: Final = hashlib.shake_256(b"no container begins like this").digest(20_000)
"""Bytes that nothing can decode, the same ones each time."""


async def _undecodable(target: Target) -> None:
    error_text(rejected(await answered(target, NOISE), 1))


async def _after_undecodable(target: Target) -> None:
    completed(await answered(target, NOISE, target.clip.data), 2)


async def _auth_body(target: Target) -> None:
    error_body(await _refused_auth(target))


async def _upgrade_body(target: Target) -> None:
    error_body(await refused(target))


async def _upload_body(target: Target) -> None:
    error_body(await request(target.url + UPLOAD_V0))


async def _not_found(target: Target) -> None:
    answer = await _nowhere(target)
    refusal(answer, 404)
    error_body(answer)


async def _correlation_of_errors(target: Target) -> None:
    correlated(await _refused_auth(target), "POST /v0/auth")
    correlated(await refused(target), "the upgrade")
    correlated(await request(target.url + UPLOAD_V0), "POST /v0/upload/analyze")
    correlated(await _nowhere(target), "an address where nothing is")


async def _correlation_of_grants(target: Target) -> None:
    correlated(await ask_token(target.url, target.key_pair(), [held(target)]), "POST /v0/auth")


async def _correlation_of_upgrades(target: Target) -> None:
    async with opened(target) as socket:
        headers = socket.response.headers if socket.response else {}
    if not headers.get(CORRELATION):
        raise Failed(f"the header {CORRELATION} on every response", "none on the 101 to the upgrade")


async def _refused_auth(target: Target) -> Answer:
    return await request(target.url + AUTH_V0, json={"key_id": "a-key", "scopes": [STREAM_SCOPE]})


async def _nowhere(target: Target) -> Answer:
    return await request(f"{target.url}/v0/there-is-nothing-here", "GET")


CHECKS: Final = (
    Check(
        "error-undecodable",
        "errors",
        "A segment that cannot be decoded is answered with status error, its number and a text under error.",
        _undecodable,
        AN_ANALYSIS,
    ),
    Check(
        "error-session-goes-on",
        "errors",
        "An error has a number of its own, and the session goes on after it.",
        _after_undecodable,
        AN_ANALYSIS,
    ),
    Check(
        "error-body-auth",
        "errors",
        "A refused POST /v0/auth has a JSON body with error_id, correlation_id, link and message.",
        _auth_body,
    ),
    Check(
        "error-body-upgrade",
        "errors",
        "A refused upgrade has a JSON body with error_id, correlation_id, link and message.",
        _upgrade_body,
    ),
    Check(
        "error-body-upload",
        "errors",
        "A refused upload has a JSON body with error_id, correlation_id, link and message.",
        _upload_body,
    ),
    Check(
        "error-not-found",
        "errors",
        "Where nothing is: 404, with error_id, correlation_id, link and message.",
        _not_found,
    ),
    Check(
        "error-correlation-id",
        "errors",
        "Every refusal has the header X-Correlation-ID.",
        _correlation_of_errors,
    ),
    Check(
        "correlation-id-grant",
        "errors",
        "A granted POST /v0/auth has the header X-Correlation-ID, as every response.",
        _correlation_of_grants,
    ),
    Check(
        "correlation-id-upgrade",
        "errors",
        "An accepted upgrade has the header X-Correlation-ID, as every response.",
        _correlation_of_upgrades,
    ),
)
