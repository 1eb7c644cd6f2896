"""First form of the database: plan, records, exchange, change log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables; the change log refuses to be altered."""
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("packet", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "data_value",
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("numerator", sa.Double(), nullable=True),
        sa.Column("denominator", sa.Double(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item", "unit", "period", "revision", name="uq_data_value_version"),
    )
    op.create_index(
        "ix_data_value_leading",
        "data_value",
        ["item", "unit", "period"],
        unique=True,
        sqlite_where=sa.text("leading"),
        postgresql_where=sa.text('"leading"'),
    )
    op.create_table(
        "milestone",
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item", "unit", "period", "revision", name="uq_milestone_version"),
    )
    op.create_index(
        "ix_milestone_leading",
        "milestone",
        ["item", "unit", "period"],
        unique=True,
        sqlite_where=sa.text("leading"),
        postgresql_where=sa.text('"leading"'),
    )
    op.create_table(
        "packet",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("handled_at", sa.String(), nullable=False),
        sa.Column("plan_revision", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "plan",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("overall_requirement", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "progress_report",
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("problems", sa.String(), nullable=False),
        sa.Column("next_steps", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "item", "unit", "period", "revision", name="uq_progress_report_version"
        ),
    )
    op.create_index(
        "ix_progress_report_leading",
        "progress_report",
        ["item", "unit", "period"],
        unique=True,
        sqlite_where=sa.text("leading"),
        postgresql_where=sa.text('"leading"'),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "submission",
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("received_at", sa.String(), nullable=False),
        sa.Column("packet", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "period"),
    )
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("program_version", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "plan_constant",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("measure_unit", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["plan.year"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("year", "code"),
    )
    op.create_table(
        "section",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["plan.year"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("year", "number"),
    )
    op.create_table(
        "unit",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("aliases", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["plan.year"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("year", "code"),
    )
    op.create_table(
        "unit_group",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["plan.year"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("year", "code"),
    )
    op.create_table(
        "point",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year", "section"], ["section.year", "section.number"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("year", "number"),
    )
    op.create_table(
        "unit_group_member",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year", "group_code"], ["unit_group.year", "unit_group.code"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["year", "unit"], ["unit.year", "unit.code"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("year", "group_code", "unit"),
    )
    op.create_table(
        "task",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year", "point"], ["point.year", "point.number"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("year", "code"),
    )
    op.create_table(
        "assignment",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["year", "task"], ["task.year", "task.code"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task", "party", "year"),
    )
    op.create_table(
        "deliverable",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["year", "task"], ["task.year", "task.code"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", "year"),
    )
    op.create_table(
        "indicator",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("aggregation", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.Column("measure_unit", sa.String(), nullable=False),
        sa.Column("pace_rule", sa.String(), nullable=False),
        sa.Column("pace_curve", sa.String(), nullable=False),
        sa.Column("part_of", sa.String(), nullable=False),
        sa.Column("bounded", sa.Boolean(), nullable=False),
        sa.Column("derived_constant", sa.String(), nullable=False),
        sa.Column("derived_factor", sa.Double(), nullable=False),
        sa.Column("derived_source", sa.String(), nullable=False),
        sa.Column("numerator_name", sa.String(), nullable=False),
        sa.Column("denominator_name", sa.String(), nullable=False),
        sa.Column("reporters", sa.String(), nullable=False),
        sa.Column("whole_numbers", sa.Boolean(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["year", "task"], ["task.year", "task.code"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", "year"),
    )
    op.create_table(
        "target_share",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["year", "indicator"], ["indicator.year", "indicator.code"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("year", "indicator", "unit"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER change_no_{verb.lower()} BEFORE {verb} ON change "
                "BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END"
            )
    elif op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION change_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'the change log is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER change_no_update BEFORE UPDATE OR DELETE OR TRUNCATE ON change "
            "FOR EACH STATEMENT EXECUTE FUNCTION change_is_kept()"
        )
