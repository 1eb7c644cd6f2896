"""How an indicator is computed from a ledger: counts, sums, distinct counts and their ratios."""

from __future__ import annotations

from dataclasses import dataclass

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.ledger.conditions import Condition  # noqa: TC001 - field types are read at run time by the codec


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


@dataclass(frozen=True, slots=True)
class LedgerMeasure:
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
    def text(self) -> str:
        """The measure in words, for people."""
        what = f"“{self.column}”{self.action.label}" if self.column else self.action.label
        parts = [condition.text for condition in self.where]
        if self.day:
            parts.append(f"{self.day}在{self.span.label}")
        return f"{'、'.join(parts)}的{what}" if parts else f"全部{what}"


@dataclass(frozen=True, slots=True)
class Feed:
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
