"""On 今日: what is on its way to the office, and what shared targets have come to there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from fsdesk.domain.periods import Period
from fsdesk.services.status import handover, unit_forms
from ui.pages.handover_note import HandoverNote
from ui.widgets.boxes import column_of
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.packet.handover import HandedOver
    from ui.desk import Desk


class OnTheWay(QWidget):
    """Two facts about the office, as far as it has told them."""

    def __init__(self, desk: Desk) -> None:
        """Make it empty."""
        super().__init__()
        self._desk = desk
        self.note = HandoverNote()
        self.joint = label("", "help", wrap=True)
        column_of(self.note, self.joint, parent=self)

    def refresh(self, period: str) -> None:
        """Load both for a period."""
        unit, shown = self._desk.unit, Period.parse(period)
        self._desk.run(
            lambda w: (
                handover.handed_over(w),
                unit_forms.joint_texts(unit_forms.unit_form(w, unit, shown)),
            ),
            self._show,
        )

    def _show(self, found: tuple[HandedOver, Sequence[str]]) -> None:
        stands, joint = found
        self.note.show_all(stands)
        self.joint.setText("\n".join(joint))
        self.joint.setVisible(bool(joint))
