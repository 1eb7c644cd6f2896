"""The inputs of a page or dialog, and how their user changes them."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDateTimeEdit,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QSpinBox,
    QTextBrowser,
    QTextEdit,
)

from ui.widgets.field_values import value_of

KINDS = (
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QAbstractSpinBox,
    QComboBox,
    QCheckBox,
    QRadioButton,
)


def inputs(page):
    """The inputs that can be used now; those inside of others are parts of them."""
    for kind in KINDS:
        for field in page.findChildren(kind):
            inside = isinstance(field.parent(), QComboBox | QAbstractSpinBox)
            cell = isinstance(field.parent(), QAbstractItemView) or isinstance(
                field.parent() and field.parent().parent(), QAbstractItemView
            )
            reads = isinstance(field, QTextBrowser) or (
                hasattr(field, "isReadOnly") and field.isReadOnly()
            )
            if not (inside or cell or reads):
                yield field


def change(qtbot, field):
    """Change what stands in a field, as its user does; the new value, or None if it can't be."""
    before = value_of(field)
    if isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit):
        field.setFocus()
        qtbot.keyClicks(field, "9")
    elif isinstance(field, QSpinBox | QDoubleSpinBox):
        step = field.singleStep()
        field.setValue(field.value() + (step if field.value() < field.maximum() else -step))
    elif isinstance(field, QDateEdit):
        field.setDate(field.date().addDays(-3 if field.date() == field.maximumDate() else 3))
    elif isinstance(field, QDateTimeEdit):
        field.setDateTime(field.dateTime().addDays(3))
    elif isinstance(field, QComboBox):
        field.setCurrentIndex((field.currentIndex() + 1) % max(field.count(), 1))
        field.activated.emit(field.currentIndex())
    else:
        field.click()
    after = value_of(field)
    return None if after == before else after
