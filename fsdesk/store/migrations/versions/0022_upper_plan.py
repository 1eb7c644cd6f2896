"""The plan of the level above: what answers it here, and what was taken over from the aggregate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ladder_match",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("upper", sa.String(), primary_key=True),
        sa.Column("lower", sa.String(), nullable=False),
        sa.Column("upper_mark", sa.String(), nullable=False),
        sa.Column("lower_mark", sa.String(), nullable=False),
        sa.Column("handed_down", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
    )
    op.create_table(
        "ladder_drawn",
        sa.Column("record", sa.String(), primary_key=True),
        sa.Column("drawn", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
    )
    op.create_table(
        "ladder_task",
        sa.Column("task", sa.String(), primary_key=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
    )
