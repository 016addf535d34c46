"""Client tokens: short-lived credentials with caps, made from a key for who is not trusted with it.

They are random and kept by their hash, so no signing key makes one and nothing of a JWT can be taken for one. What is
used of them, and which sessions they have open, is counted in the database: it holds over all endpoints and services.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from interhuman_stream.service.access.database import CLOCK_LEEWAY, changing, utc_now
from interhuman_stream.service.access.tables import ClientOriginRow, ClientPlaceRow, ClientTokenRow, hashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

CLIENT_TOKEN_PREFIX: Final = "ih_client_"  # noqa: S105 - what all of them begin with
REMEMBERED_FOR: Final = timedelta(days=1)
"""How long after its end a token is known to have expired; afterwards it is as unknown as one that never was."""
MOST_OF_A_KEY: Final = 100_000
"""Tokens of one key that are remembered, some 50 MB: one a second for a day."""
PLACE_SECONDS: Final = 30.0
"""For which a session holds its place without a word from its service: so long a killed process keeps it."""
GRANT: Final = 256 * 1024
"""Bytes that a session takes of its token's at once, at most, so that a flood of tiny frames is no flood of writes."""
GRANT_SHARE: Final = 8
"""The part of what is left that a session takes beyond what it needs, so that the last bytes are anybody's."""

Bad: TypeAlias = Literal["invalid", "expired", "revoked"]
"""Why a token is no credential."""
Lack: TypeAlias = Literal["revoked", "sessions", "bytes", "video"]
"""Why its holder may not open a session or send more: it was revoked, or one of its caps is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What a client token may be used for at most; None where there is no limit.

    Attributes:
        max_duration_seconds: One session by the clock.
        max_bytes: Video sent by all of its sessions together.
        max_concurrent: Sessions open at once: streams, and uploads until they are answered.
        max_video_seconds: Video analysed for all of its sessions together.
        allowed_origins: Whose pages may use it; none where empty.
    """

    max_duration_seconds: int | None = None
    max_bytes: int | None = None
    max_concurrent: int | None = 1
    max_video_seconds: int | None = None
    allowed_origins: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientToken(Caps):
    """A client token without its secret: whose it is, what for and until when.

    Attributes:
        generation: Which of its key's secrets it was made with; see ``Store.live``.
    """

    token_id: str
    key_id: str
    generation: int
    scopes: tuple[str, ...]
    expires_at: datetime


