"""The aggregate as the workspace's data gives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping  # noqa: TC003 - read at run time by the codec
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import Period, default_period, months_of
from fsdesk.domain.plain import from_plain
from fsdesk.domain.records.records import ProgressReport
from fsdesk.domain.records.submissions import RECEIVED, SubmissionState
from fsdesk.domain.status.aggregate import expected_units, year_status
from fsdesk.domain.status.results import YearStatus  # noqa: TC001 - read at run time by the codec
from fsdesk.services.agenda import working_calendar
from fsdesk.services.ledger import ledger_figures
from fsdesk.services.plan.planning import plan_in
from fsdesk.store import identity
from fsdesk.store.cache import remembered
from fsdesk.store.records import records, submissions
from fsdesk.store.status import published

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Record
    from fsdesk.domain.settings import Rules
    from fsdesk.store.records.submissions import Submission
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace


@dataclass(frozen=True, slots=True)
class UnitReport:
    """Whether a unit has reported for a period.

    Attributes:
        made_at: When the report was made, ISO text in UTC; empty when nothing has come.
        on_time: Whether by the due date; None when nothing has come.
        left_out: Why its data does not count (不计入); empty when it does.
    """

    unit: str
    name: str
    state: SubmissionState = SubmissionState.NONE
    made_at: str = ""
    on_time: bool | None = None
    left_out: str = ""

    @property
    def locked(self) -> bool:
        """Whether it is accepted, so that its records stay as they are."""
        return self.state is SubmissionState.ACCEPTED

    @property
    def state_label(self) -> str:
        """The word on screen."""
        return self.state.label + ("，不计入" if self.left_out else "")


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which unit has reported for which month; states are by unit code and month's text."""

    units: tuple[str, ...]
    names: tuple[str, ...]
    months: tuple[Period, ...]
    states: Mapping[tuple[str, str], SubmissionState]


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """All that is shown of a period once it is published (发布), as it was then.

    It is stored, and read by every later program: a field that is added has a default.

    Attributes:
        reports: Whether each unit had reported for the period.
        states: What had become of each report of the year: unit code, month's text, state.
        texts: Latest words by task code; see `progress_texts`.
    """

    status: YearStatus
    reports: tuple[UnitReport, ...] = ()
    states: tuple[tuple[str, str, SubmissionState], ...] = ()
    texts: Mapping[str, tuple[tuple[str, str], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, str], ...]]
    )


def working_period(workspace: Workspace) -> Period:
    """Return the month to work on by default: today's, within the plan's year."""
    return default_period(workspace.identity.year, workspace.clock().astimezone().date())


def period_in_year(workspace: Workspace, text: str | None) -> Period:
    """Read a period and make sure that it lies in the plan's year.

    Raises:
        InputRejectedError: When it can't be read or lies outside the year.
    """
    if text is None:
        return working_period(workspace)
    period = Period.parse(text)
    year = workspace.identity.year
    if period.year != year:
        raise reject(
            f"报告期 {period.label} 不在 {year} 年度内",
            f"请填写 {year}-01 至 {year}-12 之间的报告期",
        )
    return period


def status(workspace: Workspace, period: Period) -> YearStatus:
    """Judge the whole plan up to a period; a published one stands as it was published."""
    return statuses(workspace, [period])[0]


def status_now(workspace: Workspace, period: Period) -> YearStatus:
    """Judge the whole plan up to a period by what is known now."""
    return status(workspace.latest, period)


def statuses(workspace: Workspace, periods: Iterable[Period]) -> tuple[YearStatus, ...]:
    """Judge the whole plan up to each of several periods; see `status`."""
    found: list[YearStatus] = []
    with workspace.reading() as session:
        judging = _Judging(session, workspace.identity.year)
        for period in periods:
            kept = _kept(workspace, session, period)
            live = partial(judging.status, period)
            found.append(kept.status if kept else remembered(session, ("status", period), live))
    return tuple(found)


def kept_figures(workspace: Workspace, period: Period) -> KeptFigures | None:
    """Return what was published of a period; None where nothing was, or where it is not asked for.

    Raises:
        InputRejectedError: When it can't be read.
    """
    with workspace.reading() as session:
        return _kept(workspace, session, period)


