"""Nobody is pressed for what had ended before the units had the year's plan."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.lights import Light
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.agenda import agenda
from fsdesk.services.care import next_year, setup
from fsdesk.services.packet import checking, exchange
from fsdesk.services.plan.planning import change_settings, confirm_plan
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.services.supervision import supervision
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock, import_files, make_office

OCTOBER, NOVEMBER = Period.parse("2026-10"), Period.parse("2026-11")
TENTH_OF_NOVEMBER, THIRTEENTH_OF_DECEMBER = (
    "2026-11-10T01:00:00+00:00",
    "2026-12-13T01:00:00+00:00",
)


@pytest.fixture
def clock():
    return Clock(TENTH_OF_NOVEMBER)


@pytest.fixture
def late_office(tmp_path, clock):
    """An office that begins with the program in November."""
    with setup.create_office(tmp_path / "late", small_plan(), clock=clock) as workspace:
        yield workspace


def issue(office, folder, period=NOVEMBER):
    return run_through(exchange.issue_packets(office, period, folder))


def test_a_workspace_made_in_november_asks_nothing_before_its_plan_is_handed_down(late_office):
    found = supervision.case_desk(late_office, OCTOBER)

    assert (found.missed, found.proposals, found.lagging, found.whole) == ((), (), (), 0)
    assert found.idle.startswith("计划还没有下发，不计逾期")
    assert supervision.due_count(late_office, OCTOBER) == 0
    assert aggregation.reports_of(late_office, OCTOBER) == ()
    assert not [event for event in agenda.agenda(late_office).events if "未报" in event.note]
    with pytest.raises(InputRejectedError, match="计划还没有下发"):
        supervision.draft_for(late_office, OCTOBER, "scj", LetterKind.REMINDER)


def test_once_issued_only_what_ends_later_is_asked(late_office, clock, tmp_path):
    issue(late_office, tmp_path / "out")
    clock.set(THIRTEENTH_OF_DECEMBER)

    october, november = (supervision.case_desk(late_office, p) for p in (OCTOBER, NOVEMBER))

    assert october.idle == (
        "计划自2026年11月10日起下发，10月在此以前，不计逾期，也不提出督办建议。"
    )
    assert (october.missed, october.proposals) == ((), ())
    assert {str(missed.period) for missed in november.missed} == {"2026-11"}
    assert november.idle == ""
    assert all("report/2026-10" not in each.items for each in november.proposals)


def test_the_office_corrects_the_day_where_the_year_was_run_on_paper(late_office, clock, tmp_path):
    issue(late_office, tmp_path / "out")
    change_settings(late_office, {}, replace(late_office.rules, issued_on=date(2026, 9, 5)))

    found = supervision.case_desk(late_office, OCTOBER)

    assert {str(missed.period) for missed in found.missed} == {"2026-09", "2026-10"}
    assert found.idle == ""


def test_a_unit_that_got_the_plan_in_november_begins_with_november(late_office, clock, tmp_path):
    sent = next(each for each in issue(late_office, tmp_path / "out") if each.unit == "scj")
    unit = setup.create_unit_from_packet(tmp_path / "unit", checking.read(sent.file), clock=clock)
    with unit:
        assert aggregation.working_period(unit) == NOVEMBER
        assert unit_forms.unit_form(unit, "scj", NOVEMBER).owed_before is None

        rules = replace(late_office.rules, issued_on=date(2026, 9, 5))
        change_settings(late_office, {}, rules)
        clock.set("2026-11-12T01:00:00+00:00")
        again = next(e for e in issue(late_office, tmp_path / "again") if e.unit == "scj")
        import_files(unit, again.file)
        assert aggregation.working_period(unit) == Period.parse("2026-09")


def test_later_packets_do_not_move_the_day_on(late_office, clock, tmp_path):
    sent = next(each for each in issue(late_office, tmp_path / "out") if each.unit == "scj")
    unit = setup.create_unit_from_packet(tmp_path / "unit", checking.read(sent.file), clock=clock)
    with unit:
        clock.set(THIRTEENTH_OF_DECEMBER)
        again = next(e for e in issue(late_office, tmp_path / "again") if e.unit == "scj")
        import_files(unit, again.file)
        for workspace in (unit, late_office):
            assert aggregation.year_of(workspace, ()).since == date(2026, 11, 10)


def test_a_plan_carried_on_is_a_draft_that_asks_nothing(tmp_path):
    office = make_office(tmp_path / "office", Clock("2027-03-10T01:00:00+00:00"))
    with office:
        folder = next_year.make_carried_on(office, tmp_path / "next")
    with open_workspace(folder, clock=Clock("2027-06-10T01:00:00+00:00")) as coming:
        assert coming.rules.issued_on is None
        found = supervision.case_desk(coming, Period.parse("2027-05"))
        assert found.idle.startswith("2027年计划尚未读入，暂沿用2026年内容，系草案")
        assert (found.missed, found.proposals, found.lagging) == ((), (), ())


def test_no_light_is_lit_by_a_draft_until_it_is_confirmed(tmp_path):
    with make_office(tmp_path / "office", Clock("2027-03-10T01:00:00+00:00")) as office:
        folder = next_year.make_carried_on(office, tmp_path / "next")
    may = Period.parse("2027-05")
    with open_workspace(folder, clock=Clock("2027-06-10T01:00:00+00:00")) as coming:
        recording.record_value(coming, "I01-1", "2027-05", DataValue(1), "scj")
        assert lights(aggregation.status(coming, may)) == {Light.GREY}
        confirm_plan(coming)
        assert lights(aggregation.status(coming, may)) > {Light.GREY}


def lights(status):
    parts = [*status.tasks, *status.indicators, *status.units]
    return {status.light, *(part.light for part in parts)}
