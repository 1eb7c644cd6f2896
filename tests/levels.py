"""Two levels for tests: a city's office, and a district's that is one of its units.

The district has its own workspace on the small plan, and beside it that of a unit of the city. The
two plans name and number alike things apart from one another, as offices do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
    TargetShare,
)
from fsdesk.domain.plan.plan import (
    Assignment,
    Deliverable,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.domain.plan.units import Directory, Unit, UnitKind
from fsdesk.services.care import known
from fsdesk.services.ladder import matching, own_workspace
from tests.workspaces import Clock, make_office, make_unit

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.workspace import Workspace

CITY_UNITS = (
    Unit("sban", "市食药安办", UnitKind.OFFICE),
    Unit("bjq", "滨江区", UnitKind.DEPARTMENT),
    Unit("xhq", "西湖区", UnitKind.DEPARTMENT),
)


def city_plan() -> Plan:
    """Return the city's plan: what the small plan asks for, and one thing that it does not."""
    count, add = IndicatorKind.COUNT, Aggregation.CUMULATIVE
    least = Operator.AT_LEAST
    shares = (TargetShare("bjq", 1300), TargetShare("xhq", 1700))
    samples = Indicator("I07-1", "食品抽检批次", count, add, least, 3000, "批次", shares=shares)
    rate = Indicator(
        "I07-2", "不合格处置率", IndicatorKind.RATIO, add, Operator.EQUAL, 100, "%",
        Pace(PaceRule.CONSTANT), numerator_name="已处置", denominator_name="不合格",
    )  # fmt: skip
    sites = Indicator("I07-3", "哨点数", count, Aggregation.LEVEL, least, 50, "家")
    fines = Indicator("I07-4", "罚没金额", count, add, least, 100, "万元", whole_numbers=False)
    risk = Indicator(
        "I07-5", "风险监测样本量", IndicatorKind.DERIVED, add, least, 1, "批次/千人",
        derivation=Derivation("population", 1000),
    )  # fmt: skip
    task = Task(
        "T07-1", "抽检与监测", "抽检，处置，监测。",
        (Assignment("bjq", Role.SHARED), Assignment("xhq", Role.SHARED)),
        (samples, rate, sites, fines, risk),
        (Deliverable("D07-1-1", "制定抽检计划"), Deliverable("D07-1-2", "夜市专项检查")),
    )  # fmt: skip
    return Plan(
        2026,
        "2026年全市工作要点",
        "市食药安办",
        "守住底线。",
        (Section(1, "监管", (Point(7, "监测", (task,)),)),),
        Directory(CITY_UNITS),
        (PlanConstant("population", "常住人口", 2_000_000, "人"),),
    )


def revised(plan: Plan, code: str, **changes: object) -> Plan:
    """Return a plan with one indicator changed, as its next revision."""

    def each_task(task: Task) -> Task:
        return replace(
            task,
            indicators=tuple(
                replace(each, **changes) if each.code == code else each for each in task.indicators
            ),
        )

    sections = tuple(
        replace(
            section,
            points=tuple(
                replace(point, tasks=tuple(map(each_task, point.tasks))) for point in section.points
            ),
        )
        for section in plan.sections
    )
    return replace(plan, sections=sections, revision=plan.revision + 1)


@dataclass
class Levels:
    """The city's office, and the district's two workspaces, all open."""

    city: Workspace
    upper: Workspace
    own: Workspace
    clock: Clock

    def link(self) -> None:
        """Choose the district's own workspace, and confirm what likeness proposes."""
        own_workspace.choose(self.upper, self.own.folder)
        matching.confirm_proposed(self.upper)


def make_levels(folder: Path, clock: Clock | None = None) -> Levels:
    """Make both levels; the district's workspaces are in the list of workspaces."""
    time = clock or Clock()
    city = make_office(folder / "city", time, city_plan())
    upper = make_unit(city, folder / "upper", "bjq", time)
    own = make_office(folder / "own", time)
    known.remember(own)
    known.remember(upper)
    return Levels(city, upper, own, time)
