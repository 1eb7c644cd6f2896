"""Undoing the last import: what it changed is put back, what was edited since stays."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.plain import canonical
from fsdesk.domain.records.merge import Revision, Version
from fsdesk.domain.records.records import RecordKey, RecordKind, content_from_dict, content_to_dict
from fsdesk.services.packet import taken_files
from fsdesk.services.packet.taken_files import LEDGER, PACKET, RECORDS
from fsdesk.services.records.locking import locked
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import imports, snapshots
from fsdesk.store.packet.imports import ImportChange
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Mapping

    from fsdesk.domain.packet.exchanged import Batch
    from fsdesk.domain.records.records import Content
    from fsdesk.store.ledger.ledgers import LedgerTrail
    from fsdesk.store.packet.imports import FileChanges
    from fsdesk.store.records.records import Held
    from fsdesk.store.records.submissions import Submission
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace


class Undone(Struct, frozen=True):
    """What became of an import that was undone.

    Attributes:
        packets: How many packets count as never received now.
        kept: The records and rows of ledgers that were edited or accepted since, and stay.
    """

    batch: Batch
    packets: int
    records: int
    kept: tuple[RecordKey | str, ...]


class ImportTrail:
    """Notes what a packet changes while it is taken."""

    def __init__(self, writing: Writing, batch: int) -> None:
        """Add to a batch; 0 begins a new one when there is something to note."""
        self._writing, self._batch = writing, batch
        self._changes: list[ImportChange] = []

    @property
    def changed(self) -> bool:
        """Whether anything was changed."""
        return bool(self._changes)

    def took(
        self,
        before: Mapping[RecordKey, tuple[Held, ...]],
        after: Mapping[RecordKey, tuple[Version[Content], ...]],
    ) -> None:
        """Note which versions of records were held before, and which are now."""
        if after:
            known = [key for key in after if key in before] if before else []
            was = {str(key): _versions_plain(before[key]) for key in known}
            now = {str(key): _revisions(versions) for key, versions in after.items()}
            self._changes.append(ImportChange(RECORDS, canonical(was), canonical(now)))

    def took_entries(self, trails: Iterable[LedgerTrail]) -> None:
        """Note what was changed in ledgers."""
        self._changes += [
            ImportChange(
                f"{LEDGER}/{trail.ledger}", canonical(trail.before), canonical(trail.after)
            )
            for trail in trails
        ]

    @contextmanager
    def step(self, kind: str, name: str) -> Generator[None]:
        """Note what the block changes in a thing; see `fsdesk.store.packet.snapshots`."""
        session = self._writing.session
        before = snapshots.state_of(session, kind, name)
        yield
        after = snapshots.state_of(session, kind, name)
        if after != before:
            self._changes.append(ImportChange(f"{kind}/{name}", before, after))

    def change_submission(
        self, unit: str, period: str, change: Callable[[Submission | None], Submission]
    ) -> None:
        """Change a unit's submission, and note it with one look at what stands."""
        kind, name = "submission", f"{unit}/{period}"
        stood = snapshots.rows_of(self._writing.session, kind, name)
        stands = next(map(submissions.submission_of, stood[kind]), None)
        row = submissions.put_submission(self._writing, stands, change(stands))
        before, after = snapshots.state_with(stood), snapshots.state_with({**stood, kind: [row]})
        if after != before:
            self._changes.append(ImportChange(f"{kind}/{name}", before, after))

    def added_packet(self, digest: str) -> None:
        """Note that a packet was not known before."""
        self._changes.append(ImportChange(f"{PACKET}/{digest}", "", ""))

    def store(self) -> int:
        """Store what was noted; return the batch's id, 0 when there is none."""
        if self._changes:
            self._batch = self._batch or imports.open_batch(self._writing)
            imports.save_changes(self._writing, self._batch, self._changes)
        return self._batch


def last_import(workspace: Workspace) -> Batch | None:
    """Return the newest import that was not undone, or None."""
    with workspace.reading() as session:
        return imports.last_batch(session)


