"""Why a letter is written, which decides what it may say: no report is not behind."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from fsdesk.domain.supervision.letters import FOUND_ITEM, REPORT_ITEM

if TYPE_CHECKING:
    from collections.abc import Iterable


class LetterCause(Enum):
    """What a letter presses. Of what was not reported nobody knows whether it is behind."""

    BEHIND = "behind"
    NO_REPORT = "no report"
    BOTH = "both"
    UNANSWERED = "unanswered"  # only the former letter's reply is missing for sure
    FOUND = "found"  # doubtful data was found; nobody knows yet whether it is wrong


def cause_of(items: Iterable[str]) -> LetterCause:
    """Return why a letter about these items is written; see `LetterDraft.items`."""
    known = list(items)
    if any(item.startswith(FOUND_ITEM) for item in known):
        return LetterCause.FOUND
    reports = {item.startswith(REPORT_ITEM) for item in known}
    if reports == {True}:
        return LetterCause.NO_REPORT
    return LetterCause.BOTH if True in reports else LetterCause.BEHIND
