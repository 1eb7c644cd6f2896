"""Units that come and leave during the year, and who carries on what they did (接续)."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.plan import Assignment, Deliverable, DeliverableKind, FormerPlan, Role
from fsdesk.domain.records.figures import Mark
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    Status,
)
from tests.plans import SAMPLING, SITES, small_plan
from tests.years import year_of

ITEM = Deliverable("D01-1-1", "日常监管", kind=DeliverableKind.STANDING)


def plan_of(*units):
    """Return the small plan with one task of one level and one deliverable, for these units."""
    task = replace(
        SAMPLING,
        assignments=tuple(Assignment(unit, Role.SHARED) for unit in units),
        indicators=(SITES,),
        deliverables=(ITEM,),
    )
    plan = small_plan()
    (section,) = plan.sections
    (point,) = section.points
    return replace(plan, sections=(replace(section, points=(replace(point, tasks=(task,)),)),))


def through(*states):
    """Return the last of some plans, with those before it: each with the last day it held."""
    *former, (_, last) = states
    return replace(last, former=tuple(FormerPlan(until, plan) for until, plan in former))


def sites(unit, period, number):
    return Record(RecordKey(RecordKind.VALUE, SITES.code, unit, period), DataValue(number))


def said(unit, period, status):
    return Record(RecordKey(RecordKind.MILESTONE, ITEM.code, unit, period), Milestone(status))


def at(plan, records, period):
    return year_of(plan, records).status(Period.parse(period))


def test_a_level_that_was_passed_on_stays_until_its_heir_has_counted_anew():
    merged = plan_of("scj", "fgj")
    units = (replace(u, successor="scj" if u.code == "xx" else "") for u in merged.directory.units)
    merged = replace(merged, directory=replace(merged.directory, units=tuple(units)))
    plan = through(
        (date(2026, 3, 31), plan_of("scj", "fgj")),
        (date(2026, 6, 30), plan_of("scj", "fgj", "xx")),
        (None, merged),
    )
    before = [sites("scj", "2026-01", 5), sites("xx", "2026-05", 3)]

    # What the heir said before the other unit even came does not count it anew.
    assert at(plan, before, "2026-07").indicators[0].figure.value == 8
    assert (
        at(plan, [*before, sites("scj", "2026-08", 7)], "2026-08").indicators[0].figure.value == 7
    )


@pytest.mark.parametrize("order", [("fgj", "xx"), ("xx", "fgj")])
def test_of_several_whose_work_one_unit_carries_on_the_latest_and_least_far_counts(order):
    plan = through((date(2026, 6, 30), plan_of(*order)), (None, plan_of("scj")))
    records = [
        said("fgj", "2026-02", Status.NOT_STARTED),
        said("fgj", "2026-06", Status.DONE),
        said("xx", "2026-06", Status.UNDER_WAY),
    ]

    (item,) = at(plan, records, "2026-07").deliverables

    assert item.by_unit == {"scj": Status.UNDER_WAY}
    assert item.marks == {Mark.INHERITED}


def test_what_a_unit_had_done_that_left_without_an_heir_stays_and_is_not_called_inherited():
    plan = through((date(2026, 6, 30), plan_of("scj", "xx")), (None, plan_of("scj")))

    (item,) = at(plan, [said("xx", "2026-05", Status.DONE)], "2026-07").deliverables

    assert item.by_unit == {"scj": None, "xx": Status.DONE}
    assert not item.marks
