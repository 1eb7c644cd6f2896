"""The plan as plain values that JSON can hold, and back; used by packets and the change log."""

from __future__ import annotations

from typing import Any

from fsdesk.domain.findings import reject
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.plan import Cycle, DeliverableKind, FormerPlan, Plan

Plain = dict[str, Any]


def plan_to_dict(plan: Plan) -> Plain:
    """Return the whole plan as plain values.

    What was added after packets were first written is left out where it says nothing, so that
    their signed content stays the same.
    """
    plain: Plain = to_plain(plan)
    for one in (plain, *(former["plan"] for former in plain.get("former", ()))):
        _without(one, former=(), carried_from=0)
        for unit in one["directory"]["units"]:
            _without(unit, successor="", quarterly=False, former_names=(), bases=())
        tasks = (t for s in one["sections"] for point in s["points"] for t in point["tasks"])
        for task in tasks:
            for indicator in task["indicators"]:
                _without(indicator, baseline=None)
            for item in task["deliverables"]:
                _without(item, kind=DeliverableKind.ONCE, times=1, cycle=Cycle.YEAR)
    return plain


def _without(plain: Plain, **saying_nothing: object) -> None:
    for name, value in saying_nothing.items():
        if name in plain and plain[name] == value:
            del plain[name]


def former_plans(plain: list[Plain]) -> tuple[FormerPlan, ...]:
    """Rebuild what `plan_to_dict` gives for what a plan was earlier in the year."""
    return from_plain(tuple[FormerPlan, ...], plain)


def plan_from_dict(plain: Plain) -> Plan:
    """Rebuild a plan from `plan_to_dict`; InputRejectedError for other values."""
    try:
        return from_plain(Plan, plain)
    except ValueError as problem:
        raise reject("计划数据不完整或已损坏", "请向汇总端重新索要下发包") from problem
