"""What a unit answers to the office's words on its report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add columns, and keep the reason of what is returned now: it goes when a report is sent."""
    for name in ("answer", "words", "answered_at"):
        column = sa.Column(name, sa.String(), nullable=False, server_default="")
        op.add_column("review_comment", column)
    op.execute(
        "INSERT INTO review_comment (kind, item, unit, period, comment, commented_at) "
        "SELECT 'report', '', unit, period, comment, reviewed_at FROM submission "
        "WHERE state = 'returned' AND comment <> ''"
    )
