"""Who answers for an item month by month, and to whom the work of those who left has passed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import months_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Plan


class Holders(Struct, frozen=True, dict=True):
    """Who answers for one item through a year, and who carries on (接续) when somebody leaves.

    Attributes:
        plan: The year's plan with all that it was.
        by_month: The codes of the units that answer in each of the twelve months.
    """

    plan: Plan
    by_month: tuple[tuple[str, ...], ...]

    @cached_property
    def _sets(self) -> tuple[frozenset[str], ...]:
        known = {id(holders): frozenset(holders) for holders in self.by_month}
        return tuple(known[id(holders)] for holders in self.by_month)

    @cached_property
    def changes(self) -> bool:
        """Whether anybody came or left during the year."""
        return any(holders != self.by_month[0] for holders in self.by_month)

    def at(self, period: Period) -> tuple[str, ...]:
        """Return who answers at a period's end."""
        return self.by_month[period.last_month - 1]

    def answers(self, unit: str, period: Period) -> bool:
        """Tell whether a unit answers at a period's end."""
        return unit in self._sets[period.last_month - 1]

    def last_month(self, unit: str, period: Period) -> int:
        """Return the last month up to a period in which a unit answered; 0 when it never did."""
        months = range(period.last_month, 0, -1)
        return next((month for month in months if unit in self._sets[month - 1]), 0)

    def heirs(self, period: Period) -> Mapping[str, str]:
        """Return who carries on for each unit that left up to a period; empty where nobody does.

        It is the unit that it was merged into; else the one unit that came when it left.
        """
        if not self.changes:
            return {}
        there = self._sets[period.last_month - 1]
        gone = dict.fromkeys(
            unit
            for holders in dict.fromkeys(self.by_month[: period.last_month])
            for unit in holders
            if unit not in there
        )
        return {unit: self._heir(unit, period) for unit in gone}

    def _heir(self, unit: str, period: Period) -> str:
        directory = self.plan.at(period).directory
        seen, into = {unit}, unit
        while into in directory.by_code and directory.by_code[into].successor:
            into = directory.by_code[into].successor
            if into in seen:
                break
            seen.add(into)
        if into != unit and self.answers(into, period):
            return into
        before = self._sets[self.last_month(unit, period) - 1]
        came = [each for each in self.at(period) if each not in before]
        return came[0] if len(came) == 1 else ""


def holders_through(plan: Plan, holders_in: Callable[[Plan], tuple[str, ...]]) -> Holders:
    """Find out who answers for an item in each month.

    `holders_in`: who does by one state of the plan; nobody where it knows no such item.
    """
    states = [plan.at(month) for month in months_of(plan.year)]
    found = {id(state): holders_in(state) for state in states}
    return Holders(plan, tuple(found[id(state)] for state in states))


def reporters_in(plan: Plan, indicator: str) -> tuple[str, ...]:
    """Return who reports an indicator by one state of the plan."""
    known = plan.indicators_by_code.get(indicator)
    return plan.reporters(known) if known else ()


def task_units_in(plan: Plan, item: str) -> tuple[str, ...]:
    """Return who answers for a deliverable by one state of the plan."""
    task = plan.task_of.get(item)
    return tuple(plan.roles(task.code)) if task else ()
