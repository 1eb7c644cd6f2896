"""Opening a figure: what lies under it, level by level, down to what proves it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.ledger.formulas import DaySpan
from fsdesk.domain.plan.indicators import IndicatorKind, number_text

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.ledger.formulas import LedgerMeasure
    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.records.figures import Figure
    from fsdesk.domain.records.records import DataValue
    from fsdesk.domain.status.lights import Light


class Depth(StrEnum):
    """How deep a level lies."""

    YEAR = "year"
    UNIT = "unit"
    TASK = "task"
    INDICATOR = "indicator"
    DELIVERABLE = "deliverable"
    FIGURE = "figure"
    RECORD = "record"
    ROWS = "rows"
    PARTS = "parts"
    PART = "part"
    PART_ROWS = "part_rows"


class FigureRef(Struct, frozen=True):
    """A figure that can be opened.

    Attributes:
        item: Code of the task, indicator or deliverable; empty for whole units and the year.
        unit: Code of the unit; empty for all.
        period: For a record, the period that it was reported for.
        below: For ledger rows: whether those below the line (the denominator) are meant.
        start: For ledger rows: how many are passed over.
        path: For what lies below a unit that is itself made of units: the way down from it.
    """

    depth: Depth
    item: str = ""
    unit: str = ""
    period: str = ""
    below: bool = False
    start: int = 0
    path: tuple[str, ...] = ()


YEAR = FigureRef(Depth.YEAR)


class DrillLine(Struct, frozen=True):
    """One number under a figure.

    Attributes:
        cells: As many as the level has heads.
        light: Its judgement; None where there is none.
        to: What it opens to; None where nothing lies under it.
        file: A file that it opens: a packet or a proof; None for others.
        values: The numbers in the level's columns of numbers, in their order; empty without any.
    """

    cells: tuple[str, ...]
    light: Light | None = None
    to: FigureRef | None = None
    file: Path | None = None
    values: tuple[float | None, ...] = ()


class DrillLevel(Struct, frozen=True):
    """What lies under a figure.

    Attributes:
        title: Its name, short, as in a path.
        words: The figure itself and how it comes about, in sentences.
        numbers: Which columns hold numbers, counted from 0.
        more: How many lines there are beyond those shown.
        way: The figures above it, from the year down, each with its name.
    """

    spot: FigureRef
    title: str
    words: tuple[str, ...]
    heads: tuple[str, ...]
    lines: tuple[DrillLine, ...]
    numbers: tuple[int, ...] = ()
    more: int = 0
    way: tuple[tuple[FigureRef, str], ...] = ()


def formula_text(indicator: Indicator) -> str:
    """Say how an indicator's figure is put together."""
    over = indicator.aggregation.label
    if indicator.kind is IndicatorKind.RATIO:
        above = indicator.numerator_name or "分子"
        below = indicator.denominator_name or "分母"
        return f"算法：各单位{above}之和 ÷ {below}之和（{over}，不取各单位比率的平均）。"
    if indicator.kind is IndicatorKind.DERIVED:
        factor = number_text(indicator.derivation.factor) if indicator.derivation else ""
        return f"算法：各单位数量之和 ÷ 参数每 {factor} 计一（{over}）。"
    return f"算法：各单位数值之和（{over}）。"


def figure_text(figure: Figure, measure_unit: str, period: Period) -> str:
    """Write a figure as it was reported, of a level of which month, or why there is none.

    `period`: that it is shown for.
    """
    if not figure.reported:
        return "未报"
    if figure.numerator is not None and figure.denominator is not None:
        text = f"{number_text(figure.numerator)} ÷ {number_text(figure.denominator)}"
    elif figure.value is None:
        return "无此项"
    else:
        text = f"{number_text(figure.value)}{measure_unit}"
    return text + figure.beside(period)


def value_text(data: DataValue, measure_unit: str) -> str:
    """Write what was reported for a period."""
    if data.not_applicable:
        return "无此项"
    if data.numerator is not None or data.denominator is not None:
        sides = (data.numerator, data.denominator)
        return " ÷ ".join("未填" if side is None else number_text(side) for side in sides)
    return "未填" if data.value is None else f"{number_text(data.value)}{measure_unit}"


def span_text(measure: LedgerMeasure, day: str) -> str:
    """Say which days of a ledger count for a measure.

    `day`: the last day that counts, in words.
    """
    if not measure.day or measure.span is DaySpan.ALWAYS:
        return "不限日期"
    return (
        f"{measure.day}截至{day}"
        if measure.span is DaySpan.UNTIL
        else f"{measure.day}在本年至{day}"
    )
