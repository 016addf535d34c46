"""The one border for what clients write: what may be taken for text, an address, a host or an origin, and what not.

Whatever is behind it may keep such text, compare it and answer with it: PostgreSQL takes no NUL, UTF-8 has no
surrogates, a terminal obeys escape codes, and `urlsplit` raises on half an IPv6 address.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from interhuman_stream.protocol import errors
from interhuman_stream.service.answers import answer, refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

LONGEST_TEXT: Final = 4096
"""Characters of one string in a JSON body: more than any credential, name or address has."""
LONGEST_NOTED: Final = 128
"""Characters of what a client says that go into the log."""
MOST_NESTED: Final = 16
"""Levels of a JSON body; those of this API have two."""
UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters (of ASCII and Latin-1), and halves of a UTF-16 pair, which are no characters."""
ORIGIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}://(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:\d{1,5})?")
"""What a browser sends as `Origin` (RFC 6454, 7): scheme, host in ASCII and port; `null` is anybody's."""
HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._~%!$&'()*+,;=-]{0,253})(:\d{0,5})?")
"""`Host` (RFC 9110, 7.2): a name, an address, or nothing, and a port."""
PORT: Final = re.compile(r":\d{1,5}")
JSON: Final = re.compile(r"application/([a-z0-9.!#$&^_-]+\+)?json", re.IGNORECASE)


def unfit(value: object) -> str | None:
    """What makes a JSON value one that is not taken, in words; None where nothing does. Names count like values."""
    for each, level in _within(value, 0):
        if level > MOST_NESTED:
            return "is nested too deeply"
        if isinstance(each, str):
            if len(each) > LONGEST_TEXT:
                return f"has a string of more than {LONGEST_TEXT} characters"
            if UNFIT.search(each):
                return "has control characters or halves of characters in a string"
    return None


def _within(value: object, level: int) -> Iterator[tuple[object, int]]:
    yield value, level
    if level > MOST_NESTED:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name, level
            yield from _within(inner, level + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _within(inner, level + 1)


def media_type(headers: Headers) -> str:
    """What a body says it is, in small letters and without parameters; nothing where it does not say, or twice."""
    given = headers.getlist("content-type")
    return given[0].partition(";")[0].strip().lower() if len(given) == 1 else ""


def says_json(headers: Headers) -> bool:
    """Whether a body says that it is JSON, which no page can have a browser send elsewhere without asking first."""
    return JSON.fullmatch(media_type(headers)) is not None


def origin_of(headers: Headers) -> str | None:
    """Where the page is that sends this, in small letters: `null` where that is no origin, None where it is no page."""
    given = headers.getlist("origin")
    if not given:
        return None
    return given[0].lower() if len(given) == 1 and ORIGIN.fullmatch(given[0]) else "null"


def address_of(text: str) -> str | None:
    """An IP address, without its port and brackets, as all the world writes it; None where it is none.

    A zone (`%1`) is a client's to choose and would make many of one: such an address is none.
    """
    bare = text.strip()
    if bare.startswith("["):
        bare, bracket, port = bare[1:].partition("]")
        if not bracket or (port and not PORT.fullmatch(port)):
            return None
    elif bare.count(":") == 1:
        bare, _, port = bare.partition(":")
        if not PORT.fullmatch(f":{port}"):
            return None
    if "%" in bare:
        return None
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def noted(text: str) -> str:
    """Make what a client says fit for the log: printable, and no longer than it needs to be."""
    return "".join(each if each.isascii() and each.isprintable() else "?" for each in text[:LONGEST_NOTED])


class Border:
    """Refuses requests whose `Host` is none (RFC 9112, 3.2) or whose path has what no path of this service has."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] in {"http", "websocket"} and (why := _refused(scope)):
            error, message = why
            await answer(scope, receive, send, refusal(HTTPConnection(scope), error, message))
            return
        await self._app(scope, receive, send)


def _refused(scope: Scope) -> tuple[errors.Error, str | None] | None:
    hosts = Headers(scope=scope).getlist("host")
    if len(hosts) > 1 or not all(HOST.fullmatch(host) for host in hosts):
        return errors.BAD_REQUEST, "The header Host is no host; send a name or an address, and a port if need be."
    if UNFIT.search(scope["path"]):
        return errors.NOT_FOUND, None
    return None
