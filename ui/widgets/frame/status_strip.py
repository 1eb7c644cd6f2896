"""The strip at the window's foot: always true, never a dialog."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QWidget

from ui.theme import SPACE_L, SPACE_S, SPACE_XS, set_role
from ui.widgets.boxes import row_of
from ui.widgets.buttons import button
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from PySide6.QtWidgets import QPushButton

    from fsdesk.domain.packet.handover import HandedOver
    from fsdesk.domain.steps import Progress
    from ui.tasks import BackgroundTask, TaskRunner

_MOST_PAGES = 3  # with unsaved text, told by name
_MINUTE = 60
_SURE_SECONDS = 2.0  # before that a guess at the remaining time is worth nothing


class StatusStrip(QFrame):
    """Says what is saved, what is not handed over, when the report is due, what is running."""

    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Make it empty."""
        super().__init__(parent)
        set_role(self, "strip")
        self._saved, self._handed, self._due, self._lost = "", "", "", ""
        self._facts = label("", "help")
        self.export = button("导出", self.export_wanted.emit, "link")
        self.export.hide()
        self.unsaved = UnsavedNote()
        self._what = label("", "help")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName("进度")
        self._cancel = button("取消", self._cancel_task, "link")
        self._task: BackgroundTask | None = None
        row_of(
            self._facts,
            (self.export, 0, Qt.AlignmentFlag.AlignVCenter),
            None,
            (self.unsaved, 0, Qt.AlignmentFlag.AlignVCenter),
            (self._what, 0, Qt.AlignmentFlag.AlignVCenter),
            (self._bar, 0, Qt.AlignmentFlag.AlignVCenter),
            (self._cancel, 0, Qt.AlignmentFlag.AlignVCenter),
            margins=(SPACE_L, SPACE_XS, SPACE_L, SPACE_XS),
            parent=self,
        )
        self.setFixedHeight(34)
        self._show_work(False)

    @property
    def text(self) -> str:
        """The facts as shown."""
        return self._facts.text()

    def set_saved(self, moment: datetime | None) -> None:
        """Say when something was saved last; None leaves it out."""
        self._saved = f"已保存 {moment:%H:%M}" if moment else ""
        self._show_facts()

    def set_lost(self, *, lost: bool) -> None:
        """Say that the server can't be reached, as long as it can't."""
        self._lost = "连接断了，正在重试" if lost else ""
        self._show_facts()

    def set_handed_over(self, stands: HandedOver | None) -> None:
        """Say how far what the unit hands over has come, and offer to export; None: the office."""
        self._handed = stands.words if stands is not None else ""
        waits = stands is not None and bool(stands.unsent)
        self.export.setVisible(waits)
        told = stands.told if stands is not None else ""
        for part in (self._facts, self.export):
            part.setToolTip(told)
        self._show_facts()

    def set_due(self, what: str, days: int | None) -> None:
        """Say how far the due date of such as ``3 月报送`` is.

        Days are below 0 when it has passed; None leaves it out.
        """
        if days is None:
            self._due = ""
        elif days > 0:
            self._due = f"距 {what}截止还有 {days} 天"
        else:
            self._due = f"{what}已逾期 {-days} 天" if days else f"{what}今天截止"
        self._show_facts()

    def follow(self, runner: TaskRunner) -> None:
        """Show the runner's work that has a title, with its progress and a way to cancel."""
        runner.started.connect(self._begin)
        runner.progressed.connect(self._go_on)
        runner.finished.connect(self._end)

    def _show_facts(self) -> None:
        self._facts.setText(
            " · ".join(fact for fact in (self._lost, self._saved, self._due, self._handed) if fact)
        )

    def _show_work(self, shown: bool) -> None:  # noqa: FBT001 - one switch
        for part in (self._what, self._bar, self._cancel):
            part.setVisible(shown)

    def _begin(self, task: BackgroundTask) -> None:
        if task.title:
            self._task = task
            self._what.setText(task.title)
            self._bar.setRange(0, 0)
            self._cancel.setEnabled(True)
            self._show_work(True)

    def _go_on(self, task: BackgroundTask, progress: Progress) -> None:
        if task is self._task:
            self._bar.setRange(0, progress.total)
            self._bar.setValue(progress.done)
            words = [progress.message or task.title, _remaining(task, progress)]
            self._what.setText("，".join(word for word in words if word))

    def _end(self, task: BackgroundTask) -> None:
        if task is self._task:
            self._task = None
            self._show_work(False)

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._what.setText("正在取消")
            self._cancel.setEnabled(False)


class UnsavedNote(QWidget):
    """One link a page, such as ``来函 1 处未保存``; nothing where all is saved."""

    page_wanted = Signal(str)

    def __init__(self) -> None:
        """Begin with nothing unsaved."""
        super().__init__()
        self.links: list[QPushButton] = []
        self._row = row_of(spacing=SPACE_S, parent=self)

    def show_pages(self, pages: Sequence[tuple[str, str, int]]) -> None:
        """Show keys and titles of pages with how many things on each hold unsaved text."""
        for link in self.links:
            self._row.removeWidget(link)
            link.hide()  # it goes only later
            link.deleteLater()
        self.links = [
            button(f"{title} {count} 处未保存", self._way_to(key), "link")
            for key, title, count in pages[:_MOST_PAGES]
        ]
        for link in self.links:
            self._row.addWidget(link)

    def _way_to(self, key: str) -> Callable[[], None]:
        return lambda: self.page_wanted.emit(key)


def _remaining(task: BackgroundTask, progress: Progress) -> str:
    """Guess the remaining time from what the steps took so far."""
    elapsed = time.monotonic() - task.started
    if elapsed < _SURE_SECONDS or not progress.done or not progress.total:
        return ""
    seconds = round(elapsed / progress.done * (progress.total - progress.done))
    if seconds < _MINUTE:
        return f"约剩 {max(seconds, 1)} 秒"
    return f"约剩 {round(seconds / _MINUTE)} 分钟"
