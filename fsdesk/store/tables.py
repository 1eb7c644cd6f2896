"""Tables of the workspace database as typed mappings; the schema itself is made by migrations.

Types are not written as text here, which SQLAlchemy would have to read again at each start.
"""

from datetime import date
from typing import ClassVar

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, false, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

_LEADING = text("leading")


class Base(DeclarativeBase):
    """Base of all tables."""


class WorkspaceRow(Base):
    """Whose workspace this is: exactly one row."""

    __tablename__ = "workspace"

    id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    unit: Mapped[str]
    year: Mapped[int]
    created_at: Mapped[str]
    program_version: Mapped[str]


class SettingRow(Base):
    """A setting as JSON text."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class PlanRow(Base):
    """A year's plan; all that belongs to it hangs on its year."""

    __tablename__ = "plan"

    year: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    issuer: Mapped[str]
    overall_requirement: Mapped[str]
    revision: Mapped[int]
    former: Mapped[str] = mapped_column(server_default="[]")
    carried_from: Mapped[int] = mapped_column(server_default="0")


class PublishedRow(Base):
    """The figures of a period as they were published; of several, the newest counts."""

    __tablename__ = "published"

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]
    at: Mapped[str]
    who: Mapped[str]
    occasion: Mapped[str]
    change: Mapped[int]
    status: Mapped[bytes]


class PlanRevisionRow(Base):
    """A state that a year's plan once had; the newest is the plan itself."""

    __tablename__ = "plan_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    revision: Mapped[int]
    at: Mapped[str]
    who: Mapped[str]
    turn: Mapped[str]
    label: Mapped[str]
    retired: Mapped[str]
    snapshot: Mapped[bytes]


def _year() -> Mapped[int]:
    return mapped_column(ForeignKey("plan.year", ondelete="CASCADE"), primary_key=True)


class UnitRow(Base):
    """A unit as it is named in a year."""

    __tablename__ = "unit"

    year: Mapped[int] = _year()
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str]
    aliases: Mapped[str]
    successor: Mapped[str] = mapped_column(server_default="")
    quarterly: Mapped[bool] = mapped_column(server_default=false())
    former_names: Mapped[str] = mapped_column(server_default="[]")
    bases: Mapped[str] = mapped_column(server_default="[]")


class UnitGroupRow(Base):
    """A group of units."""

    __tablename__ = "unit_group"

    year: Mapped[int] = _year()
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    aliases: Mapped[str]


class UnitGroupMemberRow(Base):
    """Membership of a unit in a group."""

    __tablename__ = "unit_group_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["year", "group_code"], ["unit_group.year", "unit_group.code"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["year", "unit"], ["unit.year", "unit.code"], ondelete="CASCADE"),
    )

    year: Mapped[int] = mapped_column(primary_key=True)
    group_code: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]


class PlanConstantRow(Base):
    """A figure of the district that indicators are divided by."""

    __tablename__ = "plan_constant"

    year: Mapped[int] = _year()
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    value: Mapped[float]
    measure_unit: Mapped[str]


class SectionRow(Base):
    """First level of heading."""

    __tablename__ = "section"

    year: Mapped[int] = _year()
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


class PointRow(Base):
    """Second level of heading."""

    __tablename__ = "point"
    __table_args__ = (
        ForeignKeyConstraint(
            ["year", "section"], ["section.year", "section.number"], ondelete="CASCADE"
        ),
    )

    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[int]
    title: Mapped[str]


class TaskRow(Base):
    """A task."""

    __tablename__ = "task"
    __table_args__ = (
        ForeignKeyConstraint(["year", "point"], ["point.year", "point.number"], ondelete="CASCADE"),
    )

    year: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    point: Mapped[int]
    position: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]


class _TaskPart:
    """Columns of everything that hangs on a task."""

    @declared_attr.directive
    def __table_args__(cls) -> tuple[ForeignKeyConstraint]:  # noqa: N805 - declared on the class
        return (
            ForeignKeyConstraint(["year", "task"], ["task.year", "task.code"], ondelete="CASCADE"),
        )

    year: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str]
    position: Mapped[int]


class AssignmentRow(_TaskPart, Base):
    """A unit's or group's part in a task."""

    __tablename__ = "assignment"

    task: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]


class DeliverableRow(_TaskPart, Base):
    """A deliverable of a task."""

    __tablename__ = "deliverable"

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    due: Mapped[date | None]
    kind: Mapped[str] = mapped_column(server_default="once")
    times: Mapped[int] = mapped_column(server_default="1")
    cycle: Mapped[str] = mapped_column(server_default="year")


class IndicatorRow(_TaskPart, Base):
    """An indicator of a task."""

    __tablename__ = "indicator"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]
    aggregation: Mapped[str]
    operator: Mapped[str]
    target: Mapped[float]
    measure_unit: Mapped[str]
    pace_rule: Mapped[str]
    pace_curve: Mapped[str]
    part_of: Mapped[str]
    bounded: Mapped[bool]
    derived_constant: Mapped[str]
    derived_factor: Mapped[float]
    derived_source: Mapped[str]
    numerator_name: Mapped[str]
    denominator_name: Mapped[str]
    reporters: Mapped[str]
    whole_numbers: Mapped[bool]
    baseline: Mapped[float | None]


