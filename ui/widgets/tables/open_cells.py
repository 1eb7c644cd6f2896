"""What is being typed into an open cell: kept from the first key, until Enter or Esc.

A cell's editor hands its text over only when it is left by Enter, Tab or a click elsewhere. A kill,
or a table that is filled anew, takes the editor away before: then what was typed stands in its cell
all the same, marked, and in the editor that is opened there next.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from ui.theme import colours
from ui.widgets.kept_fields import UNSAVED
from ui.widgets.tables.cells import CellDelegate, Index

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QAbstractItemModel

    from ui.drafts import Drafts

_CORNER = 7
_TIP = f"{UNSAVED}：打开这一格，按回车保存，按 Esc 放弃"


class OpenCells(Protocol):
    """Where the text of open cells is kept."""

    def get(self, index: Index) -> str | None:
        """Return what was typed into a cell and not handed over; None where nothing waits."""
        ...

    def put(self, index: Index, text: str) -> None:
        """Keep what stands in a cell's editor now."""
        ...

    def hand_over(self, index: Index) -> None:
        """Note that the model is about to be given it."""
        ...

    def end(self, index: Index) -> None:
        """Forget it: it was given up."""
        ...


class DraftCells:
    """Open cells that are kept as drafts of the workspace, each at a place of its own."""

    def __init__(self, drafts: Drafts, place_of: Callable[[Index], str]) -> None:
        """`place_of` names a cell's place; empty where nothing can be typed."""
        self._drafts, self._place_of = drafts, place_of

    def get(self, index: Index) -> str | None:
        """Return the draft of a cell."""
        found = self._drafts.get(self._place_of(index))
        return None if found is None else str(found.value)

    def put(self, index: Index, text: str) -> None:
        """Keep a cell's text, unless it is what is stored."""
        place, stored = self._place_of(index), str(index.data(Qt.ItemDataRole.EditRole) or "")
        if place:
            self._drafts.put(place, text, stored)

    def hand_over(self, index: Index) -> None:
        """End the draft of a cell: who takes the text keeps it, also where it is refused."""
        self.end(index)

    def end(self, index: Index) -> None:
        """End the draft of a cell."""
        self._drafts.end(self._place_of(index))


class OpenCellDelegate(CellDelegate):
    """Keeps what stands in the editors that it opens; see `OpenCells`.

    The editors are Qt's own, or those that a subclass makes by `make_editor`.
    """

    def __init__(self, view: QAbstractItemView, cells: OpenCells | None = None) -> None:
        """Work on a view; without `cells` nothing is kept."""
        super().__init__(view)
        self.cells = cells
        self.closeEditor.connect(self._note_close)
        self._open: dict[QWidget, QPersistentModelIndex] = {}
        self._filling = False

    def make_editor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the editor of a cell."""
        return super().createEditor(parent, option, index)

    def fill_editor(self, editor: QWidget, index: Index) -> None:
        """Put what a cell holds into its editor."""
        super().setEditorData(editor, index)

    def hand_over(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Give the model what stands in the editor."""
        super().setModelData(editor, model, index)

    def words_of(self, index: Index, text: str) -> str:
        """Return what a cell shows of what waits in it."""
        del index
        return text

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Make the editor of a cell, and keep what is typed into it."""
        editor = self.make_editor(parent, option, index)
        field = _line_of(editor)
        if field is not None:
            at = QPersistentModelIndex(index)
            self._open[editor] = at
            field.textChanged.connect(partial(self._keep, at))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Put what was typed there before into the editor, or else what the cell holds."""
        field, waits = _line_of(editor), self._waiting(index)
        if field is not None and waits is not None and field.text() == waits:
            return  # rows were read anew while somebody types
        before, self._filling = self._filling, True
        try:
            self.fill_editor(editor, index)
            if field is not None and waits is not None:
                field.setText(waits)
        finally:
            self._filling = before

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand over what was typed: from now on the model has it, or keeps it as refused."""
        if self.cells is not None:
            self.cells.hand_over(index)
        self.hand_over(editor, model, index)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """Let go of an editor, whyever; what was not handed over stays kept."""
        self._open.pop(editor, None)
        super().destroyEditor(editor, index)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the cell, with a corner where something waits in it."""
        super().paint(painter, option, index)
        if self._waiting(index) is not None:
            draw_corner(painter, option.rect, colours().yellow)  # pyright: ignore[reportAttributeAccessIssue]

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Show what waits in a cell in place of what is stored."""
        super().initStyleOption(option, index)
        waits = self._waiting(index)
        if waits is not None:
            option.text = self.words_of(index, waits)  # pyright: ignore[reportAttributeAccessIssue]

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Say of a marked cell what to do."""
        if event.type() == QEvent.Type.ToolTip and self._waiting(index) is not None:
            QToolTip.showText(event.globalPos(), _TIP, view)
            return True
        return super().helpEvent(event, view, option, index)

    def _waiting(self, index: Index) -> str | None:
        return None if self.cells is None else self.cells.get(index)

    def _keep(self, at: QPersistentModelIndex, text: str) -> None:
        if self.cells is not None and at.isValid() and not self._filling:
            self.cells.put(at, text)

    def _note_close(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """After Esc the cell is as it was."""
        at = self._open.get(editor)
        gone = hint is QAbstractItemDelegate.EndEditHint.RevertModelCache
        if gone and at is not None and at.isValid() and self.cells is not None:
            self.cells.end(at)


def draw_corner(painter: QPainter, rect: QRect, colour: str) -> None:
    """Mark a cell by its upper right corner."""
    corner = QPointF(rect.right(), rect.top())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(
        QPolygonF([corner, corner - QPointF(_CORNER, 0), corner + QPointF(0, _CORNER)])
    )
    painter.restore()


def _line_of(editor: QWidget) -> QLineEdit | None:
    """Return the line in which one types."""
    field = editor.lineEdit() if isinstance(editor, QComboBox) else editor
    return field if isinstance(field, QLineEdit) else None
