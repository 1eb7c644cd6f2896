"""The corrections of a draft, each of which can be taken back and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.plan.changes import compare_plans
from fsdesk.domain.plan.history import summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.domain.plan_document import ParsedPlan

    Correction = Callable[[ParsedPlan], ParsedPlan]

_LOOKED = "标为已核对"


class DraftTrail:
    """A draft with the states that it went through; each is kept whole, as drafts never change."""

    def __init__(self, parsed: ParsedPlan) -> None:
        """Begin with what was read."""
        self._states = [parsed]
        self._labels = [""]
        self._at = 0

    @property
    def present(self) -> ParsedPlan:
        """The draft as it stands."""
        return self._states[self._at]

    @property
    def back(self) -> str:
        """What taking back would take back; empty for nothing."""
        return self._labels[self._at]

    @property
    def forth(self) -> str:
        """What would be made again; empty for nothing."""
        return self._labels[self._at + 1] if self._at + 1 < len(self._labels) else ""

    def correct(self, correction: Correction) -> None:
        """Make a correction; one that changes nothing leaves no state.

        Raises:
            InputRejectedError: When it makes no sense; the draft is as before.
        """
        before = self.present
        after = correction(before)
        if after == before:
            return
        same = after.plan == before.plan
        label = _LOOKED if same else summary(compare_plans(before.plan, after.plan))
        self._states[self._at + 1 :] = [after]
        self._labels[self._at + 1 :] = [label]
        self._at += 1

    def undo(self) -> None:
        """Take the last correction back."""
        self._at = max(self._at - 1, 0)

    def redo(self) -> None:
        """Make again what was taken back."""
        self._at = min(self._at + 1, len(self._states) - 1)
