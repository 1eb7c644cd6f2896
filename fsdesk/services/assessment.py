"""评议考核: every unit's score sheet from the workspace's data."""

from __future__ import annotations

import secrets
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain import assessment as points_of
from fsdesk.domain.assessment import (
    Adjustment,
    CriterionMeasure,
    LineSource,
    Scheme,
    ScoreSheet,
    UnitFacts,
)
from fsdesk.domain.findings import reject
from fsdesk.domain.periods import months_of
from fsdesk.domain.records.submissions import CAME, RECEIVED, SubmissionState
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.reports import expected_units
from fsdesk.domain.status.shares import FINE, paced, share_text
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services import working_calendar
from fsdesk.services.plan.planning import plan_in, require_office
from fsdesk.services.status import aggregation
from fsdesk.store import assessment as store
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.periods import Period
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import Part, TaskResult, YearStatus
    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.reports.paper.table import Table
    from fsdesk.services.status.aggregation import Completeness
    from fsdesk.workspace import Workspace

_LETTERS = {
    LetterKind.REMINDER: CriterionMeasure.REMINDER,
    LetterKind.RECTIFICATION: CriterionMeasure.RECTIFICATION,
    LetterKind.INTERVIEW: CriterionMeasure.INTERVIEW,
    LetterKind.LISTED: CriterionMeasure.LISTED,
}
_WORDS = {
    **dict.fromkeys(RECEIVED, "按时报送"),
    SubmissionState.LATE: "逾期报送",
    SubmissionState.RETURNED: "已退回，没有重报",
    SubmissionState.NONE: "没有报送",
}


class Assessment(Struct, frozen=True):
    """All units' score sheets, what they rest on, and whether the office changed the rules."""

    status: YearStatus
    sheets: tuple[ScoreSheet, ...]
    scheme: Scheme
    adjustments: tuple[Adjustment, ...]
    names: Mapping[str, str]
    changed: bool

    @property
    def period(self) -> Period:
        """The last period that counts."""
        return self.status.period


def assess(workspace: Workspace, period: Period) -> Assessment:
    """Score every unit whose report is expected, up to a period.

    Raises:
        InputRejectedError: When this isn't the office.
    """
    require_office(workspace, "评议考核")
    return aggregation.made_once(
        workspace, ("评议考核", period), lambda: _assess(workspace, period)
    )


def _assess(workspace: Workspace, period: Period) -> Assessment:
    status = aggregation.status(workspace, period)
    reports = aggregation.completeness(workspace, period)
    with workspace.reading() as session:
        own = store.own_scheme(session)
        given = store.adjustments(session)
        issued = letters.letters(session)
    scheme = own or builtin_scheme()
    today = workspace.clock().astimezone().date()
    sources = _Sources(status, reports, issued, today)
    sources.mending = aggregation.mending(workspace, today)
    directory = status.plan.directory
    names = {unit: directory.name(unit) for unit in expected_units(status.plan)}
    sheets = (
        points_of.score(UnitFacts(unit, name, sources.of(unit)), scheme, given)
        for unit, name in names.items()
    )
    return Assessment(
        status, points_of.ranking(sheets), scheme, given, names, changed=own is not None
    )


def builtin_scheme() -> Scheme:
    """Return the rules that come with the program."""
    from fsdesk.documents.assessment_file import load_builtin_scheme

    return load_builtin_scheme()


class _Sources:
    """What the rules look at, by unit."""

    def __init__(
        self, status: YearStatus, reports: Completeness, issued: Sequence[Letter], today: date
    ) -> None:
        self._status, self._reports, self._letters = status, reports, issued
        self.mending: frozenset[tuple[str, Period]] = frozenset()  # see `aggregation.mending`
        self._results = {result.unit: result.tasks for result in status.units}
        self._measured = status.plan.indicators_by_code
        # By part, which units that stand alike share: what it says under which measures.
        self._lines: dict[int, list[tuple[CriterionMeasure, LineSource]]] = {}
        # Computed from another indicator, which already counts.
        self._derived = {
            each.code
            for each in status.plan.indicators
            if each.derivation is not None and each.derivation.source
        }
        rules = status.rules
        self._months = [
            month
            for month in months_of(status.plan.year)
            if month.within(status.period) and working_calendar.report_due(month, rules) < today
        ]

    def of(self, unit: str) -> Mapping[CriterionMeasure, tuple[LineSource, ...]]:
        """Return what there is of a unit under each measure."""
        found: dict[CriterionMeasure, list[LineSource]] = defaultdict(list)
        for result in self._results.get(unit, ()):
            for part in result.parts:
                lines = self._lines.get(id(part))
                if lines is None:
                    lines = self._lines[id(part)] = self._said(part, result)
                for which, line in lines:
                    found[which].append(line)
        for month in self._months:
            if (unit, str(month)) not in self._reports.owed:
                continue
            if (unit, month) in self.mending:  # its new day has not passed
                continue
            state = self._reports.states.get((unit, str(month)), SubmissionState.NONE)
            words, item = _WORDS.get(state, state), str(month)
            came = 1.0 if state in CAME else 0.0
            in_time = 1.0 if state in RECEIVED else 0.0
            found[CriterionMeasure.REPORTED].append(LineSource(month.label, words, came, item))
            found[CriterionMeasure.IN_TIME].append(LineSource(month.label, words, in_time, item))
        for letter in self._letters:
            if letter.unit == unit and letter.counts:
                number, words = letter.document_number, letter.state.label
                found[_LETTERS[letter.kind]].append(LineSource(number, words, item=number))
        return {which: tuple(sources) for which, sources in found.items()}

    def _said(self, part: Part, result: TaskResult) -> list[tuple[CriterionMeasure, LineSource]]:
        if part.code in self._derived:
            return []
        measured = part.code in self._measured
        line = _part(part, result, self._status.rules, measured=measured)
        found = [(CriterionMeasure.TARGETS if measured else CriterionMeasure.THINGS, line)]
        if part.deadline_missed:
            missed = LineSource(f"{part.code} {part.name}", "已过时限，没有完成", item=part.code)
            found.append((CriterionMeasure.OVERDUE, missed))
        return found