class TargetShareRow(Base):
    """A unit's part of an indicator's target."""

    __tablename__ = "target_share"
    __table_args__ = (
        ForeignKeyConstraint(
            ["year", "indicator"], ["indicator.year", "indicator.code"], ondelete="CASCADE"
        ),
    )

    year: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    target: Mapped[float]


class RecordColumns:
    """Identity and history of a record.

    Several versions of one record may stand side by side, when people edited it apart; one of
    them leads. Records are not tied to plan items by foreign keys: what was recorded outlives an
    item that a later revision of the plan drops.
    """

    KIND: ClassVar[str]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 - declared on the class
        name = str(getattr(cls, "__tablename__", ""))
        return (
            Index(f"ix_{name}_unit", "unit", "period", "item"),
            Index(
                f"ix_{name}_leading",
                "unit",
                "period",
                "item",
                unique=True,
                # A server's condition stands in the migrations alone: named here, it would load
                # what speaks to PostgreSQL for everybody who never does.
                sqlite_where=_LEADING,
            ),
        )

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str]
    unit: Mapped[str]
    period: Mapped[str]
    revision: Mapped[str]
    leading: Mapped[bool]
    recorded_at: Mapped[str]
    recorded_by: Mapped[str]


class DataValueRow(RecordColumns, Base):
    """A data value."""

    __tablename__ = "data_value"
    KIND = "value"

    value: Mapped[float | None]
    numerator: Mapped[float | None]
    denominator: Mapped[float | None]
    not_applicable: Mapped[bool]
    note: Mapped[str]


class ProgressReportRow(RecordColumns, Base):
    """A progress report."""

    __tablename__ = "progress_report"
    KIND = "progress"

    status: Mapped[str | None]
    text: Mapped[str]
    problems: Mapped[str]
    next_steps: Mapped[str]


class MilestoneRow(RecordColumns, Base):
    """The state of a deliverable."""

    __tablename__ = "milestone"
    KIND = "milestone"

    status: Mapped[str | None]
    done_on: Mapped[date | None]
    evidence: Mapped[str]


class SubmissionRow(Base):
    """A unit's report for a period."""

    __tablename__ = "submission"

    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    made_at: Mapped[str]
    received_at: Mapped[str]
    packet: Mapped[str]
    digest: Mapped[str]
    comment: Mapped[str]
    reviewed_at: Mapped[str] = mapped_column(server_default="")


class LeftOutRow(Base):
    """A unit's data of a period that does not count (不计入)."""

    __tablename__ = "left_out"

    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    decided_at: Mapped[str]
    decided_by: Mapped[str]


class ReviewCommentRow(Base):
    """The office's words on one record of a report, or on the whole of it, and the answer.

    What is said of the whole has the kind ``report`` and no item.
    """

    __tablename__ = "review_comment"

    kind: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    comment: Mapped[str]
    commented_at: Mapped[str]
    answer: Mapped[str] = mapped_column(server_default="")
    words: Mapped[str] = mapped_column(server_default="")
    answered_at: Mapped[str] = mapped_column(server_default="")


class PacketRow(Base):
    """A packet that was sent or received; the file itself lies in the workspace folder."""

    __tablename__ = "packet"
    __table_args__ = (Index("ix_packet_unit", "unit", "period"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    direction: Mapped[str]
    kind: Mapped[str]
    unit: Mapped[str]
    period: Mapped[str]
    author: Mapped[str]
    made_at: Mapped[str]
    handled_at: Mapped[str]
    plan_revision: Mapped[int]
    file: Mapped[str]
    signature: Mapped[str] = mapped_column(server_default="")
    log_end: Mapped[int] = mapped_column(server_default="0")
    rows_end: Mapped[int] = mapped_column(server_default="0")
    name: Mapped[str] = mapped_column(server_default="")
    contents: Mapped[str] = mapped_column(server_default="")
    held: Mapped[str] = mapped_column(server_default="")
    mark: Mapped[str] = mapped_column(server_default="")


class PartSheetRow(Base):
    """What units below contribute to a unit's report of a period, as the newest packet has it."""

    __tablename__ = "part_sheet"

    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[str]
    digest: Mapped[str]
    packet: Mapped[str]
    figures: Mapped[str]
    rows: Mapped[str]


class SignerRow(Base):
    """A key with which a unit, or the office, signs its packets."""

    __tablename__ = "signer"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str]
    public_key: Mapped[str]
    state: Mapped[str]
    added_at: Mapped[str]
    added_by: Mapped[str]


class ImportBatchRow(Base):
    """Packets that were taken in one go."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    who: Mapped[str]
    undone_at: Mapped[str]


class ImportChangeRow(Base):
    """What an import changed: the state before and after, as JSON."""

    __tablename__ = "import_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    subject: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]


class ChangeRow(Base):
    """One line of the append-only change log, chained by digests."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    who: Mapped[str]
    workspace: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    packet: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]


class AttachmentRow(Base):
    """A file that proves a record; the file itself lies in the workspace folder."""

    __tablename__ = "attachment"

    digest: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[int]
    added_at: Mapped[str]
