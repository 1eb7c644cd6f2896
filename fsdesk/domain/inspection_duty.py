"""包保督导: who must be supervised how often, who was, and what was found.

Subjects are matched to four levels of cadres (A city, B county, C township, D village; practice
differs, so the frequency of each is a setting). The year is cut into windows of that many months.
A subject that is in business through a window is owed one visit in it; it counts once however
often it was visited. Completion = subjects visited ÷ subjects owed a visit, over the windows that
have ended; closed businesses are left out.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.periods import MONTHS, Period
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from fsdesk.domain.settings import Rules

LEVELS: Mapping[str, str] = {"A": "市级", "B": "区级", "C": "街道", "D": "村社"}
IN_BUSINESS = "在产在营"
NOTHING: Mapping[str, frozenset[int]] = MappingProxyType({})
# In months; a year is cut evenly.
FREQUENCIES: Mapping[int, str] = {1: "每月", 3: "每季度", 6: "每半年", 12: "每年"}


class Subject(Struct, frozen=True):
    """A business that is supervised.

    Attributes:
        name: Its name, by which visits are matched to it.
        unit: Code of the unit that keeps it in its list.
        level: A, B, C or D; empty where it was not graded.
        open: Whether it is in business now.
        since: First day in the list; None for always.
        until: Day on which it left; None where it did not, or nobody knows.
    """

    name: str
    unit: str = ""
    level: str = ""
    street: str = ""
    cadre: str = ""
    open: bool = True
    since: date | None = None
    until: date | None = None

    def counts(self, window: VisitWindow) -> bool:
        """Tell whether it is owed a visit in a window: it was in business at its end."""
        if self.level not in LEVELS or (self.since and self.since > window.last):
            return False
        return self.until > window.last if self.until else self.open


class Visit(Struct, frozen=True):
    """A visit to a subject: how many problems were found, how many of them are rectified."""

    name: str
    day: date
    found: float = 0.0
    rectified: float = 0.0

    @property
    def open_problems(self) -> float:
        """Problems that are not rectified."""
        return max(self.found - self.rectified, 0.0)


class VisitWindow(Struct, frozen=True):
    """Months in which a subject is owed one visit."""

    first: date
    last: date

    @property
    def label(self) -> str:
        """The words on screen."""
        if self.first.month == self.last.month:
            return f"{self.first.month}月"
        return f"{self.first.month}—{self.last.month}月"


class DutyState(LabelledEnum):
    """How it stands with a subject's visit."""

    DONE = "done", "已督导"
    DUE = "due", "待督导"
    OVERDUE = "overdue", "逾期"


class DutyLine(Struct, frozen=True):
    """A subject in the window that a period ends in.

    Attributes:
        last_visit: The latest visit of the year up to then.
    """

    subject: Subject
    window: VisitWindow
    state: DutyState
    reason: str
    last_visit: date | None
    found: float
    rectified: float

    @property
    def open_problems(self) -> float:
        """Problems that are not rectified."""
        return max(self.found - self.rectified, 0.0)


class Coverage(Struct, frozen=True):
    """Visits owed and made."""

    owed: int = 0
    made: int = 0

    @property
    def share(self) -> float | None:
        """Made ÷ owed as a fraction; None where none is owed."""
        return self.made / self.owed if self.owed else None


def frequency(rules: Rules, level: str) -> int:
    """Return within how many months a subject of a level is owed a visit."""
    return {"A": rules.duty_a, "B": rules.duty_b, "C": rules.duty_c, "D": rules.duty_d}[level]


def rule_text(rules: Rules) -> str:
    """Return the rule in words."""
    parts = [
        f"{level}级（{who}）{FREQUENCIES.get(frequency(rules, level), '')}一次"
        for level, who in LEVELS.items()
    ]
    return f"{'、'.join(parts)}；停业、注销的不计，同一周期内同一主体只计一次"


def windows(year: int, months: int) -> tuple[VisitWindow, ...]:
    """Return the windows of a year."""
    return tuple(
        VisitWindow(date(year, last - months + 1, 1), Period.month(year, last).last_day)
        for last in range(months, MONTHS + 1, months)
    )


