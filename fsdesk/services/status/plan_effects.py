"""What a change of the plan does to the months that have ended, told before it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.periods import months_of
from fsdesk.domain.plan.units import Directory
from fsdesk.domain.status.comparison import compare_status
from fsdesk.services.plan import plan_editing
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.status.aggregation import judged_with

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.status.comparison import FigureChange
    from fsdesk.services.plan.plan_editing import Edit
    from fsdesk.workspace import Workspace


class MonthEffect(Struct, frozen=True):
    """What becomes another figure or light in a month that has ended."""

    month: Period
    changes: tuple[FigureChange, ...]


def effects_of_edit(
    workspace: Workspace, edit: Edit, since: date | None = None
) -> tuple[MonthEffect, ...]:
    """Return what an edit would change in the months that have ended; nothing is stored.

    Raises:
        InputRejectedError: When the change makes no sense.
    """
    with workspace.reading() as session:
        before = plan_in(session, workspace.identity.year)
        after = plan_editing.edited(session, before, edit, since)
    return effects(workspace, before, after)


def effects(workspace: Workspace, before: Plan, after: Plan) -> tuple[MonthEffect, ...]:
    """Return what differs in the months that have ended, when one plan stands for the other."""
    today = workspace.clock().astimezone().date()
    ended = [month for month in months_of(before.year) if month.last_day < today]
    # A month rests on the plans up to it: before the first that differs nothing can.
    differ = [_measures(before.at(month)) != _measures(after.at(month)) for month in ended]
    months = ended[differ.index(True) :] if any(differ) else []
    pairs = zip(
        months,
        judged_with(workspace, before, months),
        judged_with(workspace, after, months),
        strict=True,
    )
    found = (MonthEffect(month, compare_status(was, now)) for month, was, now in pairs)
    return tuple(effect for effect in found if effect.changes)


def _measures(plan: Plan) -> Plan:
    """Return a plan without its words, by which nothing is judged."""
    sections = tuple(
        replace(
            section,
            title="",
            points=tuple(
                replace(point, title="", tasks=tuple(map(_measured, point.tasks)))
                for point in section.points
            ),
        )
        for section in plan.sections
    )
    units = tuple(
        replace(unit, name="", aliases=(), former_names=()) for unit in plan.directory.units
    )
    groups = tuple(replace(group, name="", aliases=()) for group in plan.directory.groups)
    return replace(
        plan,
        title="",
        issuer="",
        overall_requirement="",
        sections=sections,
        directory=Directory(units, groups),
        constants=tuple(replace(constant, name="") for constant in plan.constants),
        revision=1,
        former=(),
    )


def _measured(task: Task) -> Task:
    return replace(
        task,
        title="",
        text="",
        indicators=tuple(replace(each, name="") for each in task.indicators),
        deliverables=tuple(replace(each, title="") for each in task.deliverables),
    )
