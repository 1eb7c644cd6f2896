"""A field for a day: typed in any usual form, or picked from a calendar."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QDate, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QPushButton, QWidget

from fsdesk.domain.typed import CellError, read_day
from ui import icons
from ui.theme import SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button

_WIDTH = 128
_CALENDAR = QSize(320, 250)


class DateField(QLineEdit):
    """A line that holds a day; `picked` is emitted when one was chosen from the calendar."""

    picked = Signal()

    def __init__(self, name: str, year: int, day: date | None = None) -> None:
        """Show a day; days without a year lie in the given one."""
        super().__init__(day.isoformat() if day else "")
        self._year = year
        self.setAccessibleName(name)
        self.setPlaceholderText(name)
        self.setToolTip(
            f"{name}：如 3月5日、3-5、3/5、{year}-03-05、今天；点右边的日历或按 Alt+↓ 可以挑选"
        )
        self.setFixedWidth(_WIDTH)
        self.open = QAction("日历", self)
        self.open.setShortcut("Alt+Down")
        self.open.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.open.triggered.connect(self.show_calendar)
        icons.put(self.open, "calendar-days", "muted")
        self.addAction(self.open, QLineEdit.ActionPosition.TrailingPosition)
        self.calendar: DayPicker | None = None

    def day(self) -> date | None:
        """Return the day that is typed; `CellError` when it can't be read."""
        return read_day(self.text(), self._year, _today())

    def set_day(self, day: date | None) -> None:
        """Show a day."""
        self.setText(day.isoformat() if day else "")

    def tidy(self) -> None:
        """Write out in full what is typed, where it can be read: people see what was understood."""
        try:
            day = self.day()
        except CellError:
            return
        if day is not None and self.text().strip() != day.isoformat():
            self.set_day(day)

    def show_calendar(self) -> None:
        """Open the calendar below the field."""
        try:
            day = self.day()
        except CellError:
            day = None
        self.calendar = DayPicker(self, day or _near(self._year))
        self.calendar.picked.connect(self._pick)
        self.calendar.move(self.mapToGlobal(QPoint(0, self.height())))
        self.calendar.show()

    def _pick(self, day: date) -> None:
        self.set_day(day)
        self.picked.emit()


class DayPicker(QFrame):
    """A calendar that goes when a day was chosen, or one clicks beside it."""

    picked = Signal(object)  # date

    def __init__(self, parent: QWidget, day: date) -> None:
        """Show the month of a day."""
        super().__init__(parent, Qt.WindowType.Popup)
        set_role(self, "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.month = QCalendarWidget()
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setMinimumSize(_CALENDAR)
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setSelectedDate(QDate(day.year, day.month, day.day))
        self.month.clicked.connect(self._choose)
        self.month.activated.connect(self._choose)
        self.today: QPushButton = button("今天", lambda: self._take(_today()))
        row = row_of(None, self.today)
        column_of(self.month, row, margins=SPACE_S, parent=self)
        self.setFocusProxy(self.month)
        self.month.setFocus()

    def _choose(self, day: QDate) -> None:
        self._take(date(day.year(), day.month(), day.day()))

    def _take(self, day: date) -> None:
        self.picked.emit(day)
        self.close()


def _today() -> date:
    return datetime.now().astimezone().date()


def _near(year: int) -> date:
    """Return today, or where another year is filled in the day of that year."""
    today = _today()
    return today if today.year == year else date(year, today.month, 1)
