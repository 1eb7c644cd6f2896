"""Indicators (指标): quantified targets, and how their figures are to be read."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.text import fold


class IndicatorKind(LabelledEnum):
    """How an indicator's figure comes about."""

    COUNT = "count", "计数"
    RATIO = "ratio", "比率"
    DERIVED = "derived", "推算"


class Aggregation(LabelledEnum):
    """How figures of several periods become one (DHIS2: SUM or LAST over periods)."""

    CUMULATIVE = "cumulative", "逐期累加"
    LEVEL = "level", "取最近一期"


class Operator(StrEnum):
    """How a figure is compared with its target."""

    AT_LEAST = "≥"
    EQUAL = "="
    AT_MOST = "≤"


class PaceRule(LabelledEnum):
    """How much of a target should have been reached by a given month."""

    LINEAR = "linear", "按月匀速"
    CONSTANT = "constant", "始终达标"
    CURVE = "curve", "按月设定"


class Pace(Struct, frozen=True):
    """The pace (序时进度) that an indicator must keep.

    Attributes:
        rule: Linear over the year, constant (must always hold), or a curve.
        curve: For a curve, twelve fractions of the target, one for the end of each month.
    """

    rule: PaceRule = PaceRule.LINEAR
    curve: tuple[float, ...] = ()


class Derivation(Struct, frozen=True):
    """How a derived indicator is computed: numerator ÷ (plan constant ÷ factor).

    Attributes:
        constant: Code of the plan constant in the denominator, e.g. ``population``.
        factor: What one unit of the denominator holds, e.g. 1000 persons.
        source: Code of the indicator whose value is the numerator; empty when units type it.
    """

    constant: str
    factor: float = 1.0
    source: str = ""


class TargetShare(Struct, frozen=True):
    """A unit's part of a target (分解目标), in the indicator's measure unit."""

    unit: str
    target: float


class Indicator(Struct, frozen=True):
    """A quantified target of a task.

    Attributes:
        code: Stable code such as ``I04-3``.
        kind: Count, ratio or derived.
        aggregation: Over periods: added up, or the latest taken.
        target: In the measure unit; for ratios in per cent.
        measure_unit: 批次, 家, 个, % and so on.
        pace: What should have been reached by when.
        part_of: Code of the indicator that contains this one (其中), or empty.
        bounded: For ratios, whether the numerator can't exceed the denominator.
        derivation: For derived indicators only.
        numerator_name: For ratios and derived ones, what is counted above the line.
        denominator_name: For ratios, what is counted below it.
        reporters: Unit or group codes that report it; empty means all units of the task.
        shares: How the target is split over units; may be empty.
        whole_numbers: Whether typed figures must be whole.
        baseline: What the year before had reached, in the measure unit; None when unknown.
    """

    code: str
    name: str
    kind: IndicatorKind
    aggregation: Aggregation
    operator: Operator
    target: float
    measure_unit: str
    pace: Pace = Pace()
    part_of: str = ""
    bounded: bool = True
    derivation: Derivation | None = None
    numerator_name: str = ""
    denominator_name: str = ""
    reporters: tuple[str, ...] = ()
    shares: tuple[TargetShare, ...] = ()
    whole_numbers: bool = True
    baseline: float | None = None

    @property
    def typed(self) -> bool:
        """Whether units type figures for it (a derived one may take another's)."""
        return not (self.derivation and self.derivation.source)

    @property
    def target_text(self) -> str:
        """The target as people write it, e.g. ``≥1900批次``."""
        return self.text_of(self.target)

    def text_of(self, target: float) -> str:
        """Write a target, or a unit's part of it, as people do."""
        return f"{self.operator.value}{number_text(target, 4)}{self.measure_unit}"

    def asks_the_same(self, other: Indicator) -> bool:
        """Tell whether another plan's indicator counts the same; codes alone don't say that."""
        return (self.kind, self.aggregation) == (other.kind, other.aggregation) and (
            fold(self.name),
            fold(self.measure_unit),
        ) == (fold(other.name), fold(other.measure_unit))

    def share_of(self, unit: str) -> float | None:
        """Return a unit's part of the target, or None when the target isn't split to it."""
        return next((share.target for share in self.shares if share.unit == unit), None)


def number_text(value: float, digits: int = 2) -> str:
    """Write a number without a needless decimal part: 1900, 3.5, 66.67."""
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
