"""Changing the plan by hand: tasks, indicators, deliverables, who answers, target shares.

Every function takes a plan and returns the changed one; what would leave the plan without sense is
refused with what to do. Numbering the revision is the caller's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from fsdesk.domain.findings import error, raise_errors, reject
from fsdesk.domain.names import shown_name
from fsdesk.domain.plan.codes import FreshCodes
from fsdesk.domain.plan.plan import Cycle, DeliverableKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.plan.indicators import Indicator, TargetShare
    from fsdesk.domain.plan.plan import Assignment, Deliverable, Plan, PlanConstant, Point, Task

_Item = TypeVar("_Item")
_MOST_A_MONTH = 31


def set_head(plan: Plan, title: str, issuer: str, requirement: str) -> Plan:
    """Change the plan's own words."""
    title = named(title, "计划标题")
    return replace(
        plan, title=title, issuer=issuer.strip(), overall_requirement=requirement.strip()
    )


def set_constants(plan: Plan, constants: Sequence[PlanConstant]) -> Plan:
    """Put these district figures in place of the plan's.

    InputRejectedError when one has no name or isn't positive, or an indicator needs one that is
    missing.
    """
    for constant in constants:
        named(constant.name, "参数名称")
        if not 0 < constant.value < float("inf"):
            raise reject(f"参数“{constant.name}”必须是大于 0 的数字", "请重新填写")
    return checked(plan, replace(plan, constants=tuple(constants)))


def set_task(plan: Plan, code: str, title: str, text: str) -> Plan:
    """Change a task's words."""
    title = named(title, "任务标题")
    return each_task(plan, code, lambda task: replace(task, title=title, text=text.strip()))


def set_assignments(plan: Plan, code: str, assignments: Sequence[Assignment]) -> Plan:
    """Change who answers for a task.

    InputRejectedError when nobody would, a unit is named twice or isn't in the directory, or a unit
    that has a target share or reports an indicator would no longer be there.
    """
    if not assignments:
        raise reject("任务至少要有一个责任单位", "请先添加新的责任单位，再移除原来的")
    parties = [assignment.party for assignment in assignments]
    twice = next((party for party in parties if parties.count(party) > 1), None)
    if twice is not None:
        name = plan.directory.name(twice)
        raise reject(f"“{name}”在责任分工中出现了两次", "请只保留一个")
    return checked(
        plan, each_task(plan, code, lambda task: replace(task, assignments=tuple(assignments)))
    )


def put_indicator(plan: Plan, task: str, indicator: Indicator, taken: Collection[str] = ()) -> Plan:
    """Change the indicator of that code, or add one that has none; it must make sense."""
    indicator = replace(indicator, name=named(indicator.name, "指标名称"))
    if not indicator.code:
        indicator = replace(indicator, code=FreshCodes(plan, taken).indicator(task))
    changed = each_task(
        plan, task, lambda it: replace(it, indicators=_put(it.indicators, indicator))
    )
    return checked(plan, changed)


def put_deliverable(plan: Plan, task: str, item: Deliverable, taken: Collection[str] = ()) -> Plan:
    """Change the deliverable of that code, or add one that has none; it must make sense.

    Its kind decides what holds of its time: a date, or how often in which cycle.
    """
    item = _timed(replace(item, title=named(item.title, "事项名称")))
    if not item.code:
        item = replace(item, code=FreshCodes(plan, taken).deliverable(task))
    return each_task(plan, task, lambda it: replace(it, deliverables=_put(it.deliverables, item)))


def with_property(item: Deliverable, name: str, value: Any) -> Deliverable:  # noqa: ANN401 - each property has its type
    """Return a deliverable with one property changed, as a form gives it."""
    if name == "kind":
        value = DeliverableKind(value)
    elif name == "cycle":
        value = Cycle(value)
    elif name == "times":
        value = int(value) if value is not None and value % 1 == 0 else 0
    return replace(item, **{name: value})


def _timed(item: Deliverable) -> Deliverable:
    """Drop what a deliverable of another kind had: a date, or how often it recurred."""
    if item.kind is not DeliverableKind.RECURRING:
        due = item.due if item.kind is DeliverableKind.ONCE else None
        return replace(item, due=due, times=1, cycle=Cycle.YEAR)
    if not 1 <= item.times <= item.cycle.months * _MOST_A_MONTH:
        raise reject(f"事项“{item.title}”的次数应为从 1 起的整数，不多于每天一次", "请重新填写")
    return replace(item, due=None)


def drop_item(plan: Plan, code: str) -> Plan:
    """Take an indicator, unless another rests on it, or a deliverable out; its records stay."""
    resting = [
        other.name
        for other in plan.indicators
        if other.part_of == code or (other.derivation and other.derivation.source == code)
    ]
    if resting:
        raise reject(
            f"指标“{'”“'.join(resting)}”以它为总数或推算来源", "请先修改这些指标，再移除它"
        )

    def without(task: Task) -> Task:
        return replace(
            task,
            indicators=tuple(item for item in task.indicators if item.code != code),
            deliverables=tuple(item for item in task.deliverables if item.code != code),
        )

    return each_task(plan, plan.task_of[code].code, without)


def move_item(plan: Plan, code: str, by: int) -> Plan:
    """Move an indicator or a deliverable within its task, by places; stops at the ends."""

    def moved(task: Task) -> Task:
        return replace(
            task,
            indicators=_moved(task.indicators, lambda item: item.code == code, by),
            deliverables=_moved(task.deliverables, lambda item: item.code == code, by),
        )

    return each_task(plan, plan.task_of[code].code, moved)


