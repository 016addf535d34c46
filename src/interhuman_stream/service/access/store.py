"""The keys: who may use the service, and for what; and the keys that sign tokens. Of secrets, hashes alone are kept."""

from __future__ import annotations

import contextlib
import hmac
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from interhuman_stream.protocol.limits import TOKEN_SECONDS
from interhuman_stream.service.access.client_tokens import ClientTokens, forget_long_ended, revoke_all
from interhuman_stream.service.access.database import changing, look, open_database, utc_now
from interhuman_stream.service.access.quota import Allowance
from interhuman_stream.service.access.tables import AuditRow, KeyRow, SigningRow, hashed
from interhuman_stream.service.jobs.store import JobStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

API_KEY_PREFIX: Final = "ih_live_"
SIGNING_KEY: Final = "signing.key"
"""Where the key that signs tokens was kept before it was in the database."""
SIGNATURES_LAST: Final = timedelta(seconds=TOKEN_SECONDS + 60)
"""How long a retired signing key verifies: what it signed a moment after it was retired, by another process, too."""
DROPPED_FOR: Final = timedelta(hours=24)
"""How long a key that is dropped is still known as one that was ours; its tokens are good for nothing all the while."""
MOST_REFUSALS: Final = 100_000
"""Refusals kept in the audit log: some 20 MB, whatever is thrown at the service."""
UNLIMITED: Final = Allowance()


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secrets.

    Attributes:
        allowance: What is set for this key; None in it where nothing is.
        generation: How often its secrets were made, this time included; of what somebody proved to hold, which
            during an overlap may be one less than the newest.
    """

    key_id: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None
    name: str | None = None
    expires_at: datetime | None = None
    allowance: Allowance = UNLIMITED
    generation: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class NewKey:
    """A key just made: the only moment its secrets are known."""

    key_id: str
    key_secret: str
    api_key: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What signs tokens: its id goes into their header, its secret nowhere.

    Attributes:
        dropped: Whether what it signed is good no longer: then it only tells what we signed from what is made up.
    """

    kid: str
    secret: bytes = field(repr=False)
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit log: what happened to a credential, ``count`` times alike."""

    time: datetime
    event: str
    key_id: str | None = None
    client: str | None = None
    detail: str | None = None
    count: int = 1


class Store:
    """The database of a service, or of several. Safe to use from several threads and processes.

    Nothing is remembered here: what another process has changed counts from the next question on.

    Attributes:
        client_tokens: Those that were made from the keys.

    Args:
        data_dir: Where the SQLite database is, and what an older version left.
        url: Of another database.

    Raises:
        StoreError: The database cannot be used.
        OSError: The data directory cannot be used.
    """

    def __init__(self, data_dir: Path, url: str | None = None) -> None:
        self._engine = open_database(data_dir, url)
        self.client_tokens = ClientTokens(self._engine)
        left = data_dir / SIGNING_KEY
        with self._changing() as session:
            if session.scalar(select(SigningRow.kid).limit(1)) is None:
                session.add(_signing_row(left.read_bytes() if left.is_file() else secrets.token_bytes(32)))
        left.unlink(missing_ok=True)

    def create(
        self,
        scopes: Sequence[str],
        *,
        name: str | None = None,
        lifetime: timedelta | None = None,
        allowance: Allowance = UNLIMITED,
    ) -> NewKey:
        """Make a key for ``scopes``."""
        new = _secrets(f"ihk_{secrets.token_hex(8)}")
        now = utc_now()
        with self._changing() as session:
            session.add(
                KeyRow(
                    key_id=new.key_id,
                    secret_hash=hashed(new.key_secret),
                    api_key_hash=hashed(new.api_key),
                    scopes=" ".join(scopes),
                    created_at=now,
                    name=name,
                    expires_at=now + lifetime if lifetime is not None else None,
                    max_sessions=allowance.sessions,
                    max_bytes_per_hour=allowance.bytes_an_hour,
                    max_video_seconds_per_hour=allowance.video_seconds_an_hour,
                )
            )
            session.add(AuditRow(time=now, event="key created", key_id=new.key_id, detail=" ".join(scopes), count=1))
        return new

    def keys(self) -> list[Key]:
        """All keys, the oldest first."""
        with Session(self._engine) as session:
            return [_key(row) for row in session.scalars(select(KeyRow).order_by(KeyRow.created_at))]

    def revoke(self, key_id: str) -> bool:
        """Revoke a key at once, with every token made from it. False where there is no such key."""
        with self._changing() as session:
            row = session.get(KeyRow, key_id)
            if row is None:
                return False
            if row.revoked_at is None:
                row.revoked_at = utc_now()
                session.add(AuditRow(time=row.revoked_at, event="key revoked", key_id=key_id, count=1))
            return True

    def rotate(self, key_id: str, overlap: timedelta = timedelta()) -> NewKey | None:
        """Give a key new secrets. None where there is no such key, or it is revoked or expired.

        The secrets it had, and the tokens made from them, are good for ``overlap`` more; those from before them no
        longer.
        """
        with self._changing() as session:
            row = session.get(KeyRow, key_id)
            if row is None or not _good(row):
                return None
            new, now = _secrets(key_id), utc_now()
            # Without an overlap there is nothing to keep; and a unique hash twice None is no clash.
            kept = overlap > timedelta()
            row.previous_secret_hash = row.secret_hash if kept else None
            row.previous_api_key_hash = row.api_key_hash if kept else None
            row.previous_until = now + overlap if kept else None
            row.secret_hash, row.api_key_hash = hashed(new.key_secret), hashed(new.api_key)
            row.generation += 1
            detail = f"overlap {overlap.total_seconds():g} s" if kept else None
            session.add(AuditRow(time=now, event="key rotated", key_id=key_id, detail=detail, count=1))
            return new

    def live(self, key_id: str, generation: int | None = None) -> Key | None:
        """The key, if it is there and neither revoked nor expired, nor is ``generation`` of its secrets out of use.

        One look-up by the primary key: cheap enough for every segment.
        """
        with Session(self._engine) as session:
            row = session.get(KeyRow, key_id)
            if row is None or not _good(row) or (generation is not None and not _in_use(row, generation)):
                return None
            return _key(row, generation)

    def by_secret(self, key_id: str, key_secret: str) -> Key | None:
        """The live key with this id, if the secret is right."""
        given = hashed(key_secret)
        with Session(self._engine) as session:
            row = session.get(KeyRow, key_id)
            # Compared even where there is no such key: the time it takes tells nobody which ids exist.
            newest = hmac.compare_digest(row.secret_hash if row else hashed(""), given)
            previous = hmac.compare_digest((row.previous_secret_hash if row else None) or "", given)
            return _proven(row, newest=newest, previous=previous)

    def by_api_key(self, api_key: str) -> Key | None:
        """The live key with this API key."""
        # Looked up by its hash: however far a guess's hash agrees with one in the index, and whatever that does to the
        # time it takes, it says nothing of the key, for nobody can choose a key by the beginning of its hash.
        given = hashed(api_key)
        with Session(self._engine) as session:
            row = session.scalar(
                select(KeyRow).where(or_(KeyRow.api_key_hash == given, KeyRow.previous_api_key_hash == given))
            )
            newest = row is not None and hmac.compare_digest(row.api_key_hash, given)
            return _proven(row, newest=newest, previous=not newest)

    def signing(self) -> SigningKey:
        """The key that signs tokens now."""
        newest = select(SigningRow).where(SigningRow.retired_at.is_(None))
        with Session(self._engine) as session:
            row = session.scalars(newest.order_by(SigningRow.created_at.desc())).first()
            assert row is not None  # noqa: S101 - made as the store was opened, and only ever replaced
            return SigningKey(row.kid, bytes.fromhex(row.secret))

    def verifying(self, kid: str) -> SigningKey | None:
        """The key of this id, also for a while after it was dropped: whoever comes with its tokens guesses nothing."""
        with Session(self._engine) as session:
            row = session.get(SigningRow, kid)
            if row is None:
                return None
            dropped = row.retired_at is not None and row.retired_at <= utc_now()
            return SigningKey(row.kid, bytes.fromhex(row.secret), dropped)

    def rotate_signing(self, *, at_once: bool = False) -> str:
        """Sign with a new key, and give its id.

        The tokens that are about stay good, or, ``at_once``, none does: client tokens, which nothing signs, included.
        """
        now = utc_now()
        with self._changing() as session:
            for row in session.scalars(select(SigningRow)):
                last = now if at_once else now + SIGNATURES_LAST
                row.retired_at = min(row.retired_at or last, last)
            new = _signing_row(secrets.token_bytes(32))
            session.add(new)
            if at_once:
                revoke_all(session)
            detail = f"{new.kid}, older ones dropped at once" if at_once else new.kid
            session.add(AuditRow(time=now, event="signing key rotated", detail=detail, count=1))
            return new.kid

    def record(self, entries: Sequence[Entry]) -> None:
        """Write entries into the audit log."""
        with self._changing() as session:
            session.add_all(
                AuditRow(
                    time=each.time,
                    event=each.event,
                    key_id=each.key_id,
                    client=each.client,
                    detail=each.detail,
                    count=each.count,
                )
                for each in entries
            )

    def audit(self, most: int | None = None) -> list[Entry]:
        """The audit log, the oldest entry first; of a longer one the newest ``most``."""
        with Session(self._engine) as session:
            rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(most)).all()
            return [Entry(row.time, row.event, row.key_id, row.client, row.detail, row.count) for row in rows[::-1]]

    def forget(self, older_than: timedelta) -> None:
        """Drop audit entries by their age, refusals also by their number, and signing keys that verify no more."""
        now = utc_now()
        with self._changing() as session:
            session.execute(delete(AuditRow).where(AuditRow.time < now - older_than))
            refused = select(AuditRow.id).where(AuditRow.event == "refused").order_by(AuditRow.id.desc())
            last = session.scalar(refused.offset(MOST_REFUSALS).limit(1))
            if last is not None:
                session.execute(delete(AuditRow).where(AuditRow.event == "refused", AuditRow.id <= last))
            session.execute(delete(SigningRow).where(SigningRow.retired_at <= now - DROPPED_FOR))
            forget_long_ended(session)

    def jobs(self, holder: str) -> JobStore:
        """The upload jobs in the same database, for a service of this name; see ``JobStore``."""
        return JobStore(self._engine, holder)

    def look(self) -> None:
        """See that the database is there and whole as far as credentials need it.

        Raises:
            SQLAlchemyError: It is not.
        """
        look(self._engine)

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Session]:
        with changing(self._engine) as connection, Session(connection) as session:
            yield session
            session.flush()


def _secrets(key_id: str) -> NewKey:
    return NewKey(key_id, secrets.token_urlsafe(32), API_KEY_PREFIX + secrets.token_urlsafe(32))


def _signing_row(secret: bytes) -> SigningRow:
    return SigningRow(kid=f"sig_{secrets.token_hex(8)}", secret=secret.hex(), created_at=utc_now())


def _good(row: KeyRow) -> bool:
    return row.revoked_at is None and (row.expires_at is None or utc_now() < row.expires_at)


def _in_use(row: KeyRow, generation: int) -> bool:
    if generation == row.generation - 1:
        return row.previous_until is not None and utc_now() < row.previous_until
    return generation == row.generation


def _proven(row: KeyRow | None, *, newest: bool, previous: bool) -> Key | None:
    """The key whose ``newest`` or ``previous`` secret somebody has shown, if that is still good."""
    if row is None or not (newest or previous) or not _good(row):
        return None
    generation = row.generation if newest else row.generation - 1
    return _key(row, generation) if _in_use(row, generation) else None


def _key(row: KeyRow, generation: int | None = None) -> Key:
    return replace(
        Key(row.key_id, tuple(row.scopes.split()), row.created_at, row.revoked_at, row.name, row.expires_at),
        allowance=Allowance(row.max_sessions, row.max_bytes_per_hour, row.max_video_seconds_per_hour),
        generation=row.generation if generation is None else generation,
    )
