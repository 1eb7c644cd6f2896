"""Undo and redo of what was typed, worked out from the change log; pure.

The log is never shortened: taking an edit back is itself a line of it. Reading the lines again in
their order gives the two stacks that every editor knows, so they outlive a restart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fsdesk.domain.records.records import Content, RecordKey


class ChangeKind(StrEnum):
    """What a line of the change log did; the value is the word in the log."""

    RECORD = "record"
    UNDO = "take-back"
    REDO = "do-again"


@dataclass(frozen=True, slots=True)
class RecordEdit:
    """One edit of one record; empty content where nothing stood before."""

    key: RecordKey
    before: Content
    after: Content

    @property
    def turned(self) -> RecordEdit:
        """The same step in the other direction."""
        return RecordEdit(self.key, self.after, self.before)


@dataclass(frozen=True, slots=True)
class EditTrail:
    """What can be taken back and what can be done again, the latest last."""

    done: tuple[RecordEdit, ...]
    undone: tuple[RecordEdit, ...]


def trail_of(lines: Iterable[tuple[ChangeKind, RecordEdit]]) -> EditTrail:
    """Read the log's lines, oldest first, into the two stacks.

    A new edit ends what could be done again, as everywhere. A line whose edit lies before the
    first line that was read is passed over.
    """
    done: list[RecordEdit] = []
    undone: list[RecordEdit] = []
    for deed, step in lines:
        if deed is ChangeKind.RECORD:
            done.append(step)
            undone.clear()
        elif deed is ChangeKind.UNDO:
            _move(step.turned, done, undone)
        else:
            _move(step, undone, done)
    return EditTrail(tuple(done), tuple(undone))


def _move(step: RecordEdit, source: list[RecordEdit], target: list[RecordEdit]) -> None:
    if step in source:
        del source[len(source) - 1 - source[::-1].index(step)]
        target.append(step)


def next_undo(trail: EditTrail, now: Callable[[RecordKey], Content]) -> RecordEdit | None:
    """Return the latest edit that can be taken back: its record still stands as the edit left it.

    What a packet or another window changed since is passed over, so that nothing of others is
    overwritten.
    """
    return next((step for step in reversed(trail.done) if now(step.key) == step.after), None)


def next_redo(trail: EditTrail, now: Callable[[RecordKey], Content]) -> RecordEdit | None:
    """Return the edit that was taken back last and still fits what stands there."""
    return next((step for step in reversed(trail.undone) if now(step.key) == step.before), None)
