"""What the window always says: what waits, what is not yet sent, and how long there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.packet.signing import KeyState
from fsdesk.domain.status.reports import is_asked
from fsdesk.services.packet import conflicts, review_desk, signing
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records import opinions
from fsdesk.services.status import aggregation, handover
from fsdesk.services.working_calendar import report_due
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from fsdesk.domain.packet.handover import HandedOver
    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace


class StatusLine(Struct, frozen=True):
    """How things stand in a workspace.

    Attributes:
        handed_over: How far all that the unit hands over has come; None for the office.
        days_left: Days until the period's report is due, negative when it is late; None when
            nothing is due: no report of the unit is to be made for just this period; none is asked
            of anybody, or the date has passed, in the office.
        conflicts: Edits made apart that wait for a decision.
        reviews: Reports that wait for the office's verdict.
        keys: Keys whose fingerprint nobody has compared; not told to a unit, which has one.
        returned: Reports of the unit that were returned and are still to be mended.
    """

    handed_over: HandedOver | None
    days_left: int | None
    conflicts: int
    reviews: int = 0
    keys: int = 0
    returned: int = 0

    @property
    def on_exchange(self) -> int:
        """How many things wait on the page 交换."""
        unsent = self.handed_over is not None and bool(self.handed_over.unsent)
        return self.conflicts + self.reviews + self.keys + unsent


def status_line(workspace: Workspace, period: Period) -> StatusLine:
    """Return how things stand for a period."""
    today = workspace.clock().astimezone().date()
    stands, returned = None, 0
    if workspace.identity.is_office:
        days: int | None = (report_due(period, workspace.rules) - today).days
        days = days if days >= 0 and _is_asked(workspace, period) else None
    else:
        stands = handover.handed_over(workspace)
        due = aggregation.report_day(workspace, workspace.identity.unit, period)
        days = (due - today).days if period in stands.awaited else None
        returned = sum(report.presses for report in opinions.returned(workspace))
    waiting = len(conflicts.conflicts(workspace)) + len(conflicts.ledger_conflicts(workspace))
    if stands is not None:
        return StatusLine(stands, days, waiting, returned=returned)
    return StatusLine(
        None,
        days,
        waiting,
        reviews=len(review_desk.waiting_reports(workspace)),
        keys=sum(key.state is KeyState.WAITING for key in signing.known_keys(workspace)),
    )


def _is_asked(workspace: Workspace, period: Period) -> bool:
    """Tell whether the office waits for reports of a period."""
    rules = workspace.rules
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        came = aggregation.came_reports(submissions.submissions(session), rules)
        return is_asked(period, aggregation.plan_since(session, plan, rules, came))
