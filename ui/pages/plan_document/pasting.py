"""粘贴文字: an official document's text without a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from ui.theme import SPACE_L, set_role
from ui.widgets.boxes import column_of
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from ui.drafts import Drafts

_WIDTH, _HEIGHT = 760, 480


class PasteText(QPlainTextEdit):
    """Takes text, and keeps what the clipboard holds beside it as long as the text is that."""

    def __init__(self) -> None:
        super().__init__()
        self._pasted = self._html = ""

    def paste_all(self, data: QMimeData) -> None:
        """Take the clipboard in place of what stands here."""
        self.setPlainText(data.text())
        self.selectAll()
        self._keep(data)

    @property
    def html(self) -> str:
        """The HTML of the text, with its tables; empty when it has been changed since."""
        return self._html if self.toPlainText() == self._pasted else ""

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste."""
        super().insertFromMimeData(source)
        if self.toPlainText().strip() == source.text().strip():
            self._keep(source)

    def _keep(self, data: QMimeData) -> None:
        self._pasted, self._html = self.toPlainText(), data.html() if data.hasHtml() else ""


class PasteDialog(QDialog):
    """Takes text; what the clipboard holds stands there already."""

    def __init__(self, parent: QWidget, drafts: Drafts) -> None:
        """Begin with the clipboard's text, or with what was typed when the program was killed."""
        super().__init__(parent)
        self.kept = KeptFields(drafts, self)
        self.setWindowTitle("粘贴文字")
        self.resize(_WIDTH, _HEIGHT)
        self.text = PasteText()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("工作要点的文字")
        self.text.setPlaceholderText("把工作要点的全文粘贴到这里，包括标题和责任单位")
        self.kept.add("text", self.text)
        self.kept.show("plan-document/pasted", {"text": ""})
        lies_there: QMimeData | None = QGuiApplication.clipboard().mimeData()
        if not self.kept.unsaved and lies_there is not None:  # an empty clipboard has nothing
            self.text.paste_all(lies_there)
        buttons = QDialogButtonBox()
        self.read = buttons.addButton("读取", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.read, "primary")
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column_of(
            label("从网页、公文系统或其他软件复制的工作要点全文：", wrap=True),
            (self.text, 1),
            buttons,
            margins=SPACE_L,
            parent=self,
        )
        self._offer()
        self.text.textChanged.connect(self._offer)

    def _offer(self) -> None:
        self.read.setEnabled(bool(self.text.toPlainText().strip()))


def ask_for_text(parent: QWidget, drafts: Drafts) -> tuple[str, str]:
    """Ask for text, and return its HTML beside it; empty when the user thought better of it."""
    dialog = PasteDialog(parent, drafts)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.kept.end("text")  # read or given up; it is there again only after a kill
    found = (dialog.text.toPlainText(), dialog.text.html) if accepted else ("", "")
    dialog.deleteLater()
    return found
