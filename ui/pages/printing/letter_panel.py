"""A letter on paper: which one, how it looks, and the Word template of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fsdesk.services.supervision import letter_files
from ui.fonts import font_note
from ui.pages.printing.template_tools import TemplateTools
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.choice import Choice
from ui.widgets.label import label
from ui.widgets.pictures.paper_view import PaperView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fsdesk.domain.output.pages import Page
    from fsdesk.domain.supervision.letters import LetterKind
    from fsdesk.services.supervision.letter_files import Listed
    from ui.desk import Desk

_NONE = "还没有函件。汇总端在“督办”中拟稿和印发；责任单位导入反馈包后，来函列在这里。"
_PAPER = "预览、打印和 PDF 采用公文标准版式和本软件自带字体；Word 文件采用模板的版式。"


class LetterPanel(QWidget):
    """What is shown is what is printed and saved as a PDF."""

    def __init__(self, desk: Desk) -> None:
        """Build the choice and the preview."""
        super().__init__()
        self._desk = desk
        self._wanted = ""
        self._kinds: dict[str, LetterKind] = {}
        self.pages: tuple[Page, ...] = ()
        self.letters = Choice("函件")
        self.letters.chosen.connect(lambda _: self._load_pages())
        self.templates = TemplateTools(desk, next(iter(letter_files.TEMPLATES.values())))
        self.templates.changed.connect(self._load_pages)
        self.note = label("", "help", wrap=True)
        self.preview = PaperView()
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.letters, 1)
        row.addWidget(self.templates)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.preview, 1)
        self.templates.setVisible(desk.is_office)

    @property
    def key(self) -> str:
        """Key of the letter or draft that is shown; empty without one."""
        return str(self.letters.value or "")

    @property
    def title(self) -> str:
        """What it is called in the list."""
        return self.letters.currentText()

    def want(self, key: str) -> None:
        """Show a letter when the list is loaded next."""
        self._wanted = key

    def show_output(self) -> None:
        """Load the list of letters, then the one that is shown."""
        workspace = self._desk.workspace
        self._desk.runner.run(lambda: letter_files.listed(workspace), self._show_letters)

    def _show_letters(self, found: Sequence[Listed]) -> None:
        before = self._wanted or self.key
        self._wanted = ""
        self._kinds = {each.key: each.kind for each in found}
        self.letters.set_entries([(each.name, each.key) for each in found])
        self.letters.setEnabled(bool(found))
        self.templates.setEnabled(bool(found))
        if before in self._kinds:
            self.letters.set_value(before)
        self._load_pages()

    def _load_pages(self) -> None:
        key, workspace = self.key, self._desk.workspace
        if not key:
            self.pages = ()
            self.note.setText(_NONE)
            self.preview.show_pages(())
            return
        self._desk.runner.run(
            lambda: letter_files.pages_of(workspace, key),
            lambda pages: self._show_pages(pages) if key == self.key else None,
            title="正在排版",
        )

    def _show_pages(self, pages: tuple[Page, ...]) -> None:
        self.pages = pages
        self.preview.show_pages(pages)
        words = ""
        if self._desk.is_office:
            words = self.templates.show_template(letter_files.TEMPLATES[self._kinds[self.key]])
        self.note.setText(f"{words}{_PAPER}{font_note()}")

    def writer(self) -> Callable[[Path], object]:
        """Return what writes the letter to a file."""
        workspace, key = self._desk.workspace, self.key
        return lambda file: letter_files.write_letter(workspace, key, file)
