"""Asking for the end of a fingerprint that was heard on the telephone, before a key is trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from ui.theme import SPACE_L, set_role
from ui.widgets.boxes import column_of
from ui.widgets.fields import line_edit, passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 520
_HOW = (
    "登记前请打电话，请对方打开“交换”页的“密钥”，念出本机指纹的后 4 位，填在下面。"
    "号码请用通讯录里的，不要用文件里写的。旧电脑已停用或密钥已丢失的，请同时作废旧密钥。"
)


class HeardDialog(QDialog):
    """Says why it matters, and takes what was heard; each verb is a button."""

    def __init__(self, parent: QWidget | None, why: str, verbs: Sequence[str]) -> None:
        """Begin with nothing heard: no verb can be chosen."""
        super().__init__(parent)
        self.setWindowTitle("登记新密钥")
        self.setMinimumWidth(_WIDTH)
        self.verb = ""
        # Four characters of this call: after a break one asks again.
        self.heard = passing(line_edit("对方在电话里说的指纹后 4 位", "听到的后 4 位"))
        buttons = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ActionRole
        self.verbs = {verb: buttons.addButton(verb, role) for verb in verbs}
        for verb, each in self.verbs.items():
            set_role(each, "danger")
            each.clicked.connect(lambda _on=False, chosen=verb: self._choose(chosen))
        cancel = buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setDefault(True)
        buttons.rejected.connect(self.reject)
        parts = (label(why, wrap=True), label(_HOW, "muted", wrap=True), self.heard, buttons)
        column = column_of(*parts, margins=SPACE_L, parent=self)
        # Long words get their room: a dialog takes them for shorter than they are.
        self.setMinimumHeight(column.totalHeightForWidth(_WIDTH))
        self.heard.textChanged.connect(self._allow)
        self._allow()

    def _allow(self) -> None:
        for each in self.verbs.values():
            each.setEnabled(bool(self.heard.text().strip()))

    def _choose(self, verb: str) -> None:
        self.verb = verb
        self.accept()


def ask_heard(parent: QWidget | None, why: str, verbs: Sequence[str]) -> tuple[str, str]:
    """Ask for the verb and what was heard; no verb when the user thought better of it."""
    dialog = HeardDialog(parent, why, verbs)
    dialog.exec()
    found = dialog.verb, dialog.heard.text()
    dialog.deleteLater()
    return found
