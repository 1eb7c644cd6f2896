"""The table of tasks (任务分解表) of a plan: a row a task, for Word, Excel and print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.plan.plan import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan.plan import Plan, Task

HEADERS = ("序号", "部分", "要点", "重点任务", "任务内容", "责任分工", "目标指标", "完成时限")
# In characters of half width.
WIDTHS = (6, 16, 18, 22, 60, 34, 34, 12)
_WORDS = {
    Role.LEAD: "牵头",
    Role.SOLE: "负责",
    Role.SHARED: "按职责分工负责",
    Role.SUPPORT: "配合",
}


def breakdown_rows(plan: Plan) -> Iterable[tuple[str, ...]]:
    """Yield the rows of a plan's table, as texts in the order of `HEADERS`."""
    for number, task in enumerate(plan.tasks, start=1):
        schedules = dict.fromkeys(item.schedule_text for item in task.deliverables)
        yield (
            str(number),
            plan.section_of[task.code].title,
            plan.point_of[task.code].title,
            task.title,
            task.text,
            responsible_text(plan, task),
            "；".join(f"{i.name} {i.target_text}" for i in task.indicators),
            "；".join(schedules),
        )


def responsible_text(plan: Plan, task: Task) -> str:
    """Write who answers for a task as documents do: 甲牵头，乙、丙按职责分工负责."""
    parts: list[str] = []
    names: list[str] = []
    for at, assignment in enumerate(task.assignments):
        names.append(plan.directory.name(assignment.party))
        following = task.assignments[at + 1 : at + 2]
        if not following or following[0].role is not assignment.role:
            parts.append("、".join(names) + _WORDS[assignment.role])
            names = []
    return "，".join(parts)
