"""Measures over the rows of ledgers: counts, sums and distinct counts by unit and month.

Nearly every measure asks for columns that are part of the facet only. Those are answered from one
grouping over an index, however many they are; the others take a look at the rows. A natural key
that rows of several units have counts for one of them; see `fsdesk.store.ledger.doubles`.
"""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from sqlalchemy import and_, func, literal, not_, select

from fsdesk.domain.ledger.formulas import DaySpan, RowOperation
from fsdesk.store.ledger.declarations import declared
from fsdesk.store.ledger.doubles import Rows, has_doubles, rows_in
from fsdesk.store.ledger.layout import MONTH, LedgerLayout, load_facets
from fsdesk.store.ledger.queries import on_facet, slot, where
from fsdesk.store.ledger.tables import LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement

    from fsdesk.domain.ledger.formulas import LedgerMeasure
    from fsdesk.store.session import Session

_COLUMNS = LEDGER_ENTRY.c
# By unit code and month, ISO text; under an empty text what is counted whatever its date.
MonthTable = dict[str, dict[str, float]]


class Wanted(Struct, frozen=True):
    """A measure, and for which months; the last one is chosen when its months are added up.

    Attributes:
        answering: Codes of the units that answer for the indicator.
        first: The first month, ISO text.
        left_out: By unit code, the months whose data does not count, as ISO text.
    """

    measure: LedgerMeasure
    answering: frozenset[str]
    first: str
    left_out: Mapping[str, Collection[str]]


class Measured(Struct, frozen=True):
    """What a measure comes to.

    Attributes:
        by_month: Of every unit that keeps rows; nothing for a month without any. Different values
            stand in the month in which each came first.
        doubled: How many of the rows have a key that several units have, those that count for
            another unit among them.
    """

    by_month: MonthTable
    doubled: MonthTable


def measure(session: Session, ledger: str, wanted: Sequence[Wanted]) -> list[Measured]:
    """Return each measure; all months are there, so that a year is read once.

    InputRejectedError when the ledger or a column isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    sums = [each.measure.column for each in wanted if each.measure.action is RowOperation.SUM]
    summed = list(dict.fromkeys(sums))
    every = _Rows(session, layout, rows_in(session, ledger, Rows.ALL), summed)
    nothing: MonthTable = {unit: {} for unit in every.units}
    if not has_doubles(session, ledger):
        return [Measured(nothing | every.by_month(each), {}) for each in wanted]
    doubled = _Rows(session, layout, rows_in(session, ledger, Rows.DOUBLED), summed)
    # Indicators for which the same units answer share what they count of the doubles.
    counted: dict[frozenset[str], _Rows] = {}
    for each in wanted:
        if each.answering not in counted:
            chosen = rows_in(session, ledger, Rows.CHOSEN, each.answering)
            own = rows_in(session, ledger, Rows.COUNTED, each.answering)
            rows = _Rows(session, layout, chosen, summed)
            counted[each.answering] = every.in_place(doubled, rows, own)
    return [
        Measured(
            nothing | counted[each.answering].by_month(each),
            doubled.by_month(each, count=True),
        )
        for each in wanted
    ]


def by_month(session: Session, ledger: str, day: str) -> Mapping[tuple[str, str], int]:
    """Return how many rows each unit has for each month, by unit code and month.

    `day`: title of the date column that says to which month a row belongs.
    InputRejectedError when the ledger isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    facets = load_facets(session, ledger)
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in _groups(session, layout, rows_in(session, ledger, Rows.ALL)):
        month = facets[row[0]].get(day)
        if month:
            found[row[1], str(month)] += row[2]
    return found


def _groups(
    session: Session,
    layout: LedgerLayout,
    rows: Sequence[ColumnElement[bool]],
    summed: Sequence[str] = (),
) -> Sequence[Any]:
    """Return facet, unit, number of rows, and the sums of some columns."""
    sums = (func.sum(slot(layout, title)) for title in summed)
    query = select(_COLUMNS.facet, _COLUMNS.unit, func.count(), *sums).where(*rows)
    return session.execute(query.group_by(_COLUMNS.facet, _COLUMNS.unit)).all()


