"""评议考核: places, each unit's score sheet with its sources, points by hand, the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.kinds import SCORE
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.services import assessment
from fsdesk.services.output import reporting
from ui.files import EXCEL
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.pages.assessment.points import PointsPanel
from ui.pages.assessment.rules import PLACE, RulesPanel
from ui.theme import ROW, ROW_DENSE, SPACE_M
from ui.widgets.boxes import boxed, column_of, splitter
from ui.widgets.kept_fields import TabMark
from ui.widgets.label import label
from ui.widgets.later import LaterTabs
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.assessment import Adjustment, LineSource, Scheme, ScoreLine, ScoreSheet
    from fsdesk.services.assessment import Assessment
    from ui.desk import Desk

_ROWS = 2  # of each list that are seen at least
_RANKING = 272  # below that the units' names are cut
_KINDS = ("PDF 文件 (*.pdf)", EXCEL)


class AssessmentPage(Page):
    """The office scores; every figure opens to what it rests on."""

    def __init__(self, desk: Desk) -> None:
        """Build the ranking, the score sheet and the two panels."""
        super().__init__("评议考核")
        self._desk, self._period = desk, ""
        self._found: Assessment | None = None
        self._unit = ""
        self.sheets: RowsModel[ScoreSheet] = RowsModel(_sheet_columns())
        self.sheet_table = ReportTable("assessment-sheets", self.sheets)
        self.sheet_table.row_chosen.connect(self._show_sheet)
        self.lines: RowsModel[ScoreLine] = RowsModel(_line_columns())
        self.line_table = ReportTable("assessment-lines", self.lines)
        self.line_table.row_chosen.connect(self._show_line)
        self.sources: RowsModel[LineSource] = RowsModel(_source_columns())
        self.source_table = ReportTable("assessment-sources", self.sources)
        self.source_table.row_opened.connect(self._open_source)
        self.header.set_primary("导出排名表", lambda: self._export(""), "file-spreadsheet")
        self.header.add_quiet("预览打印", self._preview, "printer")
        self.header.add_quiet("导出计分表", lambda: self._export(self._unit), "file-text")
        self._lay_out()

    def _lay_out(self) -> None:
        self._name = label("", "section")
        self._basis = label("", "help", wrap=True)
        for table in (self.line_table, self.source_table):
            table.setMinimumHeight(ROW + _ROWS * ROW_DENSE)
        self.sheet_table.setMinimumWidth(_RANKING)
        self.tabs = LaterTabs()
        self.body.addWidget(self.tabs, 1)
        scores = column_of(margins=(0, SPACE_M, 0, 0))
        self.tabs.addTab(boxed(scores), "排名和计分表")
        # What explains the line stands above both: in a splitter it would not wrap.
        right = column_of(self._name, self._basis)
        splitter(self.sheet_table, boxed(right), sizes=[400, 780], box=scores)
        splitter(self.line_table, self.source_table, sizes=[390, 170], upright=True, box=right)
        self._points = self.tabs.add("加分扣分", self._make_points)
        self._rules = self.tabs.add("计分规则", self._make_rules)
        TabMark(self._desk.drafts, self.tabs, self._points, "assessment/points")
        TabMark(self._desk.drafts, self.tabs, self._rules, PLACE)

    def _make_points(self) -> PointsPanel:
        made = PointsPanel(self._desk.workspace.identity.year, self._desk.drafts)
        made.saved.connect(self._save_points)
        made.removed.connect(self._remove_points)
        made.refused.connect(self._desk.messages.error)
        return made

    def _make_rules(self) -> RulesPanel:
        made = RulesPanel(self._desk.drafts)
        made.saved.connect(self._save_rules)
        made.reset.connect(self._reset_rules)
        return made

    @property
    def points(self) -> PointsPanel:
        """What people add and take."""
        return self._points.part

    @property
    def rules(self) -> RulesPanel:
        """By what units are scored."""
        return self._rules.part

    def refresh(self, period: str) -> None:
        """Score all units up to a period."""
        self._period = period
        self._desk.run(lambda w: assessment.assess(w, Period.parse(period)), self._show)

    def show_item(self, item: object) -> None:
        """Open the score sheet of a unit, by its code."""
        self.tabs.setCurrentIndex(0)
        self._unit = str(item)
        self._choose_unit()

    def _show(self, found: Assessment) -> None:
        self._found = found
        changed = "规则已修改" if found.changed else "默认规则"
        self.header.set_note(f"{found.status.until_text}；{changed}，总分 100 分，加分扣分另计")
        self.sheets.set_rows(found.sheets)
        self._points.bring(lambda panel: panel.show_points(found.names, found.adjustments))
        self._rules.bring(lambda panel: panel.show_scheme(found.scheme, changed=found.changed))
        self._choose_unit()

    def _choose_unit(self) -> None:
        """Make the unit's row the current one, or the first."""
        mine = next((sheet for sheet in self.sheets.rows if sheet.unit == self._unit), None)
        if mine is None:
            self.sheet_table.choose_first()
            return
        self.sheet_table.choose_row(mine)
        self._show_sheet(mine)

    def _show_sheet(self, sheet: ScoreSheet) -> None:
        self._unit = sheet.unit
        words = f"{sheet.name}：{_n(sheet.total)} 分，第 {sheet.rank} 名，{sheet.grade}"
        self._name.setText(words)
        self.line_table.show_again(sheet.lines, lambda row: (row.title, row.basis))

    def _show_line(self, line: ScoreLine) -> None:
        self._basis.setText(f"{line.title}：{line.basis}。{line.formula}，得 {_n(line.points)} 分")
        self.sources.set_rows(line.sources)

    def _open_source(self, source: LineSource) -> None:
        """Open the task behind an indicator or a thing to do."""
        if source.item.startswith("T"):
            self.open_requested.emit("plan", source.item)

    # Points by hand and rules

    def _save_points(self, adjustment: Adjustment, stored: Callable[[], None]) -> None:
        def done(_saved: object) -> None:
            stored()
            self.points.show_new()
            self._changed("已登记，各单位得分已更新。")

        self._desk.run(lambda w: assessment.save_adjustment(w, adjustment), done)

    def _remove_points(self, adjustment: str) -> None:
        self._desk.run(
            lambda w: assessment.remove_adjustment(w, adjustment),
            lambda _none: self._removed(),
        )

    def _removed(self) -> None:
        self.points.kept.give_up()
        self.points.show_new()
        self._changed("已撤回，变更记录中仍可查到。")

    def _save_rules(self, scheme: Scheme) -> None:
        self._desk.run(
            lambda w: assessment.save_scheme(w, scheme),
            lambda _none: self._changed("计分规则已保存，各单位得分已按新规则重算。"),
        )

    def _reset_rules(self) -> None:
        self._desk.run(
            lambda w: assessment.save_scheme(w, assessment.builtin_scheme()),
            lambda _none: self._was_reset(),
        )

    def _was_reset(self) -> None:
        self.rules.kept.give_up()
        self._changed("已恢复默认规则。")

    def _changed(self, words: str) -> None:
        self._desk.messages.info(words)
        self.refresh(self._period)
        self.data_changed.emit()

    def _preview(self) -> None:
        """Open the ranking where tables are laid out and printed."""
        self.open_requested.emit("printing", ("table", "assessment"))

    def _export(self, unit: str) -> None:
        found = self._found
        if found is None:
            return
        name = f"评议考核计分表-{found.names[unit]}" if unit else "评议考核排名表"
        file = self._desk.files.save(
            f"导出{name}", f"{name}-{found.period}.pdf", _KINDS, "assessment"
        )
        if file is None:
            return
        period = found.period
        kind = SCORE if unit else "assessment"
        self._desk.run(
            lambda w: reporting.write_table(w, kind, period, file, item=unit),
            lambda _pages: self._desk.tell_written(f"已导出{name}。", file),
            title="正在导出",
        )


