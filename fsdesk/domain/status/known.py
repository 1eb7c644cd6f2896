"""What is known of a year, as it counts: which records enter figures, and what is said of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fsdesk.domain.periods import Period
from fsdesk.domain.records.figures import NO_MARKS, Mark, Marks, PeriodValue
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.records.submissions import SubmissionState, is_left_out
from fsdesk.domain.status.deliverables import PeriodStatus
from fsdesk.domain.status.reports import quarter_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fsdesk.domain.records.records import Record
    from fsdesk.domain.status.reports import Reports

# A leading record that isn't empty: item, unit, period's text, and what it says.
ValueRow = tuple[str, str, str, DataValue]
StatusRow = tuple[str, str, str, Status]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a year, without what is not to count (不计入).

    Attributes:
        values: Typed figures by indicator code and unit code, in order of time.
        statuses: States of deliverables by their code and unit code, in order of time.
        reports: Which reports have come.
        left_out: By the code of an item and of a unit, the periods whose record does not count.
        months_left_out: By unit, the months of which nothing counts.
    """

    values: Mapping[str, Mapping[str, Sequence[PeriodValue]]]
    statuses: Mapping[str, Mapping[str, Sequence[PeriodStatus]]]
    reports: Reports
    left_out: Mapping[tuple[str, str], Sequence[Period]]
    months_left_out: Mapping[str, frozenset[int]]

    def counts(self, unit: str, period: Period) -> bool:
        """Tell whether a unit's records of a period count (are not 不计入)."""
        return not is_left_out(self.months_left_out, unit, period)


@dataclass(frozen=True, slots=True)
class Computed:
    """What ledgers come to at a period's end, where that stands in place of what was typed.

    Attributes:
        values: By indicator code and unit code, over the year up to then. A unit that keeps rows
            of which none counts has 0; one of which everything is left out (不计入) has no value.
        doubled: By indicator code, the units whose value rests on a natural key that several units
            have: those for which it counts, and those for which it does not.
    """

    values: Mapping[str, Mapping[str, DataValue]] = field(
        default_factory=dict[str, "Mapping[str, DataValue]"]
    )
    doubled: Mapping[str, frozenset[str]] = field(default_factory=dict[str, "frozenset[str]"])


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
    table: dict[str, dict[str, list[PeriodValue]]] = defaultdict(lambda: defaultdict(list))
    for item, unit, text, data in values:
        period, marks = sorting.fate(item, unit, text)
        if marks is not None:
            table[item][unit].append(PeriodValue(period, data, marks))
    said: dict[str, dict[str, list[PeriodStatus]]] = defaultdict(lambda: defaultdict(list))
    for item, unit, text, status in statuses:
        period, marks = sorting.fate(item, unit, text)
        if marks is not None:
            said[item][unit].append(PeriodStatus(period, status, marks))
    for by_unit in (*table.values(), *said.values()):
        for each in by_unit.values():
            each.sort(key=lambda one: one.period.order)
    return Known(table, said, decided.reports, sorting.out, decided.left_out)


class _Sorting:
    """Tells of each record whether it counts and how it is marked, and keeps what does not."""

    def __init__(self, decided: Decisions) -> None:
        self._decided = decided
        self.out: dict[tuple[str, str], list[Period]] = defaultdict(list)
        self._fates: dict[tuple[str, str], tuple[Period, Marks | None]] = {}

    def fate(self, item: str, unit: str, text: str) -> tuple[Period, Marks | None]:
        """Return a record's period and marks; no marks where it does not count."""
        found = self._fates.get((unit, text))
        if found is None:
            period = Period.parse(text)
            out = is_left_out(self._decided.left_out, unit, period)
            found = period, None if out else _marks(unit, period, self._decided)
            self._fates[unit, text] = found
        if found[1] is None:
            self.out[item, unit].append(found[0])
        elif (item, unit, text) in self._decided.disputed:
            return found[0], found[1] | {Mark.DISPUTED}
        return found


def known_from(records: Iterable[Record], decided: Decisions = NOTHING_DECIDED) -> Known:
    """Sort out what counts of records; see `known_of`."""
    records = [record for record in records if not record.empty]
    keys = [(record.key.item, record.key.unit, record.key.period) for record in records]
    pairs = list(zip(keys, (record.content for record in records), strict=True))
    return known_of(
        ((*key, content) for key, content in pairs if isinstance(content, DataValue)),
        (
            (*key, content.status)
            for key, content in pairs
            if isinstance(content, Milestone) and content.status is not None
        ),
        decided,
    )


def _marks(unit: str, period: Period, decided: Decisions) -> Marks | None:
    """Return what must be said of a unit's records of a period; None where they don't count."""
    whole = quarter_of(period) if period.length == 1 else period
    for each in {period, whole, *period.months}:
        report = decided.reports.get((unit, each))
        if report is not None and report.state is SubmissionState.RETURNED:
            return frozenset({Mark.RETURNED}) if decided.count_returned else None
    return NO_MARKS
