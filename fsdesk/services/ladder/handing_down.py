"""分解下达, and who lags below in what the level above presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.ladder.handing_down import HandedDown, HandingDown, TaskOrigin, handed_down
from fsdesk.domain.ladder.matching import ItemKind, confirm, items_of
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.effect import codes_of
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.shares import PacedText, paced
from fsdesk.domain.supervision.letters import REPORT_ITEM
from fsdesk.services.ladder import matching
from fsdesk.services.ladder.own_workspace import chosen, own_workspace
from fsdesk.services.plan import plan_editing
from fsdesk.services.plan.planning import current_plan, plan_in, store_change
from fsdesk.services.status import aggregation
from fsdesk.store.ladder import links

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.settings import Rules
    from fsdesk.domain.status.results import TaskResult
    from fsdesk.workspace import Workspace

_LISTED = 8


def hand_down(workspace: Workspace, wanted: HandingDown) -> HandedDown:
    """Make a task of the own plan from one of the upper plan; both sides keep what it came from.

    The own plan has a new revision, which its units get with the next packets.

    Raises:
        InputRejectedError: When no own workspace was chosen, the task has a partner already, or
            something makes no sense; nothing is changed.
        WorkspaceError: When the own workspace can't be opened, or somebody has it open.
    """
    upper, unit = current_plan(workspace), workspace.identity.unit
    with own_workspace(workspace, write=True) as own:
        desk = matching.desk_with(workspace, own)
        match = desk.of(ItemKind.TASK, wanted.task)
        settled = match is not None and (match.holds or match.handed_down)
        if match is not None and match.lower is not None and settled:
            raise reject(
                f"“{match.upper.name}”已对应本级任务 {match.lower.code}“{match.lower.name}”",
                "请在本级计划中修改它的责任分工和分解目标",
            )
        with own.writing() as writing:
            before = plan_in(writing.session, own.identity.year)
            taken = plan_editing.codes_given(writing.session, before.year) | codes_of(before)
            made = handed_down(before, taken, upper, unit, wanted)
            store_change(writing, before, made.plan, None)
            task = upper.tasks_by_code[wanted.task]
            links.save_origin(
                writing,
                TaskOrigin(
                    made.task,
                    workspace.identity.id,
                    task.code,
                    task.title,
                    upper.title,
                    upper.issuer,
                    made.items,
                ),
            )
        plan = current_plan(own)
    _note(workspace, upper, plan, ((wanted.task, made.task), *made.items))
    return replace(made, plan=plan)


def _note(workspace: Workspace, upper: Plan, own: Plan, pairs: Iterable[tuple[str, str]]) -> None:
    """Keep on the upper side, too, what came of what; the own side tells it if this fails."""
    above = {each.code: each for each in items_of(upper)}
    below = {each.code: each for each in items_of(own)}
    decided = [confirm(above[one], below[other], handed_down=True) for one, other in pairs]
    with workspace.writing() as writing:
        links.save_confirmed(writing, decided)


def origins(workspace: Workspace) -> Mapping[str, TaskOrigin]:
    """Return by code the tasks of an office's own plan that came from above."""
    with workspace.reading() as session:
        return links.task_origins(session)


class LaggingUnit(Struct, frozen=True):
    """A unit below that lags in an own task which answers one of the upper plan's.

    Attributes:
        upper: Title of the upper task; `task`: code and title of the own one.
        progress: What the unit has reached; None without data.
        shown: That beside what it should have reached, as they are written.
    """

    upper: str
    task: str
    unit: str
    progress: float | None
    shown: PacedText
    light: Light


class LaggingBelow(Struct, frozen=True):
    """Who lags below in what a letter from above presses.

    Attributes:
        pressed: How many upper tasks the letter presses.
        units: The furthest behind first, those that reported nothing after them.
        unmatched: Titles of upper tasks that no own task answers.
        owed: Where the letter presses reports, by period the names of own units whose report for
            it has not come either.
    """

    period: Period
    pressed: int = 0
    units: tuple[LaggingUnit, ...] = ()
    unmatched: tuple[str, ...] = ()
    owed: tuple[tuple[Period, tuple[str, ...]], ...] = ()


def lagging_below(workspace: Workspace, items: Iterable[str], period: str) -> LaggingBelow | None:
    """Return who lags below in what a letter from above presses, up to a period.

    `items`: codes of tasks of the upper plan, or reports by their period, as letters hold them.

    None where no own workspace was chosen.

    Raises:
        WorkspaceError: When the own workspace can't be found or opened.
    """
    if chosen(workspace) is None:
        return None
    items = tuple(items)
    when, plan = Period.parse(period), current_plan(workspace)
    pressed = [state.tasks_by_code[c] for c in items for state in [plan.holding(c)] if state]
    owing = [item for item in items if item.startswith(REPORT_ITEM)]
    reports = [Period.parse(item.removeprefix(REPORT_ITEM)) for item in owing]
    with own_workspace(workspace) as own:
        desk = matching.desk_with(workspace, own)
        status = aggregation.status_now(own, when)
        owed = tuple((each, _owing(own, each)) for each in reports)
    found: list[LaggingUnit] = []
    unmatched: list[str] = []
    for task in pressed:
        match = desk.of(ItemKind.TASK, task.code)
        if match is None or match.lower is None or not match.holds:
            unmatched.append(task.title)
            continue
        for unit in status.units:
            found += [
                _lagging(task, unit.name, each, status.rules)
                for each in unit.tasks
                if each.task.code == match.lower.code and each.light is not Light.GREEN
            ]
    order = (Light.RED, Light.YELLOW, Light.GREY)
    found.sort(key=lambda each: (order.index(each.light), each.progress or 0.0))
    return LaggingBelow(when, len(pressed), tuple(found), tuple(unmatched), owed)


def _owing(own: Workspace, period: Period) -> tuple[str, ...]:
    reports = aggregation.reports_of(own.latest, period)
    return tuple(each.name for each in reports if each.missing)


def below_words(workspace: Workspace, items: Iterable[str], period: str) -> str:
    """Say who lags below in what a letter presses; empty where no own workspace was chosen.

    Arguments and errors as `lagging_below`.
    """
    found = lagging_below(workspace, items, period)
    if found is None:
        return ""
    lines = [
        f"{each.light.mark} {each.unit}　{each.task}　{_reached(each)}" for each in found.units
    ]
    if len(lines) > _LISTED:
        lines = [*lines[:_LISTED], f"另有 {len(lines) - _LISTED} 项"]
    if found.unmatched:
        lines.append(f"本级计划没有对应任务：{'、'.join(found.unmatched)}")
    if found.pressed and not lines:
        lines.append("所督办任务本级各单位正常")
    for one, names in found.owed:
        lines.append(
            f"{one.name}报送本级未报的单位：{'、'.join(names)}"
            if names
            else f"{one.name}报送本级各单位都已交来"
        )
    return "\n".join((f"本级落实情况（截至{found.period.label}）：", *lines)) if lines else ""


def _reached(each: LaggingUnit) -> str:
    reached = f"，已达 {each.shown.reached}" if each.progress is not None else ""
    return f"{each.light.label}{reached}，应达 {each.shown.pace}"


def _lagging(upper: Task, unit: str, result: TaskResult, rules: Rules) -> LaggingUnit:
    own = f"{result.task.code} {result.task.title}"
    shown = paced(result.progress, result.pace, rules)
    return LaggingUnit(upper.title, own, unit, result.progress, shown, result.light)
