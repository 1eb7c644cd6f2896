"""基本信息: the plan's own words and the district's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.plan import edits
from fsdesk.domain.plan.codes import FreshCodes
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.plan import PlanConstant
from ui.models.rows import RowColumn, RowsModel
from ui.pages.plan_editing.asking import ask_text
from ui.pages.plan_editing.fields import Fields
from ui.theme import SPACE_S
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan
    from ui.desk import Desk

_REQUIREMENT_HEIGHT = 140
_LIST_HEIGHT = 130


class AboutPanel(QWidget):
    """Title, issuer, overall requirement; below, the figures that indicators are divided by."""

    edit_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        """Begin without a plan."""
        super().__init__()
        self._desk = desk
        self._code = ""
        self.words = Fields(desk.drafts)
        self.words.add_line("title", "计划标题")
        self.words.add_line("issuer", "发文单位")
        self.words.add_text("requirement", "总体要求", _REQUIREMENT_HEIGHT)
        self.words.committed.connect(self._commit_words)
        self.model: RowsModel[PlanConstant] = RowsModel(
            (
                RowColumn("参数", lambda row: row.name, stretch=True),
                RowColumn("数值", lambda row: number_text(row.value), lambda r: r.value,
                          number=True, width=140),
                RowColumn("计量单位", lambda row: row.measure_unit, width=110),
            )
        )  # fmt: skip
        self.table = ReportTable("plan-constants", name="计划参数", single=True)
        self.table.setFixedHeight(_LIST_HEIGHT)
        self.table.show_rows(self.model)
        self.table.row_chosen.connect(self._choose)
        self.fields = Fields(desk.drafts)
        self.fields.add_line("name", "参数名称")
        self.fields.add_number("value", "数值")
        self.fields.add_line("measure_unit", "计量单位")
        self.fields.committed.connect(self._commit_constant)
        self._lay_out()

    def _lay_out(self) -> None:
        row = row_of(
            label("计划参数", "section"),
            (label("推算指标和单位均量比较所用，如常住人口、监管对象", "help"), 1),
        )
        for words, action in (("添加参数", self._add), ("移除选中的参数", self._remove)):
            row.addWidget(button(words, action))
        column_of(
            self.words, row, self.table, self.fields, None, margins=(0, SPACE_S, 0, 0), parent=self
        )

    def show_plan(self, plan: Plan) -> None:
        """Show a plan's words and figures."""
        self.words.show_values(
            {"title": plan.title, "issuer": plan.issuer, "requirement": plan.overall_requirement},
            "plan-editing/head",
        )
        self.fields.setVisible(bool(plan.constants))
        self.table.show_again(plan.constants, lambda row: row.code)

    def _choose(self, row: PlanConstant) -> None:
        self._code = row.code
        self.fields.show_values(
            {"name": row.name, "value": float(row.value), "measure_unit": row.measure_unit},
            f"plan-editing/constant/{row.code}",
        )

    def _commit_words(self, key: str, value: object) -> None:
        def edit(plan: Plan, _taken: object) -> Plan:
            words = {
                "title": plan.title,
                "issuer": plan.issuer,
                "requirement": plan.overall_requirement,
            }
            return edits.set_head(plan, **(words | {key: str(value)}))

        self.edit_wanted.emit(edit)

    def _commit_constant(self, key: str, value: Any) -> None:  # noqa: ANN401 - as the field gives it
        code = self._code

        def edit(plan: Plan, _taken: object) -> Plan:
            changed = {key: 0.0 if value is None else value}
            constants = [
                replace(item, **changed) if item.code == code else item for item in plan.constants
            ]
            return edits.set_constants(plan, constants)

        self.edit_wanted.emit(edit)

    def _add(self) -> None:
        name = ask_text(self._desk, self, "添加参数", "参数名称，如“常住人口”")
        if name:
            self.edit_wanted.emit(lambda plan, taken: _with_constant(plan, name, taken))

    def _remove(self) -> None:
        code = self._code
        self.edit_wanted.emit(
            lambda plan, _taken: edits.set_constants(
                plan, [item for item in plan.constants if item.code != code]
            )
        )


def _with_constant(plan: Plan, name: str, taken: Any) -> Plan:  # noqa: ANN401 - codes
    code = FreshCodes(plan, {*taken, *(item.code for item in plan.constants)}).next("c")
    return edits.set_constants(plan, [*plan.constants, PlanConstant(code, name, 1.0, "")])
