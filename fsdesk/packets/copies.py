"""Sheets of a packet that look like its own: copies of a form, and lists for its ledgers.

None is taken or passed over before a person has said how they are to be read. Merged, they are
read one after another: what one says and another leaves empty is taken, and two different values
are for the person to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import Place, reject
from fsdesk.domain.packet.sheet_choice import SheetCopy
from fsdesk.domain.text import fold
from fsdesk.domain.typed import read_text
from fsdesk.packets.lists.choosing import looks_like_rows_of
from fsdesk.packets.shapes import (
    FoundTable,
    Rows,
    SheetShape,
    Where,
    alike,
    cell_at,
    count_filled,
    filled_cells,
    find_table,
    folded_at,
    shapes_of,
    short,
)
from fsdesk.packets.sheets.ledgers import sheet_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from fsdesk.domain.packet.sheet_choice import SheetChoice
    from fsdesk.domain.typed import Cell
    from fsdesk.packets.meta import Meta

# For a sheet of the form, the titles of the sheets that are read as it.
ReadAs = dict[str, tuple[str, ...]]


def find_copies(
    meta: Meta, book: Mapping[str, Rows], others: Mapping[str, Rows], hidden: Collection[str]
) -> Iterator[SheetCopy]:
    """Yield the sheets that look like the form's own and say something else.

    `book`, `others`: rows of the form's own sheets, and of those that it doesn't have.
    """
    shapes = list(shapes_of(meta))
    names = sheet_names(meta.ledgers)
    for title, rows in others.items():
        shape = alike(shapes, rows)
        table = find_table(shape, rows) if shape else None
        if shape is not None and table is not None:
            count = count_filled(rows[table.header + 1 :])
            differing = count
            original = book.get(shape.title, [])
            own = find_table(shape, original)
            if own is not None:
                differing = Compared(shape, (table, rows), (own, original)).differing
            if differing:
                yield SheetCopy(title, shape.title, count, differing, title in hidden)
            continue
        for ledger in meta.ledgers:
            count = looks_like_rows_of(ledger, title, rows)
            if count:
                yield SheetCopy(title, names[ledger.code], count, count, title in hidden)
                break


def read_as(copies: Sequence[SheetCopy], choice: SheetChoice | None, file: str) -> ReadAs:
    """Return which sheets are read as which of the form; it says nothing of those with none.

    InputRejectedError when a title that was chosen is none of them.
    """
    if choice is None or not copies:
        return {}
    titles = {copy.title for copy in copies}
    unknown = next((title for title in choice.only if title not in titles), None)
    if unknown is not None:
        known = "、".join(map(str, copies))
        raise reject(f"没有可以选读的工作表“{unknown}”", f"可选的有：{known}", Place(file))
    found: dict[str, list[str]] = {}
    for copy in copies:
        if choice.merge:
            found.setdefault(copy.of, [copy.of]).append(copy.title)
        elif copy.title in choice.only:
            found.setdefault(copy.of, []).append(copy.title)
    return {of: tuple(names) for of, names in found.items()}


class Compared:
    """A copy of a sheet beside its original."""

    def __init__(
        self,
        shape: SheetShape,
        copy: tuple[FoundTable, Rows],
        original: tuple[FoundTable, Rows],
        name: str = "",
    ) -> None:
        """Take both; `name`: title of the original, where it isn't the shape's."""
        self._shape, self._name = shape, name or shape.title
        (self._copy, self._rows), (self._table, rows) = copy, original
        self._by_code: dict[str, Sequence[Cell]] = {}
        self._lines: set[tuple[str, ...]] = set()
        self._titles = [t for t in self._copy.columns if t in self._table.columns]
        for row in rows[self._table.header + 1 :]:
            self._by_code.setdefault(folded_at(row, self._table.columns[shape.key]), row)
            self._lines.add(self._line(row, self._table))

    @property
    def differing(self) -> int:
        """In how many rows the copy says something else in the columns that are read."""
        taken = {self._copy.columns.get(title) for title in self._shape.taken}
        return len(
            {
                where[0]
                for where, text in filled_cells(self._rows)
                if where[0] > self._copy.header and where[1] in taken and self.told(where, text)
            }
        )

    def told(self, where: Where, text: str) -> str:
        """Say how a cell differs from the original's; empty when it doesn't."""
        row, place = self._rows[where[0]], where[1]
        title = next((t for t, at in self._copy.columns.items() if at == place), "")
        if where[0] <= self._copy.header:
            is_header = title and where[0] == self._copy.header
            return "" if is_header else f"副本中另有“{short(text)}”"
        if title in self._titles and self._line(row, self._copy) in self._lines:
            return ""
        code = folded_at(row, self._copy.columns[self._shape.key])
        before = self._by_code.get(code) if code else None
        if before is None or title not in self._titles:
            return f"副本中另有“{short(text)}”"
        stands = read_text(cell_at(before, self._table.columns[title]))
        if fold(stands) == fold(text):
            return ""
        here = f"在“{self._name}”表中{f'是“{short(stands)}”' if stands else '没有填'}"
        return f"“{title}”在副本中是“{short(text)}”，{here}"

    def _line(self, row: Sequence[Cell], table: FoundTable) -> tuple[str, ...]:
        return tuple(folded_at(row, table.columns[title]) for title in self._titles)
