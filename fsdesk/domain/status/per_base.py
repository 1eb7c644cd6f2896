"""Units of different size side by side: what each has reached per thousand of a base (基数)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.plan.indicators import IndicatorKind

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.status.results import IndicatorResult, UnitFigure

PER = 1000.0


class PerBase(Struct, frozen=True):
    """A unit's count of one indicator by one base.

    Attributes:
        base: None where nobody has said it; then there is no rate and no rank, and no zero.
        rate: Count ÷ base × 1000.
        rank: Among the units that have a rate, 1 the highest; equal rates share a rank.
    """

    base: float | None
    rate: float | None
    rank: int | None = None


def comparable(result: IndicatorResult) -> bool:
    """Tell whether an indicator is compared: a count is; a rate of its own is as it stands."""
    return result.indicator.kind is not IndicatorKind.RATIO


def count_of(part: UnitFigure) -> float | None:
    """Return what a unit has counted: of a derived indicator what is above the line."""
    figure = part.figure
    return figure.value if figure.numerator is None else figure.numerator


def per_base(plan: Plan, result: IndicatorResult, constant: str) -> dict[str, PerBase]:
    """Compare the units of an indicator by a plan constant; by their codes, in their order."""
    found: dict[str, PerBase] = {}
    for part in result.by_unit:
        unit = plan.directory.by_code.get(part.unit)
        base, count = unit.base(constant) if unit else None, count_of(part)
        rate = count / base * PER if base and count is not None else None
        found[part.unit] = PerBase(base, rate)
    rates = sorted((each.rate for each in found.values() if each.rate is not None), reverse=True)
    return {
        unit: PerBase(
            each.base, each.rate, None if each.rate is None else rates.index(each.rate) + 1
        )
        for unit, each in found.items()
    }


def lacking(plan: Plan, constant: str, units: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the units of which nobody has said how much of a constant they have."""
    known = plan.directory.by_code
    return tuple(
        plan.unit_name(code)
        for code in units
        if code not in known or known[code].base(constant) is None
    )
