"""What the window always says: what waits, what is not yet sent, and how long there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.services import deciding, recording

if TYPE_CHECKING:
    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand in a workspace.

    Attributes:
        unexported: Records of the period that no packet has carried; None for the office.
        days_left: Days until the period's report is due; negative when it is past.
        conflicts: Edits made apart that wait for a decision.
    """

    unexported: int | None
    days_left: int
    conflicts: int


def standing(workspace: Workspace, period: Period) -> Standing:
    """Return how things stand for a period."""
    whose = workspace.identity
    today = workspace.clock().astimezone().date()
    unexported = None
    if not whose.is_office:
        unexported = recording.unit_form(workspace, whose.unit, period).unexported
    return Standing(
        unexported=unexported,
        days_left=(period.due(workspace.rules.due_days) - today).days,
        conflicts=len(deciding.conflicts(workspace)),
    )
