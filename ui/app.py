"""Builds everything in the window's frame, and the pages once a workspace is open.

The frame is painted before any of this is loaded (`ui.start`); the database's libraries come with
the workspace, in a worker.
"""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct, field
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from fsdesk import __version__
from fsdesk.domain.findings import FindingCode, FsdeskError, WorkspaceError
from fsdesk.domain.plan.units import WorkspaceRole
from ui import icons, remember
from ui.files import Files
from ui.help.companion import Companion
from ui.help.diagnosis import Diagnosis
from ui.letter_badge import LetterBadge
from ui.main_window import Doors, FrameFacts, MainWindow
from ui.messages import RETURNED, Messages
from ui.page import NavigationPlace, PageSpec
from ui.start import make_frame
from ui.system import libraries
from ui.system.copies import CopyCare
from ui.system.memory import MemoryCare
from ui.system.others import OtherDesks
from ui.system.single import Caller, call_first
from ui.tasks import State, TaskRunner
from ui.workspaces.choices import WorkspaceChoices, WorkspaceDoors
from ui.workspaces.start_page import START, StartPage, wants_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from fsdesk.domain.drafts import FieldDraft
    from fsdesk.domain.findings import Finding
    from fsdesk.domain.packet.handover import HandedOver
    from fsdesk.domain.steps import Steps
    from fsdesk.services.care.known import KnownWorkspace
    from fsdesk.services.ladder.drawing import PeriodDifferences
    from fsdesk.services.status_line import StatusLine
    from fsdesk.workspace import Workspace
    from ui.drafts import Drafts
    from ui.start import Frame
    from ui.system.crash import HardFaults
    from ui.tasks import BackgroundTask

_LOG = logging.getLogger(__name__)
SAMPLE, READ_ONLY = "（示例）", "（只读）"
_SERVER = "server"  # whether it can be reached
# What is told at opening goes when the user closes it.
_OPENED = "opened"
_SEEN, _UPGRADED = "version", "upgraded"  # the version that ran last; what is told of a newer one
_LOG_BYTES = 1_000_000
# Whose words go into the log file.
LOGGERS = ("ui", "fsdesk")


class Opened(Struct, frozen=True):
    """A workspace that was opened in a worker, and what the frame says of it."""

    workspace: Workspace
    facts: FrameFacts
    known: KnownWorkspace
    draft: str = ""  # that the plan is a draft, in words
    typed: Mapping[str, FieldDraft] = field(default_factory=dict)  # and not stored, by place
    office: str = ""  # what the coordinating office is called
    climbs: bool = False  # whether an own aggregate may fill its report


