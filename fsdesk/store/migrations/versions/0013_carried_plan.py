"""A plan that carries another year's on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add a column; what was made before is taken for its own year's plan."""
    carried = sa.Column("carried_from", sa.Integer(), nullable=False, server_default="0")
    op.add_column("plan", carried)
