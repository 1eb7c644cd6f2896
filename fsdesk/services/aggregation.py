"""The aggregate as the workspace's data gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import Period, default_period
from fsdesk.services.planning import plan_in
from fsdesk.store import identity, records, submissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.results import YearStatus
    from fsdesk.workspace import Workspace

# A returned report does not count as received until it comes again.
_RECEIVED = frozenset({"submitted", "accepted"})


@dataclass(frozen=True, slots=True)
class UnitReport:
    """Whether a unit has reported for a period.

    Attributes:
        unit: Unit code.
        name: Its name.
        state: submitted, accepted or returned; empty when nothing has come.
        made_at: When the report was made, ISO text in UTC; empty when nothing has come.
        on_time: Whether by the due date; None when nothing has come.
    """

    unit: str
    name: str
    state: str = ""
    made_at: str = ""
    on_time: bool | None = None

    @property
    def state_label(self) -> str:
        """The word on screen."""
        words = {"": "未报", "submitted": "已报送", "accepted": "已接收", "returned": "已退回"}
        return words[self.state]


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which unit has reported for which month.

    Attributes:
        units: Codes of the units whose report is expected.
        names: Their names.
        months: The twelve months.
        states: State by unit code and month's text; ``late`` for a report after the due date.
    """

    units: tuple[str, ...]
    names: tuple[str, ...]
    months: tuple[Period, ...]
    states: Mapping[tuple[str, str], str]


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
    """Judge the whole plan up to a period."""
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        rules = identity.load_rules(session)
        recorded = records.load_records(session)
        received = submissions.submissions(session, str(period))
    reports = received_reports(received, rules)
