"""Measures over the rows of ledgers: counts, sums and distinct counts by unit.

Nearly every measure asks for columns that are part of the facet only. Those are answered from one
grouping over an index, however many they are; the others take a look at the rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from fsdesk.domain.ledger.formulas import DaySpan, RowOperation
from fsdesk.store.ledger.declarations import declared
from fsdesk.store.ledger.layout import MONTH, SHOWN, LedgerLayout, load_facets
from fsdesk.store.ledger.queries import on_facet, slot, where
from fsdesk.store.ledger.tables import LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from fsdesk.domain.ledger.conditions import Plain
    from fsdesk.domain.ledger.formulas import LedgerMeasure
    from fsdesk.store.session import Session

_COLUMNS = LEDGER_ENTRY.c


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a period spans; whole months."""

    first: date
    last: date


def measure(
    session: Session, ledger: str, measures: Sequence[LedgerMeasure], days: Days
) -> list[Mapping[str, float]]:
    """Return each measure by unit code; a unit that keeps rows but none that meet it has 0.

    `days`: the days that count for measures with a date.
    InputRejectedError when the ledger or a column isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    cube = _Cube(session, layout, measures)
    return [
        cube.sums(each, days) if _by_facet(layout, each) else _direct(session, layout, each, days)
        for each in measures
    ]


def by_month(session: Session, ledger: str, day: str) -> Mapping[tuple[str, str], int]:
    """Return how many rows each unit has for each month, by unit code and month.

    `day`: title of the date column that says to which month a row belongs.
    InputRejectedError when the ledger isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    facets = load_facets(session, ledger)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in _groups(session, layout, ()):
        month = facets[row[0]].get(day)
        if month:
            found[row[1], str(month)] += row[2]
    return found


def _groups(session: Session, layout: LedgerLayout, summed: Sequence[str]) -> Sequence[Any]:
    """Return facet, unit, number of rows, and the sums of some columns."""
    sums = (func.sum(slot(layout, title)) for title in summed)
    query = select(_COLUMNS.facet, _COLUMNS.unit, func.count(), *sums).where(
        _COLUMNS.ledger == layout.ledger.code, _COLUMNS.state == SHOWN
    )
    return session.execute(query.group_by(_COLUMNS.facet, _COLUMNS.unit)).all()


def _by_facet(layout: LedgerLayout, each: LedgerMeasure) -> bool:
    known = not each.day or each.day in layout.facet_titles
    conditions = all(on_facet(layout, condition) for condition in each.where)
    return known and conditions and each.action is not RowOperation.DISTINCT


class _Cube:
    """One grouping of a ledger's rows, from which many measures are made."""

    def __init__(
        self, session: Session, layout: LedgerLayout, measures: Sequence[LedgerMeasure]
    ) -> None:
        self._facets = load_facets(session, layout.ledger.code)
        sums = [m.column for m in measures if m.action is RowOperation.SUM]
        self._summed = list(dict.fromkeys(sums))
        self._rows = _groups(session, layout, self._summed)

    def sums(self, each: LedgerMeasure, days: Days) -> Mapping[str, float]:
        met = {
            number
            for number, content in self._facets.items()
            if _within(each, content, days) and all(c.holds(content) for c in each.where)
        }
        place = 2
        if each.action is RowOperation.SUM:
            place = 3 + self._summed.index(each.column)
        found: dict[str, float] = defaultdict(float)
        for row in self._rows:
            found[row[1]] += (row[place] or 0.0) if row[0] in met else 0.0
        return found


def _within(each: LedgerMeasure, content: Mapping[str, Plain], days: Days) -> bool:
    if not each.day or each.span is DaySpan.ALWAYS:
        return True
    month = content.get(each.day)
    if not isinstance(month, str):
        return False
    first = days.first.isoformat()[:MONTH] if each.span is DaySpan.WITHIN else ""
    return first <= month <= days.last.isoformat()[:MONTH]


def _direct(
    session: Session, layout: LedgerLayout, each: LedgerMeasure, days: Days
) -> Mapping[str, float]:
    """Return a measure by unit from the rows themselves."""
    own = [_COLUMNS.ledger == layout.ledger.code, _COLUMNS.state == SHOWN]
    query = select(_COLUMNS.unit, _value(layout, each)).where(*own)
    query = query.where(*(where(layout, condition) for condition in each.where))
    if each.day and each.span is not DaySpan.ALWAYS:
        query = query.where(slot(layout, each.day) <= days.last.isoformat())
        if each.span is DaySpan.WITHIN:
            query = query.where(slot(layout, each.day) >= days.first.isoformat())
    units = session.scalars(select(_COLUMNS.unit).where(*own).distinct())
    found = dict.fromkeys(units, 0.0)
    for unit, value in session.execute(query.group_by(_COLUMNS.unit)):
        found[unit] = float(value or 0.0)
    return found


def _value(layout: LedgerLayout, each: LedgerMeasure) -> ColumnElement[Any]:
    if each.action is RowOperation.SUM:
        return func.sum(slot(layout, each.column))
    if each.action is RowOperation.DISTINCT:
        return func.count(slot(layout, each.column).distinct())
    return func.count()
