"""What is refused, and what is flagged, when something is recorded."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import Severity
from fsdesk.domain.plan.plan import FormerPlan
from fsdesk.domain.records.checks import check_records, item_name
from fsdesk.domain.records.figures import value_table
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.settings import Rules
from tests.plans import small_plan

PLAN = small_plan()
TODAY = date(2026, 6, 30)


def record(item, period="2026-03", unit="scj", **fields):
    return Record(RecordKey(RecordKind.VALUE, item, unit, period), DataValue(**fields))


def findings(what, *others):
    return check_records(PLAN, [what], value_table(others), Rules(), TODAY)[what.key]


def messages(what, *others, level=Severity.ERROR):
    return [f.message for f in findings(what, *others) if f.level is level]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (record("I01-1", value=-1), "负数"),
        (record("I01-1", value=1.5), "整数"),
        (record("I01-1", value=float("nan")), "不是有效数字"),
        (record("I01-1", value=1e308), "数太大（超过 15 位）"),
        (record("I01-3", numerator=1, denominator=10.0**15), "数太大（超过 15 位）"),
        (record("I01-1", numerator=1, denominator=2), "不是比率"),
        (record("I01-3", numerator=3, denominator=2), "大于分母"),
        (record("I01-3", numerator=3), "缺少分母"),
        (record("I01-3", value=50), "不能直接填百分数"),
        (record("I01-1", value=3, not_applicable=True), "无此项"),
        (record("I01-6", value=3), "自动计算"),
        (record("I01-1", value=3, period="2025-03"), "不在 2026 年度内"),
        (record("I01-1", value=3, period="三月"), "无法识别"),
        (record("I01-1", value=3, unit="xx"), "不承担"),
        (record("I01-1", value=3, unit="nobody"), "没有单位"),
        (record("I99-1", value=3), "没有编码"),
    ],
)
def test_refused(what, words):
    found = messages(what)
    assert len(found) == 1
    assert words in found[0]


@pytest.mark.parametrize(
    "what",
    [
        record("I01-1", value=0),
        record("I01-3", numerator=0, denominator=0),
        record("I01-3", not_applicable=True),
        record("I01-7", value=3),
        record("I01-1"),
    ],
)
def test_accepted(what):
    assert findings(what) == ()


def test_too_large_a_part_is_refused_and_too_small_a_whole_is_flagged():
    whole, part = record("I01-1", value=10), record("I01-2", value=11)
    assert "大于" in messages(part, whole)[0]
    assert messages(whole, part) == []
    assert "大于" in messages(whole, part, level=Severity.WARNING)[0]


def test_parts_are_compared_over_the_year_so_far():
    whole = record("I01-1", period="2026-01", value=100)
    assert messages(record("I01-2", period="2026-02", value=100), whole) == []


def test_a_month_and_its_quarter_must_not_both_be_filled():
    quarter = record("I01-1", period="2026-Q1", value=3)
    assert "重叠" in messages(record("I01-1", value=3), quarter)[0]
    assert messages(record("I01-1", period="2026-04", value=3), quarter) == []


def test_lowering_a_cumulative_figure_is_flagged():
    before = record("I01-1", value=30)
    assert "下降" in messages(record("I01-1", value=20), before, level=Severity.WARNING)[0]


def test_a_running_total_typed_for_a_month_is_flagged():
    earlier = [record("I01-1", period=f"2026-0{m}", value=10) for m in (1, 2)]
    found = messages(record("I01-1", value=30), *earlier, level=Severity.WARNING)
    assert "不小于以前各期合计 20" in found[0]


def test_a_level_that_drops_by_a_fifth_is_flagged():
    before = record("I01-5", period="2026-01", value=20)
    assert messages(record("I01-5", value=16), before, level=Severity.WARNING) == []
    assert "下降较大" in messages(record("I01-5", value=15), before, level=Severity.WARNING)[0]


@pytest.mark.parametrize(
    ("day", "level"),
    [
        (date(2025, 12, 31), Severity.ERROR),
        (date(2026, 7, 1), Severity.WARNING),
        (date(2026, 6, 30), None),
        (None, None),
    ],
)
def test_dates_lie_in_the_year_and_not_in_the_future(day, level):
    key = RecordKey(RecordKind.MILESTONE, "D01-1-1", "scj", "2026-03")
    found = findings(Record(key, Milestone(Status.DONE, day)))
    assert [f.level for f in found] == ([level] if level else [])


def test_every_finding_says_what_to_do():
    for what in (record("I01-1", value=-1), record("I01-3", numerator=3)):
        assert all(f.remedy for f in findings(what))


def test_what_left_the_plan_during_the_year_keeps_its_name():
    bare = replace(PLAN, sections=(), former=(FormerPlan(date(2026, 6, 30), PLAN),))

    assert item_name(bare, record("I01-1").key) == f"I01-1 {PLAN.indicators_by_code['I01-1'].name}"
    assert item_name(bare, record("I99-1").key) == "I99-1", "what it never had has no name"


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (record("I01-1", value=-1), "value"),
        (record("I01-1", denominator=2), "denominator"),
        (record("I01-3", numerator=3, denominator=2), "numerator"),
        (record("I01-3", value=50), "value"),
        (record("I01-1", value=3, not_applicable=True), "value"),
        (record("I01-1", value=3, note="长" * 40_000), "note"),
    ],
)
def test_what_is_wrong_with_one_field_is_said_of_that_field(what, field):
    assert [finding.field for finding in findings(what)] == [field]
