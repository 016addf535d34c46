"""Who is asking, and may they: tokens made and checked, credentials read from a request."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import jwt

from interhuman_stream.faults import Fault
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import SUBPROTOCOL, TOKEN_SECONDS
from interhuman_stream.service.access.store import API_KEY_PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import HTTPConnection

    from interhuman_stream.protocol.errors import Error
    from interhuman_stream.service.access.audit import Audit
    from interhuman_stream.service.access.quota import Allowance
    from interhuman_stream.service.access.store import Key, SigningKey, Store
    from interhuman_stream.service.access.throttle import Throttle

ALGORITHM: Final = "HS256"
CLAIMS: Final = ("sub", "gen", "scope", "iat", "exp")
KID: Final = re.compile(r"sig_[0-9a-f]{16}")


class Refused(Fault):
    """The request is refused: with an error of the catalogue, what more is known, and seconds until a better time."""

    def __init__(self, error: Error, message: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(message or error.message)
        self.error = error
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Caller:
    """Who has shown a good credential, and what for.

    Attributes:
        generation: Which of its key's secrets it comes from; see ``Store.live``.
    """

    key_id: str
    scopes: tuple[str, ...]
    allowance: Allowance
    generation: int


@dataclass(frozen=True, slots=True)
class Guard:
    """What it takes to tell good credentials from bad, to hold up who guesses, and to write down who came."""

    store: Store
    throttle: Throttle
    audit: Audit


def issue(key: Key, scopes: Sequence[str], signing: SigningKey) -> str:
    """Make a token for ``key`` that lives 900 s: base64url and dots, fit for a subprotocol."""
    now = int(time.time())
    claims = {
        "sub": key.key_id,
        "gen": key.generation,
        "scope": " ".join(scopes),
        "iat": now,
        "exp": now + TOKEN_SECONDS,
    }
    return jwt.encode(claims, signing.secret, algorithm=ALGORITHM, headers={"kid": signing.kid})


def exchange(connection: HTTPConnection, key_id: str, key_secret: str, scopes: Sequence[str], guard: Guard) -> str:
    """Give a token for a key's id and secret.

    Raises:
        Refused: They are wrong, were wrong too often, or the key does not have the scopes.
    """
    address = _address(connection)
    # An id may be long; what is remembered of it is short.
    _wait(guard, address, tried := _fingerprint(key_id))
    key = guard.store.by_secret(key_id, key_secret)
    if key is None:
        guard.throttle.failed(address, tried)
        guard.audit.refused(key_id, address, "key_id or key_secret wrong, or the key revoked or expired")
        raise Refused(errors.CREDENTIAL_INVALID, "key_id or key_secret is wrong, or the key was revoked.")
    if lacking := [scope for scope in scopes if scope not in key.scopes]:
        guard.audit.refused(key.key_id, address, f"no scope {lacking[0]}")
        raise Refused(errors.SCOPE_MISSING, f"The key does not have the scope {lacking[0]}.")
    token = issue(key, scopes, guard.store.signing())
    guard.audit.issued(key.key_id, address, " ".join(scopes))
    return token


def authorize(connection: HTTPConnection, scope: str, guard: Guard) -> Caller:
    """Tell who has made the request, by its token or API key, if that is good for ``scope``.

    Raises:
        Refused: With 401, 403 or 429 and what to do.
    """
    credential = _credential(connection)
    if credential is None:
        raise Refused(errors.CREDENTIAL_MISSING)
    address = _address(connection)
    _wait(guard, address, tried := _fingerprint(credential))
    shown = _by_api_key(credential, guard) if credential.startswith(API_KEY_PREFIX) else _by_token(credential, guard)
    if isinstance(shown, _Bad):
        if shown.guessed:
            guard.throttle.failed(address, tried)
        guard.audit.refused(shown.key_id, address, shown.why)
        raise Refused(errors.CREDENTIAL_INVALID)
    if scope not in shown.scopes:
        guard.audit.refused(shown.key_id, address, f"no scope {scope}")
        raise Refused(errors.SCOPE_MISSING, f"The credential does not have the scope {scope}.")
    return shown


def offered_protocols(connection: HTTPConnection) -> list[str]:
    """The subprotocols a WebSocket client offers."""
    header = connection.headers.get("sec-websocket-protocol", "")
    return [part.strip() for part in header.split(",") if part.strip()]


def _credential(connection: HTTPConnection) -> str | None:
    """The token of the Authorization header, or the one a browser offers behind `access_token`."""
    scheme, _, credential = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credential.strip():
        return credential.strip()
    offered = offered_protocols(connection)
    if connection.scope["type"] == "websocket" and offered[:1] == [SUBPROTOCOL] and len(offered) > 1:
        return offered[1]
    return None


@dataclass(frozen=True, slots=True)
class _Bad:
    """A credential that is not good, and whether it may be a guess: of one we signed ourselves, we know better."""

    why: str
    guessed: bool = True
    key_id: str | None = None


def _by_api_key(api_key: str, guard: Guard) -> Caller | _Bad:
    key = guard.store.by_api_key(api_key)
    return _caller(key, key.scopes) if key else _Bad("API key wrong, or the key revoked or expired")


def _by_token(token: str, guard: Guard) -> Caller | _Bad:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        signing = guard.store.verifying(kid) if isinstance(kid, str) and KID.fullmatch(kid) else None
        if signing is None:
            return _Bad("token not signed by a key of ours, or of one that is dropped")
        claims = jwt.decode(token, signing.secret, algorithms=[ALGORITHM], options={"require": [*CLAIMS]})
    except jwt.ExpiredSignatureError:
        return _Bad("token expired", guessed=False)
    except jwt.InvalidTokenError:
        return _Bad("token not valid")
    key_id, generation, scopes = (claims[name] for name in ("sub", "gen", "scope"))
    key = guard.store.live(key_id, generation) if isinstance(generation, int) else None
    if key is None:
        return _Bad("token of a key that was revoked, rotated or has expired", guessed=False, key_id=key_id)
    return _caller(key, str(scopes).split())


def _caller(key: Key, scopes: Sequence[str]) -> Caller:
    return Caller(key.key_id, tuple(scopes), key.allowance, key.generation)


def _wait(guard: Guard, address: str, tried: str) -> None:
    if seconds := guard.throttle.wait(address, tried):
        guard.audit.refused(None, address, "too many wrong credentials")
        message = f"{errors.TOO_MANY_FAILURES.message[:-1]}, in {seconds} s."
        raise Refused(errors.TOO_MANY_FAILURES, message, seconds)


def _address(connection: HTTPConnection) -> str:
    """Where the request is from; behind a proxy that is trusted, uvicorn has put here whom that names."""
    return connection.client.host if connection.client else "unknown"


def _fingerprint(credential: str) -> str:
    return hashlib.sha256(credential.encode(errors="surrogatepass")).hexdigest()[:16]
