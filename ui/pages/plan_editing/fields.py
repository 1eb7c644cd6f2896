"""A form whose fields are handed over one by one, as soon as each is left."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.text import fold
from fsdesk.domain.typed import CellError, read_date, read_number
from ui.theme import SPACE_S, look_again
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from PySide6.QtGui import QFocusEvent

    from ui.drafts import Drafts

_DIGITS = 6


class TextArea(QPlainTextEdit):
    """Several lines of text that tell when they are left."""

    left = Signal()

    def focusOutEvent(self, e: QFocusEvent) -> None:
        """Tell."""
        super().focusOutEvent(e)
        self.left.emit()


class Fields(QWidget):
    """Named fields; `committed` gives a field's name and its new value once it differs.

    What can't be read is marked and said below the field, and stays as typed. With `drafts` it
    stays so for its thing, also when another one is shown meanwhile, and after a kill.
    """

    committed = Signal(str, object)

    def __init__(self, drafts: Drafts | None = None) -> None:
        """Begin without fields."""
        super().__init__()
        self._drafts = drafts
        self._kept = KeptFields(drafts, self) if drafts else None
        # What was stored when a field was handed over, and what was handed over.
        self._handed: dict[str, tuple[object, object]] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(SPACE_S)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.fields: dict[str, QWidget] = {}
        self._shown: dict[str, object] = {}
        self._readers: dict[str, Callable[[str], object]] = {}
        self._words: dict[str, QLabel] = {}

    def add_line(self, key: str, name: str, hint: str = "") -> QLineEdit:
        """Add a line of text."""
        return self._line(key, name, str.strip, hint)

    def add_number(self, key: str, name: str, hint: str = "") -> QLineEdit:
        """Add a number; None while it is empty."""
        return self._line(key, name, read_number, hint)

    def add_date(self, key: str, name: str, hint: str = "如 2026-06-30") -> QLineEdit:
        """Add a date; None while it is empty."""
        return self._line(key, name, lambda text: read_date(text or None), hint)

    def add_text(self, key: str, name: str, height: int) -> TextArea:
        """Add several lines of text."""
        area = TextArea()
        area.setMinimumHeight(height)
        area.setTabChangesFocus(True)
        area.left.connect(lambda: self._commit(key, area.toPlainText().strip()))
        self._add(key, name, area)
        return area

    def add_choice(self, key: str, name: str, entries: Iterable[tuple[str, Any]] = ()) -> Choice:
        """Add a drop-down."""
        choice = Choice(name, entries)
        choice.chosen.connect(partial(self._commit, key))
        self._add(key, name, choice)
        return choice

    def add_switch(self, key: str, words: str) -> QCheckBox:
        """Add a box that is ticked or not."""
        box = QCheckBox(words)
        box.clicked.connect(lambda: self._commit(key, box.isChecked()))
        self._add(key, "", box)
        return box

    def show_values(self, values: Mapping[str, object], place: str = "") -> None:
        """Show what is stored of a thing by its place; a field in which is typed stays as typed."""
        for key, value in values.items():
            changed = self._shown.get(key, _NEVER) != value
            self._shown[key] = value
            if self._kept is not None and isinstance(self.fields[key], _TYPED):
                continue
            field = self.fields[key]
            typing = isinstance(field, _TYPED) and field.hasFocus()
            if changed or not typing:
                self._put(key, value)
        if self._kept is not None:
            self._show_typed(self._kept, values, place)

    def _show_typed(self, kept: KeptFields, values: Mapping[str, object], place: str) -> None:
        if kept.note.parent() is None:
            self._form.addRow(kept.note)  # below all fields
        typed = {k: v for k, v in values.items() if isinstance(self.fields[k], _TYPED)}
        self._end_stored(kept, typed if place == kept.thing else {})
        kept.show(place, {key: _text(value) for key, value in typed.items()})
        for key in typed:
            field = self.fields[key]
            if isinstance(field, QLineEdit):
                self._mark(key, self._fault(key, field))

    def _end_stored(self, kept: KeptFields, typed: Mapping[str, object]) -> None:
        """Forget the drafts of what was stored, if in other words; others still wait for it."""
        waiting = {key: each for key, each in self._handed.items() if key in typed}
        self._handed.clear()
        for key, (before, given) in waiting.items():
            if typed[key] == before or not _alike(given, typed[key]):
                self._handed[key] = typed[key], given
            else:
                kept.end(key)

    def give_up(self) -> None:
        """Put back what is stored where something was handed over and the user would rather not."""
        for key in tuple(self._handed):
            if self._kept is not None:
                self._kept.give_up(key)
        self._handed.clear()

    def put_choices_back(self) -> None:
        """Show what is stored in choices that were handed over and refused."""
        for key, (stored, _given) in self._handed.items():
            if not isinstance(self.fields[key], _TYPED):
                self._shown[key] = stored
                self._put(key, stored)
        self._handed.clear()

    def set_shown(self, key: str, *, shown: bool) -> None:
        """Show or hide a field with its name."""
        self._form.setRowVisible(self.fields[key], shown)

    def flush(self) -> None:
        """Hand over the field that is being typed in."""
        for key, field in self.fields.items():
            if isinstance(field, QLineEdit) and field.isModified():
                self._read(key, field)
            elif isinstance(field, TextArea):
                self._commit(key, field.toPlainText().strip())

    def _line(self, key: str, name: str, reader: Callable[[str], object], hint: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(hint)
        field.editingFinished.connect(lambda: self._read(key, field))
        self._readers[key] = reader
        self._add(key, name, field)
        self._words[key] = label("", "error", wrap=True)
        self._form.addRow("", self._words[key])
        self._words[key].hide()
        return field

    def _add(self, key: str, name: str, field: QWidget) -> None:
        field.setAccessibleName(name or getattr(field, "text", str)())
        self.fields[key] = keeping(field, Keeping.STORED)
        self._form.addRow(label(name, "muted") if name else "", field)
        if self._kept is not None and isinstance(field, _TYPED):
            self._kept.add(key, field)

    def _read(self, key: str, field: QLineEdit) -> None:
        fault = self._fault(key, field)
        self._mark(key, fault)
        if not fault:
            field.setModified(False)
            self._commit(key, self._readers[key](field.text()))

    def _fault(self, key: str, field: QLineEdit) -> str:
        """Return why what stands in a field can't be read; empty where it can."""
        try:
            self._readers[key](field.text())
        except CellError as problem:
            return str(problem)
        return ""

    def _mark(self, key: str, words: str) -> None:
        self.fields[key].setProperty("wrong", bool(words))
        look_again(self.fields[key])
        self._words[key].setText(words)
        self._words[key].setVisible(bool(words))

    def _commit(self, key: str, value: object) -> None:
        if key in self._shown and self._shown[key] != value:
            self._handed[key] = self._shown[key], value
            self._shown[key] = value
            self.committed.emit(key, value)

    def _put(self, key: str, value: object) -> None:
        field = self.fields[key]
        if isinstance(field, QLineEdit):
            field.setText(_text(value))
            self._mark(key, "")
        elif isinstance(field, QPlainTextEdit):
            if field.toPlainText().strip() != str(value):
                field.setPlainText(str(value))
        elif isinstance(field, Choice):
            field.set_value(value)
        elif isinstance(field, QCheckBox):
            field.setChecked(bool(value))


_NEVER = object()
_MARKS = re.compile(r"[\s,，、;；:：]+")
_TYPED = (QLineEdit, QPlainTextEdit)


def _alike(given: object, stored: object) -> bool:
    """Tell whether a text was stored as it was given, but for spaces and marks."""
    one, other = (_MARKS.sub("", _text(each)) for each in (given, stored))
    return fold(one) == fold(other)


def _text(value: object | date) -> str:
    if value is None:
        return ""
    return number_text(value, _DIGITS) if isinstance(value, float) else str(value)
