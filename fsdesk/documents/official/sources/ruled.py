"""Tables on pages that are nothing but lines and characters: the lines are the borders of cells."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.sources.source import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.documents.official.sources.pages import Glyph

# Parts of a character's height: how far lines that meet may stand apart, and what is a short line.
_MEET, _SHORT = 0.3, 1.0
_MOST_RULES = 20_000
_LEAST = 3


class Rule(Struct, frozen=True):
    """A line that is drawn on a page: along the x axis or along the y axis.

    Attributes:
        at: Where it lies on the other axis.
    """

    along_x: bool
    at: float
    start: float
    end: float


class RuledTable(Struct):
    """A table's borders, and to which cell each field of its grid belongs.

    Attributes:
        owner: By row and column: the field in the upper left corner of the cell.
    """

    xs: list[float]
    ys: list[float]
    owner: dict[tuple[int, int], tuple[int, int]] = field(
        default_factory=dict["tuple[int, int]", "tuple[int, int]"]
    )

    def field_of(self, glyph: Glyph) -> tuple[int, int] | None:
        """Return the row and column in which a character stands; None outside of the table."""
        column = _between(self.xs, (glyph.left + glyph.right) / 2)
        row = _between(self.ys, glyph.middle)
        return None if row is None or column is None else self.owner[row, column]


def ruled_tables(rules: Sequence[Rule], glyphs: Sequence[Glyph]) -> list[RuledTable]:
    """Find the tables of a page, from top to bottom."""
    if not glyphs or len(rules) > _MOST_RULES:
        return []
    near = _MEET * median(glyph.height for glyph in glyphs)
    long = [rule for rule in rules if rule.end - rule.start > near * 2]
    tables = [_table(group, near) for group in _groups(long, near)]
    return sorted((table for table in tables if table), key=lambda table: table.ys[0])


def _groups(rules: Sequence[Rule], near: float) -> Iterable[list[Rule]]:
    """Put lines together that cross or meet each other."""
    leader = list(range(len(rules)))

    def of(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    across = [at for at, rule in enumerate(rules) if rule.along_x]
    down = [at for at, rule in enumerate(rules) if not rule.along_x]
    for one in across:
        for other in down:
            if _meet(rules[one], rules[other], near):
                leader[of(one)] = of(other)
    found: dict[int, list[Rule]] = defaultdict(list)
    for at, rule in enumerate(rules):
        found[of(at)].append(rule)
    return found.values()


def _meet(across: Rule, down: Rule, near: float) -> bool:
    return (
        across.start - near <= down.at <= across.end + near
        and down.start - near <= across.at <= down.end + near
    )


def _table(rules: Sequence[Rule], near: float) -> RuledTable | None:
    down = [rule for rule in rules if not rule.along_x]
    across = [rule for rule in rules if rule.along_x]
    xs, ys = _places(down, near), _places(across, near)
    if len(xs) < _LEAST or len(ys) < _LEAST:
        return None
    found = RuledTable(xs, ys)
    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            if column and not _drawn(down, left, (top + bottom) / 2, near):
                found.owner[row, column] = found.owner[row, column - 1]
            elif row and not _drawn(across, top, (left + right) / 2, near):
                found.owner[row, column] = found.owner[row - 1, column]
            else:
                found.owner[row, column] = (row, column)
    return found


def _places(rules: Sequence[Rule], near: float) -> list[float]:
    """Return where lines lie, those that lie together once."""
    found: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not found or at - found[-1] > near * 2:
            found.append(at)
    return found


def _drawn(rules: Sequence[Rule], at: float, middle: float, near: float) -> bool:
    """Tell whether a line is drawn at a place, over the middle of a cell's side."""
    return any(
        abs(rule.at - at) <= near * 2 and rule.start - near <= middle <= rule.end + near
        for rule in rules
    )


def _between(bounds: Sequence[float], place: float) -> int | None:
    found = (at for at, (low, high) in enumerate(pairwise(bounds)) if low <= place < high)
    return next(found, None)


def parts_of(lines: Sequence[tuple[str, float]], right: float, size: float) -> list[str]:
    """Join the lines of a cell that its border broke; a line that had room ended by itself.

    `lines`: each with where it ends.
    `right`: where the cell ends.
    """
    parts: list[str] = []
    broken = False
    for text, end in lines:
        if broken:
            parts[-1] += LINE_BREAK + text
        else:
            parts.append(text)
        broken = right - end < size * (_SHORT + 1)
    return parts
