"""Rules of data quality over plain values: what stands out, what contradicts itself."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, Severity
from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.periods import Period
from fsdesk.domain.plain import to_plain
from fsdesk.domain.quality.doubts import ENOUGH_HISTORY, DataDoubt, DoubtPlace, outlier
from fsdesk.domain.quality.ledgers import month_doubts
from fsdesk.domain.quality.rules import (
    QualityChoices,
    QualityKind,
    QualityRule,
    all_rules,
    choices_from_dict,
    fault_of,
)
from fsdesk.domain.quality.values import Typed, examine_values
from fsdesk.domain.records.figures import value_table
from fsdesk.domain.records.records import DataValue, Milestone, Record, RecordKey, RecordKind
from tests.plans import small_plan

TODAY = date(2026, 7, 2)
JUNE = Period.parse("2026-06")
numbers = st.floats(-1e6, 1e6)


def found(kind, typed, **options):
    """Apply a rule to figures given as {(indicator, unit): [January, February, …]}."""
    records = [
        Record(RecordKey(RecordKind.VALUE, item, unit, f"2026-{month:02d}"), data)
        for (item, unit), year in typed.items()
        for month, data in enumerate(year, 1)
        if data is not None
    ]
    rule = QualityRule(kind.value, kind, kind.level, **options)
    given_ = Typed(small_plan(), value_table(records), records, JUNE, TODAY)
    return list(examine_values(rule, given_))


def months(*figures):
    return [None if number is None else DataValue(float(number)) for number in figures]


# Outliers


@given(st.lists(numbers, max_size=ENOUGH_HISTORY - 1), numbers)
def test_a_short_history_says_nothing(before, value):
    assert outlier(before, value) is None


@given(st.lists(numbers, min_size=ENOUGH_HISTORY, max_size=12), st.data())
def test_what_was_there_before_never_stands_out(before, data):
    value = data.draw(st.floats(min(before), max(before)))
    assert outlier(before, value) is None


@given(st.lists(numbers, min_size=ENOUGH_HISTORY, max_size=12), numbers)
def test_order_makes_no_difference_and_the_reason_is_told(before, value):
    told = outlier(before, value)
    assert told == outlier(sorted(before), value)
    if told:
        assert not told.low <= value <= told.high
        assert f"此前 {len(before)} 期" in told.text


def test_one_slip_in_the_history_does_not_hide_the_next():
    assert outlier([160, 150, 1600, 155, 158], 1700) is not None  # a mean would be moved by 1600
    assert outlier([160, 150, 155, 158], 175) is None
    assert outlier([0, 0, 0, 0], 3) is None  # small numbers jump
    assert outlier([0, 0, 0, 0], 40) is not None


# Typed values


def test_handled_is_at_most_found():
    rate = {("I01-3", "scj"): [DataValue(None, 5, 4), DataValue(None, 4, 4)]}
    (doubt,) = found(QualityKind.RATIO, rate)
    assert (doubt.level, doubt.spot) == (Severity.ERROR, DoubtPlace("scj", "I01-3", "2026-01"))
    assert "已处置 5 大于不合格 4" in doubt.message


def test_a_part_is_at_most_its_whole_over_the_year():
    typed = {("I01-1", "scj"): months(10, 10), ("I01-2", "scj"): months(12, 7)}
    assert found(QualityKind.PART, typed) == []
    typed["I01-2", "scj"] = months(12, 9)
    (doubt,) = found(QualityKind.PART, typed)
    assert "累计 21 大于“抽检批次”累计 20" in doubt.message
    assert doubt.spot.period == "2026-02"


def test_the_office_compares_two_indicators():
    typed = {("I01-5", "scj"): months(9), ("I01-1", "scj"): months(8)}
    (doubt,) = found(QualityKind.AT_MOST, typed, indicator="I01-5", other="I01-1", message="不对")
    assert doubt.message == "不对"


def test_what_is_counted_up_never_falls():
    (level,) = found(QualityKind.FALLS, {("I01-5", "scj"): months(9, None, 7, 7)})
    assert "由2026年1月的 9 降为 7" in level.message
    (total,) = found(QualityKind.FALLS, {("I01-1", "scj"): months(9, -1)})
    assert total.spot.period == "2026-02"


def test_a_running_total_in_the_place_of_a_month_is_found():
    (doubt,) = found(QualityKind.RUNNING, {("I01-1", "scj"): months(100, 110, 330)})
    assert doubt.spot.period == "2026-03"
    assert found(QualityKind.RUNNING, {("I01-1", "scj"): months(1, 1, 3)}) == []


def test_a_month_far_from_the_units_own_history_is_found():
    typed = {("I01-1", "scj"): months(160, 150, 155, 158, 1560), ("I01-1", "fgj"): months(1560)}
    (doubt,) = found(QualityKind.OUTLIER, typed)
    assert doubt.spot == DoubtPlace("scj", "I01-1", "2026-05")
    assert "中位数 156.5" in doubt.message


def test_things_are_done_neither_later_than_today_nor_in_another_year():
    code = small_plan().tasks[0].deliverables[0].code

    def done(day):
        key = RecordKey(RecordKind.MILESTONE, code, "scj", "2026-06")
        return Record(key, Milestone(done_on=day))

    records = [done(date(2026, 8, 1)), done(date(2025, 8, 1)), done(date(2026, 6, 1))]
    typed = Typed(small_plan(), {}, records, JUNE, TODAY)

    def days(kind):
        return [d.seen for d in examine_values(QualityRule("x", kind, Severity.ERROR), typed)]

    assert days(QualityKind.FUTURE) == ["2026-08-01"]
    assert days(QualityKind.OUTSIDE_YEAR) == ["2025-08-01"]


def test_months_of_a_ledger_without_rows_count_as_none():
    rule = QualityRule("m", QualityKind.OUTLIER, Severity.NOTICE, "sampling", "抽样日期")
    ledger = type("Ledger", (), {"code": "sampling"})
    counts = {("scj", f"2026-{month:02d}"): 50 for month in (1, 2, 3, 4)}
    (doubt,) = month_doubts(rule, ledger, counts, Period.parse("2026-05"))
    assert doubt.spot.period == "2026-05"
    assert "登记 0" in doubt.message


# Rules as data


def test_a_finding_keeps_its_name_until_its_data_change():
    first = DataDoubt("r", Severity.ERROR, "a", "b", DoubtPlace("scj", "I01-1", "2026-01"), "5>4")
    assert replace(first, message="other words").mark == first.mark
    assert replace(first, seen="6>4").mark != first.mark


def test_choices_survive_json_and_kinds_of_later_programs_are_passed_over():
    rule = QualityRule(
        "own-1", QualityKind.UNWANTED, Severity.WARNING, "sampling", "类别",
        where=(Condition("类别", CellCheck.IS, ("药品",)),), message="不应登记药品",
    )  # fmt: skip
    choices = QualityChoices((rule,), ("falls",))
    plain = json.loads(json.dumps(to_plain(choices)))
    assert choices_from_dict(plain) == choices
    plain["rules"].append({**plain["rules"][0], "code": "own-2", "kind": "of tomorrow"})
    assert choices_from_dict(plain) == choices
    assert choices_from_dict({}) == QualityChoices()
    with pytest.raises(InputRejectedError):
        choices_from_dict({"rules": [{"kind": "ratio"}]})


def test_the_office_changes_and_switches_off_declared_rules():
    declared = [QualityRule("a", QualityKind.FALLS, Severity.WARNING)]
    changed = replace(declared[0], level=Severity.ERROR)
    gone = replace(declared[0], code="no-longer-declared")
    assert all_rules(declared, QualityChoices((changed, gone), ("a",))) == ((changed, False),)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (QualityRule("x", QualityKind.SHARED, Severity.ERROR), "只用于台账"),
        (QualityRule("x", QualityKind.AT_MOST, Severity.ERROR), "请选择两个指标"),
        (QualityRule("x", QualityKind.FALLS, Severity.ERROR, indicator="I9-9"), "没有指标“I9-9”"),
        (QualityRule("x", QualityKind.FALLS, Severity.ERROR, "no"), "没有这个台账"),
    ],
)
def test_a_rule_that_does_not_fit_says_why(rule, words):
    assert words in fault_of(rule, small_plan(), {})
