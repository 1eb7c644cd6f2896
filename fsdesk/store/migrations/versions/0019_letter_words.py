"""The letters in front of a document number (机关代字), as they were when it was issued."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add a column; what was issued before has the first word of its kind."""
    op.add_column("letter", sa.Column("word", sa.String(), nullable=False, server_default=""))
