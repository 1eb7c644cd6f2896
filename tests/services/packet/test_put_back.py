"""A database comes back from earlier, by whatever way: edits are numbered apart, and it is told."""

from __future__ import annotations

import pytest

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.settings import Rules
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import checking, conflicts, exchange, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.services.supervision import follow_up, letters
from fsdesk.store.records import records
from tests.held import review_of
from tests.workspaces import MARCH, import_files, replaced, snapshot

SEPTEMBER, AUTUMN = Period.parse("2026-09"), "2026-10-10T02:00:00+00:00"
KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def report(unit, value, folder, name):
    recording.record_value(unit, "I01-1", str(MARCH), DataValue(value))
    return exchange.export_report(unit, MARCH, folder / name).file


def issued(office, folder):
    written = run_through(exchange.issue_packets(office, MARCH, folder))
    return next(each.file for each in written if each.unit == "scj")


def message(workspace, file):
    (taken,) = import_files(workspace, file).files
    return taken.message


def values(workspace):
    with workspace.reading() as session:
        return {item.record.content.value for item in records.versions_of(session, KEY)}


@pytest.fixture
def restored(office, unit, tmp_path):
    """A unit that reported 210, and was put back to before it typed that."""
    copy = snapshot(unit, tmp_path / "earlier.db")
    import_files(office, report(unit, 210, tmp_path, "1.xlsx"))
    with replaced(unit, copy) as workspace:
        yield workspace


def test_what_is_typed_after_a_copy_came_back_stands_beside_what_was_sent(
    office, restored, tmp_path
):
    told = message(office, report(restored, 300, tmp_path, "2.xlsx"))
    assert "更新 1 项" in told
    assert "两边都改过" in told
    assert "区市场监管局的工作区恢复过较早的数据，或有两份副本在填报" in told
    assert values(office) == {210, 300}
    assert len(conflicts.conflicts(office)) == 1


def test_a_unit_hears_that_the_office_remembers_what_it_forgot(office, restored, tmp_path):
    (checked,) = run_through(checking.check_packets(restored, [issued(office, tmp_path / "out")]))
    (doubt,) = checked.doubts
    assert "从区食药安办的文件中找回本工作区填过的 1 项" in doubt.message
    assert "找回本工作区填过的 1 项" in message(restored, checked.file)
    assert values(restored) == {210}
    assert "找回" not in message(restored, issued(office, tmp_path / "again"))


def test_a_report_made_later_that_knows_less_is_told_though_nothing_changes(
    office, unit, clock, tmp_path
):
    first = report(unit, 200, tmp_path, "1.xlsx")
    copy = snapshot(unit, tmp_path / "earlier.db")
    clock.set("2026-04-02T02:00:00+00:00")
    import_files(office, report(unit, 210, tmp_path, "2.xlsx"))
    with replaced(unit, copy) as again:
        clock.set("2026-04-02T03:00:00+00:00")
        file = exchange.export_report(again, MARCH, tmp_path / "3.xlsx").file
        assert "1 项不是在该单位先前报送的基础上填的" in message(office, file)
    assert values(office) == {210}
    assert "先前报送" not in message(office, first), "one that only comes late is usual"


def test_the_office_hears_that_a_unit_remembers_what_it_forgot(office, unit, tmp_path):
    copy = snapshot(office, tmp_path / "earlier.db")
    recording.record_value(office, "I01-1", str(MARCH), DataValue(5), unit="scj")
    import_files(unit, issued(office, tmp_path / "out"))
    file = exchange.export_report(unit, MARCH, tmp_path / "1.xlsx").file
    with replaced(office, copy) as again:
        assert "从区市场监管局的文件中找回本工作区填过的 1 项" in message(again, file)
        assert values(again) == {5}


# Plans


def revision(workspace):
    return planning.current_plan(workspace).revision


def population(workspace):
    return planning.current_plan(workspace).constants[0].value


def change(office, number):
    planning.change_settings(office, {"population": number}, office.rules)


def test_a_plan_of_an_office_that_was_put_back_is_told_on_both_sides_and_outruns_the_units(
    office, unit, clock, tmp_path
):
    copy = snapshot(office, tmp_path / "earlier.db")
    change(office, 410_000)
    change(office, 420_000)
    import_files(unit, issued(office, tmp_path / "first"))
    assert revision(unit) == 3
    with replaced(office, copy) as again:
        clock.set("2026-04-03T02:00:00+00:00")
        change(again, 450_000)
        told = message(unit, issued(again, tmp_path / "second"))
        assert "文件中的计划是第 2 版，本工作区已是第 3 版" in told
        assert population(unit) == 420_000
        told = message(again, report(unit, 6, tmp_path, "1.xlsx"))
        assert "区市场监管局按第 3 版计划填报，本工作区只有第 2 版" in told
        assert "计划已更新" in message(unit, issued(again, tmp_path / "third"))
        assert revision(unit) == revision(again) == 4
        assert population(unit) == 450_000


def test_of_two_plans_of_one_number_the_one_handed_down_later_counts(office, unit, clock, tmp_path):
    copy = snapshot(office, tmp_path / "earlier.db")
    change(office, 410_000)
    first = issued(office, tmp_path / "first")
    import_files(unit, first)
    with replaced(office, copy) as again:
        clock.set("2026-04-03T02:00:00+00:00")
        change(again, 450_000)
        assert "计划已更新" in message(unit, issued(again, tmp_path / "second"))
        assert (revision(unit), population(unit)) == (2, 450_000)
        assert "没有采用" in message(unit, first)
        assert population(unit) == 450_000


