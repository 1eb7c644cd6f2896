"""Changes of many rows of one ledger at once: which versions to hold, and storing them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import delete, insert, select

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.codec import entry_to_dict
from fsdesk.domain.ledger.ledger import LedgerEntry, natural_key, new_entry_id, plain_value
from fsdesk.domain.plain import compact
from fsdesk.domain.records.merge import (
    NO_EDITS,
    Version,
    admit,
    differing,
    joined,
    leading,
    succeed,
)
from fsdesk.store import audit
from fsdesk.store.bulk import AMONG, insert_rows, rows_among
from fsdesk.store.ledger.doubles import note_doubles
from fsdesk.store.ledger.layout import BESIDE, BESIDE_REMOVED, REMOVED, SHOWN, Facets
from fsdesk.store.ledger.tables import LEDGER_BATCH, LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from fsdesk.domain.records.merge import Revision
    from fsdesk.store.ledger.layout import LedgerLayout
    from fsdesk.store.session import Author, Writing

_PART = 500
_LOGGED_ONE_BY_ONE = 50
_COLUMNS = LEDGER_ENTRY.c
# What tells one state of a row from another: unit, whether it is gone, and its values.
Content = tuple[str, bool, tuple[tuple[str, str | float | None], ...]]


class LedgerTrail(Struct, frozen=True):
    """What was changed in one ledger, so that it can be undone.

    Attributes:
        before: By row id, the versions that were held, as plain values; none for a new row.
        after: By row id, the revisions of the versions that are held now.
    """

    ledger: str
    before: Mapping[str, list[dict[str, Any]]]
    after: Mapping[str, list[str]]


class ImportedRows(Struct, frozen=True):
    """What became of rows.

    Attributes:
        updated: How many changed, removals among them.
        conflicts: How many of the rows now stand beside a version that differs.
        ids: The row that each one was, in their order.
        trails: What was changed, by ledger.
        found_again: How many hold edits of this workspace which it did not know.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: int = 0
    ids: tuple[str, ...] = ()
    trails: tuple[LedgerTrail, ...] = ()
    found_again: int = 0


class HeldVersion(Struct, frozen=True):
    """A version of a row as it lies in the database."""

    n: int
    state: int
    batch: int
    entry: LedgerEntry

    @property
    def leading(self) -> bool:
        """Whether it is the one that is shown and counted."""
        return self.state in (SHOWN, REMOVED)


def content_of(entry: LedgerEntry) -> Content:
    """Return what tells a state of a row from another."""
    pairs = ((title, plain_value(value)) for title, value in entry.values.items())
    values = tuple(sorted((title, plain) for title, plain in pairs if plain is not None))
    return entry.unit, entry.gone, values


def version_of(entry: LedgerEntry) -> Version[Content]:
    """Return a row as `fsdesk.domain.records.merge` compares it."""
    return Version(content_of(entry), entry.revision)


