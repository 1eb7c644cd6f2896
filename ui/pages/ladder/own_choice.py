"""Choosing which workspace on this PC holds the own aggregate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.messages import told
from ui.theme import SPACE_M, SPACE_XL
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.services.care.known import KnownWorkspace
    from ui.desk import Desk

_WIDEST = 620


class OwnChoice(QWidget):
    """Offers the offices' workspaces of the year; others by their folder."""

    chosen = Signal(object)  # Path
    switch_wanted = Signal()  # to the one that is chosen, such as to give its password

    def __init__(self, desk: Desk) -> None:
        """Begin with nothing to offer."""
        super().__init__()
        self._desk = desk
        self.problem = label("", "error", wrap=True)
        self.workspaces = passing(Choice("本级的工作区", []))
        self.take = button("从它取数", self._take, "primary")
        self.folder = button("选择文件夹…", self._ask, icon="folder-open")
        self.switch = button("切换到原来选的工作区", self.switch_wanted.emit, "link")
        content = boxed(
            column_of(
                label("选择本级办公室自己的工作区", "section"),
                label(
                    "本单位是上级计划中的一个单位，又是本级的汇总端。选择本级的工作区后，"
                    "上级要的数可以从本级的汇总取来，每一项都注明依据和已报单位数；"
                    "本级的工作区只读，不受影响。",
                    "muted",
                    wrap=True,
                ),
                row_of((self.problem, 1), self.switch),
                row_of((self.workspaces, 1), self.take, self.folder),
                spacing=SPACE_M,
            )
        )
        content.setMaximumWidth(_WIDEST)
        column_of(
            (None, 1),
            row_of((None, 1), (content, 8), (None, 1)),
            (None, 2),
            margins=SPACE_XL,
            parent=self,
        )

    def offer(self, candidates: Sequence[KnownWorkspace]) -> None:
        """Offer workspaces of this PC."""
        self.workspaces.set_entries([(each.title, each.path) for each in candidates])
        self.workspaces.setVisible(bool(candidates))
        self.take.setVisible(bool(candidates))

    def show_problem(self, words: str) -> None:
        """Say why the workspace that was chosen can't be read; nothing where none was."""
        self.problem.setText(words)
        for each in (self.problem, self.switch):
            each.setVisible(bool(words))

    def refuse(self, problem: Exception) -> None:
        """Say why what was chosen just now doesn't do."""
        self.show_problem(told(problem))

    def _take(self) -> None:
        if self.workspaces.value:
            self.chosen.emit(Path(self.workspaces.value))

    def _ask(self) -> None:
        folder = self._desk.files.folder("选择本级工作区所在的文件夹", "workspace")
        if folder is not None:
            self.chosen.emit(folder)
