"""The agenda of an office and of a unit, over real packets."""

from __future__ import annotations

from datetime import date

import pytest
from icalendar import Calendar

from fsdesk.domain.agenda.agenda import Event, EventKind
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.settings import Rules
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.agenda import agenda
from fsdesk.services.packet import exchange
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.services.supervision import supervision, taking_back
from tests.workspaces import MARCH, import_files, make_unit

CAMPAIGN = Event(
    "", EventKind.CAMPAIGN, "铁拳行动", date(2026, 4, 1), date(2026, 6, 30), "重点查农村市场"
)  # fmt: skip


def by_key(workspace):
    return {event.key: event for event in agenda.agenda(workspace).events}


def test_the_plans_deadlines_are_the_agenda_of_who_answers_for_them(office, unit):
    key = "deliverable/D01-1-1"
    assert by_key(office)[key].last == date(2026, 3, 31)
    assert "区市场监管局" in by_key(office)[key].note
    assert not by_key(unit)[key].done
    recording.record_milestone(unit, "D01-1-1", "2026-03", Milestone(Status.DONE))
    assert by_key(unit)[key].done


def test_a_report_is_due_until_it_was_made_and_the_office_sees_who_is_missing(
    office, unit, tmp_path
):
    assert "report/2026-03" in [e.key for e in agenda.agenda(unit).due]
    recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
    exchange.export_report(unit, MARCH, tmp_path / "report.xlsx")
    assert "report/2026-03" not in [e.key for e in agenda.agenda(unit).due]
    assert "还有 3 家未报" in by_key(office)["report/2026-03"].note
    import_files(office, tmp_path / "report.xlsx")
    assert "还有 2 家未报" in by_key(office)["report/2026-03"].note


def test_a_month_that_is_locked_is_not_nagged_about(office, clock):
    clock.set("2026-04-21T01:00:00+00:00")
    assert by_key(office)["report/2026-03"].done
    assert not by_key(office)["report/2026-04"].done


def test_a_reporting_day_on_a_holiday_moves_and_a_report_by_then_is_in_time(
    office, unit, tmp_path, clock
):
    # 30 September + 5 days lies in the National Day holidays, which end on 7 October.
    planning.change_settings(office, {}, Rules(shift_to_working=True))
    due = by_key(office)["report/2026-09"]
    assert due.last == date(2026, 10, 8)
    assert "10月5日是休息日，顺延至10月8日" in due.note
    assert "顺延至下一个工作日" in agenda.agenda(office).rule
    clock.set("2026-10-08T03:00:00+00:00")
    september = Period.parse("2026-09")
    recording.record_value(unit, "I01-1", "2026-09", DataValue(5))
    exchange.export_report(unit, september, tmp_path / "late.xlsx")
    import_files(office, tmp_path / "late.xlsx")
    assert aggregation.status(office, september).timeliness == pytest.approx(1 / 3)
    planning.change_settings(office, {}, Rules())
    assert aggregation.status(office, september).timeliness == 0


def test_what_the_office_adds_reaches_the_units_once_and_is_read_only_there(
    office, tmp_path, clock
):
    saved = agenda.save_event(office, CAMPAIGN)
    with make_unit(office, tmp_path / "one", clock=clock) as unit:
        assert by_key(unit)[saved.key].title == "铁拳行动"
        assert not by_key(unit)[saved.key].own
        agenda.save_event(office, Event(**{**_plain(saved), "title": "铁拳行动（延长）"}))
        packets = run_through(exchange.issue_packets(office, MARCH, tmp_path / "again"))
        import_files(unit, next(p.file for p in packets if p.unit == "scj"))
        assert by_key(unit)[saved.key].title == "铁拳行动（延长）"
        with pytest.raises(InputRejectedError, match="不是自己添加的"):
            agenda.remove_event(unit, saved.key)
    agenda.remove_event(office, saved.key)
    assert saved.key not in by_key(office)


def _plain(event):
    return {name: getattr(event, name) for name in event.__slots__}


def test_the_calendar_file_opens_elsewhere_and_keeps_its_identifiers(office, tmp_path, clock):
    agenda.save_event(office, CAMPAIGN)
    count = agenda.write_calendar(office, tmp_path / "one.ics")
    first = Calendar.from_ical((tmp_path / "one.ics").read_bytes())
    clock.set("2026-04-03T01:00:00+00:00")
    agenda.write_calendar(office, tmp_path / "two.ics")
    second = Calendar.from_ical((tmp_path / "two.ics").read_bytes())
    entries, later = first.walk("VEVENT"), second.walk("VEVENT")
    assert len(entries) == count == len({str(entry["UID"]) for entry in entries})
    assert [entry["UID"] for entry in entries] == [entry["UID"] for entry in later]
    assert all(b["SEQUENCE"] > a["SEQUENCE"] for a, b in zip(entries, later, strict=True))
    campaign = next(entry for entry in entries if str(entry["SUMMARY"]) == "铁拳行动")
    assert campaign["DTSTART"].dt == date(2026, 4, 1)
    assert campaign["DTEND"].dt == date(2026, 7, 1)
    assert campaign["DTSTART"].params["VALUE"] == "DATE"
    assert "DTSTAMP:20260402T010000Z" in (tmp_path / "one.ics").read_text(encoding="utf-8")


def test_only_calendar_files_are_written(office, tmp_path):
    with pytest.raises(InputRejectedError, match=r"\.ics"):
        agenda.write_calendar(office, tmp_path / "agenda.xlsx")


def test_a_letter_that_was_gone_beyond_or_is_void_is_not_called_done_in_the_calendar_file(
    office, clock, tmp_path
):
    clock.set("2026-05-11T01:00:00+00:00")
    april = Period.parse("2026-04")
    drafts = [
        supervision.draft_for(office, april, unit, LetterKind.REMINDER) for unit in ("scj", "fgj")
    ]
    first, second = supervision.issue(office, [draft.key for draft in drafts])
    clock.set("2026-05-27T01:00:00+00:00")
    beyond = [p for p in supervision.case_desk(office, april).proposals if p.letter == first]
    (draft,) = supervision.agree(office, april, beyond)
    supervision.issue(office, [draft.key])
    taking_back.void(office, second.key, "发错单位")

    agenda.write_calendar(office, tmp_path / "a.ics")

    entries = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")
    told = [str(e["summary"]) for e in entries if "敦促函" in str(e["summary"])]
    assert sorted(told) == [
        "提醒敦促函回复：区发改局(农业农村局)（作废）",
        "提醒敦促函回复：区市场监管局（已升级）",
    ]
