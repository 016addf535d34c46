"""The tables of the database, as the newest migration leaves them."""

from __future__ import annotations

import hashlib
from datetime import datetime  # noqa: TC003 - what the columns are is read from the annotations

from sqlalchemy import BigInteger, Boolean, DateTime, Float, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What all tables belong to. Times are UTC, without saying so in the column."""


class KeyRow(Base):
    """A key: hashes of its secrets, and for the time of an overlap of those it had before."""

    __tablename__ = "keys"

    key_id: Mapped[str] = mapped_column(String, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String)
    api_key_hash: Mapped[str] = mapped_column(String, unique=True)
    scopes: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime, default=None)
    name: Mapped[str | None] = mapped_column(String, default=None)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime, default=None)
    generation: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    previous_secret_hash: Mapped[str | None] = mapped_column(String, default=None)
    previous_api_key_hash: Mapped[str | None] = mapped_column(String, default=None, unique=True)
    previous_until: Mapped[datetime | None] = mapped_column(DateTime, default=None)
    max_sessions: Mapped[int | None] = mapped_column(Integer, default=None)
    max_bytes_per_hour: Mapped[int | None] = mapped_column(BigInteger, default=None)
    max_video_seconds_per_hour: Mapped[float | None] = mapped_column(Float, default=None)


class SigningRow(Base):
    """A key that signs tokens, or, with ``retired_at``, one that verifies what it signed until then."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String, primary_key=True)
    secret: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    retired_at: Mapped[datetime | None] = mapped_column(DateTime, default=None)


class AuditRow(Base):
    """Something that happened with a credential, ``count`` times alike."""

    __tablename__ = "audit"

    # SQLite counts up by itself in a column of type INTEGER alone.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    time: Mapped[datetime] = mapped_column(DateTime, index=True)
    event: Mapped[str] = mapped_column(String)
    key_id: Mapped[str | None] = mapped_column(String, default=None)
    client: Mapped[str | None] = mapped_column(String, default=None)
    detail: Mapped[str | None] = mapped_column(String, default=None)
    count: Mapped[int] = mapped_column(Integer, default=1)


class ClientTokenRow(Base):
    """A client token, by its hash: what it is for, its caps, and what its sessions have used, over all services."""

    __tablename__ = "client_tokens"

    token_id: Mapped[str] = mapped_column(String, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String, unique=True)
    key_id: Mapped[str] = mapped_column(String, index=True)
    generation: Mapped[int] = mapped_column(Integer)
    scopes: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    expires_at: Mapped[datetime] = mapped_column(DateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime, default=None)
    max_duration_seconds: Mapped[int | None] = mapped_column(BigInteger, default=None)
    max_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    max_concurrent: Mapped[int | None] = mapped_column(BigInteger, default=None)
    max_video_seconds: Mapped[int | None] = mapped_column(BigInteger, default=None)
    has_origins: Mapped[bool] = mapped_column(Boolean, default=False)
    used_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    used_video_seconds: Mapped[float] = mapped_column(Float, default=0.0)


class ClientOriginRow(Base):
    """An origin whose pages may use a client token; asked for by the origin, too."""

    __tablename__ = "client_token_origins"

    origin: Mapped[str] = mapped_column(String, primary_key=True)
    token_id: Mapped[str] = mapped_column(
        String, ForeignKey("client_tokens.token_id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ClientPlaceRow(Base):
    """A session that a client token has open, as far as anybody knows: until ``until``, unless that is put off."""

    __tablename__ = "client_token_places"

    place_id: Mapped[str] = mapped_column(String, primary_key=True)
    token_id: Mapped[str] = mapped_column(String, ForeignKey("client_tokens.token_id", ondelete="CASCADE"), index=True)
    until: Mapped[datetime] = mapped_column(DateTime)


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    # A slow password hash protects what people choose; these are 256 random bits, which nobody can guess at any speed.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


class JobRow(Base):
    """An upload job, under the hash of its id, whose video ``holder`` has until ``held_until``, unless put off."""

    __tablename__ = "jobs"

    job_hash: Mapped[str] = mapped_column(String, primary_key=True)
    key_id: Mapped[str] = mapped_column(String)
    model: Mapped[str] = mapped_column(String)
    status: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(DateTime)
    expires_at: Mapped[datetime] = mapped_column(DateTime, index=True)
    correlation_id: Mapped[str] = mapped_column(String)
    holder: Mapped[str] = mapped_column(String, index=True)
    held_until: Mapped[datetime] = mapped_column(DateTime)
    error_id: Mapped[str | None] = mapped_column(String, default=None)
    error_message: Mapped[str | None] = mapped_column(String, default=None)
    result: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
