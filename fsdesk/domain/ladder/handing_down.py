"""分解下达: a task of the plan above becomes one of the level's own, for its own units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.edits import (
    put_deliverable,
    put_indicator,
    set_shares,
    set_task,
)
from fsdesk.domain.plan.indicators import IndicatorKind, TargetShare, number_text
from fsdesk.domain.plan.outline import add_task, with_point

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Assignment, Plan, Task


class HandingDown(Struct, frozen=True):
    """What shall be handed down to whom.

    Attributes:
        task: Code of the task in the upper plan.
        assignments: Who of the level's own units answers, and how.
        targets: By the upper code of an indicator, the level's own target; its share by default.
        shares: By the upper code of an indicator, how that is split over its units, by their codes.
    """

    task: str
    assignments: tuple[Assignment, ...]
    targets: Mapping[str, float] = field(default_factory=dict[str, float])
    shares: Mapping[str, Mapping[str, float]] = field(
        default_factory=dict[str, "Mapping[str, float]"]
    )


class HandedDown(Struct, frozen=True):
    """What came of it.

    Attributes:
        plan: The level's own plan with the new task.
        task: Code of that task.
        items: Code here by the upper code of each indicator and deliverable.
        left_out: Indicators that could not be taken, each with why, in words.
        short: Where the shares of its units come to less than the target, in words.
    """

    plan: Plan
    task: str
    items: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


class TaskOrigin(Struct, frozen=True):
    """The task of the upper plan from which one was made (分解下达).

    Attributes:
        task: Code of the task that was made.
        workspace: Id of the workspace that holds the upper plan.
        upper: Code and `title` of the upper task, and the `plan` it stands in with its `issuer`.
        items: Code here by the upper code of each indicator and deliverable that was made with it.
    """

    task: str
    workspace: str
    upper: str
    title: str
    plan: str
    issuer: str
    items: tuple[tuple[str, str], ...] = ()
    at: str = ""
    who: str = ""

    @property
    def words(self) -> str:
        """Where it comes from, as it stands beside the task."""
        whose = self.issuer or "上级"
        return f"由{whose}《{self.plan}》{self.upper}“{self.title}”分解下达"


def own_target(indicator: Indicator, unit: str) -> float:
    """Return what a level has to reach of an upper indicator: its share, or the whole target."""
    share = indicator.share_of(unit)
    return indicator.target if share is None else share


def asked_of(upper: Plan, task: Task, unit: str) -> tuple[Indicator, ...]:
    """Return the indicators of an upper task that a unit types."""
    return tuple(i for i in task.indicators if i.typed and unit in upper.reporters(i))


def evenly(target: float, units: Sequence[str], *, whole: bool) -> Mapping[str, float]:
    """Split a target over units as evenly as can be; what is counted in wholes stays whole.

    The shares come to the target exactly: the first units have one more where it doesn't divide.
    """
    if not units:
        return {}
    if not whole or target % 1:
        each = round(target / len(units), 2)
        rest = round(target - each * (len(units) - 1), 6)
        return {unit: rest if n == 0 else each for n, unit in enumerate(units)}
    part, more = divmod(int(target), len(units))
    return {unit: float(part + (n < more)) for n, unit in enumerate(units)}


def handed_down(
    own: Plan, taken: Collection[str], upper: Plan, unit: str, wanted: HandingDown
) -> HandedDown:
    """Return the own plan with a task made from one of the upper plan, under its headings.

    `taken`: codes that must not be given again.
    `unit`: the level's own code in the upper plan.

    InputRejectedError when the task isn't asked of it, nobody would answer, or a share or target
    makes no sense.
    """
    task = upper.tasks_by_code.get(wanted.task)
    if task is None or unit not in upper.roles(task.code):
        raise reject(f"上级计划没有要本单位承担的任务“{wanted.task}”", "请核对编码")
    point, section = upper.point_of[task.code], upper.section_of[task.code]
    plan, number = with_point(own, point.title, section.title)
    before = set(plan.tasks_by_code)
    plan = add_task(plan, number, task.title, wanted.assignments, taken)
    (code,) = set(plan.tasks_by_code) - before
    plan = set_task(plan, code, task.title, task.text)
    items: dict[str, str] = {}
    left_out: list[str] = []
    short: list[str] = []
    for indicator in asked_of(upper, task, unit):
        reason = _untakable(own, indicator)
        if reason:
            left_out.append(f"{indicator.name}：{reason}")
            continue
        made = replace(
            indicator,
            code="",
            target=wanted.targets.get(indicator.code, own_target(indicator, unit)),
            part_of=items.get(indicator.part_of, ""),
            reporters=(),
            shares=(),
            baseline=None,
        )
        plan = put_indicator(plan, code, made, taken)
        items[indicator.code] = plan.tasks_by_code[code].indicators[-1].code
        shares = wanted.shares.get(indicator.code, {})
        if shares:
            own_code = items[indicator.code]
            given = [TargetShare(each, target) for each, target in shares.items()]
            plan = set_shares(plan, own_code, given)
            short += _short(plan.indicators_by_code[own_code])
    for thing in task.deliverables:
        plan = put_deliverable(plan, code, replace(thing, code=""), taken)
        items[thing.code] = plan.tasks_by_code[code].deliverables[-1].code
    return HandedDown(plan, code, tuple(items.items()), tuple(left_out), tuple(short))


def _untakable(own: Plan, indicator: Indicator) -> str:
    derivation = indicator.derivation
    if derivation is not None and own.constant(derivation.constant) is None:
        return "本级计划没有推算所用的参数，请先添加参数，再手工添加这项指标"
    return ""


def _short(indicator: Indicator) -> Iterator[str]:
    """Say where shares come to less than the target; a rate isn't split."""
    total = sum(share.target for share in indicator.shares)
    if indicator.kind is not IndicatorKind.RATIO and total < indicator.target:
        yield (
            f"{indicator.name}：各单位分解合计 {number_text(total, 4)}，"
            f"少于本级目标 {number_text(indicator.target, 4)}"
        )
