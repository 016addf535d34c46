"""Upload jobs: what is known of each, and its result, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "jobs",
        sa.Column("job_hash", sa.String, primary_key=True),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
        sa.Column("correlation_id", sa.String, nullable=False),
        sa.Column("holder", sa.String, nullable=False, index=True),
        sa.Column("held_until", sa.DateTime, nullable=False),
        sa.Column("error_id", sa.String),
        sa.Column("error_message", sa.String),
        sa.Column("result", sa.LargeBinary),
    )
