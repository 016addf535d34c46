"""Where tokens are made: `POST /v0/auth`, `/v1/auth`, `/v1/client_tokens` and its `/revoke`, `/web/token`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import JSONResponse, Response

from interhuman_stream.protocol import errors, tokens
from interhuman_stream.protocol.limits import (
    CLIENT_TOKEN_SECONDS,
    LONGEST_CLIENT_TOKEN,
    SHORTEST_CLIENT_TOKEN,
    STREAM_SCOPE,
)
from interhuman_stream.service.access.auth import Refused, exchange, make_client_token
from interhuman_stream.service.access.auth import revoke_client_token as revoke
from interhuman_stream.service.access.client_tokens import Caps
from interhuman_stream.service.access.origins import normal
from interhuman_stream.service.client_text import ORIGIN, says_json, unfit
from interhuman_stream.service.context import service_of

if TYPE_CHECKING:
    from starlette.requests import Request

LARGEST_BODY: Final = 64 * 1024
NO_STORE: Final = {"Cache-Control": "no-store"}


async def auth(request: Request) -> Response:
    """A key's id and secret for a token."""
    asked = await _body(request)
    if "key_secret" not in asked:
        raise Refused(errors.SECRET_MISSING)
    key_id, key_secret = _text(asked, "key_id"), _text(asked, "key_secret")
    scopes = _scopes(asked.get("scopes"))
    service = service_of(request)
    token = await service.database.door(exchange, request, key_id, key_secret, scopes, service.guard)
    return JSONResponse(tokens.token(token, scopes), headers=NO_STORE)


async def client_token(request: Request) -> Response:
    """An API key for a client token, with caps."""
    asked = await _body(request)
    api_key = _text(asked, "api_key")
    scopes = _scopes([STREAM_SCOPE] if asked.get("scopes") is None else asked["scopes"])
    wished = _number(asked, "expires_in", least=None)
    seconds = min(max(CLIENT_TOKEN_SECONDS if wished is None else wished, SHORTEST_CLIENT_TOKEN), LONGEST_CLIENT_TOKEN)
    numbers = {name: _number(asked, name) for name in tokens.CAPS}
    # Left out, one is the default; the others have none.
    given = {name: number for name, number in numbers.items() if number is not None}
    caps = Caps(**given, allowed_origins=_origins(asked.get("allowed_origins")))
    service = service_of(request)
    ask, guard = service.database.door, service.guard
    secret, _ = await ask(make_client_token, request, api_key, scopes, seconds, caps, guard)
    return JSONResponse(tokens.client_token(secret, scopes, seconds, asdict(caps)), headers=NO_STORE)


async def revoke_client_token(request: Request) -> Response:
    """End a client token, and the sessions that are open with it."""
    asked = await _body(request)
    api_key, token = _text(asked, "api_key"), _text(asked, "token")
    service = service_of(request)
    await service.database.door(revoke, request, api_key, token, service.guard)
    return Response(status_code=204)


async def page_token(request: Request) -> Response:
    """A token for the service's own page, and what renews it."""
    asked = await _body(request)
    once, renew = (_text(asked, name) if name in asked else None for name in ("once", "renew"))
    service = service_of(request)
    granted = await service.database.door(service.page.token, request, once, renew)
    return JSONResponse(granted, headers=NO_STORE)


async def _body(request: Request) -> dict[str, Any]:
    # Without it any page could have a browser send one, without asking first (Fetch, 2.2.2).
    if not says_json(request.headers):
        raise Refused(errors.BODY_MALFORMED, "Send the body as JSON, with the header 'Content-Type: application/json'.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused(errors.BODY_MALFORMED, "The body is too large.")
    try:
        asked = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(errors.BODY_MALFORMED, f"The body is no JSON: {error}.") from error
    if not isinstance(asked, dict):
        raise Refused(errors.BODY_MALFORMED, "The body must be a JSON object.")
    if wrong := unfit(asked):
        raise Refused(errors.BODY_MALFORMED, f"The body {wrong}.")
    return asked


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(errors.BODY_MALFORMED, f"{name} must be a string.")
    return value


def _scopes(asked: object) -> tuple[str, ...]:
    if not isinstance(asked, list) or not asked or not all(isinstance(scope, str) for scope in asked):
        raise Refused(errors.BODY_MALFORMED, "scopes must be an array of at least one string.")
    try:
        return tokens.granted_scopes(asked)
    except ValueError as error:
        raise Refused(errors.BAD_REQUEST, str(error)) from error


def _number(asked: dict[str, Any], name: str, least: int | None = 1) -> int | None:
    """A whole number, or None where it is left out; without ``least`` any, for it will be cut to bounds."""
    value = asked.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(errors.BODY_MALFORMED, f"{name} must be a whole number.")
    if least is not None and not least <= value <= tokens.LARGEST_CAP:
        raise Refused(errors.BODY_MALFORMED, f"{name} must be from {least} to {tokens.LARGEST_CAP}.")
    return value


def _origins(asked: object) -> tuple[str, ...] | None:
    if asked is None:
        return None
    if not isinstance(asked, list) or len(asked) > tokens.MOST_ORIGINS:
        raise Refused(errors.BODY_MALFORMED, f"allowed_origins must be an array of at most {tokens.MOST_ORIGINS}.")
    for origin in asked:
        if not isinstance(origin, str) or not ORIGIN.fullmatch(origin):
            raise Refused(
                errors.BODY_MALFORMED,
                "allowed_origins has what is no origin; give scheme and host, such as https://app.example.com.",
            )
    return tuple(dict.fromkeys(normal(origin) for origin in asked))
