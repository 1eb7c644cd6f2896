"""Findings that are shown no more, with the reasons; they can be taken back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.models.rows import ROW_ROLE, RowColumn, RowsModel
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.quality.doubts import Dismissal


class QualityHidden(QWidget):
    """Emits the marks of those that shall be shown again."""

    taken_back = Signal(object)  # tuple of marks

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self._names: Mapping[str, str] = {}
        self.rows: RowsModel[Dismissal] = RowsModel(self._columns())
        self.table = ReportTable("quality-hidden", self.rows, "不再提示的问题")
        self.restore = button("恢复提示", self._take_back, icon="undo-2")
        words = "这些问题写明原因后不再列出；有关数据一改动，会重新检查和提示。"
        column_of(
            row_of((label(words, "help"), 1), self.restore, spacing=-1),
            (self.table, 1),
            margins=(0, SPACE_M, 0, 0),
            parent=self,
        )

    def show_hidden(self, hidden: Sequence[Dismissal], names: Mapping[str, str]) -> None:
        """Show what is hidden."""
        self._names = names
        self.rows.set_rows(hidden)
        self.restore.setEnabled(bool(hidden))
        self.table.choose_first()

    def _take_back(self) -> None:
        selected = self.table.selectionModel().selectedRows()
        marks = tuple(index.data(ROW_ROLE).mark for index in selected)
        if marks:
            self.taken_back.emit(marks)

    def _columns(self) -> Sequence[RowColumn[Dismissal]]:
        def unit(row: Dismissal) -> str:
            return self._names.get(row.doubt.spot.unit, row.doubt.spot.unit)

        return (
            RowColumn("日期", _day, lambda r: r.at, width=104),
            RowColumn("经办", lambda r: r.who, width=110, tip=lambda r: r.who),
            RowColumn("单位", unit, width=130, tip=unit),
            RowColumn(
                "问题", lambda r: r.doubt.message, stretch=True, tip=lambda r: r.doubt.message
            ),
            RowColumn("原因", lambda r: r.reason, width=300, tip=lambda r: r.reason),
        )


def _day(row: Dismissal) -> str:
    return f"{datetime.fromisoformat(row.at).astimezone():%Y-%m-%d}"
