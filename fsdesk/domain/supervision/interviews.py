"""When, where and by whom a 约谈 is held: one paragraph of the letter that calls to it; pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import date_text

if TYPE_CHECKING:
    from fsdesk.domain.supervision.letters import LetterDraft

_NAMES = ("约谈时间", "约谈地点", "约谈人", "联系人和电话")
_LINE = re.compile("；".join(f"{name}：(.*?)" for name in _NAMES) + "。$")
_MOMENT = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日(\d{1,2})时(?:(\d{1,2})分)?")
# When people can be called to come.
_EARLIEST, _LATEST = time(8), time(18)
# Room to be filled in by hand.
_BLANK = "　" * 8


class Interview(Struct, frozen=True):
    """What must be known to come to it; empty texts stand for what is not settled.

    Attributes:
        time: Day and hour, in words; see `moment_text`.
        contact: Whom to ask, with a telephone number.
    """

    time: str = ""
    place: str = ""
    host: str = ""
    contact: str = ""

    @property
    def line(self) -> str:
        """The paragraph of the letter."""
        told = (f"{name}：{part.strip() or _BLANK}" for name, part in self._parts)
        return f"{'；'.join(told)}。"

    @property
    def lacking(self) -> tuple[str, ...]:
        """Names of what is not settled."""
        return tuple(name for name, part in self._parts if not part.strip())

    @property
    def _parts(self) -> tuple[tuple[str, str], ...]:
        texts = (self.time, self.place, self.host, self.contact)
        return tuple(zip(_NAMES, texts, strict=True))


def interview_in(body: str) -> Interview | None:
    """Return what a letter's text says of the interview; None where it has no such paragraph."""
    for line in body.splitlines():
        found = _LINE.match(line.strip())
        if found is not None:
            return Interview(*(part.strip() for part in found.groups()))
    return None


def with_interview(body: str, interview: Interview) -> str:
    """Return a letter's text with its paragraph about the interview replaced.

    Where it has none, the paragraph comes before the last one.
    """
    lines = [line for line in body.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if _LINE.match(line.strip()):
            lines[number] = interview.line
            return "\n".join(lines)
    return "\n".join([*lines[:-1], interview.line, *lines[-1:]])


def moment_text(moment: datetime) -> str:
    """Write day and hour as letters do: 2026年6月3日9时30分."""
    day = f"{moment.year}年{moment.month}月{moment.day}日{moment.hour}时"
    return f"{day}{moment.minute}分" if moment.minute else day


def moment_in(text: str) -> datetime | None:
    """Return the day and hour that a text names; None when it names none."""
    found = _MOMENT.search(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute)  # noqa: DTZ001 - where the office is
    except ValueError:
        return None


def interview_day(body: str) -> date | None:
    """Return the day of the interview that a letter's text calls to; None where none is told."""
    told = interview_in(body)
    moment = moment_in(told.time) if told else None
    return moment.date() if moment else None


def check_interview(draft: LetterDraft, now: datetime) -> None:
    """Refuse a 约谈 that nobody can come to, and a report on it that is due before it is over.

    `now`: this PC's local time.
    """
    told = interview_in(draft.body)
    moment = moment_in(told.time) if told else None
    if moment is None:
        return
    words = moment_text(moment)
    if moment <= now.replace(tzinfo=None):
        raise reject(f"约谈时间{words}已经过去，没有编号", "请改为印发以后的时间")
    if not _EARLIEST <= moment.time() <= _LATEST:
        raise reject(
            f"约谈时间{words}不在工作时间，没有编号",
            f"请改为{_EARLIEST.hour}时至{_LATEST.hour}时之间",
        )
    if draft.reply_by <= moment.date():
        raise reject(
            f"回复期限{date_text(draft.reply_by)}不晚于约谈当日（{date_text(moment.date())}），"
            "约谈后来不及报告整改情况，没有编号",
            "请把回复期限改到约谈以后",
        )