def undo_last_import(workspace: Workspace) -> Undone:
    """Bring back what stood here before the last import, all or nothing.

    What was edited or accepted since the import stays as it is and is named. The packets can be
    imported again afterwards, as if they had never come.

    Raises:
        InputRejectedError: When there is no import left to undo.
    """
    with workspace.writing() as writing:
        batch = _last(writing.session)
        undone = _undo(writing, batch, imports.files_of(writing.session, batch.id))
        imports.mark_undone(writing, batch.id)
    return undone


def undo_files(workspace: Workspace, batch: int, places: Collection[int]) -> Undone:
    """Take back some files of the last import, all or none; the others stay as if alone.

    `batch`: the import, by its id, as the user was shown it.
    `places`: which of its files, as `fsdesk.services.packet.taken_files` lists them.

    Raises:
        InputRejectedError: When another import came since, or one of the files can't be taken
            back without what rests on it.
    """
    with workspace.writing() as writing:
        last = _last(writing.session)
        if last.id != batch:
            raise reject("其后又接收了其他文件", "请重新打开“撤销接收”，再选择文件")
        listed = imports.files_of(writing.session, batch)
        taken_files.check_selection(writing.session, listed, places)
        chosen = [each for each in listed if each.place in places]
        undone = _undo(writing, last, chosen)
        imports.mark_undone(writing, batch, sorted(places))
        if len(chosen) == len(listed):
            imports.mark_undone(writing, batch)
    return undone


def _last(session: Session) -> Batch:
    batch = imports.last_batch(session)
    if batch is None:
        raise reject("没有可以撤销的导入", "撤销只针对接收到的报送包、下发包和反馈包")
    return batch


def _undo(writing: Writing, batch: Batch, files: Iterable[FileChanges]) -> Undone:
    packets, restored, kept = 0, 0, list[RecordKey | str]()
    for change in reversed([change for each in files for change in each.changes]):
        if change.subject == RECORDS:
            edited = _undo_records(writing, change)
            restored += len(json.loads(change.after)) - len(edited)
            kept += edited
            continue
        kind, _, name = change.subject.partition("/")
        if kind == LEDGER:
            before, after = json.loads(change.before), json.loads(change.after)
            stay = ledgers.put_back(writing, name, before, after)
            restored += len(after) - len(stay)
            kept += [f"{name}/{id_}" for id_ in stay]
        elif kind == PACKET:
            submissions.forget_packet(writing, name)
            packets += 1
        elif snapshots.state_of(writing.session, kind, name) == change.after:
            snapshots.put_back(writing, kind, name, change.before)
    return Undone(batch, packets, restored, tuple(sorted(kept, key=str)))


def _undo_records(writing: Writing, change: ImportChange) -> list[RecordKey]:
    """Put records back; returns those that were edited or accepted since."""
    session, before = writing.session, json.loads(change.before)
    came = {_key(name): after for name, after in json.loads(change.after).items()}
    held: dict[RecordKey, tuple[Held, ...]] = {}
    accepted: set[tuple[str, str]] = set()
    for unit, period in {(key.unit, key.period) for key in came}:
        held |= records.load_versions(session, unit=unit, period=period)
        if locked(session, unit, period):
            accepted.add((unit, period))
    earlier: dict[RecordKey, tuple[Version[Content], ...]] = {}
    edited: list[RecordKey] = []
    for key, after in came.items():
        stands = _revisions(records.plain_versions(held.get(key, ())))
        if stands != after or (key.unit, key.period) in accepted:
            edited.append(key)
        else:
            earlier[key] = tuple(
                Version(content_from_dict(key.kind, content), Revision.parse(revision))
                for revision, content in before.get(str(key), [])
            )
    records.put_back(writing, earlier, held)
    return edited


def _key(name: str) -> RecordKey:
    kind, item, unit, period = name.split("/", 3)
    return RecordKey(RecordKind(kind), item, unit, period)


def _revisions(versions: Iterable[Version[Content]]) -> list[str]:
    return sorted([str(version.revision) for version in versions])


def _versions_plain(items: Iterable[Held]) -> list[list[object]]:
    versions = records.plain_versions(items)
    return [[str(v.revision), content_to_dict(v.content)] for v in versions]
