"""Looks at a window as a person does: is text cut off, a character missing, all in reach."""

from __future__ import annotations

import re
from itertools import pairwise

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
)
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QTextEdit,
    QToolButton,
    QWidget,
)

from fsdesk.places import project_file
from ui.fonts import FONT_FILE
from ui.theme import colours
from ui.widgets.frame.banner import BannerArea
from ui.widgets.label import ElidedLabel
from ui.widgets.tables.grid_view import GridView

# Rounding of text widths at fractional scales.
_SLACK = 2
_MOST_CELLS = 400
# Words that Chinese offices write in Latin letters.
_KNOWN = re.compile(
    r"Excel|Word|WPS|Windows|Linux|UOS|PDF|OFD|PNG|SVG|LibreOffice|Ctrl|Shift|Alt\+|Esc|Tab|Enter|SHA-256|HACCP|docx|xlsx|xls|"
    r"ods|csv|zip|txt|html|mht|ics|tmp|w_demo\w*|office|pytest\S*|test_\S*|root|[\w-]+\.(?:py|md|db)|/\S+",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"[A-Za-z]{3,}")


class Flashes(QObject):
    """Notes every window that appears beside the program's own."""

    def __init__(self, own):
        super().__init__()
        self.own, self.seen = own, []

    def eventFilter(self, watched, event):
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and watched is not self.own
        ):
            self.seen.append(_name(watched))
        return False


def shown(window, kind=QWidget):
    """Give the widgets of a kind that can be seen."""
    return [
        w for w in window.findChildren(kind) if w.isVisible() and not w.visibleRegion().isEmpty()
    ]


def clipped(window):
    """Name the texts for which there is too little room, or none at all."""
    found = [_name(w) for w in shown(window, QLabel) if _label_clipped(w)]
    found += [
        _name(w)
        for w in window.findChildren(QLabel)
        if w.isVisible() and w.text() and w.height() + _SLACK < w.fontMetrics().height()
    ]
    found += [
        _name(w)
        for w in shown(window, QAbstractButton)
        if w.text() and not _only_picture(w) and w.sizeHint().width() > w.width() + _SLACK
    ]
    for box in shown(window, QComboBox):
        room = box.width() - 30
        if box.fontMetrics().horizontalAdvance(box.currentText()) > room + _SLACK:
            found.append(_name(box))
    for bar in shown(window, QTabBar):
        found += [
            bar.tabText(n)
            for n in range(bar.count())
            if bar.fontMetrics().horizontalAdvance(bar.tabText(n)) > bar.tabRect(n).width()
        ]
    for table in shown(window, QTableView):
        found += _heads_clipped(table)
    return found


def _only_picture(button):
    style = Qt.ToolButtonStyle.ToolButtonIconOnly
    return isinstance(button, QToolButton) and button.toolButtonStyle() == style


def _label_clipped(label):
    if isinstance(label, ElidedLabel):  # its tip tells the whole
        return label.shown != label.text() and label.toolTip() != label.text()
    if not label.text() or label.pixmap().width():
        return False
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        return needed > label.height() + _SLACK
    return label.sizeHint().width() > label.width() + _SLACK


def _heads_clipped(table):
    head = table.horizontalHeader()
    model = table.model()
    if model is None or not head.isVisible():
        return []
    titles = (
        (n, str(model.headerData(n, Qt.Orientation.Horizontal) or "")) for n in range(head.count())
    )
    return [
        title
        for n, title in titles
        if not head.isSectionHidden(n)
        and head.fontMetrics().horizontalAdvance(title) > head.sectionSize(n) - 8
    ]


def misplaced(window):
    """Name what lies outside the window, over its neighbours, or has no room for a single row."""
    return [*_outside(window), *_overlapping(window), *_without_rows(window)]


_PARTS = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QLabel, QAbstractScrollArea)


def _outside(window):
    """Give the parts that can't be reached: beyond what holds them, and nothing scrolls there."""
    found = []
    for kind in _PARTS:
        for widget in window.findChildren(kind):
            inside = widget.isVisible() and not widget.size().isEmpty() and not _scrolls(widget)
            if inside and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox | QLineEdit):
                seen = widget.visibleRegion().boundingRect()
                whole = widget.rect().adjusted(_SLACK, _SLACK, -_SLACK, -_SLACK)
                if not seen.contains(whole) and not seen.isEmpty():
                    found.append(f"{_name(widget)} 不完整")
                elif seen.isEmpty() and not isinstance(widget, QLabel):
                    found.append(f"{_name(widget)} 看不到")
    return found


def _scrolls(widget):
    """Tell whether something around a widget scrolls."""
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _overlapping(window):
    """Name neighbours in one layout that lie over each other."""
    found = []
    for holder in shown(window):
        layout = holder.layout()
        if layout is None or isinstance(holder, QAbstractScrollArea):
            continue
        mates = [
            w for w in holder.findChildren(QWidget, options=_DIRECT)
            if w.isVisible() and not w.isWindow() and not isinstance(w, BannerArea)
        ]  # fmt: skip
        for number, one in enumerate(mates):
            for other in mates[number + 1 :]:
                common = one.geometry() & other.geometry()
                if common.width() > _SLACK and common.height() > _SLACK:
                    found.append(f"{_name(one)} 和 {_name(other)} 重叠")
    return found


