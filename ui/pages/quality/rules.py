"""The rules of data quality: applied or not, and a form for those of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from fsdesk.domain.findings import Severity
from fsdesk.domain.status.lights import Light
from ui.models.rows import RowColumn, RowsModel
from ui.pages.quality.doubt_list import LIGHTS
from ui.pages.quality.rule_form import QualityRuleForm, place_of
from ui.theme import SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of, scrolling, splitter
from ui.widgets.kept_fields import marked
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.services.quality.quality_rules import RuleBook, RuleLine
    from ui.drafts import Drafts

_ORDER = list(Severity)
_FORM_WIDTH = 380  # logical pixels: buttons and scroll bar


class QualityRules(QWidget):
    """Left all rules, right the chosen one; units only read."""

    saved = Signal(object, object)  # QualityRule, what to call once it is stored
    switched = Signal(str, bool)
    dropped = Signal(str)

    def __init__(self, drafts: Drafts, *, is_office: bool) -> None:
        """Begin without rules."""
        super().__init__()
        self._drafts = drafts
        self._line: RuleLine | None = None
        self.rows: RowsModel[RuleLine] = RowsModel(self._columns())
        drafts.marked.connect(self.rows.look_again)
        self.table = ReportTable("quality-rules", self.rows, "检查规则")
        self.table.row_chosen.connect(self._show_line)
        self.form = QualityRuleForm(drafts)
        self.head, self.fault = label("", "section", wrap=True), label("", "error", wrap=True)
        self.save, self.fresh = QPushButton("保存规则"), QPushButton("新增规则")
        self.switch, self.drop = QPushButton("停用"), QPushButton("删除规则")
        set_role(self.save, "primary")
        set_role(self.drop, "danger")
        self.save.clicked.connect(
            lambda: self.saved.emit(self.form.rule(), self.form.kept.handed_over())
        )
        self.fresh.clicked.connect(self.show_new)
        self.switch.clicked.connect(self._switch)
        self.drop.clicked.connect(self._drop)
        self._lay_out(is_office=is_office)

    def _lay_out(self, *, is_office: bool) -> None:
        right = QWidget()
        words = "规则随下发包到各单位，各单位在报送前就能自查。"
        column_of(
            self.head,
            self.fault,
            self.form,
            row_of(self.save, self.fresh, self.switch, self.drop, None),
            label(words, "help", wrap=True),
            None,
            margins=(SPACE_M, 0, 0, 0),
            parent=right,
        )
        area = scrolling(right)
        area.setMinimumWidth(_FORM_WIDTH)
        split = splitter(self.table, area, sizes=[640, 520])
        area.setVisible(is_office)
        column_of(split, margins=(0, SPACE_M, 0, 0), parent=self)

    def show_book(self, book: RuleBook) -> None:
        """Show all rules; the chosen one stays chosen."""
        line, is_new = self._line, self._line is None and bool(self.rows.rows)
        self.form.set_choices(book)
        self.rows.set_rows(book.lines)
        if not is_new:  # something new goes on being written
            self.choose(line.rule.code if line else "")

    def choose(self, code: str) -> None:
        """Choose a rule by its code, or the first."""
        lines = self.rows.rows
        if lines:
            chosen = next((line for line in lines if line.rule.code == code), lines[0])
            self.table.choose_row(chosen)
            self._show_line(chosen)

    def show_new(self) -> None:
        """Offer an empty form."""
        self._line = None
        self.head.setText("新增规则")
        self.fault.hide()
        self.form.show_new()
        self.switch.hide()
        self.drop.hide()
        self.fresh.hide()

    def _show_line(self, line: RuleLine) -> None:
        self._line = line
        self.head.setText(f"{line.subject}：{line.text}")
        waits = self._drafts.waits(place_of(""))
        self.fresh.setText(marked("新增规则", unsaved=waits))
        self.fault.setText(f"这条规则现在不起作用：{line.fault}" if line.fault else "")
        self.fault.setVisible(bool(line.fault))
        self.form.show_rule(line.rule)
        self.switch.setText("停用" if line.applied else "启用")
        self.drop.setText("删除规则" if line.rule.own else "恢复默认")
        self.switch.show()
        self.fresh.show()
        self.drop.setVisible(line.rule.own or line.changed)

    def _switch(self) -> None:
        if self._line is not None:
            self.switched.emit(self._line.rule.code, not self._line.applied)

    def _drop(self) -> None:
        if self._line is not None:
            self.dropped.emit(self._line.rule.code)

    def _columns(self) -> Sequence[RowColumn[RuleLine]]:
        def text(row: RuleLine) -> str:
            return marked(row.text, unsaved=self._drafts.waits(place_of(row.rule.code)))

        return (
            RowColumn("状态", _state, width=80, light=_state_light),
            RowColumn("级别", lambda r: r.rule.level.value, lambda r: _ORDER.index(r.rule.level),
                      width=76, light=lambda r: LIGHTS[r.rule.level]),
            RowColumn("检查对象", lambda r: r.subject, width=150, tip=lambda r: r.subject),
            RowColumn("规则", text, lambda r: r.text, stretch=True, tip=text),
            RowColumn("来源", _source, width=70),
        )  # fmt: skip


def _state(line: RuleLine) -> str:
    if not line.applied:
        return "停用"
    return "不适用" if line.fault else "启用"


def _state_light(line: RuleLine) -> Light:
    return Light.GREEN if line.applied and not line.fault else Light.GREY


def _source(line: RuleLine) -> str:
    if line.rule.own:
        return "自定"
    return "已修改" if line.changed else "内置"
