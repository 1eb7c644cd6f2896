"""Every state that a plan had, and what an indicator had reached the year before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TEXTS = ("at", "who", "turn", "label", "retired")


def upgrade() -> None:
    """Add the history; it begins with the plan as the next change finds it."""
    op.add_column("indicator", sa.Column("baseline", sa.Double()))
    op.create_table(
        "plan_revision",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("year", "revision")),
        *(sa.Column(name, sa.String(), nullable=False) for name in _TEXTS),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_plan_revision_year", "plan_revision", ["year", "id"])