def _part(part: Part, result: TaskResult, rules: Rules, *, measured: bool) -> LineSource:
    """Return an indicator or a thing to do: what was reached of what should have been."""
    name = f"{part.code} {part.name}"
    if part.progress is None:
        return LineSource(name, "未报", None, result.task.code)
    share = min(part.progress / part.pace, 1.0) if part.pace else 1.0
    shown = paced(part.progress, part.pace, rules)
    measure = Measure.ATTAINMENT if measured else Measure.THING_PROGRESS
    counted = share_text(share, FINE)
    text = f"{measure.label} {shown.reached} ÷ {Measure.PACE.label} {shown.pace}，计 {counted}"
    return LineSource(name, text, share, result.task.code)


def save_scheme(workspace: Workspace, scheme: Scheme) -> None:
    """Keep the office's rules.

    Raises:
        InputRejectedError: When this isn't the office, or with everything that is wrong.
    """
    require_office(workspace, "修改计分规则")
    points_of.checked_scheme(scheme)
    with workspace.writing() as writing:
        store.save_scheme(writing, scheme)


def save_adjustment(workspace: Workspace, adjustment: Adjustment) -> Adjustment:
    """Give or take points by hand, or change what was given; without an id it is new.

    Raises:
        InputRejectedError: When this isn't the office, the unit is unknown, or without a reason.
    """
    require_office(workspace, "加分或扣分")
    adjustment = points_of.checked_adjustment(adjustment)
    if not adjustment.id:
        adjustment = replace(adjustment, id=secrets.token_hex(8))
    with workspace.writing() as writing:
        plan = plan_in(writing.session, workspace.identity.year)
        adjustment = replace(adjustment, unit=plan.find_unit(adjustment.unit).code)
        kept = [a for a in store.adjustments(writing.session) if a.id != adjustment.id]
        store.save_adjustments(writing, [*kept, adjustment])
    return adjustment


def remove_adjustment(workspace: Workspace, adjustment: str) -> None:
    """Take back points that were given by hand; the change log keeps them.

    Raises:
        InputRejectedError: When this isn't the office, or there are none with this id.
    """
    require_office(workspace, "撤回加分或扣分")
    with workspace.writing() as writing:
        held = store.adjustments(writing.session)
        kept = [each for each in held if each.id != adjustment]
        if len(kept) == len(held):
            raise reject("没有这一笔加分或扣分", "可能已经撤回，请刷新后再看")
        store.save_adjustments(writing, kept)


def assessment_table(
    workspace: Workspace, period: Period, head: PaperHead, unit: str = ""
) -> Table:
    """Return the ranking, or one unit's score sheet, as a table for paper and spreadsheets.

    The unit is a code, name or alias; empty for the ranking.

    Raises:
        InputRejectedError: When this isn't the office, or the unit is unknown or not assessed.
    """
    from fsdesk.reports.tables.assessment import ranking_table, score_table

    found = assess(workspace, period)
    if unit:
        code = found.status.plan.find_unit(unit).code
        sheet = next((each for each in found.sheets if each.unit == code), None)
        if sheet is None:
            raise reject("这个单位不参加评议考核", f"可选：{'、'.join(found.names.values())}")
        return score_table(found.status, sheet, head)
    return ranking_table(found.status, found.sheets, found.scheme, head)


def assessed_units(workspace: Workspace) -> Mapping[str, str]:
    """Return the name of each unit that is assessed, by its code."""
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
    return {unit: plan.unit_name(unit) for one in plan.states for unit in expected_units(one)}
