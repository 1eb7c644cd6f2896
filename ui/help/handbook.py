"""The handbook in a window of its own, readable without a network, opened at the right place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTextBrowser, QWidget

from fsdesk.places import project_file
from ui import remember
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of, splitter
from ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from PySide6.QtGui import QTextBlock

FILE = "docs/handbook.md"
_SIZE = QSize(980, 700)
_ROOM = 48  # beside a picture: margins and scroll bar
_PLACE = Qt.ItemDataRole.UserRole
_PICTURE = int(QTextDocument.ResourceType.ImageResource.value)


class Handbook(QWidget):
    """Contents at the left, text at the right; a search field above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Read the handbook that came with the program."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("用户手册")
        self.text = _Text()
        self.contents = QListWidget()
        self.contents.setAccessibleName("手册目录")
        self.contents.itemActivated.connect(self._go)
        self.contents.itemClicked.connect(self._go)
        self.search = SearchField("在手册中查找")
        self.search.searched.connect(self.find_next)
        self.search.returnPressed.connect(lambda: self.find_next(self.search.text().strip()))
        self._lay_out()
        self.text.read()
        self._list()
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))

    def _lay_out(self) -> None:
        split = splitter(self.contents, (self.text, 1), sizes=[240, 740], collapsible=True)
        remember.keep_splitter(split, "handbook")
        column_of(row_of(self.search, None, spacing=-1), (split, 1), margins=SPACE_M, parent=self)

    def open_at(self, words: str) -> bool:
        """Show the place that explains something; tell whether the handbook has one.

        What is named exactly so (a figure) counts most, then a heading that holds the words, then
        a paragraph that begins with them.
        """
        self.show()
        self.raise_()
        self.activateWindow()
        place = self.place_of(words)
        self.text.go_to(max(place, 0))
        return place >= 0

    def place_of(self, words: str) -> int:
        """Return where something is explained; below 0 where nowhere is."""
        blocks = self.text.blocks()
        ranked = (
            [b for b in blocks if b.text() == words]
            + [b for b in blocks if b.blockFormat().headingLevel() and words in b.text()]
            + [b for b in blocks if b.text().startswith((words, f"“{words}”"))]
            + [b for b in blocks if f"“{words}”" in b.text()]
        )
        return ranked[0].position() if ranked else -1

    def find_next(self, words: str) -> None:
        """Go on to the next place that holds some words, from the top again after the last."""
        if words and not self.text.find(words):
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(words)

    def _list(self) -> None:
        for block in self.text.blocks():
            level = block.blockFormat().headingLevel()
            if level:
                item = QListWidgetItem(block.text())
                item.setData(_PLACE, block.position())
                self.contents.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        self.text.go_to(item.data(_PLACE))


class _Text(QTextBrowser):
    """The handbook's text; pictures are made as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("手册正文")
        self.setOpenExternalLinks(False)

    def read(self) -> None:
        """Take in the file."""
        file = project_file(FILE)
        self.document().setBaseUrl(QUrl.fromLocalFile(str(file)))
        self.document().setMarkdown(file.read_text(encoding="utf-8"))

    def blocks(self) -> list[QTextBlock]:
        """Return all paragraphs and headings."""
        found: list[QTextBlock] = []
        block = self.document().begin()
        while block.isValid():
            found.append(block)
            block = block.next()
        return found

    def go_to(self, place: int) -> None:
        """Show a place at the top."""
        cursor = self.textCursor()
        cursor.setPosition(place)
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(cursor).top())

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: A002 - Qt's name
        """Load a picture no wider than the text."""
        if type != _PICTURE:
            return super().loadResource(type, name)
        url = self.document().baseUrl().resolved(QUrl(name))
        picture = QImage(url.toLocalFile())
        room = max(self.viewport().width() - _ROOM, 320)
        if picture.width() > room:
            picture = picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        return picture