def test_rules_that_were_handed_down_later_are_not_undone_by_an_older_file(
    office, unit, clock, tmp_path
):
    first = issued(office, tmp_path / "first")
    clock.set("2026-04-03T02:00:00+00:00")
    planning.change_settings(office, {}, Rules(due_days=9))
    import_files(unit, issued(office, tmp_path / "second"))
    assert "规则比本工作区的旧，没有采用" in message(unit, first)
    assert unit.rules.due_days == 9


def test_a_unit_on_a_plan_that_the_office_forgot_can_still_report(office, unit, tmp_path):
    """What the office's plan does not ask for is kept, and does not stop the report."""
    copy = snapshot(office, tmp_path / "earlier.db")
    change(office, 410_000)
    import_files(unit, issued(office, tmp_path / "first"))
    with replaced(office, copy) as again:
        file = report(unit, 6, tmp_path, "1.xlsx")
        assert import_files(again, file).count(Result.IMPORTED) == 1
        change(again, 430_000)
        assert revision(again) == 3, "above the number that a unit reported on"


# Letters and reviews


def press(office, folder, name):
    return letters.issue_reminder(office, "scj", SEPTEMBER, folder / f"{name}.docx")


def feedback(office, folder):
    (written,) = run_through(exchange.answer_reports(office, MARCH, folder))
    return written.file


def test_a_letter_of_a_number_that_was_given_twice_takes_nothing_away(
    office, unit, clock, tmp_path
):
    clock.set(AUTUMN)
    copy = snapshot(office, tmp_path / "earlier.db")
    first = press(office, tmp_path, "1")
    import_files(unit, feedback(office, tmp_path / "a"))
    with replaced(office, copy) as again:
        clock.set("2026-10-20T02:00:00+00:00")
        second = press(again, tmp_path, "2")
        assert second.key == first.key
        told = message(unit, feedback(again, tmp_path / "b"))
        assert f"{first.document_number} 与本单位已收到的同号函件不是同一份" in told
        (held,) = follow_up.inbox(unit)
        assert held.letter.issued_on == first.issued_on


def test_a_reply_to_a_letter_that_the_office_forgot_is_told_and_its_number_not_given_again(
    office, unit, clock, tmp_path
):
    clock.set(AUTUMN)
    copy = snapshot(office, tmp_path / "earlier.db")
    first = press(office, tmp_path, "1")
    import_files(unit, feedback(office, tmp_path / "a"))
    follow_up.reply(unit, first.key, "已整改")
    file = exchange.export_report(unit, MARCH, tmp_path / "1.xlsx").file
    with replaced(office, copy) as again:
        assert f"回复了 {first.document_number}，本工作区的登记簿中没有" in message(again, file)
        assert press(again, tmp_path, "2").number == first.number + 1


def test_a_reply_from_before_a_letter_answers_another_of_its_number(office, unit, clock, tmp_path):
    clock.set(AUTUMN)
    copy = snapshot(office, tmp_path / "earlier.db")
    first = press(office, tmp_path, "1")
    import_files(unit, feedback(office, tmp_path / "a"))
    follow_up.reply(unit, first.key, "已整改")
    file = exchange.export_report(unit, MARCH, tmp_path / "1.xlsx").file
    with replaced(office, copy) as again:
        clock.set("2026-10-20T02:00:00+00:00")
        second = press(again, tmp_path, "2")
        assert "早于该函件的印发日期" in message(again, file)
        assert follow_up.named(again, second.key).reply == ""


def test_what_was_decided_and_answered_by_a_clock_set_back_still_counts(
    office, unit, clock, tmp_path
):
    clock.set(AUTUMN)
    letter = press(office, tmp_path, "1")
    import_files(unit, feedback(office, tmp_path / "a"))
    import_files(office, report(unit, 6, tmp_path, "1.xlsx"))
    reviewing.return_report(office, "scj", MARCH, "请核对")
    follow_up.reply(unit, letter.key, "已整改")
    import_files(unit, feedback(office, tmp_path / "b"))
    clock.set("2026-10-09T02:00:00+00:00")  # a day back
    reviewing.return_report(office, "scj", MARCH, "再核对")
    import_files(unit, feedback(office, tmp_path / "c"))
    assert review_of(unit, "scj", MARCH).comment == "再核对"
    assert follow_up.reply(unit, letter.key, "已整改完毕").reply == "已整改完毕"
    import_files(office, exchange.export_report(unit, MARCH, tmp_path / "2.xlsx").file)
    assert follow_up.named(office, letter.key).reply == "已整改完毕"


def test_a_review_that_does_not_count_any_more_is_told(office, unit, clock, tmp_path):
    import_files(office, report(unit, 6, tmp_path, "1.xlsx"))
    copy = snapshot(office, tmp_path / "earlier.db")
    clock.set("2026-04-05T02:00:00+00:00")
    reviewing.return_report(office, "scj", MARCH, "请核对")
    import_files(unit, feedback(office, tmp_path / "a"))
    with replaced(office, copy) as again:
        clock.set("2026-04-04T02:00:00+00:00")
        reviewing.accept(again, "scj", MARCH)
        assert "已接收，2026-04-04" in message(unit, feedback(again, tmp_path / "b"))
    assert review_of(unit, "scj", MARCH).comment == "请核对"