class LedgerBatch:
    """Changes of many rows, stored with a few statements however many they are."""

    def __init__(self, session: Session, layout: LedgerLayout, action: str = "") -> None:
        self.held: dict[str, list[HeldVersion]] = {}
        self._session, self._layout, self._action = session, layout, action
        # New rows that have one version only, which nearly all have.
        self._fresh: dict[str, LedgerEntry] = {}
        # All versions that are to be held of the others that change.
        self._now: dict[str, tuple[Version[Content], ...]] = {}
        self._entries: dict[str, dict[Version[Content], LedgerEntry]] = {}
        self._ids: list[str] = []
        self._changed = 0
        self._taken: dict[str, Revision] = {}

    def prepare(self, entries: Sequence[LedgerEntry]) -> Sequence[LedgerEntry]:
        """Find out which row each one is and what is held of it.

        Returns:
            The same rows, each with its id.
        """
        query = select(_COLUMNS.n).where(_COLUMNS.ledger == self._layout.ledger.code).limit(1)
        empty = self._session.scalar(query) is None
        if not all(entry.id for entry in entries):
            entries = self._named(entries, empty=empty)
        self._ids = [entry.id for entry in entries]
        if not empty:
            self.load(self._ids)
        return entries

    def _named(self, entries: Sequence[LedgerEntry], *, empty: bool) -> list[LedgerEntry]:
        code, ledger = self._layout.ledger.code, self._layout.ledger
        keys = [(e.unit, natural_key(ledger, e.values)) for e in entries]
        known = {} if empty else self._known_keys([key for _, key in keys])
        found: list[LedgerEntry] = []
        for entry, (unit, key) in zip(entries, keys, strict=True):
            id_ = entry.id or known.get((unit, key)) or new_entry_id(code, unit, key)
            found.append(LedgerEntry(id_, code, unit, entry.values, entry.revision, entry.gone))
        if not empty:
            new = [at for at, e in enumerate(entries) if not e.id and keys[at] not in known]
            self._give_other_ids(found, new)
        return found

    def _known_keys(self, keys: Sequence[str]) -> dict[tuple[str, str], str]:
        """Return the ids of rows by unit and natural key; of several, always the same one."""
        found: dict[tuple[str, str], str] = {}
        query = _by_key(self._layout.ledger.code)
        for unit, key, id_ in rows_among(self._session, query, list(dict.fromkeys(keys))):
            found[unit, key] = min(id_, found.get((unit, key), id_))
        return found

    def _give_other_ids(self, entries: list[LedgerEntry], new: list[int]) -> None:
        """A row born with the same key may have been given another key since."""
        turn = 0
        while new:
            self.load([entries[at].id for at in new])
            new = [at for at in new if self._has_other_key(entries[at])]
            turn += 1
            for at in new:
                e = entries[at]
                key = natural_key(self._layout.ledger, e.values)
                id_ = new_entry_id(e.ledger, e.unit, key, turn)
                entries[at] = LedgerEntry(id_, e.ledger, e.unit, e.values, e.revision, e.gone)

    def _has_other_key(self, entry: LedgerEntry) -> bool:
        ledger = self._layout.ledger
        return any(
            item.state == SHOWN
            and natural_key(ledger, item.entry.values) != natural_key(ledger, entry.values)
            for item in self.held.get(entry.id, ())
        )

    def load(self, ids: Iterable[str]) -> None:
        """Load all versions of rows."""
        wanted = [id_ for id_ in dict.fromkeys(ids) if id_ not in self.held]
        for row in rows_among(self._session, _by_id(self._layout.columns), wanted):
            item = HeldVersion(row[0], row[6], row[8], self._layout.decode(row))
            self.held.setdefault(item.entry.id, []).append(item)

    def take(self, entry: LedgerEntry) -> None:
        """Take a row that comes from elsewhere; InputRejectedError when it is another unit's."""
        self._taken[entry.id] = entry.revision
        if any(item.entry.unit != entry.unit for item in self.held.get(entry.id, ())):
            raise reject(
                f"台账“{self._layout.ledger.title}”中编码为“{entry.id}”的记录是其他单位的",
                "请发件单位清空这一行的编码，作为新增记录重新报送",
            )
        if self._is_fresh(entry):
            self._fresh[entry.id] = entry
            return
        before = self._versions(entry.id)
        incoming = version_of(entry)
        after = admit(before, incoming)
        if after is not before:
            self._put(entry.id, after, {incoming: entry})

    def edit(self, entry: LedgerEntry, author: Author) -> None:
        """Take what somebody typed or imported here."""
        if self._is_fresh(entry):
            if not entry.gone:
                first = NO_EDITS.edited_by(author.edits)
                self._fresh[entry.id] = LedgerEntry(
                    entry.id, entry.ledger, entry.unit, entry.values, first
                )
            return
        before = self._versions(entry.id)
        front, content = leading(before, author.workspace), content_of(entry)
        if front.content == content and not differing(before, front):
            return
        after = succeed(before, content, author.edits)
        mine = LedgerEntry(
            entry.id, entry.ledger, entry.unit, entry.values, after.revision, entry.gone
        )
        self._put(entry.id, (after,), {after: mine})

    def put(self, id_: str, entries: Iterable[LedgerEntry]) -> None:
        """Put versions of a row in place of those held."""
        by_version = {version_of(entry): entry for entry in entries}
        self._put(id_, tuple(by_version), by_version)

    def _is_fresh(self, entry: LedgerEntry) -> bool:
        id_ = entry.id
        if id_ in self.held or id_ in self._now:
            return False
        first = self._fresh.pop(id_, None)
        if first is not None:
            self._put(id_, (version_of(first),), {version_of(first): first})
            self._changed -= 1  # it is new, not changed
        return first is None

    def _versions(self, id_: str) -> tuple[Version[Content], ...]:
        found = self._now.get(id_)
        if found is None:
            found = tuple(version_of(item.entry) for item in self.held[id_])
        return found

    def _put(
        self,
        id_: str,
        versions: tuple[Version[Content], ...],
        entries: Mapping[Version[Content], LedgerEntry],
    ) -> None:
        self._now[id_] = versions
        self._entries.setdefault(id_, {}).update(entries)
        self._changed += 1

    def counted(self, local: str) -> ImportedRows:
        """Tell what is going to become of the rows.

        `local`: id of this workspace, whose own edits lead.
        """
        added = len(self._fresh) + sum(id_ not in self.held for id_ in self._now)
        conflicts = sum(
            bool(differing(versions, leading(versions, local)))
            for versions in self._now.values()
            if versions
        )
        unchanged = len(self._ids) - added - self._changed
        before = {
            id_: [entry_to_dict(item.entry) for item in self.held[id_]]
            for id_ in self._now
            if id_ in self.held
        }
        after = {id_: [str(v.revision) for v in versions] for id_, versions in self._now.items()}
        after |= {id_: [str(entry.revision)] for id_, entry in self._fresh.items()}
        trail = LedgerTrail(self._layout.ledger.code, before, after)
        trails = (trail,) if after else ()
        ids = tuple(self._ids)
        again = self._found_again(local)
        return ImportedRows(added, self._changed, unchanged, conflicts, ids, trails, again)

    def _found_again(self, local: str) -> int:
        count = 0
        for id_, revision in self._taken.items():
            own = revision.of(local)
            held = (item.entry.revision for item in self.held.get(id_, ()))
            count += bool(own) and not joined(held).contains(own)
        return count

    def stored(self, writing: Writing) -> ImportedRows:
        """Write everything and tell what became of the rows."""
        taken = self.counted(writing.author.workspace)
        if not taken.trails:
            return taken
        facets = Facets(self._session, self._layout)
        number = _batch_number(writing)
        rows = [self._row(facets, entry, number) for entry in self._fresh.values()]
        gone: list[int] = []
        kept: list[tuple[Any, ...]] = []
        for id_, versions in self._now.items():
            held = self.held.get(id_, ())
            gone += [item.n for item in held]
            now = self._rows(facets, id_, versions, writing)
            place = next((item.n for item in held if item.leading), None)
            # The leading version keeps its number, and with it its place in the order of arrival.
            if now and place is not None:
                kept.append((place, *now.pop(0)))
            rows += now
        facets.store()
        for part in _parts(gone):
            self._session.execute(delete(LEDGER_ENTRY).where(_COLUMNS.n.in_(part)))
        insert_rows(self._session, LEDGER_ENTRY, ("n", *self._layout.columns), kept)
        insert_rows(self._session, LEDGER_ENTRY, self._layout.columns, rows)
        keys = [*(row[3] for row in rows), *(row[4] for row in kept)]
        note_doubles(self._session, self._layout.ledger.code, keys)
        self._log(writing, taken, [*rows, *kept])
        return taken

    def _rows(
        self, facets: Facets, id_: str, versions: tuple[Version[Content], ...], writing: Writing
    ) -> list[tuple[Any, ...]]:
        """Return the rows of all versions of a row, the leading one first.

        One that stays keeps where it came from.
        """
        known = {version_of(item.entry): item for item in self.held.get(id_, ())}
        front = leading(versions, writing.author.workspace) if versions else None
        rows: list[tuple[Any, ...]] = []
        for version in sorted(versions, key=lambda version: version is not front):
            item = known.get(version)
            entry = item.entry if item else self._entries[id_][version]
            batch = item.batch if item else _batch_number(writing)
            rows.append(self._row(facets, entry, batch, beside=version is not front))
        return rows

    def _row(
        self, facets: Facets, entry: LedgerEntry, batch: int, *, beside: bool = False
    ) -> tuple[Any, ...]:
        row = self._layout.encode(entry)
        states = (BESIDE, BESIDE_REMOVED) if beside else (SHOWN, REMOVED)
        row[5] = states[entry.gone]
        row[6] = facets.number(self._layout.facet_of(row))
        row[7] = batch
        return tuple(row)

    def _log(self, writing: Writing, taken: ImportedRows, rows: Sequence[tuple[Any, ...]]) -> None:
        code = self._layout.ledger.code
        if self._action == "record" and len(taken.ids) <= _LOGGED_ONE_BY_ONE:
            audit.log_all(writing, [self._line(id_) for id_ in (*self._fresh, *self._now)])
            return
        told: dict[str, object] = {"added": taken.added, "updated": taken.updated}
        told["digest"] = rows_digest(rows)
        audit.log(writing, self._action, f"ledger/{code}", None, told)

    def _line(self, id_: str) -> audit.LogLine:
        held = next((item.entry for item in self.held.get(id_, ()) if item.leading), None)
        after = self._fresh.get(id_)
        if after is None:
            after = self._entries[id_][self._now[id_][0]]
        return audit.LogLine(
            self._action,
            f"ledger/{self._layout.ledger.code}/{id_}",
            entry_to_dict(held) if held else None,
            entry_to_dict(after),
        )


