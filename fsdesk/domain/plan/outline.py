"""The order of the plan: sections, points, and tasks that are added, moved, split and joined."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.codes import FreshCodes
from fsdesk.domain.plan.edits import checked, each_point, each_task, named
from fsdesk.domain.plan.plan import Point, Section, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from fsdesk.domain.plan.plan import Assignment, Plan


class OutlineLevel(StrEnum):
    """What a heading of the plan is."""

    SECTION = "section"
    POINT = "point"
    TASK = "task"


def add_section(plan: Plan, title: str, after: int | None = None) -> Plan:
    """Add an empty section behind the one of that number, or at the end."""
    sections = list(plan.sections)
    at = len(sections) if after is None else _section_at(plan, after) + 1
    sections.insert(at, Section(0, named(title, "部分标题"), ()))
    return _numbered(replace(plan, sections=tuple(sections)))


def add_point(plan: Plan, section: int, title: str) -> Plan:
    """Add an empty point at the end of a section."""
    at = _section_at(plan, section)
    sections = list(plan.sections)
    point = Point(0, named(title, "要点标题"), ())
    sections[at] = replace(sections[at], points=(*sections[at].points, point))
    return _numbered(replace(plan, sections=tuple(sections)))


def rename_section(plan: Plan, number: int, title: str) -> Plan:
    """Change the title of a section."""
    at = _section_at(plan, number)
    sections = list(plan.sections)
    sections[at] = replace(sections[at], title=named(title, "部分标题"))
    return replace(plan, sections=tuple(sections))


def rename_point(plan: Plan, number: int, title: str) -> Plan:
    """Change the title of a point."""
    title = named(title, "要点标题")
    _point(plan, number)
    return each_point(
        plan, lambda point: replace(point, title=title) if point.number == number else point
    )


def drop_section(plan: Plan, number: int) -> Plan:
    """Take out a section that holds no tasks and isn't the only one."""
    section = plan.sections[_section_at(plan, number)]
    if any(point.tasks for point in section.points):
        raise reject(f"“{section.title}”中还有任务", "请先把任务移到别处或移除")
    if len(plan.sections) == 1:
        raise reject("计划至少要有一个部分", "请先添加新的部分")
    kept = tuple(each for each in plan.sections if each is not section)
    return _numbered(replace(plan, sections=kept))


def drop_point(plan: Plan, number: int) -> Plan:
    """Take out a point that holds no tasks; InputRejectedError when it holds tasks."""
    dropped = _point(plan, number)
    if dropped.tasks:
        raise reject(f"“{dropped.title}”中还有任务", "请先把任务移到别处或移除")
    sections = tuple(
        replace(section, points=tuple(p for p in section.points if p.number != number))
        for section in plan.sections
    )
    return _numbered(replace(plan, sections=sections))


def move_section(plan: Plan, number: int, by: int) -> Plan:
    """Move a section up (negative) or down; stops at the ends."""
    sections = list(plan.sections)
    at = _section_at(plan, number)
    section = sections.pop(at)
    sections.insert(min(max(at + by, 0), len(sections)), section)
    return _numbered(replace(plan, sections=tuple(sections)))


def move_point(plan: Plan, number: int, section: int, at: int) -> Plan:
    """Put a point into a section at a place counted from 0; beyond its end means last."""
    moved = _point(plan, number)
    _section_at(plan, section)
    sections: list[Section] = []
    for each in plan.sections:
        points = [point for point in each.points if point is not moved]
        if each.number == section:
            points.insert(max(at, 0), moved)
        sections.append(replace(each, points=tuple(points)))
    return _numbered(replace(plan, sections=tuple(sections)))


def add_task(
    plan: Plan,
    point: int,
    title: str,
    assignments: Sequence[Assignment],
    taken: Collection[str] = (),
) -> Plan:
    """Add a task at the end of a point; it must have a title, and somebody who answers for it."""
    if not assignments:
        raise reject("任务至少要有一个责任单位", "请先选择责任单位")
    _point(plan, point)
    code = FreshCodes(plan, taken).task(point)
    task = Task(code, named(title, "任务标题"), "", tuple(assignments))
    added = each_point(
        plan, lambda it: replace(it, tasks=(*it.tasks, task)) if it.number == point else it
    )
    return checked(plan, added)


def drop_task(plan: Plan, code: str) -> Plan:
    """Take a task with its indicators and deliverables out of the plan; its records stay.

    InputRejectedError when an indicator of another task rests on one of its.
    """
    task = _task(plan, code)
    own = {indicator.code for indicator in task.indicators}
    for other in plan.indicators:
        source = other.derivation.source if other.derivation else ""
        if other.code not in own and own & {other.part_of, source}:
            raise reject(
                f"指标“{other.name}”以这项任务的指标为总数或推算来源",
                "请先修改该指标，再移除任务",
            )
    return each_point(
        plan, lambda point: replace(point, tasks=tuple(t for t in point.tasks if t.code != code))
    )


def move_task(plan: Plan, code: str, point: int, at: int) -> Plan:
    """Put a task into a point at a place counted from 0; beyond its end means last.

    The task keeps its code, and with it all that was recorded.
    """
    task = _task(plan, code)
    _point(plan, point)

    def placed(it: Point) -> Point:
        tasks = [each for each in it.tasks if each.code != code]
        if it.number == point:
            tasks.insert(max(at, 0), task)
        return replace(it, tasks=tuple(tasks))

    return each_point(plan, placed)


