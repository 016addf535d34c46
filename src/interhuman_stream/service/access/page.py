"""How the service's own page comes by a token: by itself on this machine, elsewhere by the address that `serve` prints.

A page cannot keep a secret in its files, and nobody should have to paste one into a page of their own machine. So where
the service listens on this machine alone, its page is given a token when it asks. Elsewhere the address that `serve`
prints holds a code in its fragment, which browsers send to nobody; the page exchanges it once. Tokens of the page are
made from a key of its own, which can be listed, watched and revoked like others.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
import threading
import time
from typing import TYPE_CHECKING, Final

from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import SCOPES, TOKEN_SECONDS
from interhuman_stream.service.access.auth import Refused, issue
from interhuman_stream.service.access.origins import own

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from interhuman_stream.service.access.auth import Guard

PAGE_KEY: Final = "the service's page"
"""The name of the key from which its tokens are made."""
CODE_SECONDS: Final = 600.0
"""For which the code in the printed address is good: long enough for models to load and somebody to click."""
RENEWAL_SECONDS: Final = 12 * 3600.0
"""For which a page that was let in may renew its token: a day at work."""
MOST_RENEWALS: Final = 1000
"""Pages whose renewals are remembered; beyond them the oldest asks again."""
LOOPBACK_HOST: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
"""What a browser calls this machine. Any other name may have been pointed here by somebody else (DNS rebinding)."""
PASSED_ON: Final = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers of proxies: who speaks through one may be anywhere."""
ASKS: Final = "Give a key id and its secret, or open the address that `serve` printed when it was started."
SPENT: Final = "The address was used before, or is older than ten minutes. Give a key id and its secret."
OVER: Final = "The page was let in too long ago, or by a service that has been restarted since. Let it in again."
REVOKED: Final = "The page's own key was revoked. Give the id and secret of another."


class PageAccess:
    """Who may have a token for the page. Safe to use from several threads.

    Args:
        guard: Keeps the keys and writes down who came.
        host: The address that the service listens on.
        offered: Whether there are such tokens at all.
        clock: Seconds that only grow.
    """

    def __init__(self, guard: Guard, host: str, *, offered: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._guard = guard
        self._here_alone = is_loopback(host)
        self._offered = offered
        self._clock = clock
        self._codes: dict[str, float] = {}
        self._renewals: dict[str, float] = {}
        self._key_id: str | None = None
        self._lock = threading.Lock()

    def invite(self) -> str | None:
        """A code that is good once, for ten minutes; None where there are none."""
        return self._new(self._codes, CODE_SECONDS) if self._offered else None

    def token(self, request: Request, once: str | None, renew: str | None) -> dict[str, object]:
        """A token for the page, and what renews it.

        Args:
            request: Who asks, and from which page.
            once: The code of the printed address.
            renew: What came with the last token.

        Raises:
            Refused: The code or the renewal is not good, or without one the page is not of this machine.
        """
        address = request.client.host if request.client else "unknown"
        why = self._refusal(request, once, renew)
        if why is not None:
            if once is not None or renew is not None:
                self._guard.audit.refused(None, address, "page: code or renewal not good")
            raise Refused(errors.CREDENTIAL_INVALID if once or renew else errors.CREDENTIAL_MISSING, why)
        key_id, token = self._issue()
        how = "by its code" if once else "renewed" if renew else "on this machine"
        self._guard.audit.happened("token issued", key_id, address, f"page, {how}")
        fresh = self._new(self._renewals, RENEWAL_SECONDS)
        return {"access_token": token, "token_type": "bearer", "expires_in": TOKEN_SECONDS, "renew": fresh}

    def _refusal(self, request: Request, once: str | None, renew: str | None) -> str | None:
        """Why there is no token; None where there is one. What is good once is used up."""
        if not self._offered:
            return ASKS
        if once is not None:
            return None if self._take(self._codes, once) else SPENT
        if renew is not None:
            return None if self._take(self._renewals, renew) else OVER
        return None if self._here_alone and from_this_machine(request) else ASKS

    def _issue(self) -> tuple[str, str]:
        """A token, and the id of the key it is made from."""
        store = self._guard.store
        with self._lock:
            if self._key_id is None:
                made = store.keys()
                ours = [key.key_id for key in made if key.name == PAGE_KEY and store.live(key.key_id)]
                self._key_id = ours[0] if ours else store.create(SCOPES, name=PAGE_KEY).key_id
            key = store.live(self._key_id)
        if key is None:
            raise Refused(errors.CREDENTIAL_INVALID, REVOKED)
        return key.key_id, issue(key, SCOPES, store.signing())

    def _new(self, among: dict[str, float], seconds: float) -> str:
        secret = secrets.token_urlsafe(24)
        with self._lock:
            now = self._clock()
            for each in [each for each, until in among.items() if until <= now]:
                del among[each]
            while len(among) >= MOST_RENEWALS:
                del among[next(iter(among))]
            among[_hashed(secret)] = now + seconds
        return secret

    def _take(self, among: dict[str, float], secret: str) -> bool:
        with self._lock:
            until = among.pop(_hashed(secret), None)
        return until is not None and until > self._clock()


def is_loopback(host: str) -> bool:
    """Whether who listens on ``host`` is reached from this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, which may stand for any address
        return False


def from_this_machine(request: Request) -> bool:
    """Whether a page of this service, in a browser on this machine, sent the request.

    The browser says where the page is from, and a page cannot change that. Its name for this machine is looked at too:
    behind another name, that of a foreign page may have been led here.
    """
    headers = request.headers
    host, origin = headers.get("host", ""), headers.get("origin")
    near = request.client is not None and is_loopback(request.client.host)
    if not near or any(name in headers for name in PASSED_ON):
        return False
    if not LOOPBACK_HOST.fullmatch(host) or origin is None or not own(origin, host):
        return False
    return headers.get("sec-fetch-site", "same-origin") == "same-origin"


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
