"""Submissions (报送) and what the office says of them: accepted or returned (退回)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsdesk.domain.records.records import RecordKey


class ReviewState(StrEnum):
    """What the office decided on a report."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    REOPENED = "reopened"

    @property
    def label(self) -> str:
        """The word on screen."""
        words = {"accepted": "已接收", "returned": "已退回", "reopened": "已重新开放"}
        return words[self.value]


# States in which a report counts as received; a returned one does not until it comes again.
RECEIVED = frozenset({"submitted", ReviewState.ACCEPTED.value, ReviewState.REOPENED.value})


@dataclass(frozen=True, slots=True)
class RowComment:
    """The office's words on one record of a report."""

    record: RecordKey
    comment: str


@dataclass(frozen=True, slots=True)
class Review:
    """What the office says of a unit's report for a period.

    Attributes:
        state: Accepted or returned.
        comment: On the whole.
        at: When, ISO text in UTC; a later review takes the place of an earlier one.
        rows: On single records.
        report: Digest of the report that was reviewed.
    """

    state: ReviewState
    comment: str
    at: str
    rows: tuple[RowComment, ...] = ()
    report: str = ""
