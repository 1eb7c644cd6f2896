"""Which reports a unit owes: months, or quarters where it reports those, by the plan of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.periods import Period, months_of, running_month
from fsdesk.domain.plan.units import UnitKind
from fsdesk.domain.records.submissions import RECEIVED, SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from fsdesk.domain.plan.plan import Plan

    # How a unit's reports stand, by the period's text.
    States = Mapping[str, SubmissionState]


@dataclass(frozen=True, slots=True)
class OwedReport:
    """A report that is owed, for a period that has ended or for one that goes on.

    Attributes:
        returned: Whether it came and was returned (已退回).
    """

    period: Period
    returned: bool = False

    @property
    def words(self) -> str:
        """Why it is owed, as its unit is told."""
        if self.returned:
            return f"{self.period.name}的报送已退回，还没有重新导出"
        return f"{self.period.name}的报送包还没有导出"


def expected_reports(plan: Plan, unit: str) -> Mapping[Period, tuple[Period, ...]]:
    """Return for which periods of the year a unit reports, each with the months it reports on.

    A month counts where the unit had a task in the plan of that month. The office sends none.
    """
    found: dict[Period, tuple[Period, ...]] = {}
    for month in months_of(plan.year):
        then = plan.at(month)
        known = then.directory.by_code.get(unit)
        if known is None or known.kind is UnitKind.OFFICE or unit not in then.answering:
            continue
        period = month.in_quarter if known.quarterly else month
        found[period] = (*found.get(period, ()), month)
    return found


def reporting_units(plan: Plan) -> tuple[str, ...]:
    """Return the codes of the units that may send reports, those of earlier in the year too."""
    plans = (*(former.plan for former in plan.former), plan)
    units = (unit.code for each in plans for unit in each.directory.reporting_units)
    return tuple(dict.fromkeys(units))


def owed_reports(plan: Plan, unit: str, states: States) -> tuple[OwedReport, ...]:
    """Return the reports of the year that have not come, oldest first.

    A report for a quarter covers its months, and the reports for all its months cover a quarter.
    """
    owed = (
        OwedReport(period, returned=_returned(period, months, states))
        for period, months in expected_reports(plan, unit).items()
        if not _came(period, states) and not all(_came(month, states) for month in months)
    )
    return tuple(sorted(owed, key=lambda report: report.period.order))


def _came(period: Period, states: States) -> bool:
    return any(states.get(str(p)) in RECEIVED for p in (period, period.in_quarter))


def _returned(period: Period, months: tuple[Period, ...], states: States) -> bool:
    where = {period, period.in_quarter, *months}
    return any(states.get(str(p)) is SubmissionState.RETURNED for p in where)


def overdue_reports(plan: Plan, unit: str, states: States, today: date) -> tuple[OwedReport, ...]:
    """Return the reports that are owed for periods that have ended, oldest first."""
    owed = owed_reports(plan, unit, states)
    return tuple(report for report in owed if report.period.ended(today))


def opening_period(plan: Plan, unit: str, states: States, today: date) -> Period:
    """Return the period on which a unit works: the oldest that it owes, else the running one."""
    owed = overdue_reports(plan, unit, states, today)
    if owed:
        return owed[0].period
    month = running_month(plan.year, today)
    known = plan.at(month).directory.by_code.get(unit)
    return month.in_quarter if known is not None and known.quarterly else month


def owed_before(
    plan: Plan, unit: str, period: Period, states: States, today: date
) -> OwedReport | None:
    """Return the oldest overdue report of a unit that works on a period which goes on.

    None where there is none, or the period has ended. A report that the one for the period would
    cover is not meant.
    """
    if period.ended(today):
        return None
    owed = overdue_reports(plan, unit, states, today)
    return next((report for report in owed if not report.period.overlaps(period)), None)
