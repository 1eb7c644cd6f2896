"""Rows of ledgers that break a rule of data quality: counted by unit, and given page by page.

What the facet of a row tells (choices, flags, the months of dates) is judged once for all rows that
share it, so that an index answers for most rows; only the rest are looked at themselves.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import and_, false, func, not_, or_, select

from fsdesk.domain.ledger.ledger import natural_key
from fsdesk.domain.quality.rules import COMPARING, QualityKind
from fsdesk.store.ledger.declarations import declared
from fsdesk.store.ledger.layout import MONTH, SHOWN, LedgerLayout, load_facets
from fsdesk.store.ledger.queries import on_facet, slot, where
from fsdesk.store.ledger.tables import LEDGER_DOUBLE, LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from fsdesk.domain.ledger.conditions import Plain
    from fsdesk.domain.ledger.ledger import LedgerEntry
    from fsdesk.domain.quality.rules import QualityRule
    from fsdesk.store.session import Session

_COLUMNS = LEDGER_ENTRY.c
_EARLIEST, _LATEST = "-01-01", "-12-31"
Facet = dict[str, Any]


class Asked(Struct, frozen=True):
    """What is asked of a ledger.

    Attributes:
        rule: The rule; it must fit the ledger.
        today: Parts what has passed from what is to come.
        unit: Only this unit's rows; empty for all.
        without: Ids of rows, for duplicates keys, that are left out.
    """

    rule: QualityRule
    today: date
    year: int
    unit: str = ""
    without: tuple[str, ...] = ()


class Shared(Struct, frozen=True):
    """A natural key that several units registered.

    Attributes:
        key: The key, folded.
        entry: The row that came first.
        units: Codes of the units, sorted.
    """

    key: str
    entry: LedgerEntry
    units: tuple[str, ...]


def broken_by_unit(session: Session, asked: Asked) -> Mapping[str, int]:
    """Return how many rows break a rule, by unit code; units without any are left out.

    InputRejectedError when the ledger or a column isn't declared.
    """
    finder = _RuleConditions(session, asked)
    found: dict[str, int] = defaultdict(int)
    for conditions in finder.parts():
        query = select(_COLUMNS.unit, func.count()).where(*conditions).group_by(_COLUMNS.unit)
        for unit, count in session.execute(query):
            found[unit] += count
    return found


def broken(session: Session, asked: Asked, limit: int, offset: int = 0) -> tuple[LedgerEntry, ...]:
    """Return rows that break a rule, in a stable order; InputRejectedError if not declared."""
    finder = _RuleConditions(session, asked)
    rows: list[LedgerEntry] = []
    passed = offset
    for conditions in finder.parts():
        query = select(*finder.layout.selected).where(*conditions)
        query = query.order_by(_COLUMNS.facet, _COLUMNS.unit, _COLUMNS.n)
        page = session.execute(query.offset(passed or None).limit(limit - len(rows))).all()
        rows += [finder.layout.decode(row) for row in page]
        if len(rows) >= limit:
            break
        if passed and not page:
            count = select(func.count()).where(*conditions)
            passed -= session.scalar(count) or 0
        else:
            passed = 0
    return tuple(rows)


def still_broken(session: Session, asked: Asked, ids: Sequence[str]) -> tuple[LedgerEntry, ...]:
    """Return those of some rows that break a rule."""
    finder = _RuleConditions(session, asked)
    query = select(*finder.layout.selected).where(
        _COLUMNS.id.in_(ids), _COLUMNS.state == SHOWN, *finder.whole()
    )
    return tuple(finder.layout.decode(row) for row in session.execute(query))


def shared_by_unit(session: Session, asked: Asked) -> tuple[int, Mapping[str, int]]:
    """Return how many keys several units registered, in all and by unit code."""
    keys = _shared_keys(asked).subquery()
    query = (
        select(_COLUMNS.unit, _COLUMNS.key)
        .where(*_own(asked.rule.ledger), _COLUMNS.key.in_(select(keys.c.key)))
        .distinct()
    )
    pairs = session.execute(query).all()
    by_unit: dict[str, int] = defaultdict(int)
    for unit, _key in pairs:
        by_unit[unit] += 1
    return len({key for _unit, key in pairs}), by_unit


def shared(session: Session, asked: Asked, limit: int, offset: int = 0) -> tuple[Shared, ...]:
    """Return keys that several units registered, in order."""
    keys = _shared_keys(asked).order_by(_COLUMNS.key).offset(offset or None).limit(limit)
    return _shared_rows(session, asked, session.scalars(keys).all())


def still_shared(session: Session, asked: Asked, keys: Sequence[str]) -> tuple[Shared, ...]:
    """Return those of some keys that several units registered."""
    query = _shared_keys(asked).where(_COLUMNS.key.in_(keys))
    return _shared_rows(session, asked, session.scalars(query).all())


def _shared_rows(session: Session, asked: Asked, keys: Sequence[str]) -> tuple[Shared, ...]:
    layout = LedgerLayout(declared(session, asked.rule.ledger))
    query = select(*layout.selected).where(*_own(asked.rule.ledger), _COLUMNS.key.in_(keys))
    rows: dict[str, list[LedgerEntry]] = {key: [] for key in keys}
    for row in session.execute(query.order_by(_COLUMNS.n)):
        entry = layout.decode(row)
        rows[natural_key(layout.ledger, entry.values)].append(entry)
    return tuple(
        Shared(key, held[0], tuple(sorted({entry.unit for entry in held})))
        for key, held in rows.items()
        if held
    )


def _shared_keys(asked: Asked) -> Any:  # noqa: ANN401 - a query
    """Choose keys with rows of several units among those that were noted when rows came."""
    noted = LEDGER_DOUBLE.c
    doubled = select(noted.key).where(noted.ledger == asked.rule.ledger)
    query = select(_COLUMNS.key).where(*_own(asked.rule.ledger), _COLUMNS.key.in_(doubled))
    if asked.without:
        query = query.where(_COLUMNS.key.not_in(asked.without))
    if asked.unit:
        own = select(_COLUMNS.key).where(
            *_own(asked.rule.ledger), _COLUMNS.unit == asked.unit, _COLUMNS.key.in_(doubled)
        )
        query = query.where(_COLUMNS.key.in_(own))
    return query.group_by(_COLUMNS.key).having(func.count(_COLUMNS.unit.distinct()) > 1)


def _own(ledger: str) -> list[ColumnElement[bool]]:
    return [_COLUMNS.ledger == ledger, _COLUMNS.state == SHOWN]


class _RuleConditions:
    """Turns a rule into conditions for the database."""

    def __init__(self, session: Session, asked: Asked) -> None:
        self.layout = LedgerLayout(declared(session, asked.rule.ledger))
        self._asked = asked
        self._facets = load_facets(session, asked.rule.ledger)
        self._judge = _judge_of(asked, self.layout)

    def parts(self) -> Iterable[list[ColumnElement[bool]]]:
        """Yield conditions for the rows that certainly break the rule, then for the others."""
        certain, open_ = self._sorted_facets()
        own = [*_own(self._asked.rule.ledger), *self._narrowed()]
        if certain:
            yield [*own, _COLUMNS.facet.in_(certain)]
        if open_:
            # When nothing is ruled out, the list would only slow the scan down.
            some = len(open_) < len(self._facets)
            among = [_COLUMNS.facet.in_(open_)] if some else []
            yield [*own, *among, *self._exact()]

    def whole(self) -> list[ColumnElement[bool]]:
        """Return the rule as one condition, whatever the facets say."""
        return [*_own(self._asked.rule.ledger), *self._narrowed(), *self._exact()]

    def _narrowed(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self._asked.unit:
            found.append(_COLUMNS.unit == self._asked.unit)
        if self._asked.without:
            found.append(_COLUMNS.id.not_in(self._asked.without))
        return found

    def _sorted_facets(self) -> tuple[list[int], list[int]]:
        """Return the facets whose rows all break the rule, and those whose rows may."""
        certain: list[int] = []
        open_: list[int] = []
        for number, content in self._facets.items():
            verdict = self._verdict(content)
            if verdict is None:
                open_.append(number)
            elif verdict:
                certain.append(number)
        return certain, open_

    def _verdict(self, content: Mapping[str, Plain]) -> bool | None:
        known = [c for c in self._asked.rule.where if on_facet(self.layout, c)]
        if not all(condition.holds(content) for condition in known):
            return False
        verdict = self._judge(dict(content))
        open_ = len(known) < len(self._asked.rule.where)
        return None if verdict and open_ else verdict

    def _exact(self) -> list[ColumnElement[bool]]:
        conditions = [where(self.layout, condition) for condition in self._asked.rule.where]
        return [*conditions, _broken(self._asked, self.layout)]


def _judge_of(asked: Asked, layout: LedgerLayout) -> Callable[[Facet], bool | None]:
    """Return what a facet alone tells: broken, not broken, or None for both may be."""
    rule, known = asked.rule, layout.facet_titles
    titles = [rule.column, rule.other] if rule.kind in COMPARING else [rule.column]
    if rule.kind is QualityKind.UNWANTED:
        return lambda _facet: True
    if not all(title in known for title in titles):
        return lambda _facet: None
    month = asked.today.isoformat()[:MONTH]
    judges: dict[QualityKind, Callable[[Facet], bool | None]] = {
        QualityKind.REQUIRED: lambda facet: facet.get(rule.column) is None,
        QualityKind.FUTURE: lambda facet: _above(facet.get(rule.column), month),
        QualityKind.EXPIRED: lambda facet: _above(month, facet.get(rule.column)),
        QualityKind.NOT_BEFORE: lambda facet: _above(facet.get(rule.other), facet.get(rule.column)),
        QualityKind.OUTSIDE_YEAR: lambda facet: _outside(facet.get(rule.column), asked.year),
    }
    return judges.get(rule.kind, lambda _facet: None)


def _above(high: str | None, low: str | None) -> bool | None:
    """Compare months; days of the same month may lie either way."""
    if high is None or low is None:
        return False
    return None if high == low else high > low


def _outside(month: str | None, year: int) -> bool:
    return month is not None and not month.startswith(f"{year}-")


def _broken(asked: Asked, layout: LedgerLayout) -> ColumnElement[bool]:
    """Return the rule itself as a condition."""
    rule = asked.rule
    if rule.kind is QualityKind.UNWANTED:
        return not_(false())
    column = slot(layout, rule.column)
    if rule.kind is QualityKind.REQUIRED:
        return column.is_(None)
    if rule.kind is QualityKind.FUTURE:
        return column > asked.today.isoformat()
    if rule.kind is QualityKind.EXPIRED:
        return column < asked.today.isoformat()
    if rule.kind is QualityKind.OUTSIDE_YEAR:
        return or_(column < f"{asked.year}{_EARLIEST}", column > f"{asked.year}{_LATEST}")
    other = slot(layout, rule.other)
    wrong = column > other if rule.kind is QualityKind.AT_MOST else column < other
    return and_(column.is_not(None), other.is_not(None), wrong)
