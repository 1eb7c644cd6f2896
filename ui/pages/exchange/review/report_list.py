"""All reports of a period at a glance: how far each is, and what is new since the last look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.services.packet.review_desk import ReviewedReport
from ui import remember
from ui.models.rows import RowColumn, RowsModel
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.services.packet.review_desk import ReviewDesk
    from ui.desk import Desk


def place_of(report: ReviewedReport) -> str:
    """Return where opinions on a report are kept while they are typed."""
    return f"review/{report.unit}/{report.period}"


class ReportList(QWidget):
    """The reports, with “已审 2/18” above them and the way to the next that waits."""

    chosen = Signal(object)  # ReviewedReport

    def __init__(self, desk: Desk) -> None:
        """Begin empty."""
        super().__init__()
        self._desk = desk
        self._seen: dict[str, str] = {}  # what is remembered of reports that were looked at
        self.words = label("", "section")
        self.next = button(
            "下一家待审", self.go_on, "link", "chevron-right", tip="下一家待审（按键 N）"
        )
        self.model: RowsModel[ReviewedReport] = RowsModel(self._columns())
        self.table = ReportTable("review-reports", self.model, "各单位报送情况")
        self.table.row_chosen.connect(self._choose)
        desk.drafts.marked.connect(lambda _place: self.model.look_again())
        column_of(row_of((self.words, 1), self.next, spacing=-1), (self.table, 1), parent=self)

    def show_desk(self, found: ReviewDesk, wanted: ReviewedReport | None) -> None:
        """Show the reports of a period; what was chosen stays so, else the first that waits."""
        self.words.setText(found.words)
        self.words.setToolTip("已接收或退回的份数 ÷ 已收到的份数；应报的包括还没有收到的")
        self.model.set_rows(found.reports)
        self.next.setEnabled(bool(found.waiting))
        same = (
            each
            for each in found.reports
            if wanted and (each.unit, each.period) == (wanted.unit, wanted.period)
        )
        first = next(iter((*found.waiting, *found.came, *found.reports)), None)
        row = next(same, first)
        if row is not None:
            self.table.choose_row(row)

    def current(self) -> ReviewedReport | None:
        """Return the chosen report."""
        row = self.table.current_row()
        return row if isinstance(row, ReviewedReport) else None

    def go_on(self) -> None:
        """Choose the next report that waits, beginning again at the top after the last."""
        shown, here = self.model.shown, self.table.currentIndex().row()
        for step in range(1, len(shown) + 1):
            place = (here + step) % len(shown)
            if shown[place].waits:
                self.table.selectRow(place)
                return

    def _choose(self, row: object) -> None:
        if isinstance(row, ReviewedReport):
            self.chosen.emit(row)
            if row.came:
                place, mark = self._seen_place(row), _mark(row)
                self._seen[place] = mark
                remember.store(place, mark)
                self.model.look_again()

    def _seen_place(self, report: ReviewedReport) -> str:
        return f"{self._desk.workspace.identity.id}/{place_of(report)}"

    def _seen_of(self, report: ReviewedReport) -> str:
        """Return what the report was when it was looked at here; it is asked at every painting."""
        place = self._seen_place(report)
        if place not in self._seen:
            self._seen[place] = remember.recall(place)
        return self._seen[place]

    def _news(self, report: ReviewedReport) -> str:
        """Say what is new of a report since it was looked at here, or what the office owes it."""
        if self._desk.drafts.waits(place_of(report)):
            return "意见未发"
        if not report.came:
            return ""
        seen = self._seen_of(report)
        if not seen:
            return "未看"
        return "" if seen == _mark(report) else "有变化"

    def _columns(self) -> tuple[RowColumn[ReviewedReport], ...]:
        def name(row: ReviewedReport) -> str:
            month = f"（{row.period.name}）" if row.period.length > 1 else ""
            return f"{row.name}{month}"

        def tip(row: ReviewedReport) -> str:
            made = made_text(row) if row.made_at else ""
            out = f"不计入：{row.left_out}" if row.left_out else ""
            return "\n".join(filter(None, (name(row), made, out)))

        return (
            RowColumn("单位", name, stretch=True, tip=tip),
            RowColumn("状态", lambda r: r.state_label, width=84, tip=lambda r: r.state_label),
            RowColumn("新", self._news, width=78),
        )


def _mark(report: ReviewedReport) -> str:
    return f"{report.state.value} {report.digest}"


def made_text(report: ReviewedReport) -> str:
    """Say when a report that came was made, and whether that was in time."""
    on_time = {None: "", True: "，按时", False: "，逾期"}[report.on_time]
    again = f"；{clock_text(report.corrected_at)} 重新报送" if report.corrected_at else ""
    return f"{clock_text(report.made_at)} 报送{on_time}{again}"
