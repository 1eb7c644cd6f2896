"""Since when reports are asked for, which a unit still owes, and on which period it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import Period, running_month
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.reports import covering, owed_by, quarter_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.reports import Reports


def plan_since(
    plan: Plan, rules: Rules, handed_down: Iterable[date], reported: Iterable[Period]
) -> date | None:
    """Return the day from which the units have the year's plan; None while they have none.

    Nothing is asked of them for what had ended before: no report, no letter. What the office says
    comes first; else the first packet that handed the plan down; a plan that went on paper shows
    itself by the first period that was reported. A draft asks nothing of anybody.

    `handed_down`: days on which packets handed the plan down.
    `reported`: periods of the reports that have come.
    """
    if plan.carried_from:
        return None
    first = rules.issued_on or min(handed_down, default=None)
    return first or min((period.first_day for period in reported), default=None)


class OwedReport(Struct, frozen=True):
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


def still_owed(
    plan: Plan, unit: str, reports: Reports, since: date | None
) -> tuple[OwedReport, ...]:
    """Return the reports of a unit for the year that have not come, oldest first.

    `since`: the day from which the units have the plan; see `plan_since`.
    """
    came = ((period, covering(reports, unit, period)) for period in owed_by(plan, unit, since))
    return tuple(
        OwedReport(period, found is not None and found.state is SubmissionState.RETURNED)
        for period, found in came
        if found is None or not found.received
    )


def overdue(
    plan: Plan, unit: str, reports: Reports, since: date | None, today: date
) -> tuple[OwedReport, ...]:
    """Return the reports that a unit owes for periods that have ended, oldest first."""
    owed = still_owed(plan, unit, reports, since)
    return tuple(report for report in owed if report.period.ended(today))


def opening_period(
    plan: Plan, unit: str, reports: Reports, since: date | None, today: date
) -> Period:
    """Return the period on which a unit works: the oldest that it owes, else the running one."""
    owed = overdue(plan, unit, reports, since, today)
    if owed:
        return owed[0].period
    month = running_month(plan.year, today)
    known = plan.at(month).directory.by_code.get(unit)
    return quarter_of(month) if known is not None and known.quarterly else month


def owed_before(
    plan: Plan, unit: str, period: Period, reports: Reports, since: date | None, today: date
) -> OwedReport | None:
    """Return the oldest overdue report of a unit that works on a period which goes on.

    None where there is none, or the period has ended. A report that the one for the period would
    cover is not meant.
    """
    if period.ended(today):
        return None
    owed = overdue(plan, unit, reports, since, today)
    return next((report for report in owed if not report.period.overlaps(period)), None)
