"""A year judged by what was recorded, as if it were over."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.periods import MONTHS, Period
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.known import Decisions, known_from
from fsdesk.domain.status.reports import CameReport
from fsdesk.domain.status.year import Year

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Record
    from fsdesk.domain.status.results import YearStatus


def year_of(
    plan: Plan,
    records: Iterable[Record],
    rules: Rules | None = None,
    decided: Decisions | None = None,
    *,
    ended: int = MONTHS,
    today: date | None = None,
) -> Year:
    """Return a year as it is known; all months have ended unless said otherwise."""
    known = known_from(records, decided or Decisions({}))
    day = today or date(plan.year + 1, 1, 31)
    return Year(plan, rules or Rules(), known, ended=ended, today=day)


def year_status(
    plan: Plan,
    records: Iterable[Record],
    reports: Mapping[str, bool],
    period: Period,
    rules: Rules | None = None,
) -> YearStatus:
    """Judge a period; reports tell by unit whether the one of the period was on time."""
    came = {
        (unit, period): CameReport(SubmissionState.SUBMITTED, on_time)
        for unit, on_time in reports.items()
    }
    return year_of(plan, records, rules, Decisions(came)).status(period)
