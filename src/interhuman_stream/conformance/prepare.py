"""Finds out what the credentials are good for, before the checks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, InvalidStatus

from interhuman_stream.conformance.check import AN_ANSWER
from interhuman_stream.conformance.exchange import ask_token, request
from interhuman_stream.conformance.session import SETTINGS
from interhuman_stream.conformance.target import Access, Failed, KeyPair, Target
from interhuman_stream.faults import Fault
from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE
from interhuman_stream.protocol.paths import UPLOAD_V0

if TYPE_CHECKING:
    from interhuman_stream.conformance.clip import Clip

SWITCHING: Final = 101
OK: Final = 200
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403


class CannotConnect(Fault):
    """The server cannot be reached."""


class NoAccess(Fault):
    """The server takes the credentials for nothing."""


async def with_key(url: str, clip: Clip, key: KeyPair) -> Target:
    """Take a server and a key pair for it.

    Raises:
        CannotConnect: The server cannot be reached.
        NoAccess: It refuses the key pair.
    """
    stream, upload = [await _granted(url, key, scope) for scope in (STREAM_SCOPE, UPLOAD_SCOPE)]
    return _usable(Target(url, clip, key, stream, upload))


async def with_bearer(url: str, clip: Clip, bearer: str) -> Target:
    """Take a server and a token or an API key for it.

    Raises:
        CannotConnect: The server cannot be reached.
        NoAccess: It refuses the credential.
    """
    try:
        async with asyncio.timeout(AN_ANSWER):
            stream = await _upgrade_status(Target(url, clip, None, Access(), Access()).socket_url, bearer)
            upload = (await request(url + UPLOAD_V0, token=bearer)).status
    except (OSError, EOFError, httpx.TransportError, httpx.InvalidURL, InvalidHandshake) as error:
        raise _unreachable(url, error) from None
    if UNAUTHORIZED in {stream, upload}:
        raise NoAccess("the server answered 401; check the token or the API key")
    access = [_probed(status, bearer, scope) for status, scope in ((stream, STREAM_SCOPE), (upload, UPLOAD_SCOPE))]
    return _usable(Target(url, clip, None, *access))


async def _granted(url: str, key: KeyPair, scope: str) -> Access:
    try:
        async with asyncio.timeout(AN_ANSWER):
            answer = await ask_token(url, key, [scope])
    except (OSError, httpx.TransportError, httpx.InvalidURL) as error:
        raise _unreachable(url, error) from None
    if answer.status == UNAUTHORIZED:
        raise NoAccess("the server answered 401 to POST /v0/auth; check the key id and secret")
    if answer.status == FORBIDDEN:
        return Access(why_not=f"the key lacks the scope {scope}")
    try:
        token = answer.json().get("access_token") if answer.status == OK else None
    except Failed:
        token = None
    if not isinstance(token, str) or not token:
        return Access(why_not=f"POST /v0/auth gave no token for {scope}: status {answer.status}")
    return Access(token)


async def _upgrade_status(address: str, bearer: str) -> int:
    try:
        async with connect(address, **SETTINGS, additional_headers={"Authorization": f"Bearer {bearer}"}):
            return SWITCHING
    except InvalidStatus as refusal:
        return refusal.response.status_code


def _probed(status: int, bearer: str, scope: str) -> Access:
    return Access(why_not=f"the credential lacks the scope {scope}") if status == FORBIDDEN else Access(bearer)


def _usable(target: Target) -> Target:
    lacking = [access.why_not for access in (target.stream, target.upload) if "lacks" in access.why_not]
    if len(lacking) == 2:  # noqa: PLR2004 - both
        raise NoAccess("; ".join(lacking))
    return target


def _unreachable(url: str, error: Exception) -> CannotConnect:
    silent = isinstance(error, TimeoutError) and not str(error)
    cause = f"no answer within {AN_ANSWER:g} s" if silent else str(error) or type(error).__name__
    return CannotConnect(f"{url} cannot be reached ({cause}); check the address and that the server is up")