def set_shares(plan: Plan, code: str, shares: Sequence[TargetShare]) -> Plan:
    """Split an indicator's target (分解目标) over units that report it; no share is negative."""
    for share in shares:
        if not 0 <= share.target < float("inf"):
            name = plan.directory.name(share.unit)
            raise reject(f"“{name}”的分解目标不能是负数", "请重新填写")
    task = plan.task_of[code].code
    kept = tuple(share for share in shares if share.target)

    def split(it: Task) -> Task:
        return replace(
            it,
            indicators=tuple(
                replace(each, shares=kept) if each.code == code else each for each in it.indicators
            ),
        )

    return checked(plan, each_task(plan, task, split))


def checked(before: Plan, after: Plan) -> Plan:
    """Return the changed plan when the change leaves nothing without sense.

    What didn't fit together before, such as in a plan from a document, doesn't stand in the way.
    InputRejectedError with all that no longer fits together.
    """
    known = set(faults(before))
    raise_errors(fault for fault in faults(after) if fault not in known)
    return after


def faults(plan: Plan) -> Iterator[Finding]:
    """Yield what doesn't fit together in a plan."""
    for task in plan.tasks:
        for assignment in task.assignments:
            yield from _party_faults(plan, assignment.party, f"任务“{task.title}”")
        for indicator in task.indicators:
            yield from _indicator_faults(plan, task, indicator)


def _party_faults(plan: Plan, party: str, where: str) -> Iterator[Finding]:
    directory = plan.directory
    if party not in directory.by_code and party not in directory.groups_by_code:
        yield error(f"{where}中的单位“{party}”不在单位表中", "请先在“单位”中添加，或换成其他单位")


def _indicator_faults(plan: Plan, task: Task, indicator: Indicator) -> Iterator[Finding]:
    name = f"指标“{indicator.name}”"
    if not 0 <= indicator.target < float("inf"):
        yield error(f"{name}的目标必须是不小于 0 的数字", "请重新填写")
    if indicator.part_of and indicator.part_of not in plan.indicators_by_code:
        yield error(f"{name}所属的指标不在计划中", "请另选它所属的指标")
    if _within_itself(plan, indicator):
        yield error(f"{name}不能是自己的其中项", "请另选它所属的指标")
    derivation = indicator.derivation
    if derivation is not None and plan.constant(derivation.constant) is None:
        yield error(f"{name}推算所用的参数不在计划中", "请先在“基本信息”中添加该参数")
    yield from _reporter_faults(plan, task, indicator)


def _reporter_faults(plan: Plan, task: Task, indicator: Indicator) -> Iterator[Finding]:
    name = f"指标“{indicator.name}”"
    units = set(plan.reporters(indicator))
    for share in indicator.shares:
        if share.unit not in units:
            unit = plan.directory.name(share.unit)
            yield error(f"“{unit}”有{name}的分解目标，却不填报它", "请先清除该单位的分解目标")
    for party in indicator.reporters:
        yield from _party_faults(plan, party, name)
    if indicator.reporters and not units & set(plan.roles(task.code)):
        yield error(f"{name}的填报单位都不是任务“{task.title}”的责任单位", "请重新选择填报单位")


def _within_itself(plan: Plan, indicator: Indicator) -> bool:
    seen = {indicator.code}
    link = indicator.part_of
    while link and link not in seen:
        seen.add(link)
        above = plan.indicators_by_code.get(link)
        link = above.part_of if above else ""
    return bool(link)


def named(text: str, what: str) -> str:
    """Return a name without blanks around it and without what nobody sees.

    InputRejectedError when nothing is left.
    """
    shown = shown_name(text)
    if not shown:
        raise reject(f"{what}不能为空", "请填写后再保存")
    return shown


def each_task(plan: Plan, code: str, change: Callable[[Task], Task]) -> Plan:
    """Return the plan with one task changed; InputRejectedError when it isn't in the plan."""
    if code not in plan.tasks_by_code:
        raise reject(f"计划中已没有任务 {code}", "请刷新后再试")
    return each_point(
        plan,
        lambda point: replace(
            point, tasks=tuple(change(task) if task.code == code else task for task in point.tasks)
        ),
    )


def each_point(plan: Plan, change: Callable[[Point], Point]) -> Plan:
    """Return the plan with every point changed."""
    return replace(
        plan,
        sections=tuple(
            replace(section, points=tuple(change(point) for point in section.points))
            for section in plan.sections
        ),
    )


_Coded = TypeVar("_Coded", "Indicator", "Deliverable")


def _put(items: tuple[_Coded, ...], item: _Coded) -> tuple[_Coded, ...]:
    if any(each.code == item.code for each in items):
        return tuple(item if each.code == item.code else each for each in items)
    return (*items, item)


def _moved(items: tuple[_Item, ...], wanted: Callable[[_Item], bool], by: int) -> tuple[_Item, ...]:
    """Move the wanted item by places; the others keep their order."""
    at = next((n for n, item in enumerate(items) if wanted(item)), None)
    if at is None:
        return items
    rest = [*items[:at], *items[at + 1 :]]
    rest.insert(min(max(at + by, 0), len(rest)), items[at])
    return tuple(rest)
