"""分单位: what each unit below contributes to a figure that climbs to the level above.

The same form holds at every height: a part names its unit by the way down to it, one step for a
unit of the sender, more for a unit of a unit. Nothing here knows of what a plan is about.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.plain import canonical, from_plain, to_plain
from fsdesk.domain.plan.indicators import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Path = tuple[str, ...]  # codes of units, from the one just below the sender to whose the part is
_NEAR = 1e-6  # what sums of figures may differ by, that were typed with up to four decimals


class Amount(Struct, frozen=True):
    """A figure of one period, before any ratio is taken: what may be added up.

    Attributes:
        value: For counts; numerator and denominator: for ratios.
    """

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None

    @property
    def empty(self) -> bool:
        """Whether it holds no number: not reported, or 无此项."""
        return self.value is None and self.numerator is None and self.denominator is None

    def near(self, other: Amount) -> bool:
        """Tell whether two amounts are the same but for rounding; nothing is not zero."""
        pairs = zip(self._sides, other._sides, strict=True)
        return all(a is b or (a is not None and b is not None and _close(a, b)) for a, b in pairs)

    @property
    def _sides(self) -> tuple[float | None, float | None, float | None]:
        return self.value, self.numerator, self.denominator

    def text(self, measure_unit: str = "") -> str:
        """Write it as people read it, e.g. ``12 ÷ 15`` or ``30批次``; ``未填`` for nothing."""
        if self.numerator is not None or self.denominator is not None:
            sides = (self.numerator, self.denominator)
            return " ÷ ".join("未填" if side is None else number_text(side) for side in sides)
        return "未填" if self.value is None else f"{number_text(self.value)}{measure_unit}"


NO_AMOUNT = Amount()


def added(amounts: Iterable[Amount]) -> Amount:
    """Add amounts side by side; where nothing is known the sum is nothing, not zero."""
    amounts = list(amounts)
    return Amount(
        _sum(each.value for each in amounts),
        _sum(each.numerator for each in amounts),
        _sum(each.denominator for each in amounts),
    )


def _sum(numbers: Iterable[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return math.fsum(known) if known else None  # rounds once, so that no order shows in it


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_NEAR * _NEAR, abs_tol=_NEAR)


class UnitPart(Struct, frozen=True):
    """What one unit below contributes to one indicator in one period.

    Attributes:
        path: Whose it is: see `Path`.
        indicator: Code in the plan of the level that it is reported to.
        amount: Of the period alone where figures add up over periods; the latest up to the period
            where the latest counts.
        known: How many of the reports that it should rest on are there; `expected`: of how many.
            A unit that has reported has 1 of 1, and no amount where it said 无此项.
        origin: Where it comes from, in words, e.g. 已接收报送, 台账, 本办填报, 截至2月.
    """

    path: Path
    indicator: str
    amount: Amount
    known: int
    expected: int
    origin: str = ""

    @property
    def reported(self) -> bool:
        """Whether anything was reported; what was not is never zero."""
        return self.known > 0


class PartRow(Struct, frozen=True):
    """A ledger row under a part, without the columns that say who a citizen is.

    Attributes:
        ledger: Title of the ledger at the level where the row was kept.
        cells: Title of the column and what stands there, as text.
    """

    path: Path
    indicator: str
    ledger: str
    cells: tuple[tuple[str, str], ...]


class PartSheet(Struct, frozen=True, dict=True):
    """The sheet indicator × unit of one report.

    Attributes:
        period: In its text form; as in the report.
        made_at: When it was put together, ISO text in UTC.
        names: What each unit on a way is called.
        parts: By indicator and unit, in the order of the plans; those of a unit before those of
            units under it.
        rows: What was chosen to carry of ledgers.
        source: Whose aggregate it is, in words, with as of when.
    """

    period: str
    made_at: str
    names: tuple[tuple[Path, str], ...] = ()
    parts: tuple[UnitPart, ...] = ()
    rows: tuple[PartRow, ...] = ()
    source: str = ""

    @cached_property
    def name_of(self) -> Mapping[Path, str]:
        """The names by way."""
        return dict(self.names)

    @cached_property
    def by_indicator(self) -> Mapping[str, tuple[UnitPart, ...]]:
        """The parts by indicator."""
        found: dict[str, list[UnitPart]] = defaultdict(list)
        for part in self.parts:
            found[part.indicator].append(part)
        return {code: tuple(parts) for code, parts in found.items()}

    @property
    def depth(self) -> int:
        """How many levels below the sender it reaches."""
        return max((len(part.path) for part in self.parts), default=0)

    def under(self, indicator: str, path: Path = ()) -> tuple[UnitPart, ...]:
        """Return the parts just below a unit of an indicator; of the sender without a path."""
        depth = len(path) + 1
        return tuple(
            part
            for part in self.by_indicator.get(indicator, ())
            if len(part.path) == depth and part.path[:-1] == path
        )

    def total(self, indicator: str, path: Path = ()) -> Amount:
        """Return what the parts just below a unit add up to."""
        return added(part.amount for part in self.under(indicator, path))

    def coverage(self, indicator: str, path: Path = ()) -> tuple[int, int]:
        """Return how many of the parts just below a unit are known, and of how many."""
        found = self.under(indicator, path)
        return sum(part.reported for part in found), len(found)


class PartGap(Struct, frozen=True):
    """A figure that is not what its parts add up to.

    Attributes:
        path: Whose figure; empty for the sender's own.
        stated: The figure.
        summed: What the parts just below it add up to.
    """

    indicator: str
    path: Path
    stated: Amount
    summed: Amount


def gaps(sheet: PartSheet, stated: Mapping[str, Amount]) -> tuple[PartGap, ...]:
    """Return where a sheet's sums are not the figures over them, at every level.

    `stated`: the sender's own figures of the period by indicator.
    """
    found: list[PartGap] = []
    for indicator in sheet.by_indicator:
        over: dict[Path, Amount] = {(): stated.get(indicator, NO_AMOUNT)}
        over |= {part.path: part.amount for part in sheet.by_indicator[indicator]}
        for path, amount in over.items():
            if path and not sheet.under(indicator, path):
                continue  # nothing was carried from below it
            summed = sheet.total(indicator, path)
            if not amount.near(summed):
                found.append(PartGap(indicator, path, amount, summed))
    return tuple(found)


def parts_text(sheet: PartSheet) -> str:
    """Return the figures of a sheet as the text that travels and is stored; rows go apart."""
    units = sorted({part.path for part in sheet.parts} | set(sheet.name_of))
    place = {path: number for number, path in enumerate(units)}
    codes = list(dict.fromkeys(part.indicator for part in sheet.parts))
    origins = list(dict.fromkeys(part.origin for part in sheet.parts))
    lines = [
        [
            place[part.path],
            codes.index(part.indicator),
            part.amount.value,
            part.amount.numerator,
            part.amount.denominator,
            part.known,
            part.expected,
            origins.index(part.origin),
        ]
        for part in sheet.parts
    ]
    plain = {
        "period": sheet.period,
        "made_at": sheet.made_at,
        "source": sheet.source,
        "units": [[list(path), sheet.name_of.get(path, path[-1])] for path in units],
        "indicators": codes,
        "origins": origins,
        "parts": lines,
    }
    return canonical(plain)


class _Plain(Struct, frozen=True):
    period: str
    made_at: str
    source: str
    units: list[tuple[tuple[str, ...], str]]
    indicators: list[str]
    origins: list[str]
    parts: list[tuple[int, int, float | None, float | None, float | None, int, int, int]]


def parts_of_text(plain: object) -> PartSheet:
    """Rebuild a sheet from its `parts_text` as JSON; ValueError or IndexError for anything else."""
    told = from_plain(_Plain, plain)
    parts = tuple(
        UnitPart(
            told.units[unit][0],
            told.indicators[code],
            Amount(_finite(value), _finite(above), _finite(below)),
            known,
            expected,
            told.origins[origin],
        )
        for unit, code, value, above, below, known, expected, origin in told.parts
    )
    keys = {(part.path, part.indicator) for part in parts}
    if len(keys) < len(parts) or any(_is_wrong(part) for part in parts):
        raise ValueError(told.period)
    return PartSheet(told.period, told.made_at, tuple(told.units), parts, source=told.source)


def _is_wrong(part: UnitPart) -> bool:
    return not part.path or not 0 <= part.known <= part.expected


def _finite(number: float | None) -> float | None:
    if number is not None and not math.isfinite(number):
        raise ValueError(str(number))
    return number


def rows_plain(rows: Iterable[PartRow]) -> object:
    """Return ledger rows as what JSON holds."""
    return to_plain(list(rows))


def rows_of_plain(plain: object) -> tuple[PartRow, ...]:
    """Rebuild ledger rows; ValueError for anything else."""
    return tuple(from_plain(list[PartRow], plain))


def sheet_digest(sheet: PartSheet) -> str:
    """Return the SHA-256 of what a sheet says, apart from when it was put together."""
    said = [parts_text(replace(sheet, made_at="")), canonical(rows_plain(sheet.rows))]
    return hashlib.sha256(canonical(said).encode()).hexdigest()
