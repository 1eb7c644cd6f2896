"""Tells who types in a period that goes on that a report for an earlier one is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from ui.theme import SPACE_M, SPACE_XS, set_role
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.services.status.unit_forms import UnitForm


class OwedNote(QFrame):
    """One line with a button to the period that is owed; hidden where none is."""

    change_wanted = Signal(str)  # period

    def __init__(self) -> None:
        """Make it hidden."""
        super().__init__()
        set_role(self, "notice")
        self._period = ""
        self.words = label("", wrap=True)
        self.change = button("", lambda: self.change_wanted.emit(self._period), "link")
        row_of(
            (self.words, 1),
            self.change,
            margins=(SPACE_M, SPACE_XS, SPACE_XS, SPACE_XS),
            parent=self,
        )
        self.hide()

    def show_form(self, form: UnitForm) -> None:
        """Say what is owed before the form's period, if anything is."""
        owed = form.owed_before
        self.setVisible(owed is not None)
        if owed is not None:
            self._period = str(owed.period)
            state = "的报送已退回，尚未重新报送" if owed.returned else "尚未报送"
            self.words.setText(f"{owed.period.name}{state}，正在填写的是{form.period.name}。")
            self.change.setText(f"改填{owed.period.name}")
