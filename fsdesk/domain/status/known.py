"""What is known of a year, as it counts: which records enter figures, and what is said of them."""

from __future__ import annotations

from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from msgspec import Struct, field

from fsdesk.domain.periods import Period
from fsdesk.domain.records.figures import NO_MARKS, Mark, Marks, Series, counted_periods
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.records.submissions import SubmissionState, is_left_out
from fsdesk.domain.status.deliverables import PeriodStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fsdesk.domain.records.records import Record
    from fsdesk.domain.status.reports import Reports

_T = TypeVar("_T")


class ValueColumns(NamedTuple):
    """A unit's leading figures of an item that say anything, by columns: a year holds very many.

    Attributes:
        periods: In text, each once, in any order; the other columns are in the same.
        not_applicable: Of each, whether it says 无此项.
    """

    item: str
    unit: str
    periods: tuple[str, ...]
    values: tuple[float | None, ...]
    numerators: tuple[float | None, ...]
    denominators: tuple[float | None, ...]
    not_applicable: tuple[bool, ...]


class StatusColumns(NamedTuple):
    """A unit's leading states of a deliverable, as `ValueColumns`."""

    item: str
    unit: str
    periods: tuple[str, ...]
    statuses: tuple[Status, ...]


class Known(Struct, frozen=True):
    """What is known of a year, without what does not count (不计入, or returned).

    Attributes:
        values: Typed figures by indicator code and unit code, in order of time, none twice.
        statuses: States of deliverables by their code and unit code, in order of time.
        reports: Which reports have come.
        left_out: By the code of an item and of a unit, the periods whose record does not count.
        months_left_out: By unit, the months of which nothing counts.
        not_counted: Unit and period of the records that do not count.
    """

    values: Mapping[str, Mapping[str, Series]]
    statuses: Mapping[str, Mapping[str, Sequence[PeriodStatus]]]
    reports: Reports
    left_out: Mapping[tuple[str, str], Sequence[Period]]
    months_left_out: Mapping[str, frozenset[int]]
    not_counted: frozenset[tuple[str, Period]] = frozenset()

    def counts(self, unit: str, period: Period) -> bool:
        """Tell whether what a unit recorded for a period counts."""
        return (unit, period) not in self.not_counted


class Computed(Struct, frozen=True):
    """What ledgers come to at a period's end, where that stands in place of what was typed.

    Attributes:
        values: By indicator code and unit code, over the year up to then. A unit that keeps rows
            of which none counts has 0; one of which everything is left out (不计入) has no value.
        withheld: By indicator code, the units of whose rows everything is left out: what they
            typed does not come in place of it.
        doubled: By indicator code, the units whose value rests on a natural key that several units
            have: those for which it counts, and those for which it does not.
    """

    values: Mapping[str, Mapping[str, DataValue]] = field(
        default_factory=dict[str, "Mapping[str, DataValue]"]
    )
    doubled: Mapping[str, frozenset[str]] = field(default_factory=dict[str, "frozenset[str]"])
    withheld: Mapping[str, frozenset[str]] = field(default_factory=dict[str, "frozenset[str]"])

    def stands_for(self, item: str, unit: str) -> bool:
        """Tell whether a ledger stands in place of what a unit typed, were it with nothing."""
        return unit in self.values.get(item, {}) or unit in self.withheld.get(item, ())


NOTHING_COMPUTED = Computed()


class Decisions(Struct, frozen=True):
    """What was decided on reports and records, by which they count or are marked.

    Attributes:
        reports: Which reports have come, and how they stand.
        left_out: By unit, the months that the office left out (不计入); see `left_out_months`.
        disputed: Item, unit and period's text of records with versions that differ.
        count_returned: Whether what a returned report says counts until it comes again.
    """

    reports: Reports
    left_out: Mapping[str, frozenset[int]] = field(default_factory=dict[str, "frozenset[int]"])
    disputed: Collection[tuple[str, str, str]] = ()
    count_returned: bool = True


NOTHING_DECIDED = Decisions({})


def known_of(
    values: Iterable[ValueColumns], statuses: Iterable[StatusColumns], decided: Decisions
) -> Known:
    """Sort out what counts; a month and the quarter it lies in share their fate.

    A quarter that is left out takes its months with it, and a month the quarter that holds it,
    since the quarter's figure can't be parted.
    """
    sorting = _Sorting(decided)
    table: dict[str, dict[str, Series]] = defaultdict(dict)
    for item, unit, texts, numbers, above, below, none in values:
        # Months in place of their quarter.
        periods, places = sorting.chosen(item, unit, texts).counting
        if periods:
            table[item][unit] = Series(
                periods,
                _column(numbers, none, places),
                _column(above, none, places),
                _column(below, none, places),
                sorting.marks(item, unit, periods),
            )
    said: dict[str, dict[str, Sequence[PeriodStatus]]] = defaultdict(dict)
    # Most units say one of few things: it is held once for all of them.
    known: dict[object, Sequence[PeriodStatus]] = {}
    for item, unit, texts, states in statuses:
        chosen = sorting.chosen(item, unit, texts)
        periods, places = chosen.all
        marks = sorting.marks(item, unit, periods)
        name = (id(chosen), states, marks)
        if name not in known:
            ordered = _picked(states, places)
            known[name] = [*map(PeriodStatus, periods, ordered, marks or repeat(NO_MARKS))]
        if periods:
            said[item][unit] = known[name]
    not_counted = frozenset(sorting.not_counted)
    return Known(table, said, decided.reports, sorting.out, decided.left_out, not_counted)


