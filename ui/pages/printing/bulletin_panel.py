"""The monthly bulletin: its pages, its number, its wording; printed, as a PDF and a Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QSpinBox

from fsdesk.services import word_templates
from fsdesk.services.output import bulletin, faces
from fsdesk.services.output.outputs import Chosen
from fsdesk.services.status import published
from ui.pages.printing.panel import OutputPanel
from ui.pages.printing.template_tools import TemplateTools
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of
from ui.widgets.fields import named, passing
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label
from ui.widgets.pictures.paper_view import PaperView

if TYPE_CHECKING:
    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.published import Publication
    from fsdesk.services.output.outputs import Output
    from ui.desk import Desk

_MOST_ISSUES = 999
_PUBLISH = "同时发布本月数字（以后查看本月以此为准）"
_PAPER = "预览、打印和 PDF 采用公文标准版式，Word 文件采用模板的版式，内容相同。"
_OWN = "预览、打印和 PDF 取模板的文字，按软件的公文版式排版；Word 文件按模板的版式。"
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
        self.preview = PaperView()
        self._lay_out()

    def _lay_out(self) -> None:
        column_of(
            row_of(self.issue, None, self.templates),
            self.publish,
            self.note,
            (self.preview, 1),
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
        period, chosen, lay_out = self._period, self.chosen, self._output.pages
        if chosen is None or lay_out is None:
            return
        self._desk.run(
            lambda w: (
                lay_out(w, period, chosen),
                word_templates.is_own(w, bulletin.TEMPLATE),
                "" if chosen.publish else bulletin.remark_of(w, period, chosen.issue),
                faces.substitutes(),
            ),
            lambda made: self._show(*made) if chosen == self.chosen else None,
            title="正在排版",
        )

    def _show(self, pages: tuple[PaperPage, ...], own: bool, issued: str, fonts: str) -> None:  # noqa: FBT001
        self.preview.show_pages(pages)
        words = self.templates.show_template(bulletin.TEMPLATE)
        # A template and this PC's fonts are for what comes after an issued one.
        self.note.setText(
            f"{issued}新的通报{words}" if issued else f"{words}{_OWN if own else _PAPER}{fonts}"
        )
