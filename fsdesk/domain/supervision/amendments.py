"""What is issued about a letter later (延期, 更正): papers of their own, with their own dates."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - field types are read at run time
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import date_text
from fsdesk.domain.supervision.letters import LetterKind, LetterState

if TYPE_CHECKING:
    from fsdesk.domain.supervision.letters import Letter

# Under what name their papers are kept.
PREFIX = "amendment/"


class AmendmentKind(LabelledEnum):
    """What an amendment says of its letter."""

    EXTENDED = "extended", "同意延期"
    NOT_EXTENDED = "not-extended", "不同意延期"
    CORRECTED = "corrected", "更正"


class Amendment(Struct, frozen=True):
    """A paper that changes what an issued letter says, and leaves the letter as it is.

    Attributes:
        letter: Key of the letter.
        number: Counts up within the letter, from 1.
        day: Day of its own issue.
        body: Its text, one paragraph a line.
    """

    letter: str
    number: int
    kind: AmendmentKind
    day: date
    body: str

    @property
    def key(self) -> str:
        """What its paper is known by."""
        return amendment_key(self.letter, self.number)

    @property
    def remark(self) -> str:
        """When it was issued and what it is, in words."""
        return f"{date_text(self.day)}另发{_PAPER[self.kind]}"


def amendment_key(letter: str, number: int) -> str:
    """Return what the paper of a letter's amendment is known by."""
    return f"{PREFIX}{letter}/{number}"


_PAPER = {
    AmendmentKind.EXTENDED: "同意延期的复函",
    AmendmentKind.NOT_EXTENDED: "不同意延期的复函",
    AmendmentKind.CORRECTED: "更正通知",
}


def amendment_title(kind: AmendmentKind, letter: LetterKind) -> str:
    """Return the title of an amendment, in one line."""
    return {
        AmendmentKind.EXTENDED: f"关于同意{letter.label}延期的复函",
        AmendmentKind.NOT_EXTENDED: f"关于不同意{letter.label}延期的复函",
        AmendmentKind.CORRECTED: f"关于更正{letter.label}有关内容的通知",
    }[kind]


def extension_text(before: Letter, letter: Letter, why: str, voice: str) -> str:
    """Return the text that answers a unit's request for more time.

    `before`: the letter as it was when that was asked for; `letter`: as it is by the answer.
    `voice`: how the body that issues it calls itself.
    """
    what = "督办期限" if letter.kind is LetterKind.LISTED else "回复期限"
    asked = f"你单位对{_named(letter)}提出的延期申请收悉。经研究，函复如下："
    reason = why.strip().rstrip("。")
    due = date_text(letter.reply_by)
    if letter.reply_by == before.reply_by:
        because = f"（{reason}）" if reason else ""
        return (
            f"{asked}\n不同意延期{because}，{what}仍为{due}。"
            f"请抓紧落实，按期将整改落实情况书面报{voice}。\n特此函复。"
        )
    because = f"{reason}。" if reason else ""
    return (
        f"{asked}\n同意延期，{what}由{date_text(before.reply_by)}延至{due}。{because}"
        f"其他要求不变，请抓紧落实，按期将整改落实情况书面报{voice}。\n特此函复。"
    )


def correction_text(letter: Letter, words: str, voice: str) -> str:
    """Return the text that corrects what a letter says; ``words`` say what is put right.

    Raises:
        InputRejectedError: When nothing is said, or the letter presses nobody any more.
    """
    said = [line.strip() for line in words.splitlines() if line.strip()]
    if not said:
        raise reject("没有写明更正的内容", "请写明原文和更正后的内容，如：“甲”更正为“乙”")
    if letter.state in (LetterState.DRAFTED, LetterState.VOID):
        raise reject(f"{letter.document_number}{letter.state.label}，不能更正", "请核对函件")
    said[-1] = said[-1] if said[-1].endswith(("。", "！", "？")) else f"{said[-1]}。"
    issued = f"{date_text(letter.issued_on)}" if letter.issued_on else "此前"
    return "\n".join(
        (
            f"{voice}{issued}印发的{_named(letter)}，有关内容更正如下：",
            *said,
            "其他内容不变，仍按原件执行。",
            "特此通知。",
        )
    )


def _named(letter: Letter) -> str:
    return f"{letter.kind.label}（{letter.document_number}）"
