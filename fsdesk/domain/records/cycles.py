"""How often recurring work was done within its cycles: its months, quarters or the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Deliverable


def done_in_cycle(item: Deliverable, done: Iterable[Period], period: Period) -> float:
    """Return how often an item was done in the cycle that a period ends in, as often as asked.

    A period that says 已完成 counts once, or as often as the item is due in the months that the
    period shares with the cycle: of four times a quarter, a month that was done holds 4 ÷ 3.

    `done`: the periods that say so.
    """
    length = item.cycle.months
    last = -(-period.last_month // length) * length
    times = 0.0
    for each in done:
        shared = sum(last - length < month.last_month <= last for month in each.months)
        if shared and each.year == period.year:
            times += max(1.0, item.times * shared / length)
    return min(times, float(item.times))
