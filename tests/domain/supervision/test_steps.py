"""A letter goes step by step; what the state does not allow is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.settings import Rules
from fsdesk.domain.supervision import steps
from fsdesk.domain.supervision.letters import (
    ExtensionAnswer,
    Letter,
    LetterDraft,
    LetterKind,
    LetterReply,
    LetterState,
    Ruling,
    reply_of,
)
from fsdesk.domain.supervision.steps import Pressing, ProposedAction
from fsdesk.services.working_calendar import is_working_day

TODAY = date(2026, 9, 24)
DUE = date(2026, 10, 20)
DRAFT = LetterDraft("d1", LetterKind.REMINDER, "scj", "2026-08", ("T01-1",), "请加快。", DUE, TODAY)
LETTER = steps.issue(DRAFT, [], 2026, TODAY)
ANSWER = LetterReply(LETTER.key, "已整改", received_on=TODAY, at="2026-10-09T01:00:00+00:00")


def refused(step):
    with pytest.raises(InputRejectedError) as problem:
        step()
    return str(problem.value)


def test_a_number_is_taken_at_issue_and_counts_up_within_kind_and_year():
    assert LETTER.document_number == "食药安办提醒〔2026〕1号"
    assert (LETTER.state, LETTER.issued_on) == (LetterState.ISSUED, TODAY)
    second = steps.issue(DRAFT, [LETTER.key, replace(LETTER, year=2025, number=9).key], 2026, TODAY)
    assert second.number == 2
    other = steps.issue(
        replace(DRAFT, kind=LetterKind.LISTED), [LETTER.key, second.key], 2026, TODAY
    )
    assert other.number == 1


def test_a_draft_without_text_or_with_a_day_that_has_passed_is_not_issued():
    assert "正文" in refused(lambda: steps.issue(replace(DRAFT, body=" "), [], 2026, TODAY))
    assert "回复期限" in refused(lambda: steps.issue(DRAFT, [], 2026, DUE))


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        # 2026: holiday from 25 to 27 September and from 1 to 7 October; 20 September and
        # 10 October are worked.
        (LetterKind.INTERVIEW, date(2026, 10, 9)),
        (LetterKind.REMINDER, date(2026, 10, 15)),
    ],
)
def test_days_for_the_reply_are_working_days_over_holidays(kind, due):
    assert steps.reply_due(kind, TODAY, Rules(), is_working_day) == due


@given(start=st.dates(date(2024, 1, 1), date(2026, 11, 30)), kind=st.sampled_from(LetterKind))
def test_the_day_for_the_reply_is_worked_and_leaves_the_whole_time(start, kind):
    due = steps.reply_due(kind, start, Rules(), is_working_day)
    days = (start + timedelta(days=n) for n in range(1, (due - start).days + 1))
    assert is_working_day(due)
    assert sum(map(is_working_day, days)) == steps.reply_days(kind, Rules())


def test_a_reply_is_entered_once_and_a_newer_one_takes_its_place():
    replied = steps.register_reply(LETTER, ANSWER)
    assert (replied.state, replied.reply) == (LetterState.REPLIED, "已整改")
    assert steps.register_reply(replied, ANSWER) == replied
    older = replace(ANSWER, text="正在整改", at="2026-10-08T01:00:00+00:00")
    assert steps.register_reply(replied, older) == replied
    newer = replace(ANSWER, text="全部完成", at="2026-10-10T01:00:00+00:00")
    assert steps.register_reply(replied, newer).reply == "全部完成"
    assert reply_of(replied) == ANSWER


def test_a_late_reply_is_kept_but_opens_nothing_again():
    closed = steps.close(LETTER, "现场核查合格", DUE)
    late = steps.register_reply(closed, ANSWER)
    assert (late.state, late.reply) == (LetterState.CLOSED, "已整改")
    assert "还没有印发" in refused(
        lambda: steps.register_reply(replace(LETTER, state=LetterState.DRAFTED), ANSWER)
    )


def test_more_time_is_asked_for_before_the_day_and_with_a_reason():
    until = DUE + timedelta(days=10)
    asked = steps.ask_extension(LETTER, until, " 设备未到 ", DUE)
    assert asked.asks_extension
    assert asked.wanted_why == "设备未到"
    granted = steps.answer_extension(asked, granted=True)
    assert (granted.reply_by, granted.wanted_answer) == (until, ExtensionAnswer.GRANTED)
    denied = steps.answer_extension(asked, granted=False)
    assert (denied.reply_by, denied.asks_extension) == (DUE, False)
    late = DUE + timedelta(days=1)
    assert "已过" in refused(lambda: steps.ask_extension(LETTER, until, "理由", late))
    assert "理由" in refused(lambda: steps.ask_extension(LETTER, until, " ", TODAY))
    assert "晚于" in refused(lambda: steps.ask_extension(LETTER, DUE, "理由", TODAY))
    assert "一次" in refused(lambda: steps.ask_extension(denied, until, "理由", TODAY))
    assert "没有待答复" in refused(lambda: steps.answer_extension(granted, granted=True))


def test_an_objection_is_ruled_on_once_and_strikes_the_letter_off_when_it_holds():
    objects = steps.object_to(LETTER, " 数据已于8月补报 ", DUE)
    assert (objects.objection, objects.objects) == ("数据已于8月补报", True)
    upheld = steps.rule_on(objects, "核对属实", DUE, upheld=True)
    assert (upheld.state, upheld.evidence) == (LetterState.CLOSED, "异议成立：核对属实")
    overruled = steps.rule_on(objects, "仍有缺口", DUE, upheld=False)
    assert (overruled.state, overruled.ruling) == (LetterState.ISSUED, Ruling.OVERRULED)
    assert overruled.remarks == ("异议：数据已于8月补报（异议不成立：仍有缺口）",)
    late = DUE + timedelta(days=1)
    assert "已过" in refused(lambda: steps.object_to(LETTER, "理由", late))
    assert "理由" in refused(lambda: steps.object_to(LETTER, " ", TODAY))
    assert "一次" in refused(lambda: steps.object_to(overruled, "再次", TODAY))
    assert "没有待裁定" in refused(lambda: steps.rule_on(overruled, "x", DUE, upheld=True))
    assert "理由" in refused(lambda: steps.rule_on(objects, " ", DUE, upheld=True))


def test_closing_needs_proof_and_ends_the_letter():
    assert "依据" in refused(lambda: steps.close(LETTER, "", TODAY))
    closed = steps.close(LETTER, "进度已达标", TODAY)
    assert (closed.state, closed.closed_on) == (LetterState.CLOSED, TODAY)
    for step in (
        lambda: steps.close(closed, "再次", TODAY),
        lambda: steps.escalate(closed),
        lambda: steps.answer_extension(closed, granted=True),
    ):
        assert "已销号" in refused(step)


def test_each_kind_leads_to_the_next_and_the_last_to_none():
    kinds = [LetterKind.REMINDER]
    while kinds[-1].next:
        kinds.append(kinds[-1].next)
    assert kinds == list(LetterKind)
    assert steps.escalate(LETTER).state is LetterState.ESCALATED
    assert "最后一级" in refused(lambda: steps.escalate(replace(LETTER, kind=LetterKind.LISTED)))


# What should come next

LAGS = Pressing({"scj": ("T01-1",)}, {}, {LETTER.key: ("T01-1",)})
LATE = DUE + timedelta(days=3)


def proposed(letters=(), drafts=(), now=LAGS, today=TODAY):
    return [(p.action, p.items) for p in steps.propose(letters, drafts, now, today)]


def test_what_lags_and_is_not_pressed_asks_for_a_reminder():
    now = Pressing({"scj": ("T01-1", "T01-2")}, {"xx": ("report/2026-08",)}, LAGS.items)
    first = (ProposedAction.DRAFT, ("T01-1", "T01-2"))
    assert proposed(now=now) == [first, (ProposedAction.DRAFT, ("report/2026-08",))]
    assert proposed([LETTER], now=now)[0] == (ProposedAction.DRAFT, ("T01-2",))
    assert proposed(drafts=[DRAFT]) == []


@pytest.mark.parametrize("letter", [LETTER, steps.register_reply(LETTER, ANSWER)])
def test_a_day_that_has_passed_without_cure_asks_for_the_next_letter(letter):
    assert proposed([letter], today=DUE) == []
    (found,) = steps.propose([letter], [], LAGS, LATE)
    assert (found.action, found.kind) == (ProposedAction.ESCALATE, LetterKind.RECTIFICATION)
    assert "已过 3 天" in found.why
    following = replace(DRAFT, key="d2", kind=LetterKind.RECTIFICATION, follows=letter.key)
    assert proposed([letter], [following], today=LATE) == []


def test_what_is_put_right_asks_to_be_struck_off():
    now = Pressing({}, {}, LAGS.items)
    assert proposed([LETTER], now=now) == [(ProposedAction.CLOSE, ("T01-1",))]
    assert proposed([steps.close(LETTER, "达标", TODAY)], now=now) == []


def test_a_request_for_more_time_is_answered_first():
    asked = steps.ask_extension(LETTER, DUE + timedelta(days=5), "设备未到", TODAY)
    assert proposed([asked], today=LATE) == [(ProposedAction.ANSWER, ("T01-1",))]


def test_an_objection_is_ruled_on_before_anything_else():
    objects = steps.object_to(LETTER, "数据已补报", TODAY)
    assert proposed([objects], today=LATE) == [(ProposedAction.RULE, ("T01-1",))]


def test_the_last_letter_leads_no_further():
    listed = Letter(
        LetterKind.LISTED, 2026, 1, "scj", "2026-08", TODAY, DUE, LetterState.ISSUED, TODAY
    )
    now = Pressing({"scj": ("T01-1",)}, {}, {listed.key: ("T01-1",)})
    assert proposed([listed], now=now, today=LATE) == []
