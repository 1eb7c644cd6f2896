"""Questions to the rows of ledgers: pages, counts, totals."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from sqlalchemy import and_, func, not_, or_, select

from fsdesk.domain.findings import reject
from fsdesk.domain.ledger.conditions import BY_UNIT, EVERYTHING, CellCheck, Condition, View
from fsdesk.domain.ledger.ledger import ColumnType
from fsdesk.domain.records.merge import Revision
from fsdesk.store.ledger.declarations import declared
from fsdesk.store.ledger.layout import BESIDE, MONTH, SHOWN, LedgerLayout, load_facets
from fsdesk.store.ledger.tables import LEDGER_BATCH, LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.store.session import Session

_COLUMNS = LEDGER_ENTRY.c
_PART, _AT_ONCE = 500, 1000
_NAMING = 3


def entry_counts(session: Session) -> Mapping[str, int]:
    """Return how many entries each ledger has, by its code."""
    query = select(_COLUMNS.ledger, func.count()).where(_COLUMNS.state == SHOWN)
    return {row[0]: row[1] for row in session.execute(query.group_by(_COLUMNS.ledger))}


def kept_by(session: Session, unit: str) -> frozenset[str]:
    """Return the codes of the ledgers in which a unit has rows, removed ones included."""
    query = select(_COLUMNS.ledger).where(_COLUMNS.unit == unit).distinct()
    return frozenset(session.scalars(query))


def written_since(
    session: Session, unit: str, batch: int, packets: Iterable[str]
) -> Mapping[str, tuple[int, str]]:
    """Return how many rows of a unit were written after a batch, by ledger, and since when.

    `packets`: ids of packets; what came with them is left out.
    """
    newest = session.scalar(select(func.max(LEDGER_BATCH.c.id))) or 0
    if newest <= batch:  # nearly always, and the rows need not be looked through
        return {}
    query = (
        select(_COLUMNS.ledger, func.count(), func.min(LEDGER_BATCH.c.at))
        .join(LEDGER_BATCH, LEDGER_BATCH.c.id == _COLUMNS.batch)
        .where(_COLUMNS.unit == unit, _COLUMNS.state < BESIDE, _COLUMNS.batch > batch)
        .where(LEDGER_BATCH.c.packet.not_in(list(packets)))
        .group_by(_COLUMNS.ledger)
    )
    return {ledger: (rows, at) for ledger, rows, at in session.execute(query)}


def row_edits(session: Session, ledger: str, unit: str) -> Iterator[tuple[str, Revision]]:
    """Yield the id of each of a unit's rows in a ledger and all edits of it that are known."""
    query = select(_COLUMNS.id, _COLUMNS.revision)
    query = query.where(_COLUMNS.ledger == ledger, _COLUMNS.unit == unit)
    found: dict[str, Revision] = {}
    for id_, text in session.execute(query):
        revision = Revision.parse(text)
        known = found.get(id_)
        found[id_] = revision if known is None else known.joined(revision)
    return iter(found.items())


