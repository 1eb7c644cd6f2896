"""The monthly bulletin: a look at it, its number, its wording; made as a Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fsdesk.domain.periods import Period
from fsdesk.services.output import bulletin
from ui.fonts import font_note
from ui.pages.printing.template_tools import TemplateTools
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ui.desk import Desk

_MOST_ISSUES = 999


class BulletinPanel(QWidget):
    """Shows what the bulletin says and lets the office put its own wording in place."""

    def __init__(self, desk: Desk) -> None:
        """Build number, tools and preview."""
        super().__init__()
        self._desk, self._period = desk, ""
        self.issue = QSpinBox()
        self.issue.setRange(1, _MOST_ISSUES)
        self.issue.setPrefix("第 ")
        self.issue.setSuffix(" 期")
        self.issue.setAccessibleName("期号")
        self.issue.editingFinished.connect(self._load)
        self.templates = TemplateTools(desk, bulletin.TEMPLATE)
        self.templates.changed.connect(self._load)
        self.note = label("", "help", wrap=True)
        self.text = QTextBrowser()
        self.text.setAccessibleName("通报预览")
        self.text.setOpenLinks(False)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The preview is paper: black on white in every look of the window.
        self.text.setStyleSheet("QTextBrowser { background: #ffffff; color: #000000; }")
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.issue)
        row.addStretch()
        row.addWidget(self.templates)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.text, 1)

    def show_output(self, period: str) -> None:
        """Show the bulletin of a period."""
        if period != self._period:
            self.issue.setValue(Period.parse(period).last_month)
        self._period = period
        self._load()

    def _load(self) -> None:
        workspace, period = self._desk.workspace, Period.parse(self._period)
        issue = self.issue.value()
        self._desk.runner.run(
            lambda: bulletin.preview(workspace, period, issue),
            self._show,
            title="正在生成通报预览",
        )

    def _show(self, html: str) -> None:
        self.text.setHtml(html)
        self.note.setText(f"{self.templates.show_template(bulletin.TEMPLATE)}{font_note()}")

    def writer(self) -> Callable[[Path], object]:
        """Return what writes the bulletin to a file."""
        workspace, period = self._desk.workspace, Period.parse(self._period)
        issue = self.issue.value()
        return lambda file: bulletin.write_bulletin(workspace, period, file, issue)
