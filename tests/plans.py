"""A small plan for tests: one section, two tasks, every kind of indicator."""

from __future__ import annotations

from datetime import date

from fsdesk.domain.plan.edits import put_deliverable
from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
)
from fsdesk.domain.plan.plan import (
    Assignment,
    Cycle,
    Deliverable,
    DeliverableKind,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind

YEAR = 2026

UNITS = (
    Unit("ban", "区食药安办", UnitKind.OFFICE),
    Unit("scj", "区市场监管局", UnitKind.DEPARTMENT, ("区市监局",)),
    Unit("fgj", "区发改局(农业农村局)", UnitKind.DEPARTMENT, ("区发改局",)),
    Unit("xx", "西兴街道", UnitKind.STREET, ("西兴",)),
)
GROUPS = (UnitGroup("all", "成员单位", ("ban", "scj", "fgj", "xx")),)

SAMPLES = Indicator(
    "I01-1", "抽检批次", IndicatorKind.COUNT, Aggregation.CUMULATIVE, Operator.AT_LEAST,
    1200, "批次",
)  # fmt: skip
FARM = Indicator(
    "I01-2", "其中农产品批次", IndicatorKind.COUNT, Aggregation.CUMULATIVE, Operator.AT_LEAST,
    600, "批次", part_of="I01-1",
)  # fmt: skip
RATE = Indicator(
    "I01-3", "处置率", IndicatorKind.RATIO, Aggregation.CUMULATIVE, Operator.EQUAL, 100, "%",
    Pace(PaceRule.CONSTANT), numerator_name="已处置", denominator_name="不合格",
)  # fmt: skip
GRADE = Indicator(
    "I01-4", "A级比例", IndicatorKind.RATIO, Aggregation.LEVEL, Operator.AT_LEAST, 30, "%",
    numerator_name="A级食堂", denominator_name="食堂总数",
)  # fmt: skip
SITES = Indicator(
    "I01-5", "哨点数", IndicatorKind.COUNT, Aggregation.LEVEL, Operator.AT_LEAST, 20, "家"
)
STRENGTH = Indicator(
    "I01-6", "抽检强度", IndicatorKind.DERIVED, Aggregation.CUMULATIVE, Operator.AT_LEAST, 3,
    "批次/千人", derivation=Derivation("population", 1000, "I01-1"),
)  # fmt: skip
RISK = Indicator(
    "I01-7", "风险监测样本量", IndicatorKind.DERIVED, Aggregation.CUMULATIVE, Operator.AT_LEAST,
    1, "批次/千人", derivation=Derivation("population", 1000), reporters=("scj",),
)  # fmt: skip

SAMPLING = Task(
    "T01-1", "抽检监测", "抽检和处置。",
    (Assignment("scj", Role.SHARED), Assignment("fgj", Role.SHARED)),
    (SAMPLES, FARM, RATE, GRADE, SITES, STRENGTH, RISK),
    (Deliverable("D01-1-1", "制定抽检计划", date(2026, 3, 31)), Deliverable("D01-1-2", "预警网络")),
)  # fmt: skip
TEAMWORK = Task(
    "T01-2", "部门协作", "齐抓共管。",
    (Assignment("ban", Role.LEAD), Assignment("all", Role.SHARED)),
    (), (Deliverable("D01-2-1", "联席会议"),),
)  # fmt: skip


# Beside the small plan's own, which are made once: what recurs, and what goes on all year.
MEETING = Deliverable("D01-2-2", "风险会商", None, DeliverableKind.RECURRING, 1, Cycle.QUARTER)
BULLETIN = Deliverable("D01-2-3", "情况通报", None, DeliverableKind.RECURRING, 1, Cycle.MONTH)
DRILL = Deliverable("D01-2-4", "应急演练", None, DeliverableKind.RECURRING, 2, Cycle.YEAR)
CARE = Deliverable("D01-2-5", "日常巡查", None, DeliverableKind.STANDING)


def timed_plan() -> Plan:
    """Return the small plan with a deliverable of every kind."""
    plan = small_plan()
    for item in (MEETING, BULLETIN, DRILL, CARE):
        plan = put_deliverable(plan, "T01-2", item)
    return plan


def small_plan(revision: int = 1) -> Plan:
    """Return the plan."""
    return Plan(
        year=YEAR,
        title="2026年工作要点",
        issuer="区食药安办",
        overall_requirement="守住底线。",
        sections=(Section(1, "保障能力", (Point(1, "风险预警", (SAMPLING, TEAMWORK)),)),),
        directory=Directory(UNITS, GROUPS),
        constants=(PlanConstant("population", "常住人口", 400_000, "人"),),
        revision=revision,
    )
