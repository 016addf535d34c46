"""Which proxy stands in front of an address, which variable of the environment says so, and what to do about it.

httpx and websockets read the environment each in its own way (ALL_PROXY is for one of them alone, a name without a
scheme for the other), and neither says which variable it followed. Here it is read once, for both.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from interhuman_stream.faults import Fault

if TYPE_CHECKING:
    from urllib.parse import SplitResult

SCHEMES: Final = ("http", "https", "socks5", "socks5h")
"""What httpx and websockets both speak to a proxy."""
VARIABLES: Final = {
    "http": ("http", "all"),
    "https": ("https", "all"),
    "ws": ("ws", "socks", "https", "http", "all"),
    "wss": ("wss", "socks", "https", "all"),
}
"""Of which variables (without ``_proxy``) the first that is set counts. For WebSockets the order is RFC 6455's (4.1: a
SOCKS proxy before one for HTTPS, that before one for HTTP), as websockets has it; ``ALL_PROXY`` is curl's."""
PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
SOCKS_PACKAGES: Final = "'httpx[socks]' 'python-socks[asyncio]'"
OPTION: Final = "the option `proxy`"
SYSTEM: Final = "the system's settings"


class UnusableProxy(Fault):
    """What should name a proxy names none that can be used; the message says what names it, and never a password."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy in front of one host.

    Attributes:
        url: Its address, as httpx and websockets take it.
        place: Its host and port, which may be shown.
        origin: What names it: a variable as it is spelled in the environment, or an option.
        host: The host it stands in front of.
    """

    url: str = field(repr=False)  # it may carry a password
    place: str
    origin: str
    host: str

    @property
    def socks(self) -> bool:
        """Whether it speaks SOCKS, for which httpx and websockets each need one package more."""
        return self.url.startswith("socks")

    def needs_more(self) -> str:
        """Say that the packages are not installed which a SOCKS proxy takes."""
        return (
            f"{self.origin} names a SOCKS proxy ({self.place}), for which packages are missing here; "
            f"pip install {SOCKS_PACKAGES}, name an http:// proxy instead, or {remedy(self.origin, self.host)}"
        )

    def unreachable(self, address: str, cause: str) -> str:
        """Say that nothing came through it."""
        return (
            f"{address} cannot be reached through the proxy {self.place} that {self.origin} names ({cause}); check "
            f"that the proxy is up, or {remedy(self.origin, self.host)}"
        )

    def refused(self, status: int) -> str:
        """Say what it answered in the server's place."""
        if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            next_ = f"give it a user name and a password, as in http://USER:PASSWORD@{self.place}"
        else:
            next_ = "ask who runs it"
        return (
            f"the proxy {self.place} that {self.origin} names answered {status}{_phrase(status)} when asked for "
            f"{self.host}; {next_}, or {remedy(self.origin, self.host)}"
        )


