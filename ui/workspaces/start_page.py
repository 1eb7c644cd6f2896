"""The first page: opens the workspace; where that can't be done it leads on, never to an end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import shiboken6
from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from fsdesk.domain.accounts import SharedDatabase
from fsdesk.domain.findings import FindingCode, FsdeskError
from ui.page import Page
from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import boxed, column_of, row_of, scrolling
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.workspaces.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.services.care.known import KnownWorkspace
    from ui.files import Files
    from ui.help.diagnosis import Diagnosis
    from ui.tasks import TaskRunner
    from ui.workspaces.choices import WorkspaceChoices
    from ui.workspaces.first_run import FirstRun
    from ui.workspaces.shared import SharedForm
    from ui.workspaces.sign_in import SignIn

START = "start"
WIDTH = 600
_MOST = 6
_WELCOME = "欢迎使用食药安工作台"
_Found = tuple["Plan", "Path", tuple["KnownWorkspace", ...]]


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """A schema on a server whose account has signed in, and the password to keep; or empty."""

    database: SharedDatabase
    password: str = field(default="", repr=False)


class ServerCare(Struct, frozen=True):
    """That a shared database is to be prepared or checked; the open one's where there is one."""

    database: SharedDatabase | None = None


class NewWorkspace(Struct, frozen=True):
    """Where a new workspace is to go; nowhere named: a place where nothing is yet.

    `replaces`: whether the one that is there is set aside for it, since its role was chosen by
    mistake.
    `note`: what else the user should know, in Chinese.
    `shared`: the schema on a server in which its data are to lie; None for the folder.
    `packet`: the file with which the program was started.
    """

    folder: Path | None = None
    replaces: bool = False
    note: str = ""
    shared: SharedPlace | None = None
    packet: Path | None = None


