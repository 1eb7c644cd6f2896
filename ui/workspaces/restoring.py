"""从备份恢复: what a workspace can be brought back from, what that would lose, and the one step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import FindingCode, FsdeskError
from fsdesk.domain.text import size_text
from ui import remember
from ui.files import ALL
from ui.messages import report_of
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.fields import named
from ui.widgets.label import label
from ui.widgets.passphrase import ask_passphrase
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.steps import Steps
    from fsdesk.services.care.restoring import Preview, RestorePoint
    from ui.files import Files
    from ui.tasks import TaskRunner
    from ui.workspaces.choices import WorkspaceDoors

_SIZE = QSize(1080, 560)
_KINDS = ("备份文件和数据库副本 (*.zip *.db)", ALL)
_NOTHING_YET = "请在上面选择一份，这里说明恢复后会失去什么。"


class RestoreDoors(Protocol):
    """What restoring needs of the program: a desk has it, and so have the workspace's choices."""

    @property
    def runner(self) -> TaskRunner:
        """The way to background work."""
        ...

    @property
    def files(self) -> Files:
        """The way to the system's file dialogs."""
        ...

    @property
    def leave_for(self) -> Callable[..., object]:
        """Closes the workspace, does a job, and opens the folder that this returns."""
        ...


def restore_from_backup(doors: WorkspaceDoors, folder: Path | None) -> None:
    """Let the user choose what to go back to; the workspace is opened anew afterwards.

    `folder`: the workspace that is open, or the one that could not be opened; None where no
    workspace was there yet: then a file is asked for first, and a place for it.
    """
    file = None
    if folder is None:
        file = doors.files.open_one("选择备份文件", _KINDS, "backup")
        folder = doors.files.folder("选择一个空文件夹，恢复到那里", "restore") if file else None
    if folder is not None:
        RestoreDialog(doors.window, doors, folder, file).open()


