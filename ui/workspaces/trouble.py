"""A workspace that can't be opened: what is wrong, and every way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from fsdesk.domain.findings import FindingCode, FsdeskError
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.workspaces.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path


class Trouble(QFrame):
    """The words of a fault, and buttons for what can be done about it."""

    again = Signal()
    open_other = Signal()
    restore = Signal()
    make_new = Signal()
    reveal = Signal(object)
    diagnose = Signal(object)

    def __init__(self, problem: Exception, folder: Path | None) -> None:
        """Say what is wrong with the workspace of a folder."""
        super().__init__()
        set_role(self, "card")
        known = problem if isinstance(problem, FsdeskError) else FsdeskError()
        gone, damaged = map(known.tells, (FindingCode.WORKSPACE_GONE, FindingCode.DAMAGED))
        self.title = "原来的工作区找不到了" if gone else "工作区打不开"
        self.words = Refusal("")
        self.words.tell(problem)
        self.retry = button("重试", self.again.emit)
        back = button("从备份恢复…", self.restore.emit)
        other = button("打开其他工作区…", self.open_other.emit)
        # Trying again mends no damage.
        ways = [back, self.retry, other] if damaged else [self.retry, other, back]
        self.first = ways[0]
        set_role(self.first, "primary")
        others = [button("新建工作区…", self.make_new.emit)]
        near = folder if folder is None or folder.is_dir() else folder.parent
        if near is not None and near.is_dir():
            others.insert(0, button("打开所在文件夹", lambda: self.reveal.emit(near)))
        if folder is not None:
            others.append(button("诊断包…", lambda: self.diagnose.emit(folder)))
        column_of(
            self.words,
            row_of(*ways, None, spacing=-1),
            row_of(*others, None, spacing=-1),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )
