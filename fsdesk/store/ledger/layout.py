"""How a ledger's row lies in the database: slots for its columns, and its facet.

A facet is what a row holds in the columns with few different values (choices, flags, the months
of its dates, whatever its formulas ask for). Rows share few facets, so that a number names each;
an index over facet and unit answers nearly every count without a look at the rows.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from fsdesk.domain.ledger.codec import typed_value
from fsdesk.domain.ledger.ledger import ColumnType, LedgerEntry, natural_key, plain_value
from fsdesk.domain.records.merge import Revision
from fsdesk.store.ledger.tables import LEDGER_ENTRY, LEDGER_FACET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.ledger.conditions import Plain
    from fsdesk.domain.ledger.ledger import LedgerValue
    from fsdesk.store.ledger.declarations import Declared
    from fsdesk.store.session import Session

# What leads and counts, what leads but was removed, and the same two for versions that stand
# beside the leading one.
SHOWN, REMOVED, BESIDE, BESIDE_REMOVED = range(4)
# More would make as many facets as rows.
_MOST_FACET_COLUMNS = 8
_FEW_VALUES = (ColumnType.CHOICE, ColumnType.FLAG, ColumnType.DATE)
_PYTHON_TYPES: Mapping[ColumnType, type[LedgerValue]] = {
    ColumnType.TEXT: str,
    ColumnType.CHOICE: str,
    ColumnType.NUMBER: float,
    ColumnType.DATE: date,
    ColumnType.FLAG: bool,
}
# Of a column that is not declared: no value is of its type.
_NOWHERE = 0, type(None)
MONTH = len("2026-03")
HEAD = ("n", "id", "ledger", "unit", "key", "revision", "state", "facet", "batch", "more")


def facet_titles(declared: Declared) -> tuple[str, ...]:
    """Return the columns that make up a ledger's facets: those that formulas ask for first."""
    ledger = declared.ledger
    asked: list[str] = []
    for feed in ledger.feeds:
        for measure in (feed.numerator, feed.denominator):
            if measure is not None:
                asked += [measure.day, *(condition.column for condition in measure.where)]
    few = [column.title for column in ledger.columns if column.type in _FEW_VALUES]
    texts = {c.title for c in ledger.columns if c.type is not ColumnType.NUMBER}
    wanted = [title for title in dict.fromkeys((*asked, *few)) if title in texts]
    return tuple(sorted(wanted[:_MOST_FACET_COLUMNS]))