class _Rows:
    """Some rows of a ledger, grouped by facet once, from which many measures are made."""

    def __init__(
        self,
        session: Session,
        layout: LedgerLayout,
        own: Sequence[ColumnElement[bool]],
        summed: Sequence[str] = (),
    ) -> None:
        self._session, self._layout = session, layout
        self._own, self._summed = own, summed
        self._facets = load_facets(session, layout.ledger.code)
        self._groups = _groups(session, layout, own, summed)

    @property
    def units(self) -> set[str]:
        """The units that have any."""
        return {row[1] for row in self._groups}

    def in_place(self, some: _Rows, others: _Rows, own: Sequence[ColumnElement[bool]]) -> _Rows:
        """Return these rows with others in place of some of them.

        The few are taken off the groups, since to leave them out while grouping takes longer.

        `own`: what is left, as conditions.
        """
        less = [
            (facet, unit, *(-(value or 0.0) for value in values))
            for facet, unit, *values in some._groups
        ]
        found = copy(self)
        found._own = own  # noqa: SLF001
        found._groups = [*self._groups, *less, *others._groups]  # noqa: SLF001
        return found

    def by_month(self, wanted: Wanted, *, count: bool = False) -> MonthTable:
        """Return a measure, or how many rows it is made of."""
        each = wanted.measure
        action = RowOperation.COUNT if count else each.action
        by_facet = not each.day or each.day in self._layout.facet_titles
        by_facet &= all(on_facet(self._layout, condition) for condition in each.where)
        if action is RowOperation.DISTINCT:
            found: Any = self._session.execute(self._different(wanted))
        elif by_facet:
            found = self._from_groups(each, action)
        else:
            month = self._month(each)
            value = func.count() if count else _value(self._layout, each)
            query = select(_COLUMNS.unit, month, value).where(*self._met(each))
            found = self._session.execute(query.group_by(_COLUMNS.unit, month))
        table: MonthTable = {}
        for unit, when, value in cast("Iterable[tuple[str, str, float | None]]", found):
            of_unit = table.setdefault(unit, {})
            of_unit[when] = of_unit.get(when, 0.0) + (value or 0.0)
        return table

    def _from_groups(
        self, each: LedgerMeasure, action: RowOperation
    ) -> Iterable[tuple[str, str, float]]:
        months: dict[int, str] = {}
        for number, content in self._facets.items():
            month = "" if each.reach is DaySpan.ALWAYS else content.get(each.day)
            if isinstance(month, str) and all(c.holds(content) for c in each.where):
                months[number] = month
        place = 2
        if action is RowOperation.SUM:
            place = 3 + self._summed.index(each.column)
        return ((row[1], months[row[0]], row[place]) for row in self._groups if row[0] in months)

    def _month(self, each: LedgerMeasure) -> ColumnElement[Any]:
        if each.reach is DaySpan.ALWAYS:
            return literal("")
        return func.substr(slot(self._layout, each.day), 1, MONTH)

    def _met(self, each: LedgerMeasure) -> list[ColumnElement[bool]]:
        found = [*self._own, *(where(self._layout, condition) for condition in each.where)]
        if each.reach is not DaySpan.ALWAYS:
            found.append(slot(self._layout, each.day).is_not(None))
        return found

    def _different(self, wanted: Wanted) -> Any:  # noqa: ANN401 - a query
        """Count each value in the month in which it came first, so that months add up.

        What is left out must not be the first.
        """
        each = wanted.measure
        value, month = slot(self._layout, each.column), self._month(each)
        query = select(_COLUMNS.unit, func.min(month).label("month"))
        query = query.where(*self._met(each), value.is_not(None))
        if each.reach is DaySpan.WITHIN:
            query = query.where(month >= wanted.first)
            for unit, months in wanted.left_out.items():
                query = query.where(not_(and_(_COLUMNS.unit == unit, month.in_(months))))
        first = query.group_by(_COLUMNS.unit, value).subquery()
        return select(first.c.unit, first.c.month, func.count()).group_by(*first.c)


def _value(layout: LedgerLayout, each: LedgerMeasure) -> ColumnElement[Any]:
    return func.sum(slot(layout, each.column)) if each.action is RowOperation.SUM else func.count()
