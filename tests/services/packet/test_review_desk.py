"""The office's review: what a report is judged by, what became of it, and a verdict taken back."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance
from fsdesk.services.packet import exchange, import_undo, review_undo, reviewing
from fsdesk.services.packet.report_history import ReportStepKind, report_history
from fsdesk.services.packet.review_desk import report_doubts, report_sheet, review_desk
from fsdesk.services.records import evidence, recording
from tests.held import review_of
from tests.workspaces import MARCH, import_files

FEBRUARY = Period.parse("2026-02")


@pytest.fixture
def send(office, unit, clock, tmp_path):
    """Let the unit type a figure and the office receive its report."""

    def send_it(number, period=MARCH, hour=1):
        clock.set(f"2026-04-0{hour}T01:00:00+00:00")
        recording.record_value(unit, "I01-1", str(period), DataValue(number))
        file = tmp_path / f"{period}-{hour}.zip"
        import_files(office, exchange.export_report(unit, period, file).file)

    return send_it


def state(office, unit="scj"):
    found = review_desk(office, MARCH)
    return next(each for each in found.reports if each.unit == unit)


def whole(office):
    return review_of(office, "scj", MARCH), state(office).state, state(office).digest


def test_all_reports_are_seen_at_a_glance(office, send):
    found = review_desk(office, MARCH)
    assert (found.words, found.waiting) == ("已审 0/0，应报 3", ())
    send(6)
    found = review_desk(office, MARCH)
    assert [each.unit for each in found.waiting] == ["scj"]
    assert found.words == "已审 0/1，应报 3"
    reviewing.accept(office, "scj", MARCH)
    assert review_desk(office, MARCH).words == "已审 1/1，应报 3"
    assert (state(office).locked, state(office).revocable) == (True, True)


def test_each_record_stands_beside_what_it_is_judged_by(office, unit, send, tmp_path):
    send(300, FEBRUARY, hour=1)
    proof = tmp_path / "证.txt"
    proof.write_text("证", encoding="utf-8")
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="已抽检"))
    evidence.attach(unit, RecordKey(RecordKind.PROGRESS, "T01-1", "scj", "2026-03"), proof)
    send(120, hour=2)
    sheet = report_sheet(office, "scj", MARCH)
    rows = {row.key.item: row for row in sheet.rows}
    assert tuple(row.key for row in sheet.rows) == exchange.form_keys(sheet.plan, "scj", MARCH)
    samples = rows["I01-1"]
    assert (samples.content, samples.previous) == (DataValue(120), DataValue(300))
    assert (samples.to_date, samples.target, samples.joint) == ("420", "≥1200批次", True)
    assert samples.shown.reached == "35.0%"  # of all units together
    assert rows["I01-3"].target == "=100%"
    assert [a.name for a in rows["T01-1"].evidence] == ["证.txt"]
    assert (sheet.filled, rows["I01-5"].empty) == (2, True)


def test_doubts_stand_at_the_records_that_they_concern(office, send):
    for month in range(1, 4):
        send(100, Period.month(2026, month), hour=month)
    nothing = report_doubts(office, "scj", MARCH)
    assert nothing.rows.get("I01-1", ()) == ()


def test_a_verdict_is_taken_back_as_if_it_had_not_been_given(office, send):
    send(6)
    before = whole(office)
    reviewing.return_report(office, "scj", MARCH, "请补正", {"I01-1": "与台账不一致"})
    returned = whole(office)
    assert returned != before
    reviewing.return_report(office, "scj", MARCH, "再看", {})
    review_undo.take_back(office, "scj", MARCH)
    assert whole(office) == returned
    review_undo.take_back(office, "scj", MARCH)
    assert whole(office) == before
    assert maintenance.verify(office) == ()
    with pytest.raises(InputRejectedError, match="没有可以撤销的审核"):
        review_undo.take_back(office, "scj", MARCH)
    assert not state(office).revocable


def test_what_a_feedback_packet_told_is_not_taken_back(office, send, tmp_path):
    send(6)
    reviewing.accept(office, "scj", MARCH)
    run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
    assert not state(office).revocable
    before = whole(office)
    with pytest.raises(InputRejectedError, match="已随反馈包发出，不能撤销"):
        review_undo.take_back(office, "scj", MARCH)
    assert whole(office) == before
    reviewing.reopen(office, "scj", MARCH, "口径调整")  # what nobody was told of may go again
    review_undo.take_back(office, "scj", MARCH)
    assert whole(office) == before


def test_a_verdict_on_a_report_that_came_again_is_not_taken_back(office, send):
    send(6)
    reviewing.return_report(office, "scj", MARCH, "请补正")
    send(7, hour=2)
    assert not state(office).revocable
    with pytest.raises(InputRejectedError, match="没有可以撤销的审核"):
        review_undo.take_back(office, "scj", MARCH)


def test_what_became_of_a_report_is_told_step_by_step(office, send):
    assert report_history(office, "scj", MARCH) == ()
    send(6)
    reviewing.return_report(office, "scj", MARCH, "请补正", {"I01-1": "与台账不一致"})
    send(7, hour=2)
    reviewing.accept(office, "scj", MARCH)
    reviewing.leave_out(office, "scj", MARCH, "待核实")
    steps = report_history(office, "scj", MARCH)
    assert [step.kind for step in steps] == [
        ReportStepKind.CAME,
        ReportStepKind.RETURNED,
        ReportStepKind.CAME_AGAIN,
        ReportStepKind.ACCEPTED,
        ReportStepKind.LEFT_OUT,
    ]
    assert (steps[1].words, steps[1].rows) == ("请补正", (("I01-1", "与台账不一致"),))
    assert steps[0].made_at == "2026-04-01T01:00:00+00:00"
    assert all(step.who for step in steps)


def test_what_was_taken_back_is_told_as_well(office, send):
    send(6)
    reviewing.accept(office, "scj", MARCH)
    review_undo.take_back(office, "scj", MARCH)
    import_undo.undo_last_import(office)
    told = [(step.kind, step.words) for step in report_history(office, "scj", MARCH)][2:]
    assert told == [
        (ReportStepKind.UNDONE, SubmissionState.SUBMITTED.label),
        (ReportStepKind.UNDONE, SubmissionState.NONE.label),
    ]
    send(7, hour=2)
    assert report_history(office, "scj", MARCH)[-1].kind is ReportStepKind.CAME


def listed(office, period):
    return {(each.unit, str(each.period)) for each in review_desk(office, period).reports}


def test_a_report_stands_in_the_list_for_what_it_covers(office, send):
    assert listed(office, MARCH) == {("scj", "2026-03"), ("fgj", "2026-03"), ("xx", "2026-03")}
    quarter = Period.parse("2026-Q1")
    send(6, quarter)
    assert listed(office, MARCH) == {("scj", "2026-Q1"), ("fgj", "2026-03"), ("xx", "2026-03")}
    months = {(unit, f"2026-0{n}") for unit in ("fgj", "xx") for n in (1, 2, 3)}
    assert listed(office, quarter) == {("scj", "2026-Q1"), *months}
    reviewing.accept(office, "scj", quarter)
    assert review_desk(office, MARCH).words == "已审 1/1，应报 3"


def test_a_report_that_came_again_says_when_the_one_that_stands_was_made(office, send):
    send(6)
    first = state(office)
    assert (first.made_at, first.corrected_at) == ("2026-04-01T01:00:00+00:00", "")
    send(7, hour=2)
    again = state(office)
    assert (again.made_at, again.corrected_at) == (first.made_at, "2026-04-02T01:00:00+00:00")
    assert again.on_time
