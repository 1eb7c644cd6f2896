"""Attainment, pace and lights (亮灯): the rules by which a figure is judged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fsdesk.domain.periods import MONTHS
from fsdesk.domain.plan.indicators import Indicator, Operator, PaceRule
from fsdesk.domain.status.light import Light

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import Coverage

# Shares such as 0.9 - 0.8 miss their decimal value by some 1e-17; a light must not turn on that.
ROUNDING = 1e-9


def attainment(value: float | None, target: float, operator: Operator) -> float | None:
    """Return how far a figure has come towards its target, 1.0 = reached, not capped.

    For ≥ and =, value ÷ target. For ≤ the target is a ceiling: 1.0 while it is kept, then
    target ÷ value. None without a figure.
    """
    if value is None:
        return None
    if operator is Operator.AT_MOST:
        return 1.0 if value <= target else target / value
    return value / target if target else 1.0


def capped(fraction: float) -> float:
    """Limit an attainment to 1.0, as is done only where a mean is taken."""
    return min(fraction, 1.0)


def pace_of(indicator: Indicator, month: int) -> float:
    """Return what fraction of the target should be reached by a month's end.

    A ceiling (≤) and a constant rate must always hold; a curve is read at the month.

    `month`: 1 to 12; 0 while no month of the year has ended.
    """
    if indicator.operator is Operator.AT_MOST or indicator.pace.rule is PaceRule.CONSTANT:
        return 1.0
    if indicator.pace.rule is PaceRule.CURVE:
        return indicator.pace.curve[month - 1] if month else 0.0
    return month / MONTHS


def judge(
    reached: float | None,
    pace: float,
    rules: Rules,
    *,
    deadline_missed: bool = False,
    coverage: Coverage | None = None,
) -> Light:
    """Give the light for a figure.

    `reached`: attainment or progress as a fraction; None without data.
    `pace`: what should have been reached, as a fraction.
    `rules`: holds the margin within which a figure below pace is yellow.
    `deadline_missed`: a date has passed without the thing being done.
    `coverage`: how much of what it should rest on is known; None where that is all or nothing.

    Returns:
        Red when a deadline is missed; grey without data, or where nothing is done and nothing was
        due; green at or above pace; yellow below it by no more than the margin; else red. What
        rests on too little is grey in place of green or yellow: silence is no success, and does
        not hide what is known to lag either.
    """
    if deadline_missed:
        return Light.RED
    if reached is None or (reached <= 0 and pace <= 0):
        return Light.GREY
    gap = pace - reached
    if gap > rules.yellow_margin + ROUNDING:
        return Light.RED
    if coverage is not None and coverage.share < rules.least_coverage:
        return Light.GREY
    return Light.GREEN if gap <= ROUNDING else Light.YELLOW


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the figures that exist; None when none does."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None
