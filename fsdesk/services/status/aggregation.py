"""The year as the workspace's data gives it: read once for each state of the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping  # noqa: TC003 - read at run time by the codec
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.clock import judged_at, made_believably
from fsdesk.domain.findings import reject
from fsdesk.domain.ladder.period_parts import PeriodPart, period_parts
from fsdesk.domain.periods import Period, default_period, last_ended, months_of
from fsdesk.domain.plain import from_plain
from fsdesk.domain.records.submissions import SubmissionState, left_out_months
from fsdesk.domain.status import owing
from fsdesk.domain.status.known import Decisions, known_of
from fsdesk.domain.status.reports import CameReport, covering, expected_units, is_asked, owed
from fsdesk.domain.status.results import YearStatus  # noqa: TC001 - read at run time by the codec
from fsdesk.domain.status.year import Year
from fsdesk.services import working_calendar
from fsdesk.services.ledger import ledger_figures
from fsdesk.services.plan.planning import plan_in
from fsdesk.store import identity
from fsdesk.store.cache import remembered, remembered_for_good
from fsdesk.store.records import records, submissions
from fsdesk.store.status import published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.published import Publication
    from fsdesk.domain.status.reports import Reports
    from fsdesk.store.records.submissions import Submission
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

_T = TypeVar("_T")


class UnitReport(Struct, frozen=True):
    """Whether a unit has reported for a period.

    Attributes:
        made_at: When the report was made, as it says, ISO text in UTC; empty when nothing has
            come.
        on_time: Whether by the due date; None when nothing has come.
        left_out: Why its data does not count (不计入); empty when it does.
        doubted: Whether it can't have been made then, so that its receipt decides (时间存疑).
        missing: What it still owes for the period; months of a quarter of which some came.
    """

    unit: str
    name: str
    state: SubmissionState = SubmissionState.NONE
    made_at: str = ""
    on_time: bool | None = None
    left_out: str = ""
    missing: tuple[Period, ...] = ()
    doubted: bool = False

    @property
    def locked(self) -> bool:
        """Whether it is accepted, so that its records stay as they are."""
        return self.state is SubmissionState.ACCEPTED

    @property
    def state_label(self) -> str:
        """The word on screen."""
        doubt = "，时间存疑" if self.doubted else ""
        return self.state.label + doubt + ("，不计入" if self.left_out else "")


class Completeness(Struct, frozen=True):
    """Which unit has reported for which month.

    Attributes:
        units: Every unit that owes a report for any month of the year.
        states: By unit code and month's text; a quarter's report stands for each of its months.
        owed: Unit code and month's text of each report that is owed.
    """

    units: tuple[str, ...]
    names: tuple[str, ...]
    months: tuple[Period, ...]
    states: Mapping[tuple[str, str], SubmissionState]
    owed: frozenset[tuple[str, str]]


class KeptFigures(Struct, frozen=True):
    """All that is shown of a period once it is published (发布), as it was then.

    It is stored, and read by every later program: a field that is added has a default.

    Attributes:
        reports: Whether each unit had reported for the period.
        units: Code and name of every unit that owed a report for any month of the year.
        states: What had become of each report of the year: unit code, month's text, state.
        owed: Unit code and month's text of each report that was owed.
        texts: Latest words by task code; see `progress_texts`.
        parts: What each unit contributed to each indicator in the period alone; None of programs
            that kept none.
    """

    status: YearStatus
    reports: tuple[UnitReport, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    states: tuple[tuple[str, str, SubmissionState], ...] = ()
    owed: tuple[tuple[str, str], ...] = ()
    texts: Mapping[str, tuple[tuple[str, str], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, str], ...]]
    )
    parts: tuple[PeriodPart, ...] | None = None


def working_period(workspace: Workspace) -> Period:
    """Return the period to begin with.

    The office looks at the last month that has ended; a unit works on the oldest period that it
    still owes a report for, else on the running one.
    """
    whose, today = workspace.identity, _today(workspace)
    if whose.is_office:
        return default_period(whose.year, today)
    with workspace.reading() as session:
        year = year_in(session, workspace, whose.year, ())
    return owing.opening_period(year.plan, whose.unit, year.known.reports, year.since, today)


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
    periods = tuple(periods)
    with workspace.reading() as session:
        known = {each.period: each for each in published.publications(session)}
        shown = known if workspace.as_published else {}
        kept = {
            period: _kept(session, shown[period]).status for period in periods if period in shown
        }
        live = [period for period in periods if period not in kept]
        year = year_in(session, workspace, workspace.identity.year, live)
    for period in live:
        found = year.status(period)
        kept[period] = replace(found, publication=known[period]) if period in known else found
    return tuple(kept[period] for period in periods)


def kept_figures(workspace: Workspace, period: Period) -> KeptFigures | None:
    """Return what was published of a period; None where nothing was, or where it is not asked for.

    Raises:
        InputRejectedError: When it can't be read.
    """
    with workspace.reading() as session:
        found = published.newest(session, period) if workspace.as_published else None
        return found and _kept(session, found)


def published_months(workspace: Workspace, year: int) -> Mapping[int, YearStatus]:
    """Return the figures of the year's published months, by number; none where not asked for."""
    with workspace.reading() as session:
        known = published.publications(session) if workspace.as_published else ()
        newest = {p.period.last_month: p for p in known if p.period in months_of(year)}
        return {month: _kept(session, found).status for month, found in newest.items()}


