"""Supervision (督办): the four official letters (三书一函) and the cases that they press."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - field types are read at run time
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.office import committee_of
from fsdesk.domain.plan.naming import without_level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.office import OfficeIdentity


class LetterKind(LabelledEnum):
    """Which of the four letters, mildest first."""

    REMINDER = "reminder", "提醒敦促函"
    RECTIFICATION = "rectification", "整改通知书"
    INTERVIEW = "interview", "约谈通知书"
    LISTED = "listed", "挂牌督办通知书"

    @property
    def next(self) -> LetterKind | None:
        """The stronger letter that follows when this one is not answered; None after the last."""
        kinds = list(LetterKind)
        place = kinds.index(self) + 1
        return kinds[place] if place < len(kinds) else None


_NUMBER_WORDS = {
    LetterKind.REMINDER: "食药安办提醒",
    LetterKind.RECTIFICATION: "食药安办整改",
    LetterKind.INTERVIEW: "食药安办约谈",
    LetterKind.LISTED: "食药安委督办",
}


def letter_words(office: str) -> dict[str, str]:
    """Return the letters in front of numbers that follow from an office's name, by kind.

    None where those are the usual ones: 市安委办 has 安委办提醒, and 安委会督办 for its committee.
    """
    own = without_level(office)
    if own == _USUAL or not own:
        return {}
    return {
        kind.value: word.replace(_USUAL, own).replace(committee_of(_USUAL), committee_of(own))
        for kind, word in _NUMBER_WORDS.items()
    }


_USUAL = "食药安办"
_FOOD_OFFICES = ("食药安", "食品", "药品")


def issuing_body(kind: LetterKind, office: OfficeIdentity, issuer: str) -> str:
    """Return in whose name a letter is issued: 挂牌督办 in the committee's, others in its office's.

    `issuer`: what the plan calls the coordinating office.
    """
    committee = kind is LetterKind.LISTED
    return office.committee_name(issuer) if committee else office.office_name(issuer)


def sealing_body(kind: LetterKind, office: OfficeIdentity, issuer: str) -> str:
    """Return whose seal is under a letter."""
    committee = kind is LetterKind.LISTED
    return office.committee_name(issuer) if committee else office.seal_name(issuer)


_VOICES = {"办": "我办", "室": "我办", "委": "我委", "会": "我委", "局": "我局"}


def voices(kind: LetterKind, office: OfficeIdentity, issuer: str) -> tuple[str, str]:
    """Return how a letter calls who issues it, and the office: 我办, 我委."""
    body, other = issuing_body(kind, office, issuer), office.office_name(issuer)
    own = _VOICES.get(body[-1:], "我单位")
    return own, own if body == other else f"{own}办公室"


def number_word(kind: LetterKind, office: OfficeIdentity, issuer: str) -> str:
    """Return the letters in front of a kind's document numbers (机关代字).

    `issuer`: what the plan calls the coordinating office. Where none are told they follow from it;
    offices for food and drugs, however they are named, go on as they began.
    """
    usual = any(word in issuer for word in _FOOD_OFFICES)
    derived = {} if usual else letter_words(issuer)
    return office.by_kind.get(kind.value) or derived.get(kind.value) or _NUMBER_WORDS[kind]


def number_prefix(kind: LetterKind, office: OfficeIdentity, issuer: str) -> str:
    """Return what of `number_word` a letter has to hold: nothing where it is the first one."""
    word = number_word(kind, office, issuer)
    return "" if word == _NUMBER_WORDS[kind] else word


class LetterState(LabelledEnum):
    """Where a letter is on its way."""

    DRAFTED = "drafted", "拟稿"
    ISSUED = "issued", "已发"
    REPLIED = "replied", "已复"
    CLOSED = "closed", "已销号"
    ESCALATED = "escalated", "已升级"
    VOID = "void", "作废"


class ExtensionAnswer(LabelledEnum):
    """What the office said when a unit asked for more time (延期)."""

    NONE = "", "待答复"
    GRANTED = "granted", "同意延期"
    REFUSED = "refused", "不同意延期"


class Ruling(LabelledEnum):
    """What the office said to a unit's objection (异议)."""

    NONE = "", "待裁定"
    UPHELD = "upheld", "异议成立"
    OVERRULED = "overruled", "异议不成立"


