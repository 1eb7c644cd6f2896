"""How often recurring work was done in its cycle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.plan import Cycle, Deliverable, DeliverableKind
from fsdesk.domain.records.cycles import cycle_of, times_done


def recurring(times, cycle):
    return Deliverable("D01-1-1", "会商", None, DeliverableKind.RECURRING, times, cycle)


def in_cycle(item, done, period):
    """Return how often it was done in the cycle that a period ends in."""
    return pytest.approx(times_done(item, done).get(cycle_of(item, period), 0.0))


def periods(text):
    return [Period.parse(f"2026-{part}") for part in text.split()]


@pytest.mark.parametrize(
    ("times", "cycle", "done", "period", "count"),
    [
        (1, Cycle.MONTH, "03", "04", 0),  # the month before is a cycle of its own
        (1, Cycle.MONTH, "04", "04", 1),
        (2, Cycle.MONTH, "04", "04", 2),  # a month that was done holds both of its times
        (1, Cycle.MONTH, "Q2", "05", 1),  # a quarter's report holds each of its months
        (1, Cycle.QUARTER, "02", "03", 1),
        (1, Cycle.QUARTER, "03", "04", 0),
        (1, Cycle.QUARTER, "01 02", "03", 1),  # more than is asked is not carried over
        (2, Cycle.QUARTER, "04", "06", 1),
        (3, Cycle.QUARTER, "04 05", "06", 2),
        (2, Cycle.QUARTER, "Q2", "Q2", 2),
        (6, Cycle.QUARTER, "04 05", "06", 4),
        (2, Cycle.YEAR, "01", "12", 1),
        (4, Cycle.YEAR, "02 05 08", "12", 3),
        (24, Cycle.YEAR, "02", "12", 2),
        (4, Cycle.YEAR, "Q1", "12", 1),
    ],
)
def test_times_done_in_the_cycle(times, cycle, done, period, count):
    assert in_cycle(recurring(times, cycle), periods(done), *periods(period)) == count


@given(st.integers(1, 40), st.sampled_from(Cycle), st.sets(st.integers(1, 12)))
def test_a_year_in_which_every_month_was_done_has_met_every_cycle(times, cycle, left_out):
    item = recurring(times, cycle)
    months = months_of(2026)
    some = [month for month in months if month.last_month not in left_out]

    for month in months:
        whole = in_cycle(item, months, month)
        assert whole == times
        assert 0 <= times_done(item, some).get(cycle_of(item, month), 0) <= times
