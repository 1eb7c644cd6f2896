"""What a unit still has to hand over and what the office has confirmed, by revision alone."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.handover import Handover, ThingKind
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind, Status
from fsdesk.domain.records.submissions import OpinionAnswer
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.packet import exchange, import_undo, reviewing
from fsdesk.services.records import evidence, opinions, recording
from fsdesk.services.status import handover, unit_forms
from fsdesk.services.supervision import follow_up, supervision
from fsdesk.store.ledger import ledgers
from tests.workspaces import MARCH, import_files

APRIL = Period.parse("2026-04")
FIGURE = RecordKey(RecordKind.VALUE, "I01-1", "scj", str(MARCH))
UNSENT, SENT, RECEIVED, ACCEPTED, RETURNED = Handover


def figure(unit, value, period=MARCH):
    recording.record_value(unit, "I01-1", str(period), DataValue(value))


def row(unit, number):
    with unit.writing() as writing:
        ledgers.edit_entries(writing, [LedgerEntry("", "sampling", "scj", {"抽样编号": number})])


def export(unit, folder, name="1.xlsx", period=MARCH):
    return exchange.export_report(unit, period, folder / name, early=True).file


def feedback(office, folder, name="out"):
    """The office answers the unit whose report it has decided on."""
    written = run_through(exchange.answer_reports(office, MARCH, folder / name))
    return next(each.file for each in written if each.unit == "scj")


def issued(office, folder, name="plans"):
    written = run_through(exchange.issue_packets(office, MARCH, folder / name))
    return next(each.file for each in written if each.unit == "scj")


def letter(office):
    """A letter to the unit, issued."""
    draft = supervision.draft_for(office, MARCH, "scj", LetterKind.REMINDER)
    return supervision.issue(office, [draft.key])[0]


def states(unit):
    return [thing.state for thing in handover.handed_over(unit).things]


def words(unit):
    """What is said of what was typed; months in which nothing was are named after it."""
    return handover.handed_over(unit).words.partition("；")[0]


def test_where_nothing_was_ever_typed_that_is_said(unit):
    assert words(unit) == "还没有填报内容"
    assert handover.handed_over(unit).things == ()


def test_what_is_typed_waits_until_a_packet_carries_it_and_the_office_says_that_it_has_it(
    office, unit, tmp_path
):
    figure(unit, 6)
    assert words(unit) == "未导出：3月 1 项（4月2日起）"
    report = export(unit, tmp_path)
    assert words(unit) == "已导出，尚未收到回执"
    import_files(office, report)
    reviewing.accept(office, "scj", MARCH)
    assert words(unit) == "已导出，尚未收到回执"  # nobody has told the unit
    import_files(unit, feedback(office, tmp_path))
    assert words(unit) == "已全部交出并收到回执"
    assert states(unit) == [ACCEPTED]


def test_a_plan_that_comes_down_confirms_as_well(office, unit, tmp_path):
    figure(unit, 6)
    import_files(office, export(unit, tmp_path))
    import_files(unit, issued(office, tmp_path))
    assert states(unit) == [RECEIVED]


def test_a_receipt_of_an_older_state_confirms_no_newer_one(office, unit, tmp_path):
    figure(unit, 6)
    import_files(office, export(unit, tmp_path))
    answer = issued(office, tmp_path)
    figure(unit, 7)
    import_files(unit, answer)
    assert states(unit) == [UNSENT]
    export(unit, tmp_path, "2.xlsx")
    assert states(unit) == [SENT]


def test_an_older_receipt_takes_nothing_back(office, unit, tmp_path):
    figure(unit, 6)
    import_files(office, export(unit, tmp_path))
    older = issued(office, tmp_path, "older")
    figure(unit, 7)
    import_files(office, export(unit, tmp_path, "2.xlsx"))
    import_files(unit, issued(office, tmp_path, "newer"))
    assert states(unit) == [RECEIVED]
    import_files(unit, older)
    assert states(unit) == [RECEIVED]


def test_what_the_office_took_back_counts_no_longer_as_received(office, unit, tmp_path):
    figure(unit, 6)
    import_files(office, export(unit, tmp_path))
    import_files(unit, issued(office, tmp_path, "before"))
    import_undo.undo_last_import(office)
    import_files(unit, issued(office, tmp_path, "after"))
    assert states(unit) == [SENT]


def test_each_period_is_told_by_itself(unit, tmp_path):
    figure(unit, 6)
    figure(unit, 9, APRIL)
    assert words(unit) == "未导出：3月 1 项、4月 1 项（4月2日起）"
    export(unit, tmp_path)
    assert words(unit).startswith("未导出：4月 1 项")
    assert handover.handed_over(unit).periods == (APRIL,)


def test_evidence_goes_along_in_an_archive_only(office, unit, tmp_path):
    figure(unit, 6)
    (tmp_path / "a.txt").write_text("proof")
    evidence.attach(unit, FIGURE, tmp_path / "a.txt")
    export(unit, tmp_path)
    assert words(unit).startswith("未导出：3月 佐证材料 1 个")
    report = export(unit, tmp_path, "2.zip")
    assert words(unit) == "已导出，尚未收到回执"
    import_files(office, report)
    import_files(unit, issued(office, tmp_path))
    assert set(states(unit)) == {RECEIVED}


def test_evidence_that_is_added_after_the_export_waits(unit, tmp_path):
    figure(unit, 6)
    export(unit, tmp_path)
    (tmp_path / "a.txt").write_text("proof")
    evidence.attach(unit, FIGURE, tmp_path / "a.txt")
    assert words(unit).startswith("未导出：3月 佐证材料 1 个")
    assert unit_forms.unit_form(unit, "scj", MARCH).unexported == 1


def test_rows_of_ledgers_wait_and_are_confirmed(office, unit, tmp_path):
    row(unit, "S1")
    row(unit, "S2")
    assert words(unit).startswith("未导出：台账 2 行")
    report = export(unit, tmp_path)
    assert words(unit) == "已导出，尚未收到回执"
    row(unit, "S3")
    assert words(unit).startswith("未导出：台账 1 行")
    import_files(office, report)
    import_files(unit, issued(office, tmp_path, "one"))
    assert states(unit) == [UNSENT]
    import_files(office, export(unit, tmp_path, "2.xlsx"))
    import_files(unit, issued(office, tmp_path, "two"))
    assert states(unit) == [RECEIVED]


def test_rows_that_came_from_the_office_need_not_be_sent(office, unit, tmp_path):
    with office.writing() as writing:
        ledgers.edit_entries(writing, [LedgerEntry("", "sampling", "scj", {"抽样编号": "S9"})])
    import_files(unit, issued(office, tmp_path))
    assert handover.handed_over(unit).unsent == ()


@pytest.mark.parametrize(
    ("say", "what"),
    [
        (lambda unit, key: follow_up.reply(unit, key, "已整改"), "回复"),
        (
            lambda unit, key: follow_up.ask_extension(unit, key, date(2026, 5, 20), "正在办理"),
            "申请延期",
        ),
        (lambda unit, key: follow_up.object_to(unit, key, "数据有误"), "异议"),
    ],
    ids=["reply", "extension", "objection"],
)
def test_an_answer_to_a_letter_waits_and_is_confirmed(office, unit, tmp_path, say, what):
    notice = letter(office)
    import_files(unit, feedback(office, tmp_path, "letters"))
    say(unit, notice.key)
    assert words(unit).startswith(f"未导出：{what} 1 件")
    assert exchange.replied(unit) == {what: 1}
    report = export(unit, tmp_path)
    assert words(unit).startswith("已导出，尚未收到回执")
    import_files(office, report)
    import_files(unit, feedback(office, tmp_path, "again"))
    assert states(unit) == [RECEIVED]


def test_a_returned_report_is_not_handed_over_until_it_was_changed_and_sent(office, unit, tmp_path):
    figure(unit, 6)
    recording.record_progress(unit, "T01-1", str(MARCH), ProgressReport(Status.UNDER_WAY, "已办"))
    import_files(office, export(unit, tmp_path))
    reviewing.return_report(office, "scj", MARCH, "请核对")
    import_files(unit, feedback(office, tmp_path))
    assert states(unit) == [RETURNED, RETURNED]
    assert words(unit) == "3月已退回，改正后请重新导出"
    figure(unit, 7)
    assert words(unit).startswith("未导出：3月 1 项")
    export(unit, tmp_path, "2.xlsx")
    assert words(unit) == "已导出，尚未收到回执"


def test_months_that_are_owed_and_empty_are_named(unit, clock, tmp_path):
    figure(unit, 6)
    export(unit, tmp_path)
    clock.set("2026-05-02T01:00:00+00:00")
    assert handover.handed_over(unit).words == "已导出，尚未收到回执；1月、2月、4月还没有填报"


def test_no_clock_says_what_was_sent(unit, clock, tmp_path):
    figure(unit, 6)
    export(unit, tmp_path)
    for now in ("2016-01-01T00:00:00+00:00", "2031-01-01T00:00:00+00:00"):
        clock.set(now)
        assert handover.handed_over(unit).unsent == ()
    clock.set("2016-01-01T00:00:00+00:00")
    figure(unit, 7)
    assert len(handover.handed_over(unit).unsent) == 1


def test_what_was_typed_and_taken_back_before_anybody_saw_it_is_nothing(unit):
    figure(unit, 6)
    figure(unit, None)
    assert words(unit) == "还没有填报内容"


def test_a_figure_that_is_emptied_after_it_was_sent_waits(unit, tmp_path):
    figure(unit, 6)
    export(unit, tmp_path)
    figure(unit, None)
    assert states(unit) == [UNSENT]


def test_the_office_hands_nothing_over(office):
    assert handover.handed_over(office).things == ()


def test_a_form_shows_how_far_each_record_has_come(office, unit, tmp_path):
    figure(unit, 6)
    form = unit_forms.unit_form(unit, "scj", MARCH)
    assert form.stands == {"I01-1": UNSENT}
    export(unit, tmp_path)
    form = unit_forms.unit_form(unit, "scj", MARCH)
    (task,) = (task for task in form.tasks if task.state is not None)
    assert task.exported
    assert handover.handed_over(unit).of(ThingKind.RECORD, str(FIGURE)).state is SENT


def returned_with_opinions(office, unit, folder):
    """The unit's March report was returned with an opinion on its figure."""
    figure(unit, 6)
    import_files(office, export(unit, folder))
    reviewing.return_report(office, "scj", MARCH, "请核对", {"I01-1": "批次偏少"})
    import_files(unit, feedback(office, folder))


def test_an_answer_to_an_opinion_waits_as_all_else_does(office, unit, clock, tmp_path):
    returned_with_opinions(office, unit, tmp_path)
    opinions.answer(unit, MARCH, "I01-1", OpinionAnswer.EXPLAINED, "当月停工")
    assert words(unit) == "未导出：3月 意见答复 1 条（4月2日起）"
    report = export(unit, tmp_path, "2.xlsx")
    assert words(unit) == "已导出，尚未收到回执"
    import_files(office, report)
    import_files(unit, issued(office, tmp_path))
    assert words(unit) == "已全部交出并收到回执"
    clock.set("2026-04-02T05:00:00+00:00")
    reviewing.accept(office, "scj", MARCH)
    import_files(unit, feedback(office, tmp_path, "out2"))
    assert ThingKind.OPINION not in {t.kind for t in handover.handed_over(unit).things}


def test_opinions_that_nobody_answered_are_told_when_the_report_went_out_again(
    office, unit, tmp_path
):
    returned_with_opinions(office, unit, tmp_path)
    figure(unit, 9)
    export(unit, tmp_path, "2.xlsx")
    said = handover.handed_over(unit).words
    assert said.startswith("已导出，尚未收到回执；1 条退回意见未答复")
