"""Districts of any number of units with long names, for what must stay readable with many."""

from __future__ import annotations

from msgspec.structs import replace

from fsdesk.domain.periods import months_of
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, Operator
from fsdesk.domain.plan.plan import Assignment, Deliverable, Point, Role, Section, Task
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.domain.records.records import DataValue, Milestone, RecordKind, Status
from tests.reports.conftest import make_plan, make_status, record

SIZES = (5, 18, 60, 100)
_NAMES = (
    "经济技术开发区市场监督管理局(知识产权局、食品药品安全委员会办公室)",
    "商务局(投资促进局、口岸管理办公室、粮食和物资储备局)",
    "滨江新城街道办事处公共卫生与食品安全管理服务中心",
    "司法局",
)
_SECTIONS = (
    "压实食品药品安全各方责任，健全工作机制",
    "严格监管执法",
    "服务民生实事工程和老年助餐服务",
)


def district(count):
    """A plan of so many units and about as many tasks and indicators as they have work for."""
    units = [Unit("sya", "区食药安办", UnitKind.OFFICE)]
    units += [
        Unit(f"u{n}", f"第{n + 1}{_NAMES[n % len(_NAMES)]}", UnitKind.DEPARTMENT)
        for n in range(count)
    ]
    everyone = UnitGroup("qt", "各单位", tuple(unit.code for unit in units[1:]))
    sections = tuple(
        Section(n, title, (Point(n, "要点", tuple(_task(n, k, count) for k in range(16))),))
        for n, title in enumerate(_SECTIONS, start=1)
    )
    return replace(make_plan(), sections=sections, directory=Directory(tuple(units), (everyone,)))


def _task(section, number, count):
    code = f"T{section:02}-{number + 1}"
    own = [Assignment("qt", Role.SHARED)] if number == 0 else []
    own += [Assignment(f"u{n}", Role.SHARED) for n in range(count) if number and n % 16 == number]
    own = own or [Assignment("sya", Role.SOLE)]
    some = Indicator(
        f"I{section:02}-{number + 1}", f"重点品种和规模以上生产经营主体第{number + 1}类上链追溯率",
        IndicatorKind.RATIO, Aggregation.LEVEL, Operator.AT_LEAST, 90, "%",
    )  # fmt: skip
    thing = Deliverable(f"D{section:02}-{number + 1}-1", "开展培训")
    return Task(
        code, f"任务{number + 1}", "。", tuple(own), (some,) if number < 8 else (), (thing,)
    )


def district_status(count):
    """Its June: a third fully reported, a third behind, a third silent."""
    plan = district(count)
    found = []
    for task in plan.tasks:
        for n in range(count):
            if n % 3 == 2 or task not in plan.tasks_for(f"u{n}"):
                continue
            good = n % 3 == 0
            if task.indicators:
                value = DataValue(numerator=9 if good else n % 5, denominator=10)
                found.append(record(RecordKind.VALUE, task.indicators[0].code, f"u{n}", value))
            done = Milestone(Status.DONE if good else Status.UNDER_WAY)
            item = task.deliverables[0].code
            found.append(record(RecordKind.MILESTONE, item, f"u{n}", done))
    return make_status(plan, found)


def district_reports(count):
    """Names, months and states of its reports."""
    units = tuple((unit.code, unit.name) for unit in district(count).directory.units[1:])
    words = ("on_time", "late", "returned", "missing")
    states = {
        (code, str(month)): words[(n + month.last_month) % 4]
        for n, (code, _) in enumerate(units)
        for month in months_of(2026)[:6]
    }
    return units, months_of(2026), states
