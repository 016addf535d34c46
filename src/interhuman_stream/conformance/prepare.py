"""Finds out what the credentials are good for, before the checks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, TypeVar

import httpx
from websockets.exceptions import InvalidHandshake, InvalidProxyStatus, InvalidStatus

from interhuman_stream.bounds import Unbounded
from interhuman_stream.conformance.check import AN_ANSWER
from interhuman_stream.conformance.exchange import Answer, admitted, ask_token, request
from interhuman_stream.conformance.room import WAIT, Full, Told, let_in, untold
from interhuman_stream.conformance.session import Opening
from interhuman_stream.conformance.target import Access, Failed, KeyPair, Target
from interhuman_stream.faults import Fault
from interhuman_stream.protocol.limits import STREAM_SCOPE, UPLOAD_SCOPE
from interhuman_stream.protocol.paths import AUTH_V0, UPLOAD_V0
from interhuman_stream.proxies import UnusableProxy, proxy_for

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from interhuman_stream.conformance.clip import Clip

T = TypeVar("T")

SWITCHING: Final = 101
OK: Final = 200
REDIRECTS: Final = range(300, 400)
UNAUTHORIZED: Final = 401
FORBIDDEN: Final = 403


class CannotConnect(Fault):
    """The server cannot be reached, or stays full."""


class NoAccess(Fault):
    """The server takes the credentials for nothing."""


async def with_key(url: str, clip: Clip, key: KeyPair, *, wait: float = WAIT, told: Told = untold) -> Target:
    """Take a server and a key pair for it.

    Args:
        url: The server's base URL.
        clip: The media that is sent.
        key: The key pair.
        wait: Seconds to wait for a server that is full.
        told: Is told of it.

    Raises:
        CannotConnect: The server cannot be reached, or stays full.
        NoAccess: It refuses the key pair.
    """
    stream, upload = [await _granted(url, key, scope, wait, told) for scope in (STREAM_SCOPE, UPLOAD_SCOPE)]
    return _usable(Target(url, clip, key, stream, upload))


async def with_bearer(url: str, clip: Clip, bearer: str, *, wait: float = WAIT, told: Told = untold) -> Target:
    """Take a server and a token or an API key for it; see ``with_key``.

    Raises:
        CannotConnect: The server cannot be reached, or stays full.
        NoAccess: It refuses the credential.
    """
    address = Target(url, clip, None, Access(), Access()).socket_url
    stream = await _answered(address, lambda: _upgrade_status(address, bearer), wait, told)
    upload = (await _answered(url, lambda: request(url + UPLOAD_V0, token=bearer), wait, told)).status
    if UNAUTHORIZED in {stream, upload}:
        raise NoAccess("the server answered 401; check the token or the API key")
    access = [_probed(status, bearer, scope) for status, scope in ((stream, STREAM_SCOPE), (upload, UPLOAD_SCOPE))]
    return _usable(Target(url, clip, None, *access))


async def _answered(url: str, ask: Callable[[], Awaitable[T]], wait: float, told: Told) -> T:
    """Ask a server that may be full.

    Raises:
        CannotConnect: It cannot be reached, or stays full.
    """

    async def attempt() -> T:
        async with asyncio.timeout(AN_ANSWER):
            return await ask()

    try:
        return await let_in(attempt, wait, told)
    except Full as full:
        raise CannotConnect(str(full)) from None
    except UnusableProxy as unusable:
        raise CannotConnect(str(unusable)) from None
    except Unbounded as unbounded:
        raise CannotConnect(f"{url} is not listened to: {unbounded}") from None
    except (ImportError, OSError, EOFError, httpx.TransportError, httpx.InvalidURL, InvalidHandshake) as error:
        raise CannotConnect(_unreached(url, error)) from None


def _unreached(url: str, error: Exception) -> str:
    """Say why there was no answer, and what stands between us and the server."""
    silent = isinstance(error, TimeoutError) and not str(error)
    cause = f"no answer within {AN_ANSWER:g} s" if silent else str(error) or type(error).__name__
    proxy = proxy_for(url)
    if proxy is None:
        return f"{url} cannot be reached ({cause}); check the address and that the server is up"
    if isinstance(error, ImportError) and proxy.socks:
        return proxy.needs_more()
    if isinstance(error, InvalidProxyStatus):
        return proxy.refused(error.response.status_code)
    if isinstance(error, httpx.ProxyError) and cause[:3].isdigit():
        return proxy.refused(int(cause[:3]))
    return proxy.unreachable(url, cause)


async def _granted(url: str, key: KeyPair, scope: str, wait: float, told: Told) -> Access:
    answer = await _answered(url, lambda: ask_token(url, key, [scope]), wait, told)
    _stays(url + AUTH_V0, answer)
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
        async with Opening(address, additional_headers={"Authorization": f"Bearer {bearer}"}):
            return SWITCHING
    except InvalidStatus as refusal:
        response = refusal.response
        answer = admitted(Answer(response.status_code, response.headers, b""))
        _stays(address, answer)
        return answer.status


def _stays(address: str, answer: Answer) -> None:
    """Go no further with a server that sends us to another.

    Raises:
        CannotConnect: It does.
    """
    if answer.status in REDIRECTS and (location := answer.headers.get("Location")):
        raise CannotConnect(
            f"{address} answered {answer.status} and sends us to {location}, which is not followed; give the base "
            "address of the API itself"
        )


def _probed(status: int, bearer: str, scope: str) -> Access:
    return Access(why_not=f"the credential lacks the scope {scope}") if status == FORBIDDEN else Access(bearer)


def _usable(target: Target) -> Target:
    lacking = [access.why_not for access in (target.stream, target.upload) if "lacks" in access.why_not]
    if len(lacking) == 2:  # noqa: PLR2004 - both
        raise NoAccess("; ".join(lacking))
    return target
