"""What units were called before they were renamed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add a column; of what was renamed before, the former name is not known."""
    names = sa.Column("former_names", sa.String(), nullable=False, server_default="[]")
    op.add_column("unit", names)
