"""Labels by their part in the design."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from ui.theme import set_role


def label(text: str = "", role: str = "", *, centred: bool = False, wrap: bool = False) -> QLabel:
    """Make a label.

    Args:
        text: Plain text; what users typed is never taken for markup.
        role: ``title`` ``section`` ``figure`` ``help`` ``muted`` ``error``, or none for body text.
        centred: In the middle in place of the left.
        wrap: Over several lines where it must.
    """
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if centred:
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    if role:
        set_role(made, role)
    return made