class LedgerLayout:
    """How the rows of one ledger lie in the database."""

    def __init__(self, declared: Declared) -> None:
        self.ledger = declared.ledger
        self.slots = declared.slots
        self.facet_titles = facet_titles(declared)
        used = {*HEAD[1:], *declared.slots.values()}
        self.columns = tuple(c.name for c in LEDGER_ENTRY.columns if c.name in used)
        self._kinds = {column.title: column for column in self.ledger.columns}
        places = {slot: place for place, slot in enumerate(self.columns)}
        self._places = {title: places[slot] for title, slot in self.slots.items()}
        self._first_slot = len(HEAD) - 1
        # Texts and choices are stored as they are.
        as_stored = (ColumnType.TEXT, ColumnType.CHOICE, ColumnType.NUMBER)
        kinds = {c.title: c.type for c in self.ledger.columns if c.type not in as_stored}
        self._read = tuple(
            (title, place + 1, kinds.get(title)) for title, place in self._places.items()
        )
        self._wanted = {
            title: (place, _PYTHON_TYPES[self._kinds[title].type])
            for title, place in self._places.items()
            if title in self._kinds
        }
        self._dates = {c.title for c in self.ledger.columns if c.type is ColumnType.DATE}
        self._facet_places = tuple(
            (self._places[title], title in self._dates) for title in self.facet_titles
        )
        self._free = (None,) * (len(self.columns) - self._first_slot)

    def encode(self, entry: LedgerEntry) -> list[Any]:
        """Return a row in the order of `columns`, with state, facet and batch still 0."""
        row: list[Any] = [
            entry.id, self.ledger.code, entry.unit, "", str(entry.revision), 0, 0, 0, "",
            *self._free,
        ]  # fmt: skip
        more: dict[str, Plain] = {}
        wanted = self._wanted
        for title, value in entry.values.items():
            if value is None or value == "":
                continue
            place, kind = wanted.get(title, _NOWHERE)
            if type(value) is not kind:
                value = _brought_to(kind, value)  # noqa: PLW2901 - the same value in another form
                if value is None:
                    more[title] = plain_value(entry.values[title])
                    continue
            row[place] = value if kind is str or kind is float else plain_value(value)
        row[3] = natural_key(self.ledger, entry.values)
        if more:
            row[8] = json.dumps(more, ensure_ascii=False, sort_keys=True)
        return row

    def facet_of(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return what makes up the facet of an encoded row, in the order of `facet_titles`."""
        places = self._facet_places
        return tuple(
            [row[at][:MONTH] if is_date and row[at] else row[at] for at, is_date in places]
        )

    def decode(self, row: Sequence[Any]) -> LedgerEntry:
        """Rebuild a row from the database, given as `selected`; empty cells are left out."""
        values: dict[str, LedgerValue] = {}
        for title, place, kind in self._read:
            plain = row[place]
            if plain is not None:
                values[title] = typed_value(kind, plain) if kind else plain
        if row[9]:
            values |= self._of_more(json.loads(row[9]))
        gone = row[6] in (REMOVED, BESIDE_REMOVED)
        return LedgerEntry(row[1], row[2], row[3], values, Revision.parse(row[5]), gone)

    def _of_more(self, more: Mapping[str, Any]) -> dict[str, LedgerValue]:
        """Return what came in before its column was declared, typed where it fits by now."""
        values: dict[str, LedgerValue] = {}
        for title, plain in more.items():
            column = self._kinds.get(title)
            try:
                values[title] = typed_value(column.type, plain) if column else plain
            except ValueError:
                values[title] = plain
        return values

    @property
    def selected(self) -> list[Any]:
        """The database columns that make up a row, with its number."""
        return [LEDGER_ENTRY.c[name] for name in ("n", *self.columns)]


def _brought_to(kind: type[LedgerValue], value: LedgerValue) -> LedgerValue:
    """Return a value as its column's own type, or None when it is of another kind."""
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if isinstance(value, kind) and not isinstance(value, bool) else None


class Facets:
    """The facets of one ledger that are known so far, each with its number."""

    def __init__(self, session: Session, layout: LedgerLayout) -> None:
        self._session, self._layout = session, layout
        self._numbers = {
            tuple(content.get(title) for title in layout.facet_titles): number
            for number, content in load_facets(session, layout.ledger.code).items()
        }
        self._new: list[dict[str, Any]] = []
        highest = session.scalar(
            select(LEDGER_FACET.c.id).order_by(LEDGER_FACET.c.id.desc()).limit(1)
        )
        self._last = highest or 0

    def number(self, facet: tuple[Any, ...]) -> int:
        """Return the number of a facet; a new one gets the next."""
        found = self._numbers.get(facet)
        if found is not None:
            return found
        self._last += 1
        self._numbers[facet] = self._last
        pairs = zip(self._layout.facet_titles, facet, strict=True)
        content = {title: value for title, value in pairs if value is not None}
        self._new.append(
            {
                "id": self._last,
                "ledger": self._layout.ledger.code,
                "content": json.dumps(content, ensure_ascii=False, sort_keys=True),
            }
        )
        return self._last

    def store(self) -> None:
        """Write the new ones."""
        if self._new:
            self._session.execute(insert(LEDGER_FACET), self._new)
            self._new = []


def load_facets(session: Session, ledger: str) -> dict[int, Mapping[str, Plain]]:
    """Return the facets of a ledger by number: values by title, months in place of days."""
    query = select(LEDGER_FACET.c.id, LEDGER_FACET.c.content).where(LEDGER_FACET.c.ledger == ledger)
    return {row[0]: json.loads(row[1]) for row in session.execute(query)}
