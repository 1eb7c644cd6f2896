"""Reports that the office returned, above all else that a unit has to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from ui.theme import SPACE_M, SPACE_XS, set_role
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.services.records.opinions import ReturnedReport


class ReturnedNote(QFrame):
    """A row for each report that waits to be mended: why, and the way there."""

    wanted = Signal(object)  # ReturnedReport

    def __init__(self) -> None:
        """Make it hidden."""
        super().__init__()
        set_role(self, "warning")
        self.rows: list[QWidget] = []
        margins = (SPACE_M, SPACE_XS, SPACE_XS, SPACE_XS)
        self._column = column_of(spacing=SPACE_XS, margins=margins, parent=self)
        self.hide()

    def show_reports(self, reports: Sequence[ReturnedReport]) -> None:
        """Show what waits to be mended; hidden where nothing does."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        waiting = [report for report in reports if report.presses]
        self.rows = [self._row(report) for report in waiting]
        for row in self.rows:
            self._column.addWidget(row)
        self.setVisible(bool(self.rows))

    def _row(self, report: ReturnedReport) -> QWidget:
        words = label(f"■ {report.words}。", "error", wrap=True)
        go = button("去修改", lambda: self.wanted.emit(report), icon="pencil")
        return boxed(row_of((words, 1), go))
