"""Targets that several units reach together: what they have come to, as the office sums it up.

A unit sees its own part only. What all have reached comes down with the office's packets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import IndicatorKind, number_text
from fsdesk.domain.status.lights import Light  # noqa: TC001 - read at run time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.status.results import YearStatus

NOT_TOLD = "尚未收到汇总端的合计"


class JointSum(Struct, frozen=True):
    """What all units of an indicator have come to.

    Attributes:
        indicator: Its code.
        known: How many of its units have reported anything, of `expected`.
    """

    indicator: str
    value: float
    target: float
    light: Light
    known: int
    expected: int

    @property
    def share(self) -> str:
        """How much of the target is reached, in per cent."""
        return f"{number_text(100 * self.value / self.target, 0)}%" if self.target else ""


class JointSums(Struct, frozen=True):
    """What the office sent of the targets that a unit shares, up to a period.

    Attributes:
        period: In its text form.
    """

    period: str
    sums: tuple[JointSum, ...] = ()

    def of(self, indicator: str) -> JointSum | None:
        """Return what an indicator's units have come to; None where the office sent nothing."""
        return next((each for each in self.sums if each.indicator == indicator), None)

    def words(self, indicator: Indicator) -> str:
        """Say what an indicator's units have come to: 截至9月 合计 476/1900批次."""
        found = self.of(indicator.code)
        if found is None:
            return NOT_TOLD
        numbers = f"{number_text(found.value)}/{number_text(found.target)}"
        told = f"截至{Period.parse(self.period).name} 合计 {numbers}{indicator.measure_unit}"
        if found.known < found.expected:
            told += f"（{found.expected} 家中 {found.known} 家已报）"
        return told


def is_joint(plan: Plan, indicator: Indicator, unit: str) -> bool:
    """Tell whether a unit reaches a target only together with others, without a part of its own."""
    reporters = plan.reporters(indicator)
    split = indicator.kind is not IndicatorKind.COUNT or indicator.share_of(unit) is not None
    return not split and unit in reporters and len(reporters) > 1


def joint_sums(status: YearStatus, unit: str) -> JointSums | None:
    """Return what a unit's shared targets have come to; None where there is nothing to tell."""
    plan = status.plan
    sums = tuple(
        JointSum(
            result.indicator.code,
            result.figure.value,
            result.indicator.target,
            result.light,
            result.coverage.known,
            result.coverage.expected,
        )
        for result in status.indicators
        if result.figure.value is not None and is_joint(plan, result.indicator, unit)
    )
    return JointSums(str(status.period), sums) if sums else None


def joint_words(plan: Plan, unit: str, sums: JointSums | None) -> Mapping[str, str]:
    """Return what is told of each target that a unit shares, by the code of the indicator."""
    return {
        indicator.code: sums.words(indicator) if sums is not None else NOT_TOLD
        for task in plan.tasks_for(unit)
        for indicator in task.indicators
        if is_joint(plan, indicator, unit)
    }