class StartPage(Page):
    """Says that the workspace is being opened; where there is none, asks whose it shall be."""

    made = Signal(object)  # a callable that makes and opens the workspace, for a worker
    again = Signal()  # the workspace shall be tried again
    explained = Signal(str)  # what the handbook says of a fault is wanted, by its identity

    form: FirstRun | SharedForm
    sign_in: SignIn
    _files: Files
    _choices: WorkspaceChoices

    def __init__(self, runner: TaskRunner) -> None:
        """Show that work is under way."""
        super().__init__(_WELCOME)
        self._runner = runner
        self._stack = QStackedWidget()
        self._stack.addWidget(label("正在打开工作区…", "muted", centred=True))
        self.body.addWidget(self._stack)
        runner.finished.connect(lambda _task: self._wake())

    def lead_on(self, files: Files, choices: WorkspaceChoices, diagnosis: Diagnosis) -> None:
        """Take what the window, which comes with this page, has besides."""
        self._files, self._choices = files, choices
        self.diagnosis = diagnosis

    def ask(self, problem: Exception, folder: Path | None, packets: Sequence[Path] = ()) -> None:
        """Ask for a new workspace; one that can't be opened is explained instead.

        `packets`: with which the program was started; a single one may make the workspace.
        """
        if isinstance(problem, FsdeskError) and problem.tells(FindingCode.NO_WORKSPACE):
            others = [it for it in problem.findings if it.code is not FindingCode.NO_WORKSPACE]
            packet = packets[0] if len(packets) == 1 else None
            note = "\n".join(map(str, others))
            self._offer_form(NewWorkspace(folder, note=note, packet=packet))
            return

        def job() -> tuple[KnownWorkspace, ...]:
            from fsdesk.services.care import known

            return known.workspaces()

        self._runner.run(job, lambda found: self._explain(problem, folder, found))

    def show_item(self, item: object) -> None:
        """Ask whose a new workspace shall be, or for the office's database on a server."""
        if isinstance(item, NewWorkspace):
            self._offer_form(item)
        elif isinstance(item, SharedDatabase):
            self._offer_shared(item)
        elif isinstance(item, ServerCare):
            self._show_care(item)

    @property
    def taken(self) -> Path | None:
        """The packet from which a workspace is made; None where it is chosen by hand."""
        from ui.workspaces.first_run import FirstRun

        return self.form.taken if isinstance(self.form, FirstRun) else None

    @property
    def fault(self) -> str:
        """The fault that is told here; none while there is none."""
        told = self._stack.currentWidget().findChildren(Refusal)
        return next((each.fault for each in told if each.isVisible() and each.fault), "")

    def refuse(self, problem: Exception) -> None:
        """Say why no workspace was made."""
        self.form.refuse(problem)

    def _explain(
        self, problem: Exception, folder: Path | None, known: Sequence[KnownWorkspace]
    ) -> None:
        locked = isinstance(problem, FsdeskError) and problem.tells(FindingCode.PASSWORD)
        if locked and folder is not None:
            self._ask_password(folder, known)
            return
        if folder is not None and wants_sign_in(problem):
            self._ask_sign_in(problem, folder, known)
            return
        self._explain_trouble(problem, folder, known)

    def _explain_trouble(
        self, problem: Exception, folder: Path | None, known: Sequence[KnownWorkspace]
    ) -> None:
        from ui.workspaces.trouble import Trouble

        self.trouble = Trouble(problem, folder)
        self.trouble.again.connect(self._try_again)
        self.trouble.open_other.connect(self._choices.open_other)
        self.trouble.restore.connect(lambda: self._choices.restore(folder))
        self.trouble.make_new.connect(lambda: self._offer_form(NewWorkspace()))
        self.trouble.reveal.connect(self._files.reveal)
        self.trouble.diagnose.connect(self.diagnosis.collect)
        others = [one for one in known if one.folder != folder]
        self.header.set_title(self.trouble.title)
        self._show(self.trouble, self._ways_to("本机上的其他工作区", others))
        self.trouble.first.setFocus()

    def _ask_password(self, folder: Path, known: Sequence[KnownWorkspace]) -> None:
        from ui.workspaces.password import Locked

        whose = next((one.title for one in known if one.folder == folder), "")
        self.locked = Locked(self._runner, folder, whose)
        self.locked.opened.connect(self._open_unlocked)
        self.open_other = button("打开其他工作区…", self._choices.open_other)
        ways = boxed(row_of(self.open_other, None, spacing=-1))
        others = [one for one in known if one.folder != folder]
        self._show(self.locked, ways, self._ways_to("本机上的其他工作区", others))
        self.locked.password.setFocus()

    def _ask_sign_in(
        self, problem: Exception, folder: Path, known: Sequence[KnownWorkspace]
    ) -> None:
        def job() -> SharedDatabase | None:
            from fsdesk.services.care import joining

            return joining.where(folder)

        def show(where: SharedDatabase | None) -> None:
            from ui.workspaces.sign_in import SignIn

            if where is None:  # it was named at the command
                self._explain_trouble(problem, folder, known)
                return
            self.sign_in = SignIn(self._runner, folder, where, problem)
            self.sign_in.opened.connect(self._try_again)
            self.open_other = button("打开其他工作区…", self._choices.open_other)
            ways = boxed(row_of(self.open_other, None, spacing=-1))
            others = [one for one in known if one.folder != folder]
            self._show(self.sign_in, ways, self._ways_to("本机上的其他工作区", others))
            self.sign_in.password.setFocus()

        self._runner.run(job, show)

    def _open_unlocked(self, by_code: bool) -> None:  # noqa: FBT001 - a signal's
        self._choices.password.by_code = by_code
        self._try_again()

    def _try_again(self) -> None:
        self._stack.setCurrentIndex(0)
        self.again.emit()

    # A new workspace

    def _offer_form(self, wanted: NewWorkspace) -> None:
        self._runner.run(_defaults(wanted.folder), lambda found: self._show_form(found, wanted))

    def _show_form(self, found: _Found, wanted: NewWorkspace) -> None:
        from ui.workspaces.first_run import FirstRun

        plan, folder, known = found
        back = self._way_back()
        self.form = FirstRun(plan, folder, self._files, wanted)
        self.form.made.connect(self._make)
        self.form.sample_wanted.connect(self._make_sample)
        self.form.folder_dropped.connect(self._choices.open_folder)
        self.form.shared_wanted.connect(lambda: self._offer_shared(None))
        self.open_other = button("打开已有工作区…", self._choices.open_other)
        self.restore = button("从备份恢复…", self._choices.restore)
        self.back = button("返回", lambda: self._give_up(back or self._try_again))
        self.header.set_title(_WELCOME)
        ways = boxed(row_of(self.open_other, self.restore, None, self.back, spacing=-1))
        self._show(self.form, ways, self._ways_to("本机上的工作区", known))
        self.back.setVisible(back is not None)
        (self.form.given if wanted.packet else self.form.packet).setFocus()

    # The office's database on a server

    def _offer_shared(self, known: SharedDatabase | None) -> None:
        self._runner.run(_defaults(None), lambda found: self._show_shared(found, known))

    def _show_shared(self, found: _Found, known: SharedDatabase | None) -> None:
        from ui.workspaces.shared import SharedForm

        plan, folder, _known = found
        back = self._way_back() or (lambda: self._offer_form(NewWorkspace()))
        self.form = SharedForm(self._runner, self._files, folder, plan.year, known)
        self.form.made.connect(self._make)
        self.form.new_wanted.connect(lambda place: self._offer_form(NewWorkspace(shared=place)))
        care = button("管理员：准备和检查…", lambda: self._show_care(ServerCare()), "link")
        self.back = button("返回", back)
        self.header.set_title("共享数据库")
        self._show(self.form, boxed(row_of(care, None, self.back, spacing=-1)))
        self.form.fields.server.setFocus()

    def _show_care(self, wanted: ServerCare) -> None:
        from ui.workspaces.administrator import AdministratorForm

        self.care = AdministratorForm(self._runner, self._files, wanted.database)
        back = self._way_back() or (lambda: self._offer_form(NewWorkspace()))
        self.back = button("返回", back)
        self.header.set_title("共享数据库")
        self._show(self.care, boxed(row_of(None, self.back, spacing=-1)))
        self.care.fields.server.setFocus()

    def _way_back(self) -> Callable[[], object] | None:
        """Return what leads back from the form: to what was shown before."""
        if self._choices.is_open:
            return self._choices.go_back
        return self._try_again if hasattr(self, "trouble") else None

    @staticmethod
    def _give_up(go_back: Callable[[], object]) -> None:
        from ui.workspaces import unmade

        unmade.forget()
        go_back()

    def _make(self, make: Callable[[], object]) -> None:
        from ui.workspaces import unmade

        def made() -> object:
            workspace = make()
            unmade.forget()
            return workspace

        self.form.setEnabled(False)
        self.made.emit(made)

    def _make_sample(self, office: bool) -> None:  # noqa: FBT001 - a signal's
        """Make the sample beside the workspace that is still to come, or open the one there is."""
        from fsdesk.services.care.known import SAMPLE
        from ui.workspaces.first_run import open_sample, prepare_sample

        folder = self.form.folder.with_name(f"{self.form.folder.name}-{SAMPLE}")

        self.form.setEnabled(False)
        self._runner.run(
            lambda: prepare_sample(folder),
            lambda _: self.made.emit(lambda: open_sample(folder, office=office)),
            self.refuse,
            title="正在准备示例工作区，约需半分钟",
        )

    def _wake(self) -> None:
        """Let the form be used again when the work is done, failed or was broken off."""
        if hasattr(self, "form") and shiboken6.isValid(self.form):
            self.form.setEnabled(True)

    # Showing

    def _ways_to(self, words: str, known: Sequence[KnownWorkspace]) -> QWidget | None:
        if not known:
            return None
        card = QFrame()
        set_role(card, "card")
        rows = [self._way_to(one) for one in known[:_MOST]]
        column_of(label(words, "section"), *rows, spacing=SPACE_S, margins=SPACE_L, parent=card)
        return card

    def _way_to(self, one: KnownWorkspace) -> QWidget:
        opens = button(one.title, lambda: self._choices.open_folder(one.folder), "link")
        return boxed(row_of(opens, (label(one.path, "help", wrap=True), 1), spacing=-1))

    def _show(self, *parts: QWidget | None) -> None:
        """Show parts below each other in the middle, in place of what was shown."""
        frame = QWidget()
        column = boxed(column_of(*(part for part in parts if part), None, spacing=SPACE_M))
        column.setFixedWidth(WIDTH)
        row_of(None, column, None, margins=-1, parent=frame)  # aligned, it would get too low
        area = scrolling(frame)
        for told in area.findChildren(Refusal):
            told.explained.connect(self.explained)
        while self._stack.count() > 1:
            old = self._stack.widget(1)
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.addWidget(area)
        self._stack.setCurrentWidget(area)


def wants_sign_in(problem: Exception) -> bool:
    """Tell whether the password of a server's account is missing or wrong."""
    return isinstance(problem, FsdeskError) and problem.tells(FindingCode.SIGN_IN)


def _defaults(folder: Path | None) -> Callable[[], _Found]:
    def job() -> _Found:
        from fsdesk.services.care import known, setup

        year = datetime.now(UTC).astimezone().year
        return setup.read_plan(None, year), folder or known.unused_folder(), known.workspaces()

    return job