def split_task(
    plan: Plan, code: str, title: str, items: Collection[str], taken: Collection[str] = ()
) -> Plan:
    """Make a second task behind a task and move some of its items there.

    Both have the same units; the moved items keep their codes and records.

    `items`: codes of the indicators and deliverables that go to the new one.
    `taken`: codes that must not be given.
    InputRejectedError when nothing would be moved or nothing would stay.
    """
    task = _task(plan, code)
    own = {item.code for item in (*task.indicators, *task.deliverables)}
    going = own & set(items)
    if not going or going == own:
        raise reject("拆分后两项任务都要有指标或事项", "请勾选一部分移到新任务")
    point = plan.point_of[code]
    fresh = Task(
        FreshCodes(plan, taken).task(point.number),
        named(title, "任务标题"),
        task.text,
        task.assignments,
        tuple(item for item in task.indicators if item.code in going),
        tuple(item for item in task.deliverables if item.code in going),
    )
    rest = replace(
        task,
        indicators=tuple(item for item in task.indicators if item.code not in going),
        deliverables=tuple(item for item in task.deliverables if item.code not in going),
    )
    split = {rest.code: (rest, fresh)}
    return each_point(
        plan,
        lambda it: replace(
            it, tasks=tuple(t for task in it.tasks for t in split.get(task.code, (task,)))
        ),
    )


def join_tasks(plan: Plan, into: str, codes: Sequence[str]) -> Plan:
    """Join two or more tasks: the first keeps code and title, and gets all items and units."""
    kept = _task(plan, into)
    others = [_task(plan, code) for code in codes if code != into]
    if not others:
        raise reject("合并至少需要两项任务", "请再选择一项任务")
    units = {assignment.party: assignment for assignment in kept.assignments}
    for other in others:
        for assignment in other.assignments:
            units.setdefault(assignment.party, assignment)
    texts = dict.fromkeys(text for text in (kept.text, *(o.text for o in others)) if text)
    joined = replace(
        kept,
        text="\n".join(texts),
        assignments=tuple(units.values()),
        indicators=(*kept.indicators, *(i for other in others for i in other.indicators)),
        deliverables=(*kept.deliverables, *(d for other in others for d in other.deliverables)),
    )
    gone = {other.code for other in others}
    left = each_point(
        plan, lambda it: replace(it, tasks=tuple(t for t in it.tasks if t.code not in gone))
    )
    return checked(plan, each_task(left, into, lambda _: joined))


def _task(plan: Plan, code: str) -> Task:
    task = plan.tasks_by_code.get(code)
    if task is None:
        raise reject(f"计划中已没有任务 {code}", "请刷新后再试")
    return task


def _point(plan: Plan, number: int) -> Point:
    for point in plan.points:
        if point.number == number:
            return point
    raise reject(f"计划中已没有第 {number} 个要点", "请刷新后再试")


def _section_at(plan: Plan, number: int) -> int:
    for at, section in enumerate(plan.sections):
        if section.number == number:
            return at
    raise reject(f"计划中已没有第 {number} 部分", "请刷新后再试")


def _numbered(plan: Plan) -> Plan:
    """Number sections and points through the plan, as the document does."""
    points = 0
    sections: list[Section] = []
    for number, section in enumerate(plan.sections, start=1):
        placed: list[Point] = []
        for point in section.points:
            points += 1
            placed.append(replace(point, number=points))
        sections.append(replace(section, number=number, points=tuple(placed)))
    return replace(plan, sections=tuple(sections))


def place_task(plan: Plan, task: Task, point: str, section: str) -> Plan:
    """Put a task that left the plan back at the end of its point.

    `task`: the task, with the code that it had.
    `point`: title of the point it stood in; made again when it is gone.
    `section`: title of the section of that point; made again when it is gone.
    """
    plan, at = with_point(plan, point, section)
    return each_point(
        plan, lambda it: replace(it, tasks=(*it.tasks, task)) if it.number == at else it
    )


def with_point(plan: Plan, point: str, section: str) -> tuple[Plan, int]:
    """Return the plan with a point of a title in it, and its number; see `place_task`."""
    if all(each.title != point for each in plan.points):
        if all(each.title != section for each in plan.sections):
            plan = add_section(plan, section)
        number = next(each.number for each in plan.sections if each.title == section)
        plan = add_point(plan, number, point)
    return plan, next(each.number for each in plan.points if each.title == point)


def shift(plan: Plan, kind: OutlineLevel, name: str, by: int) -> Plan:
    """Move a thing one place up (-1) or down (1); over the edge of its holder lies the next one."""
    if kind == OutlineLevel.SECTION:
        return move_section(plan, int(name), by)
    if kind == OutlineLevel.POINT:
        points = [(s.number, [str(p.number) for p in s.points]) for s in plan.sections]
        section, at = _next_place(points, name, by)
        return move_point(plan, int(name), section, at)
    tasks = [(p.number, [t.code for t in p.tasks]) for p in plan.points]
    point, at = _next_place(tasks, name, by)
    return move_task(plan, name, point, at)


def drop(plan: Plan, kind: OutlineLevel, name: str) -> Plan:
    """Take a section, point or task, on which nothing rests, out; see `shift` for the arguments."""
    if kind == OutlineLevel.TASK:
        return drop_task(plan, name)
    return (
        drop_point(plan, int(name)) if kind == OutlineLevel.POINT else drop_section(plan, int(name))
    )


def _next_place(holders: Sequence[tuple[int, list[str]]], name: str, by: int) -> tuple[int, int]:
    number = next(n for n, (_, names) in enumerate(holders) if name in names)
    at = holders[number][1].index(name) + by
    if at < 0 and number > 0:
        return holders[number - 1][0], len(holders[number - 1][1])
    if at >= len(holders[number][1]) and number + 1 < len(holders):
        return holders[number + 1][0], 0
    return holders[number][0], max(at, 0)
