"""Getting a Word template out, putting the office's own in place, going back to the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.services import word_templates
from ui.files import WORD
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button

if TYPE_CHECKING:
    from fsdesk.services.word_templates import WordTemplate
    from ui.desk import Desk

_PURPOSE = "templates"


class TemplateTools(QWidget):
    """Three buttons for the template of what is shown beside them."""

    changed = Signal()

    def __init__(self, desk: Desk, template: WordTemplate) -> None:
        """Build the buttons."""
        super().__init__()
        self._desk, self.template = desk, template
        self.export = button("导出模板", self._export)
        self.take = button("换用模板", self._take)
        self.reset = button("恢复默认模板", self._reset)
        row_of(self.export, self.take, self.reset, parent=self)

    def show_template(self, template: WordTemplate) -> str:
        """Work with a template; returns which one is in use, in words."""
        self.template = template
        own = word_templates.is_own(self._desk.workspace, template)
        self.reset.setEnabled(own)
        if own:
            return "正在使用本单位的模板。"
        return "正在使用默认模板，可导出后在 Word 中改写措辞。"

    def _export(self) -> None:
        template = self.template
        name = f"{template.title}模板.docx"
        file = self._desk.files.save(f"导出{template.title}模板", name, (WORD,), _PURPOSE)
        if file is not None:
            self._desk.run(
                lambda w: word_templates.export(w, template, file),
                lambda _: self._desk.messages.info(
                    f"已导出：{file.name}，改好后点“换用模板”",
                    "打开",
                    lambda: self._desk.files.launch(file),
                ),
            )

    def _take(self) -> None:
        template = self.template
        file = self._desk.files.open_one("选择改好的模板", (WORD,), _PURPOSE)
        if file is not None:
            self._desk.run(
                lambda w: word_templates.take(w, template, file),
                lambda _: self._done("已换用新的模板"),
                title="正在试用模板",
            )

    def _reset(self) -> None:
        template = self.template
        if self._desk.messages.confirm(
            "恢复默认模板？", "恢复", "本单位改过的模板不再使用，需要时请先导出一份。"
        ):
            self._desk.run(
                lambda w: word_templates.reset(w, template), lambda _: self._done("已恢复默认模板")
            )

    def _done(self, words: str) -> None:
        self._desk.messages.info(words)
        self.changed.emit()
