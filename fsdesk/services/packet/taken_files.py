"""The files of the last import, one by one: which can be taken back by itself, and why not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.records.records import RecordKey
from fsdesk.services.records.locking import locked
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import imports, snapshots
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from fsdesk.domain.packet.exchanged import Batch, PacketNote
    from fsdesk.store.packet.imports import FileChanges, ImportChange
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

# What an import changed, by the first word of a change's subject.
RECORDS, PACKET, LEDGER = "records", "packet", "ledger"
# What belongs to the period of its packet alone; all else is shared by all packets of a unit.
_OF_A_PERIOD = frozenset({RECORDS, PACKET, "submission", "evidence"})
_BUILT_UPON = {
    "submission": "接收后已审核",
    "evidence": "接收后佐证材料又有增减",
    "letter": "接收后函件又有登记",
    "signer": "接收后密钥已核对或作废",
}
_OTHERWISE = "接收后计划、规则或设置又有改动"


class TakenFile(Struct, frozen=True):
    """One file of the last import.

    Attributes:
        place: Which of the import's files it is.
        note: What is known of its packet; None where nothing is.
        records: How many records and rows of ledgers it changed.
        built_upon: Why it can't be taken back by itself; empty when it can.
        under: Places of later files that rest on it: they have to be taken back with it.
    """

    place: int
    note: PacketNote | None
    records: int
    built_upon: str
    under: tuple[int, ...]


class TakenFiles(Struct, frozen=True):
    """The last import that was not undone, with its files in the order of their coming."""

    batch: Batch
    files: tuple[TakenFile, ...]


def last_files(workspace: Workspace) -> TakenFiles | None:
    """Return the files of the last import that was not undone; None when there is none."""
    with workspace.reading() as session:
        batch = imports.last_batch(session)
        if batch is None:
            return None
        return TakenFiles(batch, _looked_at(session, imports.files_of(session, batch.id)))


def check_selection(
    session: Session, listed: Sequence[FileChanges], places: Collection[int]
) -> None:
    """Refuse to take files back on which something is built that would stay.

    Raises:
        InputRejectedError: When there are none, or one can't be taken back without the others.
    """
    looked = {each.place: each for each in _looked_at(session, listed)}
    if not places or not looked.keys() >= set(places):
        raise reject("没有选择要撤销的文件", "请在清单中勾选文件")
    for each in (looked[place] for place in places):
        if each.built_upon:
            raise reject(
                f"这个文件不能单独撤销：{each.built_upon}", "请改为撤销整批，改过的内容会保留"
            )
        if not set(each.under) <= set(places):
            raise reject("其后又接收了该单位的文件", "请一并勾选其后接收的文件")


def _looked_at(session: Session, listed: Sequence[FileChanges]) -> tuple[TakenFile, ...]:
    notes = {note.digest: note for note in submissions.packets(session)}
    whose = [_note(session, each, notes) for each in listed]
    under = [
        tuple(
            later.place
            for beside, later in enumerate(listed[n + 1 :], n + 1)
            if _rests((later, whose[beside]), (each, whose[n]))
        )
        for n, each in enumerate(listed)
    ]
    # By what was changed, the file that changed it last: what it left should still stand.
    last = {name: each.place for each in listed for name in _names(each.changes)}
    found: dict[int, TakenFile] = {}
    for n in reversed(range(len(listed))):
        each = listed[n]
        own = {name for name in _names(each.changes) if last[name] == each.place}
        above = (found[place].built_upon for place in under[n])
        why = _built_upon(session, each, own) or next(filter(None, above), "")
        count = sum(_kind(name) in {RECORDS, LEDGER} for name in _names(each.changes))
        found[each.place] = TakenFile(each.place, whose[n], count, why, under[n])
    return tuple(found[each.place] for each in listed)


def _note(
    session: Session, file: FileChanges, notes: Mapping[str, PacketNote]
) -> PacketNote | None:
    digests = (c.subject.partition("/")[2] for c in file.changes if _kind(c.subject) == PACKET)
    known = next((notes[digest] for digest in digests if digest in notes), None)
    return known or (submissions.packet_of_id(session, file.packet) if file.packet else None)


def _rests(
    later: tuple[FileChanges, PacketNote | None], earlier: tuple[FileChanges, PacketNote | None]
) -> bool:
    """Tell whether a later file would have brought something else without an earlier one.

    A packet says again what the unit's earlier ones said: all rows of its ledgers, all replies to
    letters, its key. What it did not change because it was there already would be missing.
    """
    (file, note), (before, known) = later, earlier
    if note is None or known is None or not _names(file.changes).isdisjoint(_names(before.changes)):
        return True
    if note.unit != known.unit:
        return False
    shared = any(_kind(change.subject) not in _OF_A_PERIOD for change in before.changes)
    handed_down = known.kind is not PacketKind.REPORT
    return shared or handed_down or note.period == known.period


def _kind(subject: str) -> str:
    return subject.partition("/")[0]


def _names(changes: Iterable[ImportChange]) -> set[str]:
    """Return by name each single thing that was changed: records and rows one by one."""
    found: set[str] = set()
    for change in changes:
        if _kind(change.subject) in {RECORDS, LEDGER}:
            found |= {f"{change.subject}/{name}" for name in json.loads(change.after)}
        else:
            found.add(change.subject)
    return found


def _built_upon(session: Session, file: FileChanges, own: Collection[str]) -> str:
    """Say why what a file left does not stand any more; `own`: what no later file changed."""
    return next(_reasons(session, file.changes, own), "")


def _reasons(
    session: Session, changes: Iterable[ImportChange], own: Collection[str]
) -> Iterator[str]:
    edited = 0
    for change in changes:
        kind, _, name = change.subject.partition("/")
        if kind == RECORDS:
            if any(locked(session, *whose) for whose in _reports(json.loads(change.after))):
                yield "已审核接收，要先撤销审核或重新开放"
            edited += _edited_records(session, change, own)
        elif kind == LEDGER:
            edited += _edited_rows(session, name, change, own)
        elif kind == PACKET or change.subject not in own:
            continue
        elif snapshots.state_of(session, kind, name) != change.after:
            yield _BUILT_UPON.get(kind, _OTHERWISE)
    if edited:
        yield f"接收后又改过或处理过其中 {edited} 项"


def _reports(names: Iterable[str]) -> set[tuple[str, str]]:
    found = (RecordKey.parts(name) for name in names)
    return {(unit, period) for _, _, unit, period in found}


def _edited_records(session: Session, change: ImportChange, own: Collection[str]) -> int:
    after = json.loads(change.after)
    present = {
        str(key): sorted(str(item.record.revision) for item in items)
        for unit, period in _reports(after)
        for key, items in records.load_versions(session, unit=unit, period=period).items()
    }
    mine = {name: left for name, left in after.items() if f"{RECORDS}/{name}" in own}
    return sum(present.get(name, []) != sorted(left) for name, left in mine.items())


def _edited_rows(session: Session, ledger: str, change: ImportChange, own: Collection[str]) -> int:
    after = json.loads(change.after)
    mine = {id_: left for id_, left in after.items() if f"{change.subject}/{id_}" in own}
    held = ledgers.versions_of(session, ledger, mine)
    return sum(
        sorted(str(item.entry.revision) for item in held.get(id_, ())) != sorted(left)
        for id_, left in mine.items()
    )
