"""How often recurring work was done in each of its cycles: the months, quarters or the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.periods import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Deliverable


def cycle_of(item: Deliverable, period: Period) -> int:
    """Return the number of the cycle that a period ends in; the year's first is 0."""
    return (period.last_month - 1) // item.cycle.months


def times_done(item: Deliverable, done: Iterable[Period]) -> Mapping[int, float]:
    """Return by cycle how often something was done there, in none more often than it is asked.

    A month with 已完成 is one time, or its part of the times where a cycle asks for more than it
    has months; a quarter with 已完成 is all that was asked for in it.

    `done`: the periods of one year that say 已完成.
    """
    yearly = item.cycle.months == MONTHS
    times: dict[int, float] = {}
    for period in done:
        whole = period.length > 1 and not yearly
        step = float(item.times) if whole else max(1.0, item.times / item.cycle.months)
        for month in period.months if not yearly else period.months[-1:]:
            cycle = cycle_of(item, month)
            times[cycle] = min(times.get(cycle, 0.0) + step, float(item.times))
    return times
