"""What is checked when something is recorded: pure rules over plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import Finding, InputRejectedError, error, warning
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, number_text
from fsdesk.domain.records.figures import (
    PeriodValue,
    figures_of,
    unit_figure,
    with_records,
)
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    texts_of,
)
from fsdesk.domain.text import LONGEST_TEXT, TOO_LARGE, TOO_MUCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.figures import ValueTable
    from fsdesk.domain.settings import Rules

# From this many earlier periods on, a figure as large as their sum looks like a running total.
_ENOUGH_HISTORY = 2


def asked(plan: Plan, key: RecordKey) -> bool:
    """Tell whether the plan of the record's period asks a unit for it."""
    return key.unit in _item(plan.at(Period.parse(key.period)), key)[1]


def item_name(plan: Plan, key: RecordKey) -> str:
    """Return code and name of what a record is about, also of what left the plan during the year.

    The code alone, where the plan never had it.
    """
    held = plan.holding(key.item)
    return f"{key.item} {_item(held, key)[0]}" if held else key.item


def check_records(
    plan: Plan, incoming: Sequence[Record], known: ValueTable, rules: Rules, today: date
) -> Mapping[RecordKey, tuple[Finding, ...]]:
    """Check records of one unit before they are stored together, each by the plan of its period.

    `known`: the figures that the unit has recorded, including the present incoming ones.

    Returns:
        Findings by record; errors mean that it must not be stored.
    """
    wrong = {text: _check_period(text) for text in {record.key.period for record in incoming}}
    sound = [record for record in incoming if not wrong[record.key.period]]
    checking = _Checking(plan, known, with_records(known, sound), rules, today)
    return {
        record.key: wrong[record.key.period] or tuple(checking.check(record)) for record in incoming
    }


def _check_period(text: str) -> tuple[Finding, ...]:
    try:
        Period.parse(text)
    except InputRejectedError as problem:
        return problem.findings
    return ()


class _Checking(Struct, frozen=True):
    """Checks records beside what the unit had recorded before, and will have after."""

    plan: Plan
    before: ValueTable
    after: ValueTable
    rules: Rules
    today: date

    def check(self, record: Record) -> Sequence[Finding]:
        """Check a record whose period is one."""
        period = Period.parse(record.key.period)
        plan = self.plan.at(period)
        found = [*_check_place(self.plan, plan, record.key, period)]
        if found or record.empty:
            return found
        found += _check_lengths(record)
        if isinstance(record.content, DataValue):
            found += self._check_value(plan, record.key, record.content, period, found)
        elif isinstance(record.content, Milestone):
            found += _check_date(plan, record.content, self.today)
        return found

    def _check_value(
        self,
        plan: Plan,
        key: RecordKey,
        data: DataValue,
        period: Period,
        found: Sequence[Finding],
    ) -> list[Finding]:
        indicator = plan.indicators_by_code[key.item]
        values = figures_of(self.after, key)
        told = [*_check_overlap(values, period), *_check_numbers(indicator, data)]
        if not found and not told:
            told += _check_parts(plan, key, self.after, period)
            present = figures_of(self.before, key)
            told += _check_history(indicator, data, (present, values), period, self.rules)
        return told


def _check_lengths(record: Record) -> Iterable[Finding]:
    """A text must fit a cell of a packet."""
    for field, text in texts_of(record.content):
        if len(text) > LONGEST_TEXT:
            yield error(
                f"文字过长，有 {len(text)} 字", f"请精简到 {LONGEST_TEXT} 字以内，详情另作附件"
            ).about(field)


def _check_place(year: Plan, plan: Plan, key: RecordKey, period: Period) -> Iterable[Finding]:
    """By the period's plan, the unit must answer for the item; the period must lie in the year."""
    if period.year != plan.year:
        yield error(
            f"报告期 {period.label} 不在 {plan.year} 年度内",
            f"请填写 {plan.year}-01 至 {plan.year}-12，或 {plan.year}-Q1 至 {plan.year}-Q4",
        )
    if key.unit not in plan.directory.by_code:
        name = year.unit_name(key.unit)
        yield error(f"{period.label}的计划中没有单位“{name}”", "请核对单位和报告期")
        return
    name, units = _item(plan, key)
    if not name:
        yield error(f"计划中没有编码为“{key.item}”的{_ITEM_WORDS[key.kind]}", "请核对编码")
    elif key.unit not in units:
        unit = plan.unit_name(key.unit)
        yield error(f"{unit}不承担“{name}”（{key.item}）", "请核对单位和编码")


