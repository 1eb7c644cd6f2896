"""Evidence files of a record: what is there, small pictures of it, and a door for more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from fsdesk.domain.text import size_text
from ui import icons
from ui.theme import set_role
from ui.widgets.buttons import button
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage

    from fsdesk.domain.records.attachments import Attachment

_LONGEST_NAME = 26
PICTURE = QSize(56, 40)
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")
_TABLES = (".xlsx", ".xls", ".ods", ".csv", ".et")


class EvidenceRow(QWidget):
    """A link for each file, and one that adds more; files can be dropped on it as well."""

    add_wanted = Signal(list)  # paths that were dropped; empty when they are to be chosen
    open_wanted = Signal(object)  # Attachment
    remove_wanted = Signal(object)  # Attachment
    picture_wanted = Signal(object)  # Attachment

    def __init__(self, files: Sequence[Attachment], *, fixed: bool = False) -> None:
        """Show what is there; pictures come when they are wanted and given.

        Fixed files are somebody else's: to be opened only.
        """
        super().__init__()
        self._fixed = fixed
        self.setAcceptDrops(not fixed)
        self._flow = FlowLayout(self)
        self._files: tuple[Attachment, ...] = ()
        self.links: list[QPushButton] = []
        self.add = button("添加附件…", lambda: self.add_wanted.emit([]), "link")
        self.add.setToolTip("选择佐证材料的文件，也可以把文件拖到这里")
        self._flow.insert(0, self.add)
        self.add.setVisible(not fixed)
        self.show_files(files)

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show other files; the same again are left as they are."""
        if tuple(files) == self._files:
            return
        self._files = tuple(files)
        for link in self.links:
            self._flow.removeWidget(link)
            link.hide()
            link.deleteLater()
        self.links = [self._link(file) for file in files]
        for place, link in enumerate(self.links):
            self._flow.insert(place, link)
        self.want_pictures()

    def want_pictures(self) -> None:
        """Ask for the small pictures of the files that are pictures."""
        for file in self._files:
            if Path(file.name).suffix.lower() in _PICTURES:
                self.picture_wanted.emit(file)

    def show_picture(self, attachment: Attachment, image: QImage) -> None:
        """Show the small picture of a file."""
        for file, link in zip(self._files, self.links, strict=True):
            if file == attachment and not image.isNull():
                link.setProperty("iconName", None)  # the theme no longer draws it
                link.setIcon(QIcon(QPixmap.fromImage(image)))
                link.setIconSize(PICTURE)

    def _link(self, file: Attachment) -> QPushButton:
        link = QPushButton(f"{_short(file.name)}（{size_text(file.size)}）")
        link.setToolTip(file.name)
        link.setAccessibleName(f"附件 {file.name}")
        set_role(link, "link")
        icons.put(link, _icon_of(file.name), "muted")
        menu = QMenu(link)
        menu.addAction("打开", lambda: self.open_wanted.emit(file))
        if not self._fixed:
            menu.addAction("移除", lambda: self.remove_wanted.emit(file))
        link.setMenu(menu)
        return link

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        paths = paths_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.add_wanted.emit(paths)


def paths_of(data: QMimeData) -> list[Path]:
    """Return the files that are dragged along."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def _short(name: str) -> str:
    """Leave out the middle of a long name: its ending tells what it is."""
    if len(name) <= _LONGEST_NAME:
        return name
    half = _LONGEST_NAME // 2
    return f"{name[:half]}…{name[-half:]}"


def _icon_of(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix in _PICTURES:
        return "image"
    return "file-spreadsheet" if suffix in _TABLES else "file-text"
