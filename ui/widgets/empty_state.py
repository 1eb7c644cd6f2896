"""What an empty page shows: a picture, what belongs here, and the one next step."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui import icons
from ui.theme import SPACE_M, SPACE_XL, set_role
from ui.widgets.boxes import column_of
from ui.widgets.label import label

_PICTURE = 40
_WIDEST = 420


class EmptyState(QWidget):
    """Says why there is nothing, and offers the next step through `next_step`."""

    next_step = Signal()

    def __init__(
        self, picture: str, title: str, text: str, verb: str = "", parent: QWidget | None = None
    ) -> None:
        """Show what belongs here, how it gets here, and a button with the verb, if there is one."""
        super().__init__(parent)
        symbol = label(centred=True)
        icons.put(symbol, picture, "muted", _PICTURE)
        self._title = label(title, "section", centred=True)
        self._text = label(text, "muted", centred=True, wrap=True)
        self._text.setFixedWidth(_WIDEST)
        self._fit_text()
        self.button = QPushButton(verb)
        if not verb:  # to show it before it has a parent would make it a window
            self.button.hide()
        set_role(self.button, "primary")
        self.button.clicked.connect(self.next_step)
        column_of(
            (None, 2),
            (symbol, 0, Qt.AlignmentFlag.AlignHCenter),
            (self._title, 0, Qt.AlignmentFlag.AlignHCenter),
            (self._text, 0, Qt.AlignmentFlag.AlignHCenter),
            SPACE_M,
            (self.button, 0, Qt.AlignmentFlag.AlignHCenter),
            (None, 3),
            margins=SPACE_XL,
            parent=self,
        )

    def _fit_text(self) -> None:
        """Keep room for all lines: an aligned item of a layout asks for the first alone."""
        self._text.ensurePolished()
        self._text.setMinimumHeight(max(self._text.heightForWidth(_WIDEST), 0))

    def set_texts(self, title: str, text: str, verb: str | None = None) -> None:
        """Show other texts; without a verb the button stays as it is."""
        self._title.setText(title)
        self._text.setText(text)
        self._fit_text()
        if verb is not None:
            self.button.setText(verb)
            self.button.setVisible(bool(verb))
