"""Editing the plan by hand: every change is a revision that can be read, undone and done again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.changes import PlanDifference, compare_plans
from fsdesk.domain.plan.edits import checked, put_deliverable, put_indicator
from fsdesk.domain.plan.effect import codes_of, numbered, with_effect
from fsdesk.domain.plan.history import PlanRevision, Turn, Way, ways
from fsdesk.domain.plan.outline import place_task
from fsdesk.services.plan.planning import next_revision, plan_in, require_office, store_change
from fsdesk.store.plan import history as plan_history
from fsdesk.store.plan import plans
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

    # A change: the plan as it stands and the codes that must not be given, to the changed plan.
    Edit = Callable[[Plan, Collection[str]], Plan]

_WHAT = "修改年度计划"


class RetiredItem(Struct, frozen=True):
    """A task, indicator or deliverable that left the plan and can be brought back.

    Attributes:
        kind: 任务, 指标 or 事项.
        records: How many recorded figures and reports are kept for it.
        state: Id of the last state of the plan that held it.
    """

    kind: str
    code: str
    title: str
    revision: int
    records: int
    state: int


class PlanDesk(Struct, frozen=True):
    """What an editor of the plan shows: states, newest first, and what 撤销 and 重做 do."""

    plan: Plan
    history: tuple[PlanRevision, ...]
    back: Way | None
    forth: Way | None


def plan_desk(workspace: Workspace) -> PlanDesk:
    """Return the plan with its history."""
    year = workspace.identity.year
    with workspace.reading() as session:
        states = plan_history.states(session, year)
        plan = plan_in(session, year)
    back, forth = ways(states)
    return PlanDesk(plan, tuple(reversed(states)), back, forth)


def edit_plan(workspace: Workspace, edit: Edit, since: date | None = None) -> PlanDesk:
    """Change the plan; the change is its next revision. A change of nothing leaves it as it is.

    `edit`: a pure function, such as those of `fsdesk.domain.plan.edits`.
    `since`: the first day on which the change holds; None for the whole year.

    Raises:
        InputRejectedError: When this isn't the office, or the change makes no sense.
    """
    require_office(workspace, _WHAT)
    with workspace.writing() as writing:
        before = plan_in(writing.session, workspace.identity.year)
        after = edited(writing.session, before, edit, since)
        store_change(writing, before, after, since)
    return plan_desk(workspace)


def edited(session: Session, plan: Plan, edit: Edit, since: date | None) -> Plan:
    """Return the plan as an edit would make it; nothing is stored.

    Raises:
        InputRejectedError: When the change makes no sense.
    """
    taken = codes_given(session, plan.year) | codes_of(plan)
    return with_effect(plan, lambda it: edit(it, taken), since)


def undo(workspace: Workspace) -> PlanDesk:
    """Take the last change back; that, too, is a revision.

    Raises:
        InputRejectedError: When this isn't the office, or there is nothing to take back.
    """
    return _walk(workspace, Turn.UNDO)


def redo(workspace: Workspace) -> PlanDesk:
    """Do the change again that was taken back last.

    Raises:
        InputRejectedError: When this isn't the office, or nothing was taken back.
    """
    return _walk(workspace, Turn.REDO)


def difference_at(workspace: Workspace, state: int) -> PlanDifference:
    """Return what a state of the plan changed against the one before it; nothing for the first."""
    with workspace.reading() as session:
        ids = [each.id for each in plan_history.states(session, workspace.identity.year)]
        at = ids.index(state)
        if at == 0:
            return PlanDifference()
        before, after = (plan_history.plan_at(session, one) for one in (ids[at - 1], state))
    return compare_plans(before, after)


def retired_items(workspace: Workspace) -> tuple[RetiredItem, ...]:
    """Return what left the plan and isn't back, newest first."""
    year = workspace.identity.year
    found: dict[str, RetiredItem] = {}
    with workspace.reading() as session:
        plan = plan_in(session, year)
        present = {*plan.tasks_by_code, *plan.task_of}
        counts = records.counts_by_item(session)
        # The newest first: what a plan held is unpacked only where it tells something new.
        for before, after in reversed(tuple(pairwise(plan_history.states(session, year)))):
            gone = [code for code in after.retired if code not in present and code not in found]
            if not gone:
                continue
            former = plan_history.plan_at(session, before.id)
            for code in gone:
                item = _retired(former, code, after.number, counts.get(code, 0), before.id)
                if item is not None:
                    found[code] = item
    return tuple(found.values())


def bringing_back(workspace: Workspace, item: RetiredItem) -> Edit:
    """Return the edit that puts a retired item back where it was, with its code and its records."""
    with workspace.reading() as session:
        former = plan_history.plan_at(session, item.state)
    return lambda plan, _taken: _brought_back(plan, former, item.code)


def bring_back(workspace: Workspace, item: RetiredItem, since: date | None = None) -> PlanDesk:
    """Put a retired item back where it was, with its code and so with all that was recorded.

    Raises:
        InputRejectedError: When this isn't the office, or the task it belonged to is retired, too.
    """
    return edit_plan(workspace, bringing_back(workspace, item), since)


def _brought_back(plan: Plan, former: Plan, code: str) -> Plan:
    if code in former.tasks_by_code:
        point = former.point_of[code]
        section = former.section_of[code]
        return checked(plan, place_task(plan, _unlinked(former, code), point.title, section.title))
    task = former.task_of[code].code
    if task not in plan.tasks_by_code:
        raise reject(f"它所属的任务 {task} 也已移出计划", "请先恢复该任务")
    indicator = former.indicators_by_code.get(code)
    if indicator is not None:
        return put_indicator(plan, task, indicator)
    return put_deliverable(plan, task, former.deliverables_by_code[code])


def _unlinked(former: Plan, code: str) -> Task:
    """Return a retired task; its indicators keep their links only within it."""
    task = former.tasks_by_code[code]
    own = {indicator.code for indicator in task.indicators}

    def kept(indicator: Indicator) -> Indicator:
        part_of = indicator.part_of if indicator.part_of in own else ""
        return replace(indicator, part_of=part_of)

    return replace(task, indicators=tuple(map(kept, task.indicators)))


def _walk(workspace: Workspace, turn: Turn) -> PlanDesk:
    require_office(workspace, _WHAT)
    year = workspace.identity.year
    with workspace.writing() as writing:
        before = plan_in(writing.session, year)
        back, forth = ways(plan_history.states(writing.session, year))
        way, word = (back, "撤销") if turn is Turn.UNDO else (forth, "重做")
        if way is None:
            raise reject(f"没有可以{word}的修改", "计划没有变化")
        plan = plan_history.plan_at(writing.session, way.to)
        label = f"{word}：{way.label}"
        plan = numbered(plan, next_revision(writing.session, before))
        plans.save_plan(writing, plan, turn, label)
    return plan_desk(workspace)


def codes_given(session: Session, year: int) -> set[str]:
    """Return the codes that left the plan or have records, and so must not be given again."""
    states = plan_history.states(session, year)
    return {code for state in states for code in state.retired} | set(
        records.counts_by_item(session)
    )


def _retired(former: Plan, code: str, revision: int, count: int, state: int) -> RetiredItem | None:
    if code in former.tasks_by_code:
        title = former.tasks_by_code[code].title
        return RetiredItem("任务", code, title, revision, count, state)
    if code in former.indicators_by_code:
        title = former.indicators_by_code[code].name
        return RetiredItem("指标", code, title, revision, count, state)
    if code in former.deliverables_by_code:
        title = former.deliverables_by_code[code].title
        return RetiredItem("事项", code, title, revision, count, state)
    return None
