"""From the address a user gives (a base URL, or the full one) to the one a request needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit, urlunsplit

from interhuman_stream.client.errors import InvalidAddress
from interhuman_stream.protocol.paths import STREAM_V0

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECURE: Final = {"http": False, "ws": False, "https": True, "wss": True}


def stream_address(url: str, include: Sequence[str] = ()) -> str:
    """Give the WebSocket address of the stream.

    Args:
        url: The server's base URL (``http://127.0.0.1:8000``), or the stream's own (``ws://…/v0/stream/analyze``).
        include: What to ask for beside the signals; sent as ``include[]``.

    Raises:
        InvalidAddress: ``url`` is no http, https, ws or wss URL.
    """
    return _address(url, STREAM_V0, ("ws", "wss"), include, known=("/stream/analyze",))


def http_address(url: str, path: str) -> str:
    """Give the address of ``path`` on the server with the base URL ``url``.

    Raises:
        InvalidAddress: ``url`` is no http, https, ws or wss URL.
    """
    return _address(url, path, ("http", "https"), (), known=(path,))


def _address(url: str, path: str, schemes: tuple[str, str], include: Sequence[str], known: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in _SECURE and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise InvalidAddress(f"{url!r} is not the address of a server; give one like http://127.0.0.1:8000")
    base = parts.path.rstrip("/")
    full = base if base.endswith(known) else base + path
    query = "&".join([*([parts.query] if parts.query else []), *(f"include[]={quote(name)}" for name in include)])
    return urlunsplit((schemes[_SECURE[parts.scheme]], parts.netloc, full, query, ""))
