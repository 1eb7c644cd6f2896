"""工作区: what a user can do about which workspace the window shows; a menu in the top bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from fsdesk.domain.findings import reject
from ui.workspaces.first_run import NewWorkspace
from ui.workspaces.restoring import restore_from_backup

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.services.care.known import KnownWorkspace
    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.main_window import MainWindow
    from ui.messages import Messages
    from ui.tasks import TaskRunner

START = "start"
_KEY = "Alt+W"
_MOST = 8


@dataclass(frozen=True, slots=True)
class WorkspaceDoors:
    """What the choices need of the program; see `ui.app.Program` for the two last ones."""

    window: MainWindow
    messages: Messages
    runner: TaskRunner
    files: Files
    switch_to: Callable[[Path], object]
    leave_for: Callable[..., object]


class WorkspaceChoices(QObject):
    """Opens another workspace, makes, restores, moves one, or takes the choice of role back.

    The menu is there always; what needs an open workspace can be chosen once there is one.
    """

    def __init__(self, doors: WorkspaceDoors) -> None:
        """Put the menu into the window's top bar."""
        super().__init__(doors.window)
        self._doors = doors
        self._workspace: Workspace | None = None
        self._known: KnownWorkspace | None = None
        self.menu = QMenu(doors.window)
        self.menu.setAccessibleName("工作区")
        self.menu.aboutToShow.connect(self._fill)
        self.tool = self._put_tool()

    def _put_tool(self) -> QToolButton:
        tool = self._doors.window.top_bar.add_tool("folder-open", f"工作区（{_KEY}）")
        tool.setShortcut(_KEY)
        tool.setMenu(self.menu)
        tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return tool

    def use(self, workspace: Workspace, known: KnownWorkspace) -> None:
        """Offer what can be done with the workspace that was opened."""
        self._workspace, self._known = workspace, known

    @property
    def is_open(self) -> bool:
        """Whether a workspace is open in this window."""
        return self._workspace is not None

    def go_back(self) -> None:
        """Show the first page of the open workspace."""
        window = self._doors.window
        window.open(next(key for key in window.keys if key != START), enter=True)

    # What the menu, the start page and the year in the top bar ask for

    def open_folder(self, folder: Path) -> None:
        """Open the workspace of a folder, if there is one now."""
        from fsdesk.services.care import known

        def job() -> Path:
            if known.find(folder) is not None and not known.is_workspace(folder):
                raise known.gone(folder)
            return known.within(folder)

        self._doors.runner.run(job, self._doors.switch_to)

    def open_other(self) -> None:
        """Ask for the folder of a workspace and open it."""
        folder = self._doors.files.folder("选择工作区所在的文件夹", "workspace")
        if folder is not None:
            self.open_folder(folder)

    def open_year(self, year: int) -> None:
        """Open the same unit's workspace of another year."""
        from fsdesk.services.care import known

        mine = self._known
        if mine is None:
            return

        def job() -> Path:
            found = (other.folder for other in known.same_owner(mine) if other.year == year)
            folder = next(found, None)
            if folder is None:
                raise reject(f"没有找到 {year} 年的工作区", "请用“打开其他…”选择它的文件夹")
            if not known.is_workspace(folder):
                raise known.gone(folder)
            return folder

        self._doors.runner.run(job, self._doors.switch_to)

    def restore(self, folder: Path | None = None) -> None:
        """Bring a workspace back from a copy of it; by default the one that is open."""
        if folder is None and self._workspace is not None:
            folder = self._workspace.folder
        restore_from_backup(self._doors, folder)

    def make_new(self) -> None:
        """Ask whose a new workspace shall be; the one that is open stays so until it is made."""
        self._doors.window.open(START, NewWorkspace(), enter=True)

    # The menu

    def _fill(self) -> None:
        self.menu.clear()
        self._add("打开其他…", self.open_other)
        self._add("新建…", self.make_new)
        self._add("从备份恢复…", self.restore)

    def _add(self, words: str, action: Callable[[], object], *, enabled: bool = True) -> QAction:
        made = QAction(words, self.menu)
        made.triggered.connect(lambda _checked=False: action())
        made.setEnabled(enabled)
        self.menu.addAction(made)
        return made
