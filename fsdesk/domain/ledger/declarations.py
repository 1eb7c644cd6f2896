"""Declarations of ledgers that the office edits: what must hold before they are stored."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import Finding, error, reject
from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.formulas import RowOperation
from fsdesk.domain.ledger.ledger import NO, YES, ColumnType
from fsdesk.domain.names import shown_name
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from fsdesk.domain.ledger.conditions import Plain
    from fsdesk.domain.ledger.formulas import Feed, LedgerMeasure
    from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerValue
    from fsdesk.domain.plan.plan import Plan

# What a file, a sheet and a filter can hold as a name.
_LONGEST_NAME = 30
_FORBIDDEN = set("[]:*?/\\'\"\n\t")
_ONE_VALUE = (CellCheck.AT_LEAST, CellCheck.AT_MOST, CellCheck.CONTAINS)


def fitting(ledgers: Iterable[Ledger], meant: Plan, plan: Plan) -> tuple[Ledger, ...]:
    """Return ledgers with only the formulas whose indicator asks the same in another plan.

    Plans number their items each for itself: by the code alone a ledger of samples would feed
    whatever another field's plan has under that number.

    `meant`: the plan for which the formulas were written.
    """
    before, here = meant.indicators_by_code, plan.indicators_by_code

    def fits(feed: Feed) -> bool:
        one, other = before.get(feed.indicator), here.get(feed.indicator)
        return one is not None and other is not None and one.asks_the_same(other)

    return tuple(replace(each, feeds=tuple(filter(fits, each.feeds))) for each in ledgers)


def check_declaration(
    ledger: Ledger,
    others: Iterable[Ledger],
    indicators: Collection[str],
    kept: Collection[Feed] = (),
) -> tuple[Finding, ...]:
    """Check a ledger's declaration by itself and beside the others.

    `indicators`: codes of the plan's indicators.
    `kept`: formulas that stand already; they may be meant for another year's plan.

    Returns:
        Findings; errors mean that it must not be stored.
    """
    return tuple(_faults(ledger, tuple(others), indicators, kept))


def _faults(
    ledger: Ledger,
    others: tuple[Ledger, ...],
    indicators: Collection[str],
    kept: Collection[Feed],
) -> Iterator[Finding]:
    yield from _name_faults("台账名称", ledger.title)
    if any(fold(other.title) == fold(ledger.title) for other in others):
        yield error(f"已有名为“{ledger.title}”的台账", "请换一个名称")
    names = Counter(fold(column.title) for column in ledger.columns)
    for column in ledger.columns:
        yield from _column_faults(column)
        if names[fold(column.title)] > 1:
            yield error(f"列名“{column.title}”重复", "每一列的名称要不同")
    yield from _key_faults(ledger)
    for feed in ledger.feeds:
        if feed not in kept:
            yield from _indicator_faults(ledger, feed, others, indicators)
        for measure in (feed.numerator, feed.denominator):
            if measure is not None:
                yield from _measure_faults(ledger, measure)


def _key_faults(ledger: Ledger) -> Iterator[Finding]:
    if not ledger.key:
        yield error("没有识别列", "请至少勾选一列为识别列，程序靠它识别同一条记录")
    for title in ledger.key:
        if ledger.column(title) is None:
            yield error(f"识别列“{title}”不在列中", "识别列不能停用，请先改选别的识别列")


def _name_faults(what: str, name: str) -> Iterator[Finding]:
    if not name.strip():
        yield error(f"{what}没有填", "请填写")
    elif len(name) > _LONGEST_NAME or _FORBIDDEN & set(name) or shown_name(name) != name.strip():
        yield error(
            f"{what}“{name[:_LONGEST_NAME]}”不能用",
            f"最多 {_LONGEST_NAME} 个字，不能有引号、方括号、冒号、星号、问号、斜线和看不见的字符",
        )


def _column_faults(column: LedgerColumn) -> Iterator[Finding]:
    yield from _name_faults("列名", column.title)
    if column.type is not ColumnType.CHOICE:
        return
    if not column.choices:
        yield error(f"选项列“{column.title}”没有选项", "请填写选项，用顿号隔开")
    if len(set(column.choices)) < len(column.choices):
        yield error(f"“{column.title}”的选项有重复", "请删去重复的选项")


def _indicator_faults(
    ledger: Ledger, feed: Feed, others: tuple[Ledger, ...], indicators: Collection[str]
) -> Iterator[Finding]:
    if feed.indicator not in indicators:
        yield error(f"计划中没有指标 {feed.indicator}", "请改选计划中的指标，或删去这条公式")
    for other in others:
        if any(each.indicator == feed.indicator for each in other.feeds):
            words = f"指标 {feed.indicator} 已由台账“{other.title}”计算"
            yield error(words, "一个指标只能由一个台账计算，请先删去那边的公式")
    if sum(each.indicator == feed.indicator for each in ledger.feeds) > 1:
        yield error(f"指标 {feed.indicator} 有两条公式", "请删去一条")


def _measure_faults(ledger: Ledger, measure: LedgerMeasure) -> Iterator[Finding]:
    if measure.action is not RowOperation.COUNT:
        column = ledger.column(measure.column)
        wants_number = measure.action is RowOperation.SUM
        if column is None or (wants_number and column.type is not ColumnType.NUMBER):
            kind = "数字列" if wants_number else "列"
            yield error(
                f"公式中的“{measure.column}”不能用来算{measure.action.label}", f"请选{kind}"
            )
    if measure.day:
        day = ledger.column(measure.day)
        if day is None or day.type is not ColumnType.DATE:
            yield error(f"公式中的“{measure.day}”不是日期列", "请改选日期列")
    for condition in measure.where:
        yield from _condition_faults(ledger, condition)


def _condition_faults(ledger: Ledger, condition: Condition) -> Iterator[Finding]:
    column = ledger.column(condition.column)
    if column is None:
        yield error(f"公式中用到的“{condition.column}”不在列中", "请先改公式，再停用这一列")
        return
    if condition.check in (CellCheck.FILLED, CellCheck.EMPTY):
        return
    allowed = column.choices or ((YES, NO) if column.type is ColumnType.FLAG else ())
    wrong = [v for v in condition.values if allowed and v not in allowed]
    numbers = column.type is ColumnType.NUMBER
    wrong += [v for v in condition.values if isinstance(v, float) is not numbers]
    if (
        wrong
        or not condition.values
        or (condition.check in _ONE_VALUE and len(condition.values) > 1)
    ):
        expected = "、".join(allowed) or ("一个数字" if numbers else "文字")
        yield error(f"条件“{condition.text}”的取值不对", f"应为：{expected}")


def retyped(kind: ColumnType, plain: Plain, choices: Collection[str] = ()) -> LedgerValue:
    """Return a held value in a column's new type, unchanged; ValueError when that can't be."""
    from fsdesk.domain.ledger.codec import typed_value

    value = typed_value(kind, plain)
    if kind is ColumnType.CHOICE and choices and value not in choices:
        raise ValueError(plain)
    return value


def condition_from_text(column: LedgerColumn, check: CellCheck, text: str) -> Condition:
    """Return a condition as somebody wrote it: several values with 、 between them.

    InputRejectedError when a column of numbers is compared with something else.
    """
    if check in (CellCheck.FILLED, CellCheck.EMPTY):
        return Condition(column.title, check)
    words = [word.strip() for word in re.split("[、,，;；]", text) if word.strip()]
    if column.type is not ColumnType.NUMBER:
        return Condition(column.title, check, tuple(words))
    try:
        return Condition(column.title, check, tuple(float(word) for word in words))
    except ValueError as problem:
        raise reject(f"“{column.title}”是数字列，不能与“{text}”比较", "请填写数字") from problem


def values_text(condition: Condition) -> str:
    """Return the values of a condition as `condition_from_text` reads them."""
    shown = (
        "" if v is None else v if isinstance(v, str) else f"{v:.15g}" for v in condition.values
    )
    return "、".join(shown)


def choices_from_text(text: str) -> tuple[str, ...]:
    """Return choices as somebody wrote them with 、 between them."""
    return tuple(word.strip() for word in re.split("[、,，;；\n]", text) if word.strip())
