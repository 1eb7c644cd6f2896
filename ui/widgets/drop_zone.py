"""A field that takes files and folders: dropped, or chosen after a click."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from ui import icons
from ui.theme import SPACE_L, SPACE_S, SPACE_XS, look_again, set_role
from ui.widgets.boxes import column_of
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QMouseEvent

_PICTURE = 28


class DropZone(QFrame):
    """Gives paths by `paths_chosen` (a list of `pathlib.Path`), never an empty list."""

    paths_chosen = Signal(list)

    def __init__(
        self,
        text: str,
        help_text: str,
        choose: Callable[[], Sequence[Path]],
        suffixes: Iterable[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Show what may be dropped here, in small letters of what kinds; a click asks by `choose`.

        Suffixes are lower case, such as ``.xlsx``: other files are left out, folders are always
        taken; empty means everything.
        """
        super().__init__(parent)
        self._choose, self._stays_low = choose, False
        self._suffixes = frozenset(suffixes)
        set_role(self, "drop")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{text}。{help_text}")
        self._symbol = label(centred=True)
        words = label(text, centred=True)
        self._small = label(help_text, "help", centred=True)
        column = column_of(spacing=SPACE_XS, margins=SPACE_L, parent=self)
        for part in (self._symbol, words, self._small):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)
        icons.put(self._symbol, "inbox", "accent", _PICTURE)

    def make_low(self) -> None:
        """Leave the room to what was chosen; the words stay, and what is dropped is taken."""
        self._stays_low = True
        self.give_room(low=True)

    def give_room(self, *, low: bool) -> None:
        """Be low where the screen is, else as high as looks best."""
        low = low or self._stays_low
        self._symbol.setHidden(low)
        self._small.setHidden(low)
        around = SPACE_S if low else SPACE_L
        self.layout().setContentsMargins(around, around, around, around)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Light up when something among it can be taken."""
        if self._usable(event.mimeData()):
            event.acceptProposedAction()
            self._mark(over=True)
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._mark(over=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Give what was dropped."""
        self._mark(over=False)
        self._give(self._usable(event.mimeData()))
        event.acceptProposedAction()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the user choose files."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self._give(list(self._choose()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and the space bar as a click."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._give(list(self._choose()))
            return
        super().keyPressEvent(event)

    def _usable(self, data: QMimeData) -> list[Path]:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        wanted = self._suffixes
        return [p for p in paths if not wanted or p.suffix.lower() in wanted or p.is_dir()]

    def _give(self, paths: list[Path]) -> None:
        if paths:
            self.paths_chosen.emit(paths)

    def _mark(self, *, over: bool) -> None:
        self.setProperty("over", over)
        look_again(self)
