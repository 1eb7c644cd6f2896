"""The search palette: one field, the finds below it, everything by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.theme import ROW, SPACE_M, SPACE_S, TYPE_HELP, colours, set_role
from ui.widgets.boxes import column_of
from ui.widgets.fields import line_edit, named, passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from fsdesk.domain.search import Findable
    from ui.widgets.tables.cells import Index

_THING = Qt.ItemDataRole.UserRole
_WIDTH, _HEIGHT, _TOP = 620, 440, 72
_LISTED = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_HINT = "输入文字、拼音或拼音首字母，如 spcj"
_HELP = "↑↓ 选择　回车打开　Esc 关闭"


class Palette(QDialog):
    """Emits what is typed, shows what is found, and tells what was chosen."""

    typed = Signal(str)
    chosen = Signal(object)  # Findable

    def __init__(self, window: QWidget) -> None:
        """Make it, closed."""
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("查找")
        self.setAccessibleName("查找")
        self.setModal(True)
        set_role(self, "palette")
        self.field = passing(line_edit("查找任务、单位、指标、台账、函件和功能", _HINT))
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self.typed)
        self.finds = named(QListWidget(), "查找结果")
        self.finds.setItemDelegate(_FindDelegate(self.finds))
        self.finds.setUniformItemSizes(True)
        self.finds.itemClicked.connect(self._choose)
        self.finds.itemActivated.connect(self._choose)
        self._foot = label(_HELP, "help")
        column_of(
            self.field,
            self.finds,
            self._foot,
            margins=(SPACE_M, SPACE_M, SPACE_M, SPACE_S),
            parent=self,
        )
        self.setFixedSize(_WIDTH, _HEIGHT)

    def start(self) -> None:
        """Open it over the upper middle of the window, with what was typed last selected."""
        window = self.parentWidget()
        middle = window.mapToGlobal(window.rect().center())
        self.move(middle.x() - _WIDTH // 2, window.mapToGlobal(window.rect().topLeft()).y() + _TOP)
        self.field.selectAll()
        self.field.setFocus()
        self.open()

    def show_finds(self, finds: Sequence[Findable], *, asked: bool) -> None:
        """Show what was found, the best chosen already; none says so if anything was asked."""
        self.finds.clear()
        for thing in finds:
            item = QListWidgetItem(thing.title)
            item.setData(_THING, thing)
            item.setToolTip(f"{thing.title}\n{thing.note}".strip())
            words = f"{thing.kind.label}，{thing.title}，{thing.note}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            self.finds.addItem(item)
        self.finds.setCurrentRow(0)
        self._foot.setText("没有找到，请换一个词或拼音首字母" if asked and not finds else _HELP)

    def eventFilter(self, arg__1: QObject, arg__2: QEvent) -> bool:
        """Let the arrows walk the list, and Enter open, while the cursor stays in the field."""
        if arg__2.type() == QEvent.Type.KeyPress and isinstance(arg__2, QKeyEvent):
            if arg__2.key() in _LISTED:
                self.finds.keyPressEvent(arg__2)
                return True
            if arg__2.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.finds.currentItem())
                return True
        return super().eventFilter(arg__1, arg__2)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            thing = item.data(_THING)
            self.accept()
            self.chosen.emit(thing)


class _FindDelegate(QStyledItemDelegate):
    """Title, where it belongs in grey, and at the right what it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One row."""
        return QSize(super().sizeHint(option, index).width(), ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one find."""
        tones = colours()
        box = QRectF(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        state = option.state  # pyright: ignore[reportAttributeAccessIssue]
        thing: Findable = index.data(_THING)
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tones.chosen))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(tones.raised))
        words = box.adjusted(SPACE_S, 0, -SPACE_S, 0)
        metrics = QFontMetrics(painter.font())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(tones.muted))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, thing.kind.label)
        words.setRight(words.right() - metrics.horizontalAdvance("台账记录") - SPACE_M)
        painter.setPen(QColor(tones.text))
        title = metrics.elidedText(thing.title, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, middle, title)
        words.setLeft(words.left() + metrics.horizontalAdvance(title) + SPACE_M)
        if thing.note and words.width() > SPACE_M:
            font = painter.font()
            font.setPixelSize(TYPE_HELP)
            painter.setFont(font)
            painter.setPen(QColor(tones.muted))
            note = QFontMetrics(font).elidedText(
                thing.note, Qt.TextElideMode.ElideRight, int(words.width())
            )
            painter.drawText(words, middle, note)
        painter.restore()