def entries(
    session: Session,
    ledger: str,
    view: View = EVERYTHING,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> Iterator[LedgerEntry]:
    """Yield the rows that a view shows, in its order, as they come: there may be very many.

    `view`: which rows, in which order.
    `limit`: how many at most; None for all.
    InputRejectedError when the ledger or a column isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    query = select(*layout.selected).where(*shown_in(session, layout, view))
    query = query.order_by(*_order(layout, view)).offset(offset or None).limit(limit)
    rows = session.execute(query.execution_options(yield_per=_AT_ONCE))
    return (layout.decode(row) for row in rows)


def row_numbers(
    session: Session, ledger: str, view: View = EVERYTHING, *, limit: int | None = None
) -> array[int]:
    """Return the numbers of the rows that a view shows, in its order: eight bytes a row.

    InputRejectedError when the ledger or a column isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    query = select(_COLUMNS.n).where(*shown_in(session, layout, view))
    query = query.order_by(*_order(layout, view)).limit(limit)
    return array("q", session.scalars(query))


def numbered(session: Session, ledger: str, numbers: Sequence[int]) -> Mapping[int, LedgerEntry]:
    """Return rows by their numbers; those that are no more are left out.

    InputRejectedError when the ledger isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    found: dict[int, LedgerEntry] = {}
    for start in range(0, len(numbers), _PART):
        part = numbers[start : start + _PART]
        query = select(*layout.selected).where(_COLUMNS.n.in_(part), _COLUMNS.state == SHOWN)
        found |= {row[0]: layout.decode(row) for row in session.execute(query)}
    return found


def row_names(session: Session, ledger: str, most: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield unit and naming texts of a ledger's newest rows.

    What names a row are its first texts, those of the natural key before the others; columns with
    personal data are left out.
    """
    layout = LedgerLayout(declared(session, ledger))
    texts = [c for c in layout.ledger.columns if c.type is ColumnType.TEXT and not c.personal]
    texts.sort(key=lambda column: column.title not in layout.ledger.key)
    slots = [_COLUMNS[layout.slots[column.title]] for column in texts[:_NAMING]]
    if not slots:
        return
    query = (
        select(_COLUMNS.unit, *slots)
        .where(_COLUMNS.ledger == ledger, _COLUMNS.state == SHOWN)
        .order_by(_COLUMNS.n.desc())
        .limit(most)
    )
    for row in cast("Iterable[Sequence[str | None]]", session.execute(query)):
        words = tuple(word for word in row[1:] if word)
        if words:
            yield row[0] or "", words


class Origin(Struct, frozen=True):
    """Where a row came from.

    Attributes:
        at: When it was written here, ISO text in UTC.
        packet: Id of the packet that it came in; empty when it was typed or listed here.
    """

    at: str
    who: str
    packet: str


def origins(session: Session, ledger: str, ids: Sequence[str]) -> Mapping[str, Origin]:
    """Return where the shown rows with these ids came from."""
    found: dict[str, Origin] = {}
    batch = LEDGER_BATCH.c
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        query = (
            select(_COLUMNS.id, batch.at, batch.who, batch.packet)
            .join(LEDGER_BATCH, batch.id == _COLUMNS.batch)
            .where(_COLUMNS.ledger == ledger, _COLUMNS.id.in_(part), _COLUMNS.state == SHOWN)
        )
        found |= {row[0]: Origin(*row[1:]) for row in session.execute(query)}
    return found


def count(session: Session, ledger: str, view: View = EVERYTHING) -> int:
    """Return how many rows a view shows; InputRejectedError for what isn't declared."""
    layout = LedgerLayout(declared(session, ledger))
    query = select(func.count()).where(*shown_in(session, layout, view))
    return session.scalar(query) or 0


def totals(session: Session, ledger: str, view: View = EVERYTHING) -> Mapping[str, float]:
    """Return the sums of the columns of numbers over the rows that a view shows."""
    layout = LedgerLayout(declared(session, ledger))
    titles = [c.title for c in layout.ledger.columns if c.type is ColumnType.NUMBER]
    if not titles:
        return {}
    sums = (func.sum(slot(layout, title)) for title in titles)
    row = session.execute(select(*sums).where(*shown_in(session, layout, view))).one()
    return {title: float(value or 0.0) for title, value in zip(titles, row, strict=True)}


def slot(layout: LedgerLayout, title: str) -> ColumnElement[Any]:
    """Return the database column in which a ledger's column lies; refused when it has none."""
    name = layout.slots.get(title)
    if name is None:
        raise reject(f"台账“{layout.ledger.title}”没有“{title}”这一列", "请核对列名")
    return _COLUMNS[name]


def shown_in(session: Session, layout: LedgerLayout, view: View) -> list[ColumnElement[bool]]:
    """Return a view as conditions for the database."""
    found: list[ColumnElement[bool]] = [
        _COLUMNS.ledger == layout.ledger.code,
        _COLUMNS.state == SHOWN,
    ]
    if view.unit is not None:
        found.append(_COLUMNS.unit == view.unit)
    if view.units is not None:
        found.append(_COLUMNS.unit.in_(view.units))
    # Months are part of the facet: a condition on days narrows the facets before rows are read.
    by_facet = [c for c in view.conditions if on_facet(layout, c)]
    by_facet += [by_month(c) for c in view.conditions if _is_about_days(layout, c)]
    if by_facet:
        found.append(_COLUMNS.facet.in_(_facets(session, layout, by_facet)))
    found += [where(layout, c) for c in view.conditions if not on_facet(layout, c)]
    if view.find:
        texts = [layout.slots[c.title] for c in layout.ledger.columns]
        held = (_COLUMNS[s] for s in texts if s.startswith("t"))
        found.append(or_(*(column.contains(view.find, autoescape=True) for column in held)))
    return found


def on_facet(layout: LedgerLayout, condition: Condition) -> bool:
    """Tell whether a row's facet is enough to know whether a condition holds."""
    if condition.column not in layout.facet_titles:
        return False
    column = layout.ledger.column(condition.column)
    is_date = column is not None and column.type is ColumnType.DATE
    return not is_date or condition.check in (CellCheck.FILLED, CellCheck.EMPTY)


def _is_about_days(layout: LedgerLayout, condition: Condition) -> bool:
    compared = condition.check in (CellCheck.AT_LEAST, CellCheck.AT_MOST, CellCheck.IS)
    return compared and condition.column in layout.facet_titles and not on_facet(layout, condition)


def by_month(condition: Condition) -> Condition:
    """Return what a condition on days says of their months."""
    months = tuple(v[:MONTH] if isinstance(v, str) else v for v in condition.values)
    return Condition(condition.column, condition.check, months)


def _facets(session: Session, layout: LedgerLayout, conditions: Sequence[Condition]) -> list[int]:
    return [
        number
        for number, content in load_facets(session, layout.ledger.code).items()
        if all(condition.holds(content) for condition in conditions)
    ]


def where(layout: LedgerLayout, condition: Condition) -> ColumnElement[bool]:
    """Return a condition for the database."""
    column = slot(layout, condition.column)
    values = condition.values
    if condition.check is CellCheck.FILLED:
        return column.is_not(None)
    if condition.check is CellCheck.EMPTY:
        return column.is_(None)
    if condition.check in (CellCheck.IS, CellCheck.IS_NOT):
        present = [value for value in values if value is not None]
        found = and_(column.is_not(None), column.in_(present))
        if None in values:
            found = or_(column.is_(None), found)
        return found if condition.check is CellCheck.IS else not_(found)
    if condition.check is CellCheck.CONTAINS:
        return column.contains(str(values[0]), autoescape=True)
    return column >= values[0] if condition.check is CellCheck.AT_LEAST else column <= values[0]


def _order(layout: LedgerLayout, view: View) -> list[ColumnElement[Any]]:
    if not view.sort:
        return [_COLUMNS.n]
    if view.sort == BY_UNIT:
        column: ColumnElement[Any] = _COLUMNS.unit
    else:
        column = slot(layout, view.sort)
    # As in a spreadsheet, what is empty comes last in both directions.
    ordered = column.desc() if view.descending else column.asc()
    return [ordered.nulls_last(), _COLUMNS.n]
