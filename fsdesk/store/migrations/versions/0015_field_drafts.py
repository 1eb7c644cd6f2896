"""What was typed and is not stored yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "field_draft",
        sa.Column("place", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
