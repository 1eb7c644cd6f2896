"""Builds everything: the application, the window, and the pages once a workspace is open.

The window is painted before the database's libraries are loaded; they come with the workspace, in
a worker.
"""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from fsdesk.domain.findings import FindingCode, FsdeskError, WorkspaceError
from fsdesk.domain.plan.units import WorkspaceRole
from ui.appearance import Theme
from ui.files import Files
from ui.fonts import install_font, install_language
from ui.help.companion import Companion
from ui.letter_badge import LetterBadge
from ui.main_window import Doors, FrameFacts, MainWindow
from ui.messages import Messages
from ui.page import NavigationPlace, PageSpec
from ui.start_page import StartPage
from ui.system import fcitx
from ui.system.copies import CopyCare
from ui.system.crash import HardFaults, write_report
from ui.system.environment import leave_package, told_to_qt
from ui.system.memory import MemoryCare
from ui.system.single import Caller, call_first
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from fsdesk.services.status_line import StatusLine
    from fsdesk.workspace import Workspace

_LOG = logging.getLogger(__name__)
_START = "start"
SAMPLE = "（示例）"
_LOG_BYTES = 1_000_000
# Whose words go into the log file.
LOGGERS = ("ui", "fsdesk")


@dataclass(frozen=True, slots=True)
class Opened:
    """A workspace that was opened in a worker, and what the frame says of it."""

    workspace: Workspace
    facts: FrameFacts
    unit: str


def run_window(folder: Path | None, database: str | None, files: Sequence[str]) -> int:
    """Open the window and run until it is closed; returns the exit code.

    Without a folder it is the usual workspace; `database` is given where that isn't in the folder.
    """
    application = make_application()
    if fcitx.wanted(os.environ):
        QTimer.singleShot(0, application, lambda: fcitx.connect(application))
    program = Program(application, folder, database)
    program.window.show()
    program.greets = True
    program.open([Path(file) for file in files])
    return application.exec()


def make_application() -> QApplication:
    """Make Qt's application; what only Qt is told stands in the environment no longer than that."""
    leave_package(os.environ)
    with told_to_qt(os.environ):
        return QApplication(sys.argv[:1])