class RestoreDialog(QDialog):
    """The copies of a workspace, what each lacks, and the button that goes back to one."""

    def __init__(
        self, parent: QWidget, doors: RestoreDoors, folder: Path, file: Path | None = None
    ) -> None:
        """Look for copies at once.

        `file`: one that was chosen already.
        """
        super().__init__(parent)
        self._doors, self._folder = doors, folder
        self._others = [file] if file else []
        self._passphrase = self._password = ""
        self._shut = False  # whether the chosen one opens by a password of the workspace
        self._found: Preview | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("从备份恢复")
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))
        self.model: RowsModel[RestorePoint] = RowsModel(
            (
                RowColumn("数据截至", _as_of, sort=lambda p: p.as_of, width=150),
                RowColumn("种类", lambda p: p.kind.label, width=120),
                RowColumn("状态", lambda p: p.state, stretch=True, tip=lambda p: p.state),
                RowColumn(
                    "大小",
                    lambda p: size_text(p.size),
                    sort=lambda p: p.size,
                    number=True,
                    width=90,
                ),
                RowColumn("文件", lambda p: p.file.name, width=330, tip=lambda p: str(p.file)),
            )
        )
        self.table = ReportTable("restore-points", self.model, "可以恢复到的副本")
        self.table.row_chosen.connect(self._choose)
        self.words = named(QPlainTextEdit(_NOTHING_YET), "恢复后会失去什么")
        self.words.setReadOnly(True)
        self.words.setTabChangesFocus(True)
        self.unlock = button("输入口令…", self._unlock)
        self.unlock.hide()
        self._lay_out()
        self.finished.connect(lambda _: self._searching.cancel())
        self._search()

    def _lay_out(self) -> None:
        self.choose = button("选择备份文件…", self._choose_file)
        buttons = QDialogButtonBox()
        self.yes = buttons.addButton("恢复到这一份", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.yes, "primary")
        self.yes.setEnabled(False)
        self.no = buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._go)
        buttons.rejected.connect(self.reject)
        self.state = label("正在查找副本…", "muted", wrap=True)
        column_of(
            label(f"工作区：{self._folder}", wrap=True),
            label(
                "恢复前，现在的数据先另外保存，以后还可以恢复回来；附件和报送包不会删除。",
                "help",
                wrap=True,
            ),
            (self.table, 3),
            self.state,
            (self.words, 2),
            row_of(self.choose, self.unlock, None, buttons, spacing=SPACE_M),
            spacing=SPACE_S,
            margins=SPACE_L,
            parent=self,
        )

    # The list

    def _search(self) -> None:
        folder, others = self._folder, [*self._others, *_remembered()]

        def job() -> Steps[tuple[RestorePoint, ...]]:
            from fsdesk.services.care import restoring

            return restoring.restore_points(folder, others)

        self._searching = self._doors.runner.run(
            job,
            self._show_points,
            self._show_fault,
            lambda progress: self.state.setText(f"{progress.message}…"),
            title="正在查找副本",
        )

    def _show_points(self, found: Sequence[RestorePoint]) -> None:
        self.model.set_rows(found)
        sound = sum(not point.problem for point in found)
        told = f"共 {len(found)} 份，其中 {sound} 份完好。" if found else "没有找到副本。"
        self.state.setText(f"{told}备份文件在别处的，请点“选择备份文件…”。")
        if not found:
            self.choose.setFocus()
            return
        chosen = self._others[-1].absolute() if self._others else None
        wanted = [point for point in found if point.file == chosen]
        wanted += [point for point in found if not point.problem]
        self.table.choose_row(wanted[0] if wanted else found[0])
        self.table.setFocus()

    def _choose_file(self) -> None:
        file = self._doors.files.open_one("选择备份文件", _KINDS, "backup")
        if file is not None:
            self._others.append(file)
            self._search()

    # One of them

    def _choose(self, point: RestorePoint) -> None:
        self._point, self._passphrase, self._password, self._found = point, "", "", None
        self._shut = point.by_password
        self._offer_unlock(wanted=point.locked)
        self.yes.setEnabled(False)
        if point.locked:
            self.words.setPlainText(f"这一份{point.problem}，请点“{self.unlock.text()}”。")
        elif point.problem:
            self.words.setPlainText(f"不能恢复到这一份：{point.problem}。")
        else:
            self._look()

    def _offer_unlock(self, *, wanted: bool) -> None:
        self.unlock.setText("输入当时的密码…" if self._shut else "输入口令…")
        self.unlock.setVisible(wanted)

    def _unlock(self) -> None:
        if self._shut:
            words = f"备份文件“{self._point.file.name}”受密码保护，请输入做备份时工作区的密码。"
            self._password = ask_passphrase(self, words, "打开", called="密码")
            if self._password:
                self._look()
            return
        words = f"备份文件“{self._point.file.name}”用口令加密，请输入备份时设的口令。"
        self._passphrase = ask_passphrase(self, words, "打开")
        if self._passphrase:
            self._look()

    def _look(self) -> None:
        folder, point, passphrase = self._folder, self._point, self._passphrase
        password = self._password

        def job() -> tuple[RestorePoint, Preview]:
            from fsdesk.services.care import restoring

            return point, restoring.preview(folder, point.file, passphrase, password)

        self.words.setPlainText("正在比较…")
        self._doors.runner.run(job, self._show_preview, self._show_fault, title="正在比较")

    def _show_preview(self, found: tuple[RestorePoint, Preview]) -> None:
        from fsdesk.services.care.restoring import words_of

        point, preview = found
        if point is self._point:  # another may be chosen meanwhile
            self.words.setPlainText("\n".join(words_of(preview)))
            self.yes.setEnabled(True)
            self.yes.setDefault(True)

    def _show_fault(self, problem: Exception) -> None:
        said = report_of(problem)
        if isinstance(problem, FsdeskError) and problem.tells(FindingCode.PASSWORD):
            self._shut = True
            self._offer_unlock(wanted=True)
        self.words.setPlainText("\n".join(filter(None, (said.what, said.remedy))))

    def _go(self) -> None:
        folder, file, passphrase = self._folder, self._point.file, self._passphrase
        password = self._password
        leave_for = self._doors.leave_for

        def job() -> Steps[Path]:
            from fsdesk.services.care import restoring

            yield from restoring.put_back(folder, file, passphrase, password)
            return folder

        self.accept()
        # Later, since the dialog goes with the window that is left.
        QTimer.singleShot(0, lambda: leave_for(job, "正在恢复"))


def _as_of(point: RestorePoint) -> str:
    return clock_text(point.as_of) if point.as_of else "—"


def _remembered() -> list[Path]:
    """Return the backups in the folder into which the last one was written."""
    from fsdesk.services.care.restoring import BACKUP_NAME

    folder = remember.recall("folders/backup", "")
    return sorted(Path(folder).glob(f"{BACKUP_NAME}*.zip")) if folder else []
