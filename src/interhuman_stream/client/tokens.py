"""Where the bearer token of a request comes from, and how a short-lived one is renewed in time."""

from __future__ import annotations

import asyncio
import math
import time
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from interhuman_stream.bounds import read_json
from interhuman_stream.client.address import http_address
from interhuman_stream.client.errors import MissingCredentials, NotJson
from interhuman_stream.client.http import HttpClient, HttpOptions
from interhuman_stream.client.told import number
from interhuman_stream.protocol.limits import STREAM_SCOPE
from interhuman_stream.protocol.paths import AUTH_V0

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

RENEW_BEFORE: Final = 60.0
"""Seconds before a token runs out at which a new one is asked for; a fifth of the lifetime where that is less."""


class TokenProvider(Protocol):
    """Gives the bearer token to use now."""

    async def token(self) -> str:
        """Give a token that is valid now, asking the server for one where it must."""


@dataclass(frozen=True, slots=True)
class StaticToken:
    """A token that somebody else got; it is used as it is and never renewed.

    Attributes:
        value: The token.
    """

    value: str = field(repr=False)

    async def token(self) -> str:
        """Give the token."""
        return self.value


@dataclass(frozen=True, slots=True)
class ApiKey(StaticToken):
    """An API key as ``value``, which is a bearer token that does not run out."""


@dataclass(frozen=True, slots=True)
class Grant:
    """The server's answer to a key pair.

    Attributes:
        body: The JSON, byte for byte as received.
        access_token: The token in it.
        expires_in: Seconds it is valid for.
        scope: The scopes granted, separated by spaces.
    """

    body: bytes = field(repr=False)
    access_token: str = field(repr=False)
    expires_in: float
    scope: str


class AuthClient(HttpClient):
    """Exchanges a key pair for a token.

    Inside ``async with`` the connection stays open from one request to the next.

    Args:
        url: The server's base URL.
        options: How requests are sent.
    """

    def __init__(self, url: str, *, options: HttpOptions | None = None) -> None:
        super().__init__(http_address(url, AUTH_V0), options or HttpOptions())

    async def grant(self, key_id: str, key_secret: str, scopes: Sequence[str] = (STREAM_SCOPE,)) -> Grant:
        """Ask for a token.

        Raises:
            Unauthorized: The pair is wrong.
            Forbidden: The key lacks a scope.
            ApiError: The server refused for another reason.
            ConnectionFailed: There was no answer.
            NotJson: The answer is no grant.
        """
        request = {"key_id": key_id, "key_secret": key_secret, "scopes": list(scopes)}
        return _parse_grant((await self._post(json=request)).body)


def _parse_grant(body: bytes) -> Grant:
    """Read the answer of ``POST /v0/auth``.

    Raises:
        NotJson: It is no grant. The message leaves the body out, for a token may be in it.
    """
    try:
        fields = read_json(body)
    except ValueError:
        fields = None
    known = fields if isinstance(fields, dict) else {}
    token, seconds, scope = known.get("access_token"), number(known.get("expires_in")), known.get("scope", "")
    if not isinstance(token, str) or not token or seconds is None or seconds < 0:
        raise NotJson("the server's answer holds no access_token and expires_in; check that the address is the API's")
    return Grant(body, token, seconds, scope if isinstance(scope, str) else "")