# With what the digests begin that are made of JSON; earlier ones are of Python's own form.
_OF_JSON = "json:"


def rows_digest(rows: Sequence[tuple[Any, ...]]) -> str:
    """Return the digest of rows as they lie in the database, in this order."""
    return _OF_JSON + hashlib.sha256(compact(rows)).hexdigest()


def are_rows(rows: Sequence[tuple[Any, ...]], digest: str) -> bool:
    """Tell whether these are the rows of which a digest was made, by this program or earlier."""
    if digest.startswith(_OF_JSON):
        return digest == rows_digest(rows)
    return digest == hashlib.sha256(repr(rows).encode()).hexdigest()


@lru_cache(maxsize=64)
def _by_id(columns: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Return the query of rows by their ids, with these columns after the number.

    The name of the ledger is part of what an id is made of; asked for it as well, the database may
    choose to go through all rows of the ledger.
    """
    return select(_COLUMNS.n, *(_COLUMNS[name] for name in columns)).where(_COLUMNS.id.in_(AMONG))


@lru_cache(maxsize=64)
def _by_key(ledger: str) -> Select[*tuple[Any, ...]]:
    """Return the query of the rows of a ledger that are there, by their natural keys."""
    wanted = _COLUMNS.ledger == ledger, _COLUMNS.key.in_(AMONG), _COLUMNS.state == SHOWN
    return select(_COLUMNS.unit, _COLUMNS.key, _COLUMNS.id).where(*wanted)


def _parts(numbers: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (numbers[start : start + _PART] for start in range(0, len(numbers), _PART))


def _batch_number(writing: Writing) -> int:
    """Return the number of what this transaction writes, under which its origin is kept."""
    info = writing.session.info
    if "ledger_batch" not in info:
        row = {"at": writing.at, "who": writing.author.who, "packet": writing.packet}
        added = writing.session.execute(insert(LEDGER_BATCH).returning(LEDGER_BATCH.c.id), row)
        info["ledger_batch"] = added.scalar_one()
    number: int = info["ledger_batch"]
    return number
