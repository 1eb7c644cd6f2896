"""What climbs is the period's own: added up above, the periods come to what stands below."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.ladder.period_parts import period_figure, period_parts
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.records.records import DataValue, Record, RecordKey, RecordKind
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.known import Computed, Decisions
from fsdesk.domain.status.reports import CameReport
from tests.plans import small_plan
from tests.years import year_of

PLAN = small_plan()
MONTHS = months_of(2026)[:6]
MARCH = Period.parse("2026-03")


def record(item, unit, period, *numbers, **how):
    key = RecordKey(RecordKind.VALUE, item, unit, str(period))
    return Record(key, DataValue(*numbers, **how))


def figure(records, code, period, year=None):
    judged = year or year_of(PLAN, records)
    item = PLAN.indicators_by_code[code]
    number = period.last_month - period.length
    before = Period.month(2026, number) if number else None
    parts = period_parts(judged, item, period, before)
    return period_figure(parts, is_ratio=item.kind is IndicatorKind.RATIO)


def test_a_period_that_nobody_reported_is_unreported_and_never_zero():
    earlier = [record("I01-1", "scj", "2026-02", 30.0), record("I01-5", "scj", "2026-02", 7.0)]
    for code in ("I01-1", "I01-5"):
        found = figure(earlier, code, MARCH)
        assert found.data == DataValue()
        assert (found.known, found.expected) == (0, 2)
        assert found.missing == ("scj", "fgj")


def test_a_zero_that_was_reported_is_a_zero():
    found = figure([record("I01-1", "scj", MARCH, 0.0)], "I01-1", MARCH)
    assert found.data == DataValue(0.0)
    assert (found.known, found.missing) == (1, ("fgj",))


def test_a_level_takes_the_last_of_each_unit_and_says_whose_is_of_before():
    records = [record("I01-5", "scj", "2026-02", 7.0), record("I01-5", "fgj", MARCH, 2.0)]
    found = figure(records, "I01-5", MARCH)
    assert found.data == DataValue(9.0)
    assert (found.known, found.missing, found.earlier) == (1, ("scj",), 1)


def test_nothing_of_the_kind_climbs_as_that():
    records = [record("I01-1", u, MARCH, not_applicable=True) for u in ("scj", "fgj")]
    assert figure(records, "I01-1", MARCH).data == DataValue(not_applicable=True)
    records[0] = record("I01-1", "scj", MARCH, 4.0)
    assert figure(records, "I01-1", MARCH).data == DataValue(4.0)


def test_a_quarter_that_a_unit_reports_climbs_with_the_month_in_which_it_ends():
    records = [record("I01-1", "scj", "2026-Q1", 30.0), record("I01-1", "fgj", "2026-01", 1.0)]
    found = [figure(records, "I01-1", month).data.value for month in MONTHS[:3]]
    assert found == [1.0, None, 30.0]
    assert figure(records, "I01-1", Period.parse("2026-Q1")).data == DataValue(31.0)


@pytest.mark.parametrize(
    ("code", "months", "partial"),
    [
        ("I01-1", ("2026-01", "2026-02", "2026-03"), 0),
        ("I01-1", ("2026-Q1",), 0),
        ("I01-1", ("2026-01", "2026-03"), 1),
        ("I01-1", ("2026-01",), 1),
        ("I01-5", ("2026-01", "2026-03"), 0),  # of a level the last state says it all
        ("I01-5", ("2026-02",), 1),
        ("I01-1", ("2025-12",), 0),  # nothing of the quarter: not reported at all
    ],
)
def test_a_unit_that_reported_only_some_months_of_a_quarter_is_told(code, months, partial):
    records = [record(code, "scj", month, 4.0) for month in months]
    found = figure(records, code, Period.parse("2026-Q1"))
    assert found.partial == partial
    assert found.known == (months != ("2025-12",))


def with_ledger(totals, came=()):
    """A year in which a ledger gives the figures of one unit, by month; reports came for some."""
    reports = {("scj", m): CameReport(SubmissionState.SUBMITTED, on_time=True) for m in came}
    year = year_of(PLAN, [], decided=Decisions(reports))
    for month, total in totals.items():
        year.take_computed(month, Computed({"I01-1": {"scj": DataValue(total)}}))
    return year


def test_of_a_ledger_that_counts_over_the_year_only_what_came_in_the_period_climbs():
    year = with_ledger({2: 30.0, 3: 45.0})
    assert figure([], "I01-1", MARCH, year).data == DataValue(15.0)


@pytest.mark.parametrize(("came", "said"), [((), None), ((MARCH,), 0.0)])
def test_a_ledger_without_new_rows_says_zero_only_with_a_report(came, said):
    year = with_ledger({2: 30.0, 3: 30.0}, came)
    assert figure([], "I01-1", MARCH, year).data.value == said


WHOLE = st.integers(0, 500).map(float)
FIGURES = st.lists(
    st.tuples(
        st.sampled_from(["scj", "fgj"]), st.sampled_from(MONTHS), WHOLE, WHOLE, st.booleans()
    ),
    max_size=12,
    unique_by=lambda each: each[:2],
)


@given(FIGURES, st.randoms(use_true_random=False))
def test_the_periods_add_up_to_what_stands_below_in_any_order(said, chance):
    records = [
        record("I01-1", unit, month, not_applicable=True)
        if none
        else record("I01-1", unit, month, top)
        for unit, month, top, _, none in said
    ]
    records += [record("I01-3", unit, month, None, a, a + b) for unit, month, a, b, _ in said]
    status = year_of(PLAN, records, today=date(2027, 1, 1)).status(MONTHS[-1])
    mixed = chance.sample(records, len(records))
    for code, sides in (("I01-1", ("value",)), ("I01-3", ("numerator", "denominator"))):
        below = next(r.figure for r in status.indicators if r.indicator.code == code)
        found = [figure(mixed, code, month) for month in MONTHS]
        for side in sides:
            known = [v for v in (getattr(f.data, side) for f in found) if v is not None]
            assert (sum(known) if known else None) == getattr(below, side)
        assert all(f.known + len(f.missing) == f.expected == 2 for f in found)


@given(FIGURES)
def test_a_level_that_climbs_is_what_stands_below(said):
    records = [record("I01-5", unit, month, top) for unit, month, top, *_ in said]
    year = year_of(PLAN, records)
    for month in MONTHS:
        found = figure(records, "I01-5", month, year)
        below = next(r for r in year.status(month).indicators if r.indicator.code == "I01-5")
        if any(each[1] == month for each in said):
            assert found.data.value == below.figure.value
        else:
            assert found.data == DataValue()
