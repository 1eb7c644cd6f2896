"""How far a deliverable (事项) is, and how far it should be, by its kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import MONTHS
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.records.cycles import times_done
from fsdesk.domain.records.figures import NO_MARKS, Marks
from fsdesk.domain.records.records import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Deliverable


class PeriodStatus(Struct, frozen=True):
    """The state of a deliverable with the period for which it was said."""

    period: Period
    status: Status
    marks: Marks = NO_MARKS


def progress_of(item: Deliverable, said: Sequence[PeriodStatus], ended: int) -> float:
    """Return how far a unit is with a deliverable at a period's end, 0 to 1.

    Standing work that is under way is as far as the year is, by the months that have ended. What
    recurs is as far as the share of its times in the year that are done; of once, half while
    under way.

    `said`: what the unit said up to the period, in order; at least one.
    `ended`: how many months up to the period have ended.
    """
    latest = said[-1].status
    if item.kind is DeliverableKind.ONCE:
        return latest.progress
    if item.kind is DeliverableKind.STANDING:
        return 0.0 if latest is Status.NOT_STARTED else ended / MONTHS
    done = (one.period for one in said if one.status is Status.DONE)
    return sum(times_done(item, done).values()) / _times_in_year(item)


def marks_of(item: Deliverable, said: Sequence[PeriodStatus]) -> Marks:
    """Return what must be said of the data from which it is told how far a unit is.

    What recurs is made of all that was said, anything else of the last alone.
    """
    if item.kind is not DeliverableKind.RECURRING:
        return said[-1].marks
    return NO_MARKS.union(*(each.marks for each in said))


def pace_of_deliverable(
    item: Deliverable, period: Period, ended: int, progress: float | None
) -> float:
    """Return how far a deliverable should be at a period's end, 0 to 1.

    By a date: evenly up to the date's month. Recurring: the cycles that have ended. Standing: the
    part of the year that has ended. What has no date is not judged by the calendar: it is where
    it is.

    `ended`: how many months up to the period have ended.
    """
    if item.kind is DeliverableKind.STANDING:
        return ended / MONTHS
    if item.kind is DeliverableKind.RECURRING:
        if item.cycle.months == MONTHS:
            return math.floor(item.times * ended / MONTHS) / item.times
        return item.times * (ended // item.cycle.months) / _times_in_year(item)
    if item.due is None:
        return progress or 0.0
    months = (item.due.year - period.year) * MONTHS + item.due.month
    return min(ended / months, 1.0) if months > 0 else 1.0


def _times_in_year(item: Deliverable) -> int:
    return item.times * MONTHS // item.cycle.months
