"""Codes of the plan's items: given once, never used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from fsdesk.domain.plan.plan import Plan


class FreshCodes:
    """Gives codes that were never used.

    `taken`: further codes that must not be given, such as those of retired items.
    """

    def __init__(self, plan: Plan, taken: Collection[str] = ()) -> None:
        self._taken = {
            *plan.tasks_by_code,
            *plan.indicators_by_code,
            *plan.deliverables_by_code,
            *plan.directory.by_code,
            *plan.directory.groups_by_code,
            *taken,
        }

    def task(self, point: int) -> str:
        """Return a code for a new task of a point, such as ``T04-7``."""
        return self.next(f"T{point:02}")

    def indicator(self, task: str) -> str:
        """Return a code for a new indicator of a task, such as ``I04-9``."""
        return self.next(f"I{task[1:].partition('-')[0]}")

    def deliverable(self, task: str) -> str:
        """Return a code for a new deliverable of a task, such as ``D04-1-3``."""
        return self.next(f"D{task[1:]}")

    def next(self, stem: str) -> str:
        """Return the stem with the first number that is free."""
        count = 1
        while f"{stem}-{count}" in self._taken:
            count += 1
        self._taken.add(f"{stem}-{count}")
        return f"{stem}-{count}"
