"""Natural keys that rows of several units have: the same thing, which counts for one unit only.

It counts for the unit with the smallest code, whichever row came first; where some of the units
answer for an indicator and others don't, of those that do. Otherwise it might count nowhere.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from sqlalchemy import case, delete, false, func, insert, select

from fsdesk.domain.ledger.ledger import KEY_JOINT
from fsdesk.store.bulk import AMONG, rows_among
from fsdesk.store.ledger.declarations import declared
from fsdesk.store.ledger.layout import SHOWN
from fsdesk.store.ledger.tables import LEDGER_DOUBLE, LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import ColumnElement, Select, Subquery

    from fsdesk.store.session import Session

_COLUMNS = LEDGER_ENTRY.c


class Rows(Enum):
    """Which of a ledger's rows are asked for."""

    ALL = 1
    COUNTED = 2  # without those that count for another unit
    DOUBLED = 3  # those whose key several units have
    CHOSEN = 4  # those of them that count


class Double(Struct, frozen=True):
    """A natural key that rows of several units have.

    Attributes:
        key: The key, folded.
        unit: Code of the unit for which it counts.
        others: Codes of the other units, in the order in which it would count for them.
        row: Number of the first row for which it counts.
    """

    key: str
    unit: str
    others: tuple[str, ...]
    row: int


def doubles(session: Session, ledger: str, answering: Collection[str] = ()) -> tuple[Double, ...]:
    """Return the keys of a ledger that rows of several units have, in order.

    None in a ledger in which each unit's keys are its own. InputRejectedError when the ledger
    isn't declared.

    `answering`: codes of the units that answer for the indicator that is looked at.
    """
    if declared(session, ledger).ledger.keyed_by_unit:
        return ()
    pair = _COLUMNS.key, _COLUMNS.unit
    query = _rows_of(_held(ledger), ledger, *pair, func.min(_COLUMNS.n)).group_by(*pair)
    rows = cast("Iterable[tuple[str, str, int]]", session.execute(query.order_by(*pair)))
    found: list[Double] = []
    for key, same in groupby(rows, lambda row: row[0]):
        first, *others = sorted(same, key=lambda row: (row[1] not in answering, row[1]))
        found.append(Double(key, first[1], tuple(other[1] for other in others), first[2]))
    return tuple(found)


def has_doubles(session: Session, ledger: str) -> bool:
    """Tell whether `doubles` finds any."""
    by_unit = declared(session, ledger).ledger.keyed_by_unit
    return not by_unit and session.execute(select(_held(ledger).c.key).limit(1)).first() is not None


def rows_in(
    session: Session, ledger: str, rows: Rows, answering: Collection[str] = ()
) -> list[ColumnElement[bool]]:
    """Return which rows are asked for as conditions for the database.

    Where no key is double, they are those for all rows, which an index answers.
    InputRejectedError when the ledger isn't declared.

    `answering`: as for `doubles`.
    """
    shown = [_COLUMNS.ledger == ledger, _COLUMNS.state == SHOWN]
    if rows is Rows.ALL:
        return shown
    if not has_doubles(session, ledger):
        return shown if rows is Rows.COUNTED else [false()]
    held = _held(ledger, answering)
    several = _rows_of(held, ledger, _COLUMNS.n)
    if rows is Rows.COUNTED:
        return [*shown, _COLUMNS.n.not_in(several.where(_COLUMNS.unit != held.c.unit))]
    if rows is Rows.CHOSEN:
        several = several.where(_COLUMNS.unit == held.c.unit)
    # Asked for the ledger too, the database goes through all its rows.
    return [_COLUMNS.n.in_(several)]


def _held(ledger: str, answering: Collection[str] = ()) -> Subquery:
    """Choose the keys that rows of several units have, and the unit for which each counts."""
    unit = _COLUMNS.unit
    first = func.min(unit)
    if answering:
        first = func.coalesce(func.min(case((unit.in_(sorted(answering)), unit))), first)
    query = select(_COLUMNS.key, first.label("unit")).where(*_noted(ledger))
    several = func.min(unit) != func.max(unit)
    return query.group_by(_COLUMNS.key).having(several).subquery()


def _rows_of(held: Subquery, ledger: str, *columns: ColumnElement[Any]) -> Select[Any]:
    """Choose the rows with these keys."""
    query = select(*columns).join(held, held.c.key == _COLUMNS.key)
    return query.where(*_noted(ledger))


def _noted(ledger: str) -> list[ColumnElement[bool]]:
    """Return as conditions which rows have a key that was noted."""
    row = LEDGER_DOUBLE.c
    noted = select(row.key).where(row.ledger == ledger, func.replace(row.key, KEY_JOINT, "") != "")
    # Asked for the state itself, the database goes through all rows in place of looking up a few.
    shown = (_COLUMNS.state + 0) == SHOWN
    return [_COLUMNS.ledger == ledger, _COLUMNS.key.in_(noted), shown]


def note_doubles(session: Session, ledger: str, keys: Iterable[str]) -> None:
    """Note those of some keys that rows of several units have, removed ones included."""
    several, noted = _among(ledger)
    found = {key for (key,) in rows_among(session, several, list(dict.fromkeys(keys)))}
    found -= {key for (key,) in rows_among(session, noted, list(found))}
    if found:
        new = [{"ledger": ledger, "key": key} for key in sorted(found)]
        session.execute(insert(LEDGER_DOUBLE), new)


def note_anew(session: Session, ledger: str) -> None:
    """Note the doubled keys of a ledger whose rows got other keys."""
    session.execute(delete(LEDGER_DOUBLE).where(LEDGER_DOUBLE.c.ledger == ledger))
    found = session.scalars(_several(ledger)).all()
    if found:
        session.execute(insert(LEDGER_DOUBLE), [{"ledger": ledger, "key": key} for key in found])


@lru_cache(maxsize=64)
def _among(ledger: str) -> tuple[Select[*tuple[Any, ...]], ...]:
    """Return the queries of some keys: which rows of several units have, and which are noted."""
    row = LEDGER_DOUBLE.c
    noted = select(row.key).where(row.ledger == ledger, row.key.in_(AMONG))
    return _several(ledger).where(_COLUMNS.key.in_(AMONG)), noted


def _several(ledger: str) -> Select[tuple[str]]:
    return (
        select(_COLUMNS.key)
        .where(_COLUMNS.ledger == ledger)
        .group_by(_COLUMNS.key)
        .having(func.min(_COLUMNS.unit) != func.max(_COLUMNS.unit))
    )
