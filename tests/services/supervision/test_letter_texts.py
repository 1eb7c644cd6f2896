"""What a letter says, by its kind and its cause."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.supervision.causes import LetterCause, cause_of
from fsdesk.domain.supervision.letters import Letter, LetterKind, LetterState, voices
from fsdesk.reports.word.letter_papers import LetterPaper, title_lines
from fsdesk.services.supervision.letter_texts import Wanted, letter_text
from tests.reports.conftest import make_plan, make_status

ITEMS = {
    LetterCause.BEHIND: ("T02-1",),
    LetterCause.NO_REPORT: ("report/2026-04", "report/2026-05"),
    LetterCause.BOTH: ("T02-1", "report/2026-05"),
    LetterCause.UNANSWERED: ("T02-1",),
    LetterCause.FOUND: ("found/1", "found/2"),
}
FOUND = {
    f"found/{n}": f"督导发现问题整改率，2026年{n}月：分子大于分母。请核对。" for n in range(1, 31)
}
DAY, DUE = date(2026, 7, 3), date(2026, 7, 17)


def former(kind):
    """The letter that one of a kind goes beyond; nobody answered it."""
    kinds = list(LetterKind)
    milder = kinds[max(kinds.index(kind) - 1, 0)]
    return Letter(
        milder, 2026, 3, "scjg", "2026-05", date(2026, 6, 1), date(2026, 6, 15),
        LetterState.ISSUED, date(2026, 6, 1),
    )  # fmt: skip


def text(kind, cause, status=None):
    """The text of a letter that follows an unanswered one, unless it is the first."""
    unit = "nyj" if cause is LetterCause.UNANSWERED else "scjg"
    follows = None if kind is LetterKind.REMINDER else replace(former(kind), unit=unit)
    items = ("T99",) if cause is LetterCause.UNANSWERED else ITEMS[cause]
    spoken = voices(kind, OfficeIdentity(), "区食药安办")
    wanted = Wanted(kind, unit, items, DUE, follows, FOUND, "张三", *spoken)
    return letter_text(status or make_status(), lambda _task: None, wanted)


CASES = [
    (kind, cause)
    for kind in LetterKind
    for cause in LetterCause
    if kind is not LetterKind.REMINDER or cause is not LetterCause.UNANSWERED
]


@pytest.mark.parametrize(("kind", "cause"), CASES)
def test_a_letter_calls_behind_only_what_is_behind(kind, cause):
    body = text(kind, cause)
    behind = cause in (LetterCause.BEHIND, LetterCause.BOTH)
    assert ("食品监督抽检批次" in body) == behind
    assert ("滞后" in body or "落后" in body) == behind
    assert ("没有报送。" in body) == (cause in (LetterCause.NO_REPORT, LetterCause.BOTH))
    assert ("2026年7月17日" in body) is True


@pytest.mark.parametrize(("kind", "cause"), CASES)
def test_a_letter_speaks_for_whom_it_is_issued(kind, cause):
    body = text(kind, cause)
    assert ("我委" in body) == (kind is LetterKind.LISTED)
    assert ("我办" in body) == (kind is not LetterKind.LISTED)
    if kind is LetterKind.LISTED:
        assert "我委办公室向你单位发出约谈通知书" in body


@pytest.mark.parametrize(("kind", "cause"), CASES)
def test_a_letter_writes_as_official_papers_do(kind, cause):
    body = text(kind, cause)
    facts = [line for line in body.splitlines() if re.match(r"（\d+）", line)]
    assert facts
    assert not re.search(r"[≥≤=()]|\d\.\d+(?!\d*(%|个百分点))", body)
    assert not re.search(r"[\u4e00-\u9fff] +\w|\w +[\u4e00-\u9fff]", body)
    assert not re.search(r"“[^”]*“", body)


@pytest.mark.parametrize(("kind", "cause"), CASES)
def test_the_title_says_why_it_is_written(kind, cause):
    paper = LetterPaper(
        kind, "1号", "2026年6月", "区市场监管局", ["甲", "乙"], "区食药安办", DAY, DUE,
        cause=cause_of(ITEMS[cause]),
    )  # fmt: skip
    title = "".join(title_lines(paper))
    assert title.startswith("关于")
    assert title.endswith(f"的{kind.label}")
    silent = cause is LetterCause.NO_REPORT
    assert ("报送" in title) == (
        silent or (cause is LetterCause.BOTH and kind is LetterKind.REMINDER)
    )
    assert not (silent and "滞后" in title)


def test_missing_reports_are_told_with_their_day_and_asked_for():
    body = text(LetterKind.REMINDER, LetterCause.NO_REPORT)
    assert "你单位有2期工作进展和数据没有按时报送" in body
    assert "（1）2026年4月工作进展和数据，报送截止日为2026年5月5日，至今没有报送。" in body
    assert "2026年7月17日前补报上述工作进展和数据" in body


def test_an_unanswered_letter_presses_for_its_answer_where_the_data_say_nothing():
    body = text(LetterKind.RECTIFICATION, LetterCause.UNANSWERED)
    assert "对提醒敦促函（食药安办提醒〔2026〕3号）应于2026年6月15日前书面回复" in body
    answered = replace(former(LetterKind.RECTIFICATION), unit="nyj", reply="已整改")
    wanted = Wanted(LetterKind.RECTIFICATION, "nyj", ("T99",), DUE, answered)
    with pytest.raises(InputRejectedError, match="没有滞后的工作"):
        letter_text(make_status(), lambda _task: None, wanted)


def test_a_name_with_quotation_marks_is_quoted_within_quotation_marks():
    plan = make_plan()
    sections = tuple(
        replace(s, points=tuple(
            replace(p, tasks=tuple(
                replace(t, title="进口食品“国门守护”") if t.code == "T02-1" else t for t in p.tasks
            )) for p in s.points
        )) for s in plan.sections
    )  # fmt: skip
    status = make_status(replace(plan, sections=sections))
    assert "（任务“进口食品‘国门守护’”）" in text(LetterKind.REMINDER, LetterCause.BEHIND, status)


@pytest.mark.parametrize("days", [15, 29, 30, 60])
def test_more_time_is_asked_for_by_a_day_that_lies_ahead(days):
    status = make_status()
    status = replace(status, rules=replace(status.rules, listed_days=days))
    body = text(LetterKind.LISTED, LetterCause.BEHIND, status)
    assert ("期限届满前20个工作日" in body) == (days >= 30)


def test_doubtful_data_is_told_as_to_be_verified_and_not_as_wrong():
    body = text(LetterKind.REMINDER, LetterCause.FOUND)
    assert "发现2处数据需要核实" in body
    assert "属于填报错误的，请更正后重新报送；情况属实的，请书面说明" in body
    assert "（1）督导发现问题整改率，2026年1月：分子大于分母。请核对。" in body


def test_of_very_much_doubtful_data_the_first_is_told_and_how_much_more_there_is():
    wanted = Wanted(LetterKind.REMINDER, "scjg", tuple(FOUND), DUE, None, FOUND)
    body = letter_text(make_status(), lambda _task: None, wanted)
    assert "发现30处数据需要核实" in body
    assert "（21）另有10处，见数据质量问题清单。" in body
