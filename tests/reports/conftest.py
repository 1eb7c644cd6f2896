"""A small plan and its status, for all tests of reports."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, Operator
from fsdesk.domain.plan.plan import Assignment, Deliverable, Plan, Point, Role, Section, Task
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.settings import Rules
from tests.years import year_status

MADE_ON = date(2026, 7, 3)


def make_plan() -> Plan:
    units = (
        Unit("sya", "区食药安办", UnitKind.OFFICE),
        Unit("scjg", "区市场监管局", UnitKind.DEPARTMENT),
        Unit("nyj", "区农业农村局", UnitKind.DEPARTMENT),
        Unit("xx", "西兴街道", UnitKind.STREET),
        Unit("ch", "长河街道", UnitKind.STREET),
    )
    directory = Directory(units, (UnitGroup("jd", "各街道", ("xx", "ch")),))
    samples = Indicator(
        "I02-1", "食品监督抽检批次", IndicatorKind.COUNT, Aggregation.CUMULATIVE,
        Operator.AT_LEAST, 1900, "批次",
    )  # fmt: skip
    canteens = Indicator(
        "I02-2", "学校食堂A级比例", IndicatorKind.RATIO, Aggregation.LEVEL,
        Operator.AT_LEAST, 30, "%",
    )  # fmt: skip
    sites = Indicator(
        "I03-1", "新增老年助餐服务点", IndicatorKind.COUNT, Aggregation.CUMULATIVE,
        Operator.AT_LEAST, 10, "个",
    )  # fmt: skip
    lead = Task(
        "T01-1", "完善三书一函机制", "健全督办机制。", (Assignment("sya", Role.LEAD),),
        deliverables=(Deliverable("D01-1-1", "印发工作制度", date(2026, 3, 31)),),
    )  # fmt: skip
    streets = Task(
        "T01-2", "落实包保督导", "街道落实包保。", (Assignment("jd", Role.SHARED),),
        deliverables=(Deliverable("D01-2-1", "开展包保督导培训"),),
    )  # fmt: skip
    sampling = Task(
        "T02-1", "开展监督抽检", "抽检。",
        (Assignment("scjg", Role.LEAD), Assignment("nyj", Role.SUPPORT)),
        (samples, canteens), (Deliverable("D02-1-1", "公布抽检结果"),),
    )  # fmt: skip
    elderly = Task(
        "T03-1", "发展老年助餐", "助餐。", (Assignment("jd", Role.SHARED),),
        (sites,), (Deliverable("D03-1-1", "老年食堂规范提升"),),
    )  # fmt: skip
    return Plan(
        2026,
        "2026年食品药品安全工作要点",
        "区食药安办",
        "守牢安全底线。",
        (
            Section(1, "压实安全责任", (Point(1, "健全工作机制", (lead, streets)),)),
            Section(2, "严格监管执法", (Point(2, "强化抽检监测", (sampling,)),
                                  Point(3, "服务民生实事", (elderly,)))),
        ),
        directory,
    )  # fmt: skip


def record(kind, item, unit, content, period="2026-06"):
    return Record(RecordKey(kind, item, unit, period), content)


def make_status(plan=None, records=None, year=2026):
    period, reports = Period.month(year, 6), {"scjg": True, "xx": False}
    return year_status(plan or make_plan(), records or make_records(), reports, period, Rules())


def make_records():
    value, milestone = RecordKind.VALUE, RecordKind.MILESTONE
    return [
        record(value, "I02-1", "scjg", DataValue(value=600)),
        record(value, "I02-1", "nyj", DataValue(value=50)),
        record(value, "I02-2", "scjg", DataValue(numerator=20, denominator=40)),
        record(value, "I03-1", "xx", DataValue(not_applicable=True)),
        record(milestone, "D02-1-1", "scjg", Milestone(Status.UNDER_WAY)),
        record(milestone, "D01-2-1", "xx", Milestone(Status.DONE)),
    ]


@pytest.fixture
def status():
    return make_status()
