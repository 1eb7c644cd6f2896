"""What a unit reports for a period lies together in every index: a packet changes few pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Put the unit first: with the item first, each record changed a page of its own."""
    for table in ("data_value", "progress_report", "milestone"):
        op.drop_index(f"ix_{table}_leading", table)
        op.create_index(
            f"ix_{table}_leading",
            table,
            ["unit", "period", "item"],
            unique=True,
            sqlite_where=sa.text("leading"),
            postgresql_where=sa.text('"leading"'),
        )
    op.create_index("ix_packet_unit", "packet", ["unit", "period"])
