"""Evidence files of a record: what is there, and a door for more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from ui.theme import SPACE_S, set_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from fsdesk.domain.attachments import Attachment

_KIB = 1024


class EvidenceRow(QWidget):
    """A link for each file, and one that adds more; files can be dropped on it as well."""

    add_wanted = Signal(list)  # paths that were dropped; empty when they are to be chosen
    open_wanted = Signal(object)  # Attachment
    remove_wanted = Signal(object)  # Attachment

    def __init__(self, files: Sequence[Attachment]) -> None:
        """Show what is there."""
        super().__init__()
        self.setAcceptDrops(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_S)
        self.links: list[QPushButton] = []
        self.add = QPushButton("添加附件…")
        self.add.setToolTip("选择证明材料的文件，也可以把文件拖到这里")
        set_role(self.add, "link")
        self.add.clicked.connect(lambda: self.add_wanted.emit([]))
        self._row.addWidget(self.add)
        self._row.addStretch(1)
        self.show_files(files)

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show other files."""
        for link in self.links:
            self._row.removeWidget(link)
            link.deleteLater()
        self.links = [self._link(file) for file in files]
        for place, link in enumerate(self.links):
            self._row.insertWidget(place, link)

    def _link(self, file: Attachment) -> QPushButton:
        link = QPushButton(f"{file.name}（{max(file.size // _KIB, 1)} KB）")
        set_role(link, "link")
        menu = QMenu(link)
        menu.addAction("打开", lambda: self.open_wanted.emit(file))
        menu.addAction("移除", lambda: self.remove_wanted.emit(file))
        link.setMenu(menu)
        return link

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.add_wanted.emit(paths)
