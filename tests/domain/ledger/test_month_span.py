"""Over which months what stands in a ledger is added up."""

from __future__ import annotations

import pytest

from fsdesk.domain.ledger.formulas import DaySpan, LedgerMeasure, MonthSpan
from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import is_left_out, left_out_months

ROWS = {"2025-12": 1.0, "2026-01": 10.0, "2026-02": 100.0, "2026-03": 1000.0, "2026-04": 1e4}
WITHIN, UNTIL, ALWAYS = DaySpan.WITHIN, DaySpan.UNTIL, DaySpan.ALWAYS


@pytest.mark.parametrize(
    ("reach", "left_out", "total"),
    [
        (WITHIN, (), 1110),
        (WITHIN, (2,), 1010),
        (WITHIN, (3,), 110),
        (UNTIL, (), 1111),
        (UNTIL, (2,), 1111),  # a stock: what was there in February is there in March
        (UNTIL, (3,), 111),
        (UNTIL, (2, 3), 11),
        (UNTIL, (4,), 1111),
    ],
)
def test_rows_of_months_that_are_left_out_do_not_count(reach, left_out, total):
    assert MonthSpan(2026, 1, 3, frozenset(left_out)).total(reach, ROWS) == total


@pytest.mark.parametrize(("left_out", "total"), [((), 7), ((1, 2), 7), ((3,), None), ((4,), 7)])
def test_a_list_without_dates_does_not_count_while_its_last_month_is_left_out(left_out, total):
    assert MonthSpan(2026, 1, 3, frozenset(left_out)).total(ALWAYS, {"": 7.0}) == total


@pytest.mark.parametrize("reach", DaySpan)
def test_where_all_is_left_out_there_is_no_figure_rather_than_zero(reach):
    assert MonthSpan(2026, 1, 2, frozenset({1, 2})).total(reach, ROWS) is None


def test_a_sum_does_not_tell_in_which_order_its_rows_came():
    parts = {f"2026-{month:02d}": value for month, value in ((1, 0.1), (2, 0.2), (3, 1e8))}
    turned = dict(reversed(parts.items()))
    span = MonthSpan(2026, 1, 3)
    assert span.total(WITHIN, parts) == span.total(WITHIN, turned) == 100000000.3


def test_a_measure_without_a_column_of_days_reaches_over_all_days():
    assert LedgerMeasure(span=WITHIN).reach is ALWAYS


def test_a_quarter_that_is_left_out_takes_its_months_out_and_a_month_its_quarter():
    months = left_out_months([("a", "2026-Q1"), ("a", "2026-05"), ("b", "2025-03")], 2026)
    assert months == {"a": {1, 2, 3, 5}}
    out = [p for p in ("2026-02", "2026-04", "2026-Q2", "2026-Q3") if is_left_out(
        months, "a", Period.parse(p))]  # fmt: skip
    assert out == ["2026-02", "2026-Q2"]
    assert not is_left_out(months, "b", Period.parse("2026-03"))
