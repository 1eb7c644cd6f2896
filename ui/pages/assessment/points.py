"""Points that the office gives or takes by hand, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QPushButton, QWidget

from fsdesk.domain.assessment import Adjustment
from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.typed import CellError, read_date
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit, named
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ADD, TAKE = 1.0, -1.0


class PointsPanel(QWidget):
    """Left what was given, right the form."""

    saved = Signal(object)  # Adjustment
    removed = Signal(str)  # its id
    refused = Signal(object)  # InputRejectedError

    def __init__(self, year: int) -> None:
        """Begin without points; dates without a year lie in the given one."""
        super().__init__()
        self._year, self._id = year, ""
        self._names: Mapping[str, str] = {}
        self.model: RowsModel[Adjustment] = RowsModel(self._columns())
        self.table = ReportTable("assessment-points", self.model)
        self.table.row_chosen.connect(self._show_one)
        self.unit = Choice("单位")
        self.kind = Choice("加分或扣分", [("加分", ADD), ("扣分", TAKE)])
        self.amount = named(QDoubleSpinBox(), "分值")
        self.amount.setRange(0, 100)
        self.amount.setSingleStep(0.5)
        self.reason = line_edit("事由", "如：经验做法在全市推广")
        self.day = line_edit("日期", "如 2026-03-05 或 3月5日")
        self.save, self.fresh = QPushButton("登记"), QPushButton("另加一笔")
        self.remove = button("撤回这一笔", lambda: self.removed.emit(self._id), "danger")
        set_role(self.save, "primary")
        self.save.clicked.connect(self._save)
        self.fresh.clicked.connect(self.show_new)
        self._lay_out()
        self.show_new()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(SPACE_S)
        for field in (self.unit, self.kind, self.amount, self.reason, self.day):
            form.addRow(field.accessibleName(), field)
        self._head = label("", "section")
        right = QWidget()
        words = "每笔都要写明事由，显示在该单位的计分表上；加分、扣分各有上限，见“计分规则”。"
        column_of(
            self._head,
            form,
            row_of(self.save, self.fresh, self.remove, None, spacing=-1),
            label(words, "help", wrap=True),
            None,
            margins=(SPACE_M, 0, 0, 0),
            parent=right,
        )
        split = splitter(self.table, right, sizes=[740, 420])
        column_of(split, margins=(0, SPACE_M, 0, 0), parent=self)

    def show_points(self, names: Mapping[str, str], given: Sequence[Adjustment]) -> None:
        """Show what was given, and the units that may be chosen."""
        self._names = names
        self.unit.set_entries([(name, code) for code, name in names.items()])
        self.model.set_rows(given)

    def show_new(self) -> None:
        """Offer empty fields."""
        self._id = ""
        self.amount.setValue(1.0)
        self.reason.clear()
        self.day.clear()
        self._show_state()

    def _show_one(self, row: Adjustment) -> None:
        self._id = row.id
        self.unit.set_value(row.unit)
        self.kind.set_value(ADD if row.points > 0 else TAKE)
        self.amount.setValue(abs(row.points))
        self.reason.setText(row.reason)
        self.day.setText(row.day.isoformat())
        self._show_state()

    def _show_state(self) -> None:
        changing = bool(self._id)
        self._head.setText("修改加分扣分" if changing else "登记加分扣分")
        self.save.setText("保存修改" if changing else "登记")
        self.fresh.setVisible(changing)
        self.remove.setVisible(changing)

    def _save(self) -> None:
        try:
            self.saved.emit(self._adjustment())
        except InputRejectedError as problem:
            self.refused.emit(problem)

    def _adjustment(self) -> Adjustment:
        try:
            day = read_date(self.day.text(), self._year)
        except CellError as problem:
            raise reject(f"日期“{self.day.text()}”无法识别", str(problem)) from problem
        if day is None:
            raise reject("没有填日期", "请写成 2026-03-05 或 3月5日")
        points = float(self.kind.value) * self.amount.value()
        return Adjustment(self._id, str(self.unit.value), points, self.reason.text(), day)

    def _columns(self) -> Sequence[RowColumn[Adjustment]]:
        return (
            RowColumn("日期", lambda r: f"{r.day.month}月{r.day.day}日",
                      lambda r: r.day.isoformat(), width=84),
            RowColumn("单位", lambda r: self._names.get(r.unit, r.unit), width=180),
            RowColumn("分值", lambda r: f"{r.points:+g}", lambda r: r.points, number=True,
                      width=72),
            RowColumn("事由", lambda r: r.reason, stretch=True, tip=lambda r: r.reason),
        )  # fmt: skip
