"""A random year brought into a workspace: the plan, what was reported, and the rows of ledgers."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec.structs import replace

from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.formulas import DaySpan, Feed, LedgerMeasure, RowOperation
from fsdesk.domain.ledger.ledger import ColumnType, Ledger, LedgerColumn, LedgerEntry
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
    Cycle,
    Deliverable,
    DeliverableKind,
    FormerPlan,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.domain.records.merge import NO_EDITS, Version, admit
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.settings import Rules
from fsdesk.services.care import setup
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import records, submissions
from tests.random_years.generator import OFFICE, YEAR

POINTS_A_SECTION = 8


def bring_in(year, folder, unit=None):
    """Make the workspace of a year, the office's unless a unit is named, and open it."""

    def clock():
        return datetime.combine(year["today"], datetime.min.time(), UTC).replace(hour=3)

    plan = plan_of(year["plans"])
    if unit:
        workspace = setup.create_unit(folder, plan, unit, clock=clock)
    else:
        workspace = setup.create_office(folder, plan, clock=clock)
    with workspace.writing() as writing:
        identity.save_rules(writing, rules_of(year["rules"]))
        ledgers.save_ledgers(writing, [ledger_of(book) for book in year["ledgers"]])
        rows = [entry_of(book, row) for book in year["ledgers"] for row in book["rows"]]
        if rows:
            ledgers.edit_entries(writing, rows)
        for (whose, period), report in year["reports"].items():
            submissions.save_submission(writing, submission_of(whose, period, report))
        for whose, period in year["left_out"]:
            submissions.leave_out(writing, whose, period, "数据有误")
        save_records(writing, year)
    return workspace


def seen_by(unit, year):
    """A year as a unit knows it: its own records, rows and reports, and no other's."""
    return year | {
        "values": [value for value in year["values"] if value["unit"] == unit],
        "milestones": [state for state in year["milestones"] if state["unit"] == unit],
        "reports": {key: report for key, report in year["reports"].items() if key[0] == unit},
        "left_out": set(),
        "ledgers": [
            book | {"rows": [row for row in book["rows"] if row["unit"] == unit]}
            for book in year["ledgers"]
        ],
    }


def plan_of(plans):
    *former, last = plans
    earlier = tuple(FormerPlan(plan["until"], one_plan(plan)) for plan in former)
    return replace(one_plan(last), former=earlier, revision=len(plans))


def one_plan(plan):
    points = [
        Point(number, f"要点{number}", (task_of(task),))
        for number, task in enumerate(plan["tasks"], start=1)
    ]
    sections = [
        Section(number + 1, f"部分{number + 1}", tuple(points[start : start + POINTS_A_SECTION]))
        for number, start in enumerate(range(0, len(points), POINTS_A_SECTION))
    ]
    units = tuple(
        Unit(
            unit["code"],
            name_of(unit["code"]),
            UnitKind.OFFICE if unit["code"] == OFFICE else UnitKind.DEPARTMENT,
            successor=unit["successor"],
            quarterly=unit["quarterly"],
        )
        for unit in plan["units"]
    )
    groups = tuple(
        UnitGroup(code, f"组{code}", tuple(members)) for code, members in plan["groups"].items()
    )
    constants = tuple(
        PlanConstant(code, "人口", float(value), "人") for code, value in plan["constants"].items()
    )
    return Plan(
        YEAR, f"{YEAR}年工作要点", "区食药安办", "守住底线。", tuple(sections),
        Directory(units, groups), constants,
    )  # fmt: skip


def name_of(unit):
    return f"第{unit}局"


def task_of(task):
    roles = [Role.LEAD, *(Role.SHARED for _ in task["parties"])]
    assignments = tuple(Assignment(*pair) for pair in zip(task["parties"], roles, strict=False))
    indicators = tuple(indicator_of(each) for each in task["indicators"])
    items = tuple(deliverable_of(each) for each in task["deliverables"])
    return Task(task["code"], f"任务{task['code']}", "要做。", assignments, indicators, items)