class Program(QObject):
    """The running program: one window on one workspace; for another one it builds a window anew."""

    def __init__(
        self,
        application: QApplication,
        folder: Path | None,
        database: str | None,
        frame: Frame | None = None,
    ) -> None:
        """Take the frame that is seen already, or make one; the workspace isn't touched yet.

        Without a folder it is the usual workspace; `database` is given where that isn't in the
        folder.
        """
        super().__init__()
        self._folder, self._database = folder, database
        self.theme, window = frame or make_frame(application)
        self.greets = False  # only people are shown around, and told of dates
        self._given: tuple[Path, ...] = ()
        self._build(window)
        sys.excepthook = self._unexpected

    def _build(self, window: MainWindow) -> None:
        """Build in the frame: the page that says what is being opened, and what stands around."""
        self.window = window
        self._opened: Opened | None = None
        self._handed_over: HandedOver | None = None
        self._log: logging.Handler | None = None
        self._faults: HardFaults | None = None
        self.messages = Messages()
        self.runner = TaskRunner(self._failed)
        window.share(Doors(self.messages, self.runner, self.theme))
        today = datetime.now().astimezone()
        start = PageSpec(
            START,
            "开始",
            "folder-open",
            self._start_page,
            place=NavigationPlace.NOWHERE,
            help="第一次使用",
        )
        facts = FrameFacts("", WorkspaceRole.UNIT, (today.year,), f"{today:%Y-%m}")
        window.add_pages([start], facts)
        window.navigation.setFocus()
        self._surround()

    def _surround(self) -> None:
        """Build what stands around the pages."""
        self.window.setWindowIcon(icons.application_icon())
        self.files = Files(self.window)
        self._memory = MemoryCare(self.runner, self.window)
        self._letters = LetterBadge(self.window, self.runner)
        self._caller = Caller(self.window)
        self._caller.called.connect(self._called)
        self.companion = Companion(self.window, self.runner, self.messages)
        self.choices = WorkspaceChoices(
            WorkspaceDoors(
                self.window,
                self.messages,
                self.runner,
                self.files,
                self.switch_to,
                self.leave_for,
            )
        )
        self._copies = CopyCare(self.window, self.runner, self.messages, self.choices.restore)
        self._others = OtherDesks(self.window, self.runner)
        self.messages.away = self._others.note_lost
        self._others.lost.connect(self._tell_lost)
        self._others.barred.connect(self._tell_barred)
        self._others.found.connect(self._tell_found)
        self.diagnosis = Diagnosis(self.window, self.runner, self.messages, self.files)
        self._start.lead_on(self.files, self.choices, self.diagnosis)
        self._start.explained.connect(self.companion.open_for)
        self.window.closing.connect(self._close)
        self.window.status.export_wanted.connect(self._export)
        self.window.period_changed.connect(lambda _period: self._look())
        self.window.year_wanted.connect(self.choices.open_year)
        self.window.data_changed.connect(self._look)
        self.window.data_changed.connect(self._copies.changed)

    def open(self, files: Sequence[Path] = ()) -> None:
        """Open the workspace in a worker and show files, or ask how to make one."""
        self._given = tuple(files)
        self._try_to_open()

    def _try_to_open(self) -> None:
        self.runner.run(self._open_job, self._show_workspace, self._ask_for_workspace)

    # Another workspace

    def switch_to(self, folder: Path, files: Sequence[Path] = (), words: str = "") -> None:
        """Open another workspace in place of this one; what can't be opened changes nothing.

        `files`: packets to be checked there.
        `words`: told there once it is open.
        A workspace that another window has open comes to the front there.
        """
        here = self._opened.workspace.folder if self._opened else None
        if here is not None and folder.absolute() == here.absolute():
            self.choices.go_back()
        elif not call_first(folder, files):
            self.leave_for(
                lambda: folder, "正在打开工作区", (lambda: words) if words else None, files
            )

    def leave_for(
        self,
        job: Callable[[], Path | Steps[Path]],
        title: str,
        after: Callable[[], str] | None = None,
        files: Sequence[Path] = (),
    ) -> None:
        """Close this workspace, do a job in a worker, and open the folder that it returns.

        `job`: may change the folder of the workspace that was open: nothing holds it meanwhile.
        `title`: what is being done, in Chinese.
        `after`: done in a worker once the other workspace is open; returns words for the user.
        `files`: packets to be checked in the other workspace.

        When the job or the opening fails or is broken off, the workspace that was open is opened
        again, and a fault is told. A page that may not be left keeps everything as it is.
        """
        before, database = self._opened.workspace.folder if self._opened else None, self._database
        if not self._leave():
            return
        try:
            self._build(MainWindow())
            self.window.show()
        finally:
            QApplication.setQuitOnLastWindowClosed(True)

        def go_on(folder: Path) -> None:
            self._folder, self._database = folder, None
            self.runner.run(self._open_job, opened, failed)

        def opened(found: Opened) -> None:
            self._given = tuple(files)
            self._show_workspace(found)
            if after is not None:
                self.runner.run(after, self.messages.info, lambda it: self.messages.warn(str(it)))

        def failed(problem: Exception) -> None:
            if before is None or _wants_password(problem) or wants_sign_in(problem):
                self._given = tuple(files)
                self._ask_for_workspace(problem)
            else:
                back()
                self.messages.error(problem)

        def back() -> None:
            self._folder, self._database = before, database
            self._try_to_open()

        def ended(task: BackgroundTask) -> None:
            if task is work and task.state is State.CANCELLED:
                back()

        work = self.runner.run(job, go_on, failed, title=title)
        self.runner.finished.connect(ended)

    def _leave(self) -> bool:
        """Close the window as its user would; tell whether that was allowed.

        The program doesn't end with it. The next window says again that it does.
        """
        QApplication.setQuitOnLastWindowClosed(False)
        if not self.window.close():
            QApplication.setQuitOnLastWindowClosed(True)
            return False
        self.window.deleteLater()
        return True

    # In a worker

    def _open_job(self) -> Opened:
        from fsdesk.services.care import known
        from fsdesk.workspace import default_folder, has_remains, open_workspace

        listed = known.read() if self._folder is None else known.KnownList()
        if self._folder is None:
            last = known.last()
            self._folder = last.folder if last else default_folder()
        folder = self._folder
        try:
            # Its copy is made by and by; see `CopyCare`.
            opened = open_workspace(folder, self._database, copy=False)
            return self._described(opened, listed.problem)
        except FsdeskError as problem:
            codes = (FindingCode.NO_WORKSPACE, FindingCode.WORKSPACE_GONE)
            missing = self._database is None and any(map(problem.tells, codes))
            if missing and (known.find(folder) or has_remains(folder)):
                raise known.gone(folder) from problem
            if listed.problem is None:
                raise
            raise WorkspaceError(*problem.findings, listed.problem) from problem

    def _described(self, workspace: Workspace, problem: Finding | None = None) -> Opened:
        try:
            return self._opened_as(workspace, problem)
        except Exception as fault:
            from fsdesk.services.care import keeping

            workspace.close()  # what can't be shown isn't held either
            told = keeping.explained(workspace.folder, fault)
            if told is None:
                raise
            raise told from fault

    def _opened_as(self, workspace: Workspace, problem: Finding | None) -> Opened:
        from fsdesk.domain.plan.naming import office_of
        from fsdesk.services import drafts
        from fsdesk.services.care import known
        from fsdesk.services.ladder import own_workspace
        from fsdesk.services.plan.planning import current_plan, draft_words
        from fsdesk.services.status.aggregation import working_period

        libraries.load_first()
        mine = known.describe(workspace)
        owner = f"{mine.name}（汇总端）" if mine.role is WorkspaceRole.OFFICE else mine.name
        if mine.sample:
            owner += SAMPLE
        if workspace.account:  # each desk sees under whose name it writes
            owner += f" · {workspace.account}" + ("" if workspace.may_write else READ_ONLY)
        period = str(working_period(workspace))
        if self._database is None:
            known.remember(workspace)
        if problem is not None:
            workspace.warnings = (*workspace.warnings, problem)
        plan = current_plan(workspace)
        draft = draft_words(plan, at_office=mine.role is WorkspaceRole.OFFICE)
        facts = FrameFacts(owner, mine.role, known.years_of(mine), period)
        climbs = own_workspace.is_offered(workspace)
        typed = drafts.kept(workspace)
        return Opened(workspace, facts, mine, draft, typed, office_of(plan), climbs)

    # On the GUI thread

    def _start_page(self) -> StartPage:
        self._start = StartPage(self.runner)
        self._start.made.connect(self._take_made)
        self._start.again.connect(self._try_to_open)
        return self._start

    def _ask_for_workspace(self, problem: Exception) -> None:
        in_use = isinstance(problem, WorkspaceError) and problem.tells(FindingCode.WORKSPACE_IN_USE)
        if in_use and self._folder is not None and call_first(self._folder, self._given):
            QTimer.singleShot(0, self.window.close)  # the first window came to the front
            return
        self._start.ask(problem, self._folder, _parted(self._given)[0])

    def _take_made(self, make: Callable[[], Workspace]) -> None:
        from ui.workspaces.choices import MAKING

        refused, taken = self._start.refuse, self._start.taken

        def show(opened: Opened) -> None:  # what it was made from needs no second look
            self._given = tuple(file for file in self._given if file != taken)
            self._show_workspace(opened)

        if self._opened is None:
            self.runner.run(lambda: self._described(make()), show, refused, title=MAKING)
        else:
            self.choices.take_made(make, self._start.form.wanted, refused)

    def _show_workspace(self, opened: Opened) -> None:
        from ui.desk import Desk
        from ui.drafts import Drafts
        from ui.pages import page_specs
        from ui.system.page_modules import PageModules

        self._opened, self._folder = opened, opened.workspace.folder
        self.messages.logs = self._folder / "logs"
        if not opened.workspace.has_password:  # a log tells of what is typed
            self._log = _log_to(opened.workspace.folder / "logs" / "fsdesk.log")
        self._drafts = drafts = Drafts(opened.workspace, self.runner, self.messages, opened.typed)
        self.window.guard = drafts.may_leave
        self.window.page_shown.connect(drafts.flush)
        self.window.period_changed.connect(drafts.flush)
        drafts.marked.connect(lambda _place: self._show_unsaved(drafts))
        desk = Desk(
            opened.workspace,
            self.messages,
            self.runner,
            self.files,
            is_office=opened.facts.role is WorkspaceRole.OFFICE,
            unit=opened.known.unit,
            switch_to=self.switch_to,
            leave_for=self.leave_for,
            drafts=drafts,
            climbs=opened.climbs,
        )
        self.window.add_pages(page_specs(desk, self.theme), opened.facts)
        PageModules(self.runner, self.window).load(self.window.specs)
        self._show_unsaved(drafts)
        self.companion.use(opened.workspace, self.theme, opened.office)
        self.choices.use(opened.workspace, opened.known)
        self.choices.password.tell_opened_by_code()
        self._offer_commands(opened.workspace)
        self._letters.workspace = opened.workspace
        self._copies.use(opened.workspace)
        self._others.use(opened.workspace)
        self._tell_opened(opened)
        if opened.climbs:
            self._look_below(opened.workspace)
        if self.greets:
            self._watch_faults(opened.workspace.folder / "logs")
            self._tell_upgrade()
            self.companion.offer_tour()
        self._memory.keep_present(opened.workspace.rest)
        self._look()
        self._caller.listen(opened.workspace.folder)
        self._show_files(self._given)
        self._given = ()

    def _offer_commands(self, workspace: Workspace) -> None:
        from ui.help.diagnosis import TITLE

        finder = self.companion.finder
        finder.add_command(
            TITLE, lambda: self.diagnosis.collect(workspace.folder, workspace), "帮助"
        )
        for words, action in self.choices.commands:
            finder.add_command(words, action, "工作区")

    def _tell_opened(self, opened: Opened) -> None:
        """Say what should be known of a workspace from the beginning."""
        for found in opened.workspace.warnings:
            self.messages.warn(str(found), cause=_OPENED)
        if not opened.workspace.may_write:
            self.messages.warn(
                f"账号 {opened.workspace.account} 只能查看：填报和台账不能改动，"
                "别处输入的内容也不会保存。需要录入时，请管理员给账号经办角色。",
                cause=_OPENED,
            )
        if opened.draft:
            self._tell_draft(opened)
        if opened.known.sample:
            self.messages.warn(
                "这是示例工作区，内容都是虚构的，可以随意改动。",
                "建立自己的工作区",
                self.choices.make_new,
                cause=_OPENED,
            )

    def _look_below(self, workspace: Workspace) -> None:
        """Say what the own aggregate says otherwise now than was sent; the page 取数 goes on so."""
        from fsdesk.services.ladder import drawing

        def show(found: Sequence[PeriodDifferences]) -> None:
            if self._opened is None or self._opened.workspace is not workspace or not found:
                return
            self.window.set_badge("ladder", sum(len(each.lines) for each in found))
            names = "、".join(each.period.name for each in found)
            self.messages.warn(
                f"{names}与已报送不同：本级的数据在报送后更正过。",
                "查看",
                lambda: self.window.open("ladder", enter=True),
                cause=_OPENED,
            )

        # Where the own workspace is away or locked, the page says so.
        self.runner.beside(lambda: drawing.told_differences(workspace), show)

    def _tell_draft(self, opened: Opened) -> None:
        """Say that the plan carries another year's on; the page 计划 goes on saying so."""
        at_office = opened.facts.role is WorkspaceRole.OFFICE
        verb, page = ("读取文件…", "plan-document") if at_office else ("打开下发包…", "exchange")
        self.messages.info(
            opened.draft, verb, lambda: self.window.open(page, enter=True), cause=_OPENED
        )

    def _tell_upgrade(self) -> None:
        """After an upgrade say once that there are changes, and lead to them."""
        from fsdesk.domain.packet.updates import is_newer

        before = remember.recall(_SEEN)
        remember.store(_SEEN, __version__)
        if before and is_newer(__version__, before):
            self.messages.info(
                f"程序已从 {before} 版升级到 {__version__} 版。",
                "看有什么变化",
                lambda: self.window.open("about", before),
                cause=_UPGRADED,
                stays=True,
            )

    def _watch_faults(self, folder: Path) -> None:
        """Have hard faults written down, and tell of one that ended the last run."""
        from ui.system.crash import HardFaults

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
                cause=_OPENED,
            )

    def _tell_lost(self, undone: str) -> None:
        """Say, as long as it lasts, that the server is away, and what was not done by it."""
        self.window.status.set_lost(lost=True)
        words = "与数据库服务器的连接断了，正在自动重试。"
        if undone:
            words += f"“{undone}”没有完成，恢复后请再做一次。"
        if self._opened is None or self._opened.workspace.may_write:
            words += "输入的文字都留在窗口里，可以接着填，恢复后自动保存；在那以前请不要关闭窗口。"
        self.messages.warn(words, cause=_SERVER)

    def _tell_barred(self, why: str) -> None:
        self.window.status.set_lost(lost=False)
        self.messages.warn(f"读不到服务器上的数据：{why}", cause=_SERVER)

    def _tell_found(self) -> None:
        self.window.status.set_lost(lost=False)
        self.messages.settle(_SERVER)
        self.messages.info("与数据库服务器的连接恢复了。", cause=_SERVER)
        self._drafts.flush()

    def _called(self, files: Sequence[Path]) -> None:
        """Come to the front, with the files of a later start."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()
        self._show_files(files)

    def _show_files(self, files: Sequence[Path]) -> None:
        packets, updates = _parted(files)
        if packets:
            self.window.open("exchange", packets)
        if updates:
            self.window.open("about", updates[-1])

    def _look(self) -> None:
        """Bring status strip and badges up to date."""
        if self._opened is None or not self.window.period:
            return
        workspace, period = self._opened.workspace, self.window.period

        mine = self._opened.known

        def job() -> tuple[StatusLine, tuple[int, ...]]:
            from fsdesk.domain.periods import Period
            from fsdesk.services.care import known
            from fsdesk.services.status_line import status_line

            return status_line(workspace, Period.parse(period)), known.years_of(mine)

        self.runner.run(job, self._show_standing)
        self._letters.start()

    def _show_standing(self, told: tuple[StatusLine, tuple[int, ...]]) -> None:
        from fsdesk.domain.periods import Period

        if self._opened is None:
            return
        found, years = told
        self._handed_over = found.handed_over
        self.window.top_bar.set_years(years)
        label = Period.parse(self.window.period).label
        self.window.status.set_handed_over(found.handed_over)
        self.window.status.set_due(f"{label}报送", found.days_left)
        self.window.set_badge("exchange", found.on_exchange)
        self.window.set_badge("recording", found.returned)
        if not found.returned:
            self.messages.settle(RETURNED)
        if self.greets:
            today = f"{self._opened.workspace.clock().astimezone():%Y-%m-%d}"
            self.companion.remind(f"{label}报送", found.days_left, today)

    def _export(self) -> None:
        """Have exported what waits: of the shown period, or else of the oldest."""
        from ui.pages.exchange.report_export import EXPORT

        stands = self._handed_over
        periods = [str(period) for period in stands.periods] if stands is not None else []
        if periods and self.window.period not in periods:
            self.window.top_bar.go_to_period(periods[0])
        self.window.open("recording", EXPORT)

    def _show_unsaved(self, drafts: Drafts) -> None:
        """Say on which pages unsaved text waits."""
        counts, specs = drafts.pages(), self.window.specs
        self.window.status.unsaved.show_pages(
            [(spec.key, spec.title, counts[spec.key]) for spec in specs if spec.key in counts]
        )

    def _close(self) -> None:
        self._caller.close()
        self._letters.stop()
        self._letters.workspace = None
        self._copies.use(None)
        self._others.use(None)
        if self._faults is not None:
            self._faults.close()
        self._memory.end()
        if self._opened is not None:
            if self._opened.workspace.has_password:
                self.files.forget_passing()
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
            self.messages.error(problem)


def _parted(files: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Part files that the program was started with: packets, and updates of the program."""
    from fsdesk.domain.packet.updates import ENDING

    updates = tuple(file for file in files if file.suffix.lower() == ENDING)
    return tuple(file for file in files if file not in updates), updates


def _wants_password(problem: Exception) -> bool:
    return isinstance(problem, FsdeskError) and problem.tells(FindingCode.PASSWORD)


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
