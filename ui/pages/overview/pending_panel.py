"""今天要做的: a button for each kind of thing that waits, with its count; a click goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from fsdesk.services import pending
from fsdesk.services.pending import PendingKind, PendingWork
from ui import icons
from ui.pages.exchange.places import ExchangePlace
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.flow import FlowLayout
from ui.widgets.label import ElidedLabel, label

if TYPE_CHECKING:
    from fsdesk.services.pending import PendingList
    from ui.desk import Desk

_NOTHING = "今天没有要做的：没有待审核的报送、待处理的差异、待办的函件和要提醒的单位。"
_EXCHANGE = {
    PendingKind.REVIEW: ExchangePlace.REVIEW,
    PendingKind.EARLIER_REVIEWS: ExchangePlace.REVIEW,
    PendingKind.CONFLICTS: ExchangePlace.CONFLICTS,
    PendingKind.KEYS: ExchangePlace.KEYS,
}


def place_of(item: PendingWork) -> tuple[str, object]:
    """Return the page on which a thing is done, and what is to be shown there."""
    if item.kind in _EXCHANGE:
        return "exchange", _EXCHANGE[item.kind]
    if item.kind is PendingKind.DOUBTS:
        return "quality", None
    return "supervision", item


class PendingPanel(QWidget):
    """What waits for the office; the doubts come a little later, since all rows are looked at."""

    chosen = Signal(object)  # PendingWork

    def __init__(self, desk: Desk) -> None:
        """Begin without knowing anything."""
        super().__init__()
        self._desk = desk
        self._found: PendingList | None = None
        self._doubts: PendingWork | None = None
        self.entries: dict[PendingWork, QPushButton] = {}
        self.rests_on = ElidedLabel("help")
        self.nothing = label("正在查看待办…", "muted", wrap=True)
        flow = QWidget()
        self._flow = FlowLayout(flow)
        head = row_of(label("今天要做的", "section"), SPACE_S, (self.rests_on, 1), spacing=-1)
        column_of(boxed(head), self.nothing, flow, parent=self)

    def refresh(self) -> None:
        """Count anew."""
        workspace = self._desk.workspace
        runner = self._desk.runner
        runner.beside(lambda: pending.pending(workspace), self._show)
        runner.beside(lambda: pending.doubts(workspace), self._show_doubts)

    @property
    def items(self) -> tuple[PendingWork, ...]:
        """What is shown, in order."""
        return tuple(self.entries)

    def _show(self, found: PendingList) -> None:
        self._found = found
        self._fill()

    def _show_doubts(self, found: PendingWork | None) -> None:
        self._doubts = found
        self._fill()

    def _fill(self) -> None:
        found = self._found
        if found is None:
            return
        items = [*found.items, *([self._doubts] if self._doubts else [])]
        items.sort(key=lambda item: not item.urgent)
        self.rests_on.setText(found.rests_on)
        self.nothing.setText(_NOTHING)
        self.nothing.setVisible(not items)
        for old in self.entries.values():
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.entries = {item: self._entry(item, place) for place, item in enumerate(items)}

    def _entry(self, item: PendingWork, place: int) -> QPushButton:
        made = button(f"{item.label} {item.count}", lambda: self._take(item))
        told = [f"{item.label} {item.count} 项：{item.words}", "其中有已逾期的"][: 1 + item.urgent]
        if item.kind is PendingKind.REMIND and self._found is not None:
            made.setText(f"{item.label} {item.count} 家（复制）")
            told = ["点击复制下面的文字，粘贴到工作群：", self._found.reminder]
        made.setToolTip("\n".join(told))
        made.setAccessibleName(f"{item.label}，{item.count} 项，{item.words}")
        if item.urgent:
            icons.put(made, "circle-alert", "red")
        self._flow.insert(place, made)
        return made

    def _take(self, item: PendingWork) -> None:
        if item.kind is not PendingKind.REMIND or self._found is None:
            self.chosen.emit(item)
            return
        QGuiApplication.clipboard().setText(self._found.reminder)
        self._desk.messages.info(f"已复制提醒文字（{item.count} 家），可粘贴到工作群。")
