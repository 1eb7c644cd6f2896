"""A revised document meets the plan of a running year: what is the same keeps its code.

Recorded data hangs on codes. So each task of the draft is matched with the task of the plan that
it most resembles in words, parties and place; its indicators and deliverables likewise. A matched
item keeps its code and its own short wording; the official text, targets and dates are the
document's. What the document no longer holds leaves the plan; its code is never used again. What
somebody corrected in the draft holds, whatever the plan had.
"""

from __future__ import annotations

import calendar
import re
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.likeness import contained, likeness
from fsdesk.domain.plan.codes import FreshCodes
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.plan.units import Directory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan, Point, Section, Task

    # A draft's tasks, indicators and deliverables as they were read, by code.
    AsRead = Mapping[str, Task | Indicator | Deliverable]

_Kept = TypeVar("_Kept", bound="Task | Indicator | Deliverable")
# When a deliverable is to be done: these hold only together.
_TIME = ("kind", "due", "times", "cycle")

# Shares of the likeness of two tasks, and from where on they are one; found with the shipped plan
# against official wording, and with sentences changed in a document.
_WORDS, _PARTIES, _PLACE, _FIGURES = 0.6, 0.15, 0.15, 0.1
_SAME_TASK = 0.45
_SAME_NAME = 0.34
_STILL_MEANT = 0.6
_SAME_TEXT = 0.5
# In what digits years are written: 2026, ２０２６, 二〇二六.
_DIGITS = ("0123456789", "０１２３４５６７８９", *(f"{zero}一二三四五六七八九" for zero in "〇零○"))
# Before a code: it is one of the draft. Codes begin with a letter or a digit.
_OF_DRAFT = "*"


class _Pair(Struct, frozen=True):
    """A task of the plan and one of the draft, and how alike they are."""

    score: float
    old: int
    new: int


def items_of(plan: Plan) -> AsRead:
    """Return a plan's tasks, indicators and deliverables by code."""
    return {**plan.tasks_by_code, **plan.indicators_by_code, **plan.deliverables_by_code}


def revise(
    plan: Plan, draft: Plan, taken: Collection[str] = (), read: AsRead | None = None
) -> Plan:
    """Return the draft as the plan's next revision, with the codes of what stayed.

    `draft`: the revised document; its directory must know the plan's units.
    `taken`: further codes that must not be given to new items, such as those with data.
    `read`: what the draft was before somebody corrected it; nobody did when None.
    """
    read = items_of(draft) if read is None else read
    merging = _Merging(plan, match_tasks(plan, draft, read), FreshCodes(plan, taken), read)
    sections = tuple(
        replace(section, points=tuple(merging.point(point) for point in section.points))
        for section in draft.sections
    )
    constants = {constant.code: constant for constant in (*draft.constants, *plan.constants)}
    merged = replace(
        draft,
        issuer=plan.issuer or draft.issuer,
        overall_requirement=draft.overall_requirement or plan.overall_requirement,
        sections=sections,
        constants=tuple(constants.values()),
        revision=plan.revision + 1,
    )
    return _with_links(merged, merging.renamed)


def match_tasks(plan: Plan, draft: Plan, read: AsRead | None = None) -> Mapping[str, str]:
    """Return the code in the plan of each task of the draft that stayed, by its code there.

    `read`: as in `revise`: a correction doesn't make a task another one.
    """
    former: Mapping[str, Any] = read or {}
    old = [_Words.of(plan, task, task) for task in plan.tasks]
    new = [_Words.of(draft, task, former.get(task.code, task)) for task in draft.tasks]
    pairs = [
        _Pair(_score(one, other), at, to)
        for at, one in enumerate(old)
        for to, other in enumerate(new)
    ]
    found: dict[str, str] = {}
    used: set[int] = set()
    for pair in sorted(pairs, key=lambda pair: -pair.score):
        code = draft.tasks[pair.new].code
        if pair.score >= _SAME_TASK and code not in found and pair.old not in used:
            found[code] = plan.tasks[pair.old].code
            used.add(pair.old)
    return found


class _Words(Struct, frozen=True):
    """What a task is recognised by."""

    words: str
    place: str
    parties: frozenset[str]
    figures: frozenset[str]

    @staticmethod
    def of(plan: Plan, task: Task, read: Task) -> _Words:
        names = [
            read.title,
            *(d.title for d in read.deliverables),
            *(i.name for i in read.indicators),
        ]
        return _Words(
            _bare("".join([read.text, *names])),
            _bare(plan.section_of[task.code].title + plan.point_of[task.code].title),
            frozenset(assignment.party for assignment in read.assignments),
            frozenset(f"{i.target:g}{i.measure_unit}" for i in read.indicators),
        )


