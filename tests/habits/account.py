"""The account of cells: no cell into which a habit put something ends as nothing."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from fsdesk.domain.ledger.keys import without_prefix
from fsdesk.domain.text import fold
from fsdesk.domain.typed import CellError, NumberSince1904, read_date, read_number, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook

    from tests.habits.forms import Read

_ROWS_BELOW = re.compile("连同以下 ([0-9]+) 行")


_WAYS_OF_READING = (
    read_number,
    lambda value: read_number(value, "批次"),
    lambda value: read_date(value, 2026),
    lambda value: read_date(NumberSince1904(value) if isinstance(value, int) else None),
)


@dataclass(frozen=True)
class Filled:
    """A cell, or a comment, that a habit filled."""

    sheet: str
    cell: str
    value: object
    comment: bool = False


class Standing:
    """What stands in a form before a habit."""

    def __init__(self, book: Workbook) -> None:
        self._texts = {s.title: {_text(cell.value) for row in s for cell in row} for s in book}
        self.sheets = frozenset(self._texts)

    def put_in(self, after: Workbook) -> list[Filled]:
        """Give what stands in a workbook and did not stand anywhere in its sheet before.

        What was only moved within its sheet, or copied to another, is no new content. A formula
        says what it computes: the table has it.
        """
        return list(self._new_cells(after))

    def _new_cells(self, after: Workbook) -> Iterator[Filled]:
        every = set[str]().union(*self._texts.values())
        for sheet in after:
            known = self._texts.get(sheet.title, every)
            for row in sheet:
                for cell in row:
                    if cell.data_type != "f" and _text(cell.value) not in known | {""}:
                        yield Filled(sheet.title, cell.coordinate, cell.value)
                    if cell.comment:
                        yield Filled(sheet.title, cell.coordinate, cell.comment.text, comment=True)


def lost(filled: list[Filled], read: Read, own: frozenset[str]) -> list[Filled]:
    """Give what ends as nothing: neither in the data nor told at its place.

    `own`: sheets that the form has itself; another one may be told as a whole.
    """
    return [each for each in filled if not (_is_taken(each, read) or _is_told(each, read, own))]


def _text(value: object) -> str:
    return fold(read_text(value))


def _is_taken(filled: Filled, read: Read) -> bool:
    if filled.comment:
        return False
    held = {_text(_plain(v)) for v in read.data.values()} | {fold(row) for row, _ in read.data}
    if _text(filled.value) in held or fold(without_prefix(read_text(filled.value))) in held:
        return True
    meant = set()
    for how in _WAYS_OF_READING:
        with contextlib.suppress(CellError):
            meant.add(_text(how(filled.value)))
    ticked = read_text(filled.value) in ("√", "是", "TRUE")
    return bool(meant - {""} & held) or (ticked and True in read.data.values())


def _plain(value: object) -> object:
    return value if isinstance(value, str | float | bool | date) else getattr(value, "label", "")


def _is_told(filled: Filled, read: Read, own: frozenset[str]) -> bool:
    return any(_covers(filled, finding, own) for finding in read.findings)


def _covers(filled: Filled, finding: tuple[str, str, str], own: frozenset[str]) -> bool:
    sheet, place, words = finding
    if sheet != filled.sheet:
        return False
    if not place:
        return sheet not in own
    row, column = coordinate_to_tuple(filled.cell)
    left, top, right, bottom = range_boundaries(place)
    below = _ROWS_BELOW.search(words)
    if below:
        return top <= row <= bottom + int(below[1])
    if "这一列" in words and left == column and row >= top:
        return True  # a column is told at its header
    return top <= row <= bottom and left <= column <= right
