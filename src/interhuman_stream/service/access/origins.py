"""Which web pages may use the service from a browser: CORS for requests, and the same rule for sockets.

A browser says by `Origin` where a page comes from. Pages of the service's own address may use it; so may pages of this
machine where the service itself is reached on this machine, and pages of the origins that the operator allows. What is
no browser sends no `Origin`, and is let through: the rule keeps pages, not people, and everyone needs a token anyway.

A client token may name origins of its own. What comes from one of these, to where client tokens are taken, is let
through to where credentials are checked, with a mark: there, that token and no other credential lets it in. A preflight
shows no credential, so it goes by whether any token names the origin.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection

from interhuman_stream.protocol import errors
from interhuman_stream.protocol.paths import takes_credentials
from interhuman_stream.service.answers import CORRELATION_HEADER, answer, refusal
from interhuman_stream.service.client_text import noted, origin_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

EXPOSED: Final = (CORRELATION_HEADER, "Retry-After", "WWW-Authenticate")
PREFLIGHT_SECONDS: Final = 600
FOREIGN: Final = "foreign_origin"
"""In a request's state: the origin of its page, which is let in by a client token that names it, or not at all."""
NULL: Final = "null"
DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
LOOPBACK: Final = re.compile(r"localhost|[^@]+\.localhost|127(\.\d{1,3}){3}|\[::1\]", re.IGNORECASE)


class Origins:
    """Refuses pages of foreign origins, and tells browsers of those that are allowed.

    Whatever they ask is refused, before it is looked at: a browser sends simple requests without asking first (Fetch,
    2.2.2), and what one does with wrong credentials would count against its user's address.

    Args:
        app: What is behind it.
        allowed: The operator's.
        named: Whether a client token names an origin; asks the database.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str], named: Callable[[str], Awaitable[bool]]) -> None:
        self._app = app
        self._named = named
        self._allowed = frozenset(origin.lower() for origin in allowed)
        # Whom it sees has been let in already, so it takes everyone.
        self._cors = CORSMiddleware(
            app,
            allow_origin_regex=".*",
            allow_methods=("GET", "POST"),
            allow_headers=("*",),
            expose_headers=EXPOSED,
            max_age=PREFLIGHT_SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        headers = Headers(scope=scope) if scope["type"] in {"http", "websocket"} else Headers()
        origin, host = origin_of(headers), headers.get("host", "")
        if origin is None or own(origin, host):
            await self._app(scope, receive, send)
        elif self._may(origin, host):
            await self._cors(scope, receive, send)
        elif takes_credentials(scope["path"]) and await self._may_be_named(origin):
            scope.setdefault("state", {})[FOREIGN] = normal(origin)
            await self._cors(scope, receive, send)
        else:
            connection = HTTPConnection(scope)
            response = refusal(
                connection, errors.ORIGIN_REFUSED, untrusted(connection, named=False), why=why(connection)
            )
            await answer(scope, receive, send, response)

    def _may(self, origin: str, host: str) -> bool:
        if "*" in self._allowed or origin in self._allowed:
            return True
        return _is_loopback(_netloc(origin)) and _is_loopback(host)

    async def _may_be_named(self, origin: str) -> bool:
        """Whether a client token names the origin, or nobody can tell: then nobody gets further than this, either."""
        try:
            return origin != NULL and await self._named(normal(origin))
        except SQLAlchemyError:
            return True


def own(origin: str, host: str) -> bool:
    """Whether a page's origin is where the request went.

    The scheme is left out: a proxy that ends TLS need not say that it did.
    """
    return _netloc(origin).lower() == host.lower() != ""


def normal(origin: str) -> str:
    """An origin as browsers send it: in small letters, and without the port that its scheme has anyway."""
    low = origin.lower()
    scheme, _, _ = low.partition(":")
    return low.removesuffix(DEFAULT_PORTS.get(scheme, ""))


def untrusted(connection: HTTPConnection, *, named: bool) -> str:
    """What to tell a page of a foreign origin; ``named`` where its credential is a client token."""
    said = noted(connection.headers.get("origin", ""))
    if named:
        return f"Pages of {said} may not use this client token. Make one that names {said} in allowed_origins."
    return (
        f"Pages of {said} may not use this service. Whoever runs it can allow them with --allow-origins {said}, "
        "or INTERHUMAN_ALLOW_ORIGINS."
    )


def why(connection: HTTPConnection) -> str:
    """The same for the log."""
    return f"the origin {noted(connection.headers.get('origin', ''))} is not allowed"


def _netloc(origin: str) -> str:
    return origin.partition("://")[2]


def _is_loopback(netloc: str) -> bool:
    return LOOPBACK.fullmatch(re.sub(r":\d+$", "", netloc)) is not None
