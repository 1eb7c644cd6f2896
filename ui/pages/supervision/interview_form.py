"""When, where and by whom a 约谈 is held: fields for one paragraph of the letter's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QFormLayout, QLineEdit, QSizePolicy, QWidget

from fsdesk.domain.supervision.interviews import Interview, moment_in, moment_text
from ui.theme import SPACE_S
from ui.widgets.fields import line_edit, named

if TYPE_CHECKING:
    from datetime import datetime

_UNSETTLED = "未定"


class InterviewForm(QWidget):
    """Four fields; `changed` tells what they say."""

    changed = Signal(object)  # Interview

    def __init__(self) -> None:
        """Build the fields."""
        super().__init__()
        self._told = ""
        self.time = named(QDateTimeEdit(), "约谈时间")
        self.time.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.time.setCalendarPopup(True)
        self.time.setSpecialValueText(_UNSETTLED)
        self.time.editingFinished.connect(self._tell)
        self.place = self._field("约谈地点", "如：区政府三楼会议室")
        self.host = self._field("约谈人", "如：区食药安办主任")
        self.contact = self._field("联系人和电话", "如：张三，0123-4567890")
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(SPACE_S)
        for field in (self.time, self.place, self.host, self.contact):
            form.addRow(field.accessibleName(), field)
        # On a small screen the letter's text gives way, not the fields.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _field(self, name: str, hint: str) -> QLineEdit:
        made = line_edit(name, hint)
        made.editingFinished.connect(self._tell)
        return made

    def show_interview(self, interview: Interview, now: datetime) -> None:
        """Show what the letter says of an interview; a day before now can't be chosen."""
        self._told = interview.time
        moment = moment_in(interview.time)
        start = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        # The earliest moment stands for none.
        self.time.setMinimumDateTime(_shown(min(start, moment or start)))
        self.time.setDateTime(_shown(moment or start))
        self.place.setText(interview.place)
        self.host.setText(interview.host)
        self.contact.setText(interview.contact)

    @property
    def interview(self) -> Interview:
        """What the fields say."""
        texts = (self.place.text(), self.host.text(), self.contact.text())
        return Interview(self._time(), *(text.strip() for text in texts))

    def _time(self) -> str:
        """Return the moment in words; words of the letter that name none stay."""
        if self.time.dateTime() == self.time.minimumDateTime():
            return self._told if moment_in(self._told) is None else ""
        moment = self.time.dateTime().toPython()
        return moment_text(moment)  # pyright: ignore[reportArgumentType] - a datetime

    def _tell(self) -> None:
        self.changed.emit(self.interview)


def _shown(moment: datetime) -> QDateTime:
    return QDateTime(moment.year, moment.month, moment.day, moment.hour, moment.minute, 0)
