"""A unit that left or was merged still answers for its months; a new one for none before."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.plan import edits, outline, unit_edits
from fsdesk.domain.plan.plan import Assignment, Role
from fsdesk.domain.plan.units import Unit, UnitKind
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.status.reports import expected_units
from fsdesk.domain.steps import run_through
from fsdesk.services import assessment
from fsdesk.services.agenda import agenda
from fsdesk.services.output import evidence_pack
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.plan import plan_editing
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.status import unit_forms
from tests.workspaces import Clock, import_files, make_office, make_unit

JUNE, AUGUST, OCTOBER = (Period.month(2026, month) for month in (6, 8, 10))
JULY_1, SEPTEMBER_1 = date(2026, 7, 1), date(2026, 9, 1)


@pytest.fixture
def clock():
    return Clock("2026-06-20T01:00:00+00:00")


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as made:
        yield made


@pytest.fixture
def farms(office, tmp_path, clock):
    """The bureau that goes into the market bureau in July; it has its plan since before."""
    with make_unit(office, tmp_path / "farms", "fgj", clock) as made:
        yield made


def merged_in_july(office, clock):
    clock.set("2026-11-10T01:00:00+00:00")
    plan_editing.edit_plan(
        office, lambda plan, _: unit_edits.merge_unit(plan, "fgj", "scj"), JULY_1
    )


def street_added(office, since):
    def edit(plan, taken):
        plan = unit_edits.put_unit(plan, Unit("", "长河街道", UnitKind.STREET), taken)
        assignments = (*plan.tasks_by_code["T01-2"].assignments, Assignment("u-1", Role.SHARED))
        return edits.set_assignments(plan, "T01-2", assignments)

    plan_editing.edit_plan(office, edit, since)


def issued(office, period, folder):
    return {packet.unit for packet in run_through(exchange.issue_packets(office, period, folder))}


def report(unit, period, folder):
    return exchange.export_report(unit, period, folder / f"{period}.xlsx").file


def test_a_late_report_for_june_of_a_unit_that_was_merged_in_july_is_taken(
    office, farms, clock, tmp_path
):
    merged_in_july(office, clock)
    recording.record_value(farms, "I01-1", "2026-06", DataValue(value=300))
    (taken,) = import_files(office, report(farms, JUNE, tmp_path)).files
    assert taken.result is Result.IMPORTED
    assert "提醒" not in taken.message
    review = reviewing.accept(office, "区发改局", JUNE, rows={"I01-1": "已核对"})
    assert review.rows[0].record.unit == "fgj"
    assert [r.key.item for r in reviewing.reported(office, "fgj", JUNE)] == ["I01-1"]


def test_what_it_reports_for_august_is_kept_and_told_to_count_no_longer(
    office, farms, clock, tmp_path
):
    merged_in_july(office, clock)
    recording.record_value(farms, "I01-1", "2026-08", DataValue(value=300))
    (taken,) = import_files(office, report(farms, AUGUST, tmp_path)).files
    assert taken.result is Result.IMPORTED
    told = [str(finding) for finding in taken.checked.findings]
    assert any("计划在这一报告期不再要求该单位填报“I01-1”" in line for line in told)


def test_the_merged_unit_gets_the_form_of_june_again_but_none_of_august(office, clock, tmp_path):
    merged_in_july(office, clock)
    assert issued(office, OCTOBER, tmp_path / "october") == {"scj", "xx"}
    assert issued(office, JUNE, tmp_path / "june") == {"scj", "fgj", "xx"}
    with make_unit(office, tmp_path / "new-pc", "scj", clock) as successor:
        assert current_plan(successor) == current_plan(office)
    form = unit_forms.unit_form(office, "fgj", AUGUST)
    assert (form.unit_name, form.tasks) == ("区发改局(农业农村局)", ())


def test_a_unit_types_june_by_the_plan_of_june(office, farms, clock, tmp_path):
    merged_in_july(office, clock)
    (file,) = (
        packet.file
        for packet in run_through(exchange.issue_packets(office, JUNE, tmp_path / "again"))
        if packet.unit == "fgj"
    )
    import_files(farms, file)
    assert current_plan(farms).directory.by_code["fgj"].successor == "scj"
    recording.record_value(farms, "I01-1", "2026-06", DataValue(value=300))
    with pytest.raises(InputRejectedError, match="不承担“抽检批次”"):
        recording.record_value(farms, "I01-1", "2026-08", DataValue(value=300))
    assert unit_forms.unit_form(farms, "fgj", JUNE).tasks
    (taken,) = import_files(office, report(farms, JUNE, tmp_path)).files
    assert taken.result is Result.IMPORTED


def test_a_unit_added_in_september_owes_nothing_for_january_to_august(office, clock, tmp_path):
    street_added(office, SEPTEMBER_1)
    assert "u-1" in issued(office, JUNE, tmp_path / "before")  # it answers from September on
    assert unit_forms.unit_form(office, "u-1", AUGUST).tasks == ()
    assert unit_forms.unit_form(office, "u-1", Period.month(2026, 9)).tasks
    with pytest.raises(InputRejectedError, match="2026年8月的计划中没有单位“长河街道”"):
        recording.record_milestone(
            office, "D01-2-1", "2026-08", Milestone(Status.DONE), unit="长河街道"
        )
    clock.set("2026-11-10T01:00:00+00:00")
    events = agenda.agenda(office).events
    due = {event.item: event.note for event in events if "应报" in event.note}
    assert "应报 4 家" in due["2026-10"]
    sheet = next(s for s in assessment.assess(office, OCTOBER).sheets if s.unit == "u-1")
    months = {source.item for line in sheet.lines for source in line.sources}
    assert {month for month in months if month.startswith("2026-")} == {"2026-09", "2026-10"}


def test_a_street_that_was_dropped_in_autumn_is_found_by_its_name(office, clock):
    clock.set("2026-11-10T01:00:00+00:00")
    plan_editing.edit_plan(office, lambda plan, _: unit_edits.drop_unit(plan, "xx"), SEPTEMBER_1)
    recording.record_milestone(
        office, "D01-2-1", "2026-06", Milestone(Status.DONE), unit="西兴街道"
    )
    assert "xx" in expected_units(current_plan(office).at(JUNE))
    assert "xx" not in expected_units(current_plan(office))


def test_the_pack_for_inspections_holds_a_task_that_left_in_september(office, clock, tmp_path):
    recording.record_milestone(office, "D01-2-1", "2026-06", Milestone(Status.DONE), unit="xx")
    clock.set("2026-11-10T01:00:00+00:00")
    plan_editing.edit_plan(office, lambda plan, _: outline.drop_task(plan, "T01-2"), SEPTEMBER_1)
    pack = run_through(evidence_pack.write_pack(office, OCTOBER, tmp_path / "pack"))
    assert pack.tasks == 2
    assert (tmp_path / "pack" / "T01-2 部门协作").is_dir()