class ClientTokens:
    """The client tokens of a database. Safe to use from several threads and processes.

    Whether a token's key is still good is the store's to say: each token names its key and generation.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def create(
        self, key_id: str, generation: int, scopes: Sequence[str], seconds: int, caps: Caps
    ) -> tuple[str, ClientToken] | None:
        """Make a token that is good for so many seconds: its secret, and what is known of it.

        None where the key has ``MOST_OF_A_KEY`` already.
        """
        secret = CLIENT_TOKEN_PREFIX + secrets.token_urlsafe(32)
        now = utc_now()
        row = ClientTokenRow(
            token_id=f"iht_{secrets.token_hex(8)}",
            token_hash=hashed(secret),
            key_id=key_id,
            generation=generation,
            scopes=" ".join(scopes),
            created_at=now,
            expires_at=now + timedelta(seconds=seconds),
            max_duration_seconds=caps.max_duration_seconds,
            max_bytes=caps.max_bytes,
            max_concurrent=caps.max_concurrent,
            max_video_seconds=caps.max_video_seconds,
            has_origins=caps.allowed_origins is not None,
            used_bytes=0,
            used_video_seconds=0.0,
        )
        origins = tuple(dict.fromkeys(caps.allowed_origins or ()))
        with self._changing() as session:
            of_key = select(func.count()).select_from(ClientTokenRow).where(ClientTokenRow.key_id == key_id)
            if (session.scalar(of_key) or 0) >= MOST_OF_A_KEY:
                return None
            session.add(row)
            session.flush()
            session.add_all(ClientOriginRow(origin=origin, token_id=row.token_id) for origin in origins)
            return secret, _token(row, origins)

    def find(self, secret: str) -> ClientToken | Bad:
        """The token with this secret, or why it is no credential."""
        with Session(self._engine) as session:
            row = session.scalar(select(ClientTokenRow).where(ClientTokenRow.token_hash == hashed(secret)))
            if row is None:
                return "invalid"
            if row.revoked_at is not None:
                return "revoked"
            # It may have been made by a service whose clock is behind.
            expired = row.expires_at + timedelta(seconds=CLOCK_LEEWAY) <= utc_now()
            return "expired" if expired else _token(row, _origins(session, row))

    def revoke(self, secret: str, key_id: str) -> bool:
        """Revoke a token of this key. False where it is another key's.

        One that is not known, or no longer, is good for nothing as it is (RFC 7009, 2.2).
        """
        with self._changing() as session:
            row = session.scalar(select(ClientTokenRow).where(ClientTokenRow.token_hash == hashed(secret)))
            if row is None:
                return True
            if row.key_id != key_id:
                return False
            row.revoked_at = row.revoked_at or utc_now()
            return True

    def named(self, origin: str) -> bool:
        """Whether any token that is remembered names this origin."""
        with Session(self._engine) as session:
            asked = select(ClientOriginRow.origin).where(ClientOriginRow.origin == origin)
            return session.scalar(asked.limit(1)) is not None

    def enter(self, token_id: str, place_id: str) -> Lack | None:
        """Take a place for a session, under an id that no other has; or tell why there is none.

        The place is held for ``PLACE_SECONDS``, and as long as ``stay`` is said more often than that.
        """
        now = utc_now()
        with self._changing() as session:
            row = session.get(ClientTokenRow, token_id)
            if row is None or (lack := _lack(row)):
                return "revoked" if row is None else lack
            of_token = ClientPlaceRow.token_id == token_id
            session.execute(delete(ClientPlaceRow).where(of_token, ClientPlaceRow.until <= now))
            taken = session.scalar(select(func.count()).select_from(ClientPlaceRow).where(of_token)) or 0
            if row.max_concurrent is not None and taken >= row.max_concurrent:
                return "sessions"
            session.add(ClientPlaceRow(place_id=place_id, token_id=token_id, until=_held_until()))
            return None

    def stay(self, token_id: str, place_id: str) -> None:
        """Go on holding a place. One that was lost while the database was away is taken again, full or not."""
        with self._changing() as session:
            row = session.get(ClientPlaceRow, place_id)
            if row is not None:
                row.until = _held_until()
            elif session.get(ClientTokenRow, token_id) is not None:
                session.add(ClientPlaceRow(place_id=place_id, token_id=token_id, until=_held_until()))

    def leave(self, token_id: str, place_id: str, unused: int = 0) -> None:
        """Give back a place, and so many bytes that were granted to it and not sent."""
        with self._changing() as session:
            session.execute(delete(ClientPlaceRow).where(ClientPlaceRow.place_id == place_id))
            if unused:
                less = update(ClientTokenRow).where(ClientTokenRow.token_id == token_id)
                session.execute(less.values(used_bytes=ClientTokenRow.used_bytes - unused))

    def look(self, token_id: str) -> Lack | None:
        """Why nothing more may be sent with this token, at the moment; None where something may."""
        with Session(self._engine) as session:
            return _lack(session.get(ClientTokenRow, token_id))

    def grant(self, token_id: str, size: int = 0, seconds: float = 0.0) -> int | Lack:
        """Count bytes about to be sent, and seconds of video known beforehand; or tell why neither may be.

        Returns:
            How many bytes were counted: ``size``, and some more for what comes next where bytes are capped.
        """
        with self._changing() as session:
            row = session.get(ClientTokenRow, token_id)
            if row is None or row.revoked_at is not None:
                return "revoked"
            if row.max_video_seconds is not None and row.used_video_seconds + seconds > row.max_video_seconds:
                return "video"
            granted = size
            if row.max_bytes is not None:
                left = row.max_bytes - row.used_bytes
                if left < size:
                    return "bytes"
                granted = max(size, min(GRANT, left // GRANT_SHARE))
            row.used_bytes += granted
            row.used_video_seconds += seconds
            return granted

    def analysed(self, token_id: str, seconds: float) -> None:
        """Count seconds of video that were analysed."""
        with self._changing() as session:
            more = update(ClientTokenRow).where(ClientTokenRow.token_id == token_id)
            session.execute(more.values(used_video_seconds=ClientTokenRow.used_video_seconds + seconds))

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Session]:
        with changing(self._engine) as connection, Session(connection, expire_on_commit=False) as session:
            yield session
            session.flush()


def revoke_all(session: Session) -> None:
    """Revoke every token, of whichever key."""
    session.execute(update(ClientTokenRow).where(ClientTokenRow.revoked_at.is_(None)).values(revoked_at=utc_now()))


def forget_long_ended(session: Session) -> None:
    """Drop places that nobody holds, and tokens that ended long ago and have no session open."""
    now = utc_now()
    session.execute(delete(ClientPlaceRow).where(ClientPlaceRow.until <= now))
    open_ = select(ClientPlaceRow.token_id)
    long_ago = ClientTokenRow.expires_at < now - REMEMBERED_FOR
    session.execute(delete(ClientTokenRow).where(long_ago, ClientTokenRow.token_id.not_in(open_)))


def _lack(row: ClientTokenRow | None) -> Lack | None:
    """Why nothing more may be sent. That a token expires meanwhile ends no session, as with other tokens."""
    if row is None or row.revoked_at is not None:
        return "revoked"
    if row.max_video_seconds is not None and row.used_video_seconds >= row.max_video_seconds:
        return "video"
    return "bytes" if row.max_bytes is not None and row.used_bytes >= row.max_bytes else None


def _held_until() -> datetime:
    return utc_now() + timedelta(seconds=PLACE_SECONDS)


def _origins(session: Session, row: ClientTokenRow) -> tuple[str, ...]:
    if not row.has_origins:
        return ()
    return tuple(session.scalars(select(ClientOriginRow.origin).where(ClientOriginRow.token_id == row.token_id)))


def _token(row: ClientTokenRow, origins: tuple[str, ...]) -> ClientToken:
    return ClientToken(
        token_id=row.token_id,
        key_id=row.key_id,
        generation=row.generation,
        scopes=tuple(row.scopes.split()),
        expires_at=row.expires_at,
        max_duration_seconds=row.max_duration_seconds,
        max_bytes=row.max_bytes,
        max_concurrent=row.max_concurrent,
        max_video_seconds=row.max_video_seconds,
        allowed_origins=origins if row.has_origins else None,
    )
