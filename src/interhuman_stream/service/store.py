"""The keys, in SQLite: who may use the service, and for what. Secrets are kept as hashes alone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DATABASE = "interhuman.sqlite3"
API_KEY_PREFIX = "ih_live_"


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "keys"

    key_id: Mapped[str] = mapped_column(String, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String)
    api_key_hash: Mapped[str] = mapped_column(String, unique=True)
    scopes: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime, default=None)


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secrets."""

    key_id: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class NewKey:
    """A key just made: the only moment its secrets are known."""

    key_id: str
    key_secret: str
    api_key: str


class Store:
    """The keys of one data directory. Safe to use from several threads and processes."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._engine = create_engine(f"sqlite:///{data_dir / DATABASE}")

        @event.listens_for(self._engine, "connect")
        def _(connection: object, _record: object) -> None:
            # Readers and a writer beside each other: `keys revoke` while the service runs.
            cursor = connection.cursor()  # type: ignore[attr-defined] # the driver's own connection
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.close()

        _Base.metadata.create_all(self._engine)

    def create(self, scopes: Sequence[str]) -> NewKey:
        """Make a key for ``scopes``."""
        new = NewKey(
            key_id=f"ihk_{secrets.token_hex(8)}",
            key_secret=secrets.token_urlsafe(32),
            api_key=API_KEY_PREFIX + secrets.token_urlsafe(32),
        )
        with Session(self._engine) as session:
            row = _Row(
                key_id=new.key_id,
                secret_hash=_hash(new.key_secret),
                api_key_hash=_hash(new.api_key),
                scopes=" ".join(scopes),
                created_at=_now(),
            )
            session.add(row)
            session.commit()
        return new

    def keys(self) -> list[Key]:
        """All keys, the oldest first."""
        with Session(self._engine) as session:
            return [_key(row) for row in session.scalars(select(_Row).order_by(_Row.created_at))]

    def revoke(self, key_id: str) -> bool:
        """Revoke a key at once, with every token made from it. False where there is no such key."""
        with Session(self._engine) as session:
            row = session.get(_Row, key_id)
            if row is None:
                return False
            row.revoked_at = row.revoked_at or _now()
            session.commit()
            return True

    def live(self, key_id: str) -> Key | None:
        """The key, if it is there and not revoked."""
        with Session(self._engine) as session:
            row = session.get(_Row, key_id)
            return _key(row) if row and row.revoked_at is None else None

    def by_secret(self, key_id: str, key_secret: str) -> Key | None:
        """The live key with this id, if the secret is right."""
        with Session(self._engine) as session:
            row = session.get(_Row, key_id)
            # Compared even where there is no such key: the time it takes tells nobody which ids exist.
            right = hmac.compare_digest(row.secret_hash if row else _hash(""), _hash(key_secret))
            return _key(row) if row and right and row.revoked_at is None else None

    def by_api_key(self, api_key: str) -> Key | None:
        """The live key with this API key."""
        with Session(self._engine) as session:
            row = session.scalar(select(_Row).where(_Row.api_key_hash == _hash(api_key)))
            return _key(row) if row and row.revoked_at is None else None

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()


def _hash(secret: str) -> str:
    # A slow password hash protects what people choose; these are 256 random bits, which nobody can guess at any speed.
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: _Row) -> Key:
    return Key(row.key_id, tuple(row.scopes.split()), row.created_at, row.revoked_at)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
