"""Edits are counted by opening, not by place, and what was sent ends at a line, not at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Drop what told a copy from the original; note where the packets that were sent end."""
    with op.batch_alter_table("workspace") as batch:
        batch.drop_column("author")
        batch.drop_column("instance")
    for name in ("log_end", "rows_end"):
        op.add_column("packet", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE packet SET log_end = coalesce((SELECT max(change.id) FROM change "
        "WHERE change.packet = packet.id), 0), rows_end = coalesce((SELECT max(ledger_batch.id) "
        "FROM ledger_batch WHERE ledger_batch.at < packet.made_at), 0) WHERE direction = 'sent'"
    )
