"""粘贴文字: an official document's text without a file."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from ui.theme import SPACE_L, set_role
from ui.widgets.boxes import column_of
from ui.widgets.label import label

_WIDTH, _HEIGHT = 760, 480


class PasteDialog(QDialog):
    """Takes text; what the clipboard holds stands there already."""

    def __init__(self, parent: QWidget) -> None:
        """Begin with the clipboard's text."""
        super().__init__(parent)
        self.setWindowTitle("粘贴文字")
        self.resize(_WIDTH, _HEIGHT)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("工作要点的文字")
        self.text.setPlaceholderText("把工作要点的全文粘贴到这里，包括标题和责任单位")
        self.text.setPlainText(QGuiApplication.clipboard().text())
        self.text.selectAll()
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


def ask_for_text(parent: QWidget) -> str:
    """Ask for text; empty when the user thought better of it."""
    dialog = PasteDialog(parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    text = dialog.text.toPlainText() if accepted else ""
    dialog.deleteLater()
    return text