def indicator_of(plain):
    derivation = None
    if plain["kind"] == "derived":
        derivation = Derivation(plain["constant"], float(plain["factor"]), plain["source"])
    return Indicator(
        plain["code"],
        f"指标{plain['code']}",
        IndicatorKind(plain["kind"]),
        Aggregation(plain["over_time"]),
        Operator(plain["operator"]),
        plain["target"] / 100,
        "%" if plain["kind"] == "ratio" else "个",
        Pace(PaceRule(plain["pace"]), tuple(per_cent / 100 for per_cent in plain["curve"])),
        part_of=plain["part_of"],
        derivation=derivation,
        reporters=tuple(plain["reporters"]),
        shares=tuple(TargetShare(unit, part / 100) for unit, part in plain["shares"].items()),
    )


def deliverable_of(plain):
    return Deliverable(
        plain["code"],
        f"事项{plain['code']}",
        plain["due"],
        DeliverableKind(plain["kind"]),
        plain["times"],
        Cycle(plain["cycle"]),
    )


def rules_of(plain):
    return Rules(
        yellow_margin=plain["margin"] / 100,
        least_coverage=plain["least_coverage"] / 100,
        count_returned=plain["count_returned"],
        due_days=plain["due_days"],
        issued_on=date(YEAR, 1, 1),
    )


# What was reported


def save_records(writing, year):
    """Store what was typed here; what another PC typed for the same record stands beside it."""
    typed, apart = {}, []
    for value in year["values"]:
        key = RecordKey(RecordKind.VALUE, value["item"], value["unit"], value["period"])
        typed[key] = value_of(value["content"])
        if value["rival"]:
            rival = value_of(value["rival"])
            apart.append(Record(key, rival, NO_EDITS.edited_by("elsewhere")))
    for state in year["milestones"]:
        key = RecordKey(RecordKind.MILESTONE, state["item"], state["unit"], state["period"])
        typed[key] = Milestone(Status(state["status"]))
    records.record_contents(writing, typed, {})
    held = {r.key: records.versions_of(writing.session, r.key) for r in apart}
    versions = {
        r.key: admit(records.plain_versions(held[r.key]), Version(r.content, r.revision))
        for r in apart
    }
    records.take(writing, apart, held, versions)


def value_of(content):
    if "none" in content:
        return DataValue(not_applicable=True)
    if "number" in content:
        return DataValue(float(content["number"]))
    return DataValue(numerator=float(content["above"]), denominator=float(content["below"]))


def submission_of(unit, period, report):
    made = f"{report['made'].isoformat()}T04:00:00+00:00"
    return submissions.Submission(unit, period, SubmissionState(report["state"]), made, made)


# Ledgers

COLUMNS = (
    LedgerColumn("编号"),
    LedgerColumn("日期", ColumnType.DATE),
    LedgerColumn("类别", ColumnType.CHOICE, ("甲", "乙")),
    LedgerColumn("数量", ColumnType.NUMBER),
    LedgerColumn("地点"),
)


def ledger_of(book):
    feeds = tuple(feed_of(feed) for feed in book["feeds"])
    return Ledger(book["code"], f"台账{book['code']}", COLUMNS, ("编号",), feeds)


def feed_of(feed):
    column = {"count": "", "sum": "数量", "distinct": "地点"}[feed["action"]]
    where = "甲" if feed["ratio"] else feed["where"]
    conditions = (Condition("类别", CellCheck.IS, (where,)),) if where else ()
    day, span = ("", DaySpan.ALWAYS) if feed["span"] == "always" else ("日期", feed["span"])
    above = LedgerMeasure(RowOperation(feed["action"]), column, conditions, day, DaySpan(span))
    below = replace(above, where=()) if feed["ratio"] else None
    return Feed(feed["indicator"], above, below, feed["counts"])


def entry_of(book, row):
    values = {
        "编号": row["number"],
        "日期": row["day"],
        "类别": row["kind"],
        "数量": float(row["amount"]),
        "地点": row["place"],
    }
    return LedgerEntry("", book["code"], row["unit"], values)
