"""连接办公室的共享数据库: sign in, choose among the workspaces found there, or make a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit, passing
from ui.widgets.label import label
from ui.workspaces.refusal import Refusal
from ui.workspaces.server_fields import ServerFields
from ui.workspaces.start_page import NewWorkspace, SharedPlace

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.accounts import FoundSchema, FoundSchemas, SharedDatabase
    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.tasks import BackgroundTask, TaskRunner


class SharedForm(QFrame):
    """Connects to a server in a worker, then offers what its account may open or make.

    `made` gives what opens the chosen workspace, `new_wanted` where a new one is to go.
    """

    made = Signal(object)
    new_wanted = Signal(object)

    def __init__(
        self,
        runner: TaskRunner,
        files: Files,
        folder: Path,
        year: int,
        known: SharedDatabase | None,
    ) -> None:
        """Ask for a server; a workspace that is opened there belongs to `folder` from now on."""
        super().__init__()
        set_role(self, "card")
        self.folder, self._runner = folder, runner
        self.wanted = NewWorkspace()  # nothing is set aside for it
        self._task: BackgroundTask | None = None
        self._signed_in = ""  # the password with which the list was found
        self.fields = ServerFields(files, "shared", known)
        self.go = button("连接", self._connect, "primary")
        self.stop = button("取消", self._cancel)
        self.problem = Refusal()
        self.found = passing(Choice("工作区"))
        self.name = line_edit("新模式的名称", "如 fsdesk_2026")
        self.fields.kept.add("schema", self.name)
        self.fields.kept.show("shared", {"schema": f"fsdesk_{year}"})
        self.about = label("", "help", wrap=True)
        self.open = button("打开", self._open, "primary")
        self._lay_out()
        runner.finished.connect(self._note_end)
        self.fields.changed.connect(self._forget)
        self.found.currentIndexChanged.connect(lambda _: self._offer())
        for field in (self.fields.server, self.fields.account, self.fields.password):
            field.returnPressed.connect(self._connect)
        self.show_busy(busy=False)
        self._forget()

    def refuse(self, problem: Exception) -> None:
        """Say why nothing was opened; what was filled in stays."""
        self.problem.tell(problem)

    def show_busy(self, *, busy: bool) -> None:
        """Let the fields be used, or wait for the server."""
        self.fields.setEnabled(not busy)
        self.go.setEnabled(not busy)
        self.go.setText("正在连接…" if busy else "连接")
        self.stop.setVisible(busy)

    def _lay_out(self) -> None:
        column_of(
            label("连接办公室的共享数据库", "section"),
            label(
                "办公室的数据放在服务器上、几台电脑同时使用时，从这里连接。"
                "各项请向管理员询问；每人用自己的账号，变更记录里写的就是它。",
                "help",
                wrap=True,
            ),
            self.fields,
            self.problem,
            row_of(None, self.stop, self.go, spacing=-1),
            self.found,
            self.name,
            self.about,
            row_of(None, self.open, spacing=-1),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )

    # Connecting

    def _connect(self) -> None:
        if self._task is not None:
            return
        wanted, password = self.fields.wanted, self.fields.password.text()

        def job() -> FoundSchemas:
            from fsdesk.services.care import joining

            return joining.look_around(wanted, password)

        def show(found: FoundSchemas) -> None:
            if self._task is task:
                self._signed_in = password
                self._show_found(found)

        def refuse(problem: Exception) -> None:
            if self._task is task:  # else nobody waits for it any more
                self.refuse(problem)

        self._forget()
        self.show_busy(busy=True)
        # Beside the other work: a server that doesn't answer keeps nobody waiting but this form.
        self._task = task = self._runner.beside(job, show, refuse, title="正在连接服务器")

    def _note_end(self, task: BackgroundTask) -> None:
        if task is self._task:
            self._task = None
            self.show_busy(busy=False)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.show_busy(busy=False)

    def _forget(self) -> None:
        """Take away what was found: something else is filled in now."""
        self.problem.hide()
        for part in (self.found, self.name, self.about, self.open):
            part.hide()

    # Choosing

    def _show_found(self, found: FoundSchemas) -> None:
        entries: list[tuple[str, FoundSchema | None]] = [
            (_words(each), each) for each in found.schemas if each.may_read or each.may_fill
        ]
        if found.may_make:
            entries.append(("新建模式…", None))
        if not entries:
            closed = "、".join(each.name for each in found.schemas if each.holds)
            self.problem.say(
                "已经连上，但这个账号在数据库中没有可以打开的工作区"
                + (f"（{closed} 不许它查看）" if closed else "")
                + "。\n请管理员用脚本给账号相应的角色，或建好空模式。"
            )
            return
        self.found.set_entries(entries)
        self.found.setCurrentIndex(0)
        for part in (self.found, self.about, self.open):
            part.show()
        self._offer()
        self.open.setFocus()

    def _offer(self) -> None:
        if not self.found.count():
            return
        chosen: FoundSchema | None = self.found.value
        opens = chosen is not None and chosen.may_read
        self.name.setVisible(chosen is None)
        self.open.setText("打开" if opens else "新建工作区…")
        if chosen is None:
            words = "在数据库中新建一个模式，放新的工作区；不同年度、不同区县各用一个。"
        elif not opens:
            words = "这是管理员建好的空模式，可以放新的工作区。"
        elif not chosen.may_write:
            words = "这个账号只能查看，不能填报。"
        else:
            words = f"本机的文件夹“{self.folder}”记下它属于哪里，数据都在服务器上。"
        self.about.setText(words)

    def _open(self) -> None:
        chosen: FoundSchema | None = self.found.value
        schema = self.name.text().strip() if chosen is None else chosen.name
        keeps = self._signed_in if self.fields.keeps.isChecked() else ""
        place = SharedPlace(replace(self.fields.wanted, schema=schema), keeps)
        if chosen is None or not chosen.may_read:
            self.new_wanted.emit(place)
            return
        folder = self.folder
        self.problem.hide()
        self.made.emit(lambda: _connect(folder, place))


def _words(found: FoundSchema) -> str:
    if found.may_fill:
        return f"空模式 {found.name}"
    whose = found.whose or "工作区"
    return f"{whose}（{found.name}）" + ("" if found.may_write else "，只读")


def _connect(folder: Path, place: SharedPlace) -> Workspace:
    from fsdesk.services.care import joining

    opened = joining.connect(folder, place.database)
    joining.keep_for(opened, place.database, place.password)
    return opened
