"""Changing the plan from a day on: what it was until then stays, and goes on judging its months.

An edit is made on the plan as it stands now. Where the plan was another one earlier in the time
that the edit is for, only what the edit changed is changed there: a corrected name doesn't bring
September's target into June. What an earlier state doesn't hold, or what would leave it without
sense, such as taking out a unit that still answered for tasks, stays as it was there.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.plan.edits import checked
from fsdesk.domain.plan.indicators import Derivation, Indicator, Pace
from fsdesk.domain.plan.outline import place_task
from fsdesk.domain.plan.plan import Deliverable, FormerPlan, Plan, Section, Task
from fsdesk.domain.plan.units import Directory
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_Value = TypeVar("_Value")
_Coded = TypeVar("_Coded", Indicator, Deliverable)
# One value each, whose parts belong together.
_WHOLE = (Pace, Derivation)
# Where an empty list means all: a list of these is one value.
_ALL_WHEN_EMPTY = "reporters"


def with_effect(plan: Plan, edit: Callable[[Plan], Plan], since: date | None) -> Plan:
    """Return the plan changed from a day of its year on; the days before keep what held then.

    `edit`: makes the plan as it stands now into another one.
    `since`: the first day of effect; None, or 1 January, corrects the whole year.
    InputRejectedError when the edit refuses, or the day lies outside the year.
    """
    since = first_day_of_effect(plan.year, since)
    newest = _bare(plan)
    after = _bare(edit(plan))
    return _joined(
        plan,
        [
            (until, state if since and until and until < since else _changed(newest, after, state))
            for until, state in _states(plan, since)
        ],
    )


def replaced_since(plan: Plan, new: Plan, since: date | None) -> Plan:
    """Return the plan with another one in its place from a day on, whatever held since then.

    InputRejectedError when the day lies outside the year.
    """
    since = first_day_of_effect(plan.year, since)
    if since is None:
        return new
    kept = [(until, state) for until, state in _states(plan, since) if until and until < since]
    return _joined(new, [*kept, (None, _bare(new))])


def first_day_of_effect(year: int, since: date | None) -> date | None:
    """Return the day as the plan takes it: None for the whole year.

    InputRejectedError when it lies outside the year.
    """
    if since is None or since == date(year, 1, 1):
        return None
    if since.year != year:
        raise reject(f"生效日期不在 {year} 年内", f"请填写 {year} 年内的日期")
    return since


def numbered(plan: Plan, revision: int) -> Plan:
    """Return the plan as that revision, with all that it was earlier in the year."""
    former = tuple(
        FormerPlan(each.until, replace(each.plan, revision=revision)) for each in plan.former
    )
    return replace(plan, revision=revision, former=former)


def codes_of(plan: Plan) -> set[str]:
    """Return the codes of all that the plan holds, or held earlier in the year."""
    return {
        code
        for _, state in _states(plan, None)
        for code in (
            *state.tasks_by_code,
            *state.task_of,
            *state.directory.by_code,
            *state.directory.groups_by_code,
            *(constant.code for constant in state.constants),
        )
    }


_State = tuple[date | None, Plan]


def _bare(plan: Plan) -> Plan:
    return replace(plan, former=()) if plan.former else plan


def _states(plan: Plan, since: date | None) -> list[_State]:
    """Return what held until when, oldest first, the plan of today without an end.

    The state in force on the given day is two: one until the day before, and one from then on.
    """
    states: list[_State] = [(each.until, each.plan) for each in plan.former]
    states.append((None, _bare(plan)))
    if since is not None:
        at = next(n for n, (until, _) in enumerate(states) if until is None or until >= since)
        before = since - timedelta(days=1)
        if not at or states[at - 1][0] != before:
            states.insert(at, (before, states[at][1]))
    return states


def _joined(plan: Plan, states: Sequence[_State]) -> Plan:
    """Return the plan of these states; those that follow one another and say the same are one."""
    *former, (_, newest) = states
    kept: list[FormerPlan] = []
    following = [state for _, state in states[1:]]
    for (until, state), after in zip(former, following, strict=True):
        if until is not None and _same(state) != _same(after):
            kept.append(FormerPlan(until, replace(state, revision=plan.revision)))
    return replace(newest, revision=plan.revision, former=tuple(kept))


def _same(plan: Plan) -> Plan:
    return replace(plan, revision=1)


def _changed(base: Plan, after: Plan, state: Plan) -> Plan:
    """Return a state with what an edit changed; as it is where that would make no sense."""
    if _same(state) == _same(base):
        return after
    merged = replace(
        state,
        title=_merged(base.title, after.title, state.title),
        issuer=_merged(base.issuer, after.issuer, state.issuer),
        overall_requirement=_merged(
            base.overall_requirement, after.overall_requirement, state.overall_requirement
        ),
        sections=_sections(base, after, state),
        directory=Directory(
            _merged(base.directory.units, after.directory.units, state.directory.units),
            _merged(base.directory.groups, after.directory.groups, state.directory.groups),
        ),
        constants=_merged(base.constants, after.constants, state.constants),
        carried_from=_merged(base.carried_from, after.carried_from, state.carried_from),
    )
    try:
        return checked(state, merged) if _nothing_is_lost(base, state, merged) else state
    except InputRejectedError:
        return state


def _nothing_is_lost(base: Plan, state: Plan, merged: Plan) -> bool:
    """Tell whether all that only this state held is still there, and names mean one party each."""
    directory = merged.directory
    names = [
        fold(name)
        for party in (*directory.units, *directory.groups)
        for name in (party.name, *party.aliases)
    ]
    alone = state.task_of.keys() - base.task_of.keys()
    return alone <= merged.task_of.keys() and len(set(names)) == len(names)


def _sections(base: Plan, after: Plan, state: Plan) -> tuple[Section, ...]:
    """Return the outline with merged tasks.

    Where tasks only came and went the state keeps its outline; else it gets the edit's.
    """
    own = _Items(base, after, state)
    tasks = [own.in_task(task) for task in _merged(base.tasks, after.tasks, state.tasks)]
    common = base.tasks_by_code.keys() & after.tasks_by_code.keys()
    restructured = _outline(base, common) != _outline(after, common)
    frame = after if restructured else state
    placed = _with_tasks(frame, {task.code: task for task in tasks})
    for task in tasks:
        if task.code not in frame.tasks_by_code:
            home = after if task.code in after.tasks_by_code else state
            point, section = home.point_of[task.code], home.section_of[task.code]
            placed = place_task(placed, task, point.title, section.title)
    return placed.sections


class _Items:
    """Indicators and deliverables, which an edit may move to another task, in a state's wording."""

    def __init__(self, base: Plan, after: Plan, state: Plan) -> None:
        plans = (base, after, state)
        self._indicators = [plan.indicators_by_code for plan in plans]
        self._deliverables = [plan.deliverables_by_code for plan in plans]

    def in_task(self, task: Task) -> Task:
        return replace(
            task,
            indicators=tuple(_own(item, self._indicators) for item in task.indicators),
            deliverables=tuple(_own(item, self._deliverables) for item in task.deliverables),
        )


