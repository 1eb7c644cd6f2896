"""The two questions that editing the outline needs: a title, and which items go to a new task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QWidget

from ui.theme import SPACE_L, set_role
from ui.widgets.boxes import column_of
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit, named, passing
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan.plan import Task
    from ui.desk import Desk

_CODE = Qt.ItemDataRole.UserRole
_WIDTH = 460


class AskingDialog(QDialog):
    """A title, and below what the caller puts there."""

    def __init__(self, desk: Desk, parent: QWidget, heading: str, question: str, verb: str) -> None:
        """Begin with what was typed when the program was killed, or else with nothing."""
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setMinimumWidth(_WIDTH)
        self.kept = KeptFields(desk.drafts, self)
        self.title = self.kept.add("title", line_edit(question))
        self.kept.show(f"plan-editing/asking/{heading}", {"title": ""})
        self.inside = column_of(
            label(question, wrap=True), self.title, margins=SPACE_L, parent=self
        )
        buttons = QDialogButtonBox()
        self.yes = buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.yes, "primary")
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._buttons = buttons

    def finish(self) -> bool:
        """Show it; True when the user went on."""
        self.inside.addWidget(self._buttons)
        self.yes.setEnabled(bool(self.title.text().strip()))
        self.title.textChanged.connect(lambda text: self.yes.setEnabled(bool(text.strip())))
        agreed = self.exec() == QDialog.DialogCode.Accepted
        self.kept.end("title")  # taken or given up; it is there again only after a kill
        return agreed


def ask_text(desk: Desk, parent: QWidget, heading: str, question: str) -> str:
    """Ask for a title; empty when the user thought better of it."""
    asking = AskingDialog(desk, parent, heading, question, "添加")
    answer = asking.title.text().strip() if asking.finish() else ""
    asking.deleteLater()
    return answer


def ask_choice(
    parent: QWidget, heading: str, question: str, entries: Iterable[tuple[str, str]], verb: str
) -> str:
    """Ask for one of several; empty when the user thought better of it."""
    asking = QDialog(parent)
    asking.setWindowTitle(heading)
    asking.setMinimumWidth(_WIDTH)
    choice = passing(Choice(heading, entries))
    buttons = QDialogButtonBox()
    set_role(buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole), "primary")
    buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
    buttons.accepted.connect(asking.accept)
    buttons.rejected.connect(asking.reject)
    column_of(label(question, wrap=True), choice, buttons, margins=SPACE_L, parent=asking)
    agreed = asking.exec() == QDialog.DialogCode.Accepted
    asking.deleteLater()
    return str(choice.value) if agreed and choice.value else ""


def ask_split(desk: Desk, parent: QWidget, task: Task) -> tuple[str, frozenset[str]] | None:
    """Ask for the title of a second task and which items go there."""
    asking = AskingDialog(
        desk, parent, "拆分任务", f"把“{task.title}”拆成两项。新任务的标题：", "拆分"
    )
    listed = named(QListWidget(), "移到新任务的指标和事项")
    for word, items in (("指标", task.indicators), ("事项", task.deliverables)):
        for item in items:
            name = getattr(item, "name", "") or getattr(item, "title", "")
            line = QListWidgetItem(f"{word}　{name}")
            line.setData(_CODE, item.code)
            line.setCheckState(Qt.CheckState.Unchecked)
            listed.addItem(line)
    asking.inside.addWidget(label("勾选移到新任务的指标和事项；责任单位两项任务相同：", wrap=True))
    asking.inside.addWidget(listed)
    done = asking.finish()
    lines = [listed.item(row) for row in range(listed.count())]
    going = frozenset(
        str(line.data(_CODE)) for line in lines if line.checkState() == Qt.CheckState.Checked
    )
    title = asking.title.text().strip()
    asking.deleteLater()
    return (title, going) if done else None
