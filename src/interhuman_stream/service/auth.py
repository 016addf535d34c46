"""Who is asking, and may they: tokens made and checked, credentials read from a request."""

from __future__ import annotations

import os
import secrets
import time
from typing import TYPE_CHECKING

import jwt

from interhuman_stream.protocol import errors
from interhuman_stream.protocol.limits import SUBPROTOCOL, TOKEN_SECONDS
from interhuman_stream.service.store import API_KEY_PREFIX, Key, Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from starlette.requests import HTTPConnection

    from interhuman_stream.protocol.errors import Error

ALGORITHM = "HS256"
SIGNING_KEY = "signing.key"


class Refused(Exception):  # noqa: N818 - reads as what happened
    """The request is refused: with an error of the catalogue, what more is known, and seconds until a better time."""

    def __init__(self, error: Error, message: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(message or error.message)
        self.error = error
        self.message = message
        self.retry_after = retry_after


def signing_key(data_dir: Path) -> bytes:
    """Read the key that signs tokens; make it, readable by its owner alone, where there is none."""
    path = data_dir / SIGNING_KEY
    part = data_dir / f".{SIGNING_KEY}.{secrets.token_hex(4)}"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(part, path)  # whole or not at all, and never over another process's
        except FileExistsError:
            pass
        finally:
            part.unlink()
    return path.read_bytes()


def issue(key: Key, scopes: Sequence[str], signing: bytes) -> str:
    """Make a token for ``key`` that lives 900 s: base64url and dots, fit for a subprotocol."""
    now = int(time.time())
    claims = {"sub": key.key_id, "scope": " ".join(scopes), "iat": now, "exp": now + TOKEN_SECONDS}
    return jwt.encode(claims, signing, algorithm=ALGORITHM)


def authorize(connection: HTTPConnection, scope: str, store: Store, signing: bytes) -> Key:
    """Give the key behind the request's token or API key if it is good for ``scope``.

    Raises:
        Refused: With 401 or 403 and what to do.
    """
    credential = _credential(connection)
    if credential is None:
        raise Refused(errors.CREDENTIAL_MISSING)
    if credential.startswith(API_KEY_PREFIX):
        key = store.by_api_key(credential)
        granted: tuple[str, ...] = key.scopes if key else ()
    else:
        try:
            claims = jwt.decode(
                credential, signing, algorithms=[ALGORITHM], options={"require": ["sub", "scope", "iat", "exp"]}
            )
        except jwt.InvalidTokenError as error:
            raise Refused(errors.CREDENTIAL_INVALID) from error
        key = store.live(str(claims["sub"]))
        granted = tuple(str(claims["scope"]).split())
    if key is None:
        raise Refused(errors.CREDENTIAL_INVALID)
    if scope not in granted:
        raise Refused(errors.SCOPE_MISSING, f"The credential does not have the scope {scope}.")
    return key


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