def _own(item: _Coded, states: Sequence[Mapping[str, _Coded]]) -> _Coded:
    base, after, state = (items.get(item.code) for items in states)
    return _merged(base, after, state) if base and after and state else item


def _outline(plan: Plan, codes: Iterable[str]) -> object:
    return [
        (
            section.title,
            [(p.title, [t.code for t in p.tasks if t.code in codes]) for p in section.points],
        )
        for section in plan.sections
    ]


def _with_tasks(plan: Plan, tasks: dict[str, Task]) -> Plan:
    return replace(
        plan,
        sections=tuple(
            replace(
                section,
                points=tuple(
                    replace(p, tasks=tuple(tasks[t.code] for t in p.tasks if t.code in tasks))
                    for p in section.points
                ),
            )
            for section in plan.sections
        ),
    )


def _merged(base: _Value, after: _Value, state: _Value) -> _Value:
    """Return what became of a value: as it is where the edit changed nothing of it."""
    if base == after:
        return state
    if state == base:
        return after
    values: tuple[Any, Any, Any] = (base, after, state)
    if all(isinstance(value, tuple) for value in values):
        return _merged_items(*values)
    if isinstance(state, Struct) and not isinstance(state, _WHOLE) and base and after:
        return _merged_fields(*values)
    return after


def _merged_fields(base: Any, after: Any, state: Any) -> Any:  # noqa: ANN401 - any item of a plan
    def value(name: str) -> object:
        was, now, held = (getattr(item, name) for item in (base, after, state))
        if name == _ALL_WHEN_EMPTY:
            return held if was == now else now
        return _merged(was, now, held)

    return replace(state, **{name: value(name) for name in state.__struct_fields__})


def _merged_items(base: Sequence[Any], after: Sequence[Any], state: Sequence[Any]) -> Any:  # noqa: ANN401
    """Return items told apart by their keys: what the edit added, took out and changed."""
    was, now, held = ({_key(item): item for item in items} for items in (base, after, state))
    if None in {**was, **now, **held}:
        return after
    found = {
        key: _merged(was[key], now[key], item) if key in was and key in now else item
        for key, item in held.items()
        if key not in was or key in now
    }
    found |= {key: item for key, item in now.items() if key not in was and key not in held}
    moved = [key for key in was if key in now] != [key for key in now if key in was]
    places = {key: place for place, key in enumerate(now)} if moved else {}
    return tuple(found[key] for key in sorted(found, key=lambda key: places.get(key, len(places))))


def _key(item: object) -> object:
    """Return what tells an item of a list apart; None for an item of a list that is one value."""
    if isinstance(item, str):
        return item
    return next(
        (getattr(item, name) for name in ("code", "party", "unit") if hasattr(item, name)), None
    )
