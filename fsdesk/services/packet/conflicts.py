"""Conflicts: edits of one record made apart, kept side by side until a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.packet import sha256
from fsdesk.domain.records.submissions import Direction
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records.locking import require_open
from fsdesk.store import audit
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.records.merge import Version
    from fsdesk.domain.records.records import Content, Record, RecordKey
    from fsdesk.store.ledger.ledgers import LedgerTrail
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

_LEDGER = "ledger"


class Conflict(Struct, frozen=True):
    """Two versions of one record.

    Attributes:
        id: Text by which it is named; the same as long as the conflict stands.
        mine: The version that is shown and counted here.
        theirs: The version kept beside it.
    """

    id: str
    mine: Record
    theirs: Record


class LedgerConflict(Struct, frozen=True):
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


class Decision(Struct, frozen=True):
    """What was decided of edits made apart, with what it takes to take that back.

    Attributes:
        kept: What stands from now on.
        position: How far the change log had come before.
        records: By record, the versions that stood side by side, and the one that stands now.
        rows: Likewise by ledger and row, the former as plain values, the latter by its revision.
    """

    kept: tuple[Record | LedgerEntry, ...]
    position: int
    records: Mapping[RecordKey, tuple[tuple[Version[Content], ...], str]]
    rows: tuple[LedgerTrail, ...]

    @property
    def units(self) -> frozenset[str]:
        """Whose data was decided on."""
        return frozenset(
            each.unit if isinstance(each, LedgerEntry) else each.key.unit for each in self.kept
        )


def resolve(workspace: Workspace, conflict: str, *, keep_mine: bool) -> Record | LedgerEntry:
    """Decide a conflict; see `decide`. Return what stands from now on."""
    return decide(workspace, conflict, keep_mine=keep_mine).kept[0]


def decide(workspace: Workspace, conflict: str, *, keep_mine: bool) -> Decision:
    """Decide a conflict; the decision is an edit of its own and travels like one.

    Raises:
        InputRejectedError: When there is no such conflict, or the office has accepted the report.
    """
    listed = ledger_conflicts if conflict.startswith(f"{_LEDGER}-") else conflicts
    found = next((item for item in listed(workspace) if item.id == conflict), None)
    if found is None:
        raise reject(f"没有编号为“{conflict}”的待处理差异", "请用“conflicts”命令查看")
    return _decide(workspace, [found.mine if keep_mine else found.theirs])


def resolve_all(workspace: Workspace, *, keep_mine: bool) -> int:
    """Decide all conflicts by one rule; see `decide_all`. Return how many were decided."""
    return len(decide_all(workspace, keep_mine=keep_mine).kept)


def decide_all(workspace: Workspace, *, keep_mine: bool) -> Decision:
    """Decide all conflicts by one rule, all or nothing.

    Where more than two versions stand side by side, the first of the others is what is kept.

    Raises:
        InputRejectedError: When the office has accepted a report that one belongs to.
    """
    by_record: dict[RecordKey, Record] = {}
    for found in conflicts(workspace):
        by_record.setdefault(found.mine.key, found.mine if keep_mine else found.theirs)
    by_row: dict[str, LedgerEntry] = {}
    for row in ledger_conflicts(workspace):
        by_row.setdefault(row.mine.id, row.mine if keep_mine else row.theirs)
    return _decide(workspace, [*by_record.values(), *by_row.values()])


def _decide(workspace: Workspace, kept: Sequence[Record | LedgerEntry]) -> Decision:
    """Let some versions take the place of all that stand beside them, all or nothing."""
    by_key = {each.key: each for each in kept if not isinstance(each, LedgerEntry)}
    rows = [each for each in kept if isinstance(each, LedgerEntry)]
    with workspace.writing() as writing:
        session = writing.session
        position = audit.position(session)
        _check_open(workspace, writing, by_key)
        versions = {key: records.versions_of(session, key) for key in by_key}
        now = {
            key: str(records.record_content(writing, key, each.content).revision)
            for key, each in by_key.items()
        }
        done = ledgers.edit_entries(writing, rows)
    before = {key: records.plain_versions(held) for key, held in versions.items()}
    return Decision(
        tuple(kept), position, {key: (before[key], now[key]) for key in by_key}, done.trails
    )


def take_back(workspace: Workspace, decision: Decision) -> None:
    """Let what was decided stand side by side again, all or nothing.

    Raises:
        InputRejectedError: When something was changed since, or a packet has carried the decision
            away: others know it then.
    """
    with workspace.writing() as writing:
        session = writing.session
        for note in submissions.packets(session):
            sent = note.direction is Direction.SENT and note.log_end > decision.position
            if sent and note.unit in decision.units:
                raise reject("处理的结果已随文件发出，不能撤销", "需要改的，请直接修改这一项")
        changed = reject("处理以后又改过，不能撤销", "请直接修改这一项")
        for key, (before, revision) in decision.records.items():
            present = records.versions_of(session, key)
            if [str(item.record.revision) for item in present] != [revision]:
                raise changed
            _check_open(workspace, writing, [key])
            records.put_back(writing, {key: before}, {key: present})
        for trail in decision.rows:
            if ledgers.put_back(writing, trail.ledger, trail.before, trail.after):
                raise changed


def _check_open(workspace: Workspace, writing: Writing, keys: Iterable[RecordKey]) -> None:
    """What the office accepted stays; a unit may choose freely, since the office decides again."""
    if workspace.identity.is_office:
        plan = plan_in(writing.session, workspace.identity.year)
        require_open(writing.session, plan, keys)
