"""The rows of a ledger in their order, without sorting or passing over those of others."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """An index ends with the row's number, which is the order of arrival."""
    op.create_index("ix_ledger_entry_shown", "ledger_entry", ["ledger", "state"])
