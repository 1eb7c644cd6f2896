"""Letters as cards in columns, one for each state that they go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QListWidget, QListWidgetItem, QWidget

from fsdesk.domain.supervision.letters import LetterState
from ui.theme import SPACE_S, SPACE_XS
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.pages.supervision.letter_saving import LetterListRow

_KEY = Qt.ItemDataRole.UserRole
_COLUMNS = (
    (LetterState.DRAFTED,),
    (LetterState.ISSUED,),
    (LetterState.REPLIED,),
    (LetterState.CLOSED, LetterState.ESCALATED, LetterState.VOID),
)


class LetterBoard(QWidget):
    """The same letters as in the register; `chosen` gives the key of one that was chosen."""

    chosen = Signal(str)

    def __init__(self) -> None:
        """Make empty columns."""
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_S)
        self.heads = [label("", "section") for _ in _COLUMNS]
        self.columns = [QListWidget() for _ in _COLUMNS]
        for place, (head, cards) in enumerate(zip(self.heads, self.columns, strict=True)):
            cards.setSpacing(SPACE_XS)
            cards.setFrameShape(QFrame.Shape.StyledPanel)
            cards.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            cards.itemClicked.connect(lambda item: self.chosen.emit(item.data(_KEY)))
            cards.itemActivated.connect(lambda item: self.chosen.emit(item.data(_KEY)))
            grid.addWidget(head, 0, place)
            grid.addWidget(cards, 1, place)
            grid.setColumnStretch(place, 1)

    def show_papers(self, papers: Sequence[LetterListRow]) -> None:
        """Show other letters."""
        for states, head, cards in zip(_COLUMNS, self.heads, self.columns, strict=True):
            words = "、".join(state.label for state in states)
            labels = [state.label for state in states]
            here = [paper for paper in papers if paper.state in labels]
            head.setText(f"{words}　{len(here)}")
            cards.setAccessibleName(f"{words}的函件")
            cards.clear()
            for paper in here:
                late = paper.left or (paper.state if len(states) > 1 else "")
                letter = paper.notice.letter if paper.notice else None
                number = f"〔{letter.year}〕{letter.number}号" if letter else ""
                lines = (paper.name, paper.kind, number, late)
                item = QListWidgetItem("\n".join(line for line in lines if line))
                item.setData(_KEY, paper.key)
                item.setToolTip(f"{paper.kind}　{paper.number}")
                cards.addItem(item)

    def choose(self, key: str) -> None:
        """Mark the card of a letter, and no other."""
        for cards in self.columns:
            cards.clearSelection()
            for row in range(cards.count()):
                if cards.item(row).data(_KEY) == key:
                    flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
                    cards.setCurrentRow(row, flag)