def window_at(day: date, months: int) -> VisitWindow:
    """Return the window that a day lies in."""
    return windows(day.year, months)[(day.month - 1) // months]


def days_by_subject(visits: Iterable[Visit]) -> Mapping[str, Sequence[date]]:
    """Return the days of visits by the folded name of the subject, in order."""
    found: dict[str, list[date]] = defaultdict(list)
    for visit in visits:
        found[fold(visit.name)].append(visit.day)
    return {name: sorted(days) for name, days in found.items()}


def coverage_by_month(
    subjects: Iterable[Subject],
    visits: Iterable[Visit],
    year: int,
    rules: Rules,
    left_out: Mapping[str, frozenset[int]] = NOTHING,
) -> Mapping[str, Mapping[int, Coverage]]:
    """Return visits owed and made in a year by unit and the month in which their window ends.

    `rules`: the frequency of each level.
    `left_out`: by unit code, months whose data does not count (不计入): visits in them do not, and
        a window that lies in them as a whole is not owed a visit.
    """
    days = days_by_subject(visits)
    found: dict[str, dict[int, Coverage]] = defaultdict(dict)
    for subject in subjects:
        if subject.level not in LEVELS:
            continue
        out = left_out.get(subject.unit, frozenset())
        seen = [day for day in days.get(fold(subject.name), ()) if day.month not in out]
        of_unit = found[subject.unit]
        for window in windows(year, frequency(rules, subject.level)):
            if out.issuperset(range(window.first.month, window.last.month + 1)):
                continue
            if subject.counts(window):
                so_far = of_unit.get(window.last.month, Coverage())
                made = any(window.first <= day <= window.last for day in seen)
                of_unit[window.last.month] = Coverage(so_far.owed + 1, so_far.made + made)
    return found


def coverage(
    by_month: Mapping[str, Mapping[int, Coverage]], first: int, last: int
) -> Mapping[str, Coverage]:
    """Add up, by unit, the windows that end within some months, 1 to 12.

    A unit without any is left out.
    """
    found: dict[str, Coverage] = {}
    for unit, months in by_month.items():
        chosen = [each for month, each in months.items() if first <= month <= last]
        if chosen:
            owed, made = sum(each.owed for each in chosen), sum(each.made for each in chosen)
            found[unit] = Coverage(owed, made)
    return found


def duty_lines(
    subjects: Iterable[Subject],
    visits: Sequence[Visit],
    until: date,
    today: date,
    rules: Rules,
) -> tuple[DutyLine, ...]:
    """Return how it stands with every subject that is owed a visit, overdue ones first.

    `until`: last day of the period that is looked at; later visits don't count.
    `today`: a window that has ended before today, within the period, is overdue.
    `rules`: the frequency of each level.
    """
    year = [visit for visit in visits if visit.day.year == until.year and visit.day <= until]
    days = days_by_subject(year)
    problems: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for visit in year:
        found, rectified = problems[fold(visit.name)]
        problems[fold(visit.name)] = found + visit.found, rectified + visit.rectified
    as_of = min(today, until + timedelta(days=1))
    lines: list[DutyLine] = []
    for subject in subjects:
        if subject.level not in LEVELS:
            continue
        window = window_at(until, frequency(rules, subject.level))
        if not subject.counts(window):
            continue
        name = fold(subject.name)
        seen = days.get(name, ())
        state, reason = _state(subject, seen, window, as_of)
        last = seen[-1] if seen else None
        lines.append(DutyLine(subject, window, state, reason, last, *problems[name]))
    order = {DutyState.OVERDUE: 0, DutyState.DUE: 1, DutyState.DONE: 2}
    lines.sort(key=lambda line: (order[line.state], line.subject.level, line.subject.name))
    return tuple(lines)


def _state(
    subject: Subject, seen: Sequence[date], window: VisitWindow, as_of: date
) -> tuple[DutyState, str]:
    inside = [day for day in seen if window.first <= day <= window.last]
    if inside:
        return DutyState.DONE, f"{window.label}已督导 {len(inside)} 次"
    if window.last < as_of:
        return DutyState.OVERDUE, f"{window.label}未督导"
    before = _window_before(window)
    if before is not None and subject.counts(before):
        missed = not any(before.first <= day <= before.last for day in seen)
        if missed:
            return DutyState.OVERDUE, f"{before.label}未督导，{window.label}尚未督导"
    return DutyState.DUE, f"{window.last.month}月{window.last.day}日前督导"


def _window_before(window: VisitWindow) -> VisitWindow | None:
    last = window.first - timedelta(days=1)
    if last.year != window.first.year:
        return None
    months = window.last.month - window.first.month + 1
    return window_at(last, months)


class DutyGroup(Struct, frozen=True):
    """Subjects of one level or one street together.

    Attributes:
        key: Level or street; empty for all.
        owed: Subjects that are owed a visit in their window.
        done: How many had one.
        overdue: How many had none in a window that has ended.
    """

    key: str
    name: str
    owed: int
    done: int
    overdue: int
    found: float
    rectified: float

    @property
    def share(self) -> float | None:
        """Done ÷ owed as a fraction; None where nothing is owed."""
        return self.done / self.owed if self.owed else None

    @property
    def cured(self) -> float | None:
        """Rectified ÷ found as a fraction; None where nothing was found."""
        return self.rectified / self.found if self.found else None


def group_of(key: str, name: str, lines: Sequence[DutyLine]) -> DutyGroup:
    """Add lines up."""
    return DutyGroup(
        key,
        name,
        len(lines),
        sum(line.state is DutyState.DONE for line in lines),
        sum(line.state is DutyState.OVERDUE for line in lines),
        sum(line.found for line in lines),
        sum(line.rectified for line in lines),
    )


def by_level(lines: Sequence[DutyLine]) -> tuple[DutyGroup, ...]:
    """Return a group for each level that has subjects, and all together."""
    found = [
        group_of(level, f"{level}级（{who}）", chosen)
        for level, who in LEVELS.items()
        if (chosen := [line for line in lines if line.subject.level == level])
    ]
    return (*found, group_of("", "合计", lines))


def by_street(lines: Sequence[DutyLine]) -> tuple[DutyGroup, ...]:
    """Return a group for each street, the least complete first, and all together."""
    return _grouped(lines, lambda subject: subject.street, "未填街道")


def by_cadre(lines: Sequence[DutyLine]) -> tuple[DutyGroup, ...]:
    """Return a group for each cadre, the least complete first, and all together."""
    return _grouped(lines, lambda subject: subject.cadre, "未填包保干部")


def _grouped(
    lines: Sequence[DutyLine], key_of: Callable[[Subject], str], unnamed: str
) -> tuple[DutyGroup, ...]:
    chosen: dict[str, list[DutyLine]] = defaultdict(list)
    for line in lines:
        chosen[key_of(line.subject)].append(line)
    found = [group_of(key, key or unnamed, of_key) for key, of_key in chosen.items()]
    found.sort(key=lambda group: (group.share or 0.0, group.name))
    return (*found, group_of("", "合计", lines))
