"""A 约谈 is at a time when people can come, and the report on it is due after it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services import working_calendar
from fsdesk.services.supervision import follow_up, supervision
from fsdesk.store.supervision import letters
from tests.workspaces import SETTLED

pytestmark = pytest.mark.slow

APRIL = Period.parse("2026-04")


@pytest.fixture
def called(office, clock):
    """A draft of a 约谈通知书 of 11 May, nine in the morning here."""
    clock.set("2026-05-11T01:00:00+00:00")
    return supervision.draft_for(office, APRIL, "scj", LetterKind.INTERVIEW)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("2026年5月20日3时30分", "不在工作时间"),
        ("2026年5月20日19时", "不在工作时间"),
        ("2026年2月3日9时", "已经过去"),
        ("2025年5月20日9时", "已经过去"),
    ],
)
def test_a_time_at_which_nobody_can_come_is_refused_and_takes_no_number(
    office, called, time, words
):
    supervision.arrange(office, called.key, {**SETTLED, "time": time})
    for step in (supervision.would_issue, supervision.issue):
        with pytest.raises(InputRejectedError, match=words):
            step(office, [called.key])
    with office.reading() as session:
        assert not letters.letters(session)


def test_the_report_is_due_after_the_interview_in_field_and_text(office, called):
    draft = supervision.arrange(office, called.key, {**SETTLED, "time": "2026年6月3日9时"})
    assert draft.reply_by == date(2026, 6, 10)  # five working days later
    assert "2026年6月10日前将整改情况书面报我办" in draft.body
    (letter,) = supervision.issue(office, [called.key])
    assert letter.number == 1


def test_a_day_for_the_report_that_is_chosen_before_the_interview_is_over_is_refused(
    office, called
):
    draft = supervision.arrange(office, called.key, {**SETTLED, "time": "2026年6月3日9时"})
    supervision.edit_draft(office, draft.key, draft.body, date(2026, 6, 3))
    with pytest.raises(InputRejectedError, match="回复期限2026年6月3日不晚于约谈当日"):
        supervision.issue(office, [draft.key])


def test_the_day_in_the_text_follows_the_field_and_facts_keep_theirs(office, called):
    body = f"（1）事项要求{_text(called.reply_by)}前完成。\n请于{_text(called.reply_by)}前报告。"
    draft = supervision.edit_draft(office, called.key, body, date(2026, 6, 30))
    assert draft.body.splitlines() == [body.splitlines()[0], "请于2026年6月30日前报告。"]


def _text(day):
    return f"{day.year}年{day.month}月{day.day}日"


@pytest.mark.parametrize(
    ("time", "rest"),
    [
        ("2026年5月23日9时", "星期六"),
        ("2026年10月2日9时", "国庆节"),
        ("2026年6月19日9时", "端午"),
    ],
)
def test_nobody_is_called_on_a_day_of_rest(office, called, time, rest):
    supervision.arrange(office, called.key, {**SETTLED, "time": time})
    with pytest.raises(InputRejectedError, match=f"约谈时间.*是{rest}，不是工作日.*最近的是"):
        supervision.would_issue(office, [called.key])


def test_a_weekend_that_is_worked_in_lieu_of_a_holiday_will_do(office, called):
    supervision.arrange(office, called.key, {**SETTLED, "time": "2026年9月20日9时"})
    assert supervision.would_issue(office, [called.key])


@pytest.mark.parametrize("kind", LetterKind)
def test_no_letter_asks_for_an_answer_on_a_day_of_rest(office, clock, kind):
    clock.set("2026-05-11T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", kind)
    if kind is LetterKind.INTERVIEW:
        draft = supervision.arrange(office, draft.key, SETTLED)
    supervision.edit_draft(office, draft.key, draft.body, date(2026, 7, 4))
    with pytest.raises(InputRejectedError, match="回复期限2026年7月4日是星期六"):
        supervision.issue(office, [draft.key])
    supervision.edit_draft(office, draft.key, draft.body, date(2026, 7, 6))
    assert supervision.issue(office, [draft.key])


@pytest.mark.parametrize("day", [date(2026, 2, 12), date(2026, 4, 30), date(2026, 9, 24)])
@pytest.mark.parametrize("kind", LetterKind)
def test_every_day_that_a_letter_proposes_is_worked(office, clock, kind, day):
    """Also where it falls before the long holidays; facts keep their own days."""
    clock.set(f"{day}T01:00:00+00:00")
    period = Period.month(2026, day.month - 1)
    draft = supervision.draft_for(office, period, "scj", kind)
    asked = [line for line in draft.body.splitlines() if not line.startswith("（")]
    found = re.findall(r"(\d{4})年(\d+)月(\d+)日", "".join(asked))
    days = {date(*map(int, parts)) for parts in found} | {draft.reply_by}
    assert all(working_calendar.is_working_day(each) for each in days)


def test_more_time_is_asked_for_and_proposed_on_working_days_alone(office, called, clock):
    supervision.arrange(office, called.key, {**SETTLED, "time": "2026年5月20日9时"})
    (letter,) = supervision.issue(office, [called.key])
    with pytest.raises(InputRejectedError, match="延期后的期限2026年7月5日是星期日"):
        follow_up.ask_extension(office, letter.key, date(2026, 7, 5), "客观原因")
    before_the_holiday = replace(letter, reply_by=date(2026, 9, 25))
    assert follow_up.more_time(before_the_holiday) == date(2026, 10, 8)
