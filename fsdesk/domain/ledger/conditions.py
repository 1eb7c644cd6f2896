"""Conditions on the rows of a ledger, and what of a ledger is shown: data, never program text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum

if TYPE_CHECKING:
    from collections.abc import Mapping

# A cell as the database and JSON hold it; see `fsdesk.domain.ledger.ledger.plain_value`.
Plain = str | float | None


class CellCheck(LabelledEnum):
    """How a cell is looked at; the value is the word in declarations."""

    IS = "is", "是"
    IS_NOT = "is_not", "不是"
    AT_LEAST = "at_least", "不小于"
    AT_MOST = "at_most", "不大于"
    CONTAINS = "contains", "包含"
    FILLED = "filled", "已填"
    EMPTY = "empty", "未填"


class Condition(Struct, frozen=True):
    """One condition on one column.

    Attributes:
        values: What it is compared with: any of several for `IS`, none of them for `IS_NOT`, one
            for the others, none for `FILLED` and `EMPTY`.
    """

    column: str
    check: CellCheck
    values: tuple[Plain, ...] = ()

    def holds(self, row: Mapping[str, Plain]) -> bool:
        """Tell whether a row of plain values meets it; an empty cell is never large or small."""
        value = row.get(self.column)
        if self.check is CellCheck.FILLED:
            return value is not None
        if self.check is CellCheck.EMPTY:
            return value is None
        if self.check is CellCheck.IS:
            return value in self.values
        if self.check is CellCheck.IS_NOT:
            return value not in self.values
        return value is not None and self._compares(value)

    def _compares(self, value: str | float) -> bool:
        other = self.values[0]
        if self.check is CellCheck.CONTAINS:
            return str(other).casefold() in str(value).casefold()
        if isinstance(value, str) is not isinstance(other, str) or other is None:
            return False
        high, low = (value, other) if self.check is CellCheck.AT_LEAST else (other, value)
        if isinstance(high, str) or isinstance(low, str):
            return str(high) >= str(low)
        return high >= low

    @property
    def text(self) -> str:
        """The condition in words, for people."""
        if not self.values:
            return f"{self.column}{self.check.label}"
        words = "或".join(_shown(value) for value in self.values)
        return f"{self.column}{self.check.label}{words}"


def _shown(value: Plain) -> str:
    if value is None:
        return "空"
    return value if isinstance(value, str) else f"{value:.15g}"


# In place of a column's title: sort by the unit that keeps a row.
BY_UNIT = "\x1funit"


class View(Struct, frozen=True):
    """What of a ledger is shown.

    Attributes:
        unit: Only this unit's rows; None for all.
        conditions: All must hold.
        find: Text that any cell must contain; empty for none.
        sort: Title of the column to sort by, or `BY_UNIT`; empty for the order of arrival.
        descending: Whether the largest comes first.
        units: Only the rows of these units; None for all.
    """

    unit: str | None = None
    conditions: tuple[Condition, ...] = ()
    find: str = ""
    sort: str = ""
    descending: bool = False
    units: tuple[str, ...] | None = None


EVERYTHING = View()
