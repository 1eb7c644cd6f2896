"""Undoing the last import: what it changed is put back, what was edited since stays."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.merge import Revision, Version
from fsdesk.domain.records import (
    RecordKey,
    RecordKind,
    content_from_dict,
    content_to_dict,
)
from fsdesk.store import imports, records, snapshots
from fsdesk.store.imports import Batch, ImportChange

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from fsdesk.domain.records import Content
    from fsdesk.store.records import Held
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

_RECORD = "record"


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of an import that was undone.

    Attributes:
        batch: Which import.
        packets: How many packets count as never received now.
        records: How many records were put back.
        kept: The records that were edited since, and stay as they are.
    """

    batch: Batch
    packets: int
    records: int
    kept: tuple[RecordKey, ...]


class Trail:
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
        self._changes += [
            ImportChange(
                f"{_RECORD}/{key}",
                _versions_text(records.versions(before.get(key, ()))),
                _revisions_text(versions),
            )
            for key, versions in after.items()
        ]

    @contextmanager
    def step(self, kind: str, name: str) -> Generator[None]:
        """Note what the block changes in a thing; see `fsdesk.store.snapshots`."""
        session = self._writing.session
        before = snapshots.state_of(session, kind, name)
        yield
        after = snapshots.state_of(session, kind, name)
        if after != before:
            self._changes.append(ImportChange(f"{kind}/{name}", before, after))

    def store(self) -> int:
        """Store what was noted.

        Returns:
            Id of the batch; 0 when there is none.
        """
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

    What was edited since the import stays as it is and is named. The packets can be imported
    again afterwards, as if they had never come.

    Raises:
        InputRejectedError: When there is no import left to undo.
    """
    with workspace.writing() as writing:
        batch = imports.last_batch(writing.session)
        if batch is None:
            raise reject("没有可以撤销的导入", "撤销只针对接收到的报送包、下发包和反馈包")
        undone = _undo(writing, batch)
        imports.mark_undone(writing, batch.id)
    return undone


def _undo(writing: Writing, batch: Batch) -> Undone:
    packets, restored, kept = 0, 0, list[RecordKey]()
    for change in reversed(imports.changes_of(writing.session, batch.id)):
        kind, _, name = change.subject.partition("/")
        if kind == _RECORD:
            key = _key(name)
            if _now(writing.session, key) == change.after:
                records.put_back(writing, key, _versions(key.kind, change.before))
                restored += 1
            else:
                kept.append(key)
        elif snapshots.state_of(writing.session, kind, name) == change.after:
            snapshots.put_back(writing, kind, name, change.before)
            packets += kind == "packet"
    return Undone(batch, packets, restored, tuple(sorted(kept)))


def _key(name: str) -> RecordKey:
    kind, item, unit, period = name.split("/", 3)
    return RecordKey(RecordKind(kind), item, unit, period)


def _now(session: Session, key: RecordKey) -> str:
    return _revisions_text(records.versions(records.versions_of(session, key)))


def _revisions_text(versions: Iterable[Version[Content]]) -> str:
    return json.dumps(sorted(str(version.revision) for version in versions))


def _versions_text(versions: Iterable[Version[Content]]) -> str:
    plain = [[str(v.revision), content_to_dict(v.content)] for v in versions]
    return json.dumps(plain, ensure_ascii=False)


def _versions(kind: RecordKind, text: str) -> tuple[Version[Content], ...]:
    return tuple(
        Version(content_from_dict(kind, content), Revision.parse(revision))
        for revision, content in json.loads(text)
    )
