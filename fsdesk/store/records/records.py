"""Records in the database: their versions, what leads, and what differs."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from sqlalchemy import bindparam, delete, func, or_, select

from fsdesk.domain.periods import Period
from fsdesk.domain.records.figures import PeriodValue
from fsdesk.domain.records.merge import (
    NO_EDITS,
    Revision,
    Version,
    admit,
    leading,
    seen_by,
    succeed,
)
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    ProgressReport,
    Record,
    RecordKey,
    RecordKind,
    Status,
    content_in_order,
    content_to_dict,
    empty_content,
    values_of,
)
from fsdesk.domain.status.known import StatusColumns, ValueColumns
from fsdesk.store import audit
from fsdesk.store.bulk import insert_rows
from fsdesk.store.records.tables import DATA_VALUE, MILESTONE, PROGRESS_REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Select, Table
    from sqlalchemy.orm import Session

    from fsdesk.domain.records.figures import ValueTable
    from fsdesk.store.session import Writing

_TABLES: Mapping[RecordKind, Table] = {
    RecordKind.VALUE: DATA_VALUE,
    RecordKind.PROGRESS: PROGRESS_REPORT,
    RecordKind.MILESTONE: MILESTONE,
}
_FIELDS: Mapping[RecordKind, tuple[str, ...]] = {
    kind: tuple(content_to_dict(empty_content(kind))) for kind in RecordKind
}


class Held(Struct, frozen=True):
    """A version of a record as it lies in the database.

    Attributes:
        id: Row number, unique within its kind.
        leading: Whether it is the one that is shown and counted.
        recorded_at: When it was typed or taken, ISO text in UTC.
    """

    id: int
    record: Record
    leading: bool
    recorded_at: str
    recorded_by: str


def held(
    session: Session,
    *,
    unit: str | None = None,
    period: str | None = None,
    kinds: Iterable[RecordKind] = tuple(RecordKind),
    leading_only: bool = True,
) -> Iterator[Held]:
    """Yield stored versions, in a stable order.

    `unit`: only this unit's; None for all.
    `period`: only this period's; None for all.
    `leading_only`: leave out versions that stand beside the leading one.
    """
    given = {"unit": unit, "period": period}
    asked = tuple(name for name, value in given.items() if value is not None)
    for kind in kinds:
        query = _versions(kind, asked, leading_only=leading_only)
        for row in session.execute(query, {f"its_{name}": given[name] for name in asked}):
            yield _held(kind, *row)


@cache  # asked with every packet
def _versions(kind: RecordKind, asked: tuple[str, ...], *, leading_only: bool) -> Select[Any]:
    columns = _TABLES[kind].c
    wanted = [columns[name] == bindparam(f"its_{name}") for name in asked]
    return _in_order(kind).where(*wanted, *([columns.leading] if leading_only else []))


def load_records(
    session: Session, *, unit: str | None = None, period: str | None = None
) -> tuple[Record, ...]:
    """Return the leading versions of all records of a unit and period, or of all."""
    return tuple(item.record for item in held(session, unit=unit, period=period))


def value_columns(session: Session, year: int) -> Iterator[ValueColumns]:
    """Yield a year's figures that say anything, by item and unit."""
    for item, unit, rows in _by_unit(session, RecordKind.VALUE, year):
        _, _, *each = zip(*rows, strict=True)
        yield ValueColumns(item, unit, *each)


def status_columns(session: Session, year: int) -> Iterator[StatusColumns]:
    """Yield a year's states of deliverables that have one, by item and unit."""
    known = {status.value: status for status in Status}
    for item, unit, rows in _by_unit(session, RecordKind.MILESTONE, year):
        _, _, periods, states = zip(*rows, strict=True)
        yield StatusColumns(item, unit, periods, tuple([known[each] for each in states]))


