"""Objections of units to letters, and what the office ruled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add columns."""
    for name in ("objection", "ruling", "ruling_why"):
        op.add_column("letter", sa.Column(name, sa.String(), nullable=False, server_default=""))
