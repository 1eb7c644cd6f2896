"""Findings of data quality that are shown no more, each with its reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXTS = ("rule", "level", "message", "remedy", "spot", "seen", "reason", "at", "who")


def upgrade() -> None:
    """Add the list; it begins empty."""
    op.create_table(
        "quality_dismissal",
        sa.Column("mark", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in _TEXTS),
    )
