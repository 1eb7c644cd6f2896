"""Adding up all units' files a second time, apart from everything that the levels reckon."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import months_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.packets.recount import typed_figures
from fsdesk.services.status import aggregation
from fsdesk.store.ladder import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fsdesk.demo.levels import Matter
    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.figures import Figure
    from fsdesk.workspace import Workspace

Sides = tuple[float | None, float | None, float | None]
_NONE: Sides = (None, None, None)


class Difference(Struct, frozen=True):
    """A figure beside what the files add up to.

    Attributes:
        where: Whose figure of what, in words.
    """

    where: str
    shown: Sides
    summed: Sides

    def __str__(self) -> str:
        """Say both in words."""
        shown, summed = ("/".join(map(str, each)) for each in (self.shown, self.summed))
        return f"{self.where}：程序 {shown}，按文件相加 {summed}"

    @property
    def agrees(self) -> bool:
        """Whether both are the same; what nobody reported is no zero."""
        return all(
            a is b or (a is not None and b is not None and math.isclose(a, b, abs_tol=1e-6))
            for a, b in zip(self.shown, self.summed, strict=True)
        )


class Recount:
    """What the units typed, as it stands in their files: by district, unit, month and matter."""

    def __init__(self, matters: tuple[Matter, ...], plans: tuple[Plan, Plan, Plan]) -> None:
        self._matters = matters
        low, self._mid, self._top = plans
        self._place = {indicator.code: n for n, indicator in enumerate(low.indicators)}
        self._typed: dict[tuple[str, str], dict[Period, dict[int, Sides]]] = defaultdict(dict)

    def add(self, whose: tuple[str, str], month: Period, file: Path) -> None:
        """Read a unit's file; one of the same month replaces what was read before.

        `whose`: code of the district, code of the unit.
        """
        self._typed[whose][month] = {
            self._place[code]: sides for code, sides in typed_figures(file) if code in self._place
        }

    def of_city(self, city: Workspace, month: Period) -> Iterator[Difference]:
        """Yield every figure of the city beside what the files say."""
        yield from self._of_office(city, month, self._mid, {})

    def of_province(self, province: Workspace, month: Period, city: str) -> Iterator[Difference]:
        """Yield every figure of the province, and all that is kept of units below the city."""
        yield from self._of_office(province, month, self._top, {city: ()})
        for number, indicator in enumerate(self._top.indicators):
            for one in months_of(month.year)[: month.last_month]:
                with province.reading() as session:
                    sheet = parts.find(session, city, str(one))
                if sheet is None:
                    continue
                for part in sheet.by_indicator.get(indicator.code, ()):
                    path = part.path
                    amount = part.amount
                    shown = (amount.value, amount.numerator, amount.denominator)
                    units = [w for w in self._typed if w[: len(path)] == path]
                    summed = self._sum(units, number, [one])
                    yield Difference(f"省 {indicator.name} {one} {'/'.join(path)}", shown, summed)

    def _of_office(
        self, office: Workspace, month: Period, plan: Plan, all_of: dict[str, tuple[str, ...]]
    ) -> Iterator[Difference]:
        """`all_of`: by code of a unit that all districts stand under, nothing more of them."""
        for one in months_of(month.year)[: month.last_month]:
            year = aggregation.status(office, one)
            months = months_of(month.year)[: one.last_month]
            for number, result in enumerate(year.indicators):
                where = f"{plan.issuer} {result.indicator.name} {one}"
                everybody = self._sum(self._typed, number, months)
                yield Difference(where, _sides(result.figure), everybody)
                for part in result.by_unit:
                    path = all_of.get(part.unit, (part.unit,))
                    units = [w for w in self._typed if w[: len(path)] == path]
                    summed = self._sum(units, number, months)
                    yield Difference(f"{where} {part.unit}", _sides(part.figure), summed)

    def _sum(
        self, units: Iterable[tuple[str, str]], number: int, months: Iterable[Period]
    ) -> Sides:
        matter, found, wanted = self._matters[number], list[Sides](), tuple(months)
        for unit in units:
            held = self._typed[unit]
            if matter.aggregation is Aggregation.LEVEL:
                ended = [m for m in held if m.last_month <= wanted[-1].last_month]
                counting = sorted(ended, key=lambda month: month.last_month)[-1:]
            else:
                counting = [month for month in wanted if month in held]
            found += [held[month].get(number, _NONE) for month in counting]
        value, above, below = map(_added, zip(*found, strict=True)) if found else _NONE
        if matter.kind is IndicatorKind.RATIO:
            return None, above, below
        return value, None, None


def _sides(figure: Figure) -> Sides:
    if figure.numerator is not None or figure.denominator is not None:
        return None, figure.numerator, figure.denominator
    return figure.value, None, None


def _added(column: Iterable[float | None]) -> float | None:
    known = [each for each in column if each is not None]
    return math.fsum(known) if known else None
