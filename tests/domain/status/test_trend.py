from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.records.records import DataValue, Record, RecordKey, RecordKind
from fsdesk.domain.status import trend as trends
from fsdesk.domain.status.trend import indicator_trend, progress_trend
from tests.plans import small_plan
from tests.years import year_of

JUNE = Period.parse("2026-06")


def typed(item, month, **fields):
    key = RecordKey(RecordKind.VALUE, item, "scj", f"2026-{month:02d}")
    return Record(key, DataValue(**fields))


def forecast(values, **how):
    """Forecast where something was reported for each month that has a figure."""
    known = {month for month, value in enumerate(values, start=1) if value is not None}
    return trends.forecast(values, known, **how)


def test_the_months_to_come_are_taken_to_be_as_those_so_far():
    ahead = forecast([100, 200, 300, 400], from_zero=True)
    assert (ahead.low, ahead.expected, ahead.high) == (1200, 1200, 1200)


def test_uneven_months_widen_the_range_around_the_same_middle():
    even, uneven = (
        forecast([90, 200, 300], from_zero=True),
        forecast([10, 250, 300], from_zero=True),
    )
    assert even.expected == uneven.expected == pytest.approx(1200)
    assert uneven.high - uneven.low > even.high - even.low > 0


def test_a_range_is_worked_out_by_the_known_formula():
    # Changes 80, 120, 100: mean 100, deviation 20; nine months left.
    ahead = forecast([80, 200, 300], from_zero=True)
    half = 1.2816 * 20 * (9 + 81 / 3) ** 0.5
    assert ahead.expected == pytest.approx(1200)
    assert (ahead.low, ahead.high) == pytest.approx((1200 - half, 1200 + half))


@pytest.mark.parametrize(
    "values",
    [[1, 2], [None, None, 1, 2], [float(n) for n in range(12)], []],
    ids=["two months", "late start", "year is over", "nothing"],
)
def test_too_little_to_go_by_gives_no_forecast(values):
    assert forecast(values, from_zero=True) is None


def test_what_began_late_had_all_months_of_the_year_for_it():
    ahead = forecast([None, None, None, 20, 40, 60], from_zero=True)
    assert ahead.expected == pytest.approx(60 + 6 * 60 / 6)


def test_months_of_which_nobody_reported_are_no_data():
    silent = [50.0] * 6
    assert trends.forecast(silent, {1}, from_zero=True) is None
    # What is known up to March goes on from March, not from June.
    ahead = trends.forecast([10, 20, 30, 30, 30, 30], {1, 2, 3}, from_zero=True)
    assert ahead.expected == pytest.approx(120)


def test_a_share_that_may_fall_starts_at_its_first_month_and_stays_within_bounds():
    assert forecast([30, 31, 32], from_zero=False) is None
    falling = forecast([30, 20, 12, 4], from_zero=False, ceiling=100)
    assert falling.low == 0
    rising = forecast([60, 75, 90, 99], from_zero=False, ceiling=100)
    assert rising.high == rising.expected == 100


@given(st.lists(st.floats(0, 1000), min_size=3, max_size=11))
def test_what_only_grows_never_falls_below_what_is_reached(changes):
    values = [sum(changes[: n + 1]) for n in range(len(changes))]
    ahead = forecast(values, from_zero=True)
    assert values[-1] <= ahead.low <= ahead.expected <= ahead.high


def test_the_course_of_an_indicator_adds_up_its_months_beside_its_pace():
    records = [typed("I01-1", month, value=100.0) for month in (2, 3, 4, 5, 6)]
    plan = small_plan()
    trend = indicator_trend(year_of(plan, records), plan.indicators_by_code["I01-1"], JUNE)
    assert trend.values == (None, 100, 200, 300, 400, 500)
    assert trend.pace[:2] == (100, 200)
    assert (trend.target, trend.measure_unit) == (1200, "批次")
    assert trend.forecast.expected == pytest.approx(1000)


def test_a_bounded_ratio_is_never_forecast_beyond_all():
    records = [
        typed("I01-4", month, numerator=above, denominator=10)
        for month, above in enumerate((2, 4, 6, 8), start=1)
    ]
    plan = small_plan()
    indicator = plan.indicators_by_code["I01-4"]
    april = Period.parse("2026-04")
    year = year_of(plan, records)
    assert indicator_trend(year, indicator, april).forecast.expected == 100
    free = replace(indicator, bounded=False)
    assert indicator_trend(year, free, april).forecast.expected > 100


def test_the_course_of_the_year_is_the_progress_that_each_month_had():
    plan = small_plan()
    records = [typed("I01-1", month, value=50.0) for month in (1, 2, 3)]
    months = months_of(2026)
    year = year_of(plan, records)
    trend = progress_trend(year, months[2])
    assert trend.values == tuple(year.status(month).progress * 100 for month in months[:3])
    assert len(trend.pace) == 12
    assert trend.name == "总进度"
