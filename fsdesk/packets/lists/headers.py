"""Finding the headers of a list, and which column of a ledger each of them names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.ledger.ledger import LedgerColumn
from fsdesk.domain.text import fold
from fsdesk.domain.typed import read_text
from fsdesk.packets.layout import HEADER_WITHIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.packets.lists.opening import ListSheet

# The unit that keeps a row; lists of the office have such a column.
UNIT = "责任单位"
UNIT_COLUMN = LedgerColumn(UNIT, aliases=("填报单位", "报送单位", "单位名称(填报)", "成员单位"))
_BRACKETS = re.compile(r"[(\[【〔（].*?[)\]】〕）]")
_MARKS = "*＊:：、·#★"
_ENDS = frozenset(")]】〕*:#★")


class HeaderCell(Struct, frozen=True):
    """A header of a list.

    Attributes:
        place: Number of its column, from 0.
        title: Column of the ledger that it names; empty when none.
    """

    place: int
    text: str
    title: str = ""


class ListHeader(Struct, frozen=True):
    """The headers of a list.

    Attributes:
        row: Number of their row, from 0.
        doubtful: Titles that several headers name, with those headers.
    """

    row: int
    cells: tuple[HeaderCell, ...]
    doubtful: Mapping[str, tuple[str, ...]]

    @property
    def titles(self) -> frozenset[str]:
        """The columns of the ledger that were found."""
        return frozenset(cell.title for cell in self.cells if cell.title)

    @property
    def signature(self) -> str:
        """What one form of list is told from another by: its headers, whatever their order."""
        return "|".join(sorted(fold(cell.text) for cell in self.cells))


def bare(text: str) -> str:
    """Return a header without marks, remarks in brackets and white space."""
    plain = fold(text).strip(_MARKS)
    return _BRACKETS.sub("", plain).strip(_MARKS) or plain


def find_header(
    sheet: ListSheet,
    ledger: Ledger,
    chosen: Mapping[str, str] | None = None,
    beside: LedgerColumn = UNIT_COLUMN,
) -> ListHeader:
    """Find the row of headers: the one in which most columns of the ledger are named.

    `chosen`: what somebody chose or chose earlier: title by header, empty for “leave out”.
    `beside`: the column that stands beside those of the ledger.

    Returns:
        The headers; where none names a column, those of the row with most texts.
    """
    names = HeaderNames(ledger, chosen or {}, beside)
    best = ListHeader(0, (), {})
    best_rank = (-1, -1)
    for number in range(min(HEADER_WITHIN, len(sheet.rows))):
        texts = _texts(sheet, number)
        header = names.header(number, texts)
        # Where no title is known, the widest row of texts is the best guess to begin with.
        rank = (len(header.titles) + len(header.doubtful), len({t for _, t in texts}))
        if rank > best_rank:
            best, best_rank = header, rank
    return best


def _texts(sheet: ListSheet, number: int) -> list[tuple[int, str]]:
    """Return the headers of a row; one that is merged with cells above stands in all of them."""
    row = list(sheet.rows[number])
    for top, left, bottom, right in sheet.merged:
        if top < number <= bottom and left < len(row) and left == right:
            row[left] = sheet.rows[top][left]
    found = ((place, read_text(cell) if not isinstance(cell, float) else "")
             for place, cell in enumerate(row))  # fmt: skip
    return [(place, " ".join(text.split())) for place, text in found if text.strip()]


class HeaderNames:
    """Which column each header names: by choice, by title, by another name, without remarks."""

    def __init__(
        self, ledger: Ledger, chosen: Mapping[str, str], beside: LedgerColumn = UNIT_COLUMN
    ) -> None:
        """Take what is known: the ledger's titles and aliases, and what somebody chose."""
        self._chosen = {fold(text): title for text, title in chosen.items()}
        columns = [(c.title, c.aliases) for c in ledger.columns]
        if all(title != beside.title for title, _ in columns):
            columns.append((beside.title, beside.aliases))
        exact = {fold(title): title for title, _ in columns}
        other = {fold(alias): title for title, aliases in columns for alias in aliases}
        loose = {bare(name): title for name, title in (other | exact).items()}
        # From the surest to the least sure.
        self._steps = (exact, other, loose)
        self._words = {*self._chosen, *exact, *other, *loose}

    def knows(self, folded: str) -> bool:
        """Tell quickly whether a folded text may be one of the headers."""
        if folded in self._words:
            return True
        return folded[-1:] in _ENDS and bare(folded) in self._words

    def header(self, number: int, texts: Sequence[tuple[int, str]]) -> ListHeader:
        """Return the headers of a row: texts by number of the column."""
        by_title: dict[str, list[tuple[int, int]]] = {}
        for at, (_, text) in enumerate(texts):
            found = self._title(text)
            if found:
                by_title.setdefault(found[1], []).append((found[0], at))
        titles: dict[int, str] = {}
        doubtful: dict[str, tuple[str, ...]] = {}
        for title, ranked in by_title.items():
            surest = min(ranked)[0]
            places = [at for rank, at in ranked if rank == surest]
            if len(places) == 1:
                titles[places[0]] = title
            else:
                doubtful[title] = tuple(texts[at][1] for at in places)
        cells = (HeaderCell(c, text, titles.get(at, "")) for at, (c, text) in enumerate(texts))
        return ListHeader(number, tuple(cells), doubtful)

    def _title(self, text: str) -> tuple[int, str] | None:
        """Return how sure it is (0 most), and the title; None when no column is named."""
        folded = fold(text)
        if folded in self._chosen:
            title = self._chosen[folded]
            return (0, title) if title else None
        for rank, names in enumerate(self._steps, start=1):
            key = bare(text) if rank == len(self._steps) else folded
            if key in names:
                return rank, names[key]
        return None
