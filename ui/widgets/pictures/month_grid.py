"""A month as a sheet of weeks: what lies on each day, which days nobody works."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.theme import RADIUS, SPACE_S, SPACE_XS, TYPE_BODY, TYPE_HELP, colours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent

_HEAD, _DAYS, _WEEKS = 28, 7, 6
_LINE = 18
_TOP = 24  # the line of the day's number
_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class DayMark(Struct, frozen=True):
    """A line on a day; the tone is ``accent``, ``red`` when overdue, ``muted`` when over."""

    text: str
    tone: str


class DayFacts(Struct, frozen=True):
    """What a day is like: worked or not, a holiday or 调休上班, the most urgent mark first."""

    worked: bool
    name: str
    marks: tuple[DayMark, ...]


_NOTHING = DayFacts(worked=True, name="", marks=())


class MonthGrid(QWidget):
    """Draws a month; a click or the arrow keys choose a day, `day_chosen` tells which."""

    day_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with no month."""
        super().__init__(parent)
        self._first: date | None = None
        self._today = self._chosen = date.min
        self._facts: Mapping[date, DayFacts] = {}
        self.setAccessibleName("月历")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the sheet, from a Monday on, six weeks."""
        if self._first is None:
            return ()
        monday = self._first - timedelta(days=self._first.weekday())
        return tuple(monday + timedelta(days=gone) for gone in range(_DAYS * _WEEKS))

    @property
    def chosen(self) -> date:
        """The chosen day."""
        return self._chosen

    def show_month(
        self, first: date, facts: Mapping[date, DayFacts], today: date, chosen: date
    ) -> None:
        """Show the month that begins on a day."""
        self._first, self._facts, self._today = first, facts, today
        self._chosen = chosen
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size in which days have room for a few words."""
        return QSize(_DAYS * 104, _HEAD + _WEEKS * 84)

    def minimumSizeHint(self) -> QSize:
        """Return the size below which numbers would touch."""
        return QSize(_DAYS * 56, _HEAD + _WEEKS * 48)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by a day or a week."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -_DAYS,
            Qt.Key.Key_Down: _DAYS,
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None or self._first is None:
            super().keyPressEvent(event)
            return
        self.choose(self._chosen + timedelta(days=step))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day under the mouse."""
        day = self._day_at(event.position())
        if day is not None:
            self.choose(day)

    def event(self, event: QEvent) -> bool:
        """Tell all of a day's lines under the mouse."""
        if event.type() == event.Type.ToolTip:
            help_event: QHelpEvent = event  # pyright: ignore[reportAssignmentType]
            day = self._day_at(QPointF(help_event.pos()))
            lines = _words(day, self._facts.get(day, _NOTHING)) if day else []
            QToolTip.showText(help_event.globalPos(), "\n".join(lines), self)
            return True
        return super().event(event)

    def choose(self, day: date) -> None:
        """Make a day the chosen one and tell it."""
        self._chosen = day
        self._describe()
        self.update()
        self.day_chosen.emit(day)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's own signature
        """Draw head, days and lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter)
        for place, day in enumerate(self.days):
            self._paint_day(painter, self._box(place), day)
        painter.end()

    def _describe(self) -> None:
        lines = _words(self._chosen, self._facts.get(self._chosen, _NOTHING))
        self.setAccessibleDescription("；".join(lines))

    def _box(self, place: int) -> QRectF:
        width = self.width() / _DAYS
        height = (self.height() - _HEAD) / _WEEKS
        row, column = divmod(place, _DAYS)
        return QRectF(column * width, _HEAD + row * height, width, height)

    def _day_at(self, point: QPointF) -> date | None:
        for place, day in enumerate(self.days):
            if self._box(place).contains(point):
                return day
        return None

    def _paint_head(self, painter: QPainter) -> None:
        painter.setFont(_font(self.font(), TYPE_HELP))
        painter.setPen(QColor(colours().muted))
        width = self.width() / _DAYS
        for column, name in enumerate(_NAMES):
            box = QRectF(column * width + SPACE_S, 0, width - SPACE_S, _HEAD)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_day(self, painter: QPainter, box: QRectF, day: date) -> None:
        tones = colours()
        facts = self._facts.get(day, _NOTHING)
        within = self._first is not None and day.month == self._first.month
        painter.setPen(QPen(QColor(tones.line), 1))
        painter.setBrush(QColor(tones.surface if facts.worked else tones.window))
        painter.drawRect(box)
        if day == self._chosen:
            width = 2.0 if self.hasFocus() else 1.0
            painter.setPen(QPen(QColor(tones.accent), width))
            painter.setBrush(QColor(tones.chosen))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), RADIUS, RADIUS)
        self._paint_number(painter, box, day, facts, within=within)
        if within:
            self._paint_marks(painter, box, facts.marks)

    def _paint_number(
        self, painter: QPainter, box: QRectF, day: date, facts: DayFacts, *, within: bool
    ) -> None:
        tones = colours()
        line = QRectF(box.left() + SPACE_S, box.top() + SPACE_XS, box.width() - 2 * SPACE_S, 20)
        painter.setFont(_font(self.font(), TYPE_BODY))
        number = f"{day.day} 今天" if day == self._today else str(day.day)
        tone = tones.accent if day == self._today else tones.text if within else tones.muted
        painter.setPen(QColor(tone))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, number)
        if facts.name and within:
            taken = QFontMetrics(painter.font()).horizontalAdvance(number) + SPACE_S
            painter.setFont(_font(self.font(), TYPE_HELP))
            painter.setPen(QColor(tones.muted))
            room = line.adjusted(taken, 0, 0, 0)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, right, _fitting(painter, facts.name, room.width()))

    def _paint_marks(self, painter: QPainter, box: QRectF, marks: Sequence[DayMark]) -> None:
        room = max(int((box.height() - _TOP - SPACE_XS) // _LINE), 0)
        shown = marks if len(marks) <= room else marks[: max(room - 1, 0)]
        painter.setFont(_font(self.font(), TYPE_HELP))
        top = box.top() + _TOP
        for mark in shown:
            tone = QColor(getattr(colours(), mark.tone))
            painter.fillRect(QRectF(box.left() + SPACE_S, top + 3, 3, _LINE - 6), tone)
            painter.setPen(tone if mark.tone == "red" else QColor(_ink(mark)))
            line = QRectF(box.left() + SPACE_S + 7, top, box.width() - 2 * SPACE_S - 3, _LINE)
            text = _fitting(painter, mark.text, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
            top += _LINE
        if len(shown) < len(marks) and room:
            painter.setPen(QColor(colours().muted))
            line = QRectF(box.left() + SPACE_S + 7, top, box.width() - 2 * SPACE_S, _LINE)
            rest = f"另有 {len(marks) - len(shown)} 项" if shown else f"{len(marks)} 项"
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, rest)


def _ink(mark: DayMark) -> str:
    return colours().muted if mark.tone == "muted" else colours().text


def _words(day: date, facts: DayFacts) -> list[str]:
    head = f"{day.month}月{day.day}日" + (f"，{facts.name}" if facts.name else "")
    return [head, *(mark.text for mark in facts.marks)]


def _fitting(painter: QPainter, text: str, width: float) -> str:
    metrics = QFontMetrics(painter.font())
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width))


def _font(font: QFont, size: int) -> QFont:
    made = QFont(font)
    made.setPixelSize(size)
    return made
