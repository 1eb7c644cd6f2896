"""What the window always says: what waits, what is not yet sent, and how long there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.packet.signing import KeyState
from fsdesk.services.packet import conflicts, review_desk, signing
from fsdesk.services.records import opinions
from fsdesk.services.status import unit_forms
from fsdesk.services.working_calendar import report_due

if TYPE_CHECKING:
    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace


@dataclass(frozen=True, slots=True)
class StatusLine:
    """How things stand in a workspace.

    Attributes:
        unexported: Records of the period that no packet has carried; None for the office.
        days_left: Days until the period's report is due, negative when it is late; None when
            nothing is due: no report of the unit is to be made for just this period, or the
            office's date has passed.
        conflicts: Edits made apart that wait for a decision.
        reviews: Reports that wait for the office's verdict.
        keys: Keys whose fingerprint nobody has compared; not told to a unit, which has one.
        returned: Reports of the unit that were returned and are still to be mended.
    """

    unexported: int | None
    days_left: int | None
    conflicts: int
    reviews: int = 0
    keys: int = 0
    returned: int = 0

    @property
    def on_exchange(self) -> int:
        """How many things wait on the page 交换."""
        return self.conflicts + self.reviews + self.keys


def status_line(workspace: Workspace, period: Period) -> StatusLine:
    """Return how things stand for a period."""
    whose = workspace.identity
    today = workspace.clock().astimezone().date()
    days: int | None = (report_due(period, workspace.rules) - today).days
    unexported, returned = None, 0
    if whose.is_office:
        days = None if days < 0 else days
    else:
        form = unit_forms.unit_form(workspace, whose.unit, period)
        unexported = form.unexported
        days = days if form.awaited else None
        returned = sum(report.presses for report in opinions.returned(workspace))
    waiting = len(conflicts.conflicts(workspace)) + len(conflicts.ledger_conflicts(workspace))
    if not whose.is_office:
        return StatusLine(unexported, days, waiting, returned=returned)
    return StatusLine(
        unexported,
        days,
        waiting,
        reviews=len(review_desk.waiting_reports(workspace)),
        keys=sum(key.state is KeyState.WAITING for key in signing.known_keys(workspace)),
    )
