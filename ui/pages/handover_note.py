"""How far something has come on its way to the office, with a button to export it beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.packet.handover import Handover
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.packet.handover import HandedOver, Thing


class HandoverNote(QWidget):
    """One line; hidden while there is nothing to say."""

    export_wanted = Signal()

    def __init__(self, *, offers: bool = True) -> None:
        """Make it hidden; without offering to export where the page's head does."""
        super().__init__()
        self._offers = offers
        self.words = label("", "help")
        self.export = button("导出报送包", self.export_wanted.emit, "link")
        row_of(self.words, self.export, None, parent=self)
        self.hide()

    def show_thing(self, thing: Thing | None) -> None:
        """Tell of one thing; None where there is nothing of it to hand over."""
        waits = thing is not None and thing.state is Handover.UNSENT
        self._show(thing.words if thing is not None else "", "", waits=waits)

    def show_all(self, stands: HandedOver) -> None:
        """Tell of all that the unit hands over."""
        self._show(stands.words, stands.told, waits=bool(stands.unsent))

    def _show(self, words: str, told: str, *, waits: bool) -> None:
        self.words.setText(words)
        self.words.setToolTip(told)
        self.export.setVisible(waits and self._offers)
        self.setVisible(bool(words))
