"""The computation rules of the field, by examples and by properties."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.reports import expected_units
from tests.plans import YEAR, small_plan
from tests.years import year_status

PLAN = small_plan()
RULES = Rules()


def value(item, unit, period, number=None, top=None, bottom=None, *, none=False):
    data = DataValue(number, top, bottom, not_applicable=none)
    return Record(RecordKey(RecordKind.VALUE, item, unit, period), data)


def milestone(item, unit, period, status):
    return Record(RecordKey(RecordKind.MILESTONE, item, unit, period), Milestone(status))


def judged(records, period="2026-06", reports=None):
    return year_status(PLAN, records, reports or {}, Period.parse(period), RULES)


def indicator(status, code):
    return next(r for r in status.indicators if r.indicator.code == code)


def test_ratios_add_numerators_and_denominators_never_mean_the_rates():
    status = judged(
        [
            value("I01-3", "scj", "2026-01", top=1, bottom=1),
            value("I01-3", "fgj", "2026-01", top=0, bottom=9),
        ]
    )
    figure = indicator(status, "I01-3").figure
    assert (figure.numerator, figure.denominator, figure.value) == (1, 10, 10.0)


@pytest.mark.parametrize("data", [{"top": 0, "bottom": 0}, {"none": True}])
def test_a_zero_or_missing_denominator_is_no_data_neither_0_nor_100_per_cent(data):
    result = indicator(judged([value("I01-3", "scj", "2026-01", **data)]), "I01-3")
    assert result.figure.value is None
    assert result.attainment is None
    assert result.light is Light.GREY
    assert result.figure.reported


def test_cumulative_counts_add_over_periods_and_units():
    status = judged(
        [
            value("I01-1", "scj", "2026-01", 100),
            value("I01-1", "scj", "2026-02", 200),
            value("I01-1", "fgj", "2026-02", 300),
            value("I01-1", "fgj", "2026-07", 999),
        ]
    )
    result = indicator(status, "I01-1")
    assert result.figure.value == 600
    assert result.attainment == 0.5
    assert result.pace == 0.5
    assert result.light is Light.GREEN


def test_levels_take_each_units_latest_period_then_add_over_units():
    status = judged(
        [
            value("I01-5", "scj", "2026-03", 8),
            value("I01-5", "scj", "2026-01", 5),
            value("I01-5", "fgj", "2026-02", 2),
        ]
    )
    assert indicator(status, "I01-5").figure.value == 10


def test_a_level_ratio_adds_the_latest_numerators_and_denominators():
    status = judged(
        [
            value("I01-4", "scj", "2026-01", top=1, bottom=10),
            value("I01-4", "scj", "2026-05", top=4, bottom=10),
            value("I01-4", "fgj", "2026-02", top=2, bottom=10),
        ]
    )
    assert indicator(status, "I01-4").figure.value == 30.0


def test_a_derived_indicator_divides_by_the_population_in_thousands():
    result = indicator(judged([value("I01-1", "scj", "2026-01", 800)]), "I01-6")
    assert result.figure.value == 2.0
    assert result.figure.denominator == 400.0


def test_a_derived_indicator_of_its_own_takes_what_the_unit_typed():
    result = indicator(judged([value("I01-7", "scj", "2026-01", 200)]), "I01-7")
    assert (result.figure.value, result.figure.numerator) == (0.5, 200)


def test_without_a_population_a_derived_indicator_has_no_data():
    bare = replace(PLAN, constants=())
    records = [value("I01-1", "scj", "2026-01", 800)]
    status = year_status(bare, records, {}, Period.parse("2026-06"), RULES)
    assert indicator(status, "I01-6").figure.value is None


def test_unreported_is_none_and_zero_is_a_number():
    nothing = indicator(judged([]), "I01-1")
    zero = indicator(judged([value("I01-1", "scj", "2026-01", 0)]), "I01-1")
    assert (nothing.figure.value, nothing.light) == (None, Light.GREY)
    assert (zero.figure.value, zero.light) == (0, Light.RED)


def test_months_count_where_a_quarter_was_reported_as_well():
    status = judged([value("I01-1", "scj", "2026-Q1", 300), value("I01-1", "scj", "2026-02", 100)])
    assert indicator(status, "I01-1").figure.value == 100


def test_a_quarter_counts_once_it_has_ended():
    records = [value("I01-1", "scj", "2026-Q2", 300)]
    assert indicator(judged(records, "2026-05"), "I01-1").figure.value is None
    assert indicator(judged(records, "2026-06"), "I01-1").figure.value == 300


def test_task_progress_is_the_mean_of_what_has_data():
    status = judged([milestone("D01-2-1", "scj", "2026-01", Status.DONE)])
    task = next(t for t in status.tasks if t.task.code == "T01-2")
    assert task.progress == 1.0
    assert next(t for t in status.tasks if t.task.code == "T01-1").progress is None
    assert status.progress == 1.0


def test_attainment_is_capped_only_in_the_mean():
    status = judged([value("I01-1", "scj", "2026-01", 2400)])
    assert indicator(status, "I01-1").attainment == 2.0
    task = next(t for t in status.tasks if t.task.code == "T01-1")
    assert task.progress == 1.0


def test_a_missed_deadline_is_red_even_without_a_report():
    before, after = judged([], "2026-02"), judged([], "2026-04")
    plan_made = [s.deliverables[0].light for s in (before, after)]
    assert plan_made == [Light.GREY, Light.RED]
    assert next(t for t in after.tasks if t.task.code == "T01-1").light is Light.RED


def test_a_units_progress_is_its_own():
    status = judged(
        [
            milestone("D01-2-1", "scj", "2026-01", Status.DONE),
            milestone("D01-2-1", "fgj", "2026-01", Status.NOT_STARTED),
        ]
    )
    progress = {unit.unit: unit.progress for unit in status.units}
    assert progress == {"ban": None, "scj": 1.0, "fgj": 0.0, "xx": None}


def test_the_office_sends_no_report_to_itself():
    assert expected_units(PLAN) == ("scj", "fgj", "xx")
    status = judged([], reports={"scj": True, "fgj": False, "ban": True})
    assert status.reporting_rate == pytest.approx(2 / 3)
    assert status.timeliness == pytest.approx(1 / 3)


NUMBERS = st.integers(0, 5000).map(float)
VALUES = st.lists(
    st.tuples(st.sampled_from(["scj", "fgj"]), st.sampled_from(months_of(YEAR)), NUMBERS),
    unique_by=lambda row: row[:2],
)


@given(VALUES, st.randoms(use_true_random=False))
def test_order_never_matters_and_each_units_samples_count_once(rows, luck):
    records = [value("I01-1", unit, str(month), number) for unit, month, number in rows]
    shuffled = random.Random(luck.random()).sample(records, len(records))
    once, again = judged(records, "2026-12"), judged(shuffled, "2026-12")
    assert once == again
    total = indicator(once, "I01-1").figure.value
    assert total == (sum(number for *_, number in rows) if rows else None)


@given(VALUES)
def test_pooled_ratio_lies_between_the_units_ratios(rows):
    records = [
        value("I01-3", unit, str(month), top=number, bottom=number + 7)
        for unit, month, number in rows
    ]
    result = indicator(judged(records, "2026-12"), "I01-3")
    own = [p.figure.value for p in result.by_unit if p.figure.value is not None]
    if own:
        assert min(own) - 1e-9 <= result.figure.value <= max(own) + 1e-9
    else:
        assert result.figure.value is None


def test_latest_milestone_counts():
    status = judged(
        [
            milestone("D01-2-1", "scj", "2026-03", Status.DONE),
            milestone("D01-2-1", "scj", "2026-01", Status.NOT_STARTED),
            milestone("D01-2-1", "scj", "2026-11", Status.NOT_STARTED),
        ]
    )
    assert status.deliverables[-1].by_unit["scj"] is Status.DONE
    assert date(2026, 3, 31) == status.deliverables[0].deliverable.due


def test_a_level_says_up_to_which_month_it_is_known_the_oldest_of_several_units():
    level = next(
        i for i in PLAN.indicators if i.aggregation is Aggregation.LEVEL and not i.derivation
    )
    one, two = PLAN.reporters(level)[:2]
    ratio = {"top": 1, "bottom": 2} if level.kind is IndicatorKind.RATIO else {"number": 3}
    alone = [value(level.code, one, month, **ratio) for month in ("2026-01", "2026-03")]
    figure = indicator(judged(alone), level.code).figure
    assert figure.as_of == Period.parse("2026-03")
    assert figure.beside(Period.parse("2026-06")) == "（截至3月）"
    assert figure.beside(Period.parse("2026-03")) == ""
    both = [*alone, value(level.code, two, "2026-02", **ratio)]
    assert indicator(judged(both), level.code).figure.as_of == Period.parse("2026-02")


def test_what_adds_up_over_the_year_has_no_month():
    figure = indicator(judged([value("I01-1", "scj", "2026-03", 5)]), "I01-1").figure
    assert figure.as_of is None
    assert figure.beside(Period.parse("2026-06")) == ""


def test_in_a_ranking_what_was_not_reported_counts_as_nothing_done():
    status = judged(
        [
            # One thing done, and nothing said of the rest; or everything, half way.
            milestone("D01-1-1", "fgj", "2026-02", Status.DONE),
            *(
                milestone(item, "scj", "2026-02", Status.DONE)
                for item in ("D01-1-1", "D01-1-2", "D01-2-1")
            ),
            value("I01-1", "scj", "2026-02", 900),
        ]
    )

    units = status.units_by_code
    assert units["fgj"].progress > units["scj"].progress
    assert [unit.unit for unit in status.ranking][:2] == ["scj", "fgj"]