_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_NARROWEST_LIST = 100


def _without_rows(window):
    """Name lists that show no whole row of those that they have, or hardly any of their words."""
    found = []
    for view in shown(window, QAbstractItemView):
        model = view.model()
        if isinstance(view, QHeaderView) or model is None or not model.rowCount():
            continue
        row = view.visualRect(model.index(0, 0)).height()
        if view.viewport().height() < row or view.viewport().width() < _NARROWEST_LIST:
            found.append(f"{_name(view)} 没有地方")
    return found


def texts(window):
    """Give all text that can be seen, with what shows it."""
    for widget in shown(window):
        for name in ("text", "placeholderText", "toolTip", "accessibleName", "currentText"):
            value = getattr(widget, name, None)
            if callable(value):
                said = value()
                if isinstance(said, str) and said:
                    yield widget, said
        if isinstance(widget, QPlainTextEdit | QTextEdit):
            yield widget, widget.toPlainText()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((widget, said) for said in _cells(widget.model()))


def _cells(model):
    count, table = 0, isinstance(model, QAbstractTableModel)
    for row in range(min(model.rowCount(QModelIndex()), 60)):
        for column in range(model.columnCount(QModelIndex()) if table else 1):
            said = model.index(row, column).data()
            if isinstance(said, str) and said:
                yield said
            count += 1
            if count > _MOST_CELLS:
                return


def missing_glyphs(window):
    """Give the characters that the bundled font lacks."""
    font = QRawFont(str(project_file(FONT_FILE)), 13)
    every = {character for _, said in texts(window) for character in said}
    return sorted(c for c in every if not c.isspace() and not font.supportsCharacter(ord(c)))


def english(window):
    """Give the texts in which English is left over."""
    return sorted({said for _, said in texts(window) if _ENGLISH.search(_KNOWN.sub("", said))})


def left_in_old_colours(window):
    """Name the pictures of buttons and labels that are not drawn in the theme's colours."""
    tones = {value for value in colours() if str(value).startswith("#")}
    return [
        _name(w)
        for kind in (QLabel, QAbstractButton)
        for w in shown(window, kind)
        if w.property("iconName") and not _inks(w) <= tones
    ]


def _inks(widget):
    """Give the colours of a picture where nothing shines through."""
    if isinstance(widget, QLabel):
        image = widget.pixmap().toImage()
    else:
        image = widget.icon().pixmap(widget.iconSize()).toImage()
    spots = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {spot.name() for spot in spots if spot.alpha() == 255}


def nameless(window):
    """Name the fields, lists and picture buttons that a screen reader could not name."""
    kinds = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QAbstractItemView)
    fields = [
        w
        for kind in kinds
        for w in shown(window, kind)
        if not isinstance(w.parent(), QComboBox | QAbstractSpinBox)
        and w.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    inside = (QLineEdit, QTableView)  # the cross of a field, the corner of a table
    buttons = [b for b in shown(window, QAbstractButton) if not b.text()]
    fields += [b for b in buttons if not isinstance(b.parent(), inside)]
    return [
        _name(w)
        for w in fields
        if not w.accessibleName() and not w.objectName().startswith("qt_") and not _labelled(w)
    ]


def _labelled(widget):
    """Tell whether a form's label has the widget as its buddy."""
    return any(it.buddy() is widget for it in widget.window().findChildren(QLabel))


def focusable(page):
    """Give what Tab should reach on a page."""
    return [
        w
        for w in shown(page)
        if w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.focusProxy() is None
    ]


def tab_order(window):
    """Walk the window by Tab as Qt would, once around."""
    order, widget = [], window.nextInFocusChain()
    while widget is not window and len(order) < 20_000:
        order.append(widget)
        widget = widget.nextInFocusChain()
    return order


def jumps_back(page, order):
    """Give neighbours in one container of which Tab reaches the lower before the upper."""
    wanted = set(focusable(page))
    by_parent = {}
    for widget in order:
        if widget in wanted:
            by_parent.setdefault(widget.parentWidget(), []).append(widget)
    found = []
    for mates in by_parent.values():
        for first, second in pairwise(mates):
            if _top(second) + second.height() <= _top(first):
                found.append((_name(first), _name(second)))
    return found


def traps(page):
    """Name what Tab does not lead out of; in the ledgers' grid it goes from cell to cell."""
    texts = [w for kind in (QPlainTextEdit, QTextEdit) for w in shown(page, kind)]
    stuck = [w for w in texts if not w.isReadOnly() and not w.tabChangesFocus()]
    tables = [w for w in shown(page, QTableView) if not isinstance(w, GridView)]
    return [_name(w) for w in (*stuck, *(w for w in tables if w.tabKeyNavigation()))]


def _top(widget):
    return widget.mapTo(widget.window(), QPoint(0, 0)).y()


def _name(widget):
    text = getattr(widget, "text", str)
    said = text() if callable(text) else ""
    names = [type(widget).__name__, widget.accessibleName() or str(said)[:30]]
    parent = widget.parentWidget()
    return " ".join([*names, f"in {type(parent).__name__}" if parent else "by itself"])


def settle():
    """Let layouts come to rest."""
    for _ in range(3):
        QApplication.processEvents()
