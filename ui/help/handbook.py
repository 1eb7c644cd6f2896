"""Handbook and questions in a window of their own, without a network, opened where they explain."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QImageReader,
    QKeySequence,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QTextBrowser, QWidget

from fsdesk.places import project_file
from ui import remember
from ui.help import book
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of, splitter
from ui.widgets.label import label
from ui.widgets.search_field import SearchField

_SIZE = QSize(980, 700)
_ROOM = 48  # beside a picture: margins and scroll bar
_PLACE = Qt.ItemDataRole.UserRole
_PICTURE = int(QTextDocument.ResourceType.ImageResource.value)


class Handbook(QWidget):
    """Contents at the left, text at the right; a field above that leaves what holds the words."""

    # Open a page of the main window, by its key.
    page_wanted = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, office: bool = True, called: str = ""
    ) -> None:
        """Read the books that came with the program, for who is of that role.

        `called`: what the coordinating office is called, where that is known.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("用户手册")
        self._office = office
        self.text = _Text()
        self.text.anchorClicked.connect(self._follow)
        self.contents = QListWidget()
        self.contents.setAccessibleName("手册目录")
        self.contents.itemActivated.connect(self._go)
        self.contents.itemClicked.connect(self._go)
        self.search = SearchField("在手册中查找，几个词用空格隔开")
        self.search.searched.connect(self.find_all)
        self.search.returnPressed.connect(self.find_next)
        self.found = label("", "help")
        self._lay_out()
        source = book.read(called)
        self._faults = book.questions_of_faults(source)
        self.text.read(source)
        self._blocks = self.text.blocks()
        self._list()
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))

    def _lay_out(self) -> None:
        split = splitter(self.contents, (self.text, 1), sizes=[280, 700], collapsible=True)
        remember.keep_splitter(split, "handbook")
        above = row_of(self.search, self.found, None, spacing=-1)
        column_of(above, (split, 1), margins=SPACE_M, parent=self)

    def open_at(self, words: str) -> bool:
        """Show the place that explains something; tell whether the books have one."""
        self.search.clear()
        self.show()
        self.raise_()
        self.activateWindow()
        place = self.place_of(words)
        self.text.go_to(max(place, 0))
        return place >= 0

    def open_for(self, fault: str) -> bool:
        """Show what to do about a fault, by its identity; tell whether the books say it."""
        return self.open_at(self._faults.get(fault, fault))

    def place_of(self, words: str) -> int:
        """Return where something is explained; below 0 where nowhere is."""
        return book.place_of(words, self._blocks, office=self._office)

    def find_all(self, words: str) -> None:
        """Leave in the contents the sections that hold all words, and show the first of them.

        Words in a heading count more than words below one.
        """
        wanted = words.split()
        held = [each for each in self._sections if each.holds(wanted)]
        for row, section in enumerate(self._sections):
            self.contents.item(row).setHidden(section not in held)
        self.found.setText("" if not wanted else f"{len(held)} 处" if held else "没有找到")
        if wanted and held:
            titled = [each for each in held if all(word in each.title for word in wanted)]
            self.text.go_to((titled or held)[0].place)
            self.find_next()

    def find_next(self) -> None:
        """Go on to the next place that holds the first word, from the top after the last."""
        word = next(iter(self.search.text().split()), "")
        if word and not self.text.find(word):
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(word)

    def _list(self) -> None:
        self._sections = book.sections_of(self._blocks)
        for section in self._sections:
            item = QListWidgetItem("　" * max(section.level - 2, 0) + section.title)
            item.setData(_PLACE, section.place)
            item.setToolTip(section.title)
            self.contents.addItem(item)

    def _go(self, item: QListWidgetItem) -> None:
        self.text.go_to(item.data(_PLACE))

    def _follow(self, link: QUrl) -> None:
        """Open a page of the window, or go to another book."""
        if link.scheme() == book.SCHEME:
            self.page_wanted.emit(link.path())
        else:
            self.text.go_to(self.place_of(book.title_of(link.fileName())))


class _Text(QTextBrowser):
    """The handbook's text; pictures are made as wide as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("手册正文")
        self.setOpenLinks(False)
        self._awaited: deque[tuple[QUrl, QSize]] = deque()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._load_next)

    def read(self, text: str) -> None:
        """Show a text in Markdown, with the pictures beside the handbook."""
        self.document().setBaseUrl(QUrl.fromLocalFile(str(project_file(book.FILES[0]))))
        self.document().setMarkdown(text)

    def blocks(self) -> list[tuple[str, int, int]]:
        """Return all paragraphs and headings: text, level of a heading or 0, and place."""
        found: list[tuple[str, int, int]] = []
        block = self.document().begin()
        while block.isValid():
            found.append((block.text(), block.blockFormat().headingLevel(), block.position()))
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
        """Keep the room of a picture, no wider than the text; the picture itself comes soon after.

        All of them are asked for at once, and to read them takes as long as a start of the program.
        """
        if type != _PICTURE:
            return super().loadResource(type, name)
        url = QUrl(name)
        size = QImageReader(self._file(url)).size()
        room = max(self.viewport().width() - _ROOM, 320)
        if size.width() > room:
            size = QSize(room, round(size.height() * room / size.width()))
        self._awaited.append((url, size))
        self._rest.start()
        blank = QImage(size, QImage.Format.Format_Grayscale8)
        blank.fill(self.palette().base().color())
        return blank

    def _load_next(self) -> None:
        """Put one picture into its room."""
        url, size = self._awaited.popleft()
        picture = QImage(self._file(url))
        if picture.size() != size:
            picture = picture.scaled(size, mode=Qt.TransformationMode.SmoothTransformation)
        self.document().addResource(_PICTURE, url, picture)
        self.viewport().update()
        if self._awaited:
            self._rest.start()

    def _file(self, name: QUrl) -> str:
        return self.document().baseUrl().resolved(name).toLocalFile()
