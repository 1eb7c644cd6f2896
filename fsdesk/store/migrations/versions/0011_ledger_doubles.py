"""Natural keys of ledgers that several units registered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add a column and a table, filled from the rows that are held."""
    by_unit = sa.Column("keyed_by_unit", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("ledger", by_unit)
    # Of the ledgers that came with the program, those in which units do things of one name.
    op.execute("UPDATE ledger SET keyed_by_unit = true WHERE code IN ('activity', 'support')")
    op.create_table(
        "ledger_double",
        sa.Column("ledger", sa.String(), sa.ForeignKey("ledger.code"), primary_key=True),
        sa.Column("key", sa.String(), primary_key=True),
    )
    op.execute(
        "INSERT INTO ledger_double (ledger, key) SELECT ledger, key FROM ledger_entry "
        "GROUP BY ledger, key HAVING min(unit) != max(unit)"
    )
