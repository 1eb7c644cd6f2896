"""The password of a shared database's account, asked for when the one that is kept isn't taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame

from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.fields import named, passing
from ui.widgets.label import label
from ui.widgets.passphrase import secret_field
from ui.workspaces.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.accounts import SharedDatabase
    from ui.tasks import TaskRunner


class SignIn(QFrame):
    """Asks for the password of the account by which a folder's workspace is opened."""

    opened = Signal()

    def __init__(
        self, runner: TaskRunner, folder: Path, where: SharedDatabase, problem: Exception
    ) -> None:
        """Say who signs in where, and why that failed."""
        super().__init__()
        self._runner, self._folder = runner, folder
        set_role(self, "card")
        self.password = secret_field("密码")
        self.keeps = passing(named(QCheckBox("在本机记住密码"), "在本机记住密码"))
        self.problem = Refusal()
        self.problem.tell(problem)
        self.go = button("打开", self._go, "primary")
        server = where.server or "本机"
        column_of(
            label("登录共享数据库", "section"),
            label(
                f"账号 {where.account}，服务器 {server}，"
                f"数据库 {where.database}（模式 {where.schema}）",
                "muted",
                wrap=True,
            ),
            row_of((self.password, 1), self.go, spacing=-1),
            self.keeps,
            self.problem,
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )
        self.password.returnPressed.connect(self._go)

    def _go(self) -> None:
        folder, password, keep = self._folder, self.password.text(), self.keeps.isChecked()
        if not password:
            return

        def job() -> None:
            from fsdesk.services.care import joining

            joining.sign_in(folder, password, keep=keep)

        self.setEnabled(False)
        self._runner.run(
            job, lambda _none: self.opened.emit(), self._refuse, title="正在连接服务器"
        )

    def _refuse(self, problem: Exception) -> None:
        self.setEnabled(True)
        self.problem.tell(problem)
        self.password.setFocus()
        self.password.selectAll()
