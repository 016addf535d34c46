"""Client tokens, the origins they name, and the sessions they have open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "client_tokens",
        sa.Column("token_id", sa.String, primary_key=True),
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("key_id", sa.String, nullable=False, index=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("scopes", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
        sa.Column("revoked_at", sa.DateTime),
        sa.Column("max_duration_seconds", sa.BigInteger),
        sa.Column("max_bytes", sa.BigInteger),
        sa.Column("max_concurrent", sa.BigInteger),
        sa.Column("max_video_seconds", sa.BigInteger),
        sa.Column("has_origins", sa.Boolean, nullable=False),
        sa.Column("used_bytes", sa.BigInteger, nullable=False),
        sa.Column("used_video_seconds", sa.Float, nullable=False),
    )
    op.create_table(
        "client_token_origins",
        sa.Column("origin", sa.String, primary_key=True),
        sa.Column(
            "token_id",
            sa.String,
            sa.ForeignKey("client_tokens.token_id", ondelete="CASCADE"),
            primary_key=True,
            index=True,
        ),
    )
    op.create_table(
        "client_token_places",
        sa.Column("place_id", sa.String, primary_key=True),
        sa.Column(
            "token_id",
            sa.String,
            sa.ForeignKey("client_tokens.token_id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("until", sa.DateTime, nullable=False),
    )
