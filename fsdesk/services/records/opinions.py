"""What the office wants mended in a returned report: a list that stays until it accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import (
    Opinion,
    OpinionAnswer,
    Review,
    ReviewState,
    SubmissionState,
)
from fsdesk.domain.text import LONGEST_TEXT, tidy
from fsdesk.services import working_calendar
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from fsdesk.domain.settings import Rules
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace


class ReturnedReport(Struct, frozen=True):
    """A report of the unit that was returned and is not accepted since.

    Attributes:
        sent_again: Whether it was exported since it was returned.
        due: Day by which it is to come again; None once it was exported.
    """

    period: Period
    reason: str
    opinions: tuple[Opinion, ...]
    sent_again: bool = False
    due: date | None = None

    @property
    def open(self) -> int:
        """How many opinions wait for an answer."""
        return sum(opinion.open for opinion in self.opinions)

    @property
    def presses(self) -> bool:
        """Whether something is left for the unit to do about it."""
        return not self.sent_again or self.open > 0

    @property
    def words(self) -> str:
        """Say what was returned, why, and how much is left to answer."""
        single = sum(bool(opinion.item) for opinion in self.opinions)
        words = returned_words(self.period, self.reason, single, self.open)
        by = f"，请于{self.due.month}月{self.due.day}日前重新报送" if self.due is not None else ""
        return f"{words}{by}"


def returned_words(period: Period, reason: str, count: int, unanswered: int = 0) -> str:
    """Say that a report was returned, why, and of how many opinions."""
    parts = [f"{period.name}报送被退回" + (f"：{reason.rstrip('。')}" if reason else "")]
    if count:
        parts.append(f"{count} 条意见")
    if unanswered:
        parts.append(f"{unanswered} 条未答复")
    return "，".join(parts)


def review_words(period: Period, review: Review) -> str:
    """Say what the office decided on a report, and how much it said on single records."""
    if review.state is ReviewState.RETURNED:
        return returned_words(period, review.comment, len(review.rows))
    said = f"{period.name}报送{review.state.label}：{review.comment.rstrip('。')}".rstrip("：")
    return f"{said}，{len(review.rows)} 条意见" if review.rows else said


def opinions(workspace: Workspace, unit: str, period: Period) -> tuple[Opinion, ...]:
    """Return the opinions on a report that was returned, with the unit's answers.

    What was said of the report as a whole is the one opinion where no single record was named, and
    the reason of the others elsewhere. None once the report is accepted.
    """
    with workspace.reading() as session:
        return opinions_in(session, unit, str(period))


def opinions_in(session: Session, unit: str, period: str) -> tuple[Opinion, ...]:
    """Return the opinions on a report within a session; see `opinions`."""
    said = submissions.opinions(session, unit, period)
    return tuple(each for each in said if each.item) or said


def answer(
    workspace: Workspace, period: Period, item: str, said: OpinionAnswer, words: str = ""
) -> Opinion:
    """Answer the opinion on an item of one's own report; an empty item means the whole report.

    Raises:
        InputRejectedError: When there is no such opinion, or the words are too long.
    """
    words, unit = tidy(words), workspace.identity.unit
    if len(words) > LONGEST_TEXT:
        raise reject(f"说明过长，有 {len(words)} 字", f"请精简到 {LONGEST_TEXT} 字以内")
    with workspace.writing() as writing:
        held = submissions.opinions(writing.session, unit, str(period))
        opinion = next((each for each in held if each.item == item), None)
        if opinion is None:
            raise reject("这条意见已经不在了", "请刷新后再看：汇总端可能已接收，或提了新的意见")
        # Clocks may be set back; a later answer counts all the same.
        at = max(workspace.now(), opinion.answered_at)
        given = replace(opinion, answer=said, words=words, answered_at=at)
        submissions.answer_opinion(writing, unit, str(period), given)
    return given


def take_answers(writing: Writing, unit: str, period: str, answers: Iterable[Opinion]) -> int:
    """Enter what a unit answered with its report; return how many answers are new."""
    taken = [submissions.answer_opinion(writing, unit, period, each) for each in answers]
    return sum(taken)


def new_answers(
    session: Session, unit: str, period: str, answers: Iterable[Opinion]
) -> tuple[Opinion, ...]:
    """Return which of the answers that came in say something new, without taking them."""
    came = tuple(answers)
    if not came:
        return ()
    held = {each.item: each for each in submissions.opinions(session, unit, period)}
    return tuple(
        each
        for each in came
        for stands in (held.get(each.item),)
        if stands is not None
        and stands.raised_at == each.raised_at
        and stands != each
        and stands.answered_at <= each.answered_at
    )


def returned(workspace: Workspace) -> tuple[ReturnedReport, ...]:
    """Return the unit's own reports that were returned and are not accepted since, oldest first."""
    with workspace.reading() as session:
        return tuple(_returned(session, workspace.identity.unit, workspace.rules))


def _returned(session: Session, unit: str, rules: Rules) -> Iterator[ReturnedReport]:
    for submission in submissions.submissions(session):
        if submission.unit != unit:
            continue
        said = submissions.opinions(session, unit, submission.period)
        stands = submission.state is SubmissionState.RETURNED
        if said or stands:
            reason = next((each.text for each in said if not each.item), submission.comment)
            period, listed = submission.period, opinions_in(session, unit, submission.period)
            at = submission.reviewed_at if stands else ""
            month = Period.parse(period)
            due = working_calendar.report_due(month, rules)
            due = max(due, working_calendar.mend_day(at, rules)) if at else None
            yield ReturnedReport(month, reason, listed, not stands, due)
