"""关于: version, what is new, and whose work is in the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QTabWidget

from fsdesk import __version__
from fsdesk.services import about
from ui.page import Page
from ui.widgets.label import label

if TYPE_CHECKING:
    from ui.desk import Desk


class AboutPage(Page):
    """Texts to read."""

    def __init__(self, desk: Desk) -> None:
        """Build the tabs."""
        super().__init__("关于食药安工作台")
        self._desk = desk
        self.header.set_note(f"{__version__} 版")
        self.header.set_primary("完成", lambda: self.open_requested.emit("settings", None), "check")
        self.changes, self.licences = _reading("更新内容"), _reading("第三方软件和许可")
        self.tabs = QTabWidget()
        for text in (self.changes, self.licences):
            self.tabs.addTab(text, text.accessibleName())
        self.materials = label("", "help", wrap=True)
        self.body.addWidget(self.tabs, 1)
        self.body.addWidget(self.materials)

    def refresh(self, period: str) -> None:
        """Load the texts; the period makes no difference."""
        del period
        self._desk.runner.beside(
            lambda: (about.changes(), about.licences(), about.bill_of_materials()), self._show
        )

    def _show(self, texts: tuple[str, str, str]) -> None:
        changes, licences, materials = texts
        self.changes.setPlainText(changes)
        self.licences.setPlainText(licences)
        self.materials.setText(f"软件物料清单：{materials}" if materials else "")
        self.materials.setVisible(bool(materials))


def _reading(name: str) -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setAccessibleName(name)
    return text
