"""The rows of ledgers in the database: versions side by side, taken and edited in bulk.

A row carries its own history in its revision, so that the change log gets one line for what was
written to a ledger in one go, with a digest over it: a line for each of thousands of rows would
cost more than the rows, and prove no more. What people edit by hand is logged row by row.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import func, select

from fsdesk.domain.ledger.codec import entry_from_dict
from fsdesk.store.ledger.batch import HeldVersion, ImportedRows, LedgerBatch, content_of
from fsdesk.store.ledger.declarations import declared
from fsdesk.store.ledger.layout import BESIDE, BESIDE_REMOVED, SHOWN, LedgerLayout
from fsdesk.store.ledger.tables import LEDGER_BATCH, LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.store.session import Author, Session, Writing


def take_entries(writing: Writing, incoming: Sequence[LedgerEntry]) -> ImportedRows:
    """Take rows that come from elsewhere, by the rules of `fsdesk.domain.records.merge`.

    `incoming`: rows with their revisions, of any ledgers, in any order. A row without an id is
    matched by its natural key.
    InputRejectedError when a ledger isn't declared here.
    """
    return _merged([batch.stored(writing) for batch in _taking(writing.session, incoming)])


def preview_taking(session: Session, incoming: Sequence[LedgerEntry], local: str) -> ImportedRows:
    """Tell what `take_entries` would do, and change nothing; ledgers must be declared.

    `local`: id of this workspace.
    """
    return _merged([batch.counted(local) for batch in _taking(session, incoming)])


def edit_entries(writing: Writing, edits: Sequence[LedgerEntry]) -> ImportedRows:
    """Store what somebody typed or imported here: each a new edit of this workspace.

    `edits`: whole rows; their revisions do not matter. One without an id is the row with its
    natural key, or a new one. One that is gone is removed.
    InputRejectedError when a ledger isn't declared here.
    """
    batches = _editing(writing.session, edits, writing.author)
    return _merged([each.stored(writing) for each in batches])


def preview_edits(session: Session, edits: Sequence[LedgerEntry], author: Author) -> ImportedRows:
    """Tell what `edit_entries` would do, and change nothing; ledgers must be declared."""
    return _merged([batch.counted(author.workspace) for batch in _editing(session, edits, author)])


def remove(writing: Writing, ledger: str, ids: Sequence[str]) -> ImportedRows:
    """Remove rows of a declared ledger: an edit that travels like any other."""
    held = versions_of(writing.session, ledger, ids)
    fronts = [next(item.entry for item in items if item.leading) for items in held.values()]
    return edit_entries(writing, [replace(front, gone=True) for front in fronts])


def versions_of(
    session: Session, ledger: str, ids: Iterable[str]
) -> Mapping[str, Sequence[HeldVersion]]:
    """Return all versions of rows, by id; rows that are not known are left out."""
    batch = LedgerBatch(session, LedgerLayout(declared(session, ledger)))
    batch.load(ids)
    return batch.held


def entries_by_key(
    session: Session, ledger: str, entries: Sequence[LedgerEntry]
) -> Sequence[LedgerEntry | None]:
    """Return, for each of some rows, the row that is held under its id or natural key."""
    batch = LedgerBatch(session, LedgerLayout(declared(session, ledger)))
    named = batch.prepare(entries)
    fronts = {
        id_: next(item.entry for item in items if item.leading) for id_, items in batch.held.items()
    }
    return [fronts.get(entry.id) for entry in named]


def held_keys(session: Session, ledger: str) -> Iterator[tuple[str, str]]:
    """Yield unit and natural key of each row of a ledger that is there."""
    columns = LEDGER_ENTRY.c
    query = select(columns.unit, columns.key).where(
        columns.ledger == ledger, columns.state == SHOWN
    )
    return ((unit, key) for unit, key in session.execute(query))


def conflicts(session: Session, ledger: str) -> tuple[tuple[LedgerEntry, LedgerEntry], ...]:
    """Return pairs of the leading version of a row and one that differs from it."""
    columns = LEDGER_ENTRY.c
    beside = columns.state.in_([BESIDE, BESIDE_REMOVED])
    query = select(columns.id).where(columns.ledger == ledger, beside).distinct()
    found: list[tuple[LedgerEntry, LedgerEntry]] = []
    for items in versions_of(session, ledger, session.scalars(query)).values():
        front = next(item.entry for item in items if item.leading)
        found += [
            (front, item.entry) for item in items if content_of(item.entry) != content_of(front)
        ]
    return tuple(found)


def origin_of(session: Session, version: HeldVersion) -> tuple[str, str, str]:
    """Return when a version of a row was written, by whom, and the id of the packet it came by."""
    batch = LEDGER_BATCH.c
    query = select(batch.at, batch.who, batch.packet).where(batch.id == version.batch)
    at, who, packet = session.execute(query).one()
    return at, who, packet


def all_entries(
    session: Session, ledger: str, unit: str | None = None, since: int = 0
) -> Iterator[LedgerEntry]:
    """Yield the leading versions of a ledger's rows with what was removed, as packets carry them.

    `unit`: only this unit's; None for all.
    `since`: only what was written after this batch; 0 for all.
    """
    layout = LedgerLayout(declared(session, ledger))
    columns = LEDGER_ENTRY.c
    query = select(*layout.selected).where(columns.ledger == ledger, columns.state < BESIDE)
    if unit is not None:
        query = query.where(columns.unit == unit)
    if since:
        query = query.where(columns.batch > since)
    rows = session.execute(query.order_by(columns.n).execution_options(yield_per=1000))
    return (layout.decode(row) for row in rows)


def newest_batch(session: Session) -> int:
    """Return the number of the batch that was written last, of any ledger; 0 without one."""
    return session.scalar(select(func.max(LEDGER_BATCH.c.id))) or 0


def put_back(
    writing: Writing,
    ledger: str,
    before: Mapping[str, Iterable[Mapping[str, Any]]],
    after: Mapping[str, Sequence[str]],
) -> tuple[str, ...]:
    """Undo what a `LedgerTrail` tells, except for rows that were edited since.

    Returns:
        The ids of the rows that were edited since and stay as they are.

    Raises:
        InputRejectedError: When the ledger isn't declared here, or the trail is damaged.
    """
    layout = LedgerLayout(declared(writing.session, ledger))
    batch = LedgerBatch(writing.session, layout, "undo")
    batch.load(after)
    kept: list[str] = []
    for id_, revisions in after.items():
        held = batch.held.get(id_, ())
        if sorted(str(item.entry.revision) for item in held) == sorted(revisions):
            batch.put(id_, [entry_from_dict(layout.ledger, p) for p in before.get(id_, ())])
        else:
            kept.append(id_)
    batch.stored(writing)
    return tuple(kept)


_COUNTS = ("added", "updated", "unchanged", "conflicts", "found_again")


def _merged(parts: Sequence[ImportedRows]) -> ImportedRows:
    if len(parts) == 1:
        return parts[0]
    return ImportedRows(
        **{name: sum(getattr(part, name) for part in parts) for name in _COUNTS},
        ids=tuple(id_ for part in parts for id_ in part.ids),
        trails=tuple(trail for part in parts for trail in part.trails),
    )


def _by_ledger(entries: Iterable[LedgerEntry]) -> Mapping[str, list[LedgerEntry]]:
    found: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        found[entry.ledger].append(entry)
    return found


def _taking(session: Session, incoming: Sequence[LedgerEntry]) -> list[LedgerBatch]:
    batches: list[LedgerBatch] = []
    for code, entries in _by_ledger(incoming).items():
        batch = LedgerBatch(session, LedgerLayout(declared(session, code)), "import")
        for entry in batch.prepare(entries):
            batch.take(entry)
        batches.append(batch)
    return batches


def _editing(session: Session, edits: Sequence[LedgerEntry], author: Author) -> list[LedgerBatch]:
    batches: list[LedgerBatch] = []
    for code, entries in _by_ledger(edits).items():
        batch = LedgerBatch(session, LedgerLayout(declared(session, code)), "record")
        for entry in batch.prepare(entries):
            batch.edit(entry, author)
        batches.append(batch)
    return batches
