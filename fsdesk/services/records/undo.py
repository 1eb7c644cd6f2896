"""Undo and redo of what was typed, also after the program was closed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.records.records import RecordKey, RecordKind, content_from_dict, empty_content
from fsdesk.domain.records.undo import (
    ChangeKind,
    EditTrail,
    RecordEdit,
    next_redo,
    next_undo,
    trail_of,
)
from fsdesk.services.records import recording
from fsdesk.store import audit
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.domain.records.records import Content
    from fsdesk.services.records.recording import Saved
    from fsdesk.store.audit import Change
    from fsdesk.workspace import Workspace

# How far back one can go; older edits stay in the log and in the earlier versions.
MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class UndoState:
    """Whether there is something to take back, and something to do again."""

    undo: RecordEdit | None
    redo: RecordEdit | None


@dataclass(frozen=True, slots=True)
class UndoneEdit:
    """An edit that was taken back or done again."""

    step: RecordEdit
    saved: Saved


def undo_state(workspace: Workspace, unit: str, period: str) -> UndoState:
    """Return what could be taken back and done again in a unit's form of a period."""
    with workspace.reading() as session:
        lines = audit.latest(session, tuple(ChangeKind), f"%/{unit}/{period}", MOST_STEPS)
        stands = {r.key: r.content for r in records.load_records(session, unit=unit, period=period)}
    trail: EditTrail = trail_of(_steps(lines))

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


def _go(workspace: Workspace, step: RecordEdit, deed: ChangeKind) -> UndoneEdit:
    (saved,) = recording.save_all(workspace, [(step.key, step.after)], deed)
    return UndoneEdit(step, saved)


def _steps(lines: tuple[Change, ...]) -> Iterator[tuple[ChangeKind, RecordEdit]]:
    """Read lines of the log, given newest first, in the order in which things happened."""
    for line in reversed(lines):
        kind, item, unit, period = line.subject.split("/")
        key = RecordKey(RecordKind(kind), item, unit, period)
        yield (
            ChangeKind(line.action),
            RecordEdit(key, _content(key.kind, line.before), _content(key.kind, line.after)),
        )


def _content(kind: RecordKind, plain: str | None) -> Content:
    return content_from_dict(kind, json.loads(plain)) if plain else empty_content(kind)
