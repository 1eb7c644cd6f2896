"""Which reports the workspace's unit owes, and on which period it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.periods import Period, default_period
from fsdesk.domain.records import owing
from fsdesk.services.plan.planning import plan_in
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace


def opening_period(workspace: Workspace) -> Period:
    """Return the period to begin with.

    The office looks at the last month that has ended; a unit works on the oldest period that it
    still owes a report for, else on the running one.
    """
    whose = workspace.identity
    today = workspace.clock().astimezone().date()
    if whose.is_office:
        return default_period(whose.year, today)
    with workspace.reading() as session:
        plan = plan_in(session, whose.year)
        states = submissions.states_of(session, whose.unit)
    return owing.opening_period(plan, whose.unit, states, today)
