"""How wide a table's columns are: what can't be broken takes what it needs, text takes the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.output.pages import Align
from fsdesk.reports.paper.fonts import drawable, text_width
from fsdesk.reports.paper.line_breaking import unbroken_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.reports.paper.table import Table

# Numbers, dates, codes and keys are shorter; what is longer, such as an address of a web page, may
# be cut. In widths of a Chinese character:
_LONGEST_WHOLE = 14.0
# Fewer characters a line make a text hard to read.
_READABLE = 4.0


class _Need(Struct, frozen=True):
    """What a column needs, in widths of a Chinese character.

    Attributes:
        least: Below this something would be cut that must stay whole.
        readable: From here on it reads well.
        all: So wide is its longest line.
        bulk: How much text a row has in it, the longer ones counting more: columns that share by
            it are about equally tall.
    """

    least: float
    readable: float
    all: float
    bulk: float


def column_widths(
    table: Table, width: float, padding: float, sizes: Sequence[float]
) -> tuple[float, tuple[float, ...]] | None:
    """Share a width in points among the columns, at the largest size of letters that has room.

    Every column gets at least what keeps its numbers, dates and codes whole; what is left goes to
    the texts by their length, and then to all by weight. `padding` is what a cell leaves free at
    both sides together, `sizes` go from the largest to the smallest.

    Return the size and the widths; None where something would have to be cut even at the smallest.
    """
    needs = [_need(table, index) for index in range(len(table.columns))]
    room = width - padding * len(needs)
    size = next((size for size in sizes if _sum(n.readable for n in needs) * size <= room), None)
    least = [need.readable for need in needs]
    if size is None:
        size, least = sizes[-1], [need.least for need in needs]
        if _sum(least) * size > room:
            return None
    shares = _shared(least, needs, [column.weight for column in table.columns], room / size)
    return size, tuple(share * size + padding for share in shares)


def _sum(widths: Iterable[float]) -> float:
    """Add widths up, so that a rounding error in the last place doesn't decide."""
    return round(sum(widths), 6)


def _need(table: Table, index: int) -> _Need:
    column = table.columns[index]
    texts = {row[index].text for row in table.rows}
    lines = {line for text in texts for line in drawable(text).split("\n")}
    longest = max(map(_ems, lines), default=0.0)
    whole = max(map(_whole, (*lines, column.title)), default=0.0)
    stays = column.align is not Align.LEFT and longest <= _LONGEST_WHOLE
    least = max(whole, longest) if stays else whole
    title = min(_ems(column.title), 2.0)
    readable = max(least, title, min(longest, _READABLE))
    return _Need(least, readable, max(readable, longest), _bulk(table, index))


def _bulk(table: Table, index: int) -> float:
    """Return the mean length of a column's texts, each weighted by its length; 1 at least.

    A merged text has the height of all its rows.
    """
    begun = [n for n in range(len(table.rows)) if not table.same_above(n, index)]
    lengths = [len(table.rows[n][index].text) for n in begun]
    if not sum(lengths):
        return 1.0
    mean = sum(length * length for length in lengths) / sum(lengths)
    return max(mean * len(begun) / len(table.rows), 1.0)


def _whole(line: str) -> float:
    """Return the width of the widest part of a line that must not be cut."""
    parts = (_ems(part) for part in unbroken_parts(line))
    return max((part for part in parts if part <= _LONGEST_WHOLE), default=0.0)


def _ems(text: str) -> float:
    return text_width(text, 1.0)


def _shared(
    least: Sequence[float], needs: Sequence[_Need], weights: Sequence[float], room: float
) -> list[float]:
    """Fill columns up from the least that they need, and give all what is left, by weight."""
    shares = list(least)
    rest = room - sum(shares)
    # Whoever lacks least for its text is full first, and the others share what it leaves.
    lacking = {n: (need.all - shares[n]) / need.bulk for n, need in enumerate(needs)}
    wanting = sorted((n for n in lacking if lacking[n] > 0), key=lacking.__getitem__)
    for place, n in enumerate(wanting):
        level = min(lacking[n], rest / sum(needs[other].bulk for other in wanting[place:]))
        shares[n] += level * needs[n].bulk
        rest -= level * needs[n].bulk
    each = max(rest, 0.0) / sum(weights)
    return [share + each * weight for share, weight in zip(shares, weights, strict=True)]
