"""Fields with the names that a screen reader says, and what becomes of what is typed into them."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QWidget

_Field = TypeVar("_Field", bound=QWidget)
_Object = TypeVar("_Object", bound=QObject)
_KEEPING = "keeping"


class Keeping(Enum):
    """What becomes of what is typed into a field until it is stored.

    Every field of every page says so; one that says nothing fails a test.
    """

    DRAFT = "draft"  # kept as typed, by `ui.widgets.kept_fields`
    STORED = "stored"  # stored as it is typed, without a button
    PASSING = "passing"  # filters, searches, views: nothing that anybody would type again
    PRIVATE = "private"  # passwords and passphrases: kept nowhere


def keeping(field: _Object, how: Keeping) -> _Object:
    """Say what becomes of what is typed into a field."""
    field.setProperty(_KEEPING, how.value)
    return field


def passing(field: _Object) -> _Object:
    """Say that what is chosen or typed here is for the moment only; see `Keeping`."""
    return keeping(field, Keeping.PASSING)


def keeping_of(field: QObject) -> Keeping | None:
    """Return what becomes of what is typed into a field; None where nobody has said."""
    said = field.property(_KEEPING)
    return Keeping(said) if said else None


def named(field: _Field, name: str) -> _Field:
    """Name a field for who works without seeing it."""
    field.setAccessibleName(name)
    return field


def line_edit(name: str, hint: str = "") -> QLineEdit:
    """Make a line to type in; the hint stands there while it is empty."""
    field = named(QLineEdit(), name)
    field.setPlaceholderText(hint)
    return field
