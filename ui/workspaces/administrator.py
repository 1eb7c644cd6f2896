"""共享数据库的准备和检查: the script for a server's administrator, and what it led to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QFrame, QPlainTextEdit

from fsdesk.domain.accounts import AccountRole
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit, named, passing
from ui.widgets.label import label
from ui.workspaces.refusal import Refusal
from ui.workspaces.server_fields import ServerFields

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.accounts import Checked, SharedDatabase
    from ui.files import Files
    from ui.tasks import TaskRunner

_SCRIPTS = "SQL 脚本 (*.sql)"
_TEXT_HEIGHT = 150


class AdministratorForm(QFrame):
    """Writes the script for three roles, and checks what an account truly may do."""

    def __init__(self, runner: TaskRunner, files: Files, known: SharedDatabase | None) -> None:
        """Begin with what is known of the database."""
        super().__init__()
        set_role(self, "card")
        self._runner, self._files = runner, files
        self.fields = ServerFields(files, "administrator", known)
        self.fields.keeps.hide()
        self.schema = line_edit("模式", "如 fsdesk_2026")
        self.owner = line_edit("管理员账号", "一个：表的所有者，建立工作区和升级时用")
        self.clerks = line_edit("经办账号", "可以多个，用逗号隔开")
        self.readers = line_edit("只读账号", "可以多个，用逗号隔开")
        self.script = _reading("脚本")
        self.copy = button("复制", lambda: QGuiApplication.clipboard().setText(self._script))
        self.save = button("保存…", self._save)
        self.write = button("生成脚本", self._write)
        self.role = passing(Choice("角色", [(role.value, role) for role in AccountRole]))
        self.account = line_edit("要检查的账号", "不填为登录的账号")
        self.check = button("检查", self._check, "primary")
        self.result = _reading("检查结果")
        self.problem = Refusal()
        self._script = ""
        self._keep(known)
        self._lay_out()
        for part in (self.script, self.copy, self.save, self.result, self.problem):
            part.hide()

    def _keep(self, known: SharedDatabase | None) -> None:
        kept = self.fields.kept
        for name, field in (
            ("schema", self.schema),
            ("owner", self.owner),
            ("clerks", self.clerks),
            ("readers", self.readers),
            ("checked", self.account),
        ):
            kept.add(name, field)
        begun = dict.fromkeys(("owner", "clerks", "readers", "checked"), "")
        kept.show("administrator", {"schema": known.schema if known else "", **begun})

    def _lay_out(self) -> None:
        people = QFormLayout()
        people.setSpacing(SPACE_M)
        people.addRow("模式", self.schema)
        people.addRow("管理员账号", self.owner)
        people.addRow("经办账号", self.clerks)
        people.addRow("只读账号", self.readers)
        asked = QFormLayout()
        asked.setSpacing(SPACE_M)
        asked.addRow("角色", self.role)
        asked.addRow("要检查的账号", self.account)
        column_of(
            label("共享数据库的准备和检查（管理员）", "section"),
            self.fields,
            people,
            label(
                "脚本建立账号、两个角色组、模式和权限，由数据库管理员运行；其中没有密码。"
                "不连接服务器也能生成。",
                "help",
                wrap=True,
            ),
            row_of(None, self.copy, self.save, self.write, spacing=-1),
            self.script,
            label("检查", "section"),
            label(
                "连接服务器，逐项核对账号实际能做什么，不改变任何数据。"
                "核对别人的账号，请用管理员的账号登录。",
                "help",
                wrap=True,
            ),
            asked,
            row_of(None, self.check, spacing=-1),
            self.problem,
            self.result,
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )

    @property
    def wanted(self) -> SharedDatabase:
        """What is filled in."""
        return replace(self.fields.wanted, schema=self.schema.text())

    # The script

    def _write(self) -> None:
        wanted, owner = self.wanted, self.owner.text()
        clerks, readers = [self.clerks.text()], [self.readers.text()]

        def job() -> str:
            from fsdesk.services.care import joining

            return joining.script(wanted, owner, clerks, readers)

        self.problem.hide()
        self._runner.run(job, self._show_script, self._refuse)

    def _show_script(self, text: str) -> None:
        self._script = text
        self.script.setPlainText(text)
        for part in (self.script, self.copy, self.save):
            part.show()

    def _save(self) -> None:
        file = self._files.save("保存脚本", f"{self.wanted.schema or 'fsdesk'}.sql", (_SCRIPTS,))
        if file is not None:
            text = self._script
            self._runner.run(lambda: _saved(file, text), None, self._refuse)

    # The check

    def _check(self) -> None:
        wanted, password = self.wanted, self.fields.password.text()
        role, account = AccountRole(self.role.value), self.account.text().strip()

        def job() -> list[Checked]:
            from fsdesk.services.care import joining

            return joining.check(wanted, password, role, account)

        self.problem.hide()
        self.result.hide()
        self.check.setEnabled(False)
        self._runner.beside(job, self._show_result, self._refuse, title="正在检查")

    def _show_result(self, found: list[Checked]) -> None:
        self.check.setEnabled(True)
        wrong = [each for each in found if not each.is_right]
        total = f"共 {len(found)} 项，{len(wrong)} 项不合格。"
        ordered = [*wrong, *(each for each in found if each.is_right)]
        self.result.setPlainText("\n".join([total, *map(_line, ordered)]))
        self.result.show()
        self.result.setFocus()

    def _refuse(self, problem: Exception) -> None:
        self.check.setEnabled(True)
        self.problem.tell(problem)


def _line(found: Checked) -> str:
    remedy = "" if found.is_right else f"。{found.remedy}"
    return f"{found.verdict}　{found.what}：{found.found}{remedy}"


def _reading(name: str) -> QPlainTextEdit:
    made = named(QPlainTextEdit(), name)
    made.setReadOnly(True)
    made.setFixedHeight(_TEXT_HEIGHT)
    return made


def _saved(file: Path, text: str) -> None:
    from fsdesk import files

    files.save_text(file, text)