def _score(one: _Words, other: _Words) -> float:
    words = max(likeness(one.words, other.words), contained(one.words, other.words))
    both = one.parties | other.parties
    parties = len(one.parties & other.parties) / len(both) if both else 1.0
    figures = one.figures | other.figures
    same = len(one.figures & other.figures) / len(figures) if figures else words
    place = likeness(one.place, other.place)
    return _WORDS * words + _PARTIES * parties + _PLACE * place + _FIGURES * same


class _Merging:
    """Puts the draft's items into the plan's codes."""

    def __init__(
        self, plan: Plan, matched: Mapping[str, str], codes: FreshCodes, read: AsRead
    ) -> None:
        self._plan = plan
        self._matched = matched
        self._codes = codes
        self._read: Mapping[str, Any] = read
        self.renamed: dict[str, str] = {}

    def point(self, point: Point) -> Point:
        return replace(point, tasks=tuple(self._task(task, point.number) for task in point.tasks))

    def _task(self, task: Task, number: int) -> Task:
        read: Task = self._read.get(task.code, task)
        kept = self._plan.tasks_by_code.get(self._matched.get(task.code, ""))
        code = kept.code if kept else self._codes.task(number)
        return replace(
            task,
            code=code,
            title=kept.title if kept and task.title == read.title else task.title,
            indicators=self._indicators(task, kept, number),
            deliverables=self._deliverables(task, read, kept, code),
        )

    def _indicators(self, task: Task, kept: Task | None, number: int) -> tuple[Indicator, ...]:
        free = list(kept.indicators) if kept else []
        found: list[Indicator] = []
        for indicator in task.indicators:
            read: Indicator = self._read.get(indicator.code, indicator)
            former = _same_indicator(read, free)
            if former is None:
                code = self._codes.next(f"I{number:02}")
                found.append(_marked(replace(indicator, code=code)))
            else:
                free.remove(former)
                code = former.code
                same = _with_target(former, indicator)
                found.append(_corrected(same, _marked(read), _marked(indicator)))
            self.renamed[indicator.code] = code
        return tuple(found)

    def _deliverables(
        self, task: Task, read: Task, kept: Task | None, code: str
    ) -> tuple[Deliverable, ...]:
        """Keep what wasn't taken out of the text; put in what came into it or was put in by hand.

        Where the task's words are the plan's own, and not those of an earlier document, its things
        stay as they are, but for what somebody corrected.
        """
        former = list(kept.deliverables) if kept else []
        old, new = _bare(kept.text if kept else ""), _bare(task.text)
        own_words = bool(former) and likeness(old, new) < _SAME_TEXT
        found = [item for item in former if own_words or not _taken_out(item, old, new)]
        meant: dict[str, str] = {}  # of the document's things, the codes that they have in the plan
        for item in read.deliverables:
            same = _same_item(item, found)
            if same is not None:
                meant[item.code] = same.code
                if not own_words:
                    found[found.index(same)] = _timed_as(same, item)
            elif not own_words and (contained(_bare(item.title), old) < _STILL_MEANT or not found):
                found.append(replace(item, code=self._codes.deliverable(code)))
                meant[item.code] = found[-1].code
        return self._as_corrected(task, found, meant, code)

    def _as_corrected(
        self, task: Task, found: Sequence[Deliverable], meant: Mapping[str, str], code: str
    ) -> tuple[Deliverable, ...]:
        """Change what was corrected, take out what was struck, put in what came by hand."""
        items = {item.code: item for item in found}
        left = {item.code for item in task.deliverables}
        struck = {it for read, it in meant.items() if read not in left}
        for item in task.deliverables:
            read: Deliverable = self._read.get(item.code, item)
            own = meant.get(item.code)
            if own is not None:
                items[own] = _corrected(items[own], read, item)
                struck.discard(own)
            elif item != read or not self._is_read_in(item, task) or not items:
                fresh = self._codes.deliverable(code)
                items[fresh] = replace(item, code=fresh)
        return tuple(item for key, item in items.items() if key not in struck)

    def _is_read_in(self, item: Deliverable, task: Task) -> bool:
        read: Task = self._read.get(task.code, task)
        return any(one.code == item.code for one in read.deliverables)


def _corrected(kept: _Kept, read: _Kept, now: _Kept) -> _Kept:
    """Return what is kept of the plan, with what somebody changed in the draft."""
    names = {one for one in now.__struct_fields__ if getattr(now, one) != getattr(read, one)}
    if names & {*_TIME} and hasattr(now, "cycle"):
        names |= {*_TIME}
    return replace(kept, **{name: getattr(now, name) for name in names - {"code"}})


def _timed_as(kept: Deliverable, item: Deliverable) -> Deliverable:
    """Take when and how often, where the document says so."""
    if item.kind is DeliverableKind.ONCE and item.due is None:
        return kept
    return replace(kept, due=item.due, kind=item.kind, times=item.times, cycle=item.cycle)


