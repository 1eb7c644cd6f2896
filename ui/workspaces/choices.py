"""工作区: what a user can do about which workspace the window shows; a menu in the top bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from fsdesk.domain.accounts import SharedDatabase
from fsdesk.domain.findings import reject
from fsdesk.domain.plan.units import WorkspaceRole
from ui.workspaces.password import PasswordChoices
from ui.workspaces.restoring import restore_from_backup
from ui.workspaces.start_page import START, NewWorkspace, ServerCare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.domain.steps import Steps
    from fsdesk.services.care.known import KnownWorkspace
    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.main_window import MainWindow
    from ui.messages import Messages
    from ui.tasks import TaskRunner

MAKING = "正在建立工作区"
_KEY = "Alt+W"
_MOST = 8


class WorkspaceDoors(Struct, frozen=True):
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
        self.known: KnownWorkspace | None = None  # the workspace that is open
        self.password = PasswordChoices(doors)
        self.menu = QMenu(doors.window)
        self.menu.setAccessibleName("工作区")
        self.menu.aboutToShow.connect(self._fill)
        self.tool = self._put_tool()

    def _put_tool(self) -> QToolButton:
        tool = self._doors.window.top_bar.add_tool("folder-open", f"工作区（{_KEY}）")
        tool.setText("工作区")
        tool.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        tool.setShortcut(_KEY)
        tool.setMenu(self.menu)
        tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return tool

    def use(self, workspace: Workspace, known: KnownWorkspace) -> None:
        """Offer what can be done with the workspace that was opened."""
        self._workspace, self.known = workspace, known
        self.password.use(workspace)

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

        def job() -> Path:
            from fsdesk.services.care import known

            listed = known.find(folder)
            if listed is not None and not listed.is_there:
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
        mine = self.known
        if mine is None:
            return

        def job() -> Path:
            from fsdesk.services.care import known

            found = known.of_year(mine, year)
            if found is None:
                raise reject(f"没有找到 {year} 年的工作区", "请用“打开其他…”选择它的文件夹")
            if not found.is_there:
                raise known.gone(found.folder)
            return found.folder

        self._doors.runner.run(job, self._doors.switch_to)

    def restore(self, folder: Path | None = None) -> None:
        """Bring a workspace back from a copy of it; by default the one that is open."""
        if folder is None and self._workspace is not None:
            folder = self._workspace.folder
        restore_from_backup(self._doors, folder)

    def make_new(self) -> None:
        """Ask whose a new workspace shall be; the one that is open stays so until it is made."""
        self._doors.window.open(START, NewWorkspace(), enter=True)

    def connect_shared(self) -> None:
        """Ask for the office's database on a server."""
        self._with_place(lambda place: place or SharedDatabase("", "", ""))

    def prepare_shared(self) -> None:
        """Show the script for a server's administrator, and the check."""
        self._with_place(ServerCare)

    def _with_place(self, item: Callable[[SharedDatabase | None], object]) -> None:
        """Show an item of the start page, about the server of the open workspace if it has one."""
        workspace, window = self._workspace, self._doors.window

        def job() -> SharedDatabase | None:
            from fsdesk.services.care import joining

            return joining.where(workspace.folder) if workspace is not None else None

        self._doors.runner.run(job, lambda place: window.open(START, item(place), enter=True))

    def next_year(self) -> None:
        """Go where next year's workspace is made."""
        known, window = self.known, self._doors.window
        if known is None:
            return
        if known.role is WorkspaceRole.OFFICE:
            window.open("plan-document", enter=True)
            return
        window.open("exchange", enter=True)
        self._doors.messages.info(
            f"收到汇总端 {known.year + 1} 年的下发包后，在这里打开，"
            f"就可以建立 {known.year + 1} 年的工作区；{known.year} 年的照常使用。"
        )

    def move(self) -> None:
        """Ask for a place on another disk and move the open workspace there."""
        mine, doors = self.known, self._doors
        if mine is None or self._tell_shared():
            return
        parent = doors.files.folder("选择移到哪里（移动后在那里使用）", "move")
        if parent is not None:
            doors.leave_for(
                lambda: _move(mine, parent), "正在移动工作区", lambda: _tell_moved(mine.folder)
            )

    def begin_again(self) -> None:
        """Take the choice of unit and role back, while nothing was recorded."""
        workspace, doors = self._workspace, self._doors
        if workspace is None or self._tell_shared():
            return

        def job() -> bool:
            from fsdesk.services.care import moving

            return moving.is_unused(workspace)

        def go_on(unused: bool) -> None:  # noqa: FBT001 - a job's result
            if unused:
                doors.window.open(START, NewWorkspace(workspace.folder, replaces=True), enter=True)
                return
            doors.messages.warn(
                "这个工作区已有录入或收发的内容，不能重新选择身份。"
                "需要以别的身份工作时，请用“新建”另建一个工作区，这个工作区保留不变。",
                "新建…",
                self.make_new,
            )

        doors.runner.run(job, go_on)

    @property
    def _is_shared(self) -> bool:
        return self._workspace is not None and self._workspace.is_on_server

    def _tell_shared(self) -> bool:
        """Say that what is done with a folder can't be done with a workspace on a server."""
        if self._is_shared:
            self._doors.messages.warn("工作区的数据在服务器上，这一步只用于数据在本机的工作区。")
        return self._is_shared

    def take_made(
        self,
        make: Callable[[], Workspace],
        wanted: NewWorkspace,
        refused: Callable[[Exception], object],
    ) -> None:
        """Make a workspace while this one is open, and go over to it."""
        if wanted.replaces and wanted.folder is not None:
            again = _Again(wanted.folder, make)
            self._doors.leave_for(again.do, MAKING, again.words)
        else:
            self._doors.runner.run(
                lambda: _made(make), self._doors.switch_to, refused, title=MAKING
            )

    @property
    def commands(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """What can be found by its words."""
        return (
            ("打开其他工作区", self.open_other),
            ("新建工作区", self.make_new),
            ("连接办公室的共享数据库", self.connect_shared),
            ("共享数据库的准备和检查（管理员）", self.prepare_shared),
            ("从备份恢复", self.restore),
            ("移动工作区到其他磁盘", self.move),
            ("设置或更换工作区的密码", self.password.set),
        )

    # The menu

    def _fill(self) -> None:
        from fsdesk.services.care import known

        self.menu.clear()
        mine = self.known
        for one in known.workspaces()[:_MOST]:
            entry = self._add(one.title, lambda folder=one.folder: self.open_folder(folder))
            entry.setToolTip(one.path)
            entry.setCheckable(True)
            entry.setChecked(mine is not None and one.folder == mine.folder)
        self.menu.addSeparator()
        own = mine is not None and not mine.sample
        here = own and not self._is_shared  # what is done with its folder
        self._add("打开其他…", self.open_other)
        self._add("新建…", self.make_new)
        self._add("连接共享数据库…", self.connect_shared)
        self._add("下一年度…", self.next_year, enabled=own)
        self._add("从备份恢复…", self.restore)
        self.menu.addSeparator()
        self._add("移动到其他磁盘…", self.move, enabled=here)
        self._add("重新选择身份…", self.begin_again, enabled=here)
        self.menu.addSeparator()
        protected = self.password.is_set
        self._add("更换密码…" if protected else "设置密码…", self.password.set, enabled=here)
        if protected:
            self._add("取消密码…", self.password.give_up)
        if own and mine is not None and mine.role is WorkspaceRole.OFFICE:
            self._add("读出单位的恢复码…", self.password.read_out)
        self._add("共享数据库（管理员）…", self.prepare_shared)

    def _add(self, words: str, action: Callable[[], object], *, enabled: bool = True) -> QAction:
        made = QAction(words, self.menu)
        made.triggered.connect(lambda _checked=False: action())
        made.setEnabled(enabled)
        self.menu.addAction(made)
        return made


# In a worker


def _made(make: Callable[[], Workspace]) -> Path:
    """Make a workspace that is opened later, in a window of its own."""
    from fsdesk.services.care import known

    with make() as made:
        known.remember(made, last=False)
        return made.folder


class _Again:
    """Makes a workspace in place of one that was begun by mistake, and tells where that is kept."""

    def __init__(self, folder: Path, make: Callable[[], Workspace]) -> None:
        self._folder, self._make = folder, make
        self._aside: Path | None = None

    def do(self) -> Path:
        from fsdesk.services.care import moving

        made, self._aside = moving.begin_again(self._folder, self._make)
        return made

    def words(self) -> str:
        from fsdesk.services.care import protecting

        aside = self._aside
        lost = aside is not None and protecting.is_protected(aside)
        return f"已重新选择身份。原来的文件夹改名为“{aside}”，其中没有录入内容，可以删除。" + (
            "新的工作区没有密码，需要时请重新设置。" if lost else ""
        )


def _move(mine: KnownWorkspace, parent: Path) -> Steps[Path]:
    from fsdesk.services.care import moving

    return moving.copy_workspace(mine.folder, moving.place_for(mine.folder, mine.year, parent))


def _tell_moved(folder: Path) -> str:
    from fsdesk.services.care import moving

    aside = moving.set_moved_aside(folder)
    return f"工作区已移动，现在在新的位置使用。原来的文件夹改名为“{aside}”，确认无误后可以删除。"
