"""What each sheet of a packet holds, and where on a sheet its table was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.text import fold
from fsdesk.domain.typed import Cell, read_text
from fsdesk.packets.layout import CODE, HEADER_WITHIN, SHEETS
from fsdesk.packets.sheets.ledgers import sheet_names
from fsdesk.packets.sheets.replies import COLUMNS, NUMBER, REPLY_SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fsdesk.packets.meta import Meta

Rows = list[list[Cell]]
Where = tuple[int, int]

_FEWEST_HEADERS = 4  # that a copy shares with its sheet, whatever that one has
_SHOWN = 40


class SheetShape(Struct, frozen=True):
    """What a sheet of the form holds.

    Attributes:
        title: Of the sheet.
        key: Header of the column by which rows are known.
        taken: Headers of the columns that are read, the key's among them.
        printed: Headers of the columns that only inform.
        rows_without_key: Whether a row may do without (new rows of ledgers).
        has_notes: Whether what stands in further columns is added to its notes.
    """

    title: str
    key: str
    taken: tuple[str, ...]
    printed: tuple[str, ...] = ()
    rows_without_key: bool = False
    has_notes: bool = False


class FoundTable(Struct, frozen=True):
    """Where the columns of a shape were found.

    Attributes:
        header: Number of the row of headers.
        titles: Text of each header by its place.
        columns: Place of each known header.
    """

    header: int
    titles: Mapping[int, str]
    columns: Mapping[str, int]


def shapes_of(meta: Meta) -> Iterator[SheetShape]:
    """Yield the shapes of a packet's own sheets."""
    for sheet in SHEETS:
        taken = (CODE, *(column.title for column in sheet.inputs))
        printed = tuple(column.title for column in sheet.printed)
        yield SheetShape(sheet.title, CODE, taken, printed)
    names = sheet_names(meta.ledgers)
    for ledger in meta.ledgers:
        taken = (CODE, *(column.title for column in ledger.columns))
        notes = bool(ledger.note_column)
        yield SheetShape(names[ledger.code], CODE, taken, rows_without_key=True, has_notes=notes)
    if meta.replies:
        taken = (NUMBER, *(column.title for column in COLUMNS if column.field))
        printed = tuple(c.title for c in COLUMNS if not c.field and c.title != NUMBER)
        yield SheetShape(REPLY_SHEET, NUMBER, taken, printed)


def find_table(shape: SheetShape, rows: Rows) -> FoundTable | None:
    """Find the headers of a sheet; of two with one title the first counts."""
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        titles = dict(filled_texts(row))
        places: dict[str, int] = {}
        for place, title in titles.items():
            places.setdefault(fold(title), place)
        if fold(shape.key) in places:
            wanted = (*shape.taken, *shape.printed)
            columns = {title: places[fold(title)] for title in wanted if fold(title) in places}
            return FoundTable(number, titles, columns)
    return None


def alike(shapes: Iterable[SheetShape], rows: Rows) -> SheetShape | None:
    """Find the sheet of the form of which another may be a copy: half its headers are there."""

    def headers(shape: SheetShape) -> int:
        table = find_table(shape, rows)
        return len(table.columns) if table else 0

    found = max(shapes, key=headers)
    wanted = len({*found.taken, *found.printed})
    return found if headers(found) * 2 >= max(wanted, _FEWEST_HEADERS) else None


def filled_cells(rows: Rows) -> Iterator[tuple[Where, str]]:
    """Yield place and text of each cell in which something stands."""
    for number, row in enumerate(rows):
        for place, text in filled_texts(row):
            yield (number, place), text


def filled_texts(row: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    """Yield number and text of the cells of a row in which something stands."""
    if row.count("") == len(row):  # most rows of a long sheet
        return
    for place, cell in enumerate(row):
        if cell is not None and cell != "":
            text = read_text(cell)
            if text:
                yield place, text


def filled(cell: Cell) -> bool:
    """Tell whether something stands in a cell."""
    return cell is not None and cell != "" and bool(read_text(cell))


def count_filled(rows: Iterable[Sequence[Cell]]) -> int:
    """Return in how many rows something stands."""
    return sum(any(filled(cell) for cell in row) for row in rows)


def cell_at(row: Sequence[Cell], place: int) -> Cell:
    """Return a cell of a row that may be shorter."""
    return row[place] if 0 <= place < len(row) else None


def folded_at(row: Sequence[Cell], place: int) -> str:
    """Return the folded text of a cell."""
    return fold(read_text(cell_at(row, place)))


def short(text: str) -> str:
    """Return a text as it is told: its beginning."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
