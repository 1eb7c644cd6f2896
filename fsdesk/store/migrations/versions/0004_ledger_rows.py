"""Ledger rows with versions, in columns that the database groups and sorts fast."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXTS = ("id", "ledger", "unit", "key", "revision")
_NUMBERS = ("state", "facet", "batch")


def upgrade() -> None:
    """Put the new table in place of the first one, into which nothing could be written yet."""
    for name, default in (("feeds", "[]"), ("rules", "[]"), ("slots", "{}")):
        op.add_column(
            "ledger", sa.Column(name, sa.String(), nullable=False, server_default=default)
        )
    op.drop_index("ix_ledger_entry_ledger", "ledger_entry")
    op.drop_table("ledger_entry")
    op.create_table(
        "ledger_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("at", "who", "packet")),
    )
    op.create_table(
        "ledger_facet",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("ledger", sa.String(), sa.ForeignKey("ledger.code"), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
    )
    op.create_index("ix_ledger_facet_content", "ledger_facet", ["ledger", "content"], unique=True)
    op.create_table(
        "ledger_entry",
        sa.Column("n", sa.Integer(), primary_key=True),
        *(
            sa.Column(
                name,
                sa.String(),
                *((sa.ForeignKey("ledger.code"),) if name == "ledger" else ()),
                nullable=False,
            )
            for name in _TEXTS
        ),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _NUMBERS),
        sa.Column("more", sa.String(), nullable=False),
        *(sa.Column(f"t{number}", sa.String()) for number in range(1, 25)),
        *(sa.Column(f"n{number}", sa.Float()) for number in range(1, 13)),
    )
    op.create_index("ix_ledger_entry_id", "ledger_entry", ["id"])
    op.create_index("ix_ledger_entry_key", "ledger_entry", ["ledger", "key"])
    op.create_index("ix_ledger_entry_facet", "ledger_entry", ["ledger", "state", "facet", "unit"])
