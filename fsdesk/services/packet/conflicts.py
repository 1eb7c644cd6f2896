"""Conflicts: edits of one record made apart, kept side by side until a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.packet import sha256
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records.locking import require_open
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.records.records import Record, RecordKey
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

_LEDGER = "ledger"


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


@dataclass(frozen=True, slots=True)
class LedgerConflict:
    """Two versions of one row of a ledger; see `Conflict`."""

    id: str
    mine: LedgerEntry
    theirs: LedgerEntry


def conflicts(workspace: Workspace) -> tuple[Conflict, ...]:
    """Return all conflicts of records that wait for a decision."""
    with workspace.reading() as session:
        pairs = records.conflicts(session)
    return tuple(
        Conflict(f"{theirs.record.key.kind.value}-{theirs.id}", mine.record, theirs.record)
        for mine, theirs in pairs
    )


def ledger_conflicts(workspace: Workspace) -> tuple[LedgerConflict, ...]:
    """Return all conflicts of rows of ledgers that wait for a decision."""
    with workspace.reading() as session:
        pairs = [
            pair
            for ledger in ledgers.load_ledgers(session)
            for pair in ledgers.conflicts(session, ledger.code)
        ]
    found: list[LedgerConflict] = []
    for mine, theirs in pairs:
        # The mark tells one version of a row from another.
        mark = sha256(f"{theirs.revision}{sorted(theirs.values.items())}{theirs.gone}")[:8]
        id_ = f"{_LEDGER}-{theirs.ledger}-{theirs.id}-{mark}"
        found.append(LedgerConflict(id_, mine, theirs))
    return tuple(found)


def resolve(workspace: Workspace, conflict: str, *, keep_mine: bool) -> Record | LedgerEntry:
    """Decide a conflict; the decision is an edit of its own and travels like one.

    Return what stands from now on.

    Raises:
        InputRejectedError: When there is no such conflict, or the office has accepted the report.
    """
    listed = ledger_conflicts if conflict.startswith(f"{_LEDGER}-") else conflicts
    found = next((item for item in listed(workspace) if item.id == conflict), None)
    if found is None:
        raise reject(f"没有编号为“{conflict}”的待处理差异", "请用“conflicts”命令查看")
    kept = found.mine if keep_mine else found.theirs
    with workspace.writing() as writing:
        if isinstance(kept, LedgerEntry):
            ledgers.edit_entries(writing, [kept])
            return kept
        _check_open(workspace, writing, [kept.key])
        return records.record_content(writing, kept.key, kept.content)


def resolve_all(workspace: Workspace, *, keep_mine: bool) -> int:
    """Decide all conflicts by one rule, all or nothing.

    Where more than two versions stand side by side, the first of the others is what is kept. Return
    how many records and rows of ledgers were decided.

    Raises:
        InputRejectedError: When the office has accepted a report that one belongs to.
    """
    by_record: dict[RecordKey, Record] = {}
    for found in conflicts(workspace):
        by_record.setdefault(found.mine.key, found.mine if keep_mine else found.theirs)
    by_row: dict[str, LedgerEntry] = {}
    for row in ledger_conflicts(workspace):
        by_row.setdefault(row.mine.id, row.mine if keep_mine else row.theirs)
    with workspace.writing() as writing:
        _check_open(workspace, writing, by_record)
        for key, kept in by_record.items():
            records.record_content(writing, key, kept.content)
        ledgers.edit_entries(writing, list(by_row.values()))
    return len(by_record) + len(by_row)


def _check_open(workspace: Workspace, writing: Writing, keys: Iterable[RecordKey]) -> None:
    """What the office accepted stays; a unit may choose freely, since the office decides again."""
    if workspace.identity.is_office:
        plan = plan_in(writing.session, workspace.identity.year)
        require_open(writing.session, plan, keys)
