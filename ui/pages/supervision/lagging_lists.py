"""What presses: tasks that are red and since when, reports that are missing, letters unanswered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from fsdesk.domain.status.measures import Measure
from fsdesk.services.supervision.supervision import TREND
from ui.models.rows import RowColumn, RowsModel
from ui.pages.supervision.letter_register import papers_of
from ui.theme import ROW, ROW_DENSE, SPACE_M, SPACE_S
from ui.widgets.boxes import column_of, scrolling
from ui.widgets.label import label
from ui.widgets.measures import shows
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.services.supervision.supervision import CaseDesk, LaggingTask, Missed
    from ui.pages.supervision.letter_saving import LetterListRow


_LEAST_HEIGHT = ROW + 3 * ROW_DENSE  # the head and three rows


class LaggingLists(QWidget):
    """Three lists; a double click opens the letter that presses what is listed."""

    letter_wanted = Signal(str)  # document number

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.lagging: RowsModel[LaggingTask] = RowsModel(_lagging_columns())
        self.missed: RowsModel[Missed] = RowsModel(_missed_columns())
        self.waiting: RowsModel[LetterListRow] = RowsModel(_waiting_columns())
        self.heads = [label("", "section", wrap=True) for _ in range(3)]
        frame = QWidget()
        column_of(scrolling(frame), parent=self)  # at 150 % on a small screen not all has room
        grid = QGridLayout(frame)
        grid.setContentsMargins(SPACE_S, SPACE_M, 0, 0)
        grid.setSpacing(SPACE_S)
        lagging = self._table("supervision-lagging", self.lagging, Measure.LAGGING_PAIRS.label)
        missed = self._table("supervision-missed", self.missed, Measure.MISSED.label)
        for head, measure in zip(self.heads, (Measure.LAGGING_PAIRS, Measure.MISSED), strict=False):
            shows(head, measure)
            head.setToolTip(measure.explanation)
        waiting = self._table("supervision-waiting", self.waiting, "待回复函件")
        lagging.row_opened.connect(lambda row: self._open(row.letter))
        missed.row_opened.connect(lambda row: self._open(row.letter))
        waiting.row_opened.connect(lambda row: self._open(row.number))
        grid.addWidget(self.heads[0], 0, 0, 1, 2)
        grid.addWidget(lagging, 1, 0, 1, 2)
        for place, table in enumerate((missed, waiting)):
            grid.addWidget(self.heads[place + 1], 2, place)
            grid.addWidget(table, 3, place)
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(1, 3)
        grid.setRowStretch(3, 2)

    def _table(self, key: str, model: RowsModel[Any], name: str) -> ReportTable:
        made = ReportTable(key, model, name)
        made.setMinimumHeight(_LEAST_HEIGHT)
        return made

    def _open(self, number: str) -> None:
        if number:
            self.letter_wanted.emit(number)

    def show_desk(self, found: CaseDesk) -> None:
        """Show the lists of a period."""
        keys = [letter.key for letter in found.waiting]
        waiting = {paper.key: paper for paper in papers_of(found) if paper.key in keys}
        self.lagging.set_rows(found.lagging)
        self.missed.set_rows(found.missed)
        self.waiting.set_rows([waiting[key] for key in keys])
        self.heads[0].setText(f"{lagging_words(found)}（走势为近 {TREND} 个月，最右为本期）")
        self.heads[1].setText(f"{Measure.MISSED.label} {len(found.missed)} 期次")
        self.heads[2].setText(f"待回复函件 {len(waiting)} 件")


def lagging_words(found: CaseDesk) -> str:
    """Say how many tasks lag, of units and as wholes, and how these differ."""
    return (
        f"{Measure.LAGGING_PAIRS.label} {len(found.lagging)} 项次（逐个单位判断），"
        f"{Measure.LAGGING_TASKS.at(found.level)} {found.whole} 项（{found.everyone}合在一起判断）"
    )


def _lagging_columns() -> tuple[RowColumn[LaggingTask], ...]:
    return (
        RowColumn("亮灯", lambda _: "", lambda r: r.result.light.urgency, width=84,
                  light=lambda r: r.result.light),
        RowColumn("单位", lambda r: r.name, width=150),
        RowColumn("任务", lambda r: f"{r.result.task.code} {r.result.task.title}", width=200),
        RowColumn("依据", lambda r: r.rule, stretch=True, tip=lambda r: r.rule),
        RowColumn("自何时滞后", lambda r: r.since.label if r.since else "",
                  lambda r: r.since and r.since.order, width=96),
        RowColumn("走势", _trend, width=108, tip=_trend_words),
        RowColumn("在办函件", lambda r: r.letter, width=176),
    )  # fmt: skip


def _trend(row: LaggingTask) -> str:
    return "".join(light.mark for light in row.trend)


def _trend_words(row: LaggingTask) -> str:
    return "→".join(light.label for light in row.trend)


def _missed_columns() -> tuple[RowColumn[Missed], ...]:
    def late(missed: Missed) -> str:
        return f"逾期 {missed.days} 天" + ("（退回后未重报）" if missed.returned else "")

    return (
        RowColumn("单位", lambda r: r.name, stretch=True),
        RowColumn("报告期", lambda r: r.period.label, lambda r: r.period.order, width=88),
        RowColumn("截止日期", lambda r: r.due.isoformat(), width=92),
        RowColumn("时限", late, lambda r: -r.days, width=88, tip=late),
        RowColumn("在办函件", lambda r: r.letter, width=170),
    )


def _waiting_columns() -> tuple[RowColumn[LetterListRow], ...]:
    return (
        RowColumn("文号", lambda r: r.number, width=180),
        RowColumn("单位", lambda r: r.name, stretch=True),
        RowColumn("回复期限", lambda r: r.reply_by.isoformat(), width=92),
        RowColumn("时限", lambda r: r.left, lambda r: r.reply_by.isoformat(), width=88),
    )
