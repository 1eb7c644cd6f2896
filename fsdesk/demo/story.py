"""What the units of the demo year achieve: believable, and the same at every run."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import MONTHS, QUARTER_MONTHS, Period
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, PaceRule
from fsdesk.domain.plan.plan import Cycle, DeliverableKind, Role
from fsdesk.domain.records.figures import PER_CENT, divisor_of
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan.plan import Deliverable, Plan, Task

# How much of what is asked a unit reaches by the end of the year; others lie around 1.
_SLOW = 0.55
# A slow unit begins this many months after others.
_LATE = 5
# What a stock that grows over the year has at its beginning, of what it has at the end.
_AT_FIRST = 0.6


class Story(Struct, frozen=True):
    """The year of one unit, which may be slow all year."""

    plan: Plan
    unit: str
    slow: bool

    def entries(self, month: Period) -> tuple[tuple[RecordKey, Content], ...]:
        """Return what the unit records for a month."""
        tasks = self.plan.tasks_for(self.unit)
        turn = tasks[month.last_month % len(tasks)]
        return tuple(
            (RecordKey(kind, item, self.unit, str(month)), content)
            for task in tasks
            for kind, item, content in self._task(task, month, told=task is turn)
        )

    def _task(
        self, task: Task, month: Period, *, told: bool
    ) -> Iterable[tuple[RecordKind, str, Content]]:
        for indicator in task.indicators:
            if indicator.typed and self.unit in self.plan.reporters(indicator):
                yield RecordKind.VALUE, indicator.code, self._value(indicator, month)
        for item in task.deliverables:
            milestone = self._milestone(item, month)
            if milestone is not None:
                told = True
                yield RecordKind.MILESTONE, item.code, milestone
        leads = self.plan.roles(task.code)[self.unit] in (Role.SOLE, Role.LEAD)
        if told or leads or month.last_month % QUARTER_MONTHS == 0:
            yield RecordKind.PROGRESS, task.code, self._report(task, month)

    def _luck(self, item: str) -> random.Random:
        return random.Random(f"{self.unit}/{item}")  # noqa: S311 - believable, not secret

    def _factor(self, item: str) -> float:
        if self.slow:
            return _SLOW
        return self._luck(item).uniform(0.95, 1.08)

    def _value(self, indicator: Indicator, month: Period) -> DataValue:
        if indicator.kind is IndicatorKind.RATIO:
            return self._ratio(indicator, month)
        whole = indicator.target * (divisor_of(self.plan, indicator) or 1.0)
        share = whole / len(self.plan.reporters(indicator))
        # A part keeps the factor of its whole, so that it never outgrows it.
        factor = self._factor(indicator.part_of or indicator.code)
        if indicator.aggregation is Aggregation.LEVEL:
            return DataValue(value=float(round(share * factor * _grown(month))))
        reached = [round(share * factor * m / MONTHS) for m in range(MONTHS + 1)]
        return DataValue(value=float(reached[month.last_month] - reached[month.last_month - 1]))

    def _ratio(self, indicator: Indicator, month: Period) -> DataValue:
        luck = self._luck(indicator.code)
        below = 40 + luck.randint(-8, 20)
        if indicator.pace.rule is not PaceRule.CONSTANT:
            reached = indicator.target / PER_CENT * self._factor(indicator.code) * _grown(month)
            above = min(below, round(below * reached + 0.49))
        else:
            missed = round(below * (1 - _SLOW) / 2) if self.slow else 0
            above = below - missed
        return DataValue(numerator=float(above), denominator=float(below))

    def _milestone(self, item: Deliverable, month: Period) -> Milestone | None:
        luck, now = self._luck(item.code), month.last_month
        start = luck.randint(1, 4)
        end = start + luck.randint(3, 8)
        day = date(month.year, now, luck.randint(5, 25))
        if item.kind is DeliverableKind.STANDING:
            end = MONTHS
        elif item.kind is DeliverableKind.RECURRING:
            start = 0  # such as a drill: it takes place, or it does not
            if item.cycle is not Cycle.YEAR:
                end = now if now % item.cycle.months == 0 else 0
        if now == end and not self.slow:
            return Milestone(Status.DONE, day, f"工作台账及现场照片（{now}月）")
        if now == start + _LATE * self.slow and start:
            return Milestone(Status.UNDER_WAY)
        return Milestone(Status.NOT_STARTED) if now == 1 else None

    def _report(self, task: Task, month: Period) -> ProgressReport:
        things = "、".join(item.title for item in task.deliverables[:2])
        status = Status.UNDER_WAY if month.last_month < MONTHS or self.slow else Status.DONE
        text = f"{month.last_month}月围绕“{task.title}”推进{things}，明确专人负责，按月汇总情况。"
        if self.slow:
            return ProgressReport(
                status, text, "人员调整，部分工作晚于计划。", "倒排时间，加快补齐。"
            )
        return ProgressReport(status, text, "", f"继续做好{task.title}相关工作。")


def _grown(month: Period) -> float:
    """Return how much of its level at the year's end a stock has reached."""
    return _AT_FIRST + (1 - _AT_FIRST) * month.elapsed
