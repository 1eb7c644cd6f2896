"""Deliverables judged by their kind: by a date, recurring, standing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.plan import Deliverable, DeliverableKind
from fsdesk.domain.records.records import Milestone, Record, RecordKey, RecordKind, Status
from fsdesk.domain.status.lights import Light
from tests.plans import TEAMWORK, small_plan
from tests.years import year_of

ITEM = "D01-2-1"


def plan_with(item):
    """Return the small plan with this deliverable for its second task, which all units share."""
    plan = small_plan()
    (section,) = plan.sections
    (point,) = section.points
    tasks = (point.tasks[0], replace(TEAMWORK, deliverables=(item,)))
    point = replace(point, tasks=tasks)
    return replace(plan, sections=(replace(section, points=(point,)),))


def said(unit, period, status):
    return Record(RecordKey(RecordKind.MILESTONE, ITEM, unit, period), Milestone(status))


def judged(plan, records, period, **when):
    status = year_of(plan, records, **when).status(Period.parse(period))
    return status, next(d for d in status.deliverables if d.deliverable.code == ITEM)


def test_standing_work_in_a_month_that_runs_is_as_far_as_the_months_that_have_ended():
    plan = plan_with(Deliverable(ITEM, "日常监管", kind=DeliverableKind.STANDING))
    records = [said("scj", "2026-03", Status.UNDER_WAY), said("xx", "2026-03", Status.NOT_STARTED)]

    _, item = judged(plan, records, "2026-03", ended=2, today=date(2026, 3, 15))

    assert item.progress_by_unit["scj"] == item.pace == 2 / 12
    assert item.progress_by_unit["xx"] == 0
