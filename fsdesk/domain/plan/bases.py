"""基数: how large each unit is by the plan's parameters, such as its population, for comparing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan, PlanConstant

Bases = tuple[tuple[str, float], ...]
_BETWEEN = re.compile("[；;、\n]")
_ONE = re.compile(
    r"(?P<name>.*?)[\s:：=＝]*(?P<number>[0-9][0-9,，]*(?:\.[0-9]+)?)\s*(?P<rest>\D*)"
)
_DIGITS = 4


def bases_text(plan: Plan, bases: Bases) -> str:
    """Write a unit's bases as they are typed, e.g. ``常住人口 320000；监管对象 4100``."""
    names = {constant.code: constant.name for constant in plan.constants}
    return "；".join(f"{names.get(code, code)} {number_text(v, _DIGITS)}" for code, v in bases)


def read_bases(plan: Plan, text: str) -> Bases:
    """Read what `bases_text` wrote, or people typed; an empty text is none.

    InputRejectedError for what is no parameter of the plan, no number above zero, or said twice.
    """
    found: dict[str, float] = {}
    known = {fold(name): c for c in plan.constants for name in (c.name, c.code)}
    for part in filter(None, (each.strip() for each in _BETWEEN.split(text))):
        code, value = _one(part, known, plan)
        if code in found:
            raise reject(f"“{part}”写了两次", "同一个参数只写一个数")
        found[code] = value
    return tuple((c.code, found[c.code]) for c in plan.constants if c.code in found)


def _one(part: str, known: dict[str, PlanConstant], plan: Plan) -> tuple[str, float]:
    match = _ONE.fullmatch(part)
    constant = known.get(fold(match["name"])) if match else None
    if match is None or constant is None:
        names = "、".join(each.name for each in plan.constants)
        usable = f"可用的参数：{names}" if names else "请先在“编辑计划”的“基本信息”中添加参数"
        raise reject(f"“{part}”不是“参数 数”的写法，或不是计划的参数", usable)
    if fold(match["rest"]) not in {"", fold(constant.measure_unit)}:
        raise reject(f"“{part}”的计量单位与参数的（{constant.measure_unit}）不同", "请换算后只写数")
    value = float(re.sub("[,，]", "", match["number"]))
    if value <= 0:
        raise reject(f"“{part}”应大于 0", "还不知道的不写，不要写 0")
    return constant.code, value
