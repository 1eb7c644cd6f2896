"""取数: what a level's aggregate says of an item that the level above asks for, and what is typed.

What was taken over stays beside what stands in the form: a figure that people change has both, and
a reason. Pure rules over plain values.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.records.figures import Mark
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    Status,
    empty_content,
)
from fsdesk.domain.text import LONGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.periods import Period

_NEAR = 1e-6  # typed are at most four decimals
_NAMED = 3
_LEVEL = re.compile(r"[区县旗省盟镇乡]|市(?!场)|街道|(?<=自治)州")


class Basis(LabelledEnum):
    """What a figure was taken from."""

    PUBLISHED = "published", "发布数"
    LATEST = "latest", "最新数据"


class Drawn(Struct, frozen=True):
    """What the aggregate said of a record when it was taken over; it stays as it was then.

    Attributes:
        content: As it was computed.
        lower: Code of the item in the level's own plan.
        known: How many units' reports it rests on; `expected`: of how many.
        missing: Names of the units that have not reported.
        basis: Published figures or the latest; `basis_text`: which, in words.
        remarks: What else must be said of it, in words.
        latest: What the latest data said then, where that was another figure than the published.
        at: When, ISO text in UTC, and `who` took it over.
    """

    key: RecordKey
    content: Content
    lower: str
    known: int
    expected: int
    missing: tuple[str, ...] = ()
    basis: Basis = Basis.LATEST
    basis_text: str = ""
    remarks: tuple[str, ...] = ()
    latest: Content | None = None
    at: str = ""
    who: str = ""

    @property
    def known_then(self) -> Content:
        """What the latest data said when it was taken over."""
        return self.content if self.latest is None else self.latest

    @property
    def empty(self) -> bool:
        """Whether the aggregate knows nothing of it (未报)."""
        return self.content == empty_content(self.key.kind)

    @property
    def coverage(self) -> str:
        """On how many reports it rests, e.g. ``12/18 个单位``."""
        return f"{self.known}/{self.expected} 个单位"

    @property
    def origin(self) -> str:
        """Where it comes from, as it stands beside it."""
        parts = [self.lower, f"{self.coverage}已报"]
        if self.missing:
            named = "、".join(self.missing[:_NAMED])
            more = f"等 {len(self.missing)} 个单位" if len(self.missing) > _NAMED else ""
            parts.append(f"未报：{named}{more}")
        return "，".join((*parts, self.basis_text or self.basis.label, *self.remarks))


class DrawState(LabelledEnum):
    """How what stands in the form compares with the aggregate."""

    UNMATCHED = "unmatched", "未对应"
    UNREPORTED = "unreported", "未报"
    READY = "ready", "可取数"
    TYPED = "typed", "手工填报"
    SAME = "same", "与汇总一致"
    BY_HAND = "by_hand", "已手工更改"
    NO_REASON = "no_reason", "更改未写原因"
    OUTDATED = "outdated", "汇总已变化"
    DIFFERS = "differs", "与已报送不同"


def same(one: Content, other: Content) -> bool:
    """Tell whether two contents say the same figure or state; notes and words are people's own."""
    if isinstance(one, DataValue) and isinstance(other, DataValue):
        pairs = (
            (one.value, other.value),
            (one.numerator, other.numerator),
            (one.denominator, other.denominator),
        )
        return one.not_applicable == other.not_applicable and all(_close(*each) for each in pairs)
    if isinstance(one, Milestone) and isinstance(other, Milestone):
        return one.status is other.status
    return one == other


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-12, abs_tol=_NEAR)


def blank(content: Content) -> bool:
    """Tell whether no figure, state or word stands in a content; a note alone is none."""
    if isinstance(content, DataValue):
        return same(content, DataValue())
    if isinstance(content, Milestone):
        return content.status is None
    return not (content.text or content.problems or content.next_steps)


def changed_by_hand(present: Content, drawn: Drawn | None) -> bool:
    """Tell whether people changed what was taken over."""
    if drawn is None or isinstance(present, ProgressReport):
        return False  # words are a draft, made to be changed
    return not same(present, drawn.content)


def lacks_reason(present: Content, drawn: Drawn | None) -> bool:
    """Tell whether a figure was changed by hand without saying why, in its note."""
    if drawn is None or drawn.empty or not isinstance(present, DataValue) or blank(present):
        return False
    return changed_by_hand(present, drawn) and not present.note.strip()


def corrected_since(present: Content, drawn: Drawn | None, latest: Drawn) -> bool:
    """Tell whether the aggregate came to be another one since it was taken over.

    What stands in the form may have followed it already, by hand or otherwise.
    """
    if drawn is None or isinstance(present, ProgressReport):
        return False
    return not same(drawn.known_then, latest.content) and not same(present, latest.content)


def state_of(
    present: Content, drawn: Drawn | None, now: Drawn, latest: Drawn, *, sent: bool
) -> DrawState:
    """Return how a record that has a partner compares with the aggregate.

    `drawn`: what was taken over, if anything was.
    `now`: what would be taken over now; `latest`: the same by the latest data.
    `sent`: whether the record has gone up.
    """
    if corrected_since(present, drawn, latest):
        return DrawState.DIFFERS if sent else DrawState.OUTDATED
    if blank(present):
        return DrawState.UNREPORTED if now.empty else DrawState.READY
    if drawn is None:
        return DrawState.SAME if same(present, now.content) else DrawState.TYPED
    if lacks_reason(present, drawn):
        return DrawState.NO_REASON
    return DrawState.BY_HAND if changed_by_hand(present, drawn) else DrawState.SAME


