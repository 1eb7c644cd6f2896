"""The plan as plain values that JSON can hold, and back; used by packets and the change log."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
    TargetShare,
)
from fsdesk.domain.plan.plan import (
    Assignment,
    Deliverable,
    Plan,
    PlanConstant,
    Point,
    Role,
    Section,
    Task,
)
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind

Plain = dict[str, Any]


def plan_to_dict(plan: Plan) -> Plain:
    """Return the whole plan as plain values.

    What was added after packets were first written is left out where it says nothing, so that
    their signed content stays the same.
    """
    plain = asdict(plan)
    for section in plain["sections"]:
        for point in section["points"]:
            for task in point["tasks"]:
                for item in task["deliverables"]:
                    item["due"] = item["due"].isoformat() if item["due"] else None
                for indicator in task["indicators"]:
                    if indicator["baseline"] is None:
                        del indicator["baseline"]
    return plain


def plan_from_dict(plain: Plain) -> Plan:
    """Rebuild a plan from `plan_to_dict`.

    Raises:
        InputRejectedError: When something is missing or of the wrong kind.
    """
    try:
        return Plan(
            year=int(plain["year"]),
            title=str(plain["title"]),
            issuer=str(plain["issuer"]),
            overall_requirement=str(plain["overall_requirement"]),
            sections=tuple(_section(part) for part in plain["sections"]),
            directory=_directory(plain["directory"]),
            constants=tuple(PlanConstant(**constant) for constant in plain["constants"]),
            revision=int(plain["revision"]),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise reject("计划数据不完整或已损坏", "请向区食药安办重新索要下发包") from problem


def _directory(plain: Plain) -> Directory:
    units = tuple(
        Unit(u["code"], u["name"], UnitKind(u["kind"]), tuple(u["aliases"])) for u in plain["units"]
    )
    groups = tuple(
        UnitGroup(g["code"], g["name"], tuple(g["members"]), tuple(g["aliases"]))
        for g in plain["groups"]
    )
    return Directory(units, groups)


def _section(plain: Plain) -> Section:
    points = tuple(
        Point(int(p["number"]), str(p["title"]), tuple(_task(t) for t in p["tasks"]))
        for p in plain["points"]
    )
    return Section(int(plain["number"]), str(plain["title"]), points)


def _task(plain: Plain) -> Task:
    return Task(
        code=str(plain["code"]),
        title=str(plain["title"]),
        text=str(plain["text"]),
        assignments=tuple(Assignment(a["party"], Role(a["role"])) for a in plain["assignments"]),
        indicators=tuple(_indicator(i) for i in plain["indicators"]),
        deliverables=tuple(
            Deliverable(d["code"], d["title"], date.fromisoformat(d["due"]) if d["due"] else None)
            for d in plain["deliverables"]
        ),
    )


def _indicator(plain: Plain) -> Indicator:
    values = dict(plain)
    pace = plain["pace"]
    derivation = plain["derivation"]
    values.update(
        kind=IndicatorKind(plain["kind"]),
        aggregation=Aggregation(plain["aggregation"]),
        operator=Operator(plain["operator"]),
        target=float(plain["target"]),
        pace=Pace(PaceRule(pace["rule"]), tuple(pace["curve"])),
        derivation=Derivation(**derivation) if derivation else None,
        reporters=tuple(plain["reporters"]),
        shares=tuple(TargetShare(**share) for share in plain["shares"]),
    )
    return Indicator(**values)
