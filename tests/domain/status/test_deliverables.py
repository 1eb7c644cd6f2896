"""Deliverables judged by their kind: by a date, recurring, standing."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.plan import Cycle, Deliverable, DeliverableKind
from fsdesk.domain.records.figures import Mark
from fsdesk.domain.records.records import Milestone, Record, RecordKey, RecordKind, Status
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.known import Decisions
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.reports import CameReport
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


def test_who_is_silent_past_the_date_has_missed_it_though_the_others_are_done():
    plan = plan_with(Deliverable(ITEM, "联席会议", date(2026, 3, 31)))

    status, item = judged(plan, [said("scj", "2026-03", Status.DONE)], "2026-04")

    parts = {unit: status.units_by_code[unit].tasks[-1].parts[-1] for unit in ("scj", "xx")}
    assert not parts["scj"].deadline_missed
    assert parts["xx"].deadline_missed
    assert parts["xx"].light is Light.RED
    assert item.light is Light.GREY, "one of four is too little to say that it is done"


def test_a_mark_on_what_one_unit_said_is_no_mark_on_another():
    plan = plan_with(Deliverable(ITEM, "联席会议", date(2026, 12, 31)))
    records = [said(unit, "2026-03", Status.UNDER_WAY) for unit in ("scj", "xx")]
    returned = CameReport(SubmissionState.RETURNED, on_time=True)
    decided = Decisions({("scj", Period.parse("2026-03")): returned})

    status, item = judged(plan, records, "2026-03", decided=decided)

    marks = {unit: status.units_by_code[unit].tasks[-1].marks for unit in ("scj", "xx")}
    assert marks == {"scj": {Mark.RETURNED}, "xx": set()}
    assert item.marks == {Mark.RETURNED}


def test_of_what_recurs_every_month_that_is_in_it_bears_its_mark():
    plan = plan_with(Deliverable(ITEM, "例会", kind=DeliverableKind.RECURRING, cycle=Cycle.MONTH))
    records = [said("scj", period, Status.DONE) for period in ("2026-01", "2026-03")]
    returned = CameReport(SubmissionState.RETURNED, on_time=True)
    decided = Decisions({("scj", Period.parse("2026-01")): returned})

    _, item = judged(plan, records, "2026-03", decided=decided)

    assert item.progress == 2 / 12
    assert item.marks == {Mark.RETURNED}