def proxy_for(address: str, given: str | Literal[True] | None = True) -> Proxy | None:
    """Give the proxy in front of an address; None where it is asked directly.

    A loopback address (127.0.0.0/8, ::1, localhost) is asked directly, whatever the environment says: a proxy on
    another machine would look for the server there. So is what ``NO_PROXY`` names.

    Args:
        address: An http, https, ws or wss URL.
        given: A proxy's URL; True for what the environment names, None for none.

    Raises:
        UnusableProxy: What is named is no proxy's address.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if given is None:
        return None
    if given is not True:
        return _parsed(given, OPTION, host)
    if _this_machine(host):
        return None
    proxies = getproxies()
    kind = next((kind for kind in VARIABLES.get(parts.scheme, ()) if proxies.get(kind)), None)
    if kind is None or _excepted(parts, proxies.get("no", "")):
        return None
    named = proxies[kind]
    variable = _variable(kind, named)
    if variable is None and proxy_bypass(host):
        return None
    if kind == "socks":  # where macOS and Windows keep it, it has the scheme of the others
        named = re.sub(r"^http://", "socks5h://", named)
    return _parsed(named, variable or SYSTEM, host)


def remedy(origin: str, host: str) -> str:
    """Say how to do without what ``origin`` names."""
    if origin == OPTION:
        return "leave the option out"
    exceptions = next((name for name in ("no_proxy", "NO_PROXY") if name in os.environ), "NO_PROXY")
    without = f"name {host} in {exceptions}"
    return without if origin == SYSTEM else f"unset {origin}, or {without}"


def _parsed(named: str, origin: str, host: str) -> Proxy:
    """Read what names a proxy, and write it as everybody can read it.

    Raises:
        UnusableProxy: It is no proxy's address.
    """
    named = named.strip()
    try:
        parts = urlsplit(named if "://" in named else f"http://{named}")  # curl's reading of one without a scheme
        port = parts.port
    except ValueError:
        raise _unusable("its host or port cannot be read", origin, host) from None
    if parts.scheme not in SCHEMES:
        known = f"{', '.join(SCHEMES[:-1])} and {SCHEMES[-1]}"
        raise _unusable(f"it begins with {parts.scheme}://, and {known} are known", origin, host)
    name = parts.hostname or ""
    if not _is_host(name) or port == 0:
        raise _unusable("its host or port cannot be read", origin, host)
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise _unusable("something stands behind its port", origin, host)
    bracketed = f"[{name}]" if ":" in name else name
    place = bracketed if port is None else f"{bracketed}:{port}"
    user = ""
    if parts.username is not None:
        user = f"{quote(unquote(parts.username), safe='')}:{quote(unquote(parts.password or ''), safe='')}@"
    return Proxy(f"{parts.scheme}://{user}{place}", place, origin, host)


def _is_host(name: str) -> bool:
    """Whether anybody could look for it: an address, or a name as the network has them."""
    if not re.fullmatch(r"[\w.:%-]+", name):
        return False
    if ":" in name or re.fullmatch(r"[\d.]+", name):
        return _ip(name) is not None
    try:
        return bool(name.encode("idna"))
    except UnicodeError:  # a label is empty or too long
        return False


def _unusable(why: str, origin: str, host: str) -> UnusableProxy:
    return UnusableProxy(
        f"{origin} names no proxy that can be used ({why}); write one like http://proxy.example:3128, "
        f"or {remedy(origin, host)}"
    )


def _variable(kind: str, value: str) -> str | None:
    """Give the variable that holds a value, as it is spelled; None where it is from elsewhere."""
    holding = [name for name, held in os.environ.items() if name.lower() == f"{kind}_proxy" and held == value]
    return next((name for name in holding if name.islower()), holding[0] if holding else None)


def _this_machine(host: str) -> bool:
    host = host.rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, 6.3
        return True
    address = _ip(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address is not None and (address.is_loopback or address.is_unspecified)


def _excepted(parts: SplitResult, listed: str) -> bool:
    """Whether ``NO_PROXY`` names a host: itself, a domain above it, a network (CIDR), or ``*`` for all."""
    host, port = (parts.hostname or "").rstrip("."), parts.port or PORTS[parts.scheme]
    address = _ip(host)
    for each in re.split(r"[,\s]+", listed.lower()):
        entry = each.rpartition("://")[2]
        if entry == "*":
            return True
        if with_port := re.fullmatch(r"(\[.*\]|[^:]*):(\d+)", entry):
            if int(with_port[2]) != port:
                continue
            entry = with_port[1]
        entry = entry.strip("[]").removeprefix("*").strip(".")
        if not entry:
            continue
        if host == entry or (address is None and host.endswith(f".{entry}")) or _within(address, entry):
            return True
    return False


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _within(address: IPv4Address | IPv6Address | None, network: str) -> bool:
    try:
        return address is not None and address in ip_network(network, strict=False)
    except ValueError:
        return False


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
