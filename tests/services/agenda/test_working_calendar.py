"""The holidays that come with the program."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from fsdesk.domain.agenda.working_days import add_working_days
from fsdesk.services import working_calendar


@pytest.mark.parametrize(
    ("day", "worked", "name"),
    [
        (date(2026, 2, 17), False, "春节"),
        (date(2026, 2, 14), True, "调休上班"),
        (date(2026, 10, 1), False, "国庆节"),
        (date(2026, 3, 7), False, ""),
        (date(2026, 3, 9), True, ""),
    ],
)
def test_holidays_weekends_and_weekends_worked_in_lieu(day, worked, name):
    assert working_calendar.is_working_day(day) is worked
    assert working_calendar.day_name(day) == name


def test_every_known_day_is_as_the_library_says():
    for year in working_calendar.known_years():
        days = [date(year, 1, 1) + timedelta(days=gone) for gone in range(365)]
        assert [working_calendar.is_working_day(day) for day in days] == [
            chinese_calendar.is_workday(day) for day in days
        ]


def test_a_letter_issued_before_the_national_day_is_due_after_it():
    issued = date(2026, 9, 30)
    due = add_working_days(issued, 5, working_calendar.is_working_day)
    assert due == date(2026, 10, 13)  # 8 to 10 October (10 in lieu), 12 and 13


def test_a_year_without_announced_holidays_is_monday_to_friday_and_people_are_told():
    far = date(2097, 10, 1)
    assert far.year not in working_calendar.known_years()
    assert working_calendar.is_working_day(far) is (far.weekday() < 5)
    assert working_calendar.day_name(far) == ""
    assert "2097 年" in working_calendar.notice([far, date(2026, 1, 1)])


def test_nothing_is_said_of_years_that_are_known():
    assert working_calendar.notice([date(2026, 1, 1), date(2025, 12, 31)]) == ""
