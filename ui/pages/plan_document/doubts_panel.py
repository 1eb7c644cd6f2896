"""What should be looked at, in the order of the document; each can be ticked off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.findings import Severity
from fsdesk.domain.plan_document import ReadingDoubt
from fsdesk.services.plan_document.corrections import settled, settled_alike
from ui.models.rows import RowColumn, RowsModel
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button, tool
from ui.widgets.label import ElidedLabel
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.domain.plan_document import ParsedPlan


class DoubtsPanel(QWidget):
    """`chosen` gives the doubt of the current row."""

    chosen = Signal(object)
    correction_wanted = Signal(object)

    def __init__(self) -> None:
        """Begin without doubts."""
        super().__init__()
        self.heading = ElidedLabel("section")  # there may be little room
        words = "下一处需要核对的地方（F8），上一处为 Shift+F8"
        self.next = tool("chevron-right", words, self.go_on)
        self.alike = button("同类都已核对", self._settle_alike)
        self.settle = button("标为已核对", self._settle, tip="这里读得没有问题，从清单中去掉")
        self.model: RowsModel[ReadingDoubt] = RowsModel(
            (
                RowColumn("程度", lambda r: r.level.value, width=56),
                RowColumn("行", lambda r: str(r.span.line), lambda r: r.span.line,
                          number=True, width=44),
                RowColumn("需要核对", _what, stretch=True, tip=_what),
                RowColumn("原文", lambda r: r.text, width=110, tip=lambda r: r.text),
            )
        )  # fmt: skip
        self.table = ReportTable("plan-doubts-list", self.model, "需要核对的地方")
        self.table.row_chosen.connect(self.chosen)
        self.table.clicked.connect(lambda _index: self.chosen.emit(self.table.current_row()))
        buttons = (self.next, self.alike, self.settle)
        column_of(row_of((self.heading, 1), *buttons), (self.table, 1), parent=self)
        self.table.row_chosen.connect(self._offer)

    @property
    def row(self) -> int:
        """The current row; -1 for none."""
        return self.table.currentIndex().row()

    def choose(self, row: int) -> None:
        """Make a row current, or the last one when there are fewer."""
        last = self.table.model().rowCount() - 1
        if row >= 0 and last >= 0:
            self.table.selectRow(min(row, last))

    def go_on(self, by: int = 1) -> None:
        """Go to the next place that needs looking at, or back; from the last to the first."""
        rows = self.table.model().rowCount()
        if rows:
            self.table.selectRow((self.row + by) % rows if self.row >= 0 else 0)

    def show_draft(self, parsed: ParsedPlan) -> None:
        """Show a draft's doubts."""
        rows = parsed.doubts
        self.model.set_rows(rows)
        left = sum(doubt.level is Severity.WARNING for doubt in rows)
        more = len(rows) - left
        words = f"{left} 处需要核对" if left else "没有需要核对的地方"
        self.heading.setText(words + (f"，{more} 处提示" if more else ""))
        for made in (self.next, self.settle):
            made.setEnabled(bool(rows))
        self._offer(self.table.current_row())

    def _offer(self, doubt: ReadingDoubt | None) -> None:
        """Say how many there are of the current doubt's kind."""
        count = sum(it.kind == doubt.kind for it in self.model.rows) if doubt else 0
        self.alike.setEnabled(count > 1)
        self.alike.setText(f"同类 {count} 处都已核对" if count > 1 else "同类都已核对")
        self.alike.setToolTip(f"{doubt.kind}：都看过了，没有问题" if doubt else "")

    def _settle_alike(self) -> None:
        doubt = self.table.current_row()
        if isinstance(doubt, ReadingDoubt):
            self.correction_wanted.emit(lambda parsed: settled_alike(parsed, doubt))

    def _settle(self) -> None:
        doubt = self.table.current_row()
        if isinstance(doubt, ReadingDoubt):
            self.correction_wanted.emit(lambda parsed: settled(parsed, doubt))


def _what(doubt: ReadingDoubt) -> str:
    return f"{doubt.message}。{doubt.remedy}".rstrip("。") + "。"
