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
from ui.widgets.boxes import column_of, row_of, scrolling, splitter
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit, named
from ui.widgets.kept_fields import KeptFields, marked
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.drafts import FieldValue
    from ui.drafts import Drafts

ADD, TAKE = 1.0, -1.0
_FORM_WIDTH = 320  # logical pixels: buttons and scroll bar
_NAMES = ("unit", "kind", "amount", "reason", "day")


class PointsPanel(QWidget):
    """Left what was given, right the form."""

    saved = Signal(object, object)  # Adjustment, what to call once it is stored
    removed = Signal(str)  # its id
    refused = Signal(object)  # InputRejectedError

    def __init__(self, year: int, drafts: Drafts) -> None:
        """Begin without points; dates without a year lie in the given one."""
        super().__init__()
        self._year, self._id, self._drafts = year, "", drafts
        self.kept = KeptFields(drafts, self)
        self._names: Mapping[str, str] = {}
        self.model: RowsModel[Adjustment] = RowsModel(self._columns())
        self.table = ReportTable("assessment-points", self.model, single=True)
        self.table.row_chosen.connect(self._show_one)
        drafts.marked.connect(self.model.look_again)
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
        for name, field in zip(_NAMES, self._fields, strict=True):
            self.kept.add(name, field)
        self._lay_out()
        self.show_new()

    @property
    def _fields(self) -> tuple[QWidget, ...]:
        return self.unit, self.kind, self.amount, self.reason, self.day

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(SPACE_S)
        for field in self._fields:
            form.addRow(field.accessibleName(), field)
        self._head = label("", "section")
        right = QWidget()
        words = "每笔都要写明事由，显示在该单位的计分表上；加分、扣分各有上限，见“计分规则”。"
        column_of(
            self._head,
            form,
            self.kept.note,
            row_of(self.save, self.fresh, self.remove, None, spacing=-1),
            label(words, "help", wrap=True),
            None,
            margins=(SPACE_M, 0, 0, 0),
            parent=right,
        )
        area = scrolling(right)
        area.setMinimumWidth(_FORM_WIDTH)
        split = splitter(self.table, area, sizes=[740, 420])
        column_of(split, margins=(0, SPACE_M, 0, 0), parent=self)

    def show_points(self, names: Mapping[str, str], given: Sequence[Adjustment]) -> None:
        """Show what was given, and the units that may be chosen."""
        self._names = names
        self.unit.set_entries([(name, code) for code, name in names.items()])
        self.table.show_again(given, lambda row: row.id, first=False)
        self.kept.show_again()

    def show_new(self) -> None:
        """Offer empty fields."""
        self._id = ""
        first = self.unit.itemText(0)
        self._show_values(first, "加分", 1.0, "", "")

    def _show_one(self, row: Adjustment) -> None:
        self._id = row.id
        name, kind = self._names.get(row.unit, row.unit), "加分" if row.points > 0 else "扣分"
        self._show_values(name, kind, abs(row.points), row.reason, row.day.isoformat())

    def _show_values(self, *values: FieldValue) -> None:
        self.kept.show(_place(self._id), dict(zip(_NAMES, values, strict=True)))
        self._show_state()

    def _show_state(self) -> None:
        changing = bool(self._id)
        self._head.setText("修改加分扣分" if changing else "登记加分扣分")
        self.save.setText("保存修改" if changing else "登记")
        self.fresh.setVisible(changing)
        self.remove.setVisible(changing)

    def _save(self) -> None:
        try:
            self.saved.emit(self._adjustment(), self.kept.handed_over())
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
        def reason(row: Adjustment) -> str:
            return marked(row.reason, unsaved=self._drafts.waits(_place(row.id)))

        return (
            RowColumn("日期", lambda r: r.day.isoformat(), width=92),
            RowColumn("单位", lambda r: self._names.get(r.unit, r.unit), width=180),
            RowColumn("分值", lambda r: f"{r.points:+g}", lambda r: r.points, number=True,
                      width=72),
            RowColumn("事由", reason, lambda r: r.reason, stretch=True, tip=reason),
        )  # fmt: skip


def _place(adjustment: str) -> str:
    """Return where what is typed for an adjustment, or a new one, is kept."""
    return f"assessment/points/{adjustment or 'new'}"
