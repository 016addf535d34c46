"""From the address a user gives (a base URL, or the full one) to the one a request needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit, urlunsplit

from interhuman_stream.client.errors import InvalidAddress
from interhuman_stream.protocol.paths import STREAM_V0, STREAM_V1, STREAM_V2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interhuman_stream.client.live import Version

STREAMS: Final[dict[Version, str]] = {"v0": STREAM_V0, "v1": STREAM_V1, "v2": STREAM_V2}
"""Where each version of the stream is."""
_SECURE: Final = {"http": False, "ws": False, "https": True, "wss": True}


def stream_address(url: str, include: Sequence[str] = (), *, version: Version = "v0", model: str | None = None) -> str:
    """Give the WebSocket address of the stream.

    Args:
        url: The server's base URL (``http://127.0.0.1:8000``), or the stream's own (``ws://…/v0/stream/analyze``).
        include: What to ask for beside the signals; v0 has it in the address as ``include[]``, the others do not.
        version: Which stream it is.
        model: Which model to ask v2 for.

    Raises:
        InvalidAddress: ``url`` is no http, https, ws or wss URL, or the address of another version's stream.
    """
    query = [*([f"model={quote(model, safe='')}"] if model else [])]
    if version == "v0":
        query += [f"include[]={quote(name)}" for name in include]
    address = _address(url, STREAMS[version], ("ws", "wss"), query, known=("/stream/analyze",))
    named = re.search(r"/(v\d+)/stream/analyze$", urlsplit(address).path)
    if named and named[1] != version:
        raise InvalidAddress(
            f"{url!r} is the stream of {named[1]}, and {version} is to be spoken; give the server's base URL, or say "
            f"{named[1]}"
        )
    return address


def http_address(url: str, path: str) -> str:
    """Give the address of ``path`` on the server with the base URL ``url``.

    Raises:
        InvalidAddress: ``url`` is no http, https, ws or wss URL.
    """
    return _address(url, path, ("http", "https"), [], known=(path,))


def _address(url: str, path: str, schemes: tuple[str, str], asked: list[str], known: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(url.strip())
        if "@" in parts.netloc:
            raise InvalidAddress(
                f"the server's address holds a user name or a password ({_without_userinfo(url)}), which others can "
                "read and no such server takes; leave it out, and set INTERHUMAN_API_KEY, or INTERHUMAN_API_KEY_ID "
                "and INTERHUMAN_API_KEY_SECRET"
            )
        usable = parts.scheme in _SECURE and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise InvalidAddress(
            f"{_without_userinfo(url)!r} is not the address of a server; give one like http://127.0.0.1:8000"
        )
    base = parts.path.rstrip("/")
    full = base if base.endswith(known) else base + path
    query = "&".join([*([parts.query] if parts.query else []), *asked])
    return urlunsplit((schemes[_SECURE[parts.scheme]], parts.netloc, full, query, ""))


def _without_userinfo(url: str) -> str:
    """Give an address to show; the part in front of the last @ may be a password, however it is written."""
    return re.sub(r"^(\s*[^/]*//)?.*@", lambda found: f"{found[1] or ''}…@", url, flags=re.DOTALL)
