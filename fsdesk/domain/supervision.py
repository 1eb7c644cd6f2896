"""Supervision (督办): the four official letters (三书一函) and the cases that they press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - field types are read at run time
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class LetterKind(StrEnum):
    """Which of the four letters, mildest first."""

    REMINDER = "reminder"
    RECTIFICATION = "rectification"
    INTERVIEW = "interview"
    LISTED = "listed"

    @property
    def label(self) -> str:
        """The word on screen and on the letter."""
        return _LETTER_LABELS[self]


_LETTER_LABELS = {
    LetterKind.REMINDER: "提醒敦促函",
    LetterKind.RECTIFICATION: "整改通知书",
    LetterKind.INTERVIEW: "约谈通知书",
    LetterKind.LISTED: "挂牌督办通知书",
}
_NUMBER_WORDS = {
    LetterKind.REMINDER: "食药安办提醒",
    LetterKind.RECTIFICATION: "食药安办整改",
    LetterKind.INTERVIEW: "食药安办约谈",
    LetterKind.LISTED: "食药安委督办",
}


class LetterState(StrEnum):
    """Where a letter is on its way."""

    DRAFTED = "drafted"
    ISSUED = "issued"
    REPLIED = "replied"
    CLOSED = "closed"
    ESCALATED = "escalated"

    @property
    def label(self) -> str:
        """The word on screen."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    LetterState.DRAFTED: "拟发",
    LetterState.ISSUED: "已发",
    LetterState.REPLIED: "已复",
    LetterState.CLOSED: "已销号",
    LetterState.ESCALATED: "已升级",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """An official letter to a unit.

    Attributes:
        kind: Which of the four.
        year: Year of its number series.
        number: Counts up within kind and year, from 1.
        unit: Code of the addressee.
        period: Period whose figures it states, in its text form.
        drafted_on: Day on which it was drafted.
        reply_by: Last day for the reply.
        state: Where it is on its way.
    """

    kind: LetterKind
    year: int
    number: int
    unit: str
    period: str
    drafted_on: date
    reply_by: date
    state: LetterState = LetterState.DRAFTED

    @property
    def document_number(self) -> str:
        """The number on the letter, with the year in 〔〕 as GB/T 9704—2012 asks."""
        return f"{_NUMBER_WORDS[self.kind]}〔{self.year}〕{self.number}号"


@dataclass(frozen=True, slots=True)
class SupervisionCase:
    """A unit's task that is pressed by a letter (督办事项).

    Attributes:
        task: Task code.
        letter: The letter that opened it.
    """

    task: str
    letter: Letter


def next_number(letters: Iterable[Letter], kind: LetterKind, year: int) -> int:
    """Return the next free number of a kind's series in a year; numbers are never used again."""
    used = (letter.number for letter in letters if (letter.kind, letter.year) == (kind, year))
    return max(used, default=0) + 1
