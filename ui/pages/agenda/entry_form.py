"""The form for what people put on the agenda themselves: a campaign, a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPushButton, QWidget

from fsdesk.domain.agenda.agenda import OWN_KINDS, Event, EventKind
from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.typed import CellError, read_date
from ui.theme import SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit
from ui.widgets.kept_fields import KeptFields, marked
from ui.widgets.label import label

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.domain.drafts import FieldValue
    from ui.drafts import Drafts

_NOBODY = ""
_NAMES = ("kind", "title", "first", "last", "note")


class EventForm(QWidget):
    """Kind, title, days and note; `saved` and `removed` ask the page to do it."""

    saved = Signal(object, object)  # Event, what to call once it is stored
    removed = Signal(str)  # its key
    refused = Signal(object)  # InputRejectedError

    def __init__(self, year: int, drafts: Drafts) -> None:
        """Begin with something new; dates without a year lie in the given one."""
        super().__init__()
        self._drafts, self.kept = drafts, KeptFields(drafts, self)
        self._key, self._year = _NOBODY, year
        self.kind = Choice("类型", [(kind.label, kind) for kind in OWN_KINDS])
        self.title = line_edit("名称", "如：校园食品安全专项行动")
        self.first = line_edit("开始日期", "如 2026-03-05 或 2026年3月5日")
        self.last = line_edit("结束日期", "只有一天的可以不填")
        self.note = line_edit("说明", "地点、要求等")
        self._head = label("添加日程", "section")
        form = QFormLayout()
        form.setSpacing(SPACE_S)
        fields = (self.kind, self.title, self.first, self.last, self.note)
        for name, field in zip(_NAMES, fields, strict=True):
            form.addRow(field.accessibleName(), self.kept.add(name, field))
        self.save = QPushButton("保存日程")
        set_role(self.save, "primary")
        self.save.clicked.connect(self._save)
        self.fresh = button("另加一项", lambda: self.show_new(None))
        self.remove = button("删除日程", lambda: self.removed.emit(self._key), "danger")
        column_of(
            self._head,
            form,
            self.kept.note,
            row_of(self.save, self.fresh, self.remove, None, spacing=-1),
            parent=self,
        )
        self.show_new(None)

    def show_event(self, event: Event) -> None:
        """Offer an own event for changing."""
        self._key = event.key
        last = "" if event.first == event.last else event.last.isoformat()
        first = event.first.isoformat()
        self._show_values(event.kind.label, event.title, first, last, event.note)

    def show_new(self, day: date | None) -> None:
        """Offer empty fields, with a day if one was chosen."""
        self._key = _NOBODY
        self._show_values(self.kind.itemText(0), "", "", "", "")
        self.propose(day)

    def propose(self, day: date | None) -> None:
        """Put a day into the form of something new that has no title yet."""
        if day is not None and not self._key and not self.title.text():
            self.kept.propose("first", day.isoformat())

    def _show_values(self, *values: FieldValue) -> None:
        self.kept.show(place_of(self._key), dict(zip(_NAMES, values, strict=True)))
        self._show_state()

    def _show_state(self) -> None:
        changing = bool(self._key)
        self._head.setText("修改日程" if changing else "添加日程")
        self.remove.setVisible(changing)
        self.fresh.setVisible(changing)
        waits = self._drafts.waits(place_of(_NOBODY))
        self.fresh.setText(marked("另加一项", unsaved=waits))

    def _save(self) -> None:
        try:
            self.saved.emit(self._event(), self.kept.handed_over())
        except InputRejectedError as problem:
            self.refused.emit(problem)

    def _event(self) -> Event:
        first = _day(self.first, self._year)
        if first is None:
            raise reject("没有填开始日期", "请写成 2026-03-05 或 2026年3月5日")
        last = _day(self.last, self._year) or first
        kind = EventKind(self.kind.value)
        return Event(self._key, kind, self.title.text(), first, last, self.note.text(), own=True)


def place_of(key: str) -> str:
    """Return where what is typed for an event, or a new one, is kept."""
    return f"calendar/{key or 'new'}"


def _day(field: QLineEdit, year: int) -> date | None:
    try:
        return read_date(field.text(), year)
    except CellError as problem:
        raise reject(f"{field.accessibleName()}“{field.text()}”无法识别", str(problem)) from problem