def _by_unit(
    session: Session, kind: RecordKind, year: int
) -> Iterator[tuple[str, str, Sequence[Any]]]:
    """Yield a year's leading rows, very many, as the driver gives them, by item and unit."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in cast("Any", session.execute(_of_year(kind, year))).cursor.fetchall():
        found[row[0], row[1]].append(row)
    for (item, unit), rows in found.items():
        yield item, unit, rows


@cache
def _of_year(kind: RecordKind, year: int) -> Select[Any]:
    """Return the query of a year's leading rows that say anything of which figures are made.

    Put like this, the question makes SQLite go through the table as it lies on the disk. By the
    index it would look up each row anew.
    """
    columns = _TABLES[kind].c
    if kind is RecordKind.VALUE:
        numbers = (columns.value, columns.numerator, columns.denominator)
        fields = (*numbers, columns.not_applicable)
        said = (number.is_not(None) for number in numbers)
        wanted = or_(*said, columns.not_applicable, columns.note != "")
    else:
        fields, wanted = (columns.status,), columns.status.is_not(None)
    return select(columns.item, columns.unit, columns.period, *fields).where(
        columns.leading.is_(True), columns.period >= f"{year}-", columns.period < f"{year}.", wanted
    )


def load_progress(session: Session) -> Iterator[tuple[RecordKey, ProgressReport]]:
    """Yield what units said of tasks."""
    for item in held(session, kinds=[RecordKind.PROGRESS]):
        if isinstance(item.record.content, ProgressReport):
            yield item.record.key, item.record.content


def load_values(
    session: Session, *, unit: str | None = None, items: Iterable[str] | None = None
) -> ValueTable:
    """Return figures of all periods, without the rest of their records.

    `unit`: only this unit's; None for all.
    `items`: only of these indicators; None for all.
    """
    query = _FIGURES if unit is None else _FIGURES_OF_UNIT
    if items is not None:
        query = query.where(_VALUES.item.in_(items))
    table: ValueTable = {}
    # As the driver gives them: there are many.
    for row in cast("Any", session.execute(query, {"its_unit": unit})).cursor.fetchall():
        value = _figure(*row[2:])
        if value is not None:
            by_unit = table.get(row[0])
            if by_unit is None:
                by_unit = table[row[0]] = {}
            by_unit.setdefault(row[1], []).append(value)
    return table


@lru_cache(maxsize=4096)  # with each packet, a unit's figures of all earlier ones are asked for
def _figure(
    period: str,
    value: float | None,
    numerator: float | None,
    denominator: float | None,
    not_applicable: int,
    note: str,
) -> PeriodValue | None:
    """Return a figure; None where nothing is said."""
    data = DataValue(value, numerator, denominator, bool(not_applicable), note)
    return None if data == _NO_FIGURE else PeriodValue(Period.parse(period), data)


_NO_FIGURE = DataValue()
_VALUES = _TABLES[RecordKind.VALUE].c
_FIGURES = select(
    *(_VALUES[name] for name in ("item", "unit", "period", *_FIELDS[RecordKind.VALUE]))
).where(_VALUES.leading)
_FIGURES_OF_UNIT = _FIGURES.where(_VALUES.unit == bindparam("its_unit"))  # asked with every packet


def load_versions(
    session: Session,
    *,
    unit: str | None = None,
    period: str | None = None,
    kinds: Iterable[RecordKind] = tuple(RecordKind),
) -> dict[RecordKey, tuple[Held, ...]]:
    """Return all versions of all records of a unit and period, or of all; of these kinds."""
    found: dict[RecordKey, tuple[Held, ...]] = {}
    for item in held(session, unit=unit, period=period, kinds=kinds, leading_only=False):
        key = item.record.key
        found[key] = (*found.get(key, ()), item)
    return found


def stamps(session: Session, unit: str) -> Iterator[tuple[RecordKey, Revision, bool, str]]:
    """Yield the leading state of each of a unit's records: its revision, if filled, and since when.

    It is asked with every change, so that contents stay where they are.
    """
    for kind in RecordKind:
        rows = session.execute(_stamps(kind), {"its_unit": unit})
        for item, period, revision, filled, at in rows:
            key = RecordKey(kind, item, unit, period)
            yield key, Revision.parse(revision), bool(filled), at


@cache
def _stamps(kind: RecordKind) -> Select[Any, Any, Any, bool, Any]:
    columns = _TABLES[kind].c
    empty = content_to_dict(empty_content(kind))
    filled = or_(
        *(
            columns[name].is_not(None) if value is None else columns[name] != value
            for name, value in empty.items()
        )
    )
    return select(
        columns.item, columns.period, columns.revision, filled, columns.recorded_at
    ).where(columns.unit == bindparam("its_unit"), columns.leading)


def counts_by_item(session: Session) -> dict[str, int]:
    """Return how many records there are for each item that has any."""
    found: dict[str, int] = defaultdict(int)
    for table in _TABLES.values():
        counted = select(table.c.item, func.count()).where(table.c.leading).group_by(table.c.item)
        for item, count in session.execute(counted):
            found[item] += count
    return dict(found)


def versions_of(session: Session, key: RecordKey) -> tuple[Held, ...]:
    """Return all versions of one record, none containing another."""
    columns = _TABLES[key.kind].c
    rows = session.execute(
        _in_order(key.kind).where(
            columns.item == key.item, columns.unit == key.unit, columns.period == key.period
        )
    )
    return tuple(_held(key.kind, *row) for row in rows)


def find(session: Session, key: RecordKey) -> Record | None:
    """Return the leading version of a record, or None."""
    return _leading(versions_of(session, key))


def record_content(
    writing: Writing, key: RecordKey, content: Content, deed: str = "record"
) -> Record:
    """Store what somebody typed here; see `record_contents`."""
    held_now = {key: versions_of(writing.session, key)}
    return record_contents(writing, {key: content}, held_now, deed)[0]


def record_contents(
    writing: Writing,
    typed: Mapping[RecordKey, Content],
    held_now: Mapping[RecordKey, tuple[Held, ...]],
    deed: str = "record",
    subject: str = "",
    seen: Mapping[RecordKey, Content] | None = None,
) -> tuple[Record, ...]:
    """Store what somebody typed here; nothing happens to what stands there already.

    `typed`: what each record shall hold.
    `held_now`: all versions of these records that are held now.
    `deed`: what the change log calls it, see `fsdesk.domain.records.undo.ChangeKind`.
    `subject`: where all is one step, how the change log names it.
    `seen`: what stood in a record when it was typed over, as far as that is known; where something
        else stands by now, another desk wrote it meanwhile: both are kept side by side.

    Returns:
        The records as they stand now, in the order of `typed`.
    """
    batch = _Batch(writing, deed, subject)
    stands: list[Record] = []
    for key, content in typed.items():
        present = held_now.get(key, ())
        before = _leading(present)
        if before is not None and before.content == content and not differing(present):
            stands.append(before)
        elif before is None and content == empty_content(key.kind):
            stands.append(Record(key, content))
        else:
            stands.append(batch.edit(key, present, content, (seen or {}).get(key)))
    batch.store()
    return tuple(stands)


def not_seen(versions: Iterable[Version[Content]], workspace: str, base: Revision) -> bool:
    """Tell whether other desks of a workspace wrote something that whoever typed had not seen.

    What came with packets is another matter: who types over that has decided.

    `base`: of what had been seen.
    """
    return any(not base.contains(version.revision.of(workspace)) for version in versions)


def _revision_of(session: Session, key: RecordKey, content: Content) -> Revision:
    """Return the revision that a record had when this stood in it, by the change log."""
    wanted = content_to_dict(content)
    for line in audit.history(session, str(key)):
        after: dict[str, Any] = json.loads(line.after or "{}")
        if {name: after.get(name) for name in wanted} == wanted:
            return Revision.parse(str(after.get("revision", "")))
    return NO_EDITS


def take(
    writing: Writing,
    incoming: Iterable[Record],
    held_now: Mapping[RecordKey, tuple[Held, ...]],
    versions: Mapping[RecordKey, tuple[Version[Content], ...]],
) -> None:
    """Store what records become when a packet is taken, by the rules of `domain.records.merge`.

    `incoming`: what came in, for the change log.
    `held_now`: all versions of these records that are held now.
    """
    batch = _Batch(writing, "import", f"packet/{writing.packet}")
    for record in incoming:
        items = held_now.get(record.key, ()) if held_now else ()
        batch.put(record.key, items, versions[record.key], told=record)
    batch.store()


def put_back(
    writing: Writing,
    earlier: Mapping[RecordKey, tuple[Version[Content], ...]],
    present: Mapping[RecordKey, tuple[Held, ...]],
) -> None:
    """Put earlier versions of records in place of those held now, when an import is undone.

    `present`: what is held now, at least of each of them of which anything is.
    """
    batch = _Batch(writing, "undo")
    for key, versions in earlier.items():
        batch.put(key, present.get(key, ()), versions)
    batch.store()


def conflicts(session: Session) -> tuple[tuple[Held, Held], ...]:
    """Return pairs of the leading version of a record and one that differs from it."""
    found: list[tuple[Held, Held]] = []
    for kind in _TABLES:
        for item, unit, period in session.execute(_beside(kind)).all():
            items = versions_of(session, RecordKey(kind, item, unit, period))
            front = next(item for item in items if item.leading)
            found += [(front, other) for other in differing(items)]
    return tuple(found)


def differing(items: Iterable[Held]) -> list[Held]:
    """Return the versions of one record whose content differs from the leading one."""
    items = list(items)
    front = _leading(items)
    return [item for item in items if front and item.record.content != front.content]


def _leading(items: Iterable[Held]) -> Record | None:
    return next((item.record for item in items if item.leading), None)


def plain_versions(items: Iterable[Held]) -> tuple[Version[Content], ...]:
    """Return stored versions as plain ones, in a stable order."""
    found = (Version(item.record.content, item.record.revision) for item in items)
    return tuple(sorted(found, key=lambda version: str(version.revision)))


class _Batch:
    """Changes of many records, stored with a few statements however many they are."""

    def __init__(self, writing: Writing, action: str, subject: str = "") -> None:
        self._writing, self._action, self._subject = writing, action, subject
        self._gone: dict[RecordKind, list[int]] = defaultdict(list)
        self._kept: dict[RecordKind, list[tuple[Any, ...]]] = defaultdict(list)
        self._new: dict[RecordKind, list[tuple[Any, ...]]] = defaultdict(list)
        self._was: dict[str, dict[str, object]] = {}
        self._is: dict[str, dict[str, object] | None] = {}

    def put(
        self,
        key: RecordKey,
        present: Iterable[Held],
        versions: tuple[Version[Content], ...],
        told: Record | None = None,
    ) -> _Batch:
        """Put versions of a record in place of those held.

        `versions`: what shall be held; empty when nothing.
        `told`: what the change log shall say came in; what leads by default.
        """
        by_state = {(item.record.revision, item.record.content): item for item in present}
        front = leading(versions, self._writing.author.workspace) if versions else None
        for version in versions:
            known = by_state.get((version.revision, version.content)) if by_state else None
            rows = (self._kept if known else self._new)[key.kind]
            rows.append(self._row(key, version, known, is_front=version is front))
        self._gone[key.kind] += [item.id for item in by_state.values()]
        after = told or (Record(key, front.content, front.revision) if front else None)
        if by_state and (before := _plain(_leading(by_state.values()))):
            self._was[str(key)] = before
        self._is[str(key)] = _plain(after)
        return self

    def edit(
        self, key: RecordKey, present: tuple[Held, ...], content: Content, seen: Content | None
    ) -> Record:
        """Put what was typed in place of what it was typed over; return what leads from now on.

        `seen`: what stood there when it was typed; None where it was what stands now. What another
        desk wrote meanwhile is kept beside.
        """
        author, stands = self._writing.author, plain_versions(present)
        mine, told = succeed(stands, content, author.edits), None
        versions = (mine,)
        if seen is not None and present:
            session, others = self._writing.session, [v for v in stands if v.content != content]
            known = (version.revision for version in stands if version.content == seen)
            base = next(known, None) or _revision_of(session, key, seen)
            base = seen_by(author.edits, base, stands)
            if not_seen(others, author.workspace, base):
                mine = Version(content, base.edited_by(author.edits))
                versions, told = admit(stands, mine), Record(key, content, mine.revision)
        self.put(key, present, versions, told)
        front = leading(versions, author.workspace)
        return Record(key, front.content, front.revision)

    def _row(
        self, key: RecordKey, version: Version[Content], known: Held | None, *, is_front: bool
    ) -> tuple[Any, ...]:
        """Return the row of a version; one that stays keeps its number and its history."""
        return (
            *values_of(version.content),
            *([known.id] if known else ()),
            key.item,
            key.unit,
            key.period,
            str(version.revision),
            is_front,
            known.recorded_at if known else self._writing.at,
            known.recorded_by if known else self._writing.author.who,
        )

    def store(self) -> None:
        session = self._writing.session
        for kind, numbers in self._gone.items():
            for start in range(0, len(numbers), _MOST_PARAMETERS):
                part = numbers[start : start + _MOST_PARAMETERS]
                session.execute(delete(_TABLES[kind]).where(_TABLES[kind].c.id.in_(part)))
        for rows_by_kind, columns in ((self._kept, _COMMON), (self._new, _COMMON[1:])):
            for kind, rows in rows_by_kind.items():
                insert_rows(session, _TABLES[kind], (*_FIELDS[kind], *columns), rows)
        if self._subject and self._is:
            # One line for the whole step: as much is said as in one for each record.
            audit.log(self._writing, self._action, self._subject, self._was, self._is)
            return
        lines = (
            audit.LogLine(self._action, subject, self._was.get(subject), after)
            for subject, after in self._is.items()
        )
        audit.log_all(self._writing, lines)


_MOST_PARAMETERS = 500


_COMMON = ("id", "item", "unit", "period", "revision", "leading", "recorded_at", "recorded_by")


@cache
def _beside(kind: RecordKind) -> Select[Any, Any, Any]:
    """Return the query of the records that have other versions beside the leading one."""
    columns = _TABLES[kind].c
    keys = select(columns.item, columns.unit, columns.period).where(~columns.leading).distinct()
    return keys.order_by(columns.item, columns.unit)


@cache
def _in_order(kind: RecordKind) -> Select[Any]:
    """Return the query of all versions, its columns in the order in which `_held` takes them."""
    columns = _TABLES[kind].c
    wanted = (columns[name] for name in (*_COMMON, *_FIELDS[kind]))
    return select(*wanted).order_by(columns.item, columns.unit, columns.period, columns.id)


def _held(  # noqa: PLR0913, PLR0917 - the columns of a row; a year is read row by row
    kind: RecordKind,
    id_: int,
    item: str,
    unit: str,
    period: str,
    revision: str,
    leads: bool,  # noqa: FBT001
    at: str,
    who: str,
    *values: Any,  # noqa: ANN401 - of one of three tables
) -> Held:
    if kind is not RecordKind.VALUE and values[0] is not None:
        values = (Status(values[0]), *values[1:])
    content = content_in_order(kind, values)
    record = Record(RecordKey(kind, item, unit, period), content, Revision.parse(revision))
    return Held(id_, record, leads, at, who)


def _plain(record: Record | None) -> dict[str, object] | None:
    if record is None:
        return None
    plain = content_to_dict(record.content)
    plain["revision"] = str(record.revision)
    return plain
