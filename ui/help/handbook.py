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
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QTextBrowser,
    QWidget,
)

from fsdesk.domain.handbook.asked import Answers
from fsdesk.places import project_file
from ui import remember
from ui.help import book
from ui.theme import SPACE_L, SPACE_M
from ui.widgets.boxes import boxed, column_of, row_of, splitter
from ui.widgets.label import label
from ui.widgets.search_field import SearchField

_SIZE = QSize(980, 700)
_ROOM = 48  # beside a picture: margins and scroll bar
_PLACE = Qt.ItemDataRole.UserRole
_NOTHING = (
    "手册中没有找到“{}”。\n\n可以试试：\n"
    "· 只写要紧的词，例如把“照片太大传不上去怎么办”写成“照片 太大”；\n"
    "· 换一个说法，用窗口里按钮、页面上的字，例如“附件”“撤销”“导出报送包”；\n"
    "· 清空查找框，从左边的目录里找；\n"
    "· 在窗口里要问的那一页按 F1，直接打开那一页的说明。"
)
_PICTURE = int(QTextDocument.ResourceType.ImageResource.value)


class Handbook(QWidget):
    """Contents at the left, text at the right; a field above that lists what answers a question."""

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
        self.search = SearchField("输入问题或几个词")
        self.search.searched.connect(self.find_all)
        self.search.returnPressed.connect(self.find_next)
        self.found = label("", "help")
        self.nothing = label("", wrap=True)
        self._shown = QStackedWidget()
        self._fresh = False
        self._lay_out()
        source = book.read(called)
        self._faults = book.questions_of_faults(source)
        self.text.read(source)
        self._blocks = self.text.blocks()
        self._answers = Answers(book.passages_of(self._blocks, office=office))
        self._list_contents()
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.close)
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))

    def _lay_out(self) -> None:
        self._shown.addWidget(self.text)
        self._shown.addWidget(boxed(column_of(self.nothing, None, margins=SPACE_L)))
        split = splitter(self.contents, (self._shown, 1), sizes=[280, 700], collapsible=True)
        remember.keep_splitter(split, "handbook")
        above = row_of(self.search, self.found, None, spacing=-1)
        column_of(above, (split, 1), margins=SPACE_M, parent=self)

    def open_at(self, words: str) -> bool:
        """Show the place that explains something; tell whether the books have one."""
        self.search.clear()
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.search_now()  # the contents again, and the text
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
        """List what answers a question instead of the contents, and show the best of it."""
        self.contents.clear()
        hits = self._answers.find(words)
        self.nothing.setText(_NOTHING.format(words))
        self._shown.setCurrentIndex(int(bool(words) and not hits))
        self.found.setText("" if not words else f"{len(hits)} 处" if hits else "没有找到")
        for hit in hits:
            self._list(book.name_of(hit), hit.place, f"{hit.chapter}\n{hit.text}")
        if not words:
            self._list_contents()
        elif hits:
            self._fresh = True  # Enter, which may have brought this, doesn't pass over the best
            QTimer.singleShot(0, self, self._grow_stale)
            self._show(0)

    def find_next(self) -> None:
        """Go on to the next that was found, from the last to the first."""
        if self.search.text().strip() and self.contents.count() and not self._fresh:
            self._show((self.contents.currentRow() + 1) % self.contents.count())

    def _grow_stale(self) -> None:
        self._fresh = False

    def _show(self, row: int) -> None:
        self.contents.setCurrentRow(row)
        self._go(self.contents.item(row))
        # The first word is marked where the paragraph has it.
        end = self.text.textCursor()
        end.movePosition(QTextCursor.MoveOperation.NextBlock, n=2)
        found = self.text.document().find(self.search.text().split()[0], self.text.textCursor())
        if not found.isNull() and found.position() <= end.position():
            self.text.setTextCursor(found)

    def _list_contents(self) -> None:
        for each in book.sections_of(self._blocks):
            self._list("　" * max(each.level - 2, 0) + each.title, each.place, each.title)

    def _list(self, words: str, place: int, more: str) -> None:
        item = QListWidgetItem(words)
        item.setData(_PLACE, place)
        item.setToolTip(more)
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
