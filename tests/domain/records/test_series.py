"""Columns of values: what many units come to is the same one by one and all as one series."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, Operator
from fsdesk.domain.records.figures import (
    NO_MARKS,
    Mark,
    PeriodValue,
    Series,
    combined,
    counted_periods,
    of_all,
)
from fsdesk.domain.records.records import DataValue

NUMBERS = st.none() | st.integers(0, 99).map(float)
PERIODS = [Period.month(2026, n) for n in range(1, 13)] + [Period.quarter(2026, n) for n in (1, 4)]


@st.composite
def series(draw):
    periods = counted_periods(draw(st.sets(st.sampled_from(PERIODS))))
    ratio = draw(st.booleans())
    data = [
        DataValue(numerator=draw(NUMBERS), denominator=draw(NUMBERS))
        if ratio
        else DataValue(draw(NUMBERS))
        for _ in periods
    ]
    kinds = st.sampled_from([NO_MARKS, frozenset({Mark.DISPUTED})])
    marks = tuple(draw(kinds) for _ in periods) if draw(st.booleans()) else ()
    return Series.of(map(PeriodValue, periods, data), marks)


@pytest.mark.parametrize("kind", [IndicatorKind.COUNT, IndicatorKind.RATIO])
@given(units=st.lists(series(), max_size=5), month=st.integers(1, 12))
def test_added_up_to_any_month_all_as_one_are_what_each_is(kind, units, month):
    indicator = Indicator(
        "I", "指标", kind, Aggregation.CUMULATIVE, Operator.AT_LEAST, target=10.0, measure_unit="件"
    )
    whole = combined(indicator, [of_all(units).through(month)])
    assert whole == combined(indicator, [each.through(month) for each in units])


@given(series(), st.integers(1, 12))
def test_the_latest_is_the_last_that_ends_by_the_month(one, month):
    ended = [period for period in one.periods if period.last_month <= month]
    assert list(one.through(month).periods) == ended
    assert list(one.latest(month).periods) == ended[-1:]
