"""What is known of a year, as it counts: which records enter figures, and what is said of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from fsdesk.domain.periods import Period
from fsdesk.domain.records.figures import NO_MARKS, Mark, Marks, Series, counted_periods
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.records.submissions import SubmissionState, is_left_out
from fsdesk.domain.status.deliverables import PeriodStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fsdesk.domain.records.records import Record
    from fsdesk.domain.status.reports import Reports

# A leading record that isn't empty: item, unit, period's text, value, numerator, denominator and
# whether it says 无此项.
ValueRow = tuple[str, str, str, float | None, float | None, float | None, bool]
StatusRow = tuple[str, str, str, Status]
_Row = TypeVar("_Row", ValueRow, StatusRow)


@dataclass(frozen=True, slots=True)
class Known:
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


@dataclass(frozen=True, slots=True)
class Computed:
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


@dataclass(frozen=True, slots=True)
class Decisions:
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
    values: Iterable[ValueRow], statuses: Iterable[StatusRow], decided: Decisions
) -> Known:
    """Sort out what counts; a month and the quarter it lies in share their fate.

    A quarter that is left out takes its months with it, and a month the quarter that holds it,
    since the quarter's figure can't be parted.
    """
    sorting = _Sorting(decided)
    table = _in_columns(_grouped(values, sorting), sorting)
    said: dict[str, dict[str, list[PeriodStatus]]] = defaultdict(dict)
    for item, by_unit in _grouped(statuses, sorting).items():
        for unit, rows in by_unit.items():
            said[item][unit] = [
                PeriodStatus(Period.parse(row[2]), row[3], marks)
                for row, marks in zip_longest(rows, sorting.marks(rows), fillvalue=NO_MARKS)
            ]
    not_counted = frozenset(sorting.not_counted)
    return Known(table, said, decided.reports, sorting.out, decided.left_out, not_counted)


def _in_columns(
    grouped: Mapping[str, Mapping[str, Sequence[ValueRow]]], sorting: _Sorting
) -> Mapping[str, Mapping[str, Series]]:
    """Return by item and unit what counts in columns, months in place of their quarter."""
    found: dict[str, dict[str, Series]] = defaultdict(dict)
    # Most units report the same periods: them, and those that count where not all do.
    periods_of: dict[tuple[str, ...], tuple[tuple[Period, ...], Collection[Period] | None]] = {}
    for item, by_unit in grouped.items():
        for unit, rows in by_unit.items():
            _, _, texts, values, tops, bottoms, none = zip(*rows, strict=True)
            columns: list[tuple[float | None, ...]] = [
                () if column.count(None) == len(column) else column
                for column in (values, tops, bottoms)
            ]
            if any(none):
                columns = [
                    tuple(None if out else each for each, out in zip(column, none, strict=False))
                    for column in columns
                ]
            if texts not in periods_of:
                periods = tuple(map(Period.parse, texts))
                counting = counted_periods(periods)
                all_count = len(counting) == len(periods)
                periods_of[texts] = periods, None if all_count else set(counting)
            periods, counting = periods_of[texts]
            series = Series(periods, *columns, sorting.marks(rows))
            found[item][unit] = series.only(counting.__contains__) if counting else series
    return found


def _grouped(rows: Iterable[_Row], sorting: _Sorting) -> Mapping[str, Mapping[str, Sequence[_Row]]]:
    """Return by item and unit the rows that count, in order of time.

    They are sorted by their periods, of which there are few, while there are very many rows.
    """
    by_period: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_period[row[2]].append(row)
    found: dict[str, dict[str, list[_Row]]] = defaultdict(lambda: defaultdict(list))
    for text in sorted(by_period, key=lambda text: Period.parse(text).order):
        period = Period.parse(text)
        left_out = sorting.left_out(period)
        for row in by_period[text]:
            if row[1] in left_out:
                sorting.out[row[0], row[1]].append(period)
                sorting.not_counted.add((row[1], period))
            else:
                found[row[0]][row[1]].append(row)
    return found


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

    def left_out(self, period: Period) -> Collection[str]:
        """Return the units whose records of a period do not count."""
        months = self._decided.left_out
        units = {unit for unit in months if is_left_out(months, unit, period)}
        return units | {unit for unit, month in self._returned_out if month in period.months}

    def marks(self, rows: Sequence[_Row]) -> tuple[Marks, ...]:
        """Return how each of a unit's records of an item is marked; nothing where none is."""
        item, unit = rows[0][:2]
        if unit not in self._with_marks[0] and (item, unit) not in self._with_marks[1]:
            return ()
        return tuple(map(self._marks, rows))

    def _marks(self, row: _Row) -> Marks:
        item, unit, text = row[:3]
        found: set[Mark] = set()
        if any((unit, month) in self._returned for month in Period.parse(text).months):
            found.add(Mark.RETURNED)
        if (item, unit, text) in self._decided.disputed:
            found.add(Mark.DISPUTED)
        return frozenset(found)


def known_from(records: Iterable[Record], decided: Decisions = NOTHING_DECIDED) -> Known:
    """Sort out what counts of records; see `known_of`."""
    records = [record for record in records if not record.empty]
    keys = [(record.key.item, record.key.unit, record.key.period) for record in records]
    pairs = list(zip(keys, (record.content for record in records), strict=True))
    return known_of(
        (
            (*key, each.value, each.numerator, each.denominator, each.not_applicable)
            for key, each in pairs
            if isinstance(each, DataValue)
        ),
        (
            (*key, content.status)
            for key, content in pairs
            if isinstance(content, Milestone) and content.status is not None
        ),
        decided,
    )
