"""Conflicts: edits of one record made apart, kept side by side until a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.store import records

if TYPE_CHECKING:
    from fsdesk.domain.records import Record, RecordKey
    from fsdesk.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of one record.

    Attributes:
        id: Text by which it is named; the same as long as the conflict stands.
        mine: The version that is shown and counted here.
        theirs: The version kept beside it.
    """

    id: str
    mine: Record
    theirs: Record


def conflicts(workspace: Workspace) -> tuple[Conflict, ...]:
    """Return all conflicts that wait for a decision."""
    with workspace.reading() as session:
        pairs = records.conflicts(session)
    return tuple(
        Conflict(f"{theirs.record.key.kind.value}-{theirs.id}", mine.record, theirs.record)
        for mine, theirs in pairs
    )


def resolve(workspace: Workspace, conflict: str, *, keep_mine: bool) -> Record:
    """Decide a conflict; the decision is an edit of its own and travels like one.

    Raises:
        InputRejectedError: When there is no such conflict.
    """
    found = next((item for item in conflicts(workspace) if item.id == conflict), None)
    if found is None:
        raise reject(f"没有编号为“{conflict}”的待处理差异", "请用“conflicts”命令查看")
    kept = found.mine if keep_mine else found.theirs
    with workspace.writing() as writing:
        return records.record_content(writing, kept.key, kept.content)


def resolve_all(workspace: Workspace, *, keep_mine: bool) -> int:
    """Decide all conflicts by one rule, all or nothing.

    Where more than two versions stand side by side, the first of the others is what is kept.

    Returns:
        How many records were decided.
    """
    by_record: dict[RecordKey, Record] = {}
    for found in conflicts(workspace):
        by_record.setdefault(found.mine.key, found.mine if keep_mine else found.theirs)
    with workspace.writing() as writing:
        for key, kept in by_record.items():
            records.record_content(writing, key, kept.content)
    return len(by_record)