_ITEM_WORDS = {
    RecordKind.VALUE: "指标",
    RecordKind.PROGRESS: "任务",
    RecordKind.MILESTONE: "事项",
}


def _item(plan: Plan, key: RecordKey) -> tuple[str, Iterable[str]]:
    """Return an item's name (empty if unknown) and the units that answer for it."""
    if key.kind is RecordKind.VALUE:
        indicator = plan.indicators_by_code.get(key.item)
        if indicator is not None and not indicator.reporters:
            return indicator.name, plan.roles(plan.task_of[indicator.code].code)
        return (indicator.name, plan.reporters(indicator)) if indicator else ("", ())
    if key.kind is RecordKind.PROGRESS:
        task = plan.tasks_by_code.get(key.item)
        return (task.title, plan.roles(task.code)) if task else ("", ())
    item = plan.deliverables_by_code.get(key.item)
    return (item.title, plan.roles(plan.task_of[item.code].code)) if item else ("", ())


def _check_overlap(values: Iterable[PeriodValue], period: Period) -> Iterable[Finding]:
    """A quarter and a month of it must not both be filled for one item and unit."""
    for other in values:
        if other.period.length != period.length and other.period.overlaps(period):
            yield error(
                f"{other.period.label}已填报过这项指标，与{period.label}重叠，会重复计算",
                "请二者择一：清空其中一个报告期的数据",
            )


def _check_numbers(indicator: Indicator, data: DataValue) -> Iterable[Finding]:
    if not indicator.typed:
        yield error(f"“{indicator.name}”由其他指标自动计算，不需要填报", "请填报它所依据的指标")
        return
    numbers = (data.value, data.numerator, data.denominator)
    typed = {field: n for field, n in zip(_NUMBERS, numbers, strict=True) if n is not None}
    if data.not_applicable:
        if typed:
            words = f"“{indicator.name}”已选“无此项”，不能再填数"
            yield error(words, "请清空数值或取消“无此项”").about(next(iter(typed)))
        return
    for field, number in typed.items():
        for finding in _check_number(indicator, _NUMBERS[field], number):
            yield finding.about(field)
    if indicator.kind is IndicatorKind.RATIO:
        yield from _check_ratio(indicator, data)
    elif typed.keys() - {"value"}:
        first = next(field for field in typed if field != "value")
        words = f"“{indicator.name}”不是比率，只填一个数值"
        yield error(words, "请改填“本期数”").about(first)


_NUMBERS = {"value": "数值", "numerator": "分子", "denominator": "分母"}


def _check_number(indicator: Indicator, name: str, number: float) -> Iterable[Finding]:
    if not math.isfinite(number):
        yield error(f"“{indicator.name}”的{name}不是有效数字", "请填写不小于 0 的数字")
    elif abs(number) >= TOO_MUCH:
        yield error(f"“{indicator.name}”的{name}{TOO_LARGE}", "请填写本报告期内的数")
    elif number < 0:
        yield error(
            f"“{indicator.name}”的{name}是负数（{number_text(number)}）", "请填写不小于 0 的数字"
        )
    elif indicator.whole_numbers and number % 1:
        yield error(
            f"“{indicator.name}”的{name}应为整数，现为 {number_text(number, 4)}", "请填写整数"
        )


def _check_ratio(indicator: Indicator, data: DataValue) -> Iterable[Finding]:
    name, top, bottom = indicator.name, data.numerator, data.denominator
    if data.value is not None:
        yield error(f"“{name}”是比率，不能直接填百分数", "请分别填写分子和分母").about("value")
    if top is None and bottom is None:
        return
    if top is None or bottom is None:
        missing = "分子" if top is None else "分母"
        yield error(f"“{name}”缺少{missing}", "分子和分母要同时填写；没有这类对象请选“无此项”")
    elif indicator.bounded and top > bottom:
        yield error(
            f"“{name}”的分子 {number_text(top)} 大于分母 {number_text(bottom)}",
            "请核对，分子应不大于分母",
        ).about("numerator")


