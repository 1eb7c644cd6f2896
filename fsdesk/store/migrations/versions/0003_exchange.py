"""Keys of the units, imports that can be undone, comments of a review, who made an edit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_RECORDS = ("data_value", "progress_report", "milestone")


def upgrade() -> None:
    """Create the tables and columns."""
    _add_text("workspace", "author", "instance")
    op.execute("UPDATE workspace SET author = id")
    _add_text("packet", "signature")
    _add_text("submission", "reviewed_at")
    _add_text("letter", "body")
    _create("signer", ("fingerprint",), ("unit", "public_key", "state", "added_at", "added_by"))
    _create("left_out", ("unit", "period"), ("reason", "decided_at", "decided_by"))
    _create("review_comment", ("kind", "item", "unit", "period"), ("comment", "commented_at"))
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("at", "who", "undone_at")),
    )
    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("batch", sa.Integer(), sa.ForeignKey("import_batch.id"), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("subject", "before", "after")),
    )
    op.create_index("ix_import_change_batch", "import_change", ["batch"])
    for table in _RECORDS:
        _let_equal_revisions_stand_side_by_side(table)


def _let_equal_revisions_stand_side_by_side(table: str) -> None:
    """Two copies of one workspace can number two different edits alike; both are kept."""
    op.drop_index(f"ix_{table}_leading", table)
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table(table, recreate=recreate) as batch:
        batch.drop_constraint(f"uq_{table}_version", type_="unique")
    op.create_index(
        f"ix_{table}_leading",
        table,
        ["item", "unit", "period"],
        unique=True,
        sqlite_where=sa.text("leading"),
        postgresql_where=sa.text('"leading"'),
    )
    op.create_index(f"ix_{table}_unit", table, ["unit", "period", "item"])


def _add_text(table: str, *names: str) -> None:
    for name in names:
        op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))


def _create(table: str, key: tuple[str, ...], others: tuple[str, ...]) -> None:
    op.create_table(
        table,
        *(sa.Column(name, sa.String(), primary_key=True) for name in key),
        *(sa.Column(name, sa.String(), nullable=False) for name in others),
    )
