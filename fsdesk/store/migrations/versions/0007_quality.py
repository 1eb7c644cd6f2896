"""Findings of data quality that are shown no more; keys of several units by an index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TEXTS = ("rule", "level", "message", "remedy", "spot", "seen", "reason", "at", "who")


def upgrade() -> None:
    """Add the list, which begins empty, and the unit to the index of keys."""
    op.drop_index("ix_ledger_entry_key", "ledger_entry")
    op.create_index("ix_ledger_entry_key", "ledger_entry", ["ledger", "key", "unit"])
    op.create_table(
        "quality_dismissal",
        sa.Column("mark", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in _TEXTS),
    )
