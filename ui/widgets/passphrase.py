"""Asking for a passphrase: twice for something new, once for what has one already."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QWidget

from ui.theme import SPACE_L, set_role
from ui.widgets.boxes import column_of
from ui.widgets.fields import Keeping, keeping, line_edit
from ui.widgets.label import label

_WIDTH = 460


class PassphraseDialog(QDialog):
    """Takes a passphrase that is never shown."""

    def __init__(
        self,
        parent: QWidget | None,
        words: str,
        verb: str,
        *,
        least: int = 0,
        called: str = "口令",
    ) -> None:
        """Ask once; with `least`, the shortest that is taken, twice."""
        super().__init__(parent)
        self.setWindowTitle(called)
        self.setMinimumWidth(_WIDTH)
        self._least = least
        self.first, self.second = secret_field(called), secret_field("再输入一次")
        self.hint = label("", "muted", wrap=True)
        buttons = QDialogButtonBox()
        self.yes = buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.yes, "primary")
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        parts = (label(words, wrap=True), self.first, self.second, self.hint, buttons)
        column = column_of(*parts, margins=SPACE_L, parent=self)
        self.second.setVisible(bool(least))
        # Long words get their room: a dialog takes them for shorter than they are.
        self.setMinimumHeight(column.totalHeightForWidth(_WIDTH))
        for field in (self.first, self.second):
            field.textChanged.connect(self._offer)
        self._offer()

    def _offer(self) -> None:
        first = self.first.text()
        short = len(first) < self._least
        differs = bool(self._least) and self.second.text() != first
        told = f"至少 {self._least} 个字符" if short else "两次输入的不一样" if differs else ""
        self.hint.setText(told)
        self.yes.setEnabled(bool(first) and not told)


def secret_field(name: str) -> QLineEdit:
    """Return a field in which nobody sees what is typed."""
    field = keeping(line_edit(name, name), Keeping.PRIVATE)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def ask_passphrase(
    parent: QWidget | None, words: str, verb: str, *, least: int = 0, called: str = "口令"
) -> str:
    """Ask for a passphrase; empty when the user thought better of it.

    `words`: what it is for, and what follows from it.
    `verb`: of the button that goes on.
    `least`: for something new, the shortest that is taken; it is typed twice.
    `called`: the word for it, such as 密码 for that of a workspace.
    """
    dialog = PassphraseDialog(parent, words, verb, least=least, called=called)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    passphrase = dialog.first.text() if accepted else ""
    dialog.deleteLater()
    return passphrase
