"""What becomes of letters after their issue, and drafts, which have no number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TEXTS = ("follows", "reply", "replied_at", "wanted_why", "wanted_answer", "evidence")
_DAYS = ("issued_on", "received_on", "wanted_until", "closed_on")
_DRAFT = ("kind", "unit", "period", "items", "body", "follows")


def upgrade() -> None:
    """Add columns and a table; letters that had a number were on paper: they count as issued."""
    for name in _TEXTS:
        op.add_column("letter", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in _DAYS:
        op.add_column("letter", sa.Column(name, sa.Date()))
    op.execute("UPDATE letter SET state = 'issued' WHERE state = 'drafted'")
    op.execute("UPDATE letter SET issued_on = drafted_on")
    op.create_table(
        "letter_draft",
        sa.Column("key", sa.String(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in _DRAFT),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("reply_by", "drafted_on")),
    )
