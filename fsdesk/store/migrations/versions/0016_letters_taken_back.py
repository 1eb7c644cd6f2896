"""Why letters were opened again after they had been struck off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add a column; of letters before there is nothing to say."""
    why = sa.Column("reopened_why", sa.String(), nullable=False, server_default="")
    op.add_column("letter", why)
