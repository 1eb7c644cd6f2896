"""Says, where papers are made, what the office has not told of itself; gone once it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from fsdesk.services.supervision import office_identity
from ui import remember
from ui.theme import SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.services.supervision.office_identity import OfficeDetails
    from ui.desk import Desk


class OfficeBar(QFrame):
    """Words and the way to the settings; it may be put off for this workspace."""

    wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        """Begin hidden."""
        super().__init__()
        set_role(self, "warning")
        self._desk = desk
        self._key = f"office-bar/{desk.workspace.identity.id}"
        self.words = label("", wrap=True)
        self.fill = button("填写", self.wanted.emit, icon="pencil")
        self.later = button("以后再说", self._put_off)
        margins = (SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        row_of((self.words, 1), self.fill, self.later, margins=margins, parent=self)
        self.hide()

    def refresh(self) -> None:
        """Look whether something is still untold."""
        if self._desk.is_office and not remember.recall(self._key):
            self._desk.run(office_identity.details, self._show)

    def _show(self, found: OfficeDetails) -> None:
        name = found.told.office_name(found.issuer)
        self.words.setText(
            f"还没有填写{'、'.join(found.lacking)}：红头、落款和表格现用“{name}”，"
            "函件用默认的代字和文号。"
        )
        self.setVisible(bool(found.lacking) and not remember.recall(self._key))

    def _put_off(self) -> None:
        remember.store(self._key, "later")
        self.hide()
