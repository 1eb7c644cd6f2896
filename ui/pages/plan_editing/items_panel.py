"""The indicators and deliverables of a task: a list, and the fields of the one that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from fsdesk.domain.plan import edits
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, Operator
from fsdesk.domain.plan.plan import Deliverable
from ui.models.rows import RowColumn, RowsModel, amount_or_day
from ui.pages.plan_editing.item_forms import DeliverableForm, IndicatorForm
from ui.theme import SPACE_S
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button, tool
from ui.widgets.label import label
from ui.widgets.later import Later
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan, Task
    from ui.drafts import Drafts

_LIST_HEIGHT = 176
_NEW_INDICATOR = Indicator(
    "", "新指标", IndicatorKind.COUNT, Aggregation.CUMULATIVE, Operator.AT_LEAST, 1, "项"
)
_NEW_DELIVERABLE = Deliverable("", "新事项")

Item = Indicator | Deliverable
_Form = TypeVar("_Form", IndicatorForm, DeliverableForm)


class ItemsPanel(QWidget):
    """One list of both kinds, as in the plan's document."""

    edit_wanted = Signal(object)

    def __init__(self, drafts: Drafts) -> None:
        """Begin without a task."""
        super().__init__()
        self._plan: Plan | None = None
        self._task: Task | None = None
        self._follow_new = False
        self.model: RowsModel[Item] = RowsModel(
            (
                RowColumn("编码", lambda row: row.code, width=92),
                RowColumn("类别", _kind, width=56),
                RowColumn("名称", _name, stretch=True, tip=_name),
                RowColumn("目标或时限", _target, _goal, width=150),
            )
        )
        self.table = ReportTable("plan-items", name="指标和事项", single=True)
        self.table.setFixedHeight(_LIST_HEIGHT)
        self.table.show_rows(self.model)
        self.table.row_chosen.connect(self._choose)
        self._indicator = Later(lambda: self._made(IndicatorForm(drafts)))
        self._deliverable = Later(lambda: self._made(DeliverableForm(drafts)))
        self.forms = QStackedWidget()
        self._lay_out()
        self.forms.addWidget(label("选中上面的一行，在这里修改。", "help"))
        for form in (self._indicator, self._deliverable):
            self.forms.addWidget(form)

    def _made(self, form: _Form) -> _Form:
        form.edit_wanted.connect(self.edit_wanted)
        return form

    @property
    def indicator(self) -> IndicatorForm:
        """The fields of an indicator."""
        return self._indicator.part

    @property
    def deliverable(self) -> DeliverableForm:
        """The fields of a deliverable."""
        return self._deliverable.part

    def _lay_out(self) -> None:
        self.add_indicator = button("添加指标", self._add_indicator)
        self.add_deliverable = button("添加事项", self._add_deliverable)
        self.remove = button("移出选中项", self._remove)
        self.up = tool("arrow-up", "选中项上移", lambda: self._move(-1))
        self.down = tool("arrow-down", "选中项下移", lambda: self._move(1))
        row = row_of(
            label("指标和事项", "section"),
            None,
            self.add_indicator,
            self.add_deliverable,
            self.up,
            self.down,
            self.remove,
        )
        column_of(row, self.table, self.forms, margins=(0, SPACE_S, 0, 0), parent=self)

    def show_task(self, plan: Plan, task: Task) -> None:
        """Show a task's items; the chosen one stays chosen, or a new one becomes so."""
        before = {row.code for row in self.model.rows}
        same = self._task is not None and self._task.code == task.code
        chosen = self.table.current_row()
        self._plan, self._task = plan, task
        rows = (*task.indicators, *task.deliverables)
        self.model.set_rows(rows)
        wanted = chosen.code if chosen is not None and same else ""
        new = [row.code for row in rows if row.code not in before]
        if self._follow_new and same and new:
            wanted = new[-1]
        self._follow_new = False
        self.choose(wanted or (rows[0].code if rows else ""))

    def choose(self, code: str) -> None:
        """Choose an item by its code and show its fields."""
        self.forms.setCurrentIndex(0)
        if self.table.choose_rows(lambda row: row.code == code):
            self._choose(self.table.current_row())

    def _choose(self, row: Item) -> None:
        if self._plan is None or self._task is None:
            return
        if isinstance(row, Indicator):
            self.indicator.show_indicator(self._plan, self._task, row)
            self.forms.setCurrentWidget(self._indicator)
        else:
            self.deliverable.show_deliverable(self._task, row)
            self.forms.setCurrentWidget(self._deliverable)

    def _add_indicator(self) -> None:
        if self._task is not None:
            task, self._follow_new = self._task.code, True
            self.edit_wanted.emit(
                lambda plan, taken: edits.put_indicator(plan, task, _NEW_INDICATOR, taken)
            )

    def _add_deliverable(self) -> None:
        if self._task is not None:
            task, self._follow_new = self._task.code, True
            self.edit_wanted.emit(
                lambda plan, taken: edits.put_deliverable(plan, task, _NEW_DELIVERABLE, taken)
            )

    def _remove(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.edit_wanted.emit(lambda plan, _taken: edits.drop_item(plan, row.code))

    def _move(self, by: int) -> None:
        row = self.table.current_row()
        if row is not None:
            self.edit_wanted.emit(lambda plan, _taken: edits.move_item(plan, row.code, by))


def _kind(row: Item) -> str:
    return "指标" if isinstance(row, Indicator) else "事项"


def _name(row: Item) -> str:
    return row.name if isinstance(row, Indicator) else row.title


def _target(row: Item) -> str:
    if isinstance(row, Indicator):
        return row.target_text
    return row.schedule_text


def _goal(row: Item) -> object:
    return amount_or_day(row.target if isinstance(row, Indicator) else row.due)
