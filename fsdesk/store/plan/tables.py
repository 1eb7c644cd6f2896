"""Tables of a plan's items; see `fsdesk.store.tables`."""

from datetime import date

from sqlalchemy import ForeignKey, ForeignKeyConstraint, false
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from fsdesk.store.tables import Base


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
