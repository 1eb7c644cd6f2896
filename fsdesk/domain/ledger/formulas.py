"""How an indicator is computed from a ledger: counts, sums, distinct counts and their ratios."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.ledger.conditions import Condition  # noqa: TC001 - field types are read at run time by the codec

if TYPE_CHECKING:
    from collections.abc import Mapping

# Of a sum; what lies beyond would tell in which order the rows came.
_DECIMALS = 6


class RowOperation(LabelledEnum):
    """What is done with the rows that meet the conditions."""

    COUNT = "count", "条数"
    SUM = "sum", "合计"
    DISTINCT = "distinct", "不重复数"


class DaySpan(LabelledEnum):
    """Which days count, seen from a period."""

    WITHIN = "within", "期内"
    UNTIL = "until", "截至期末"
    ALWAYS = "always", "不限日期"


class LedgerMeasure(Struct, frozen=True):
    """A number that is made from the rows of a ledger.

    Attributes:
        action: Count, sum of a column, or number of different values of a column.
        column: For sums and distinct counts.
        where: Conditions; all must hold.
        day: Title of the date column that says when a row counts; empty when always.
        span: Whether the day must lie in the period, or before its end.
    """

    action: RowOperation = RowOperation.COUNT
    column: str = ""
    where: tuple[Condition, ...] = ()
    day: str = ""
    span: DaySpan = DaySpan.ALWAYS

    @property
    def reach(self) -> DaySpan:
        """Which days count; all where no column of days is named."""
        return self.span if self.day else DaySpan.ALWAYS

    @property
    def text(self) -> str:
        """The measure in words, for people."""
        what = f"“{self.column}”{self.action.label}" if self.column else self.action.label
        parts = [condition.text for condition in self.where]
        if self.day:
            parts.append(f"{self.day}在{self.span.label}")
        return f"{'、'.join(parts)}的{what}" if parts else f"全部{what}"


class Feed(Struct, frozen=True):
    """How a ledger feeds an indicator.

    Attributes:
        numerator: The value itself, or what stands above the line.
        denominator: For ratios, what stands below the line.
        counts: Whether the computed figure stands in place of the typed one in the aggregate.
            Otherwise it is only shown beside it.
        visits: For the coverage of subjects that are owed visits (see `inspection_duty`), code of
            the ledger that holds the visits; the measures then say only whose rows count.
    """

    indicator: str
    numerator: LedgerMeasure
    denominator: LedgerMeasure | None = None
    counts: bool = False
    visits: str = ""

    @property
    def text(self) -> str:
        """The formula in words, for people."""
        if self.visits:
            return "截至期末各督导周期内已督导的主体数 ÷ 应督导的在产在营主体数，同一周期内不重复"
        if self.denominator is None:
            return self.numerator.text
        return f"{self.numerator.text} ÷ {self.denominator.text}"


class MonthSpan(Struct, frozen=True):
    """The months of a year over which a unit's rows are counted.

    Attributes:
        first: 1 to 12; `last` likewise.
        left_out: Months whose data does not count (不计入).
    """

    year: int
    first: int
    last: int
    left_out: frozenset[int] = frozenset()

    @property
    def counted(self) -> tuple[int, ...]:
        """The months that count."""
        return tuple(m for m in range(self.first, self.last + 1) if m not in self.left_out)

    def total(self, reach: DaySpan, by_month: Mapping[str, float]) -> float | None:
        """Add up what lies in the months that count.

        What is taken up to a day is taken up to the end of the last month that counts. What has
        no date can't be taken without the month that is left out.

        `by_month`: by the month as ISO text, ``2026-03``; without a date under an empty text.

        Returns:
            None where all is left out.
        """
        counted = self.counted
        if not counted or (reach is DaySpan.ALWAYS and counted[-1] != self.last):
            return None
        if reach is DaySpan.WITHIN:
            wanted = [by_month.get(self._text(month), 0.0) for month in counted]
        elif reach is DaySpan.UNTIL:
            last = self._text(counted[-1])
            wanted = [value for month, value in by_month.items() if month <= last]
        else:
            wanted = list(by_month.values())
        return round(math.fsum(wanted), _DECIMALS)

    def _text(self, month: int) -> str:
        return f"{self.year}-{month:02d}"