def _kept(workspace: Workspace, session: Session, period: Period) -> KeptFigures | None:
    publication = published.newest(session, period) if workspace.as_published else None
    if publication is None:
        return None

    def read() -> KeptFigures:
        try:
            kept = from_plain(KeptFigures, published.figures(session, publication))
        except ValueError as problem:
            raise reject(
                f"{period.label}发布的数字已不能读取", "请撤销这次发布后重新发布"
            ) from problem
        status = replace(kept.status, publication=publication, as_published=True)
        return replace(kept, status=status)

    return remembered(session, ("published", period), read)


class _Judging:
    """Judges the plan at several periods; what they share is loaded once, when it is needed."""

    def __init__(self, session: Session, year: int) -> None:
        self._session, self._year = session, year

    @cached_property
    def _recorded(self) -> tuple[Record, ...]:
        return counted_records(self._session)

    def status(self, period: Period) -> YearStatus:
        session = self._session
        plan, rules = plan_in(session, self._year), identity.load_rules(session)
        recorded = ledger_figures.with_computed(session, plan, self._recorded, period)
        received = submissions.submissions(session, str(period))
        found = year_status(plan, recorded, received_reports(received, rules), period, rules)
        return replace(found, publication=published.newest(session, period))


def counted_records(session: Session) -> tuple[Record, ...]:
    """Return all records but those of units and periods that the office left out (不计入)."""
    out = submissions.left_out(session)
    recorded = records.load_records(session)
    return tuple(r for r in recorded if (r.key.unit, r.key.period) not in out) if out else recorded


def received_reports(received: Iterable[Submission], rules: Rules) -> Mapping[str, bool]:
    """Return the unit code of each report that counts as received, and whether it was on time."""
    return {s.unit: on_time(s, rules) for s in received if s.state in RECEIVED}


def on_time(submission: Submission, rules: Rules) -> bool:
    """Tell whether a report was made by its due date, by the calendar of this PC's time zone."""
    made = datetime.fromisoformat(submission.made_at).astimezone().date()
    return made <= working_calendar.report_due(Period.parse(submission.period), rules)


def reports_of(workspace: Workspace, period: Period) -> tuple[UnitReport, ...]:
    """Return for every unit whose report is expected whether it has come, or had at publishing."""
    kept = kept_figures(workspace, period)
    if kept is not None:
        return kept.reports
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        rules = identity.load_rules(session)
        received = {s.unit: s for s in submissions.submissions(session, str(period))}
        out = submissions.left_out(session)
    reports: list[UnitReport] = []
    for unit in expected_units(plan):
        name, found = plan.directory.name(unit), received.get(unit)
        why = out.get((unit, str(period)), "")
        if found is None:
            reports.append(UnitReport(unit, name, left_out=why))
        else:
            on = on_time(found, rules)
            reports.append(UnitReport(unit, name, found.state, found.made_at, on, why))
    return tuple(reports)


def completeness(workspace: Workspace, until: Period | None = None) -> Completeness:
    """Return which unit has reported for which month of the year.

    `until`: a period; where it was published, what was known then.
    """
    kept = kept_figures(workspace, until) if until else None
    if until and kept:
        units, names = ((r.unit for r in kept.reports), (r.name for r in kept.reports))
        found = {(unit, month): state for unit, month, state in kept.states}
        return Completeness(tuple(units), tuple(names), months_of(until.year), found)
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        rules = identity.load_rules(session)
        received = submissions.submissions(session)
    states: dict[tuple[str, str], SubmissionState] = {}
    for item in received:
        late = item.state in RECEIVED and not on_time(item, rules)
        states[item.unit, item.period] = SubmissionState.LATE if late else item.state
    units = expected_units(plan)
    names = tuple(plan.directory.name(unit) for unit in units)
    return Completeness(units, names, months_of(plan.year), states)


def progress_texts(
    workspace: Workspace, plan: Plan, period: Period
) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return, by task code, each unit's name and latest words up to a period, as assigned."""
    kept = kept_figures(workspace, period)
    if kept is not None:
        return kept.texts
    latest: dict[str, dict[str, tuple[tuple[int, int, int], str]]] = defaultdict(dict)
    with workspace.reading() as session:
        recorded = records.load_records(session)
    for record in recorded:
        content = record.content
        when = Period.parse(record.key.period)
        if not isinstance(content, ProgressReport) or not content.text or not when.within(period):
            continue
        held = latest[record.key.item].get(record.key.unit)
        if held is None or held[0] < when.order:
            latest[record.key.item][record.key.unit] = (when.order, content.text)
    return {
        task.code: tuple(
            (plan.directory.name(unit), latest[task.code][unit][1])
            for unit in plan.roles(task.code)
            if unit in latest[task.code]
        )
        for task in plan.tasks
    }
