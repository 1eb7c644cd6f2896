"""The plan in time, kinds of deliverables, and published months."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add columns and a table."""
    for table, name, default in (
        ("plan", "former", "[]"),
        ("unit", "successor", ""),
        ("deliverable", "kind", "once"),
        ("deliverable", "cycle", "year"),
    ):
        column = sa.Column(name, sa.String(), nullable=False, server_default=default)
        op.add_column(table, column)
    quarterly = sa.Column("quarterly", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("unit", quarterly)
    op.add_column(
        "deliverable", sa.Column("times", sa.Integer(), nullable=False, server_default="1")
    )
    op.create_table(
        "published",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("period", "at", "who", "occasion")
        ),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("status", sa.LargeBinary(), nullable=False),
    )
