"""The plan as plain values that JSON can hold, and back; used by packets and the change log."""

from __future__ import annotations

from typing import Any

from fsdesk.domain.findings import reject
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.plan import Plan

Plain = dict[str, Any]


def plan_to_dict(plan: Plan) -> Plain:
    """Return the whole plan as plain values.

    What was added after packets were first written is left out where it says nothing, so that
    their signed content stays the same.
    """
    plain = to_plain(plan)
    for section in plain["sections"]:
        for point in section["points"]:
            for task in point["tasks"]:
                for indicator in task["indicators"]:
                    if indicator["baseline"] is None:
                        del indicator["baseline"]
    return plain


def plan_from_dict(plain: Plain) -> Plan:
    """Rebuild a plan from `plan_to_dict`; InputRejectedError for other values."""
    try:
        return from_plain(Plan, plain)
    except ValueError as problem:
        raise reject("计划数据不完整或已损坏", "请向区食药安办重新索要下发包") from problem
