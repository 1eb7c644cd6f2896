"""Doubtful data: what was found, where it lies, and by which robust rule a figure stands out."""

from __future__ import annotations

import hashlib
import math
from statistics import median
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.plan.indicators import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.findings import Severity

# Fewer earlier periods say nothing about what is usual.
ENOUGH_HISTORY = 4
# Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): 0.6745 · |x - median| ÷ MAD over
# 3.5 stands out; 1 ÷ 0.6745 = 1.4826 makes MAD comparable with a standard deviation.
_FARTHEST = 3.5
_MAD_SCALE = 1.4826
# Where history hardly moves, MAD is nearly 0: a tenth of the median, and one, are ordinary.
_LEAST_SHARE = 0.1
_LEAST = 1.0
_MARK_BYTES = 12


class DoubtPlace(Struct, frozen=True):
    """Where doubtful data lies: a unit's typed value, or a row of a ledger.

    Attributes:
        item: Code of the indicator or deliverable, for typed values.
        period: Its period in text form; for a ledger's months ``2026-03``.
        ledger: Code of the ledger, for rows.
        row: Id of the row; empty where the whole of a month is meant.
        name: What identifies the row, for people.
    """

    unit: str
    item: str = ""
    period: str = ""
    ledger: str = ""
    row: str = ""
    name: str = ""
    column: str = ""


class DataDoubt(Struct, frozen=True):
    """One finding of a rule; when the values `seen` change, it is another one."""

    rule: str
    level: Severity
    message: str
    remedy: str
    spot: DoubtPlace
    seen: str = ""

    @property
    def mark(self) -> str:
        """Stable name of the finding; the same data gives the same mark again."""
        return self._hashed(self.seen)

    @property
    def place_mark(self) -> str:
        """Stable name of the rule and the place; other doubtful data there gives the same again."""
        return self._hashed()

    def _hashed(self, *seen: str) -> str:
        spot = self.spot
        place = (spot.unit, spot.item, spot.period, spot.ledger, spot.row, spot.column)
        text = "\x1f".join((self.rule, *place, *seen))
        return hashlib.blake2b(text.encode(), digest_size=_MARK_BYTES).hexdigest()


class Dismissal(Struct, frozen=True):
    """A finding that is shown no more (不再提示).

    Attributes:
        mark: Name of the finding.
        reason: Why it may stay, in the words of who decided.
        at: When, ISO text in UTC.
    """

    mark: str
    doubt: DataDoubt
    reason: str
    at: str
    who: str


class Outlier(Struct, frozen=True):
    """How a figure stands out from those before it; `middle` is their median."""

    value: float
    middle: float
    low: float
    high: float
    count: int

    @property
    def text(self) -> str:
        """The reason in words, for people."""
        return (
            f"{number_text(self.value)} 与以往相差过大：此前 {self.count} 期在 "
            f"{number_text(self.low)} 至 {number_text(self.high)} 之间，"
            f"中位数 {number_text(self.middle)}"
        )


def outlier(before: Sequence[float], value: float) -> Outlier | None:
    """Tell whether a figure stands out from a unit's own earlier ones.

    It does when it lies outside all of them and is farther from their median than 3.5 times the
    usual distance: the median absolute deviation (MAD, scaled), at least a tenth of the median
    and at least 1. Median and MAD are hardly moved by a single slip in the history.

    `before`: earlier figures, in any order.

    Returns:
        Why it stands out; None when it doesn't, or when there are fewer than four earlier ones.
    """
    if len(before) < ENOUGH_HISTORY or not math.isfinite(value):
        return None
    low, high = min(before), max(before)
    if low <= value <= high:
        return None
    middle = median(before)
    spread = median(abs(each - middle) for each in before)
    usual = max(_MAD_SCALE * spread, _LEAST_SHARE * abs(middle), _LEAST)
    if abs(value - middle) <= _FARTHEST * usual:
        return None
    return Outlier(value, middle, low, high, len(before))
