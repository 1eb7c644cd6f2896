"""What units below contribute to a report, and what units are compared by (基数)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the table, and the column of units."""
    op.create_table(
        "part_sheet",
        sa.Column("unit", sa.String(), primary_key=True),
        sa.Column("period", sa.String(), primary_key=True),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("packet", sa.String(), nullable=False),
        sa.Column("figures", sa.String(), nullable=False),
        sa.Column("rows", sa.String(), nullable=False),
    )
    op.add_column("unit", sa.Column("bases", sa.String(), nullable=False, server_default="[]"))
