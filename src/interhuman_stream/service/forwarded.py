"""Whom a proxy speaks for: `X-Forwarded-For` and `X-Forwarded-Proto`, believed of the proxies that are trusted alone.

uvicorn has the like, but takes whatever stands in the header for an address, and trusts the loopback unasked.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

from interhuman_stream.service.client_text import address_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

ANY: Final = "*"
SCHEMES: Final = {"http": ("http", "ws"), "https": ("https", "wss")}


class Forwarded:
    """Puts the client that a trusted proxy names in the place of the proxy.

    Each proxy adds behind the others from whom it has the request. So they are read from the end, as long as they are
    trusted; the first that is not is the client, whatever stands before it. What is no address ends the reading: then
    the last one that was is as near to the client as can be told.

    Args:
        app: What is behind it.
        trusted: Addresses and networks of the proxies; `*` for whoever connects.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._speaks_for_others = proxies(trusted)
        self._trusts = proxies([each for each in trusted if each != ANY])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        client = scope.get("client")
        if scope["type"] in {"http", "websocket"} and client and self._speaks_for_others(client[0]):
            headers = Headers(scope=scope)
            schemes = SCHEMES.get(headers.get("x-forwarded-proto", "").strip().lower())
            if schemes:
                scope["scheme"] = schemes[scope["type"] == "websocket"]
            scope["client"] = (self._named(headers.getlist("x-forwarded-for"), client[0]), 0)
        await self._app(scope, receive, send)

    def _named(self, given: Sequence[str], peer: str) -> str:
        found = peer
        for each in reversed(",".join(given).split(",")):
            address = address_of(each)
            if address is None:
                return found
            found = address
            if not self._trusts(address):
                return found
        return found


def proxies(trusted: Sequence[str]) -> Callable[[str], bool]:
    """Tell of an address whether it is a trusted proxy's.

    Args:
        trusted: Addresses and networks of the proxies; `*` for whoever connects.
    """
    anybody = ANY in trusted
    networks = [ipaddress.ip_network(each, strict=False) for each in trusted if each != ANY]

    def trusts(address: str) -> bool:
        if anybody or not networks:
            return anybody
        try:
            asked = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(asked, "ipv4_mapped", None) or asked
        return any(plain in network for network in networks)

    return trusts
