"""Changing one property of an indicator by hand, with what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import MONTHS
from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
    TargetShare,
    number_text,
)

if TYPE_CHECKING:
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan

# Between the parts of a property that holds several.
MARK = "、"
_PER_CENT = 100
_DIGITS = 4  # of a share: two decimals of a per cent are shown
_OF_DERIVATION: dict[str, Any] = {"constant": "", "factor": 1.0, "source": ""}


def properties(indicator: Indicator) -> dict[str, object]:
    """Return what can be changed, by name, as `with_property` takes it."""
    derivation = indicator.derivation or Derivation("")
    return {
        "name": indicator.name,
        "kind": indicator.kind,
        "operator": indicator.operator,
        "target": float(indicator.target),
        "measure_unit": indicator.measure_unit,
        "aggregation": indicator.aggregation,
        "pace": indicator.pace.rule,
        "curve": MARK.join(number_text(share * _PER_CENT) for share in indicator.pace.curve),
        "numerator_name": indicator.numerator_name,
        "denominator_name": indicator.denominator_name,
        "bounded": indicator.bounded,
        "constant": derivation.constant,
        "factor": float(derivation.factor),
        "source": derivation.source,
        "part_of": indicator.part_of,
        "reporters": MARK.join(indicator.reporters),
        "whole_numbers": indicator.whole_numbers,
        "baseline": indicator.baseline,
    }


def fitting(indicator: Indicator) -> frozenset[str]:
    """Return the names of the properties that mean something for an indicator of its kind."""
    names = set(properties(indicator))
    if indicator.kind is not IndicatorKind.RATIO:
        names -= {"denominator_name", "bounded"}
    if indicator.kind is not IndicatorKind.DERIVED:
        names -= set(_OF_DERIVATION)
    if indicator.kind is IndicatorKind.COUNT:
        names -= {"numerator_name"}
    if indicator.pace.rule is not PaceRule.CURVE:
        names -= {"curve"}
    return frozenset(names)


def with_property(plan: Plan, indicator: Indicator, name: str, value: Any) -> Indicator:  # noqa: ANN401 - each property has its type
    """Return an indicator with one property changed.

    `plan`: the plan, for what a new kind needs of it.
    `name`: a name that `properties` gives.
    InputRejectedError when the value makes no sense.
    """
    if name in _OF_DERIVATION:
        derivation = indicator.derivation or Derivation("")
        value = _OF_DERIVATION[name] if value is None else value
        return replace(indicator, derivation=replace(derivation, **{name: value}))
    if name == "kind":
        return _of_kind(plan, indicator, IndicatorKind(value))
    if name == "pace":
        rule = PaceRule(value)
        even = tuple(round((month + 1) / MONTHS, _DIGITS) for month in range(MONTHS))
        return replace(indicator, pace=Pace(rule, even if rule is PaceRule.CURVE else ()))
    return replace(indicator, **{_FIELD.get(name, name): _read(name, value)})


_FIELD = {"curve": "pace"}


def _read(name: str, value: Any) -> object:  # noqa: ANN401 - each property has its type
    if name == "operator":
        return Operator(value)
    if name == "aggregation":
        return Aggregation(value)
    if name == "curve":
        return Pace(PaceRule.CURVE, _curve(value))
    if name == "reporters":
        return tuple(value.split(MARK)) if value else ()
    if name == "target" and value is None:
        raise reject("目标值不能为空", "请填写数字；没有数量要求的请改为事项")
    return value


def _of_kind(plan: Plan, indicator: Indicator, kind: IndicatorKind) -> Indicator:
    """Return an indicator of another kind with what that kind needs."""
    if kind is indicator.kind:
        return indicator
    if kind is IndicatorKind.DERIVED:
        if not plan.constants:
            raise reject("计划中还没有推算用的参数", "请先在“基本信息”中添加，如常住人口")
        return replace(indicator, kind=kind, derivation=Derivation(plan.constants[0].code))
    unit = "%" if kind is IndicatorKind.RATIO else indicator.measure_unit
    return replace(indicator, kind=kind, derivation=None, measure_unit=unit)


def _curve(text: str) -> tuple[float, ...]:
    """Read twelve per cents."""
    parts = text.replace("，", MARK).replace(",", MARK).replace("%", "").split(MARK)
    try:
        shares = tuple(round(float(part) / _PER_CENT, _DIGITS) for part in parts)
    except ValueError:
        shares = ()
    rising = list(shares) == sorted(shares)
    if len(shares) != MONTHS or not rising or not 0 <= shares[0] <= shares[-1] <= 1:
        remedy = "请用顿号隔开，如 5、10、20、…、100"
        raise reject("各月进度应为十二个从小到大的百分数", remedy)
    return shares


def even_shares(plan: Plan, code: str) -> tuple[TargetShare, ...]:
    """Split a target evenly over the units that report it.

    A count is split into whole numbers, the first units taking what is left over; of a ratio every
    unit has to reach the whole.
    """
    indicator = plan.indicators_by_code[code]
    units = plan.reporters(indicator)
    if indicator.kind is not IndicatorKind.COUNT:
        return tuple(TargetShare(unit, indicator.target) for unit in units)
    each, left = divmod(indicator.target, len(units))
    shares = (each + 1 if n < left else each for n in range(len(units)))
    return tuple(TargetShare(unit, share) for unit, share in zip(units, shares, strict=True))
