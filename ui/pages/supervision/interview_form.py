"""When, where and by whom a 约谈 is held: fields for one paragraph of the letter's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QSignalBlocker, Signal
from PySide6.QtWidgets import QDateTimeEdit, QFormLayout, QLineEdit, QSizePolicy, QWidget

from fsdesk.domain.supervision.interviews import Interview, moment_in, moment_text
from ui.theme import SPACE_S
from ui.widgets.fields import Keeping, keeping, line_edit, named

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
        # What is typed goes into the letter's text at once, and is kept there.
        self.time = keeping(named(QDateTimeEdit(), "约谈时间"), Keeping.STORED)
        self.time.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.time.setCalendarPopup(True)
        self.time.setSpecialValueText(_UNSETTLED)
        self.time.dateTimeChanged.connect(self._tell)
        self.place = self._field("约谈地点", "如：区政府三楼会议室")
        self.host = self._field("约谈人", "如：统筹办公室主任")
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
        made.textEdited.connect(self._tell)
        return keeping(made, Keeping.STORED)

    def show_interview(self, interview: Interview, now: datetime) -> None:
        """Show what the letter says of an interview; a day before now can't be chosen."""
        self._told = interview.time
        moment = moment_in(interview.time)
        start = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        # The earliest moment stands for none.
        with QSignalBlocker(self.time):
            self.time.setMinimumDateTime(_shown(min(start, moment or start)))
            self.time.setDateTime(_shown(moment or start))
        fields = (self.place, self.host, self.contact)
        told = (interview.place, interview.host, interview.contact)
        for field, words in zip(fields, told, strict=True):
            if field.text().strip() != words:  # else the cursor stays where it is
                field.setText(words)

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
