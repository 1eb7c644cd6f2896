"""A target as an indicator: its kind, how it adds up over the year, and what is counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
)
from fsdesk.domain.plan.plan import PlanConstant
from fsdesk.domain.records.figures import PER_CENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.targets.target import Target

# Where a document sets a target by heads and no figure is known; the office must fill it in.
POPULATION = PlanConstant("population", "常住人口", 1.0, "人")
_HEADS = {1e3: "千人", 1e4: "万人", 1e5: "10万人", 1e6: "百万人", 1e7: "千万人"}
# Rates of cases dealt with: they add up over the year and must hold at every time.
_DEALT_WITH = re.compile(
    r"(?:处置|整改|完成|办结|查处|处理|核查|响应|及时|回复|培训覆盖|合格|满意|受理|公示|回访)率$"
)
_WORDS = (
    ("完成率", "已完成数", "应完成数"),
    ("整改率", "已整改数", "应整改数"),
    ("处置率", "已处置数", "应处置数"),
    ("覆盖率", "已覆盖数", "应覆盖数"),
    ("合格率", "合格数", "检验总数"),
    ("持证率", "持证数", "总数"),
    ("办结率", "按时办结数", "应办结数"),
    ("达标率", "达标数", "总数"),
)
_DECIMAL_UNITS = frozenset(
    {
        "万元",
        "元",
        "亿元",
        "吨",
        "亩",
        "万亩",
        "公里",
        "分",
        "平方米",
        "个百分点",
        "百分点",
        "岁",
        "倍",
        "公顷",
    }
)


def indicator_of(target: Target, code: str, codes: Sequence[str]) -> Indicator:
    """Make an indicator of a target.

    `codes`: codes of all targets of the clause; empty where one was left out.
    """
    ratio = target.unit == "%"
    per = _HEADS.get(target.per, "") if target.per else ""
    kind = IndicatorKind.DERIVED if per else (IndicatorKind.RATIO if ratio else IndicatorKind.COUNT)
    source = codes[target.source] if target.source is not None else ""
    found = next(((up, down) for end, up, down in _WORDS if target.name.endswith(end)), None)
    above, below = (found or ("达到要求的数量", "总数")) if ratio else ("", "")
    dealt = target.unit == "%" and _DEALT_WITH.search(target.name)
    constant = (
        dealt or target.operator is Operator.AT_MOST or ("/" in target.unit and not target.per)
    )
    return Indicator(
        code=code,
        name=target.name,
        kind=kind,
        aggregation=_aggregation(target),
        operator=target.operator,
        target=target.value,
        measure_unit=f"{target.unit}/{per}" if per else target.unit,
        pace=Pace(PaceRule.CONSTANT if constant else PaceRule.LINEAR),
        part_of=codes[target.part_of] if target.part_of is not None else "",
        bounded=not (ratio and (target.change or target.value > PER_CENT)),
        derivation=Derivation(POPULATION.code, target.per, source) if per else None,
        numerator_name=target.name if per and not source else above,
        denominator_name=below,
        whole_numbers=target.unit not in _DECIMAL_UNITS and target.value == int(target.value),
        baseline=target.baseline,
    )


def _aggregation(target: Target) -> Aggregation:
    if target.unit == "%":
        dealt = _DEALT_WITH.search(target.name)
        return Aggregation.CUMULATIVE if dealt and not target.change else Aggregation.LEVEL
    level = target.lasting or target.change or "/" in target.unit or target.unit == "分"
    at_most = target.operator is Operator.AT_MOST
    return Aggregation.LEVEL if level or at_most else Aggregation.CUMULATIVE
