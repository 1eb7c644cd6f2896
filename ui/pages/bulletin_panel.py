"""The monthly bulletin: a look at it, its number, its wording; made as a Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from fsdesk.domain.periods import Period
from fsdesk.services import bulletin
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ui.desk import Desk

WORD = "Word 文档 (*.docx)"
_MOST_ISSUES = 999
# Names under which the fonts of official documents are installed.
_OFFICIAL = {
    "小标宋": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "小标宋"),
    "仿宋": ("仿宋_GB2312", "仿宋", "FangSong", "FangSong_GB2312"),
}


class BulletinPanel(QWidget):
    """Shows what the bulletin says and lets the office put its own wording in place."""

    def __init__(self, desk: Desk) -> None:
        """Build number, tools and preview."""
        super().__init__()
        self._desk, self._period = desk, ""
        self.issue = QSpinBox()
        self.issue.setRange(1, _MOST_ISSUES)
        self.issue.setPrefix("第 ")
        self.issue.setSuffix(" 期")
        self.issue.setAccessibleName("期号")
        self.issue.editingFinished.connect(self._load)
        self.export = QPushButton("导出模板")
        self.export.clicked.connect(self._export)
        self.take = QPushButton("换用模板")
        self.take.clicked.connect(self._take)
        self.reset = QPushButton("恢复默认模板")
        self.reset.clicked.connect(self._reset)
        self.note = label("", "help", wrap=True)
        self.text = QTextBrowser()
        self.text.setAccessibleName("通报预览")
        self.text.setOpenLinks(False)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The preview is paper: black on white in every look of the window.
        self.text.setStyleSheet("QTextBrowser { background: #ffffff; color: #000000; }")
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.issue)
        row.addStretch()
        for button in (self.export, self.take, self.reset):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.text, 1)

    def show_output(self, period: str) -> None:
        """Show the bulletin of a period."""
        if period != self._period:
            self.issue.setValue(Period.parse(period).last_month)
        self._period = period
        self._load()

    def _load(self) -> None:
        workspace, period = self._desk.workspace, Period.parse(self._period)
        issue = self.issue.value()

        def job() -> tuple[str, bool]:
            from fsdesk.reports.docx_preview import preview_html

            data = bulletin.bulletin(workspace, period, issue)
            return preview_html(data), bulletin.has_own_template(workspace)

        self._desk.runner.run(job, self._show, title="正在生成通报预览")

    def _show(self, made: tuple[str, bool]) -> None:
        html, own = made
        self.text.setHtml(html)
        self.reset.setEnabled(own)
        which = (
            "正在使用本单位的模板。" if own else "正在使用默认模板，可导出后在 Word 中改写措辞。"
        )
        self.note.setText(f"{which}{font_note()}")

    def writer(self) -> Callable[[Path], object]:
        """Return what writes the bulletin to a file."""
        workspace, period = self._desk.workspace, Period.parse(self._period)
        issue = self.issue.value()
        return lambda file: bulletin.write_bulletin(workspace, period, file, issue)

    def _export(self) -> None:
        file = self._desk.files.save("导出通报模板", "工作通报模板.docx", (WORD,), "templates")
        if file is not None:
            workspace = self._desk.workspace
            self._desk.runner.run(
                lambda: bulletin.export_template(workspace, file),
                lambda _: self._desk.messages.info(
                    f"已导出：{file.name}，改好后点“换用模板”",
                    "打开",
                    lambda: self._desk.files.launch(file),
                ),
            )

    def _take(self) -> None:
        file = self._desk.files.open_one("选择改好的模板", (WORD,), "templates")
        if file is not None:
            workspace, period = self._desk.workspace, Period.parse(self._period)
            self._desk.runner.run(
                lambda: bulletin.take_template(workspace, file, period),
                lambda _: self._changed("已换用新的模板"),
                title="正在试用模板",
            )

    def _reset(self) -> None:
        workspace = self._desk.workspace
        if self._desk.messages.confirm(
            "恢复默认模板？", "恢复", "本单位改过的模板不再使用，需要时请先导出一份。"
        ):
            self._desk.runner.run(
                lambda: bulletin.reset_template(workspace),
                lambda _: self._changed("已恢复默认模板"),
            )

    def _changed(self, words: str) -> None:
        self._desk.messages.info(words)
        self._load()


def font_note() -> str:
    """Say which fonts of official documents this PC lacks; empty when it has them."""
    installed = set(QFontDatabase.families())
    missing = [name for name, known in _OFFICIAL.items() if not installed.intersection(known)]
    if not missing:
        return ""
    return f"本机没有安装{'、'.join(missing)}字体，打开时以文档中指定的替代字体显示，不影响内容。"
