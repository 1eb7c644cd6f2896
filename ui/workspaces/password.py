"""密码: asked for before a workspace opens; set, changed and given up from the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import FindingCode
from ui.messages import told
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping, line_edit, passing
from ui.widgets.label import label
from ui.widgets.passphrase import ask_passphrase, secret_field
from ui.workspaces.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fsdesk.domain.steps import Steps
    from fsdesk.services.care.protecting import NewPassword
    from fsdesk.services.packet.recovering import HeldCode
    from fsdesk.workspace import Workspace
    from ui.tasks import TaskRunner
    from ui.workspaces.choices import WorkspaceDoors

_WIDTH = 520
_WHAT = (
    "设密码后，工作区里的数据库、自动备份、报送包、附件和签名密钥都加密保存，没有密码打不开。"
    "导出给别人的文件、文书模板、另外保存的备份和设密码以前的备份文件不受保护。\n\n"
    "密码不保存在任何地方。忘记密码，只能用恢复码打开；密码和恢复码都丢失的，"
    "任何人都不能打开，数据等于丢失。"
)


class Locked(QFrame):
    """Asks for the password of a workspace, or for its recovery code."""

    opened = Signal(bool)  # whether by the recovery code

    def __init__(self, runner: TaskRunner, folder: Path, whose: str) -> None:
        """Ask for the password of the workspace in a folder; `whose` it is, as far as known."""
        super().__init__()
        self._runner, self._folder = runner, folder
        set_role(self, "card")
        self.password = secret_field("密码")
        code = line_edit("恢复码", "恢复码，如 XXXX-XXXX-…")
        self.code = keeping(code, Keeping.PRIVATE)  # it opens the workspace as the password does
        self.problem = Refusal(fault=FindingCode.PASSWORD)
        self.go = button("打开", self._by_password, "primary")
        self.forgot = button("忘记密码…", self._ask_code, "link")
        self.go_by_code = button("用恢复码打开", self._by_code)
        self.about_code = label(
            "恢复码是设密码时显示、由您抄存的一串字母和数字。没有抄存的责任单位，"
            "设密码后报送过、导出时没有提示恢复码未随包交出的，请打电话给汇总端读出。",
            "help",
            wrap=True,
        )
        self.mark = label("", "help", wrap=True)
        column_of(
            label("工作区设有密码", "section"),
            label(f"{whose}\n{folder}" if whose else str(folder), "muted", wrap=True),
            row_of((self.password, 1), self.go, spacing=-1),
            self.problem,
            row_of(self.forgot, None, spacing=-1),
            self.about_code,
            self.mark,
            row_of((self.code, 1), self.go_by_code, spacing=-1),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )
        for part in (self.about_code, self.mark, self.code, self.go_by_code):
            part.hide()
        self.password.returnPressed.connect(self._by_password)
        self.code.returnPressed.connect(self._by_code)

    def _ask_code(self) -> None:
        from fsdesk.services.care import protecting

        self.mark.setText(f"这个密码的标记：{protecting.mark_of(self._folder)}（请告诉汇总端）")
        for part in (self.about_code, self.mark, self.code, self.go_by_code):
            part.show()
        self.code.setFocus()

    def _by_password(self) -> None:
        from fsdesk.services.care import protecting

        folder, password = self._folder, self.password.text()
        if password:
            self._try(lambda: protecting.unlock(folder, password), by_code=False)

    def _by_code(self) -> None:
        from fsdesk.services.care import protecting

        folder, code = self._folder, self.code.text()
        if code:
            self._try(lambda: protecting.unlock_by_code(folder, code), by_code=True)

    def _try(self, job: Callable[[], None], *, by_code: bool) -> None:
        self.setEnabled(False)
        self._runner.run(job, lambda _none: self.opened.emit(by_code), self._refuse)

    def _refuse(self, problem: Exception) -> None:
        self.setEnabled(True)
        self.problem.tell(problem)
        field = self.password if self.code.isHidden() else self.code
        field.setFocus()
        field.selectAll()


class CodeDialog(QDialog):
    """Shows a recovery code once, and goes on only when it is kept."""

    def __init__(self, parent: QWidget | None, wanted: NewPassword, keeper: str) -> None:
        """Show the code of a password that is about to be set, and who else will have it."""
        super().__init__(parent)
        self.setWindowTitle("恢复码")
        self.setMinimumWidth(_WIDTH)
        self.code = label(wanted.code, "section")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox()
        self.yes = buttons.addButton("已抄存，开始加密", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.yes, "primary")
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        copy = button("复制", lambda: QGuiApplication.clipboard().setText(wanted.code))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column_of(
            label("忘记密码时，用这个恢复码打开工作区。它只显示这一次：", wrap=True),
            self.code,
            label(f"密码的标记：{wanted.mark}", "muted"),
            label(
                f"请抄在纸上或打印出来，与电脑分开保存；谁拿到它，谁就能打开这个工作区。{keeper}",
                "help",
                wrap=True,
            ),
            row_of(copy, None, buttons, spacing=SPACE_M),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )


class PasswordChoices:
    """Sets, changes and gives up the password of the open workspace; reads out a unit's code.

    Attributes:
        by_code: Whether it was opened by the recovery code, so that nobody knows its password.
    """

    def __init__(self, doors: WorkspaceDoors) -> None:
        """Keep the doors; without a workspace nothing is done."""
        self._doors = doors
        self._workspace: Workspace | None = None
        self.by_code = False

    def use(self, workspace: Workspace) -> None:
        """Work on the workspace that was opened."""
        self._workspace = workspace

    @property
    def is_set(self) -> bool:
        """Whether the open workspace has a password."""
        return self._workspace is not None and self._workspace.has_password

    def tell_opened_by_code(self) -> None:
        """Lead to a new password where the one that there was is forgotten."""
        if self.by_code:
            self._doors.messages.warn(
                "工作区已用恢复码打开，原来的密码没有变。请马上设置新密码，恢复码也随之换新。",
                "设置新密码…",
                self.set,
                cause="password",
            )

    def set(self) -> None:
        """Ask for a new password, show its recovery code, and encrypt the workspace anew."""
        workspace = self._workspace
        if workspace is None or not self._may_have(workspace) or not self._knows("更换"):
            return
        from fsdesk.services.care.maintenance import LEAST_PASSPHRASE

        word = ask_passphrase(
            self._doors.window, _WHAT, "下一步", least=LEAST_PASSPHRASE, called="密码"
        )
        if not word:
            return
        folder = workspace.folder

        def job() -> tuple[NewPassword, tuple[str, ...], str]:
            from fsdesk.services.care import protecting
            from fsdesk.services.packet import recovering

            wanted = protecting.new_password(folder, word)
            return wanted, protecting.left_readable(folder), recovering.about_code(workspace)

        self._doors.runner.run(job, lambda found: self._encrypt(folder, *found))

    def give_up(self) -> None:
        """Leave the workspace without a password, after a question."""
        workspace, doors = self._workspace, self._doors
        if workspace is None or not self._knows("取消"):
            return
        detail = "工作区里的数据将不再加密，能打开这台电脑的人都能读取。"
        if doors.messages.confirm("取消工作区的密码吗？", "取消密码", detail):
            folder = workspace.folder
            QTimer.singleShot(0, lambda: doors.leave_for(lambda: _give_up(folder), "正在解密"))

    def read_out(self) -> None:
        """Show the recovery codes that the office holds, one at a time."""
        workspace, doors = self._workspace, self._doors
        if workspace is None:
            return

        def job() -> tuple[HeldCode, ...]:
            from fsdesk.services.packet import recovering

            return recovering.held_codes(workspace)

        def show(held: Sequence[HeldCode]) -> None:
            if not held:
                doors.messages.info(
                    "还没有收到过单位的恢复码：设了密码的单位下次报送时随报送包送来。"
                )
                return
            HeldCodes(doors, workspace, held).open()

        doors.runner.run(job, show)

    def _may_have(self, workspace: Workspace) -> bool:
        """Tell why there can be none before one is thought up."""
        from fsdesk.domain.findings import FsdeskError
        from fsdesk.services.care import protecting

        try:
            protecting.check_can_have(workspace.folder)
        except FsdeskError as problem:
            self._doors.messages.error(problem)
            return False
        return True

    def _knows(self, verb: str) -> bool:
        """Let whoever sits here show that the present password is known to them."""
        workspace = self._workspace
        if workspace is None or not workspace.has_password or self.by_code:
            return True
        words = f"{verb}密码前，请输入现在的密码。"
        word = ask_passphrase(self._doors.window, words, "下一步", called="密码")
        if not word:
            return False
        from fsdesk.domain.findings import FsdeskError
        from fsdesk.services.care import protecting

        try:
            protecting.unlock(workspace.folder, word)
        except FsdeskError as problem:
            self._doors.messages.error(problem)
            return False
        return True

    def _encrypt(
        self, folder: Path, wanted: NewPassword, left: tuple[str, ...], keeper: str
    ) -> None:
        dialog = CodeDialog(self._doors.window, wanted, keeper)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        if not accepted:
            return
        words = f"密码已设好（标记 {wanted.mark}），工作区已加密。"
        if left:
            words += f"这些文件没有加密，不需要的请删除：{'、'.join(left)}。"
        leave_for = self._doors.leave_for
        QTimer.singleShot(
            0, lambda: leave_for(lambda: _set(folder, wanted), "正在加密", lambda: words)
        )


class HeldCodes(QDialog):
    """The recovery codes that the office holds, one at a time."""

    def __init__(
        self, doors: WorkspaceDoors, workspace: Workspace, held: Sequence[HeldCode]
    ) -> None:
        """Offer them by unit; none is shown before it is chosen."""
        super().__init__(doors.window)
        self._doors, self._workspace = doors, workspace
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("单位的恢复码")
        self.setMinimumWidth(_WIDTH)
        entries = [
            (f"{each.unit_name} · 标记 {each.mark} · {clock_text(each.since)} 收到", each)
            for each in held
        ]
        self.unit = passing(Choice("单位", [("请选择单位", None), *entries]))
        self.code = label("", "section", wrap=True)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox()
        buttons.addButton("关闭", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        self.unit.chosen.connect(self._read)
        column_of(
            label(
                "单位忘记工作区的密码时，请先核实对方身份，再读出恢复码。"
                "标记要与对方窗口上的一致；拿到恢复码就能打开该单位的工作区。",
                wrap=True,
            ),
            self.unit,
            self.code,
            buttons,
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )

    def _read(self, held: HeldCode | None) -> None:
        self.code.setText("")
        if held is None:
            return
        workspace = self._workspace

        def job() -> str:
            from fsdesk.services.packet import recovering

            return recovering.read_out(workspace, held.unit, held.mark)

        self._doors.runner.run(
            job, self.code.setText, lambda problem: self.code.setText(told(problem))
        )


# In a worker


def _set(folder: Path, wanted: NewPassword) -> Steps[Path]:
    from fsdesk.services.care import protecting

    return protecting.set_password(folder, wanted)


def _give_up(folder: Path) -> Steps[Path]:
    from fsdesk.services.care import protecting

    return protecting.give_up_password(folder)
