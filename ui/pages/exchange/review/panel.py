"""审核: report after report, each record beside what it is judged by, and what is said to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fsdesk.domain.periods import Period
from fsdesk.domain.records.checks import item_name
from fsdesk.domain.records.submissions import ReviewState, SubmissionState
from fsdesk.services.packet import review_desk, review_undo, reviewing
from fsdesk.services.packet.review_desk import ReportRow
from ui.models.rows import RowColumn, RowsModel, amount_or_day
from ui.pages.exchange.review.record_detail import RecordDetail
from ui.pages.exchange.review.report_list import ReportList, made_text, place_of
from ui.pages.exchange.review.words import answer_lines, said_in
from ui.theme import ROW, ROW_DENSE, SPACE_S, SPACE_XS
from ui.widgets.boxes import boxed, column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.fields import line_edit
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import ElidedLabel
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.quality.doubts import DataDoubt
    from fsdesk.domain.records.submissions import Review
    from fsdesk.services.packet.review_desk import (
        ReportDoubts,
        ReportSheet,
        ReviewDesk,
        ReviewedReport,
    )
    from fsdesk.workspace import Workspace
    from ui.desk import Desk

_MOST_NAMED = 3
_TEXT = "text"


class ReviewPanel(QWidget):
    """Reports at the left, the chosen one at the right, what to say below; all by keys as well."""

    changed = Signal()  # the workspace was written to
    counted = Signal(int)  # so many reports of the period wait

    def __init__(self, desk: Desk) -> None:
        """Begin empty."""
        super().__init__()
        self._desk, self._period = desk, ""
        self._found: ReviewDesk | None = None
        self._report: ReviewedReport | None = None
        self._sheet: ReportSheet | None = None
        self._doubts: ReportDoubts | None = None
        self._item = ""  # the code of the record that was chosen last
        self.reports = ReportList(desk)
        self.reports.chosen.connect(self._choose)
        self.title = ElidedLabel("section")
        self.history = button("报送经过", self._turn, "link", "history")
        self.history.setCheckable(True)
        self.rows: RowsModel[ReportRow] = RowsModel(self._row_columns())
        self.rows_table = ReportTable("review-rows", self.rows, "报送内容")
        self.rows_table.setMinimumHeight(ROW + 2 * ROW_DENSE)
        self.rows_table.row_chosen.connect(self._show_row)
        desk.drafts.marked.connect(lambda _place: self.rows.look_again())
        self.detail = RecordDetail(desk)
        self._make_fields()
        self._make_buttons()
        self._lay_out()
        self._enable()

    def _make_fields(self) -> None:
        """Make the lines for what is said, each kept as typed until it is sent."""
        words = "对选中这一项的意见，退回时发给单位"
        self.comment = line_edit(words, words)
        self.of_row = KeptFields(self._desk.drafts, self)
        self.of_row.add(_TEXT, self.comment)
        words = "总的意见，退回、重新开放、不计入时必填"
        self.overall = line_edit(words, words)
        self.of_report = KeptFields(self._desk.drafts, self)
        self.of_report.add(_TEXT, self.overall)

    def _make_buttons(self) -> None:
        self.accept = button("接收", self._accept, "primary", tip="接收并锁定（按键 A）")
        self.give_back = button("退回", self._return, tip="退回或重新开放（按键 R）")
        self.take_back = button("撤销审核", self._take_back, icon="undo-2")
        self.take_back.setToolTip("反馈包发出以前，可以撤销这份报送最近一次的审核")
        self.accept_all = button("批量接收…", self._accept_all)
        self.leave_out = button("不计入汇总", self._leave_out)
        for key, act in (
            ("J", lambda: self._move(1)),
            ("K", lambda: self._move(-1)),
            ("A", self.accept.click),
            ("R", self.give_back.click),
            ("N", self.reports.go_on),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _lay_out(self) -> None:
        keys = ElidedLabel("help")
        keys.setText("按键：J、K 下一行、上一行；A 接收；R 退回；N 下一家待审")
        buttons = row_of(
            (keys, 1),
            self.leave_out,
            self.accept_all,
            self.take_back,
            self.give_back,
            self.accept,
            spacing=-1,
        )
        right = boxed(
            column_of(
                row_of((self.title, 1), self.history, spacing=-1),
                (self.rows_table, 2),
                (self.detail, 1),
                row_of((self.comment, 1), self.of_row.note),
                row_of((self.overall, 1), self.of_report.note),
                buttons,
                spacing=SPACE_XS,
            )
        )
        split = splitter(self.reports, (right, 1), sizes=[280, 910], collapsible=True)
        column_of((split, 1), margins=(0, SPACE_S, 0, 0), parent=self)

    # What is shown

    def refresh(self, period: str) -> None:
        """Load the reports of a period; the chosen one stays chosen."""
        self._period = period
        self._desk.run(lambda w: review_desk.review_desk(w, Period.parse(period)), self._show)

    def show_desk(self, found: ReviewDesk) -> None:
        """Show the reports of a period that were loaded already."""
        self._period = str(found.period)
        self._show(found)

    def _show(self, found: ReviewDesk) -> None:
        if str(found.period) != self._period:
            return
        self._found = found
        wanted, self._report = self._report, None
        self.counted.emit(len(found.waiting))
        self.reports.show_desk(found, wanted)
        if not found.reports:
            self._clear()
        self._enable()

    def _clear(self) -> None:
        self._sheet = self._doubts = None
        self.rows.set_rows(())
        self.title.setText("这一期没有应报的单位。")
        self._show_row(None)
        self.of_report.show("", {_TEXT: ""})

    def _choose(self, report: ReviewedReport) -> None:
        self._report, self._sheet, self._doubts = report, None, None
        self.title.setText(_title(report))
        self.history.setChecked(False)
        self._turn()
        said = self.of_report
        said.show(place_of(report), {_TEXT: ""})
        self._enable()

        def is_shown() -> bool:
            return self._report is report

        def fill(sheet: ReportSheet) -> None:
            if is_shown():
                self._fill(sheet)

        def mark(found: ReportDoubts) -> None:
            if is_shown():
                self._mark(found)

        workspace, unit, period = self._desk.workspace, report.unit, report.period
        self._desk.run(lambda w: review_desk.report_sheet(w, unit, period), fill)
        # All rows of the unit's ledgers are looked at for it.
        self._desk.runner.beside(lambda: review_desk.report_doubts(workspace, unit, period), mark)

    def _fill(self, sheet: ReportSheet) -> None:
        self._sheet = sheet
        review = sheet.review if sheet.said or self._is_returned else None
        if self._report is not None:
            stored = review.comment if review else ""
            self.of_report.show(place_of(self._report), {_TEXT: stored})
        self.rows.set_rows(sheet.rows)
        row = next((row for row in sheet.rows if row.key.item == self._item), None)
        if row is None:
            self.rows_table.choose_first()
        else:
            self.rows_table.choose_row(row)
        self._enable()

    @property
    def _is_returned(self) -> bool:
        return self._report is not None and self._report.state is SubmissionState.RETURNED

    def _mark(self, found: ReportDoubts) -> None:
        self._doubts = found
        self.rows.look_again()
        if self._report is not None:
            self.title.setText(_title(self._report, found))
        row = self.rows_table.current_row()
        if isinstance(row, ReportRow):
            self._show_row(row)

    def _show_row(self, row: object) -> None:
        sheet = self._sheet
        if not isinstance(row, ReportRow) or sheet is None or self._report is None:
            self.of_row.show("", {_TEXT: ""})
            self.detail.show_row(None, None, (), ())
            return
        self._item = row.key.item
        said = sheet.said.get(row.key.item, "")
        self.of_row.show(self._row_place(row), {_TEXT: said})
        answers = answer_lines(sheet.opinions_on(row.key.item))
        self.detail.show_row(sheet.plan, row, self._doubts_of(row), answers)

    def _doubts_of(self, row: ReportRow) -> tuple[DataDoubt, ...]:
        return self._doubts.rows.get(row.key.item, ()) if self._doubts else ()

    def _row_place(self, row: ReportRow) -> str:
        return f"review/{row.key.unit}/{row.key.period}/rows/{row.key.item}"

    def _turn(self) -> None:
        """Show what became of the report in place of the record, or the record again."""
        names = {row.key.item: self._name(row) for row in self.rows.rows}
        self.detail.show_history(self._report if self.history.isChecked() else None, names)

    def _move(self, step: int) -> None:
        """Go to the next or the last row of the list that has the cursor."""
        units = self.reports.table
        table = units if units.hasFocus() else self.rows_table
        row = table.currentIndex().row() + step
        if 0 <= row < table.model().rowCount():
            table.selectRow(row)

    def _enable(self) -> None:
        report = self._report
        came = report is not None and report.came
        locked = report is not None and report.locked
        ready = came and self._sheet is not None
        self.accept.setEnabled(ready and not locked)
        self.give_back.setEnabled(ready)
        self.give_back.setText("重新开放" if locked else "退回")
        self.overall.setEnabled(report is not None)
        self.comment.setEnabled(ready and not locked and bool(self.rows.rows))
        self.history.setEnabled(came)
        self.take_back.setEnabled(report is not None and report.revocable)
        self.accept_all.setEnabled(self._found is not None and bool(self._found.waiting))
        self.leave_out.setEnabled(report is not None)
        self.leave_out.setText("恢复计入" if report and report.left_out else "不计入汇总")

    # What the office says

    def _comments(self) -> dict[str, str]:
        """Return what is to be said of single records, by their code."""
        sheet = self._sheet
        if sheet is None:
            return {}
        typed = {
            row.key.item: self._desk.drafts.get(f"{self._row_place(row)}/{_TEXT}")
            for row in sheet.rows
        }
        found = {
            item: str(draft.value).strip() if draft else sheet.said.get(item, "")
            for item, draft in typed.items()
        }
        return {item: words for item, words in found.items() if words}

    def _accept(self) -> None:
        report, words = self._report, self.overall.text()
        if report is None:
            return
        rows = self._comments()
        self._decide(
            report,
            lambda w: reviewing.accept(w, report.unit, report.period, words, rows),
            f"已接收{report.name}{report.period.name}的报送并锁定。",
        )

    def _return(self) -> None:
        report, words = self._report, self.overall.text().strip()
        if report is None:
            return
        verb = self.give_back.text()
        if not words:
            self._desk.messages.warn(f"{verb}时要写明原因，请填写总的意见。")
            self.overall.setFocus()
            return
        whose = f"{report.name}{report.period.name}的报送"
        if report.locked:
            self._decide(
                report,
                lambda w: reviewing.reopen(w, report.unit, report.period, words),
                f"已重新开放{whose}。",
                f"/{_TEXT}",
            )
            return
        rows = self._comments()
        told = [f"总的意见：{words}", *self._named(rows)]
        detail = "\n".join([*told, "随下一个反馈包发给该单位；反馈包生成以前可以撤销。"])
        if self._desk.messages.ask(f"退回{whose}吗？", detail, ("退回",)):
            self._decide(
                report,
                lambda w: reviewing.return_report(w, report.unit, report.period, words, rows),
                f"已退回{whose}。",
            )

    def _named(self, rows: dict[str, str]) -> list[str]:
        names = {row.key.item: self._name(row) for row in self.rows.rows}
        told = [f"{names[item]}：{words}" for item, words in rows.items()]
        more = len(told) - _MOST_NAMED
        return told[:_MOST_NAMED] + ([f"另有 {more} 项意见"] if more > 0 else [])

    def _decide(
        self,
        report: ReviewedReport,
        job: Callable[[Workspace], Review],
        words: str,
        said: str = "",
    ) -> None:
        """Give a verdict; what was typed is no draft any more once it went well.

        `said`: the part of the fields whose words go with it; all by default.
        """
        drafts = self._desk.drafts
        given = drafts.under(f"{place_of(report)}{said}")

        def done(_review: Review) -> None:
            for place, draft in given.items():
                if drafts.get(place) == draft:  # nobody typed on meanwhile
                    drafts.end(place)
            self._desk.messages.info(words, "撤销", lambda: self._revoke([report]))
            self._end()
            self.reports.go_on()

        self._desk.run(job, done)

    def _accept_all(self) -> None:
        waiting = self._found.waiting if self._found else ()
        clean = [row for row in waiting if not row.conflicts]
        held = [row.name for row in waiting if row.conflicts]
        told = [f"将接收并锁定 {len(clean)} 份：{'、'.join(row.name for row in clean)}。"]
        if held:
            told.append(f"有差异没有处理、不接收的 {len(held)} 份：{'、'.join(held)}。")
        typed = [row.name for row in clean if self._desk.drafts.waits(place_of(row))]
        if typed:
            told.append(f"写了意见还没有发的：{'、'.join(typed)}，意见不会随接收发出。")
        told.append("反馈包生成以前可以撤销；需要更正时再写明原因重新开放。")
        if not self._desk.messages.ask(f"接收 {len(clean)} 份报送吗？", "\n".join(told), ("接收",)):
            return

        self._desk.run(lambda w: _accepted(w, clean), self._accepted_all, title="正在接收报送")

    def _accepted_all(self, found: tuple[Sequence[ReviewedReport], Sequence[Finding]]) -> None:
        accepted, findings = found
        words = f"已接收 {len(accepted)} 份报送"
        if findings:
            why = "；".join(str(finding) for finding in findings)
            self._desk.messages.warn(f"{words}。没有接收的：{why}")
        if accepted:
            self._desk.messages.info(f"{words}。", "撤销", lambda: self._revoke(accepted))
        self._end()

    def _take_back(self) -> None:
        if self._report is not None:
            self._revoke([self._report])

    def _revoke(self, reports: Sequence[ReviewedReport]) -> None:
        """Take verdicts back; each was a step of its own."""

        def job(workspace: Workspace) -> list[tuple[Review, Review | None]]:
            return [review_undo.take_back(workspace, it.unit, it.period) for it in reports]

        def done(reviews: list[tuple[Review, Review | None]]) -> None:
            for report, (given, stands) in zip(reports, reviews, strict=True):
                self._type_again(report, given, stands)
            names = "、".join(each.name for each in reports[:_MOST_NAMED])
            many = f"等 {len(reports)} 家" if len(reports) > _MOST_NAMED else ""
            self._desk.messages.info(f"已撤销对{names}{many}的审核。")
            self._end()

        self._desk.run(job, done)

    def _type_again(self, report: ReviewedReport, given: Review, stands: Review | None) -> None:
        """Let the words of a verdict that was taken back stand in the fields as before it."""
        place = place_of(report)
        before = _words_of(stands)
        for part, words in _words_of(given).items():
            known = f"{place}/{part}{_TEXT}"
            if self._desk.drafts.get(known) is None:
                self._desk.drafts.put(known, words, before.get(part, ""))

    def _leave_out(self) -> None:
        report, reason = self._report, self.overall.text().strip()
        if report is None:
            return
        if not report.left_out and not reason:
            self._desk.messages.warn("不计入汇总时要写明原因，请填写总的意见。")
            self.overall.setFocus()
            return
        why = "" if report.left_out else reason
        handed = self.of_report.handed_over(_TEXT)

        def done(_none: None) -> None:
            handed()
            self._end()

        self._desk.run(lambda w: reviewing.leave_out(w, report.unit, report.period, why), done)

    def _end(self) -> None:
        self.refresh(self._period)
        self.changed.emit()

    # Columns

    def _name(self, row: ReportRow) -> str:
        return item_name(self._sheet.plan, row.key) if self._sheet else row.key.item

    def _row_columns(self) -> tuple[RowColumn[ReportRow], ...]:
        def now(row: ReportRow) -> str:
            return said_in(self._sheet.plan, row, row.content) if self._sheet else ""

        def before(row: ReportRow) -> str:
            return said_in(self._sheet.plan, row, row.previous) if self._sheet else ""

        def marks(row: ReportRow) -> str:
            typed = self._desk.drafts.waits(self._row_place(row))
            said = typed or (self._sheet is not None and row.key.item in self._sheet.said)
            count = len(self._doubts_of(row))
            before = self._sheet.opinions if self._sheet else ()
            answered = [each for each in before if each.item == row.key.item]
            word = "意见" if said else ""
            if answered and not typed:
                word = "意见" if answered[0].open else "已答复"
            return " ".join(filter(None, (word, f"疑{count}" if count else "")))

        def reached(row: ReportRow) -> str:
            joint = "合计" if row.joint else ""
            return f"{joint}{row.shown.reached}/{row.shown.pace}" if row.shown else ""

        def target(row: ReportRow) -> str:
            return f"合计{row.target}" if row.joint else row.target

        return (
            RowColumn("标记", marks, width=72, tip=marks),
            RowColumn("项目", self._name, width=160, tip=self._name),
            RowColumn("上期", before, width=84, tip=before),
            RowColumn("本期", now, stretch=True, tip=now),
            RowColumn("累计", lambda r: r.to_date, lambda r: r.value, width=76,
                      tip=lambda r: r.to_date),
            RowColumn("目标", target, lambda r: amount_or_day(r.goal), width=100, tip=target),
            RowColumn("完成/应达", reached, lambda r: r.shown.share if r.shown else None,
                      width=138, number=True, tip=reached),
            RowColumn("亮灯", lambda _: "", lambda r: r.light.urgency, width=76,
                      light=lambda r: r.light),
            RowColumn("佐证", lambda r: str(len(r.evidence) or ""), lambda r: len(r.evidence),
                      width=44, number=True),
        )  # fmt: skip


def _accepted(
    workspace: Workspace, reports: Sequence[ReviewedReport]
) -> tuple[list[ReviewedReport], list[Finding]]:
    """Accept reports, each for itself; return those that were, and why the others were not."""
    accepted: list[ReviewedReport] = []
    findings: list[Finding] = []
    for each in reports:
        _, why = reviewing.accept_all(workspace, [each.unit], each.period)
        findings += why
        accepted += [] if why else [each]
    return accepted, findings


def _words_of(review: Review | None) -> dict[str, str]:
    """Return what stands in the fields of a returned report, by the part of their place."""
    if review is None or review.state is ReviewState.REOPENED:
        return {}
    return {"": review.comment} | {f"rows/{row.record.item}/": row.comment for row in review.rows}


def _title(report: ReviewedReport, doubts: ReportDoubts | None = None) -> str:
    parts = [f"{report.name}　{report.period.name}　{report.state_label}"]
    if report.made_at:
        parts.append(made_text(report))
    if report.conflicts:
        parts.append(f"{report.conflicts} 项差异待处理")
    if doubts is not None:
        count = sum(map(len, doubts.rows.values()))
        if count or doubts.elsewhere:
            parts.append(f"疑点 {count} 条，台账和其他期 {doubts.elsewhere} 条")
    return "　".join(parts)
