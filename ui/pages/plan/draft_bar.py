"""Says that the plan carries another year's on, and what ends that; gone where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from fsdesk.services.plan.planning import draft_words
from ui.theme import SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan


class DraftBar(QFrame):
    """Words, and for the office the two ways to a plan of the year's own."""

    document_wanted = Signal()
    confirmed = Signal()

    def __init__(self, *, at_office: bool) -> None:
        """Begin hidden."""
        super().__init__()
        set_role(self, "warning")
        self._at_office = at_office
        self.words = label("", wrap=True)
        self.read = button("", self.document_wanted.emit, icon="file-up")
        self.confirm = button("确认为正式计划", self.confirmed.emit, icon="check")
        margins = (SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        row_of((self.words, 1), self.read, self.confirm, margins=margins, parent=self)
        for each in (self.read, self.confirm):
            each.setVisible(at_office)
        self.hide()

    def show_plan(self, plan: Plan) -> None:
        """Say it of a plan that is a draft."""
        words = draft_words(plan, at_office=self._at_office)
        self.words.setText(words)
        self.read.setText(f"读取 {plan.year} 年文件…")
        self.setVisible(bool(words))