def _n(number: float) -> str:
    return number_text(number)


def _sheet_columns() -> Sequence[RowColumn[ScoreSheet]]:
    return (
        RowColumn("名次", lambda r: str(r.rank), lambda r: r.rank, number=True, width=52),
        RowColumn("单位", lambda r: r.name, stretch=True),
        RowColumn("得分", lambda r: _n(r.total), lambda r: r.total, number=True, width=68),
        RowColumn("等次", lambda r: r.grade, lambda r: -r.total, width=64),
    )


def _line_columns() -> Sequence[RowColumn[ScoreLine]]:
    return (
        RowColumn("计分项", lambda r: r.title, width=116, tip=lambda r: r.basis),
        RowColumn("情况", lambda r: r.value, lambda r: r.number, number=True, width=84),
        RowColumn("计算", lambda r: r.formula, stretch=True, tip=lambda r: r.formula),
        RowColumn("满分", lambda r: "" if r.full is None else _n(r.full), lambda r: r.full or 0.0,
                  number=True, width=52),
        RowColumn("得分", lambda r: _n(r.points), lambda r: r.points, number=True, width=60),
    )  # fmt: skip


def _source_columns() -> Sequence[RowColumn[LineSource]]:
    return (
        RowColumn("依据", lambda r: r.name, stretch=True, tip=lambda r: r.name),
        RowColumn("情况", lambda r: r.text, lambda r: -1.0 if r.share is None else r.share,
                  width=250, tip=lambda r: r.text),
    )  # fmt: skip
