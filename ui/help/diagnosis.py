"""诊断包: collected in the background, looked at whole, and only then saved by who sends it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from ui import remember
from ui.system.scaling import scale
from ui.theme import SPACE_L
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.fields import named
from ui.widgets.label import label

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.messages import Messages
    from ui.tasks import TaskRunner

TITLE = "诊断包"
_SIZE = QSize(760, 560)
_KIND = "文本文件 (*.txt)"
_WORDS = "出了问题时，把它保存后交给技术人员。下面就是全部内容，请先看一遍。"


class Diagnosis(QObject):
    """Collects the report of a workspace, or of a folder that doesn't open, and shows it."""

    def __init__(
        self, window: QWidget, runner: TaskRunner, messages: Messages, files: Files
    ) -> None:
        """Collect for this window."""
        super().__init__(window)
        self._window, self._runner = window, runner
        self._messages, self._files = messages, files
        self.dialog: DiagnosisDialog | None = None

    def collect(self, folder: Path, workspace: Workspace | None = None) -> None:
        """Collect it in a worker, then show it."""
        beside = window_facts()

        def job() -> str:
            from fsdesk.services.care import diagnosis

            return diagnosis.report(folder, workspace, beside)

        self._runner.run(job, self._show, title="正在收集诊断信息")

    def _show(self, text: str) -> None:
        self.dialog = DiagnosisDialog(self._window, text)
        self.dialog.saving.clicked.connect(self._save)
        self.dialog.open()

    def _save(self) -> None:
        from fsdesk.services.care import diagnosis

        if self.dialog is None:
            return
        name = diagnosis.file_name(datetime.now(UTC).astimezone())
        file = self._files.save("诊断包保存到", name, (_KIND,), "diagnosis")
        if file is None:
            return
        text, dialog = self.dialog.text.toPlainText(), self.dialog

        def saved(_: object) -> None:
            dialog.accept()
            self._messages.info(
                "诊断包已保存，可以交给技术人员。",
                "打开所在文件夹",
                lambda: self._files.reveal(file),
            )

        self._runner.run(lambda: diagnosis.save(file, text), saved)


class DiagnosisDialog(QDialog):
    """The whole text, and the button that saves it."""

    def __init__(self, parent: QWidget, text: str) -> None:
        """Show a report."""
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.text = named(QPlainTextEdit(text), "诊断包的全部内容")
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.saving = button("保存…", lambda: None, "primary")
        buttons = row_of(None, self.saving, button("关闭", self.reject), spacing=-1)
        column_of(label(_WORDS, wrap=True), (self.text, 1), buttons, margins=SPACE_L, parent=self)
        self.resize(_SIZE.boundedTo(parent.screen().availableSize()))


def window_facts() -> dict[str, str]:
    """Return what only the window knows: Qt, screens, scale, colours, input method."""
    screens = [
        f"{screen.geometry().width()}×{screen.geometry().height()}（{screen.devicePixelRatio():g}）"
        for screen in QGuiApplication.screens()
    ]
    return {
        "Qt": f"{qVersion()}（{QGuiApplication.platformName()}）",
        "屏幕": "、".join(screens),
        "界面缩放": f"{scale()}%",
        "外观": remember.recall("theme") or "跟随系统",
        "输入法": "有" if os.environ.get("QT_IM_MODULE") else "由系统决定",
    }
