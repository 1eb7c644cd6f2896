"""The states that a plan went through, and which of them undoing and redoing leads to."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.plan.changes import PlanDifference


class Turn(StrEnum):
    """How a state of the plan came about."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


class PlanRevision(Struct, frozen=True):
    """A state that a plan had.

    Attributes:
        id: Counts up with every state of any plan of the workspace.
        number: The plan's revision in it.
        at: When it was made, ISO text in UTC.
        turn: Whether it was a change, or a change undone or done again.
        retired: Codes that left the plan with it.
    """

    id: int
    number: int
    at: str
    who: str
    turn: Turn
    label: str
    retired: tuple[str, ...] = ()


class Way(Struct, frozen=True):
    """A step through the history.

    Attributes:
        to: Id of the state that it leads to.
        label: The change that is undone or done again.
    """

    to: int
    label: str


class _Step(Struct, frozen=True):
    before: int
    after: int
    label: str


def ways(history: Iterable[PlanRevision]) -> tuple[Way | None, Way | None]:
    """Return where undoing and where redoing leads; None where there is nothing.

    As in every editor, a new change after an undo ends what could have been redone.

    `history`: all states of one plan, oldest first.
    """
    done: list[_Step] = []
    undone: list[_Step] = []
    present: int | None = None
    for state in history:
        if state.turn is Turn.UNDO and done:
            undone.append(done.pop())
        elif state.turn is Turn.REDO and undone:
            done.append(undone.pop())
        elif present is not None:
            done.append(_Step(present, state.id, state.label))
            undone.clear()
        present = state.id
    back = Way(done[-1].before, done[-1].label) if done else None
    forth = Way(undone[-1].after, undone[-1].label) if undone else None
    return back, forth


def summary(difference: PlanDifference) -> str:
    """Say in one line what changed: the first item, and how many more there are.

    Where no item differs by its code, only their order was changed.
    """
    kinds = (
        ("新增", difference.added),
        ("修改", difference.changed),
        ("取消", difference.removed),
    )
    told = [(word, change) for word, changes in kinds for change in changes]
    if not told:
        return "调整顺序"
    word, first = told[0]
    fields = "、".join(change.field for change in first.fields)
    line = f"{word}{first.kind}“{first.title}”" + (f"的{fields}" if fields else "")
    return line + (f"等 {len(told)} 项" if len(told) > 1 else "")