class Program(QObject):
    """The running program: one window, one workspace."""

    def __init__(
        self, application: QApplication, folder: Path | None, database: str | None
    ) -> None:
        """Build the frame; nothing of the workspace is touched yet."""
        super().__init__()
        install_font(application)
        install_language(application)
        self._folder, self._database = folder, database
        self._opened: Opened | None = None
        self._log: logging.Handler | None = None
        self.theme = Theme(application)
        self.messages = Messages()
        self.runner = TaskRunner(self._failed)
        self._memory = MemoryCare(self.runner, self)
        today = datetime.now().astimezone()
        start = PageSpec(
            _START, "开始", "folder-open", self._start_page, place=NavigationPlace.NOWHERE
        )
        self.window = MainWindow(
            [start],
            FrameFacts("", WorkspaceRole.UNIT, (today.year,), f"{today:%Y-%m}"),
            Doors(self.messages, self.runner, self.theme),
        )
        self.files = Files(self.window)
        self._copies = CopyCare(self.window, self.runner, self.messages, self.files)
        self._letters = LetterBadge(self.window, self.runner)
        self._given: tuple[Path, ...] = ()
        self._caller = Caller(self)
        self._caller.called.connect(self._called)
        self._faults: HardFaults | None = None
        self.greets = False  # only people are shown around, and told of dates
        self.companion = Companion(self.window, self.runner, self.messages)
        self.window.closing.connect(self._close)
        self.window.period_changed.connect(lambda _period: self._look())
        self.window.data_changed.connect(self._look)
        self.window.data_changed.connect(self._copies.changed)
        sys.excepthook = self._unexpected

    def open(self, files: Sequence[Path] = ()) -> None:
        """Open the workspace in a worker and show files, or ask how to make one."""
        self._given = tuple(files)
        self.runner.run(self._open_job, self._show_workspace, self._ask_for_workspace)

    # In a worker

    def _open_job(self) -> Opened:
        from fsdesk.workspace import open_workspace

        # Its copy is made by and by; see `CopyCare`.
        return self._described(open_workspace(self._place(), self._database, copy=False))

    def _place(self) -> Path:
        from fsdesk.workspace import default_folder

        return self._folder or default_folder()

    def _described(self, workspace: Workspace) -> Opened:
        from fsdesk.services.care import keeping

        try:
            return self._opened_as(workspace)
        except Exception as problem:
            workspace.close()  # what can't be shown isn't held either
            told = keeping.explained(workspace.folder, problem)
            if told is None:
                raise
            raise told from problem

    def _opened_as(self, workspace: Workspace) -> Opened:
        # The pages' own libraries are loaded here as well, while the window stays alive.
        import ui.pages  # noqa: F401
        from fsdesk.demo.sample import is_sample
        from fsdesk.services.plan.planning import current_plan
        from fsdesk.services.status.aggregation import working_period

        whose = workspace.identity
        name = current_plan(workspace).unit_name(whose.unit)
        owner = f"{name}（汇总端）" if whose.is_office else name
        if is_sample(workspace.folder):
            owner += SAMPLE
        period = str(working_period(workspace))
        return Opened(workspace, FrameFacts(owner, whose.role, (whose.year,), period), whose.unit)

    # On the GUI thread

    def _start_page(self) -> StartPage:
        page = StartPage(self.runner, Files(), self._folder)
        page.made.connect(self._take_made)
        return page

    def _ask_for_workspace(self, problem: Exception) -> None:
        in_use = isinstance(problem, WorkspaceError) and problem.tells(FindingCode.WORKSPACE_IN_USE)
        if in_use and call_first(self._place(), self._given):
            QTimer.singleShot(0, self.window.close)  # the first window came to the front
            return
        page = self.window.page(_START)
        if isinstance(page, StartPage):
            page.ask(problem)

    def _take_made(self, make: Callable[[], Workspace]) -> None:
        self.runner.run(
            lambda: self._described(make()), self._show_workspace, title="正在建立工作区"
        )

    def _show_workspace(self, opened: Opened) -> None:
        from ui.desk import Desk
        from ui.pages import page_specs

        self._opened = opened
        self._log = _log_to(opened.workspace.folder / "logs" / "fsdesk.log")
        desk = Desk(
            opened.workspace,
            self.messages,
            self.runner,
            self.files,
            is_office=opened.facts.role is WorkspaceRole.OFFICE,
            unit=opened.unit,
        )
        self.window.add_pages(page_specs(desk, self.theme), opened.facts)
        self.companion.use(opened.workspace, self.theme)
        self._letters.workspace = opened.workspace
        self._copies.use(opened.workspace)
        for found in opened.workspace.warnings:
            self.messages.warn(str(found))
        if opened.facts.owner.endswith(SAMPLE):
            self.messages.warn(
                "这是示例工作区，内容都是虚构的，可以随意改动。关闭后重新打开程序，就可以建立自己的工作区。"
            )
        if self.greets:
            self._watch_faults(opened.workspace.folder / "logs")
            self.companion.offer_tour()
        self._memory.keep_present()
        self._look()
        self._caller.listen(opened.workspace.folder)
        self._show_files(self._given)

    def _watch_faults(self, folder: Path) -> None:
        """Have hard faults written down, and tell of one that ended the last run."""
        try:
            self._faults = HardFaults(folder)
        except (OSError, FsdeskError):  # a full disk is no reason to stay outside
            _LOG.exception("hard faults are not written down")
            return
        if self._faults.last is not None:
            self.messages.warn(
                "程序上次没有正常结束，已录入的数据都已保存。故障报告可交给技术人员。",
                "打开所在文件夹",
                lambda: self.files.reveal(folder),
            )

    def _called(self, files: Sequence[Path]) -> None:
        """Come to the front, with the files of a later start."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()
        self._show_files(files)

    def _show_files(self, files: Sequence[Path]) -> None:
        from fsdesk.domain.packet.updates import ENDING

        updates = [file for file in files if file.suffix.lower() == ENDING]
        packets = tuple(file for file in files if file not in updates)
        if packets:
            self.window.open("exchange", packets)
        if updates:
            self.window.open("about", updates[-1])

    def _look(self) -> None:
        """Bring status strip and badges up to date."""
        if self._opened is None or not self.window.period:
            return
        workspace, period = self._opened.workspace, self.window.period

        def job() -> StatusLine:
            from fsdesk.domain.periods import Period
            from fsdesk.services.status_line import status_line

            return status_line(workspace, Period.parse(period))

        self.runner.run(job, self._show_standing)
        self._letters.start()

    def _show_standing(self, found: StatusLine) -> None:
        from fsdesk.domain.periods import Period

        if self._opened is None:
            return
        label = Period.parse(self.window.period).label
        self.window.status.set_unexported(found.unexported)
        self.window.status.set_due(f"{label}报送", found.days_left)
        self.window.set_badge("exchange", found.conflicts)
        if self.greets:
            today = f"{self._opened.workspace.clock().astimezone():%Y-%m-%d}"
            self.companion.remind(f"{label}报送", found.days_left, today)

    def _close(self) -> None:
        self._caller.close()
        self._letters.stop()
        self._letters.workspace = None
        self._copies.use(None)
        if self._faults is not None:
            self._faults.close()
        self._memory.end()
        if self._opened is not None:
            self._opened.workspace.close()
            self._opened = None
        if self._log is not None:
            for name in LOGGERS:
                logging.getLogger(name).removeHandler(self._log)
            self._log.close()
            self._log = None

    def _failed(self, problem: Exception, where: str) -> None:
        self.messages.error(problem, where)
        self._copies.suspect(problem)

    def _unexpected(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        _LOG.critical("unexpected failure", exc_info=(kind, problem, trace))
        if isinstance(problem, Exception):  # nothing that was typed is lost
            folder = self._opened.workspace.folder if self._opened else None
            now = datetime.now().astimezone()
            report = write_report(folder / "logs", problem, now) if folder else None
            self.messages.error(problem, report=report)


def _log_to(file: Path) -> logging.Handler:
    """Write what happens into the workspace's log; the caller takes the handler off again."""
    from logging.handlers import RotatingFileHandler

    # Opened at the first line, where a fault of the disk ends nothing.
    handler = RotatingFileHandler(
        file, maxBytes=_LOG_BYTES, backupCount=3, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    return handler
