"""The monthly bulletin: a look at it, its number, its wording; made as a Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QSpinBox, QTextBrowser

from fsdesk.services.output import bulletin
from fsdesk.services.output.outputs import Chosen
from fsdesk.services.status import published
from ui.fonts import font_note
from ui.pages.printing.panel import OutputPanel
from ui.pages.printing.template_tools import TemplateTools
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of
from ui.widgets.fields import named, passing
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.published import Publication
    from fsdesk.services.output.outputs import Output
    from ui.desk import Desk

_MOST_ISSUES = 999
_PUBLISH = "同时发布本月数字（以后查看本月以此为准）"
_AGAIN = "按最新数据重新发布本月数字（以后查看本月以此为准）"


class BulletinPanel(OutputPanel):
    """Shows what the bulletin says and lets the office put its own wording in place."""

    def __init__(self, desk: Desk) -> None:
        """Build number, tools and preview."""
        super().__init__(desk)
        self._issue_of: Period | None = None
        self.typed = KeptFields(desk.drafts, self, quiet=True)
        self.issue = named(QSpinBox(), "期号")
        self.issue.setRange(1, _MOST_ISSUES)
        self.issue.setPrefix("第 ")
        self.issue.setSuffix(" 期")
        self.issue.editingFinished.connect(self._load)
        self.templates = TemplateTools(desk, bulletin.TEMPLATE)
        self.templates.changed.connect(self._load)
        self.publish = passing(QCheckBox(_PUBLISH))  # never of itself as it was last time
        self.publish.clicked.connect(lambda _on: self._load())
        self.typed.add("issue", self.issue)
        self.note = label("", "help", wrap=True)
        self.text = named(QTextBrowser(), "通报预览")
        self.text.setOpenLinks(False)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The preview is paper: black on white in every look of the window.
        self.text.setStyleSheet("QTextBrowser { background: #ffffff; color: #000000; }")
        self._lay_out()

    def _lay_out(self) -> None:
        column_of(
            row_of(self.issue, None, self.templates),
            self.publish,
            self.note,
            (self.text, 1),
            margins=(SPACE_M, 0, 0, 0),
            parent=self,
        )

    @property
    def chosen(self) -> Chosen | None:
        """What is chosen."""
        return Chosen(issue=self.issue.value(), publish=self.publish.isChecked())

    def show_output(self, output: Output, period: Period) -> None:
        """Show the bulletin of a period; that of another begins with its own number."""
        if period != self._issue_of:
            self.typed.show(f"printing/bulletin/{period}", {"issue": period.last_month})
        self._issue_of = period
        self._output, self._period, self._kind = output, period, output.kind
        self._desk.run(
            lambda w: (published.why_not(w, period), published.published(w, period)), self._offer
        )

    def _offer(self, found: tuple[str, Publication | None]) -> None:
        """Publish a month that is over, unless it is published already."""
        why_not, publication = found
        self.publish.setEnabled(not why_not)
        self.publish.setChecked(not why_not and publication is None)
        self.publish.setText(_AGAIN if publication else _PUBLISH)
        self.publish.setToolTip(why_not)
        if why_not:
            self.publish.setText(f"{_PUBLISH}：{why_not}")
        self._load()

    def _load(self) -> None:
        period = self._period
        issue = self.issue.value()
        latest = self.publish.isChecked()
        self._desk.run(
            lambda w: bulletin.preview(w.latest if latest else w, period, issue),
            self._show,
            title="正在生成通报预览",
        )

    def _show(self, html: str) -> None:
        self.text.setHtml(html)
        self.note.setText(f"{self.templates.show_template(bulletin.TEMPLATE)}{font_note()}")