def _taken_out(item: Deliverable, old: str, new: str) -> bool:
    """Tell whether a text named a thing and a newer one doesn't."""
    words = _bare(item.title)
    return contained(words, old) >= _STILL_MEANT > contained(words, new)


def _same_indicator(wanted: Indicator, among: Sequence[Indicator]) -> Indicator | None:
    def score(one: Indicator) -> float:
        name = max(likeness(_bare(one.name), _bare(wanted.name)),
                   0.8 * contained(_bare(one.name), _bare(wanted.name)))  # fmt: skip
        same = 0.3 * (one.target == wanted.target)
        return name + same if one.measure_unit == wanted.measure_unit else 0.0

    best = max(among, key=score, default=None)
    return best if best is not None and score(best) >= _SAME_NAME else None


def _with_target(former: Indicator, wanted: Indicator) -> Indicator:
    """Keep how an indicator is read; take what the document asks for."""
    shares = former.shares
    if former.kind is not IndicatorKind.RATIO and sum(s.target for s in shares) < wanted.target:
        shares = ()
    return replace(former, target=wanted.target, operator=wanted.operator, shares=shares)


def _same_item(item: Deliverable, among: Sequence[Deliverable]) -> Deliverable | None:
    best = max(among, key=lambda one: likeness(_bare(one.title), _bare(item.title)), default=None)
    if best is None or likeness(_bare(best.title), _bare(item.title)) < _STILL_MEANT:
        return None
    return best


def _marked(indicator: Indicator) -> Indicator:
    """Mark the links of a new indicator: they are codes of the draft, not of the plan."""
    derivation = indicator.derivation
    if derivation and derivation.source:
        derivation = replace(derivation, source=_OF_DRAFT + derivation.source)
    part_of = _OF_DRAFT + indicator.part_of if indicator.part_of else ""
    return replace(indicator, part_of=part_of, derivation=derivation)


def _with_links(plan: Plan, renamed: Mapping[str, str]) -> Plan:
    """Turn what indicators name to the codes that hold now; drop what leads nowhere."""
    known = plan.indicators_by_code

    def settled(link: str) -> str:
        code = renamed.get(link[1:], "") if link.startswith(_OF_DRAFT) else link
        return code if code in known else ""

    def linked(indicator: Indicator) -> Indicator:
        derivation = indicator.derivation
        if derivation:
            derivation = replace(derivation, source=settled(derivation.source))
        return replace(indicator, part_of=settled(indicator.part_of), derivation=derivation)

    return each_task(
        plan, lambda task: replace(task, indicators=tuple(map(linked, task.indicators)))
    )


def each_task(plan: Plan, change: Callable[[Task], Task]) -> Plan:
    """Return the plan with every task changed, at its place."""
    sections: list[Section] = []
    for section in plan.sections:
        points = (
            replace(point, tasks=tuple(change(task) for task in point.tasks))
            for point in section.points
        )
        sections.append(replace(section, points=tuple(points)))
    return replace(plan, sections=tuple(sections))


def roll_over(plan: Plan, year: int, reached: Mapping[str, float | None] | None = None) -> Plan:
    """Return next year's plan: the same tasks and targets, the year in the title and dates moved.

    It begins with what holds at the end of the year; units that went into others are left out.
    It is a draft until the year's own document was taken.

    `reached`: by indicator, what the ending year has reached: next year's baseline.
    """

    def begun(task: Task) -> Task:
        indicators = tuple(
            replace(it, baseline=(reached or {}).get(it.code)) for it in task.indicators
        )
        return replace(task, indicators=indicators, deliverables=_moved(task, year - plan.year))

    return replace(
        each_task(plan, begun),
        year=year,
        title=_of_year(plan.title, plan.year, year),
        directory=Directory(plan.directory.working, plan.directory.groups),
        revision=1,
        former=(),
        carried_from=plan.carried_from or plan.year,
    )


def _of_year(title: str, old: int, new: int) -> str:
    """Return a title with the other year, whatever digits it is written in."""
    for digits in _DIGITS:
        signs = str.maketrans("0123456789", digits)
        title = title.replace(str(old).translate(signs), str(new).translate(signs))
    return title


def _moved(task: Task, years: int) -> tuple[Deliverable, ...]:
    return tuple(
        replace(item, due=_same_day(item.due, years) if item.due else None)
        for item in task.deliverables
    )


def _same_day(day: date, years: int) -> date:
    """Return the same day some years later; the last of February stays the last."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def _bare(text: str) -> str:
    return re.sub(r"[\s、，。；：“”《》（）()\[\],.;:\-]", "", text)
