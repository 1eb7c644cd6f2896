"""A report that was returned has a new day: until then it is late at neither office nor unit."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.agenda.agenda import EventKind
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services import assessment, pending
from fsdesk.services.agenda import agenda
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.plan.planning import change_settings
from fsdesk.services.records import opinions, recording
from fsdesk.services.status import aggregation
from fsdesk.services.status_line import status_line
from fsdesk.services.supervision import supervision
from tests.workspaces import MARCH, import_files

# The 17th of April 2026 is a Friday; three working days later it is Wednesday, the 22nd.
RETURNED_ON, LAST_DAY, AFTER = "2026-04-17", date(2026, 4, 22), "2026-04-23"


@pytest.fixture
def returned(office, unit, clock, tmp_path):
    """A report that came in time and was returned twelve days after the month's day."""
    change_settings(office, {}, replace(office.rules, issued_on=date(2026, 3, 10)))
    clock.set("2026-04-03T01:00:00+00:00")
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(6))
    import_files(office, exchange.export_report(unit, MARCH, tmp_path / "报送.xlsx").file)
    at(clock, RETURNED_ON)
    reviewing.return_report(office, "scj", MARCH, "请核对")
    written = run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
    import_files(unit, written[0].file)


def at(clock, day):
    clock.set(f"{day}T01:00:00+00:00")


def owed(office):
    return next(each for each in pending.pending(office).owing if each.unit == "scj")


def missed(office):
    desk = supervision.case_desk(office, MARCH)
    return [each for each in desk.missed if each.unit == "scj" and each.period == MARCH]


@pytest.mark.usefixtures("returned")
@pytest.mark.parametrize("day", [RETURNED_ON, "2026-04-20", str(LAST_DAY)])
def test_until_its_new_day_nobody_calls_it_late_and_both_sides_name_that_day(
    office, unit, clock, day
):
    at(clock, day)
    assert not owed(office).overdue
    assert "3月报送已退回，请于4月22日前改正后重新报送" in owed(office).things
    assert missed(office) == []
    assert not [
        line for line in assessment.assess(office, MARCH).sheets[0].lines if "没有重报" in str(line)
    ]

    (told,) = opinions.returned(unit)
    assert told.due == LAST_DAY
    assert told.words.endswith("，请于4月22日前重新报送")
    left = (LAST_DAY - date.fromisoformat(day)).days
    assert status_line(unit, MARCH).days_left == left
    assert aggregation.report_day(unit, "scj", MARCH) == LAST_DAY
    (event,) = [e for e in agenda.agenda(unit).events if e.key == f"mend/{MARCH}"]
    assert (event.kind, event.last, event.is_overdue(LAST_DAY)) == (
        EventKind.REPORT,
        LAST_DAY,
        False,
    )
    (plain,) = [e for e in agenda.agenda(unit).events if e.key == f"report/{MARCH}"]
    assert plain.ended == "已退回"


@pytest.mark.usefixtures("returned")
def test_after_it_both_sides_say_since_when_it_is_late_and_the_letter_that_it_was_returned(
    office, unit, clock
):
    at(clock, AFTER)
    assert owed(office).overdue
    assert "3月报送已退回，应于4月22日前改正后重新报送，已逾期 1 天" in owed(office).things
    (late,) = missed(office)
    assert (late.due, late.days, late.returned) == (LAST_DAY, 1, True)
    assert status_line(unit, MARCH).days_left == -1
    body = supervision.draft_for(office, MARCH, "scj", LetterKind.REMINDER).body
    assert "报送后被退回修改，应于2026年4月22日前重新报送，至今没有重新报送" in body


@pytest.mark.usefixtures("returned")
def test_the_office_says_how_many_days_and_tells_the_units(office, unit, clock, tmp_path):
    change_settings(office, {}, replace(office.rules, mend_days=5))
    written = run_through(exchange.answer_reports(office, MARCH, tmp_path / "again"))
    import_files(unit, written[0].file)
    assert opinions.returned(unit)[0].due == date(2026, 4, 24)
    assert "4月24日前改正" in owed(office).things[-1]
    with pytest.raises(InputRejectedError, match="至少为 1 个工作日"):
        change_settings(office, {}, replace(office.rules, mend_days=0))


@pytest.mark.usefixtures("returned")
def test_once_it_came_again_nothing_is_owed(office, unit, clock, tmp_path):
    at(clock, "2026-04-20")
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(7))
    import_files(office, exchange.export_report(unit, MARCH, tmp_path / "2.xlsx").file)
    assert missed(office) == []
    assert all("3月报送已退回" not in thing for each in pending.pending(office).owing
               for thing in each.things)  # fmt: skip