class Letter(Struct, frozen=True):
    """An official letter to a unit.

    Attributes:
        number: Counts up within kind and year, from 1.
        period: Period whose figures it states, in its text form.
        reply_by: Last day for the reply, an extension that was granted included.
        issued_on: Day of issue; its date. None for a draft.
        follows: Key of the letter that it goes beyond; empty for the first of a case.
        received_on: Day on which the unit had it (签收), as far as known.
        replied_at: When the answer was given, ISO text in UTC; a newer one takes its place.
        wanted_until: Day until which the unit asks for more time (延期); None when it doesn't.
        closed_on: Day on which it was struck off (销号), or declared void (作废).
        evidence: By what that is proved, or why it is void.
        objection: Why the unit says that the letter is wrong (异议); empty when it doesn't.
        word: The letters in front of its number (机关代字) when it was issued; empty for the first.
        reopened_why: Why it was opened again after it had been struck off (撤销销号).
    """

    kind: LetterKind
    year: int
    number: int
    unit: str
    period: str
    drafted_on: date
    reply_by: date
    state: LetterState = LetterState.DRAFTED
    issued_on: date | None = None
    follows: str = ""
    received_on: date | None = None
    reply: str = ""
    replied_at: str = ""
    wanted_until: date | None = None
    wanted_why: str = ""
    wanted_answer: ExtensionAnswer = ExtensionAnswer.NONE
    closed_on: date | None = None
    evidence: str = ""
    objection: str = ""
    ruling: Ruling = Ruling.NONE
    ruling_why: str = ""
    word: str = ""
    reopened_why: str = ""

    @property
    def key(self) -> str:
        """What it is known by between PCs: kind, year and number."""
        return f"{self.kind.value}/{self.year}/{self.number}"

    @property
    def open(self) -> bool:
        """Whether it was issued and neither struck off nor gone beyond."""
        return self.state in (LetterState.ISSUED, LetterState.REPLIED)

    @property
    def counts(self) -> bool:
        """Whether it stands against its unit: it was issued and is not void."""
        return self.state not in (LetterState.DRAFTED, LetterState.VOID)

    @property
    def asks_extension(self) -> bool:
        """Whether more time was asked for and nobody has answered."""
        return self.wanted_until is not None and self.wanted_answer is ExtensionAnswer.NONE

    @property
    def objects(self) -> bool:
        """Whether the unit objects and nobody has ruled."""
        return bool(self.objection) and self.ruling is Ruling.NONE

    @property
    def answered_by(self) -> str:
        """What the unit answered, in a word: a reply, or no more than a wish or an objection."""
        if self.reply or not self.replied_at:
            return "回复"
        return "申请延期" if self.wanted_until else "异议" if self.objection else "回复"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was asked for and objected, with the answers, in words."""
        parts: list[str] = []
        if self.wanted_until:
            asked = f"申请延期至 {self.wanted_until}（{self.wanted_answer.label}）"
            parts.append(f"{asked}：{self.wanted_why}")
        if self.objection:
            why = f"：{self.ruling_why}" if self.ruling_why else ""
            parts.append(f"异议：{self.objection}（{self.ruling.label}{why}）")
        if self.reopened_why:
            parts.append(f"曾销号，已撤销：{self.reopened_why}")
        if self.state is LetterState.VOID:
            parts.append(f"{self.closed_on} 作废：{self.evidence}")
        return tuple(parts)

    @property
    def document_number(self) -> str:
        """The number on the letter, with the year in 〔〕 as GB/T 9704—2012 asks."""
        return document_number(self.key, self.word)


def document_number(key: str, word: str = "") -> str:
    """Return the number on a letter with a key; ValueError when it is no key of a letter.

    `word`: its 机关代字; empty for the first one of its kind.
    """
    kind, year, number = letter_of_key(key)
    return f"{word or _NUMBER_WORDS[kind]}〔{year}〕{number}号"


def next_number(keys: Iterable[str], kind: LetterKind, year: int, first: int = 1) -> int:
    """Return the next free number of a kind's series in a year; numbers are never used again.

    `keys`: of all letters that were ever issued, as far as known.
    `first`: those before it were used on paper.
    """
    known = map(letter_of_key, keys)
    used = (number for *series, number in known if series == [kind, year])
    return max([*used, first - 1]) + 1


class LetterDraft(Struct, frozen=True):
    """A letter that is not issued: it has no number, may be changed and taken back.

    Attributes:
        key: Random, unique.
        period: Period whose figures it states, in its text form.
        items: What it presses: codes of tasks, ``report/2026-03`` for a report that is missing, or
            ``found/…`` for doubtful data.
        body: Its text, one paragraph a line.
        reply_by: Last day for the reply.
        follows: Key of the letter that it goes beyond; empty for the first of a case.
    """

    key: str
    kind: LetterKind
    unit: str
    period: str
    items: tuple[str, ...]
    body: str
    reply_by: date
    drafted_on: date
    follows: str = ""


class LetterReply(Struct, frozen=True):
    """What a unit answers to a letter, as it travels in its packets.

    Attributes:
        text: The answer; empty when it only asks for more time.
        wanted_until: Day until which more time is asked for; None when it isn't.
        received_on: Day on which the unit had the letter.
        at: When it was given, ISO text in UTC; empty when it was filled in by hand.
        objection: Why the letter is wrong; empty when it isn't.
    """

    letter: str
    text: str = ""
    wanted_until: date | None = None
    wanted_why: str = ""
    received_on: date | None = None
    at: str = ""
    objection: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is typed in it."""
        asked = self.wanted_until or self.wanted_why or self.objection
        return not (self.text or asked or self.received_on)


REPORT_ITEM = "report/"
# Begins the item of doubtful data that was found, by the place where it stands.
FOUND_ITEM = "found/"


def letter_of_key(key: str) -> tuple[LetterKind, int, int]:
    """Return kind, year and number of a letter's key; ValueError when it is no key of a letter."""
    kind, year, number = key.split("/")
    return LetterKind(kind), int(year), int(number)


def reply_of(letter: Letter) -> LetterReply:
    """Return what was answered to a letter."""
    return LetterReply(
        letter.key,
        letter.reply,
        letter.wanted_until,
        letter.wanted_why,
        letter.received_on,
        letter.replied_at,
        letter.objection,
    )
