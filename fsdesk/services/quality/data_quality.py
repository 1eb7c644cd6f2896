"""Data quality: what is doubtful in typed values and ledgers, and what may stay as it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import Severity, reject
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.quality.doubts import DataDoubt, Dismissal, DoubtPlace
from fsdesk.domain.quality.ledgers import month_doubts, row_doubt, shared_doubt
from fsdesk.domain.quality.rules import QualityKind, rule_text
from fsdesk.domain.quality.values import Typed, differing, examine_values
from fsdesk.domain.records.figures import value_table
from fsdesk.domain.steps import Progress, run_through
from fsdesk.services.ledger.ledger_figures import compared
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.quality.quality_rules import working_rules
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.sums import by_month
from fsdesk.store.quality import choices
from fsdesk.store.quality import ledgers as ledger_quality
from fsdesk.store.quality.ledgers import Asked
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.quality.rules import QualityRule
    from fsdesk.domain.records.figures import Figure
    from fsdesk.domain.steps import Steps
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

PAGE = 200
# More rows in one spreadsheet than anybody works through.
_MOST_EXPORTED = 20_000
VALUES = "填报数据"
_LIST_COLUMNS = (
    ("级别", 8.0), ("规则", 34.0), ("单位", 22.0), ("位置", 40.0), ("问题", 64.0), ("处理", 44.0),
)  # fmt: skip
_ORDER = {level: place for place, level in enumerate(Severity)}


class QualityGroup(Struct, frozen=True):
    """What one rule found.

    Attributes:
        subject: ``填报数据``, or the ledger's title.
        by_unit: How many findings each unit has, by its code; one may be several units'.
        doubts: The first of them, at most `PAGE`.
        hidden: How many are shown no more.
    """

    rule: QualityRule
    title: str
    subject: str
    by_unit: Mapping[str, int]
    total: int
    doubts: tuple[DataDoubt, ...]
    hidden: int = 0


class Quality(Struct, frozen=True):
    """What the examination found, grave things first.

    Attributes:
        groups: One a rule that found something; hidden findings count.
    """

    plan: Plan
    period: Period
    unit: str
    groups: tuple[QualityGroup, ...]
    checked: int

    def count(self, level: Severity | None = None) -> int:
        """Return how many findings there are, of one level or of all."""
        return sum(group.total for group in self.groups if level in (None, group.rule.level))

    @property
    def hidden(self) -> int:
        """How many findings are shown no more."""
        return sum(group.hidden for group in self.groups)

    def place(self, spot: DoubtPlace) -> str:
        """Name a place for people."""
        if spot.ledger:
            where = next((g.subject for g in self.groups if g.rule.ledger == spot.ledger), "")
            name = spot.name or (Period.parse(spot.period).label if spot.period else "")
            return "·".join(part for part in (where, name) if part)
        if item := self.plan.indicators_by_code.get(spot.item):
            name = item.name
        else:
            things = (each for task in self.plan.tasks for each in task.deliverables)
            name = next((each.title for each in things if each.code == spot.item), spot.item)
        return f"{name}·{Period.parse(spot.period).label}"


def task_of(plan: Plan, code: str) -> str:
    """Return the code of the task that an indicator or deliverable belongs to; empty if none."""
    for task in plan.tasks:
        if any(item.code == code for item in (*task.indicators, *task.deliverables)):
            return task.code
    return ""


def examine(workspace: Workspace, period: Period, unit: str = "") -> Steps[Quality]:
    """Apply all rules to typed values and ledgers.

    Things are grouped by rule, grave ones first; a unit's workspace has only its own data.

    Raises:
        InputRejectedError: When another unit is asked for in a unit's workspace.
    """
    looking = _Looking(workspace, period, _allowed(workspace, unit))
    groups: list[QualityGroup] = []
    rules = looking.rules
    for done, rule in enumerate(rules):
        yield Progress(done, len(rules), f"正在检查：{rule_text(rule, looking.plan)}")
        group = looking.group(rule)
        if group.total or group.hidden:
            groups.append(group)
    yield Progress(len(rules), len(rules), "检查完成")
    groups.sort(key=lambda group: _ORDER[group.rule.level])  # within a level as declared
    return Quality(looking.plan, period, looking.unit, tuple(groups), len(rules))


def more(workspace: Workspace, found: Quality, group: QualityGroup, limit: int) -> QualityGroup:
    """Return a group with up to `limit` of its findings in place of the first page."""
    looking = _Looking(workspace, found.period, found.unit)
    return looking.group(group.rule, limit)


def doubts_in(
    workspace: Workspace, period: Period, unit: str = ""
) -> tuple[tuple[str, DataDoubt], ...]:
    """Return every finding that is shown, each with the name of its place.

    See `examine`.
    """
    found = run_through(examine(workspace, period, unit))
    groups = [
        more(workspace, found, group, _MOST_EXPORTED) if group.total > len(group.doubts) else group
        for group in found.groups
    ]
    return tuple((found.place(doubt.spot), doubt) for group in groups for doubt in group.doubts)


def dismiss(workspace: Workspace, doubts: Iterable[DataDoubt], reason: str) -> int:
    """Show findings no more (不再提示), with the reason; they come back when their data changes.

    Return how many.

    Raises:
        InputRejectedError: When no reason is given.
    """
    words = reason.strip()
    if not words:
        raise reject("没有写明原因", "请写明为什么不再提示，便于以后核对")
    chosen = list(doubts)
    with workspace.writing() as writing:
        for doubt in chosen:
            choices.dismiss(writing, doubt, words)
    return len(chosen)


def dismissals(workspace: Workspace) -> tuple[Dismissal, ...]:
    """Return the findings that are shown no more, the newest first."""
    with workspace.reading() as session:
        return choices.dismissals(session)


def take_back(workspace: Workspace, marks: Iterable[str]) -> int:
    """Show findings again; return how many."""
    with workspace.writing() as writing:
        return sum(choices.take_back(writing, mark) for mark in marks)


def write_list(workspace: Workspace, found: Quality, file: Path, levels: Sequence[Severity]) -> int:
    """Write findings of some levels as a list for the units (.xlsx); return how many it holds.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    from fsdesk.reports.tables.listing import write_listing  # openpyxl is needed from here on

    rows: list[Sequence[str]] = []
    for group in found.groups:
        if group.rule.level not in levels or not group.total:
            continue
        whole = group
        if group.total > len(group.doubts):
            whole = more(workspace, found, group, _MOST_EXPORTED)
        rows += [
            (
                doubt.level.value,
                group.title,
                found.plan.unit_name(doubt.spot.unit),
                found.place(doubt.spot),
                doubt.message,
                doubt.remedy,
            )
            for doubt in whole.doubts
        ]
    write_listing(file, f"数据质量问题清单（截至{found.period.label}）", _LIST_COLUMNS, rows)
    return len(rows)


