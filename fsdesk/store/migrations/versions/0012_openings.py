"""Edits are counted by opening, not by place: what told a copy from the original goes."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Drop the columns."""
    with op.batch_alter_table("workspace") as batch:
        batch.drop_column("author")
        batch.drop_column("instance")
