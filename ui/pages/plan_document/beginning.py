"""Before anything is read: a document, pasted text, or this year's plan rolled over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.theme import SPACE_M
from ui.widgets.boxes import boxed, column_of, row_of, scrolling
from ui.widgets.buttons import button
from ui.widgets.drop_zone import DropZone
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

ENDINGS = (".docx", ".pdf", ".ofd", ".html", ".htm", ".mht", ".txt", ".xlsx")


class Beginning(QWidget):
    """Three ways to a draft; and last year's figures, which a plan made early lacks."""

    file_chosen = Signal(object)
    going_on_wanted = Signal()
    paste_wanted = Signal()
    next_year_wanted = Signal()
    baselines_wanted = Signal()

    def __init__(self, choose: Callable[[], Sequence[Path]], year: int) -> None:
        """Offer the ways; `choose` asks the user for files."""
        super().__init__()
        self.zone = DropZone(
            "把工作要点文件拖到这里，或点击选择",
            "Word（.docx）、PDF、OFD、网页（.html、.mht）、文本（.txt）或表格（.xlsx）；确认以前不会改变现有计划",
            choose,
            ENDINGS,
        )
        self.zone.paths_chosen.connect(lambda paths: self.file_chosen.emit(paths[0]))
        self.paste = button("粘贴文字…", self.paste_wanted.emit, icon="clipboard-list")
        self.next_year = button(
            f"由 {year} 年计划编制 {year + 1} 年计划",
            self.next_year_wanted.emit,
            icon="calendar-days",
        )
        self.baselines = button("更新上年完成值", self.baselines_wanted.emit, icon="refresh-cw")
        self.go_on = button("继续上次的核对", self.going_on_wanted.emit, icon="history")
        self._left = label("", "help", wrap=True)
        self._broken_off = boxed(row_of(self.go_on, (self._left, 1)))
        self._broken_off.hide()
        steps = (
            "读取后，左边是原文，右边是读出的任务、责任单位和指标，拿不准的地方逐处标出。",
            "可以在原文中选中文字列为指标或事项，也可以拆分、合并任务，修改责任单位；每一步都能撤销。",
            "点“确认”先列出会有哪些变化，看过之后才更新计划。",
        )
        content = QWidget()
        column = column_of(
            self._broken_off,
            self.zone,
            _row(self.paste, "没有文件时，可以粘贴从网页、PDF、Word、Excel 复制的全文，含表格。"),
            _row(
                self.next_year,
                f"有 {year + 1} 年的文件就直接读取；没有时先沿用今年的任务和指标，再逐项修改。",
            ),
            _row(
                self.baselines,
                f"计划在 {year - 1} 年数据齐全以前编制的，可由本机 {year - 1} 年的工作区重新取数。",
            ),
            SPACE_M,
            label("读取之后怎么做", "section"),
            spacing=SPACE_M,
            parent=content,
        )
        for at, words in enumerate(steps, start=1):
            column.addWidget(label(f"{at}. {words}", "muted", wrap=True))
        column.addStretch()
        column_of(scrolling(content), parent=self)

    def offer_going_on(self, name: str) -> None:
        """Offer to go on with a review that was broken off; `name`: its document's, or empty."""
        self._left.setText(f"“{name}”还没有确认，原文和改过的地方都在。")
        self._broken_off.setVisible(bool(name))


def _row(button: QPushButton, words: str) -> QHBoxLayout:
    return row_of(button, (label(words, "help", wrap=True), 1))
