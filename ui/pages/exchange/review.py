"""审核: which units have reported, what they say, and what the office says to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.output.wording import clock_text
from fsdesk.domain.periods import Period
from fsdesk.domain.records.checks import item_name
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.services.packet import reviewing
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status import aggregation
from ui.models.rows import RowColumn, RowsModel
from ui.pages.wording import record_text
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.fields import line_edit
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Record
    from fsdesk.services.status.aggregation import UnitReport
    from ui.desk import Desk

_Loaded = tuple["Plan", "tuple[UnitReport, ...]"]


class ReviewPanel(QWidget):
    """Units at the left, the chosen unit's report at the right, what to say below."""

    changed = Signal()  # the workspace was written to

    def __init__(self, desk: Desk) -> None:
        """Begin empty."""
        super().__init__()
        self._desk, self._period = desk, ""
        self._plan: Plan | None = None
        self._unit: UnitReport | None = None
        self._comments: dict[str, str] = {}
        self.units: RowsModel[UnitReport] = RowsModel(_unit_columns())
        self.units_table = ReportTable("review-units", self.units, "各单位报送情况")
        self.units_table.row_chosen.connect(self._choose)
        self.rows: RowsModel[Record] = RowsModel(self._row_columns())
        self.rows_table = ReportTable("review-rows", self.rows, "报送内容")
        self.rows_table.row_chosen.connect(self._show_comment)
        words = "对选中这一项的意见，退回时发给单位"
        self.comment = line_edit(words, words)
        self.comment.textEdited.connect(self._note_comment)
        self.overall = line_edit("总的意见，退回、重新开放时必填", "总的意见，退回、重新开放时必填")
        self.accept = button("接收", self._accept, "primary")
        self.give_back = button("退回", self._return)
        self.accept_all = button("批量接收", self._accept_all)
        self.leave_out = button("不计入汇总", self._leave_out)
        self._lay_out()
        self._enable()

    def _lay_out(self) -> None:
        buttons = row_of(
            (label("接收后锁定。审核后请生成反馈包发给单位。", "muted"), 1),
            self.leave_out,
            self.accept_all,
            self.give_back,
            self.accept,
            spacing=-1,
        )
        right = boxed(column_of((self.rows_table, 1), self.comment, self.overall, buttons))
        split = splitter(self.units_table, (right, 1), sizes=[430, 670], collapsible=True)
        column_of((split, 1), margins=(0, SPACE_S, 0, 0), parent=self)

    def refresh(self, period: str) -> None:
        """Load the reports of a period; the chosen unit stays chosen."""
        self._period = period
        workspace = self._desk.workspace

        def job() -> _Loaded:
            reports = aggregation.reports_of(workspace.latest, Period.parse(period))
            return current_plan(workspace), reports

        self._desk.runner.run(job, self._show)

    def _show(self, loaded: _Loaded) -> None:
        chosen = self._unit.unit if self._unit else ""
        self._plan, reports = loaded
        self._unit = None
        self.rows.set_rows(())
        self.units.set_rows(reports)
        place = next((n for n, report in enumerate(reports) if report.unit == chosen), 0)
        order = self.units_table.model()
        if reports:
            self.units_table.selectRow(order.index(place, 0).row())
        self._enable()

    def _choose(self, row: object) -> None:
        if not isinstance(row, aggregation.UnitReport):
            return
        self._unit, self._comments = row, {}
        self.comment.clear()
        self.overall.clear()
        self._enable()
        period = Period.parse(self._period)
        unit = row.unit
        self._desk.run(
            lambda w: reviewing.reported(w, unit, period), lambda rows: self._fill(unit, rows)
        )

    def _fill(self, unit: str, rows: tuple[Record, ...]) -> None:
        if self._unit and self._unit.unit == unit:
            self.rows.set_rows(rows)
            self.rows_table.choose_first()
            self._enable()

    def _enable(self) -> None:
        row = self._unit
        received = bool(row and row.state)
        locked = bool(row and row.locked)
        self.accept.setEnabled(received and not locked)
        self.give_back.setEnabled(received)
        self.give_back.setText("重新开放" if locked else "退回")
        self.overall.setEnabled(received)
        self.comment.setEnabled(received and not locked and bool(self.rows.rows))
        self.accept_all.setEnabled(bool(self._waiting()))
        self.leave_out.setEnabled(row is not None)
        self.leave_out.setText("恢复计入" if row and row.left_out else "不计入汇总")

    # What the office says

    def _show_comment(self, row: object) -> None:
        key = getattr(row, "key", None)
        self.comment.setText(self._comments.get(key.item, "") if key else "")

    def _note_comment(self, text: str) -> None:
        row: Record | None = self.rows_table.current_row()
        if row is not None:
            self._comments[row.key.item] = text.strip()

    def _accept(self) -> None:
        self._decide(reviewing.accept, self.overall.text(), self._row_comments())

    def _return(self) -> None:
        verb = self.give_back.text()
        if not self.overall.text().strip():
            self._desk.messages.warn(f"{verb}时要写明原因，请填写总的意见。")
            self.overall.setFocus()
            return
        if self._unit and self._unit.locked:
            self._decide(reviewing.reopen, self.overall.text())
            return
        self._decide(reviewing.return_report, self.overall.text(), self._row_comments())

    def _row_comments(self) -> dict[str, str]:
        return {item: text for item, text in self._comments.items() if text}

    def _decide(self, decision: Callable[..., object], *words: object) -> None:
        if self._unit is None:
            return
        unit = self._unit.unit
        period = Period.parse(self._period)
        self._desk.run(lambda w: decision(w, unit, period, *words), lambda _review: self._end())

    def _waiting(self) -> list[UnitReport]:
        return [row for row in self.units.rows if row.state is SubmissionState.SUBMITTED]

    def _accept_all(self) -> None:
        waiting = self._waiting()
        names = "、".join(row.name for row in waiting)
        detail = f"{names}。接收后本期数据锁定，需要更正时再写明原因重新开放。"
        if not self._desk.messages.ask(f"接收 {len(waiting)} 个单位的报送吗？", detail, ("接收",)):
            return
        period = Period.parse(self._period)

        units = [row.unit for row in waiting]
        self._desk.run(lambda w: reviewing.accept_all(w, units, period), self._accepted_all)

    def _accepted_all(self, found: tuple[Sequence[object], Sequence[object]]) -> None:
        accepted, findings = found
        if findings:
            words = "；".join(str(finding) for finding in findings)
            self._desk.messages.warn(f"已接收 {len(accepted)} 个单位。没有接收的：{words}")
        self._end()

    def _leave_out(self) -> None:
        row, reason = self._unit, self.overall.text().strip()
        if row is None:
            return
        if not row.left_out and not reason:
            self._desk.messages.warn("不计入汇总时要写明原因，请填写总的意见。")
            self.overall.setFocus()
            return
        self._decide(reviewing.leave_out, "" if row.left_out else reason)

    def _end(self) -> None:
        self.refresh(self._period)
        self.changed.emit()

    def _row_columns(self) -> tuple[RowColumn[Record], ...]:
        def name(row: Record) -> str:
            return item_name(self._plan, row.key) if self._plan else row.key.item

        def text(row: Record) -> str:
            return record_text(self._plan, row.key, row.content) if self._plan else ""

        return (
            RowColumn("项目", name, width=230, tip=name),
            RowColumn("内容", text, stretch=True, tip=text),
        )


def _unit_columns() -> tuple[RowColumn[UnitReport], ...]:
    def on_time(row: UnitReport) -> str:
        return {None: "", True: "按时", False: "逾期"}[row.on_time]

    def made(row: UnitReport) -> str:
        return clock_text(row.made_at) if row.made_at else ""

    return (
        RowColumn("单位", lambda r: r.name, stretch=True, tip=lambda r: r.left_out or r.name),
        RowColumn("状态", lambda r: r.state_label, width=116, tip=lambda r: r.state_label),
        RowColumn("报送时间", made, lambda r: r.made_at, width=126),
        RowColumn("时限", on_time, width=56),
    )
