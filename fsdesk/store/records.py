"""Records in the database: their versions, what leads, and what differs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from fsdesk.domain.merge import Revision, Version, admit, differing, leading, succeed
from fsdesk.domain.records import (
    Content,
    Record,
    RecordKey,
    RecordKind,
    content_from_dict,
    content_to_dict,
    empty_content,
)
from fsdesk.store import audit
from fsdesk.store.tables import DataValueRow, MilestoneRow, ProgressReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from fsdesk.store.session import Writing

_Row = DataValueRow | ProgressReportRow | MilestoneRow
_TABLES: Mapping[RecordKind, type[_Row]] = {
    RecordKind.VALUE: DataValueRow,
    RecordKind.PROGRESS: ProgressReportRow,
    RecordKind.MILESTONE: MilestoneRow,
}
_FIELDS: Mapping[RecordKind, tuple[str, ...]] = {
    kind: tuple(content_to_dict(empty_content(kind))) for kind in RecordKind
}


@dataclass(frozen=True, slots=True)
class Held:
    """A version of a record as it lies in the database.

    Attributes:
        id: Row number, unique within its kind.
        record: The version.
        leading: Whether it is the one that is shown and counted.
        recorded_at: When it was typed or taken, ISO text in UTC.
        recorded_by: By whom.
    """

    id: int
    record: Record
    leading: bool
    recorded_at: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a version that came in.

    Attributes:
        before: What led before; None if nothing was recorded.
        after: What leads now.
        changed: Whether anything new was taken.
        conflicts: How many other versions with different content are kept beside it.
    """

    before: Record | None
    after: Record
    changed: bool
    conflicts: int


def held(
    session: Session,
    *,
    unit: str | None = None,
    period: str | None = None,
    kinds: Iterable[RecordKind] = tuple(RecordKind),
    leading_only: bool = True,
) -> Iterator[Held]:
    """Yield stored versions, in a stable order.

    Args:
        session: A transaction.
        unit: Only this unit's; None for all.
        period: Only this period's; None for all.
        kinds: Which kinds.
        leading_only: Leave out versions that stand beside the leading one.
    """
    for kind in kinds:
        table: Any = _TABLES[kind]
        query = select(table).order_by(table.item, table.unit, table.period, table.id)
        if unit is not None:
            query = query.where(table.unit == unit)
        if period is not None:
            query = query.where(table.period == period)
        if leading_only:
            query = query.where(table.leading)
        for row in session.scalars(query):
            yield _held(kind, row)


def load_records(
    session: Session, *, unit: str | None = None, period: str | None = None
) -> tuple[Record, ...]:
    """Return the leading versions of all records of a unit and period, or of all."""
    return tuple(item.record for item in held(session, unit=unit, period=period))


def versions_of(session: Session, key: RecordKey) -> tuple[Held, ...]:
    """Return all versions of one record, none containing another."""
    table: Any = _TABLES[key.kind]
    rows = session.scalars(
        select(table).where(
            table.item == key.item, table.unit == key.unit, table.period == key.period
        )
    )
    return tuple(_held(key.kind, row) for row in rows)


def find(session: Session, key: RecordKey) -> Record | None:
    """Return the leading version of a record, or None."""
    return next((item.record for item in versions_of(session, key) if item.leading), None)


def record_content(writing: Writing, key: RecordKey, content: Content) -> Record:
    """Store what somebody typed here; nothing happens when it is what stands there already."""
    present = versions_of(writing.session, key)
    before = next((item.record for item in present if item.leading), None)
    settled = not _differing(present)
    if before is not None and before.content == content and settled:
        return before
    if before is None and content == empty_content(key.kind):
        return Record(key, content)
    version = succeed(_versions(present), content, writing.author.workspace)
    after = Record(key, content, version.revision)
    _replace(writing, key, present, (version,), version)
    _log(writing, "record", before, after)
    return after


def take(writing: Writing, incoming: Record) -> Outcome:
    """Take a version that came in with a packet, by the rules of `fsdesk.domain.merge`."""
    present = versions_of(writing.session, incoming.key)
    before = next((item.record for item in present if item.leading), None)
    old = _versions(present)
    new = admit(old, Version(incoming.content, incoming.revision))
    chosen = leading(new, writing.author.workspace)
    after = Record(incoming.key, chosen.content, chosen.revision)
    changed = new != old
    if changed:
        _replace(writing, incoming.key, present, new, chosen)
        _log(writing, "import", before, incoming)
    return Outcome(before, after, changed, len(differing(new, chosen)))


def conflicts(session: Session) -> tuple[tuple[Held, Held], ...]:
    """Return pairs of the leading version of a record and one that differs from it."""
    by_key: dict[RecordKey, list[Held]] = defaultdict(list)
    for item in held(session, leading_only=False):
        by_key[item.record.key].append(item)
    return tuple(
        (next(item for item in items if item.leading), other)
        for items in by_key.values()
        for other in _differing(items)
    )


def _differing(items: Iterable[Held]) -> list[Held]:
    items = list(items)
    front = next((item for item in items if item.leading), None)
    if front is None:
        return []
    return [item for item in items if item.record.content != front.record.content]


def _versions(items: Iterable[Held]) -> tuple[Version[Content], ...]:
    versions = (Version(item.record.content, item.record.revision) for item in items)
    return tuple(sorted(versions, key=lambda version: str(version.revision)))


def _replace(
    writing: Writing,
    key: RecordKey,
    present: Iterable[Held],
    versions: tuple[Version[Content], ...],
    chosen: Version[Content],
) -> None:
    session = writing.session
    table = _TABLES[key.kind]
    stay = {version.revision for version in versions}
    rows = {item.record.revision: session.get_one(table, item.id) for item in present}
    for revision, row in rows.items():
        if revision in stay:
            row.leading = False
        else:
            session.delete(row)
    # Before the new leading version goes in, since only one may lead at any moment.
    session.flush()
    for version in versions:
        row = rows.get(version.revision) or _new_row(writing, key, version)
        row.leading = version.revision == chosen.revision
        session.add(row)
    session.flush()


def _new_row(writing: Writing, key: RecordKey, version: Version[Content]) -> _Row:
    row = _TABLES[key.kind](
        item=key.item,
        unit=key.unit,
        period=key.period,
        revision=str(version.revision),
        recorded_at=writing.at,
        recorded_by=writing.author.who,
    )
    for name in _FIELDS[key.kind]:
        setattr(row, name, getattr(version.content, name))
    return row


def _held(kind: RecordKind, row: _Row) -> Held:
    plain = {name: getattr(row, name) for name in _FIELDS[kind]}
    content = content_from_dict(kind, plain)
    key = RecordKey(kind, row.item, row.unit, row.period)
    record = Record(key, content, Revision.parse(row.revision))
    return Held(row.id, record, row.leading, row.recorded_at, row.recorded_by)


def _log(writing: Writing, action: str, before: Record | None, after: Record) -> None:
    audit.log(writing, action, str(after.key), _plain(before), _plain(after))


def _plain(record: Record | None) -> dict[str, object] | None:
    if record is None:
        return None
    return {**content_to_dict(record.content), "revision": str(record.revision)}