def _kept(session: Session, publication: Publication) -> KeptFigures:
    def read() -> KeptFigures:
        return kept_as(publication, published.figures(session, publication))

    return remembered_for_good(session, publication, read)


def kept_as(publication: Publication, plain: object) -> KeptFigures:
    """Return what was published from its stored form.

    Raises:
        InputRejectedError: When it can't be read.
    """
    try:
        kept = from_plain(KeptFigures, plain)
    except ValueError as problem:
        raise reject(
            f"{publication.period.label}发布的数字已不能读取", "请撤销这次发布后重新发布"
        ) from problem
    status = replace(kept.status, publication=publication, as_published=True)
    return replace(kept, status=status)


def year_of(workspace: Workspace, periods: Iterable[Period], year: int | None = None) -> Year:
    """Return the reading of a year, with all that it takes to judge some of its periods.

    It is made once for each state of the data and shared, so nobody may change it.

    `year`: the workspace's own by default.

    Raises:
        WorkspaceError: When the workspace holds no plan of the year.
    """
    number = year or workspace.identity.year
    with workspace.reading() as session:
        return year_in(session, workspace, number, periods)


def year_in(session: Session, workspace: Workspace, number: int, periods: Iterable[Period]) -> Year:
    """Return the reading of a year within an open transaction; see `year_of`."""
    today = _today(workspace)
    whose = workspace.identity
    found = remembered(
        session,
        ("year", number, today, whose.unit),
        lambda: _read(session, number, today, "" if whose.is_office else whose.unit),
    )
    _with_ledgers(session, found, periods)
    return found


def parts_of(workspace: Workspace, period: Period) -> tuple[PeriodPart, ...]:
    """Return what each unit contributes to each indicator in a period alone, by what is known now.

    Raises:
        WorkspaceError: When the workspace holds no plan of the year.
    """
    before = _ended_before(period)
    year = year_of(workspace, [period, *filter(None, [before])])
    indicators = year.plan.at(period).indicators
    return tuple(part for each in indicators for part in period_parts(year, each, period, before))


def _ended_before(period: Period) -> Period | None:
    """Return the month that ends before a period begins; None for the first of a year."""
    number = period.last_month - period.length
    return Period.month(period.year, number) if number else None


def made_once(workspace: Workspace, name: tuple[object, ...], make: Callable[[], _T]) -> _T:
    """Return what is made of the workspace's data, once for each state of it and for each day.

    It is shared, so nobody may change it. `make` takes nothing that its name does not tell.
    """
    own = (*name, _today(workspace), workspace.identity.unit, workspace.as_published)
    with workspace.reading() as session:

        def made() -> _T:
            session.rollback()  # what makes it reads by itself, and finds the connection free
            return make()

        return remembered(session, own, made)


