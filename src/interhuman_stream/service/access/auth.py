"""Who is asking, and may they: credentials read from a request and checked, and tokens made of them.

A credential tells by its first letters what it is: `ih_live_` an API key, `ih_client_` a client token, all else a token
of `/v0/auth` or `/v1/auth`, which is a JWT. What is one of them is never looked at as another.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import jwt

from interhuman_stream.faults import Fault
from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import SUBPROTOCOL, TOKEN_SECONDS
from interhuman_stream.service.access.client_tokens import CLIENT_TOKEN_PREFIX
from interhuman_stream.service.access.database import CLOCK_LEEWAY
from interhuman_stream.service.access.origins import FOREIGN, normal, untrusted, why
from interhuman_stream.service.access.store import API_KEY_PREFIX
from interhuman_stream.service.client_text import origin_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import HTTPConnection

    from interhuman_stream.protocol.errors import Error
    from interhuman_stream.service.access.audit import Audit
    from interhuman_stream.service.access.client_tokens import Bad, Caps, ClientToken
    from interhuman_stream.service.access.quota import Allowance
    from interhuman_stream.service.access.store import Key, SigningKey, Store
    from interhuman_stream.service.access.throttle import Throttle

ALGORITHM: Final = "HS256"
CLAIMS: Final = ("sub", "gen", "scope", "iat", "exp")
KID: Final = re.compile(r"sig_[0-9a-f]{16}")
JWT: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}")
BAD: Final[dict[Bad, Error]] = {
    "invalid": errors.CLIENT_TOKEN_INVALID,
    "expired": errors.CLIENT_TOKEN_EXPIRED,
    "revoked": errors.CLIENT_TOKEN_REVOKED,
}


class Refused(Fault):
    """The request is refused: with an error of the catalogue, what more is known, and seconds until a better time.

    ``why`` is for the log alone.
    """

    def __init__(
        self, error: Error, message: str | None = None, retry_after: int | None = None, why: str | None = None
    ) -> None:
        super().__init__(message or error.message)
        self.error = error
        self.message = message
        self.retry_after = retry_after
        self.why = why


@dataclass(frozen=True, slots=True)
class Caller:
    """Who has shown a good credential, and what for.

    Attributes:
        generation: Which of its key's secrets it comes from; see ``Store.live``.
        token: The client token, with its caps, where that was the credential.
    """

    key_id: str
    scopes: tuple[str, ...]
    allowance: Allowance
    generation: int
    token: ClientToken | None = None


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
    # Both: who goes on with a secret that was rotated does not hold up who has the new one.
    _wait(guard, address, tried := guard.throttle.fingerprint(key_id, key_secret))
    key = guard.store.by_secret(key_id, key_secret)
    if key is None:
        guard.throttle.failed(address, tried)
        guard.audit.refused(key_id, address, "key_id or key_secret wrong, or the key revoked or expired")
        raise Refused(errors.CREDENTIAL_INVALID, "key_id or key_secret is wrong, or the key was revoked.")
    if lacking := [scope for scope in scopes if scope not in key.scopes]:
        guard.audit.refused(key.key_id, address, f"no scope {lacking[0]}")
        raise Refused(errors.SCOPE_MISSING, f"The key does not have the scope {lacking[0]}.")
    token = issue(key, scopes, guard.store.signing())
    guard.audit.happened("token issued", key.key_id, address, " ".join(scopes))
    return token


def make_client_token(
    connection: HTTPConnection, api_key: str, scopes: Sequence[str], seconds: int, caps: Caps, guard: Guard
) -> tuple[str, ClientToken]:
    """Give a client token for an API key: its secret, and what is known of it.

    Raises:
        Refused: The API key is wrong, was wrong too often, has not the scopes, or has too many tokens.
    """
    key = _holder(connection, api_key, guard)
    address = _address(connection)
    if lacking := [scope for scope in scopes if scope not in key.scopes]:
        guard.audit.refused(key.key_id, address, f"no scope {lacking[0]}")
        raise Refused(errors.SCOPE_MISSING, f"The key does not have the scope {lacking[0]}.")
    made = guard.store.client_tokens.create(key.key_id, key.generation, scopes, seconds, caps)
    if made is None:
        raise Refused(errors.TOO_MANY_TOKENS)
    guard.audit.happened("client token issued", key.key_id, address, " ".join(scopes))
    return made


def revoke_client_token(connection: HTTPConnection, api_key: str, token: str, guard: Guard) -> None:
    """Revoke a client token that was made with this API key's key. One that has expired or is not known is no error.

    Raises:
        Refused: The API key is wrong, or was wrong too often; or the token is no client token, or another key's.
    """
    key = _holder(connection, api_key, guard)
    if not token.startswith(CLIENT_TOKEN_PREFIX) or not guard.store.client_tokens.revoke(token, key.key_id):
        guard.audit.refused(key.key_id, _address(connection), "revocation of what is no client token of the key")
        raise Refused(errors.CLIENT_TOKEN_INVALID, "This is no client token that this key has made.")
    guard.audit.happened("client token revoked", key.key_id, _address(connection))


def authorize(connection: HTTPConnection, scope: str, guard: Guard) -> Caller:
    """Tell who has made the request, by its credential, if that is good for ``scope`` and the page that sent it.

    Raises:
        Refused: With 401, 403 or 429 and what to do.
    """
    credential = _credential(connection)
    if credential is None:
        raise Refused(errors.CREDENTIAL_MISSING)
    address, page = _address(connection), connection.scope.get("state", {}).get(FOREIGN)
    # What a page of a foreign origin tries counts for that page alone, and not against who happened to visit it. Only
    # a client token can name its origin; nothing else it may show is looked at.
    if page is not None and not credential.startswith(CLIENT_TOKEN_PREFIX):
        raise _not_its_page(connection, None, address, guard)
    counted = address if page is None else f"{address} {page}"
    _wait(guard, counted, tried := guard.throttle.fingerprint(credential))
    shown = _shown(credential, guard)
    if isinstance(shown, _Bad):
        raise _turned_away(shown, address, tried, guard, counted)
    if not _from_its_page(connection, shown):
        raise _not_its_page(connection, shown, address, guard)
    if scope not in shown.scopes:
        guard.audit.refused(shown.key_id, address, f"no scope {scope}")
        raise Refused(errors.SCOPE_MISSING, f"The credential does not have the scope {scope}.")
    return shown


def look_for_credential(connection: HTTPConnection) -> None:
    """See that a request comes with a credential, be it good or bad: for that, nobody has to be asked.

    Raises:
        Refused: It does not.
    """
    if _credential(connection) is None:
        raise Refused(errors.CREDENTIAL_MISSING)


def offered_protocols(connection: HTTPConnection) -> list[str]:
    """The subprotocols a WebSocket client offers."""
    header = connection.headers.get("sec-websocket-protocol", "")
    return [part.strip() for part in header.split(",") if part.strip()]


def chosen_protocol(connection: HTTPConnection) -> str | None:
    """The subprotocol to select: browsers give up where they offered some and none of these is."""
    offered = offered_protocols(connection)
    if SUBPROTOCOL in offered:
        return SUBPROTOCOL
    return offered[0] if _is_credential_alone(offered) else None


def _is_credential_alone(offered: list[str]) -> bool:
    """Whether the only subprotocol is a credential, as some published pages send it."""
    return len(offered) == 1 and (
        offered[0].startswith((API_KEY_PREFIX, CLIENT_TOKEN_PREFIX)) or JWT.fullmatch(offered[0]) is not None
    )


def _credential(connection: HTTPConnection) -> str | None:
    """The token of the Authorization header, or the one a browser offers: behind `access_token`, or by itself."""
    scheme, _, credential = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credential.strip():
        return credential.strip()
    offered = offered_protocols(connection)
    if connection.scope["type"] != "websocket":
        return None
    if offered[:1] == [SUBPROTOCOL] and len(offered) > 1:
        return offered[1]
    return offered[0] if _is_credential_alone(offered) else None


@dataclass(frozen=True, slots=True)
class _Bad:
    """A credential that is not good, and whether it may be a guess: of one we made ourselves, we know better."""

    why: str
    guessed: bool = True
    key_id: str | None = None
    error: Error = errors.CREDENTIAL_INVALID


def _shown(credential: str, guard: Guard) -> Caller | _Bad:
    if credential.startswith(API_KEY_PREFIX):
        return _by_api_key(credential, guard)
    if credential.startswith(CLIENT_TOKEN_PREFIX):
        return _by_client_token(credential, guard)
    return _by_token(credential, guard)


def _turned_away(bad: _Bad, address: str, tried: str, guard: Guard, counted: str | None = None) -> Refused:
    if bad.guessed:
        guard.throttle.failed(counted or address, tried)
    guard.audit.refused(bad.key_id, address, bad.why)
    return Refused(bad.error)


def _holder(connection: HTTPConnection, api_key: str, guard: Guard) -> Caller:
    """Whose API key it is that was sent in a body. No other credential will do: one that is lent makes no others."""
    address = _address(connection)
    _wait(guard, address, tried := guard.throttle.fingerprint(api_key))
    shown = _by_api_key(api_key, guard)
    if isinstance(shown, _Bad):
        raise _turned_away(shown, address, tried, guard)
    return shown


def _not_its_page(connection: HTTPConnection, caller: Caller | None, address: str, guard: Guard) -> Refused:
    guard.audit.refused(caller.key_id if caller else None, address, "a page of an origin that may not")
    named = caller is not None and caller.token is not None
    return Refused(errors.ORIGIN_REFUSED, untrusted(connection, named=named), why=why(connection))


def _from_its_page(connection: HTTPConnection, caller: Caller) -> bool:
    """Whether the page that sent the request, if one did, is of an origin that may use this credential.

    A client token that names origins decides by itself. Who was let this far only because some token names their
    origin must show that one.
    """
    origin = origin_of(connection.headers)
    if origin is not None and caller.token is not None and caller.token.allowed_origins is not None:
        return normal(origin) in caller.token.allowed_origins
    return FOREIGN not in connection.scope.get("state", {})


def _by_api_key(api_key: str, guard: Guard) -> Caller | _Bad:
    key = guard.store.by_api_key(api_key)
    return _caller(key, key.scopes) if key else _Bad("API key wrong, or the key revoked or expired")


def _by_token(token: str, guard: Guard) -> Caller | _Bad:
    claims = _claims(token, guard)
    if isinstance(claims, _Bad):
        return claims
    key_id, generation, scopes = (claims[name] for name in ("sub", "gen", "scope"))
    key = guard.store.live(key_id, generation) if isinstance(generation, int) else None
    if key is None:
        return _Bad("token of a key that was revoked, rotated or has expired", guessed=False, key_id=key_id)
    return _caller(key, str(scopes).split())


def _claims(token: str, guard: Guard) -> dict[str, Any] | _Bad:
    """What a token of ours says. What has our signature is no guess, however stale it is, or ahead of our clock."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        signing = guard.store.verifying(kid) if isinstance(kid, str) and KID.fullmatch(kid) else None
        if signing is None:
            return _Bad("token not signed by a key of ours")
        claims: dict[str, Any] = jwt.decode(
            token, signing.secret, algorithms=[ALGORITHM], options={"require": [*CLAIMS]}, leeway=CLOCK_LEEWAY
        )
    except jwt.ExpiredSignatureError:
        return _Bad("token expired", guessed=False)
    except jwt.ImmatureSignatureError:
        return _Bad("token from a clock that is ahead", guessed=False)
    except (jwt.InvalidTokenError, RecursionError):  # of a header that is nested too deeply
        return _Bad("token not valid")
    return _Bad("token signed by a key that is dropped", guessed=False) if signing.dropped else claims


def _by_client_token(secret: str, guard: Guard) -> Caller | _Bad:
    found = guard.store.client_tokens.find(secret)
    if isinstance(found, str):
        return _Bad(f"client token {found}", guessed=found == "invalid", error=BAD[found])
    key = guard.store.live(found.key_id, found.generation)
    if key is None:
        why = "client token of a key that was revoked, rotated or has expired"
        return _Bad(why, guessed=False, key_id=found.key_id, error=errors.CLIENT_TOKEN_REVOKED)
    return Caller(key.key_id, found.scopes, key.allowance, key.generation, found)


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