def _column(
    numbers: tuple[float | None, ...], none: tuple[bool, ...], places: Sequence[int] | None
) -> tuple[float | None, ...]:
    """Return a column without what stands beside 无此项; nothing where nothing stands in it."""
    if numbers.count(None) == len(numbers):
        return ()
    if any(none):
        numbers = tuple([None if out else each for each, out in zip(numbers, none, strict=True)])
    return _picked(numbers, places)


def _picked(column: tuple[_T, ...], places: Sequence[int] | None) -> tuple[_T, ...]:
    """Return what stands at some places; None for the column as it is."""
    return column if places is None else tuple([column[place] for place in places])


class _Places(NamedTuple):
    """Periods in order of time, and at which places they stand; None for all, as they stand."""

    periods: tuple[Period, ...]
    places: tuple[int, ...] | None


class _Chosen(NamedTuple):
    """Which of the periods of a unit's records of an item count.

    Attributes:
        all: All that are not left out.
        counting: Of them, without quarters of which there are months.
    """

    all: _Places
    counting: _Places
    left_out: tuple[Period, ...]


class _Sorting:
    """Tells of each record whether it counts and how it is marked, and keeps what does not."""

    def __init__(self, decided: Decisions) -> None:
        self._decided = decided
        self.out: dict[tuple[str, str], list[Period]] = defaultdict(list)
        self.not_counted: set[tuple[str, Period]] = set()
        returned = {
            (unit, month)
            for (unit, period), report in decided.reports.items()
            if report.state is SubmissionState.RETURNED
            for month in period.months
        }
        self._returned_out = set[tuple[str, Period]]() if decided.count_returned else returned
        self._returned = returned - self._returned_out
        units = {unit for unit, _ in self._returned}
        self._with_marks = units, {(item, unit) for item, unit, _ in decided.disputed}
        self._with_gaps = {*decided.left_out, *(unit for unit, _ in self._returned_out)}
        # Most units report the same periods.
        self._chosen: dict[tuple[tuple[str, ...], str], _Chosen] = {}

    def chosen(self, item: str, unit: str, texts: tuple[str, ...]) -> _Chosen:
        """Return which periods count of those of a unit's records, and keep which do not."""
        key = texts, unit if unit in self._with_gaps else ""
        if key not in self._chosen:
            self._chosen[key] = self._choose(unit, texts)
        found = self._chosen[key]
        if found.left_out:
            self.out[item, unit] += found.left_out
            self.not_counted.update((unit, period) for period in found.left_out)
        return found

    def _choose(self, unit: str, texts: tuple[str, ...]) -> _Chosen:
        place_of = {Period.parse(text): place for place, text in enumerate(texts)}
        periods = sorted(place_of, key=lambda period: period.order)
        out = [period for period in periods if self._left_out(unit, period)]
        present = [period for period in periods if period not in out]

        def places(chosen: Sequence[Period]) -> _Places:
            found = tuple(place_of[period] for period in chosen)
            same = found == tuple(range(len(texts)))
            return _Places(tuple(chosen), None if same else found)

        return _Chosen(places(present), places(counted_periods(present)), tuple(out))

    def _left_out(self, unit: str, period: Period) -> bool:
        return is_left_out(self._decided.left_out, unit, period) or any(
            (unit, month) in self._returned_out for month in period.months
        )

    def marks(self, item: str, unit: str, periods: Iterable[Period]) -> tuple[Marks, ...]:
        """Return how each of a unit's records of an item is marked; nothing where none is."""
        if unit not in self._with_marks[0] and (item, unit) not in self._with_marks[1]:
            return ()
        return tuple(self._marks(item, unit, period) for period in periods)

    def _marks(self, item: str, unit: str, period: Period) -> Marks:
        found: set[Mark] = set()
        if any((unit, month) in self._returned for month in period.months):
            found.add(Mark.RETURNED)
        if (item, unit, str(period)) in self._decided.disputed:
            found.add(Mark.DISPUTED)
        return frozenset(found)


def known_from(records: Iterable[Record], decided: Decisions = NOTHING_DECIDED) -> Known:
    """Sort out what counts of records; see `known_of`."""
    values: dict[tuple[str, str], list[tuple[str, DataValue]]] = defaultdict(list)
    statuses: dict[tuple[str, str], list[tuple[str, Status]]] = defaultdict(list)
    for record in records:
        key, content = record.key, record.content
        if isinstance(content, DataValue) and not record.empty:
            values[key.item, key.unit].append((key.period, content))
        elif isinstance(content, Milestone) and content.status is not None:
            statuses[key.item, key.unit].append((key.period, content.status))
    return known_of(
        (
            ValueColumns(
                *key,
                tuple(text for text, _ in rows),
                tuple(each.value for _, each in rows),
                tuple(each.numerator for _, each in rows),
                tuple(each.denominator for _, each in rows),
                tuple(each.not_applicable for _, each in rows),
            )
            for key, rows in values.items()
        ),
        (
            StatusColumns(*key, tuple(text for text, _ in rows), tuple(said for _, said in rows))
            for key, rows in statuses.items()
        ),
        decided,
    )
