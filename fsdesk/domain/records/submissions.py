"""Submissions (报送) and what the office says of them: accepted or returned (退回)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.records.records import RecordKey


class SubmissionState(LabelledEnum):
    """How a unit's report for a period stands; the value is stored and goes into JSON."""

    NONE = "", "未报"
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已报送"
    LATE = "late", "逾期报送"  # submitted or accepted, but after the due date; told, never stored
    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "已退回"
    REOPENED = "reopened", "已重新开放"


# A report counts as received; a returned one does not until it comes again.
RECEIVED = frozenset(
    {SubmissionState.SUBMITTED, SubmissionState.ACCEPTED, SubmissionState.REOPENED}
)
CAME = RECEIVED | {SubmissionState.LATE}


class Direction(LabelledEnum):
    """Which way a packet went; the value is stored and names the folder of its copy."""

    SENT = "sent", "发出"
    RECEIVED = "received", "收到"


class ReviewState(LabelledEnum):
    """What the office decided on a report: the state that it has then."""

    ACCEPTED = "accepted", "已接收"
    RETURNED = "returned", "已退回"
    REOPENED = "reopened", "已重新开放"


class RowComment(Struct, frozen=True):
    """The office's words on one record of a report."""

    record: RecordKey
    comment: str


class OpinionAnswer(LabelledEnum):
    """What a unit says to an opinion; the value is stored and travels."""

    NONE = "", "未答复"
    MENDED = "mended", "改了"
    EXPLAINED = "explained", "说明"


class Opinion(Struct, frozen=True):
    """What the office wants mended or explained in a report that it returned, and the answer.

    It stays until the office accepts the report, or says something else of it.

    Attributes:
        item: Code of the task, indicator or deliverable; empty for the report as a whole.
        raised_at: When the office said it, ISO text in UTC: an answer belongs to this one alone.
        words: The unit's explanation.
        answered_at: When the unit answered; empty while it has not.
    """

    item: str
    text: str
    raised_at: str
    answer: OpinionAnswer = OpinionAnswer.NONE
    words: str = ""
    answered_at: str = ""

    @property
    def open(self) -> bool:
        """Whether it waits for an answer; an explanation without words is none."""
        if self.answer is OpinionAnswer.EXPLAINED:
            return not self.words
        return self.answer is OpinionAnswer.NONE

    @property
    def answer_text(self) -> str:
        """The answer as people read it; empty without one."""
        if self.open:
            return ""
        return "：".join(filter(None, (self.answer.label, self.words)))


OPINION_FIELDS = Opinion.__struct_fields__


class Review(Struct, frozen=True):
    """What the office says of a unit's report for a period.

    Attributes:
        at: When, ISO text in UTC; a later review takes the place of an earlier one.
        report: Digest of the report that was reviewed.
    """

    state: ReviewState
    comment: str
    at: str
    rows: tuple[RowComment, ...] = ()
    report: str = ""


def left_out_months(left_out: Iterable[tuple[str, str]], year: int) -> Mapping[str, frozenset[int]]:
    """Return the months of a year whose data does not count (不计入), by unit code.

    `left_out`: unit codes and periods; a quarter leaves out its months.
    """
    found: dict[str, frozenset[int]] = {}
    for unit, text in left_out:
        period = Period.parse(text)
        if period.year == year:
            months = {month.last_month for month in period.months}
            found[unit] = found.get(unit, frozenset()) | months
    return found


def is_left_out(months: Mapping[str, frozenset[int]], unit: str, period: Period) -> bool:
    """Tell whether a unit's report for a period shares a month with what is left out.

    `months`: as `left_out_months` gives them for the period's year.
    """
    out = months.get(unit, frozenset())
    return bool(out) and any(month.last_month in out for month in period.months)
