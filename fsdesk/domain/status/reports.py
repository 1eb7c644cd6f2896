"""Which report is owed for which month, and by which submission it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import QUARTER_MONTHS, Period, months_of
from fsdesk.domain.records.submissions import RECEIVED, SubmissionState

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.domain.plan.plan import Plan


class CameReport(Struct, frozen=True):
    """A unit's submission for a month or a quarter.

    Attributes:
        on_time: Whether it was made by the due day of its own period, or received by then where
            it can't have been made when it says.
        made_at: When it was made, as it says, ISO text in UTC.
        doubted: Whether it can't have been made then.
        mend_by: Day by which it is to come again; None unless it was returned.
    """

    state: SubmissionState
    on_time: bool
    made_at: str = ""
    doubted: bool = False
    mend_by: date | None = None

    @property
    def received(self) -> bool:
        """Whether it counts as received; a returned one does not until it comes again."""
        return self.state in RECEIVED


# By unit code and period.
Reports = Mapping[tuple[str, Period], CameReport]


def expected_units(plan: Plan) -> tuple[str, ...]:
    """Return the codes of the units whose report is expected: those with a task, but the office.

    The office records its own achievements directly and sends no packet to itself.

    `plan`: the plan of the month that is asked for.
    """
    return tuple(u.code for u in plan.directory.reporting_units if u.code in plan.answering)


def is_asked(period: Period, since: date | None) -> bool:
    """Tell whether anything is asked of units for a period: they had the plan before it ended.

    `since`: the day from which they have it; None while they have not; see `owing.plan_since`.
    """
    return since is not None and period.last_day >= since


def owed(plan: Plan, period: Period, since: date | None) -> tuple[tuple[str, Period], ...]:
    """Return which reports are owed for a period, by unit: months, or quarters that end in it.

    A quarter is made of its months: who reports monthly owes three. `since`: as in `is_asked`.
    """
    found: list[tuple[str, Period]] = []
    for month in period.months:
        state = plan.at(month)
        for unit in expected_units(state):
            due = _due_with(state, unit, month)
            if due is not None and is_asked(due, since):
                found.append((unit, due))
    return tuple(found)


def _due_with(plan: Plan, unit: str, month: Period) -> Period | None:
    """Return the report that an expected unit owes at a month's end: month, quarter or none."""
    if not plan.directory.by_code[unit].quarterly:
        return month
    return quarter_of(month) if month.last_month % QUARTER_MONTHS == 0 else None


def owed_by(plan: Plan, unit: str, since: date | None) -> tuple[Period, ...]:
    """Return the periods of a plan's year for which a unit owes a report, in order."""
    found: list[Period] = []
    for month in months_of(plan.year):
        state = plan.at(month)
        known = state.directory.by_code.get(unit)
        if known in state.directory.reporting_units and unit in state.answering:
            due = _due_with(state, unit, month)
            found += [due] if due is not None and is_asked(due, since) else []
    return tuple(found)


def owed_in_year(plan: Plan, since: date | None) -> tuple[tuple[str, Period], ...]:
    """Return all reports that are owed for a plan's year, month by month."""
    return tuple(each for month in months_of(plan.year) for each in owed(plan, month, since))


def quarter_of(month: Period) -> Period:
    """Return the quarter that a month lies in."""
    return Period.quarter(month.year, (month.last_month - 1) // QUARTER_MONTHS + 1)


def covering(reports: Reports, unit: str, period: Period) -> CameReport | None:
    """Return the report that stands for a period: its own, or that of the quarter it lies in.

    A quarter is covered by its own report or by those of all its months, the worst of which
    stands for it.
    """
    own = reports.get((unit, period))
    if own is not None and own.received:
        return own
    if period.length == 1:
        whole = reports.get((unit, quarter_of(period)))
        return whole if whole is not None and (own is None or whole.received) else own
    months = [reports.get((unit, month)) for month in period.months]
    came = [each for each in months if each is not None and each.received]
    if len(came) < len(months):
        return own
    return min(came, key=lambda each: (each.on_time, each.made_at))
