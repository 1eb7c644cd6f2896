"""对应关系: what of the own plan answers what the level above asks for, and deciding it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.ladder.matching import (
    Confirmed,
    ItemKind,
    Match,
    MatchState,
    PlanItem,
    confirm,
    items_of,
    matches,
    unfit,
)
from fsdesk.services.ladder.own_workspace import OwnWorkspace, chosen, own_workspace
from fsdesk.services.plan.planning import current_plan
from fsdesk.store.ladder import links

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.domain.ladder.handing_down import TaskOrigin
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.workspace import Workspace


class MatchDesk(Struct, frozen=True):
    """Both plans side by side.

    Attributes:
        own: The office's own workspace.
        upper: The plan of the level above; `lower` the office's own.
        matches: What is asked of this unit, each with its partner, in the plan's order.
        choices: What of the own plan may be a partner.
    """

    own: OwnWorkspace
    upper: Plan
    lower: Plan
    matches: tuple[Match, ...]
    choices: tuple[PlanItem, ...]

    def of(self, kind: ItemKind, code: str) -> Match | None:
        """Return an item of the upper plan with its partner."""
        return next(
            (m for m in self.matches if m.upper.kind is kind and m.upper.code == code), None
        )

    def fitting(self, item: PlanItem) -> tuple[PlanItem, ...]:
        """Return what of the own plan can stand for an item of the upper plan."""
        return tuple(each for each in self.choices if not unfit(item, each))

    def count(self, *states: MatchState) -> int:
        """Return how many items are in one of these states."""
        return sum(match.state in states for match in self.matches)


def match_desk(workspace: Workspace) -> MatchDesk:
    """Return both plans side by side, with what is decided and what is proposed.

    Raises:
        InputRejectedError: When no own workspace was chosen.
        WorkspaceError: When it can't be found or opened.
    """
    with own_workspace(workspace) as own:
        return desk_with(workspace, own)


def desk_with(workspace: Workspace, own: Workspace) -> MatchDesk:
    """Return both plans side by side; the own workspace is open already."""
    lower = current_plan(own)
    with own.reading() as session:
        origins = links.task_origins(session)
    with workspace.reading() as session:
        decided = {(each.kind, each.upper): each for each in links.confirmed(session)}
    upper = current_plan(workspace)
    above, below = asked_items(upper, workspace.identity.unit), items_of(lower)
    # What was handed down is written down on both sides; where the upper side was not stored,
    # or was put back to an earlier state, the own plan still tells.
    for told in _handed_down(workspace, above, below, origins.values()):
        decided.setdefault((told.kind, told.upper), told)
    found = chosen(workspace)
    if found is None:
        raise reject("还没有选择本级的工作区", "请先选择本级办公室自己的工作区")
    return MatchDesk(found, upper, lower, matches(above, below, decided.values()), below)


def asked_items(plan: Plan, unit: str) -> tuple[PlanItem, ...]:
    """Return what a plan asks of a unit: tasks, and what it reports in them."""
    tasks = {task.code for task in plan.tasks_for(unit)}

    def asked(item: PlanItem) -> bool:
        if item.task not in tasks:
            return False
        if item.kind is not ItemKind.INDICATOR:
            return True
        return unit in plan.reporters(plan.indicators_by_code[item.code])

    return tuple(filter(asked, items_of(plan)))


def _handed_down(
    workspace: Workspace,
    upper: Sequence[PlanItem],
    lower: Sequence[PlanItem],
    origins: Iterable[TaskOrigin],
) -> Iterable[Confirmed]:
    above = {each.code: each for each in upper}
    below = {each.code: each for each in lower}
    for origin in origins:
        if origin.workspace != workspace.identity.id:
            continue
        for code, partner in ((origin.upper, origin.task), *origin.items):
            one, other = above.get(code), below.get(partner)
            if one is not None and other is not None:
                yield confirm(one, other, handed_down=True)


def confirm_matches(
    workspace: Workspace, decisions: Iterable[tuple[ItemKind, str, str]]
) -> MatchDesk:
    """Decide what belongs together: kind, code in the upper plan, code in the own one.

    An empty code says that there is no partner, and the item is typed by hand. All or nothing.

    Raises:
        InputRejectedError: When one isn't in its plan, or the two can't stand for one another.
        WorkspaceError: When the own workspace can't be found or opened.
    """
    with own_workspace(workspace) as own:
        desk = desk_with(workspace, own)
        below = {(each.kind, each.code): each for each in desk.choices}
        decided = [_decided(desk, below, *each) for each in decisions]
        with workspace.writing() as writing:
            links.save_confirmed(writing, decided)
        return desk_with(workspace, own)


def _decided(
    desk: MatchDesk,
    below: dict[tuple[ItemKind, str], PlanItem],
    kind: ItemKind,
    upper: str,
    lower: str,
) -> Confirmed:
    match = desk.of(kind, upper)
    if match is None:
        raise reject(f"上级计划没有要本单位报的{kind.label}“{upper}”", "请核对编码，或刷新后再试")
    if not lower:
        return confirm(match.upper, None)
    partner = below.get((kind, lower))
    if partner is None:
        raise reject(f"本级计划中没有{kind.label}“{lower}”", "请核对编码，或刷新后再试")
    reason = unfit(match.upper, partner)
    if reason:
        raise reject(
            f"“{match.upper.name}”与“{partner.name}”不能对应：{reason}",
            "请另选一项，或选“无对应，手工填报”",
        )
    handed_down = match.handed_down and match.lower == partner
    return confirm(match.upper, partner, handed_down=handed_down)


def confirm_proposed(workspace: Workspace) -> tuple[MatchDesk, int]:
    """Confirm all that is proposed; return the desk then, and how many were.

    Raises: as `confirm_matches`.
    """
    desk = match_desk(workspace)
    proposed = [
        (match.upper.kind, match.upper.code, match.lower.code)
        for match in desk.matches
        if match.state is MatchState.PROPOSED and match.lower is not None
    ]
    if not proposed:
        return desk, 0
    return confirm_matches(workspace, proposed), len(proposed)


def take_back(workspace: Workspace, kind: ItemKind, upper: str) -> bool:
    """Take back what was decided of an item; it is proposed anew. Tell whether anything was."""
    with workspace.writing() as writing:
        return links.forget_confirmed(writing, kind, upper)
