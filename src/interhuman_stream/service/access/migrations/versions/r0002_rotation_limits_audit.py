"""Keys are rotated, expire, have names and limits; the keys that sign tokens, and the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is new; every key stays as good as it was."""
    for column in (
        sa.Column("name", sa.String),
        sa.Column("expires_at", sa.DateTime),
        sa.Column("generation", sa.Integer, nullable=False, server_default="1"),
        sa.Column("previous_secret_hash", sa.String),
        sa.Column("previous_api_key_hash", sa.String),
        sa.Column("previous_until", sa.DateTime),
        sa.Column("max_sessions", sa.Integer),
        sa.Column("max_bytes_per_hour", sa.BigInteger),
        sa.Column("max_video_seconds_per_hour", sa.Float),
    ):
        op.add_column("keys", column)
    op.create_index("keys_previous_api_key_hash", "keys", ["previous_api_key_hash"], unique=True)
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.String, primary_key=True),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("retired_at", sa.DateTime),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("time", sa.DateTime, nullable=False, index=True),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("key_id", sa.String),
        sa.Column("client", sa.String),
        sa.Column("detail", sa.String),
        sa.Column("count", sa.Integer, nullable=False),
    )