class _Renewed:
    """Keeps a token until it is to be asked for anew; tasks that ask at the same time share one request.

    Args:
        fetch: Gives a token and for how many seconds it is valid; 0 where it is not to be kept.
        clock: Seconds from any fixed point.
    """

    def __init__(self, fetch: Callable[[], Awaitable[tuple[str, float]]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._renew_at = -math.inf

    async def token(self) -> str:
        """Give the token, or the next one a little before it runs out."""
        async with self._lock:
            now = self._clock()
            if now >= self._renew_at:
                self._token, seconds = await self._fetch()
                self._renew_at = now + seconds - min(RENEW_BEFORE, seconds / 5)
            return self._token


class KeyPair:
    """A key pair, exchanged for a token that is renewed before it runs out.

    Tasks that ask at the same time share one request.

    Args:
        auth: Asks the server.
        key_id: The key's public half.
        key_secret: The key's secret half.
        scopes: What the token must be good for.
        clock: Seconds from any fixed point; tests move it.
    """

    def __init__(
        self,
        auth: AuthClient,
        key_id: str,
        key_secret: str,
        *,
        scopes: Sequence[str] = (STREAM_SCOPE,),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._auth = auth
        self._key_id = key_id
        self._key_secret = key_secret
        self._scopes = tuple(scopes)
        self._renewed = _Renewed(self._grant, clock)

    def __repr__(self) -> str:
        return f"KeyPair(key_id={self._key_id!r}, scopes={self._scopes!r})"

    async def token(self) -> str:
        """Give a token that stays valid for a while yet.

        Raises:
            ClientError: The server gave none; see ``AuthClient.grant``.
        """
        return await self._renewed.token()

    async def _grant(self) -> tuple[str, float]:
        grant = await self._auth.grant(self._key_id, self._key_secret, self._scopes)
        return grant.access_token, grant.expires_in


class TokenCommand:
    """A program that prints a token: a password store's, a secrets service's, or ``interhuman-stream token``.

    It prints either the token alone, and is then run for each connection, or the JSON of ``POST /v0/auth``, and is then
    run again before that runs out. Tasks that ask at the same time share one run. What it says on stderr goes there.

    Args:
        command: The program and its arguments; no shell is involved.
        clock: Seconds from any fixed point; tests move it.
    """

    def __init__(self, command: Sequence[str], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._command = list(command)
        self._renewed = _Renewed(self._run, clock)

    def __repr__(self) -> str:
        return f"TokenCommand({self._command[:1]!r})"  # its arguments may hold a secret

    async def token(self) -> str:
        """Give a token that is valid now.

        Raises:
            MissingCredentials: The program cannot be run, fails or prints nothing.
        """
        return await self._renewed.token()

    async def _run(self) -> tuple[str, float]:
        program = self._command[0] if self._command else ""
        try:
            process = await asyncio.create_subprocess_exec(*self._command, stdin=DEVNULL, stdout=PIPE)
        except (OSError, TypeError, ValueError) as error:  # a TypeError where there is no program at all
            reason = getattr(error, "strerror", None) or str(error)
            raise MissingCredentials(
                f"the token command {program!r} cannot be run ({reason}); give a program on the PATH"
            ) from None
        try:
            printed, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode:
            raise MissingCredentials(
                f"the token command {program!r} ended with exit code {process.returncode}; run it alone to see why"
            )
        return _printed_token(printed)


def _printed_token(printed: bytes) -> tuple[str, float]:
    """Read what a token's program printed: the token, and for how long it may be used where that was said.

    Raises:
        MissingCredentials: It printed nothing.
    """
    text = printed.decode(errors="replace").strip()
    if not text:
        raise MissingCredentials(
            "the token command printed nothing; it must print a token, or the JSON of POST /v0/auth"
        )
    if not text.startswith("{"):
        return text, 0.0
    grant = _parse_grant(printed)
    return grant.access_token, grant.expires_in


def token_provider(token: str | TokenProvider) -> TokenProvider:
    """Take a bare token for a static one."""
    return StaticToken(token) if isinstance(token, str) else token


async def authorization(provider: TokenProvider | None) -> dict[str, str]:
    """Give the header that carries the credential; none without a provider.

    Raises:
        MissingCredentials: The token cannot stand in a header. The message leaves it out.
    """
    return {} if provider is None else bearer(await provider.token())


def bearer(token: str) -> dict[str, str]:
    """Give the header that carries a token.

    Raises:
        MissingCredentials: The token cannot stand in a header. The message leaves it out.
    """
    if not token or not all("!" <= character <= "~" for character in token):
        raise MissingCredentials(
            "the token is empty or holds spaces, line breaks or other characters no token has; check how it was read"
        )
    return {"Authorization": f"Bearer {token}"}
