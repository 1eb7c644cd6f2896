"""The chosen record whole, with what it is judged by and its evidence; or the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget

from fsdesk.services.packet.report_history import report_history
from ui.pages.exchange.review.words import beside_text, history_lines, row_text
from ui.pages.recording.evidence import EvidenceRow
from ui.pages.recording.evidence_desk import EvidenceDesk
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.fields import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.quality.doubts import DataDoubt
    from fsdesk.services.packet.report_history import ReportStep
    from fsdesk.services.packet.review_desk import ReportRow, ReviewedReport
    from ui.desk import Desk

# As much as there is room for: at 150 % on a small screen two lines, which scroll.
_LEAST_HEIGHT, _MOST_HEIGHT = 44, 132


class RecordDetail(QStackedWidget):
    """Two texts beside each other with the evidence below, or what became of the report."""

    def __init__(self, desk: Desk) -> None:
        """Begin empty, with the record."""
        super().__init__()
        self._desk = desk
        self._history_of: ReviewedReport | None = None
        self.text, self.beside = _text("本期报送的全文"), _text("上期和疑点")
        self.files = EvidenceRow((), fixed=True)
        opening = EvidenceDesk(desk, self)
        self.files.open_wanted.connect(opening.open)
        self.files.picture_wanted.connect(lambda file: opening.show_picture(self.files, file))
        texts = row_of((self.text, 1), (self.beside, 1))
        self.addWidget(boxed(column_of((texts, 1), self.files, spacing=-1)))
        self.history = _text("报送经过")
        self.addWidget(self.history)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setMaximumHeight(_MOST_HEIGHT)

    def show_row(
        self,
        plan: Plan | None,
        row: ReportRow | None,
        doubts: Iterable[DataDoubt],
        answers: Iterable[str],
    ) -> None:
        """Show a record; nothing without one."""
        if plan is None or row is None:
            self.text.setPlainText("")
            self.beside.setPlainText("")
            self.files.show_files(())
            self.files.hide()
            return
        self.text.setPlainText(row_text(plan, row))
        self.beside.setPlainText(beside_text(plan, row, doubts, answers))
        self.files.show_files(row.evidence)
        self.files.setVisible(bool(row.evidence))

    def show_history(self, report: ReviewedReport | None, names: Mapping[str, str]) -> None:
        """Load what became of a report; without one the record is shown again."""
        self._history_of = report
        self.setCurrentIndex(0 if report is None else 1)
        if report is None:
            return
        self.history.setPlainText("")

        def show(steps: tuple[ReportStep, ...]) -> None:
            if self._history_of is report:
                told = "\n".join(history_lines(steps, names))
                self.history.setPlainText(told or "还没有收到这一期的报送。")

        self._desk.run(lambda w: report_history(w, report.unit, report.period), show)


def _text(name: str) -> QPlainTextEdit:
    made: QPlainTextEdit = named(QPlainTextEdit(), name)
    made.setReadOnly(True)
    made.setMinimumHeight(_LEAST_HEIGHT)
    return made
