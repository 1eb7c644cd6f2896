"""Ledgers, attachments, letters and the cases that they open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "ledger",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("columns", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("ledger", sa.String(), sa.ForeignKey("ledger.code"), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("unit", "values", "revision", "recorded_at", "recorded_by")
        ),
    )
    op.create_index("ix_ledger_entry_ledger", "ledger_entry", ["ledger"])
    op.create_table(
        "attachment",
        *(
            sa.Column(name, sa.String(), primary_key=True)
            for name in ("digest", "kind", "item", "unit", "period")
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.String(), nullable=False),
    )
    op.create_table(
        "letter",
        *_series(),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
    )
    op.create_table(
        "supervision_case",
        *_series(),
        sa.Column("task", sa.String(), primary_key=True),
        sa.ForeignKeyConstraint(
            ["kind", "year", "number"], ["letter.kind", "letter.year", "letter.number"]
        ),
    )


def _series() -> list[sa.Column]:
    return [
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
    ]
