"""Undo and redo of what was typed, worked out from the change log; pure.

The log is never shortened: taking an edit back is itself a line of it. Reading the lines again in
their order gives the two stacks that every editor knows, so they outlive a restart.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fsdesk.domain.records.records import Content, RecordKey


class ChangeKind(StrEnum):
    """What a line of the change log did; the value is the word in the log."""

    RECORD = "record"
    MOVE = "move"
    UNDO = "take-back"
    REDO = "do-again"


class RecordEdit(Struct, frozen=True):
    """One edit of one record; empty content where nothing stood before."""

    key: RecordKey
    before: Content
    after: Content

    @property
    def edits(self) -> tuple[RecordEdit, ...]:
        """The edit itself, as of a step."""
        return (self,)

    @property
    def turned(self) -> RecordEdit:
        """The same step in the other direction."""
        return RecordEdit(self.key, self.after, self.before)


class PeriodMove(Struct, frozen=True):
    """Records of a unit that were moved from one period to another, as one step.

    Attributes:
        source: The period in which they stood before this step.
        edits: The records of both periods that it changed, in a stable order.
    """

    unit: str
    source: str
    target: str
    edits: tuple[RecordEdit, ...]

    @property
    def turned(self) -> PeriodMove:
        """The same step in the other direction."""
        edits = tuple(edit.turned for edit in self.edits)
        return PeriodMove(self.unit, self.target, self.source, edits)

    @property
    def items(self) -> frozenset[str]:
        """The codes of what it moves."""
        return frozenset(edit.key.item for edit in self.edits)

    @property
    def emptied(self) -> tuple[RecordKey, ...]:
        """The records that it leaves empty in their period."""
        return tuple(edit.key for edit in self.edits if edit.key.period == self.source)


# What is taken back and done again as a whole.
EditStep = RecordEdit | PeriodMove


class EditTrail(Struct, frozen=True):
    """What can be taken back and what can be done again, the latest last."""

    done: tuple[EditStep, ...]
    undone: tuple[EditStep, ...]


def trail_of(lines: Iterable[tuple[ChangeKind, EditStep]]) -> EditTrail:
    """Read the log's lines, oldest first, into the two stacks.

    A new edit ends what could be done again, as everywhere. A line whose edit lies before the
    first line that was read is passed over.
    """
    done: list[EditStep] = []
    undone: list[EditStep] = []
    for deed, step in lines:
        if deed in (ChangeKind.RECORD, ChangeKind.MOVE):
            done.append(step)
            undone.clear()
        elif deed is ChangeKind.UNDO:
            _move(step.turned, done, undone)
        else:
            _move(step, undone, done)
    return EditTrail(tuple(done), tuple(undone))


def _move(step: EditStep, source: list[EditStep], target: list[EditStep]) -> None:
    if step in source:
        del source[len(source) - 1 - source[::-1].index(step)]
        target.append(step)


def next_undo(trail: EditTrail, now: Callable[[RecordKey], Content]) -> EditStep | None:
    """Return the latest step that can be taken back: its records still stand as it left them.

    What a packet or another window changed since is passed over, so that nothing of others is
    overwritten.
    """
    return next((step for step in reversed(trail.done) if _stands(step.turned, now)), None)


def next_redo(trail: EditTrail, now: Callable[[RecordKey], Content]) -> EditStep | None:
    """Return the step that was taken back last and still fits what stands there."""
    return next((step for step in reversed(trail.undone) if _stands(step, now)), None)


def _stands(step: EditStep, now: Callable[[RecordKey], Content]) -> bool:
    """Tell whether every record is as it was before the step."""
    return all(now(edit.key) == edit.before for edit in step.edits)
