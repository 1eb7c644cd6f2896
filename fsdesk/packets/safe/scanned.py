"""What a look at a workbook yields, and how far its contents may reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Place, reject
from fsdesk.packets.layout import MOST_COLUMNS, MOST_ROWS

if TYPE_CHECKING:
    from datetime import datetime

    from fsdesk.domain.findings import InputRejectedError

ERROR_VALUE = "单元格是错误值（如 #DIV/0!）"
NO_RESULT = "公式没有保存计算结果"
LOST_TAB = "文字中有制表符，.ods 文件里的制表符读不出来"
ASK_AGAIN = "请向发件单位重新索要"
SURELY_PACKET = "请确认它是报送包"
# Characters or bytes of text over all cells: a text that a thousand cells share counts a thousand
# times, for that is how often the reader keeps it.
MOST_TEXT = 64 * 2**20
# Beginnings and ends of elements: a microsecond each.
MOST_TAGS = 4_000_000
# Elements of a part that is held as a tree, such as the list of sheets.
MOST_ELEMENTS = 200_000
# On a sheet: merged cells, and the rows over which they reach together.
_MOST_MERGED, _MOST_MERGED_ROWS = 10_000, 500_000
_MOST_BAD = 200_000  # in a workbook

# Top, left, bottom, right; counted from 0.
Area = tuple[int, int, int, int]


class CellNote(NamedTuple):
    """What somebody wrote at a cell and not in it: a comment (批注), or a box of text."""

    author: str
    text: str


class Scan(Struct):
    """What a look at a workbook yields.

    Attributes:
        data: The file's bytes, read once, so that what is read is what was looked at.
        readable: What the fast reader is given: those bytes, or only the parts that were looked at.
        bad_cells: By sheet and cell, why its value can't be known.
        merged: By sheet, the merged cells as (top, left, bottom, right), counted from 0.
        notes: By sheet and cell, what is written at a cell and not in it.
        modified_at: When a program last saved it, in UTC; None when it doesn't say.
        since_1904: Whether its days are counted from 1904.
    """

    data: bytes
    bad_cells: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    merged: dict[str, list[Area]] = field(default_factory=dict[str, "list[Area]"])
    notes: dict[str, dict[str, list[CellNote]]] = field(
        default_factory=dict[str, "dict[str, list[CellNote]]"]
    )
    modified_at: datetime | None = None
    since_1904: bool = False
    readable: bytes = b""

    def __post_init__(self) -> None:
        """Begin with the file as it is."""
        self.readable = self.data

    def take(self, found: SheetFindings) -> None:
        """Add what was found on one sheet."""
        if found.bad:
            self.bad_cells[found.title] = found.bad
        if found.merged:
            self.merged[found.title] = found.merged
        if found.notes:
            self.notes[found.title] = found.notes


class Budget:
    """How many cells, how much text and how much work are left for the sheets of one workbook."""

    def __init__(self, file: str, cells: int) -> None:
        self.file = file
        self.cells = cells
        self.text = MOST_TEXT
        self.tags = MOST_TAGS
        self.bad = _MOST_BAD

    def spend_tags(self, part: bytes, sheet: str = "") -> None:
        """Count what a slow look has to go through; refused when there isn't time for it."""
        self.tags -= part.count(b"<")
        if self.tags < 0:
            raise reject("工作表内容过多", SURELY_PACKET, Place(self.file, sheet))

    def spend_text(self, amount: int, sheet: str = "") -> None:
        """Count text; InputRejectedError when it is more than memory has room for."""
        self.text -= amount
        if self.text < 0:
            raise reject("文字总量过大", SURELY_PACKET, Place(self.file, sheet))


class SheetFindings:
    """What was found on one sheet, and how far its contents reach.

    The fast reader makes a dense table that reaches to the last cell in which something stands;
    styled blanks cost it nothing. So only cells with content count.

    Attributes:
        bad: By cell, why its value can't be known.
        notes: By cell, what is written at it and not in it.
    """

    def __init__(self, title: str, room: Budget) -> None:
        self.title = title
        self.bad: dict[str, str] = {}
        self.merged: list[Area] = []
        self.notes: dict[str, list[CellNote]] = {}
        self._room = room
        self._rows = self._columns = self._merged_rows = 0

    def reach(self, row: int, column: int) -> None:
        """Say that something stands in a cell; InputRejectedError when it stands too far out."""
        if row < self._rows and column < self._columns:
            return
        self._rows = max(self._rows, row + 1)
        self._columns = max(self._columns, column + 1)
        area = self._rows * self._columns
        if row >= MOST_ROWS or column >= MOST_COLUMNS or area > self._room.cells:
            raise too_far(self._room.file, self.title, row, column)

    def note(self, row: int, column: int, why: str) -> None:
        """Say that the value of a cell can't be known.

        InputRejectedError when that is said of too many; none may be taken for a blank.
        """
        self._room.bad -= 1
        if self._room.bad < 0:
            place = Place(self._room.file, self.title, cell_name(row, column))
            raise reject("错误值或没有计算结果的公式过多", "请把公式转为数值，保存后再导入", place)
        self.bad[cell_name(row, column)] = why

    def remark(self, row: int, column: int, note: CellNote) -> None:
        """Say what is written at a cell and not in it."""
        text = note.text.strip()
        if text:
            self._room.spend_text(len(text), self.title)
            self.notes.setdefault(cell_name(row, column), []).append(note._replace(text=text))

    def merge(self, area: Area) -> None:
        """Say that cells are merged; what is beyond all reason is passed over."""
        self._merged_rows += min(area[2], MOST_ROWS) - area[0] + 1
        if len(self.merged) < _MOST_MERGED and self._merged_rows <= _MOST_MERGED_ROWS:
            self.merged.append(area)

    def close(self) -> None:
        """Take what the sheet needs from the room for the workbook."""
        self._room.cells -= self._rows * self._columns


def too_far(file: str, sheet: str, row: int, column: int) -> InputRejectedError:
    """Refuse a sheet because something stands far out."""
    return reject(
        "工作表范围过大，很远的地方还有内容",
        "请删除表格以外的内容后保存再导入",
        Place(file, sheet, cell_name(row, column)),
    )
