"""On 3 December November's report is what a unit works on, everywhere."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.services.agenda import agenda
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.services.status_line import status_line
from tests.plans import small_plan
from tests.workspaces import make_office, make_unit, months, note_sent

NOVEMBER, DECEMBER = Period.parse("2026-11"), Period.parse("2026-12")


@pytest.fixture
def unit(unit, clock):
    """A unit that has reported up to October, on the morning of 3 December."""
    clock.set("2026-12-03T01:00:00+00:00")
    note_sent(unit, "scj", *months(1, 10))
    return unit


def test_the_office_begins_with_the_last_month_that_has_ended(office, clock):
    assert aggregation.working_period(office) == Period.parse("2026-03")
    clock.set("2026-12-03T01:00:00+00:00")
    assert aggregation.working_period(office) == NOVEMBER
    assert aggregation.period_in_year(office, None) == NOVEMBER
    assert status_line(office, NOVEMBER).days_left == 2


def test_a_unit_begins_with_november_and_has_two_days_left(unit):
    opened = aggregation.working_period(unit)
    assert opened == NOVEMBER
    assert status_line(unit, opened).days_left == 2
    form = unit_forms.unit_form(unit, "scj", opened)
    assert form.ended
    assert form.owed_before is None


def test_once_november_is_sent_december_is_worked_on(unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-11", DataValue(5))
    exchange.export_report(unit, NOVEMBER, tmp_path / "11.xlsx")
    assert aggregation.working_period(unit) == DECEMBER
    assert status_line(unit, NOVEMBER).days_left is None
    note_sent(unit, "scj", "2026-11", state=SubmissionState.RETURNED)
    assert aggregation.working_period(unit) == NOVEMBER


def test_exporting_december_while_november_is_owed_is_refused_by_name(unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-12", DataValue(5))
    file = tmp_path / "12.xlsx"
    with pytest.raises(InputRejectedError, match="11月的报送包还没有导出；12月尚未结束"):
        exchange.export_report(unit, DECEMBER, file)
    assert not file.exists()
    assert aggregation.working_period(unit) == NOVEMBER
    written = exchange.export_report(unit, DECEMBER, file, early=True)
    assert "12月尚未结束" in written.notice


def test_exporting_december_with_nothing_owed_is_only_noted(unit, tmp_path):
    note_sent(unit, "scj", "2026-11")
    recording.record_value(unit, "I01-1", "2026-12", DataValue(5))
    written = exchange.export_report(unit, DECEMBER, tmp_path / "12.xlsx")
    assert "12月尚未结束" in written.notice


def test_a_month_that_is_over_is_exported_without_a_word(unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-11", DataValue(5))
    assert not exchange.export_report(unit, NOVEMBER, tmp_path / "11.xlsx").notice


def test_the_agenda_knows_what_a_quarters_report_covers(unit):
    note_sent(unit, "scj", "2026-Q4")
    found = {event.key: event for event in agenda.agenda(unit).events}
    assert found["report/2026-11"].done
    assert found["report/2026-12"].done
    assert status_line(unit, NOVEMBER).days_left is None


def test_a_unit_that_reports_quarters_has_quarters_everywhere(tmp_path, clock):
    plan = small_plan()
    units = [replace(u, quarterly=u.code == "scj") for u in plan.directory.units]
    plan = replace(plan, directory=replace(plan.directory, units=tuple(units)))
    third = Period.parse("2026-Q3")
    with (
        make_office(tmp_path / "o", clock, plan) as office,
        make_unit(office, tmp_path / "u", clock=clock) as unit,
    ):
        clock.set("2026-10-02T01:00:00+00:00")
        note_sent(unit, "scj", "2026-Q1", "2026-Q2")
        assert aggregation.working_period(unit) == third
        assert status_line(unit, third).days_left == 3
        assert status_line(unit, Period.parse("2026-09")).days_left is None
        reports = [e for e in agenda.agenda(unit).events if e.key.startswith("report/")]
        assert [e.item for e in reports] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
        assert [e.title for e in reports if not e.done] == ["第三季度报送截止", "第四季度报送截止"]
        found = {event.key: event for event in agenda.agenda(office).events}
        assert "应报 2 家" in found["report/2026-10"].note
        assert "应报 3 家" in found["report/2026-09"].note
