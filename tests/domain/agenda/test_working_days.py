"""Deadlines in working days."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.agenda.working_days import (
    add_working_days,
    is_weekday,
    next_working_day,
)

FRIDAY = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(-60, 60)


def test_the_day_itself_does_not_count_and_weekends_are_passed_over():
    assert add_working_days(FRIDAY, 1, is_weekday) == date(2026, 11, 23)
    assert add_working_days(FRIDAY, 5, is_weekday) == date(2026, 11, 27)
    assert add_working_days(FRIDAY, -5, is_weekday) == date(2026, 11, 13)
    assert add_working_days(FRIDAY, 0, is_weekday) == FRIDAY


def test_a_due_day_on_a_weekend_moves_to_the_monday():
    assert next_working_day(date(2026, 11, 21), is_weekday) == date(2026, 11, 23)
    assert next_working_day(FRIDAY, is_weekday) == FRIDAY


@given(DAYS, COUNTS, st.sets(st.integers(-200, 200)))
def test_as_many_working_days_lie_between_as_were_added_whatever_days_are_free(start, days, free):
    holidays = {start + timedelta(days=offset) for offset in free}

    def is_working(day):
        return is_weekday(day) and day not in holidays

    end = add_working_days(start, days, is_working)
    step = 1 if end >= start else -1
    passed = [start + timedelta(days=step * n) for n in range(1, abs((end - start).days) + 1)]
    assert step * sum(map(is_working, passed)) == days
    assert not days or is_working(end)
