"""What stands in a plan's workbook and isn't in the plan that was read from it.

The plan is written as sheets again: what somebody wrote and doesn't come back was not taken, for
whatever reason. A blank cell that the program fills claims nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, PaceRule
from fsdesk.domain.plan.plan import Cycle, DeliverableKind, Role
from fsdesk.domain.plan.sheets import (
    CODES,
    FORMER,
    FORMER_WORDS,
    HEADERS,
    LINES,
    plan_to_sheets,
)
from fsdesk.domain.plan.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fsdesk.domain.plan.plan import Plan

# So many rows are looked at to find the one that is meant, those first that share a rare text.
_MOST_LOOKED_AT = 2000
# Words that are read as another one.
_READ_AS = FORMER_WORDS | {
    word.value: word.label
    for words in (Role, IndicatorKind, Aggregation, PaceRule, UnitKind, DeliverableKind, Cycle)
    for word in words
}


class Unread(Struct, frozen=True):
    """Something that wasn't taken.

    Attributes:
        row: Counted from 0; the first one for a whole sheet.
        column: Counted from 0.
        text: What stands there.
        read: What was read in its place; empty when nothing was.
    """

    sheet: str
    row: int
    column: int
    text: str
    read: str = ""


def unread(sheets: Mapping[str, Sequence[Sequence[str]]], plan: Plan) -> Iterator[Unread]:
    """Yield what a plan's own sheets hold and the plan doesn't, in their order.

    `sheets`: texts by sheet, those that `plan_from_sheets` made the plan of.
    """
    for title, rows in plan_to_sheets(plan).items():
        if title != FORMER:  # the program's own
            again = [[_text(value) for value in row] for row in rows[1:]]
            yield from _of_sheet(title, sheets[title], again)


def _of_sheet(
    title: str, rows: Sequence[Sequence[str]], again: Sequence[Sequence[str]]
) -> Iterator[Unread]:
    header = [text.strip() for text in rows[0]]
    columns = {header.index(name): at for at, name in enumerate(HEADERS[title]) if name in header}
    left = _Left(again)
    for number, row in enumerate(rows[1:], start=1):
        filled = {at: text for at, text in enumerate(row) if text.strip()}
        known = {columns[at]: text for at, text in filled.items() if at in columns}
        read = left.take(known)
        for at, text in filled.items():
            if at not in columns or read is None:
                yield Unread(title, number, at, text)
            elif not _same(text, read[columns[at]]):
                yield Unread(title, number, at, text, read[columns[at]])


class _Left:
    """The rows of the plan that no row of the workbook was found for yet."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self._rows = rows
        self._open = set(range(len(rows)))
        self._whole: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._holding: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            self._whole[tuple(row)].append(place)
            for at, text in enumerate(row):
                if text:
                    self._holding[at, text].append(place)

    def take(self, known: Mapping[int, str]) -> Sequence[str] | None:
        """Return the row with the most of these texts; None when there is none."""
        width = len(self._rows[0]) if self._rows else 0
        places = self._whole.get(tuple(known.get(at, "").strip() for at in range(width)), ())
        found = next((place for place in places if place in self._open), None)
        if found is None:
            votes = self._votes(known)
            found = max(votes, key=lambda place: (votes[place], -place), default=None)
        if found is None:
            return None
        self._open.discard(found)
        return self._rows[found]

    def _votes(self, known: Mapping[int, str]) -> Counter[int]:
        """Count, by row, how many of these texts it has."""
        votes: Counter[int] = Counter()
        sharing = (self._holding.get((at, text.strip()), []) for at, text in known.items())
        looked_at = 0
        for places in sorted(sharing, key=len):
            looked_at += len(places)
            if votes and looked_at > _MOST_LOOKED_AT:
                break
            votes.update(place for place in places if place in self._open)
        return votes


def _same(written: str, read: str) -> bool:
    written = _READ_AS.get(written.strip(), written.strip())
    if written == read or _number(written) == _number(read) is not None:
        return True
    for mark in (CODES, LINES):
        parts = [part for part in written.split(mark) if part]
        others = [part for part in read.split(mark) if part]
        if len(parts) == len(others) > 1 and all(map(_same, parts, others)):
            return True
    return False


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _text(value: str | float) -> str:
    if isinstance(value, str):
        return value.strip()
    return repr(int(value)) if value == int(value) else repr(value)
