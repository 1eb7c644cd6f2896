"""What a figure claims, and on what it rests: each test tells one thing that was not so once."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from fsdesk.domain.output.reporting import Reporting, basis_line, none_line
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.edits import put_indicator
from fsdesk.domain.plan.effect import with_effect
from fsdesk.domain.plan.plan import Assignment, Role
from fsdesk.domain.plan.unit_edits import put_unit
from fsdesk.domain.plan.units import Unit, UnitKind
from fsdesk.domain.records.figures import Mark
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.records.submissions import SubmissionState, left_out_months
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.known import Decisions
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.reports import CameReport, owed
from tests.plans import SAMPLES, small_plan
from tests.years import year_of

PLAN = small_plan()
MONTHS = months_of(2026)
EVERYTHING = Rules(least_coverage=0.0)  # so that a light is that of the figure alone


def samples(unit, period, number, item="I01-1"):
    return Record(RecordKey(RecordKind.VALUE, item, unit, period), DataValue(number))


def share(unit, period, top, bottom, item="I01-3"):
    return Record(RecordKey(RecordKind.VALUE, item, unit, period), DataValue(None, top, bottom))


def done(item, unit, period, status=Status.DONE):
    return Record(RecordKey(RecordKind.MILESTONE, item, unit, period), Milestone(status))


def indicator(status, code):
    return next(each for each in status.indicators if each.indicator.code == code)


def came(*reports, state=SubmissionState.SUBMITTED):
    return Decisions(
        {(unit, Period.parse(text)): CameReport(state, on_time=True) for unit, text in reports}
    )


def passed_on(since):
    """Return the plan in which the office answers for sampling alone from a day on."""

    def edit(plan, _taken=()):
        (section,) = plan.sections
        (point,) = section.points
        sampling, teamwork = point.tasks
        sampling = replace(sampling, assignments=(Assignment("xx", Role.SOLE),))
        sampling = replace(
            sampling,
            indicators=tuple(replace(each, reporters=()) for each in sampling.indicators),
        )
        point = replace(point, tasks=(sampling, teamwork))
        return replace(plan, sections=(replace(section, points=(point,)),))

    return with_effect(PLAN, edit, since)


# Targets that units reach together


def test_units_that_reach_a_derived_target_together_are_not_pressed_one_by_one():
    # 3 a thousand of 400,000: 1,200 samples, reached together exactly.
    records = [samples("scj", "2026-12", 900), samples("fgj", "2026-12", 300)]
    status = year_of(PLAN, records, EVERYTHING).status(MONTHS[-1])
    strength = indicator(status, "I01-6")
    assert strength.attainment == 1.0
    assert {part.light for part in strength.by_unit} == {Light.GREEN}
    assert all(part.attainment is None for part in strength.by_unit)


def test_a_unit_alone_cannot_say_what_all_have_reached_together():
    own = year_of(PLAN, [samples("scj", "2026-12", 900)], EVERYTHING)
    own.unit = "scj"
    parts = [
        p.code for task in own.status(MONTHS[-1]).units_by_code["scj"].tasks for p in task.parts
    ]
    assert "I01-1" not in parts
    assert "I01-3" in parts


# Months and quarters


def test_a_quarters_reports_are_those_of_its_months():
    monthly = [(unit, f"2026-0{n}") for unit in ("scj", "fgj", "xx") for n in (4, 5, 6)]
    second = Period.parse("2026-Q2")
    assert year_of(PLAN, [], None, came(*monthly)).status(second).reporting_rate == 1.0
    two_missing = year_of(PLAN, [], None, came(*monthly[:-2])).status(second)
    assert (two_missing.reports.known, two_missing.reports.expected) == (7, 9)


def test_who_reports_a_quarter_is_missing_in_none_of_its_months():
    year = year_of(PLAN, [], None, came(("scj", "2026-Q2")))
    for month in MONTHS[3:6]:
        assert year.status(month).reports.known == 1


def test_what_is_left_out_takes_month_and_quarter_along():
    monthly, whole = samples("scj", "2026-02", 10), samples("fgj", "2026-Q1", 100)
    out = left_out_months([("scj", "2026-Q1"), ("fgj", "2026-03")], 2026)
    year = year_of(PLAN, [monthly, whole], None, Decisions({}, out))
    assert not indicator(year.status(MONTHS[2]), "I01-1").figure.reported
    assert Mark.LEFT_OUT in indicator(year.status(MONTHS[2]), "I01-1").figure.marks


# The day on which one looks


def test_on_the_second_of_november_who_kept_pace_through_october_is_on_pace():
    records = [samples("scj", "2026-10", 1000)]  # 10 of 12 months of 1,200
    today = date(2026, 11, 2)
    year = year_of(PLAN, records, EVERYTHING, ended=10, today=today)
    november = indicator(year.status(MONTHS[10]), "I01-1")
    assert (november.light, november.pace) == (Light.GREEN, 10 / 12)
    assert year.status(MONTHS[10]).paced_to == 10


def test_work_without_a_date_is_not_made_late_by_the_calendar():
    records = [
        done("D01-2-1", unit, "2026-01", Status.UNDER_WAY) for unit in ("ban", "scj", "fgj", "xx")
    ]
    lights = {
        next(t for t in year_of(PLAN, records).status(month).tasks if t.task.code == "T01-2").light
        for month in MONTHS
    }
    assert lights == {Light.GREEN}


def test_a_day_in_the_next_year_is_no_month_of_this_one():
    plan = small_plan()
    far = replace(plan.deliverables_by_code["D01-2-1"], due=date(2027, 3, 31))
    (section,) = plan.sections
    (point,) = section.points
    sampling, teamwork = point.tasks
    teamwork = replace(teamwork, deliverables=(far,))
    point = replace(point, tasks=(sampling, teamwork))
    plan = replace(plan, sections=(replace(section, points=(point,)),))
    result = year_of(plan, []).status(MONTHS[3]).deliverables[-1]
    assert result.pace == 4 / 15
    assert not result.deadline_missed


# Silence


def test_one_thing_done_and_the_rest_unreported_is_no_success():
    status = year_of(PLAN, [done("D01-1-1", "scj", "2026-03")]).status(MONTHS[2])
    assert status.progress == 1.0
    assert status.light is Light.GREY
    assert (status.known_tasks, str(status.coverage)) == (1, "1/21")


def test_silence_hides_no_lag():
    status = year_of(PLAN, [samples("scj", "2026-06", 10)]).status(MONTHS[5])
    assert indicator(status, "I01-1").light is Light.RED


def test_a_count_that_is_reached_stays_reached_whoever_is_silent():
    status = year_of(PLAN, [samples("scj", "2026-06", 1200)], Rules(least_coverage=1.0))
    assert indicator(status.status(MONTHS[11]), "I01-1").light is Light.GREEN
    assert indicator(status.status(MONTHS[5]), "I01-3").light is Light.GREY


# History


def test_a_task_that_passes_to_another_unit_keeps_what_was_done():
    plan = passed_on(date(2026, 12, 1))
    records = [samples("scj", "2026-06", 700), samples("fgj", "2026-10", 400)]
    records.append(samples("xx", "2026-12", 100))
    status = year_of(plan, records, EVERYTHING).status(MONTHS[11])
    assert indicator(status, "I01-1").figure.value == 1200
    assert indicator(status, "I01-1").light is Light.GREEN
    assert year_of(plan, records).status(MONTHS[10]) == year_of(PLAN, records[:2]).status(
        MONTHS[10]
    )


def test_a_unit_that_is_dropped_leaves_its_stock_in_the_total():
    plan = passed_on(date(2026, 10, 1))
    grades = [share(u, "2026-08", 20, n, "I01-4") for u, n in (("scj", 1704), ("fgj", 612))]
    status = year_of(plan, grades).status(MONTHS[10])
    assert indicator(status, "I01-4").figure.denominator == 2316


def test_a_unit_that_joins_in_september_owed_nothing_before():
    def joins(plan, _taken=()):
        plan = put_unit(plan, Unit("new", "新成立局", UnitKind.DEPARTMENT))
        (group,) = plan.directory.groups
        group = replace(group, members=(*group.members, "new"))
        return replace(plan, directory=replace(plan.directory, groups=(group,)))

    plan = with_effect(PLAN, joins, date(2026, 9, 1))
    owing = [
        month.last_month
        for month in MONTHS
        if "new" in dict(owed(plan, month, MONTHS[0].first_day))
    ]
    assert owing == [9, 10, 11, 12]


def test_a_target_changed_in_autumn_leaves_the_lights_of_spring():
    def raised(plan, _taken=()):
        return put_indicator(plan, "T01-1", replace(SAMPLES, target=2400))

    plan = with_effect(PLAN, raised, date(2026, 9, 1))
    records = [samples("scj", "2026-03", 300)]
    changed, before = year_of(plan, records, EVERYTHING), year_of(PLAN, records, EVERYTHING)
    assert changed.status(MONTHS[2]) == before.status(MONTHS[2])
    assert indicator(changed.status(MONTHS[8]), "I01-1").indicator.target == 2400


# What is said of the data


def test_a_returned_figure_is_marked_and_the_office_may_leave_it_out():
    returned = came(("scj", "2026-03"), state=SubmissionState.RETURNED)
    records = [samples("scj", "2026-03", 300)]
    marked = indicator(year_of(PLAN, records, None, returned).status(MONTHS[2]), "I01-1").figure
    assert (marked.value, marked.marks) == (300, {Mark.RETURNED})
    assert marked.beside(MONTHS[2]) == "（含已退回数据）"
    without = year_of(PLAN, records, None, replace(returned, count_returned=False))
    assert not indicator(without.status(MONTHS[2]), "I01-1").figure.reported


def test_a_disputed_figure_says_so_wherever_it_stands():
    disputed = Decisions({}, disputed={("I01-1", "scj", "2026-03")})
    status = year_of(PLAN, [samples("scj", "2026-03", 300)], None, disputed).status(MONTHS[4])
    assert Mark.DISPUTED in indicator(status, "I01-1").figure.marks
    assert Mark.DISPUTED in indicator(status, "I01-6").figure.marks
    (task, *_) = status.tasks
    assert Mark.DISPUTED in task.marks
    assert "有争议" in status.units_by_code["scj"].rests_on


def test_in_its_own_workspace_a_unit_is_not_told_that_others_have_not_reported():
    own = year_of(PLAN, [share("scj", "2026-03", 9, 10)])
    own.unit = "scj"
    said = basis_line(own.status(MONTHS[2]), Reporting())
    assert said == "只有区市场监管局的数据，其数据覆盖1/6"
    assert "报送" not in none_line(own.status(MONTHS[2]), Reporting(), "滞后任务")