def _allowed(workspace: Workspace, unit: str) -> str:
    identity = workspace.identity
    if identity.is_office:
        return unit
    if unit not in ("", identity.unit):
        raise reject("只能检查本单位的数据", "请不要指定其他单位")
    return identity.unit


class _Looking:
    """Applies rules one by one; what several need is loaded once."""

    def __init__(self, workspace: Workspace, period: Period, unit: str) -> None:
        self.workspace, self.period, self.unit = workspace, period, unit
        today = self.workspace.clock().astimezone().date()
        with self.workspace.reading() as session:
            self.plan = plan_in(session, self.workspace.identity.year)
            self.rules = working_rules(session, self.plan)
            self._ledgers: Mapping[str, Ledger] = {
                each.code: each for each in ledgers.load_ledgers(session)
            }
            held = [
                record
                for record in records.load_records(session)
                if self.unit in ("", record.key.unit)
                and Period.parse(record.key.period).within(self.period)
            ]
            hidden: dict[str, list[Dismissal]] = {}
            for item in choices.dismissals(session):
                hidden.setdefault(item.doubt.rule, []).append(item)
            self._hidden: Mapping[str, Sequence[Dismissal]] = hidden
        self._typed = Typed(self.plan, value_table(held), held, self.period, today)

    def group(self, rule: QualityRule, limit: int = PAGE) -> QualityGroup:
        """Return what a rule finds."""
        title = rule_text(rule, self.plan)
        if not rule.ledger:
            return self._of_doubts(rule, title, VALUES, self._of_values(rule), limit)
        subject = self._ledgers[rule.ledger].title
        with self.workspace.reading() as session:
            if rule.kind is QualityKind.OUTLIER:
                doubts = self._of_months(session, rule)
                return self._of_doubts(rule, title, subject, doubts, limit)
            if rule.kind is QualityKind.SHARED:
                return self._of_shared(session, rule, (title, subject), limit)
            return self._of_rows(session, rule, (title, subject), limit)

    def _of_doubts(
        self, rule: QualityRule, title: str, subject: str, doubts: list[DataDoubt], limit: int
    ) -> QualityGroup:
        marks = {item.mark for item in self._hidden.get(rule.code, ())}
        shown = [doubt for doubt in doubts if doubt.mark not in marks]
        return QualityGroup(
            rule,
            title,
            subject,
            Counter(doubt.spot.unit for doubt in shown),
            len(shown),
            tuple(shown[:limit]),
            len(doubts) - len(shown),
        )

    def _of_values(self, rule: QualityRule) -> list[DataDoubt]:
        if rule.kind is not QualityKind.DIFFERS:
            return list(examine_values(rule, self._typed))
        found = [
            (
                DoubtPlace(item.unit, item.indicator.code, str(self.period)),
                item.indicator.name,
                _figure(item.typed),
                _figure(item.computed),
            )
            for item in compared(self.workspace, self.period)
            if item.differs and self.unit in ("", item.unit)
        ]
        return list(differing(rule, found))

    def _of_months(self, session: Session, rule: QualityRule) -> list[DataDoubt]:
        counts = {
            (unit, month): count
            for (unit, month), count in by_month(session, rule.ledger, rule.column).items()
            if self.unit in ("", unit)
        }
        # A month that is not over yet can't be judged.
        until = f"{self._typed.today:%Y-%m}"
        doubts = month_doubts(rule, self._ledgers[rule.ledger], counts, self.period)
        return [doubt for doubt in doubts if doubt.spot.period < until]

    def _of_rows(
        self, session: Session, rule: QualityRule, words: tuple[str, str], limit: int
    ) -> QualityGroup:
        asked = self._asked(rule)
        ledger = self._ledgers[rule.ledger]
        today, year = self._typed.today, self.plan.year
        hidden: list[str] = []
        dismissed = {item.mark: item.doubt.spot.row for item in self._hidden.get(rule.code, ())}
        if dismissed:
            rows = ledger_quality.still_broken(session, asked, list(dismissed.values()))
            doubts = [row_doubt(rule, ledger, row, today, year) for row in rows]
            hidden = [doubt.spot.row for doubt in doubts if doubt.mark in dismissed]
            asked = self._asked(rule, hidden)
        counts = ledger_quality.broken_by_unit(session, asked)
        total = sum(counts.values())
        rows = ledger_quality.broken(session, asked, limit) if total else ()
        doubts = tuple(row_doubt(rule, ledger, row, today, year) for row in rows)
        return QualityGroup(rule, *words, counts, total, doubts, len(hidden))

    def _of_shared(
        self, session: Session, rule: QualityRule, words: tuple[str, str], limit: int
    ) -> QualityGroup:
        asked = self._asked(rule)
        hidden: list[str] = []
        dismissed = {item.mark: item.doubt for item in self._hidden.get(rule.code, ())}
        if dismissed:
            keys = [doubt.seen.split("|", 1)[1] for doubt in dismissed.values()]
            still = ledger_quality.still_shared(session, asked, keys)
            hidden = [each.key for each in still if self._shared(rule, each).mark in dismissed]
            asked = self._asked(rule, hidden)
        total, counts = ledger_quality.shared_by_unit(session, asked)
        found = ledger_quality.shared(session, asked, limit) if total else ()
        doubts = tuple(self._shared(rule, each) for each in found)
        return QualityGroup(rule, *words, counts, total, doubts, len(hidden))

    def _shared(self, rule: QualityRule, found: ledger_quality.Shared) -> DataDoubt:
        names = [self.plan.unit_name(unit) for unit in found.units]
        return shared_doubt(rule, self._ledgers[rule.ledger], found.entry, names, found.key)

    def _asked(self, rule: QualityRule, without: Sequence[str] = ()) -> Asked:
        return Asked(rule, self._typed.today, self.plan.year, self.unit, tuple(without))


def _figure(figure: Figure) -> str:
    if figure.numerator is not None or figure.denominator is not None:
        parts = (figure.numerator, figure.denominator)
        return " ÷ ".join("未填" if part is None else number_text(part) for part in parts)
    return "未填" if figure.value is None else number_text(figure.value)
