"""Undo and redo of what was typed, also after the program was closed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from fsdesk.domain.records.records import RecordKey, RecordKind, content_from_dict, empty_content
from fsdesk.domain.records.undo import (
    ChangeKind,
    EditStep,
    EditTrail,
    PeriodMove,
    RecordEdit,
    next_redo,
    next_undo,
    trail_of,
)
from fsdesk.services.records import moving, recording
from fsdesk.store import audit
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fsdesk.domain.records.records import Content
    from fsdesk.services.records.recording import Saved
    from fsdesk.store.audit import Change
    from fsdesk.workspace import Workspace

# How far back one can go; older edits stay in the log and in the earlier versions.
MOST_STEPS = 500


class UndoState(Struct, frozen=True):
    """Whether there is something to take back, and something to do again."""

    undo: EditStep | None
    redo: EditStep | None


class UndoneEdit(Struct, frozen=True):
    """A step that was taken back or done again, with what was stored by it."""

    step: EditStep
    saved: tuple[Saved, ...]


def undo_state(workspace: Workspace, unit: str, period: str) -> UndoState:
    """Return what could be taken back and done again in a unit's form of a period."""
    with workspace.reading() as session:
        wanted = (f"%/{unit}/{period}", f"move/{period}/{unit}/%")
        lines = audit.latest(session, tuple(ChangeKind), wanted, MOST_STEPS)
        trail: EditTrail = trail_of(_steps(lines))
        steps = (*trail.done, *trail.undone)
        stands = {
            record.key: record.content
            for moved in {period, *(edit.key.period for step in steps for edit in step.edits)}
            for record in records.load_records(session, unit=unit, period=moved)
        }

    def now(key: RecordKey) -> Content:
        return stands.get(key, empty_content(key.kind))

    return UndoState(next_undo(trail, now), next_redo(trail, now))


def undo(workspace: Workspace, unit: str, period: str) -> UndoneEdit | None:
    """Take back the latest edit in a unit's form of a period; None when there is none.

    Raises:
        InputRejectedError: When what stood there before breaks a rule today.
    """
    step = undo_state(workspace, unit, period).undo
    return None if step is None else _go(workspace, step.turned, ChangeKind.UNDO)


def redo(workspace: Workspace, unit: str, period: str) -> UndoneEdit | None:
    """Do again what was taken back last; None when there is nothing; raises as `undo`."""
    step = undo_state(workspace, unit, period).redo
    return None if step is None else _go(workspace, step, ChangeKind.REDO)


def _go(workspace: Workspace, step: EditStep, deed: ChangeKind) -> UndoneEdit:
    if isinstance(step, PeriodMove):
        with workspace.writing() as writing:
            return UndoneEdit(step, moving.carry_out(workspace, writing, step, deed))
    return UndoneEdit(step, recording.save_all(workspace, [(step.key, step.after)], deed))


def _steps(lines: tuple[Change, ...]) -> Iterator[tuple[ChangeKind, EditStep]]:
    """Read lines of the log, given newest first, in the order in which things happened."""
    for line in reversed(lines):
        before, after = (json.loads(text or "{}") for text in (line.before, line.after))
        if line.subject.startswith("move/"):
            _, source, unit, target = line.subject.split("/")
            edits = tuple(_edit(subject, before.get(subject), after[subject]) for subject in after)
            yield ChangeKind(line.action), PeriodMove(unit, source, target, edits)
        else:
            yield ChangeKind(line.action), _edit(line.subject, before, after)


def _edit(
    subject: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> RecordEdit:
    kind, item, unit, period = subject.split("/")
    key = RecordKey(RecordKind(kind), item, unit, period)
    return RecordEdit(key, _content(key.kind, before), _content(key.kind, after))


def _content(kind: RecordKind, plain: Mapping[str, Any] | None) -> Content:
    return content_from_dict(kind, plain) if plain else empty_content(kind)
