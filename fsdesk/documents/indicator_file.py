"""Indicators of a plan file."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from fsdesk.documents.node import is_number
from fsdesk.domain.periods import MONTHS
from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
    TargetShare,
    number_text,
)
from fsdesk.domain.plan.units import Unit
from fsdesk.domain.records.figures import PER_CENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.documents.node import YamlNode
    from fsdesk.domain.plan.units import Directory

_KEYS = (
    "code", "name", "kind", "aggregation", "operator", "target", "unit", "pace", "curve",
    "part_of", "source", "constant", "factor", "numerator", "denominator", "reporters",
    "shares", "whole_numbers", "bounded",
)  # fmt: skip
_Word = TypeVar("_Word", bound=StrEnum)
# Shares such as 0.1 and 0.2 add up to 0.3 but for some 1e-17.
_ROUNDING = 1e-9


def read_indicators(task: YamlNode, directory: Directory) -> Iterable[tuple[YamlNode, Indicator]]:
    """Yield the indicators of a task, each with its node; problems are noted."""
    for node in task.nodes("indicators"):
        node.only(*_KEYS)
        indicator = Indicator(
            code=node.code(),
            name=node.text("name"),
            kind=_word(node, "kind", IndicatorKind),
            aggregation=_word(node, "aggregation", Aggregation),
            operator=_word(node, "operator", Operator),
            target=node.number("target"),
            measure_unit=node.text("unit"),
            pace=_pace(node),
            part_of=node.text("part_of", ""),
            bounded=_switch(node, "bounded"),
            derivation=_derivation(node),
            numerator_name=node.text("numerator", ""),
            denominator_name=node.text("denominator", ""),
            reporters=_parties(node, node.texts("reporters"), directory),
            shares=_shares(node, directory),
            whole_numbers=_switch(node, "whole_numbers"),
        )
        _check(node, indicator)
        yield node, indicator


def _word(node: YamlNode, key: str, words: type[_Word]) -> _Word:
    found = node.text(key)
    if found in set(words):
        return words(found)
    if found:
        node.note(f"“{key}”的取值“{found}”无效", f"可用：{'、'.join(words)}", key)
    return next(iter(words))


def _switch(node: YamlNode, key: str) -> bool:
    found = node.value.get(key, True)
    if not isinstance(found, bool):
        node.note(f"“{key}”应为 true 或 false", "请改正", key)
    return bool(found)


def _pace(node: YamlNode) -> Pace:
    rule = _word(node, "pace", PaceRule) if "pace" in node.value else PaceRule.LINEAR
    if rule is not PaceRule.CURVE:
        if "curve" in node.value:
            node.note("只有按月设定的进度才有“curve”", "请删去，或把 pace 改为 curve", "curve")
        return Pace(rule)
    curve = node.list_of("curve")
    if len(curve) != MONTHS or not all(is_number(n) and 0 <= n <= 1 for n in curve):
        node.note(
            f"“curve”应为 {MONTHS} 个 0 到 1 之间的数", "请写出每月末应完成的比例，如 0.1", "curve"
        )
        return Pace()
    return Pace(rule, tuple(float(n) for n in curve))


def _derivation(node: YamlNode) -> Derivation | None:
    derived = node.value.get("kind") == IndicatorKind.DERIVED
    if not derived:
        for key in ("source", "constant", "factor"):
            if key in node.value:
                node.note(f"只有推算指标才有“{key}”", "请删去，或把 kind 改为 derived", key)
        return None
    factor = node.number("factor", 1)
    if factor == 0:
        node.note("“factor”不能为 0", "请改成大于 0 的数字", "factor")
    return Derivation(node.text("constant"), factor, node.text("source", ""))


def _parties(node: YamlNode, names: Iterable[str], directory: Directory) -> tuple[str, ...]:
    codes: list[str] = []
    for name in names:
        party = directory.find(name)
        if party is None:
            node.note(f"没有名为“{name}”的单位", "请核对名称，或在单位表中加上")
        else:
            codes.append(party.code)
    return tuple(codes)


def _shares(node: YamlNode, directory: Directory) -> tuple[TargetShare, ...]:
    child = node.child("shares")
    if child is None:
        return ()
    shares: dict[str, TargetShare] = {}
    for name in child.value:
        for code in _parties(child, [str(name)], directory):
            target = child.number(name)
            if code in shares or not isinstance(directory.find(code), Unit):
                child.note(f"分解目标中的“{name}”重复，或不是单个单位", "请每个单位只写一次", name)
            shares[code] = TargetShare(code, target)
    return tuple(shares.values())


def _check(node: YamlNode, indicator: Indicator) -> None:
    if indicator.kind is IndicatorKind.RATIO and indicator.target > PER_CENT:
        node.note("比率的目标应在 0 到 100 之间", "请按百分数填写", "target")
    if node.value.get("target") == 0 and indicator.operator is not Operator.AT_MOST:
        node.note("目标应大于 0", "请填写目标数", "target")
    if indicator.kind is IndicatorKind.RATIO:
        for key in ("numerator", "denominator"):
            if key not in node.value:
                node.note(f"比率缺少“{key}”", "请写明分子、分母各数什么")
    total = sum(share.target for share in indicator.shares)
    if (
        indicator.shares
        and indicator.kind is not IndicatorKind.RATIO
        and (total < indicator.target - _ROUNDING)
    ):
        node.note(
            f"分解目标合计 {number_text(total)}，少于目标 {number_text(indicator.target)}",
            "请调整，合计不能少于目标",
            "shares",
        )
