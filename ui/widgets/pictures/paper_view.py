"""Pages of paper below one another; each is drawn when it is first seen."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPixmap, QShortcut, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QSpinBox, QWidget

from ui.theme import SPACE_M, SPACE_S, colours
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from fsdesk.domain.output.pages import PaperPage

_LEAST_WIDTH = 320
_PIXELS_PER_POINT = 96 / 72  # a page at 100 % is as large as on paper, on most screens
_LEAST_ZOOM, _MOST_ZOOM, _STEP = 0.25, 4.0, 1.25


class Fit(Enum):
    """How a page is fitted into the view, where it isn't enlarged by a number."""

    WIDTH = "适合宽度"
    PAGE = "整页"


_ZOOMS = (
    *((fit.value, fit) for fit in Fit),
    *((f"{n} %", n / 100) for n in (50, 75, 100, 150, 200)),
)


class PaperSheet(QWidget):
    """One page, drawn by what draws it on the printer."""

    def __init__(self, page: PaperPage, width: int) -> None:
        """Take the room of a page of this width."""
        super().__init__()
        self.page = page
        self._picture = QPixmap()
        self.fit(width)

    def fit(self, width: int) -> None:
        """Take another width; the picture is drawn anew where that changes its size."""
        if width != self.width():
            self._picture = QPixmap()
        self.setFixedSize(width, round(width * self.page.height / self.page.width))

    @property
    def drawn(self) -> bool:
        """Whether it has been seen."""
        return not self._picture.isNull()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw the page once, then its picture."""
        ratio = self.devicePixelRatioF()
        if self._picture.isNull() or self._picture.devicePixelRatio() != ratio:
            from ui.printing import page_image

            self._picture = QPixmap.fromImage(page_image(self.page, self.width(), ratio))
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QColor(colours().edge))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class PaperView(QWidget):
    """Shows pages one below another: how many they are, one by its number, larger and smaller."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show none."""
        super().__init__(parent)
        self.sheets: tuple[PaperSheet, ...] = ()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setAccessibleName("页面预览")
        self._scroll.viewport().installEventFilter(self)
        self._scroll.verticalScrollBar().valueChanged.connect(self._note_page)
        self.number = keeping(named(QSpinBox(), "页码"), Keeping.PASSING)
        self.number.setPrefix("第 ")
        self.number.setKeyboardTracking(False)
        self.number.valueChanged.connect(self.go_to)
        self.zoom = keeping(Choice("缩放", _ZOOMS), Keeping.PASSING)
        self.zoom.chosen.connect(self._fit_all)
        self.smaller = button("缩小", lambda: self.zoom_by(1 / _STEP))
        self.larger = button("放大", lambda: self.zoom_by(_STEP))
        tools = row_of(self.number, None, self.smaller, self.zoom, self.larger, spacing=SPACE_S)
        column_of(tools, (self._scroll, 1), spacing=SPACE_S, parent=self)
        for keys, step in ((QKeySequence.StandardKey.ZoomIn, _STEP),
                           (QKeySequence.StandardKey.ZoomOut, 1 / _STEP)):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.zoom_by(step))
        self._note_page()

    def show_pages(self, pages: Sequence[PaperPage]) -> None:
        """Show other pages, from the first."""
        frame = QWidget()
        column = column_of(spacing=SPACE_M, margins=-1, parent=frame)
        self.sheets = tuple(PaperSheet(page, self._width_of(page)) for page in pages)
        for sheet in self.sheets:
            column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self.number.setSuffix(f" 页，共 {len(pages)} 页")
        self.number.setRange(min(len(pages), 1), len(pages))
        # The scroll area deletes the frame that it had.
        self._scroll.setWidget(frame)
        self._note_page()

    def go_to(self, number: int) -> None:
        """Show a page by its number, from its top."""
        if number != self._page_seen() and 0 < number <= len(self.sheets):
            self._scroll.verticalScrollBar().setValue(self.sheets[number - 1].y() - SPACE_M)

    def zoom_by(self, step: float) -> None:
        """Show pages larger or smaller than now."""
        if not self.sheets:
            return
        sheet = self.sheets[0]
        now = sheet.width() / (sheet.page.width * _PIXELS_PER_POINT)
        wanted = min(max(now * step, _LEAST_ZOOM), _MOST_ZOOM)
        word = f"{round(wanted * 100)} %"
        self.zoom.set_entries([*_ZOOMS, *([] if word in dict(_ZOOMS) else [(word, wanted)])])
        self.zoom.set_value(dict(_ZOOMS).get(word, wanted))
        self._fit_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let pages that are fitted take the room there is."""
        super().resizeEvent(event)
        self._fit_all()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enlarge by the wheel with Ctrl, as every viewer of pages does."""
        if (
            isinstance(event, QWheelEvent)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.zoom_by(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)
            return True
        return super().eventFilter(watched, event)

    def _fit_all(self, _chosen: object = None) -> None:
        for sheet in self.sheets:
            sheet.fit(self._width_of(sheet.page))

    def _width_of(self, page: PaperPage) -> int:
        """Return how wide a page is shown, in pixels."""
        if not isinstance(self.zoom.value, Fit):
            return round(page.width * _PIXELS_PER_POINT * self.zoom.value)
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        room = self._scroll.width() - bar - 4 * SPACE_M
        if self.zoom.value is Fit.PAGE:
            tall = self._scroll.height() - 4 * SPACE_M
            room = min(room, round(tall * page.width / page.height))
        return max(room, _LEAST_WIDTH)

    def _page_seen(self) -> int:
        """Return the number of the page whose upper part is seen; 0 without pages."""
        top = self._scroll.verticalScrollBar().value() + self._scroll.height() // 3
        above = [n for n, sheet in enumerate(self.sheets, start=1) if sheet.y() <= top]
        return above[-1] if above else min(len(self.sheets), 1)

    def _note_page(self) -> None:
        with QSignalBlocker(self.number):
            self.number.setValue(self._page_seen())
        for part in (self.number, self.smaller, self.larger, self.zoom):
            part.setEnabled(bool(self.sheets))