def judged_with(
    workspace: Workspace, plan: Plan, periods: Iterable[Period]
) -> tuple[YearStatus, ...]:
    """Judge periods by a plan that is not, or not yet, the workspace's, and by what is known."""
    periods = tuple(periods)
    with workspace.reading() as session:
        own = year_in(session, workspace, plan.year, ())
        year = Year(
            plan,
            own.rules,
            own.known,
            ended=own.ended,
            today=own.today,
            unit=own.unit,
            since=own.since,
        )
        _with_ledgers(session, year, periods)
    return tuple(year.status(period) for period in periods)


def _read(session: Session, number: int, today: date, unit: str) -> Year:
    plan, rules = plan_in(session, number), identity.load_rules(session)
    decided = Decisions(
        reports=came_reports(submissions.submissions(session), rules),
        left_out=left_out_months(submissions.left_out(session), number),
        disputed=frozenset(
            (front.record.key.item, front.record.key.unit, front.record.key.period)
            for front, _ in records.conflicts(session)
        ),
        count_returned=rules.count_returned,
    )
    known = known_of(
        records.value_columns(session, number), records.status_columns(session, number), decided
    )
    return Year(
        plan,
        rules,
        known,
        ended=last_ended(number, today),
        today=today,
        unit=unit,
        since=plan_since(session, plan, rules, decided.reports),
    )


def plan_since(session: Session, plan: Plan, rules: Rules, reports: Reports) -> date | None:
    """Return the day from which the units have the plan; a unit's own workspace shows it."""
    handed_down = submissions.plan_packet_times(session)
    whose = identity.load_identity(session)
    if whose is not None and not whose.is_office:
        # A unit has the plan by a packet, or was set up with it by hand.
        handed_down = [identity.plan_source(session).get("first") or whose.created_at]
    days = [datetime.fromisoformat(moment).astimezone().date() for moment in handed_down]
    return owing.plan_since(plan, rules, days, {period for _, period in reports})


def _with_ledgers(session: Session, year: Year, periods: Iterable[Period]) -> None:
    """Add what the ledgers come to, where that is not known yet."""
    months = {month for period in periods for month in year.months_needed(period)}
    wanted = [month for month in sorted(months) if not year.has_computed(month)]
    if wanted:
        ledgers = ledger_figures.LedgerYear(session, year.plan, year.known.months_left_out)
        for month in wanted:
            year.take_computed(month, ledgers.at(Period.month(year.plan.year, month)))


def came_reports(received: Iterable[Submission], rules: Rules) -> Reports:
    """Return the reports that have come, by unit and period.

    On time is what was made by the due date, by the calendar of this PC's time zone.
    """

    @cache  # many units report for few periods
    def due(period: Period) -> date:
        return working_calendar.report_due(period, rules)

    def came(each: Submission, period: Period) -> CameReport:
        found = _came(each, period, due)
        if each.state is not SubmissionState.RETURNED or not each.reviewed_at:
            return found
        return replace(found, mend_by=working_calendar.mend_day(each.reviewed_at, rules))

    return {
        (each.unit, period): came(each, period)
        for each in received
        for period in [Period.parse(each.period)]
    }


def mending(workspace: Workspace, today: date) -> frozenset[tuple[str, Period]]:
    """Return the reports that were returned and still have time to come again."""
    with workspace.reading() as session:
        reports = came_reports(submissions.submissions(session), workspace.rules)
    return frozenset(
        key for key, came in reports.items() if came.mend_by is not None and came.mend_by >= today
    )


def report_day(workspace: Workspace, unit: str, period: Period) -> date:
    """Return the last day for a unit's report; one that was returned is to come again by then."""
    rules = workspace.rules
    with workspace.reading() as session:
        reports = came_reports(submissions.submissions(session), rules)
    return working_calendar.report_day(period, covering(reports, unit, period), rules)


def _came(submission: Submission, period: Period, due: Callable[[Period], date]) -> CameReport:
    made, received = submission.made_at, submission.received_at
    if not made:
        return CameReport(submission.state, on_time=False)
    at = judged_at(made, received, period)
    day = datetime.fromisoformat(at).astimezone().date() if at else None
    return CameReport(
        submission.state,
        on_time=day is not None and day <= due(period),
        made_at=made,
        doubted=not made_believably(made, received, period),
    )


def _today(workspace: Workspace) -> date:
    return workspace.clock().astimezone().date()


