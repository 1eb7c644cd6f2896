"""A letter on paper: which one, how it looks, and the Word template of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.services.output import faces
from fsdesk.services.supervision import letter_files
from ui.pages.printing.panel import ItemPanel
from ui.pages.printing.template_tools import TemplateTools
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of
from ui.widgets.label import label
from ui.widgets.pictures.paper_view import PaperView

if TYPE_CHECKING:
    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.services.output.outputs import Chosen
    from fsdesk.services.word_templates import WordTemplate
    from ui.desk import Desk

_NONE = "还没有函件。汇总端在“督办”中拟稿和印发；责任单位导入反馈包后，来函列在这里。"
_PAPER = "预览、打印和 PDF 采用公文标准版式，字体一致；Word 文件采用模板的版式。"


class LetterPanel(ItemPanel):
    """What is shown is what is printed and saved as a PDF."""

    def __init__(self, desk: Desk) -> None:
        """Build the choice and the preview."""
        super().__init__(desk)
        self.templates = TemplateTools(desk, next(iter(letter_files.TEMPLATES.values())))
        self.templates.changed.connect(self._load)
        self.note = label("", "help", wrap=True)
        self.preview = PaperView()
        column_of(
            row_of(self.item_label, (self.item, 1), self.templates),
            self.note,
            (self.preview, 1),
            margins=(SPACE_M, 0, 0, 0),
            parent=self,
        )
        self.templates.setVisible(desk.is_office)

    @property
    def chosen(self) -> Chosen | None:
        """The letter or draft that is shown; None without one."""
        return super().chosen if self.item_code else None

    @property
    def title(self) -> str:
        """What it is called in the list."""
        return self.item.currentText()

    def _load(self) -> None:
        period, chosen = self._period, self.chosen
        lay_out = self._output.pages
        for part in (self.item, self.templates):
            part.setEnabled(chosen is not None)
        if chosen is None or lay_out is None:
            self.note.setText(_NONE)
            self.preview.show_pages(())
            return
        self._desk.run(
            lambda w: (
                lay_out(w, period, chosen),
                letter_files.template_of(w, chosen.item),
                letter_files.remark_of(w, chosen.item),
                faces.substitutes(),
            ),
            lambda made: self._show(*made) if chosen == self.chosen else None,
            title="正在排版",
        )

    def _show(
        self, pages: tuple[PaperPage, ...], template: WordTemplate | None, remark: str, fonts: str
    ) -> None:
        self.preview.show_pages(pages)
        own = template is not None and self._desk.is_office
        self.templates.setVisible(own)
        words = self.templates.show_template(template) if template is not None and own else ""
        if remark:  # a template is for what comes after it
            self.note.setText(f"{remark}新的函件{words}" if words else remark)
        else:
            self.note.setText(f"{words}{_PAPER}{fonts}")