def _check_parts(
    plan: Plan, key: RecordKey, table: ValueTable, period: Period
) -> Iterable[Finding]:
    """A part (其中) can't exceed the whole, over all that the unit has reported so far.

    Typing too large a part is an error. Typing a whole that is smaller than its parts is a
    warning: the clerk may be about to mend the parts next.
    """
    item = key.item

    def total(indicator: Indicator) -> float | None:
        return unit_figure(
            indicator, figures_of(table, replace(key, item=indicator.code)), period, None
        ).value

    own = plan.indicators_by_code[item]
    if own.part_of:
        yield from _compare(own, plan.indicators_by_code[own.part_of], total, error)
    for part in plan.parts_of.get(item, ()):
        yield from _compare(part, own, total, warning)


def _compare(
    part: Indicator,
    whole: Indicator,
    total: Callable[[Indicator], float | None],
    tell: Callable[[str, str], Finding],
) -> Iterable[Finding]:
    of_part, of_whole = total(part), total(whole)
    if of_part is not None and of_whole is not None and of_part > of_whole:
        yield tell(
            f"“{part.name}”累计 {number_text(of_part)} 大于“{whole.name}”"
            f"累计 {number_text(of_whole)}",
            "其中项不能大于总数，请核对这两项",
        )


def _check_history(
    indicator: Indicator,
    data: DataValue,
    values: tuple[Sequence[PeriodValue], Sequence[PeriodValue]],
    period: Period,
    rules: Rules,
) -> Iterable[Finding]:
    """Flag figures that look like slips: a sudden drop, or a running total typed for a period.

    `values`: the unit's figures before and after this one is stored.
    """
    if data.value is None:
        return
    before_it, after_it = values
    last, order = period.last_month, period.order
    same = (v for v in before_it if v.period.last_month == last and v.period == period)
    present = next((v.data.value for v in same), None)
    earlier = [v for v in after_it if v.data.value is not None and v.period.order < order]
    if indicator.aggregation is Aggregation.LEVEL:
        yield from _check_level_drop(indicator, data.value, earlier, rules)
        return
    if present is not None and data.value < present:
        yield warning(
            f"“{indicator.name}”由 {number_text(present)} 改为 {number_text(data.value)}，"
            "全年累计数会下降",
            "如属更正可以忽略",
        ).about("value")
    if len(earlier) < _ENOUGH_HISTORY:
        return
    before = math.fsum([v.data.value or 0.0 for v in earlier])
    if data.value >= before > 0:
        yield warning(
            f"“{indicator.name}”本期数 {number_text(data.value)} 不小于以前各期合计 "
            f"{number_text(before)}",
            "请核对是否把累计数填成了本期数",
        ).about("value")


def _check_level_drop(
    indicator: Indicator, value: float, earlier: Sequence[PeriodValue], rules: Rules
) -> Iterable[Finding]:
    if not earlier:
        return
    last = max(earlier, key=lambda item: item.period.order)
    before = last.data.value or 0.0
    if before > 0 and (before - value) / before > rules.drop_share:
        yield warning(
            f"“{indicator.name}”由{last.period.label}的 {number_text(before)} "
            f"降为 {number_text(value)}，下降较大",
            "请核对是否填错",
        ).about("value")


def _check_date(plan: Plan, milestone: Milestone, today: date) -> Iterable[Finding]:
    done_on = milestone.done_on
    if done_on is None:
        return
    if done_on.year != plan.year:
        yield error(
            f"完成日期 {done_on.isoformat()} 不在 {plan.year} 年度内",
            f"请填写 {plan.year} 年的日期",
        ).about("done_on")
    elif done_on > today:
        yield warning(f"完成日期 {done_on.isoformat()} 晚于今天", "请核对日期").about("done_on")
