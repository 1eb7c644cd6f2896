"""Files that were dropped on a form: which of them proves which item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QWidget

from fsdesk.domain.text import fold
from ui.theme import SPACE_L, SPACE_S, set_role
from ui.widgets.boxes import column_of, scrolling
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.records.records import RecordKey

_WIDTH, _HEIGHT = 640, 360
_ALIKE = 2  # characters in a row that a file's name and an item's title must share


class EvidenceSorting(QDialog):
    """A line for each file, with the item that its name speaks of chosen already."""

    def __init__(
        self, parent: QWidget, files: Sequence[Path], items: Mapping[RecordKey, str]
    ) -> None:
        """Offer the items of a task; where a name speaks of none, nothing is chosen."""
        super().__init__(parent)
        self.setWindowTitle("添加佐证材料")
        self.resize(_WIDTH, _HEIGHT)
        self._files = tuple(files)
        entries = [("不添加", None), *((name, key) for key, name in items.items())]
        self.choices = [
            keeping(Choice(f"{file.name} 证明哪一项", entries), Keeping.PASSING) for file in files
        ]
        grid_of = QWidget()
        grid = QGridLayout(grid_of)
        grid.setColumnStretch(0, 1)
        grid.setSpacing(SPACE_S)
        for line, (file, choice) in enumerate(zip(files, self.choices, strict=True)):
            choice.set_value(likely(file.stem, items))
            choice.currentIndexChanged.connect(self._offer)
            grid.addWidget(label(file.name, wrap=True), line, 0)
            grid.addWidget(choice, line, 1)
        grid.setRowStretch(len(files), 1)
        buttons = QDialogButtonBox()
        self.add = buttons.addButton("添加", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.add, "primary")
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        asked = label(f"{len(files)} 个文件分别证明哪一项？", wrap=True)
        column_of(asked, (scrolling(grid_of), 1), buttons, margins=SPACE_L, parent=self)
        self._offer()

    @property
    def chosen(self) -> Mapping[RecordKey, list[Path]]:
        """The files by what they prove."""
        found: dict[RecordKey, list[Path]] = {}
        for file, choice in zip(self._files, self.choices, strict=True):
            if choice.value is not None:
                found.setdefault(choice.value, []).append(file)
        return found

    def _offer(self, _row: int = 0) -> None:
        self.add.setEnabled(bool(self.chosen))


def likely(name: str, items: Mapping[RecordKey, str]) -> RecordKey | None:
    """Return the item of which a file's name speaks: the longest run of characters in common."""
    spoken = {key: _common(fold(name), fold(title)) for key, title in items.items()}
    best = max(spoken, key=lambda key: spoken[key], default=None)
    if best is None or spoken[best] < _ALIKE or list(spoken.values()).count(spoken[best]) > 1:
        return next(iter(items)) if len(items) == 1 else None
    return best


def _common(one: str, other: str) -> int:
    """Return the length of the longest run of characters that stands in both."""
    runs = (
        end - start
        for start in range(len(one))
        for end in range(start + 1, len(one) + 1)
        if one[start:end] in other
    )
    return max(runs, default=0)
