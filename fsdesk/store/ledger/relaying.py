"""Declarations that change while rows are held: the rows move to where they lie from now on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import bindparam, select, update

from fsdesk.domain.ledger.codec import typed_value
from fsdesk.domain.ledger.ledger import fits, plain_value
from fsdesk.store import audit
from fsdesk.store.ledger.declarations import declaration_digests, store_declarations
from fsdesk.store.ledger.doubles import note_anew
from fsdesk.store.ledger.layout import Facets, LedgerLayout, facet_titles
from fsdesk.store.ledger.tables import LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.ledger.ledger import ColumnType, Ledger
    from fsdesk.store.ledger.declarations import Declared
    from fsdesk.store.session import Session, Writing

_PART = 2000
_COLUMNS = LEDGER_ENTRY.c


def save_ledgers(writing: Writing, ledgers: Iterable[Ledger]) -> None:
    """Put declarations in place of those of the same code; refused when there is no room."""
    earlier = declaration_digests(writing.session)
    changes = store_declarations(writing.session, ledgers)
    digests = declaration_digests(writing.session)
    if digests != earlier:
        audit.log(writing, "declare", "ledgers", earlier or None, digests)
    for before, after in changes:
        if before is None or before.ledger == after.ledger:
            continue
        _relay(writing.session, before, after)
        titles = [column.title for column in after.ledger.columns]
        audit.log(writing, "declare", f"ledger/{after.ledger.code}", None, {"columns": titles})


def _relay(session: Session, before: Declared, after: Declared) -> None:
    """Write the rows of a ledger anew where they lie otherwise than before."""
    old, new = LedgerLayout(before), LedgerLayout(after)
    query = select(*old.selected).where(_COLUMNS.ledger == after.ledger.code)
    if not _lies_otherwise(before, after):
        # Only what came in before its column was declared moves.
        query = query.where(_COLUMNS.more != "")
    facets = Facets(session, new)
    dropped = dict.fromkeys(set(before.slots.values()) - set(after.slots.values()))
    at = 0
    while True:
        rows = session.execute(query.where(_COLUMNS.n > at).order_by(_COLUMNS.n).limit(_PART)).all()
        if not rows:
            break
        at = rows[-1][0]
        moved = [_moved(old, new, facets, row) | dropped for row in rows]
        facets.store()
        statement = update(LEDGER_ENTRY).where(_COLUMNS.n == bindparam("row"))
        session.connection().execute(statement, moved)
    note_anew(session, after.ledger.code)


def _moved(old: LedgerLayout, new: LedgerLayout, facets: Facets, row: Any) -> dict[str, Any]:  # noqa: ANN401
    entry = old.decode(row)
    values = dict(entry.values)
    for column in new.ledger.columns:
        value = values.get(column.title)
        if value is not None and not fits(column, value):
            with suppress(ValueError):
                values[column.title] = typed_value(column.type, plain_value(value))
    encoded = new.encode(replace(entry, values=values))
    encoded[5], encoded[7] = row[6], row[8]
    encoded[6] = facets.number(new.facet_of(encoded))
    return {"row": row[0], **dict(zip(new.columns, encoded, strict=True))}


def _lies_otherwise(before: Declared, after: Declared) -> bool:
    types = _types(before.ledger)
    retyped = any(types.get(t, kind) is not kind for t, kind in _types(after.ledger).items())
    old, new = set(facet_titles(before)), set(facet_titles(after))
    return (
        retyped
        or before.ledger.key != after.ledger.key
        or bool(old - new)
        or any(title in types for title in new - old)
    )


def _types(ledger: Ledger) -> dict[str, ColumnType]:
    return {column.title: column.type for column in ledger.columns}
