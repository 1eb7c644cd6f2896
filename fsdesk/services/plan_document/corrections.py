"""Correcting what was read from a document before it becomes a plan.

Every function takes a draft and returns the corrected one: its plan, where its parts stand, and
the doubts that are left. A correction settles the doubts about what it corrects. What would leave
the plan without sense is refused with what to do.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import FindingCode, reject
from fsdesk.domain.plan import edits, outline
from fsdesk.domain.plan.plan import Assignment, DeliverableKind, Role
from fsdesk.domain.plan.revision import items_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan
    from fsdesk.domain.plan_document import ParsedPlan, ReadingDoubt, TextSpan

    # A change of a plan and the codes that must not be given, as the plan's editor makes it.
    Edit = Callable[[Plan, Collection[str]], Plan]


def edited(parsed: ParsedPlan, edit: Edit) -> ParsedPlan:
    """Change the draft's plan as the plan's editor changes a plan.

    Raises:
        InputRejectedError: When the change makes no sense.
    """
    return followed(parsed, edit(parsed.plan, parsed.read.keys()))


def followed(
    parsed: ParsedPlan, plan: Plan, spans: Mapping[str, tuple[TextSpan, ...]] | None = None
) -> ParsedPlan:
    """Return the draft with a changed plan; what left it leaves its places and doubts as well.

    ``spans`` are places that differ or are new, by code. What is new is as if it had been read so.
    """
    codes = {*plan.tasks_by_code, *plan.task_of}
    placed = {**parsed.spans, **(spans or {})}
    assigned = {(task.code, a.party) for task in plan.tasks for a in task.assignments}
    return replace(
        parsed,
        plan=plan,
        spans={code: where for code, where in placed.items() if code in codes},
        assignment_spans={
            key: span for key, span in parsed.assignment_spans.items() if key in assigned
        },
        doubts=tuple(doubt for doubt in parsed.doubts if not _is_settled(doubt, parsed, plan)),
        read={**items_of(plan), **parsed.read},
    )


def settled(parsed: ParsedPlan, doubt: ReadingDoubt) -> ParsedPlan:
    """Take a doubt off the list: somebody looked, and what was read is right."""
    return replace(parsed, doubts=tuple(one for one in parsed.doubts if one != doubt))


def settled_alike(parsed: ParsedPlan, doubt: ReadingDoubt) -> ParsedPlan:
    """Take a doubt and all others of its kind off the list."""
    return replace(parsed, doubts=tuple(it for it in parsed.doubts if it.kind != doubt.kind))


def all_assigned(parsed: ParsedPlan, party: str) -> ParsedPlan:
    """Let a unit or group answer for every task that nobody answers for."""
    plan = parsed.plan
    for task in plan.tasks:
        if not task.assignments:
            plan = edits.set_assignments(plan, task.code, (Assignment(party, Role.SOLE),))
    return followed(parsed, plan)


def without_item(parsed: ParsedPlan, code: str) -> ParsedPlan:
    """Take an indicator or a deliverable out; indicators that rest on it stand alone then.

    Raises:
        InputRejectedError: When it is the only thing that its task asks for.
    """
    task = parsed.plan.task_of[code]
    if len(task.indicators) + len(task.deliverables) == 1:
        raise reject("任务至少要有一个指标或事项", "请先添加别的事项，或删除整个任务")

    def alone(indicator: Indicator) -> Indicator:
        derivation = indicator.derivation
        if derivation and derivation.source == code:
            derivation = replace(derivation, source="")
        part_of = "" if indicator.part_of == code else indicator.part_of
        return replace(indicator, part_of=part_of, derivation=derivation)

    plan = parsed.plan
    for other in plan.tasks:
        plan = edits.each_task(
            plan, other.code, lambda it: replace(it, indicators=tuple(map(alone, it.indicators)))
        )
    return followed(parsed, edits.drop_item(plan, code))


def without_task(parsed: ParsedPlan, code: str) -> ParsedPlan:
    """Take a task out, and its point and section when nothing else stands there.

    Raises:
        InputRejectedError: When it is the only one, or another task's indicator rests on it.
    """
    if len(parsed.plan.tasks) == 1:
        raise reject("这是唯一的任务，不能删除", "如果文件不对，请另选文件")
    point, section = parsed.plan.point_of[code], parsed.plan.section_of[code]
    plan = outline.drop_task(parsed.plan, code)
    if len(point.tasks) == 1:
        plan = outline.drop_point(plan, point.number)
        if len(section.points) == 1:
            plan = outline.drop_section(plan, section.number)
    return followed(parsed, plan)


def joined_with_previous(parsed: ParsedPlan, code: str) -> ParsedPlan:
    """Join a task with the one before it; a task without units takes those of the other.

    Raises:
        InputRejectedError: When it is the first.
    """
    codes = [task.code for task in parsed.plan.tasks]
    at = codes.index(code)
    if at == 0:
        raise reject("这是第一项任务，前面没有可以合并的任务", "请从后一项任务合并")
    into = codes[at - 1]
    point, section = parsed.plan.point_of[code], parsed.plan.section_of[code]
    plan = outline.join_tasks(parsed.plan, into, [code])
    if len(point.tasks) == 1:
        plan = outline.drop_point(plan, point.number)
        if len(section.points) == 1:
            plan = outline.drop_section(plan, section.number)
    spans = {into: (*parsed.spans.get(into, ()), *parsed.spans.get(code, ()))}
    moved = {
        (into if task == code else task, party): span
        for (task, party), span in reversed(list(parsed.assignment_spans.items()))
    }
    doubts = tuple(replace(d, item=into) if d.item == code else d for d in parsed.doubts)
    parsed = replace(parsed, assignment_spans=moved, doubts=doubts)
    return followed(parsed, plan, spans)


def deliverables_joined(parsed: ParsedPlan, code: str) -> ParsedPlan:
    """Join a deliverable with the one before it in its task; the later date holds.

    Without a date the whole recurs where a part does, and goes on where both do.

    Raises:
        InputRejectedError: When it is the task's first.
    """
    task = parsed.plan.task_of[code]
    codes = [item.code for item in task.deliverables]
    at = codes.index(code)
    if at == 0:
        raise reject("这是任务的第一个事项，前面没有可以合并的事项", "请从后一个事项合并")
    first, second = task.deliverables[at - 1 : at + 1]
    title = f"{first.title}，{second.title}"
    whole = replace(_longer_timed(first, second), code=first.code, title=title)
    rest = tuple(whole if d is first else d for d in task.deliverables if d is not second)
    plan = edits.each_task(parsed.plan, task.code, lambda it: replace(it, deliverables=rest))
    spans = (*parsed.spans.get(first.code, ()), *parsed.spans.get(code, ()))
    return followed(parsed, plan, {first.code: spans})


def _longer_timed(first: Deliverable, second: Deliverable) -> Deliverable:
    """Return the one whose time holds for both together."""
    dated = [item for item in (first, second) if item.due]
    if dated:
        return max(dated, key=lambda item: item.due or date.min)
    order = (DeliverableKind.RECURRING, DeliverableKind.ONCE, DeliverableKind.STANDING)
    return min((first, second), key=lambda item: order.index(item.kind))


def _is_settled(doubt: ReadingDoubt, before: ParsedPlan, plan: Plan) -> bool:
    """Tell whether a change has settled a doubt: what it is about is gone, or was changed."""
    code, former = doubt.item, before.plan
    if doubt.code is FindingCode.NOBODY_NAMED:
        return all(task.assignments for task in plan.tasks)
    items = {**former.indicators_by_code, **former.deliverables_by_code}
    if code in items:
        return items[code] != {**plan.indicators_by_code, **plan.deliverables_by_code}.get(code)
    if code in former.directory.by_code or code in former.directory.groups_by_code:
        party = plan.directory.by_code.get(code) or plan.directory.groups_by_code.get(code)
        return party is None
    task = former.tasks_by_code.get(code)
    if task is None:
        return False
    now = plan.tasks_by_code.get(code)
    if now is None or doubt.code is FindingCode.NO_RESPONSIBLE_UNIT:
        return now is None or bool(now.assignments)
    places = before.assignment_spans
    told = {a for a in task.assignments if places.get((code, a.party)) == doubt.span}
    return bool(told - set(now.assignments))