def reports_of(workspace: Workspace, period: Period) -> tuple[UnitReport, ...]:
    """Return for every unit that owes a report for a period whether it has come, or had then.

    One that came unasked, such as for a month before the plan was issued, is among them.
    """
    kept = kept_figures(workspace, period)
    if kept is not None:
        return kept.reports
    with workspace.reading() as session:
        year = year_in(session, workspace, workspace.identity.year, ())
        out = submissions.left_out(session)
    reports = year.known.reports
    due: dict[str, list[Period]] = defaultdict(list)
    for unit, one in owed(year.plan, period, year.since):
        due[unit].append(one)
    if not is_asked(period, year.since):
        for unit in expected_units(year.plan.at(period)):
            if covering(reports, unit, period) is not None:
                due[unit].append(period)
    found: list[UnitReport] = []
    for unit, ones in due.items():
        came = [covering(reports, unit, one) for one in ones]
        missing = [
            one for one, each in zip(ones, came, strict=True) if each is None or not each.received
        ]
        known = [each for each in came if each is not None]
        # What still has to come decides; else the last that came.
        worst = min(known, key=lambda each: (each.received, not each.on_time), default=None)
        nothing = worst is None or (len(ones) > 1 and len(known) < len(ones))
        found.append(
            UnitReport(
                unit,
                year.plan.unit_name(unit),
                SubmissionState.NONE if nothing or worst is None else worst.state,
                "" if nothing else max(each.made_at for each in known),
                None if nothing else all(each.on_time for each in known),
                why_left_out(out, unit, period),
                tuple(missing),
                doubted=not nothing and any(each.doubted for each in known),
            )
        )
    return tuple(found)


def why_left_out(out: Mapping[tuple[str, str], str], unit: str, period: Period) -> str:
    """Return the reason for which a unit's records of a period do not count."""
    own = out.get((unit, str(period)))
    if own:
        return own
    return next(
        (
            why
            for (other, text), why in out.items()
            if other == unit and Period.parse(text).overlaps(period)
        ),
        "",
    )


def completeness(workspace: Workspace, until: Period | None = None) -> Completeness:
    """Return which unit has reported for which month of the year.

    `until`: a period; where it was published, what was known then.
    """
    kept = kept_figures(workspace, until) if until else None
    if until and kept:
        return Completeness(
            tuple(code for code, _ in kept.units),
            tuple(name for _, name in kept.units),
            months_of(until.year),
            {(unit, month): state for unit, month, state in kept.states},
            frozenset(kept.owed),
        )
    name = ("completeness",)
    return made_once(workspace, name, lambda: _completeness(year_of(workspace, ())))


def _completeness(year: Year) -> Completeness:
    months = months_of(year.plan.year)
    states: dict[tuple[str, str], SubmissionState] = {}
    owing: set[tuple[str, str]] = set()
    units: dict[str, None] = {}
    for month in months:
        for unit, one in owed(year.plan, month, year.since):
            units[unit] = None
            for each in one.months:
                key = (unit, str(each))
                owing.add(key)
                came = covering(year.known.reports, unit, each)
                if came is not None:
                    late = came.received and not came.on_time
                    states[key] = SubmissionState.LATE if late else came.state
    names = tuple(year.plan.unit_name(unit) for unit in units)
    return Completeness(tuple(units), names, months, states, frozenset(owing))


def progress_texts(
    workspace: Workspace, plan: Plan, period: Period
) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return, by task code, each unit's name and latest words up to a period, as assigned."""
    kept = kept_figures(workspace, period)
    if kept is not None:
        return kept.texts
    latest: dict[str, dict[str, tuple[tuple[int, int, int], str]]] = defaultdict(dict)
    with workspace.reading() as session:
        recorded = tuple(records.load_progress(session))
    for key, content in recorded:
        when = Period.parse(key.period)
        if not content.text or not when.within(period):
            continue
        held = latest[key.item].get(key.unit)
        if held is None or held[0] < when.order:
            latest[key.item][key.unit] = (when.order, content.text)
    return {
        task.code: tuple(
            (plan.directory.name(unit), latest[task.code][unit][1])
            for unit in plan.roles(task.code)
            if unit in latest[task.code]
        )
        for task in plan.tasks
    }