def taken_over(
    present: Content, drawn: Drawn | None, now: Drawn, *, again: bool = False
) -> Content | None:
    """Return what is to stand in the form; None where what stands there stays.

    What was typed or changed by hand stays, unless it is to be computed again (`again`). What was
    not reported fills nothing. A note stays.
    """
    untouched = blank(present) or (drawn is not None and same(present, drawn.content))
    if isinstance(present, ProgressReport):
        untouched = blank(present) or (drawn is not None and present == drawn.content)
    if now.empty or not (untouched or again):
        return None
    content = _beside(present, now.content, drawn)
    return None if content == present else content


def _beside(present: Content, content: Content, drawn: Drawn | None) -> Content:
    """Return what is taken over with what people typed beside it: a note, a choice, a proof."""
    if isinstance(content, DataValue) and isinstance(present, DataValue):
        # The reason for a change goes with the change.
        note = "" if changed_by_hand(present, drawn) and not blank(present) else present.note
        return replace(content, note=note)
    if not blank(present):
        return content
    if isinstance(content, Milestone) and isinstance(present, Milestone):
        return replace(
            content,
            done_on=present.done_on or content.done_on,
            evidence=present.evidence or content.evidence,
        )
    if isinstance(content, ProgressReport) and isinstance(present, ProgressReport):
        return replace(content, status=present.status or content.status)
    return content


# What the units below say, as one


def scaled(data: DataValue, by: float) -> DataValue:
    """Return a figure in another measure unit of the same thing."""
    if data.value is None or by == 1.0:
        return data
    return replace(data, value=round(data.value * by, 6))


def joint_status(said: Mapping[str, Status | None]) -> Status | None:
    """Return how far a level is with a thing by what its units say; None where none says anything.

    It is done when all are done: who has not reported is not known to be done.
    """
    known = [each for each in said.values() if each is not None]
    if not known:
        return None
    if len(known) == len(said) and all(each is Status.DONE for each in known):
        return Status.DONE
    if all(each is Status.NOT_STARTED for each in known):
        return Status.NOT_STARTED
    return Status.UNDER_WAY


def joint_milestone(
    said: Mapping[str, Status | None], done_on: Iterable[date], level: str
) -> Milestone:
    """Return a level's state of a thing, with how many of its units are done as its evidence."""
    status = joint_status(said)
    if status is None:
        return Milestone()
    done = sum(each is Status.DONE for each in said.values())
    days = list(done_on)
    last = max(days) if status is Status.DONE and days else None
    return Milestone(status, last, f"{level} {done}/{len(said)} 个单位已完成")


class UnitWords(Struct, frozen=True):
    """What one unit's accepted report says of a task."""

    unit: str
    report: ProgressReport


def joint_report(words: Sequence[UnitWords], expected: Collection[str]) -> ProgressReport:
    """Return a draft of a level's words on a task, each unit's under its name.

    `expected`: codes or names of all units of the task: a task is done when all say so.
    """
    if not words:
        return ProgressReport()
    said: dict[str, Status | None] = dict.fromkeys(expected)
    said.update({each.unit: each.report.status for each in words})
    return ProgressReport(
        joint_status(said),
        _listed([(each.unit, each.report.text) for each in words]),
        _listed([(each.unit, each.report.problems) for each in words]),
        _listed([(each.unit, each.report.next_steps) for each in words]),
    )


def _listed(said: Iterable[tuple[str, str]]) -> str:
    lines = [f"{unit}：{text}" for unit, text in said if text]
    kept: list[str] = []
    room = LONGEST_TEXT - 40
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            return "\n".join((*kept, f"（其余 {len(lines) - len(kept)} 个单位的内容未放入）"))
        kept.append(line)
    return "\n".join(kept)


def level_word(office: str) -> str:
    """Return how a level is called by its own people, by its office's name: 本区, 本市, 本级."""
    found = list(_LEVEL.finditer(office))
    # 区食药安办 begins with it; in 某市某区食药安办 the last names the level.
    at_first = found and found[0].start() == 0
    return f"本{found[0 if at_first else -1].group()}" if found else "本级"


def mark_words(marks: Collection[Mark]) -> tuple[str, ...]:
    """Return what must be said of the data in a figure, in the order of the marks."""
    return tuple(mark.label for mark in Mark if mark in marks)


def content_text(content: Content) -> str:
    """Write a figure or a state as people read it; ``未报`` where there is none."""
    if isinstance(content, DataValue):
        if content.not_applicable:
            return "无此项"
        if content.numerator is not None or content.denominator is not None:
            sides = (content.numerator, content.denominator)
            return "/".join("未报" if each is None else number_text(each, 4) for each in sides)
        return "未报" if content.value is None else number_text(content.value, 4)
    if isinstance(content, Milestone):
        return "未报" if content.status is None else content.status.label
    count = len(content.text)
    return f"{count} 字" if count else "未报"


def partial_words(count: int) -> str:
    """Say that some units of a figure reported only some months of it; empty where none did."""
    return f"其中 {count} 个单位只报了部分月份" if count else ""


def earlier_words(count: int, as_of: Period | None) -> str:
    """Say that some units of a level's figure are of before; empty where none are."""
    if not count or as_of is None:
        return ""
    return f"其中 {count} 个单位沿用以前各期的数，最早为{as_of.name}"
