"""Which reports a unit still owes, and on which period it therefore works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.periods import Period, running_month
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.reports import covering, owed_by, quarter_of

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.status.reports import Reports


@dataclass(frozen=True, slots=True)
class OwedReport:
    """A report that has not come, for a period that has ended or for one that goes on.

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


def still_owed(plan: Plan, unit: str, reports: Reports) -> tuple[OwedReport, ...]:
    """Return the reports of a unit for the year that have not come, oldest first."""
    came = ((period, covering(reports, unit, period)) for period in owed_by(plan, unit))
    return tuple(
        OwedReport(period, found is not None and found.state is SubmissionState.RETURNED)
        for period, found in came
        if found is None or not found.received
    )


def overdue(plan: Plan, unit: str, reports: Reports, today: date) -> tuple[OwedReport, ...]:
    """Return the reports that a unit owes for periods that have ended, oldest first."""
    owed = still_owed(plan, unit, reports)
    return tuple(report for report in owed if report.period.ended(today))


def opening_period(plan: Plan, unit: str, reports: Reports, today: date) -> Period:
    """Return the period on which a unit works: the oldest that it owes, else the running one."""
    owed = overdue(plan, unit, reports, today)
    if owed:
        return owed[0].period
    month = running_month(plan.year, today)
    known = plan.at(month).directory.by_code.get(unit)
    return quarter_of(month) if known is not None and known.quarterly else month


def owed_before(
    plan: Plan, unit: str, period: Period, reports: Reports, today: date
) -> OwedReport | None:
    """Return the oldest overdue report of a unit that works on a period which goes on.

    None where there is none, or the period has ended. A report that the one for the period would
    cover is not meant.
    """
    if period.ended(today):
        return None
    owed = overdue(plan, unit, reports, today)
    return next((report for report in owed if not report.period.overlaps(period)), None)
