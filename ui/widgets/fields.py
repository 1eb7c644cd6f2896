"""Fields with the names that a screen reader says."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QLineEdit, QWidget

_Field = TypeVar("_Field", bound=QWidget)


def named(field: _Field, name: str) -> _Field:
    """Name a field for who works without seeing it."""
    field.setAccessibleName(name)
    return field


def line_edit(name: str, hint: str = "") -> QLineEdit:
    """Make a line to type in; the hint stands there while it is empty."""
    field = named(QLineEdit(), name)
    field.setPlaceholderText(hint)
    return field
