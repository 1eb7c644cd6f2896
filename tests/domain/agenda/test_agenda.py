"""The agenda: reporting days, deadlines, and what is due this week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsdesk.domain.agenda.agenda import (
    Event,
    EventKind,
    checked_event,
    due_day,
    due_this_week,
    event_from_dict,
    event_to_dict,
    pressing,
    reporting_events,
    week_of,
)
from fsdesk.domain.agenda.working_days import is_weekday
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.settings import Rules

FEBRUARY = Period.parse("2026-02")
SHIFTED = Rules(shift_to_working=True)
TODAY = date(2026, 3, 4)  # a Wednesday


def event(first, last=None, *, done=False):
    return Event(f"own/{first}", EventKind.MEETING, "例会", first, last or first, done=done)


def test_a_reporting_day_stays_on_a_weekend_unless_the_rule_moves_it():
    # Five days after April is the 5th of May; three days is a Sunday.
    may = Period.parse("2026-04")
    assert due_day(may, 3, Rules(), is_weekday) == (date(2026, 5, 3), "")
    day, why = due_day(may, 3, SHIFTED, is_weekday)
    assert day == date(2026, 5, 4)
    assert why == "5月3日是休息日，顺延至5月4日"
    assert due_day(FEBRUARY, 5, SHIFTED, is_weekday) == (date(2026, 3, 5), "")


def test_every_month_has_its_reporting_day_and_its_lock_day():
    reports = dict.fromkeys(months_of(2026), "") | {FEBRUARY: "还有 2 家未报"}
    found = reporting_events(Rules(), is_weekday, reports)
    assert len(found) == 24
    march = [e for e in found if e.item == "2026-02"]
    assert [(e.kind, e.last, e.done) for e in march] == [
        (EventKind.REPORT, date(2026, 3, 5), False),
        (EventKind.LOCK, date(2026, 3, 20), False),
    ]
    assert march[0].note == "还有 2 家未报"
    assert all(e.done for e in found if e.item != "2026-02")


def test_this_week_holds_what_ends_by_sunday_neither_what_is_overdue_nor_what_only_goes_on():
    overdue, today = event(date(2026, 2, 1)), event(TODAY)
    sunday, monday = event(date(2026, 3, 8)), event(date(2026, 3, 9))
    campaign = event(date(2026, 3, 2), date(2026, 3, 25))  # 21 days are left
    ending = event(date(2026, 2, 2), date(2026, 3, 6))
    finished = event(date(2026, 3, 5), done=True)
    everything = [monday, sunday, campaign, ending, finished, today, overdue]
    assert due_this_week(everything, TODAY) == (today, ending, sunday)
    assert pressing(everything, TODAY) == (overdue, today, ending, sunday)


@given(st.lists(st.tuples(st.dates(), st.integers(0, 60)), max_size=6), st.dates())
def test_what_is_called_this_week_lies_in_it(spans, today):
    latest = date.max - timedelta(days=90)
    begun = [(min(first, latest), days) for first, days in spans]
    events = [event(first, first + timedelta(days=days)) for first, days in begun]
    today = min(max(today, date.min + timedelta(days=7)), latest)
    monday, sunday = week_of(today)
    assert all(monday <= each.last <= sunday for each in due_this_week(events, today))


def test_how_an_event_stands_is_said_in_words():
    assert event(TODAY).standing(TODAY) == "今天"
    assert event(TODAY + timedelta(days=3)).standing(TODAY) == "还有 3 天"
    assert event(TODAY - timedelta(days=2)).standing(TODAY) == "已过 2 天"
    running = event(TODAY - timedelta(days=2), TODAY + timedelta(days=9))
    assert running.standing(TODAY) == "进行中，余 9 天"
    assert event(TODAY, done=True).standing(TODAY) == "已完成"


@pytest.mark.parametrize(
    ("faulty", "what"),
    [
        (Event("", EventKind.MEETING, " ", TODAY, TODAY), "缺少名称"),
        (Event("", EventKind.REPORT, "报送", TODAY, TODAY), "由程序自动列出"),
        (Event("", EventKind.CAMPAIGN, "专项", TODAY, TODAY - timedelta(days=1)), "早于"),
    ],
)
def test_what_people_type_is_checked(faulty, what):
    with pytest.raises(InputRejectedError, match=what):
        checked_event(faulty)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_a_week_is_seven_days_from_monday_with_the_day_in_it(day):
    monday, sunday = week_of(day)
    assert monday.weekday() == 0
    assert sunday - monday == timedelta(days=6)
    assert monday <= day <= sunday


@given(
    st.sampled_from([EventKind.CAMPAIGN, EventKind.MEETING, EventKind.OTHER]),
    st.text(max_size=20),
    st.dates(),
    st.dates(),
)
def test_an_own_event_comes_back_as_it_was_kept(kind, title, first, last):
    kept = Event("own/1", kind, title, first, last, "说明", own=True)
    assert event_from_dict(event_to_dict(kept)) == kept
