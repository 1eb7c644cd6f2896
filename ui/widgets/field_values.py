"""What stands in a field, whatever kind it is: read, put, and told when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from PySide6.QtCore import QDate, QDateTime, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTextEdit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance

    from fsdesk.domain.drafts import FieldValue


class ValueField(QObject):
    """A field of several parts, such as a list of conditions, that is kept as one text."""

    changed = Signal()

    def __init__(self, parent: QObject, name: str) -> None:
        """Begin empty; the name is what the user calls it."""
        super().__init__(parent)
        self._name, self._text = name, ""

    def accessibleName(self) -> str:
        """Return what the user calls it."""
        return self._name

    def text(self) -> str:
        """Return what it holds."""
        return self._text

    def set_text(self, text: str) -> None:
        """Hold something else."""
        if text != self._text:
            self._text = text
            self.changed.emit()


Field: TypeAlias = (
    QLineEdit
    | QPlainTextEdit
    | QTextEdit
    | QSpinBox
    | QDoubleSpinBox
    | QDateTimeEdit
    | QComboBox
    | QAbstractButton
    | ValueField
)
_ISO = Qt.DateFormat.ISODate


class _Kind(NamedTuple):
    """How fields of some classes are read, filled and listened to."""

    classes: tuple[type, ...]
    value: Callable[[Any], FieldValue]
    put: Callable[[Any, Any], object]
    changes: Callable[[Any], SignalInstance]


def value_of(field: Field) -> FieldValue:
    """Return what stands in a field; a choice by its word, a date as ISO text."""
    return _kind(field).value(field)


def put_value(field: Field, value: FieldValue) -> None:
    """Put a value into a field; a word that a choice does not offer is passed over."""
    _kind(field).put(field, value)


def changes_of(field: Field) -> SignalInstance:
    """Return the signal of a field that tells of every change; of a choice, of the user's own.

    A choice changes by itself when other entries are offered.
    """
    return _kind(field).changes(field)


def _kind(field: Field) -> _Kind:
    return next(kind for kind in _KINDS if isinstance(field, kind.classes))


def _put_word(field: QComboBox, word: str) -> None:
    row = field.findText(word)
    if row >= 0:
        field.setCurrentIndex(row)


_KINDS = (
    _Kind((ValueField,), lambda f: f.text(), lambda f, v: f.set_text(v), lambda f: f.changed),
    _Kind((QLineEdit,), lambda f: f.text(), lambda f, v: f.setText(v), lambda f: f.textChanged),
    _Kind(
        (QPlainTextEdit, QTextEdit),
        lambda f: f.toPlainText(),
        lambda f, v: f.setPlainText(v),
        lambda f: f.textChanged,
    ),
    _Kind(
        (QSpinBox, QDoubleSpinBox),
        lambda f: f.value(),
        lambda f, v: f.setValue(type(f.value())(v)),
        lambda f: f.valueChanged,
    ),
    _Kind(
        (QDateEdit,),
        lambda f: f.date().toString(_ISO),
        lambda f, v: f.setDate(QDate.fromString(v, _ISO)),
        lambda f: f.dateChanged,
    ),
    _Kind(
        (QDateTimeEdit,),
        lambda f: f.dateTime().toString(_ISO),
        lambda f, v: f.setDateTime(QDateTime.fromString(v, _ISO)),
        lambda f: f.dateTimeChanged,
    ),
    _Kind((QComboBox,), lambda f: f.currentText(), _put_word, lambda f: f.activated),
    _Kind(
        (QAbstractButton,),
        lambda f: f.isChecked(),
        lambda f, v: f.setChecked(v),
        lambda f: f.toggled,
    ),
)
