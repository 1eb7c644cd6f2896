"""填报: what is typed is stored at once, told when it is wrong, and never lost."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.settings import Rules
from fsdesk.services.ledger import ledgers
from fsdesk.services.packet import checking, signing
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.services.status import unit_forms
from fsdesk.services.status.gaps import Concern
from fsdesk.store.identity import save_rules
from fsdesk.store.packet.keys import save_signer
from fsdesk.store.records import records
from tests.levels import city_plan
from tests.plans import timed_plan
from tests.ui.desks import WAIT
from tests.workspaces import MARCH, make_office
from ui.pages.exchange.report_export import EXPORT
from ui.pages.recording.recording import RecordingPage

TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return


@pytest.fixture
def unit_page(page_test, unit):
    test = page_test(unit)
    test.page = test.show(RecordingPage(test.desk))
    return test


def stored(workspace, item, kind=RecordKind.VALUE, unit="scj", period="2026-03"):
    with workspace.reading() as session:
        found = records.find(session, RecordKey(kind, item, unit, period))
    return found.content if found else None


def editor(test, item):
    view = test.page.forms.views[test.page.tasks.code]
    return next(each for each in view.editors if each.key.item == item)


def type_into(test, field, text, key=TAB):
    field.setFocus()
    field.clear()
    test.qtbot.keyClicks(field, text)
    if key is not None:
        test.qtbot.keyClick(field, key)
        test.settle()


def test_a_figure_is_stored_when_the_field_is_left(unit_page, unit):
    samples = editor(unit_page, "I01-1")
    type_into(unit_page, samples.first, "120")
    assert stored(unit, "I01-1") == DataValue(120)
    assert samples.to_date.text() == "120"
    assert "已保存" in unit_page.page.header._note.text()
    assert unit_page.page.tasks.item(0).text().startswith("◐ 1/")


def test_a_figure_is_stored_when_typing_rests(unit_page, unit, qtbot):
    type_into(unit_page, editor(unit_page, "I01-1").first, "7", key=None)
    assert stored(unit, "I01-1") is None
    qtbot.waitUntil(lambda: stored(unit, "I01-1") == DataValue(7))
    unit_page.settle()


@pytest.mark.parametrize("typed", ["１９００", "1,900", "1900批次", "１，９００ 批次"])
def test_figures_are_read_as_people_write_them(unit_page, unit, typed):
    field = editor(unit_page, "I01-1").first
    field.setFocus()
    field.insert(typed)  # no keyboard of the test has full-width keys
    unit_page.qtbot.keyClick(field, TAB)
    unit_page.settle()
    assert stored(unit, "I01-1") == DataValue(1900)


def test_none_of_the_kind_may_be_typed_as_a_figure(unit_page, unit):
    rate = editor(unit_page, "I01-3")
    rate.first.setFocus()
    rate.first.insert("无此项")
    unit_page.qtbot.keyClick(rate.first, TAB)
    unit_page.settle()
    assert rate.none.isChecked()
    assert rate.first.text() == ""
    assert stored(unit, "I01-3") == DataValue(not_applicable=True)


def test_the_numbers_of_a_ratio_are_counted_and_no_per_cents(unit_page, unit):
    rate = editor(unit_page, "I01-3")
    type_into(unit_page, rate.fields[0], "1")
    type_into(unit_page, rate.fields[1], "1")
    assert not rate.wrong
    assert stored(unit, "I01-3") == DataValue(None, 1, 1)


def test_what_cannot_be_read_is_told_at_its_field_and_stays(unit_page, unit):
    samples = editor(unit_page, "I01-1")
    samples.first.setFocus()
    samples.first.insert("很多")
    unit_page.qtbot.keyClick(samples.first, TAB)
    unit_page.settle()
    assert "应为数字" in samples.words.text()
    assert samples.words.property("role") == "error"
    assert samples.first.property("wrong") is True
    assert not samples.note.property("wrong")
    assert samples.first.text() == "很多"
    assert stored(unit, "I01-1") is None
    samples.first.clear()
    samples.flush()
    assert not samples.wrong


def test_a_warning_is_amber_and_the_figure_is_stored(unit_page, unit):
    samples = editor(unit_page, "I01-1")
    type_into(unit_page, samples.first, "20")
    type_into(unit_page, samples.first, "10")
    assert stored(unit, "I01-1") == DataValue(10)
    assert samples.words.text().startswith("▲")
    assert samples.words.property("role") == "amber"


def test_a_refused_figure_comes_back_with_its_form(unit_page, unit):
    rate = editor(unit_page, "I01-3")
    type_into(unit_page, rate.fields[0], "9")
    type_into(unit_page, rate.fields[1], "8")
    assert "大于分母" in rate.words.text()
    unit_page.page.refresh("2026-04")
    unit_page.settle()
    assert editor(unit_page, "I01-3").fields[0].text() == ""
    unit_page.page.refresh("2026-03")
    unit_page.settle()
    again = editor(unit_page, "I01-3")
    assert [field.text() for field in again.fields] == ["9", "8"]
    assert "大于分母" in again.words.text()
    type_into(unit_page, again.fields[1], "10")
    assert stored(unit, "I01-3") == DataValue(None, 9, 10)


def test_what_is_typed_while_a_form_is_loaded_is_not_lost(unit_page, unit):
    unit_page.page.refresh("2026-03")
    field = editor(unit_page, "I01-1").first
    field.insert("55")  # before the new form has come
    unit_page.settle()
    assert stored(unit, "I01-1") == DataValue(55)
    assert editor(unit_page, "I01-1").first.text() == "55"


@pytest.mark.parametrize("item", ["I01-5", "T01-1"])
def test_after_a_refresh_the_cursor_stands_in_the_same_field(unit_page, item):
    """The forms are made anew, and what is empty first is another field."""
    typing = editor(unit_page, item)
    wanted = typing._fields[-1]
    wanted.setFocus()
    name, place = wanted.accessibleName(), len(typing._fields) - 1
    unit_page.page.refresh("2026-03")
    unit_page.settle()
    assert editor(unit_page, item) is not typing
    assert QApplication.focusWidget() is editor(unit_page, item)._fields[place]
    assert QApplication.focusWidget().accessibleName() == name


def test_closing_stores_what_is_being_typed(unit_page, unit):
    type_into(unit_page, editor(unit_page, "I01-1").first, "33", key=None)
    assert unit_page.page.may_leave()
    assert stored(unit, "I01-1") == DataValue(33)
    unit_page.settle()


def test_a_refused_figure_outlives_closing_and_a_kill(unit_page, unit, page_test):
    rate = editor(unit_page, "I01-3")
    rate.fields[0].setText("9")
    rate.fields[1].setText("8")  # not yet handed over: only closing does that
    assert unit_page.page.may_leave()
    assert unit_page.told.questions == []
    assert unit_page.desk.drafts.may_leave()
    again = page_test(unit)
    page = again.show(RecordingPage(again.desk))
    page.tasks.choose("T01")
    found = page.forms.editor_of(rate.key)
    assert [field.text() for field in found.fields] == ["9", "8"]
    assert "还没有保存" in found.words.text()
    assert [key.item for key in page.forms.wrong(page._form)] == ["I01-3"]
    found.fields[1].setText("10")
    page.forms.flush()
    again.settle()
    assert stored(unit, "I01-3") == DataValue(None, 9, 10)
    assert not again.desk.drafts.waits("recording")


def test_half_a_ratio_is_kept_while_the_cursor_stands_in_it(unit_page, unit):
    rate = editor(unit_page, "I01-3")
    rate.fields[0].setFocus()
    unit_page.qtbot.keyClicks(rate.fields[0], "9")
    unit_page.qtbot.waitUntil(lambda: unit_page.desk.drafts.waits("recording"), timeout=WAIT)
    unit_page.qtbot.keyClicks(rate.fields[1], "10")
    rate.flush()
    unit_page.settle()
    assert stored(unit, "I01-3") == DataValue(None, 9, 10)
    assert not unit_page.desk.drafts.waits("recording")


def test_enter_goes_from_figure_to_figure(unit_page, unit):
    rate = editor(unit_page, "I01-3")
    rate.fields[0].setFocus()
    unit_page.qtbot.keyClicks(rate.fields[0], "5")
    unit_page.qtbot.keyClick(rate.fields[0], ENTER)
    assert QApplication.focusWidget() is rate.fields[1]
    unit_page.qtbot.keyClicks(rate.fields[1], "5")
    unit_page.qtbot.keyClick(rate.fields[1], ENTER)
    unit_page.settle()
    assert stored(unit, "I01-3") == DataValue(None, 5, 5)
    assert QApplication.focusWidget() is editor(unit_page, "I01-4").first


def test_half_a_ratio_is_no_mistake_before_the_cursor_leaves_it(unit_page, unit):
    rate = editor(unit_page, "I01-3")
    rate.fields[0].setFocus()
    unit_page.qtbot.keyClicks(rate.fields[0], "5")
    unit_page.qtbot.keyClick(rate.fields[0], TAB)
    unit_page.settle()
    assert not rate.wrong
    unit_page.qtbot.keyClick(rate.fields[1], TAB)
    unit_page.settle()
    assert "缺少分母" in rate.words.text()


def test_in_texts_enter_is_a_new_line_and_tab_goes_on(unit_page, unit):
    report = editor(unit_page, "T01-1")
    text = report.texts[0]
    text.setFocus()
    unit_page.qtbot.keyClicks(text, "one")
    unit_page.qtbot.keyClick(text, ENTER)
    unit_page.qtbot.keyClicks(text, "two")
    unit_page.qtbot.keyClick(text, TAB)
    unit_page.settle()
    assert QApplication.focusWidget() is report.texts[1]
    assert stored(unit, "T01-1", RecordKind.PROGRESS) == ProgressReport(text="one\ntwo")


def test_control_and_arrows_change_the_task_even_from_a_text(unit_page):
    control = Qt.KeyboardModifier.ControlModifier
    text = editor(unit_page, "T01-1").texts[0]
    text.setFocus()
    unit_page.qtbot.keyClick(text, Qt.Key.Key_Down, control)
    assert unit_page.page.tasks.code == "T01-2"
    here = QApplication.focusWidget()
    assert here is editor(unit_page, "T01-2").first
    unit_page.qtbot.keyClick(here, Qt.Key.Key_Up, control)
    assert unit_page.page.tasks.code == "T01-1"


def test_last_periods_words_fill_only_what_is_empty(page_test, unit):
    words = ProgressReport(Status.UNDER_WAY, "二月进展", "二月问题", "二月打算")
    recording.record_progress(unit, "T01-1", "2026-02", words)
    test = page_test(unit)
    test.page = test.show(RecordingPage(test.desk))
    report = editor(test, "T01-1")
    report.texts[0].setPlainText("三月进展")
    test.qtbot.mouseClick(report.copy, Qt.MouseButton.LeftButton)
    test.settle()
    wanted = ProgressReport(None, "三月进展", "二月问题", "二月打算")
    assert stored(unit, "T01-1", RecordKind.PROGRESS) == wanted


def test_a_deliverable_takes_state_day_and_evidence(unit_page, unit):
    thing = editor(unit_page, "D01-1-1")
    thing.status.setFocus()
    for _ in range(3):
        unit_page.qtbot.keyClick(thing.status, Qt.Key.Key_Down)
    thing.day.setFocus()
    thing.day.insert("2026年3月5日")
    thing.evidence.setFocus()
    thing.evidence.insert("通知")
    unit_page.qtbot.keyClick(thing.evidence, TAB)
    unit_page.settle()
    wanted = Milestone(Status.DONE, date(2026, 3, 5), "通知")
    assert stored(unit, "D01-1-1", RecordKind.MILESTONE) == wanted


def test_a_day_that_is_none_marks_the_day_only(unit_page):
    thing = editor(unit_page, "D01-1-1")
    type_into(unit_page, thing.day, "26-3-5")
    assert "应为日期" in thing.words.text()
    assert thing.day.property("wrong") is True
    assert not thing.evidence.property("wrong")


def test_export_lists_what_is_missing_then_writes(unit_page, unit, tmp_path, monkeypatch):
    file = tmp_path / "报送包.xlsx"
    monkeypatch.setattr(unit_page.files, "save", lambda *_: file)
    type_into(unit_page, editor(unit_page, "I01-1").first, "120")
    unit_page.press("检查并导出")
    export = unit_page.page.export
    assert "10 项未填" in export.summary.text()
    assert ("T01-1", "未填进展情况") in {(gap.task, gap.words) for gap in export.model.rows}
    unit_page.press("更改…")
    assert export.where.text() == str(file)
    assert not file.exists()  # nothing goes before it is said
    unit_page.press("导出报送包")
    assert "已导出2026年3月报送包" in export.done.text()
    packet = checking.read(file)
    assert {r.content for r in packet.filled} == {DataValue(120)}
    unit_page.press("返回填报")
    assert unit_page.page.tasks.item(0).text().startswith("◐ 1/")  # exported, and not complete


def test_export_says_what_is_sealed_and_asks_where_it_can_not_be(
    unit_page, unit, tmp_path, monkeypatch
):
    ledger = planning.ledgers(unit)[0][0]
    ledgers.save_rows(unit, [LedgerEntry("", ledger.code, "scj", {ledger.key[0]: "张三"})])
    with unit.writing() as writing:
        save_rules(writing, Rules(seal_all=True))
    monkeypatch.setattr(unit_page.files, "save", lambda *_: tmp_path / "报送包.xlsx")
    unit_page.page.show_item(EXPORT)
    unit_page.settle()
    export = unit_page.page.export
    unit_page.press("更改…")
    unit_page.press("导出报送包")
    assert f"台账“{ledger.title}” 1 条已密封，只有区食药安办能打开" in export.done.text()
    (office_key,) = (s for s in signing.registered(unit) if s.unit != "scj")
    with unit.writing() as writing:
        save_signer(writing, replace(office_key, revoked=True))
    (tmp_path / "报送包.xlsx").unlink()
    unit_page.press("返回填报")
    unit_page.press("检查并导出")
    unit_page.press("更改…")
    assert "不能密封" in export.unsealed_words.text()
    assert not unit_page.page.export.export.isEnabled()
    export.unsealed.click()
    unit_page.press("再导出一份")  # the same was written before: one more is made on purpose
    assert (tmp_path / "报送包.xlsx").exists()


def test_nothing_is_exported_while_something_typed_is_refused(unit_page, tmp_path, monkeypatch):
    file = tmp_path / "报送包.xlsx"
    monkeypatch.setattr(unit_page.files, "save", lambda *_: file)
    rate = editor(unit_page, "I01-3")
    rate.fields[0].setText("9")
    rate.fields[1].setText("8")  # handed over, and refused, only by the export itself
    unit_page.press("检查并导出")
    first = unit_page.page.export.model.rows[0]
    assert (first.concern, first.task, first.item) == (Concern.WRONG, "T01-1", "I01-3")
    assert "大于分母" in first.words
    assert not unit_page.page.export.export.isEnabled()
    unit_page.press("去填写")
    assert "大于分母" in editor(unit_page, "I01-3").words.text()
    assert not file.exists()


def test_the_office_fills_in_for_any_unit_its_own_first(page_test, office):
    test = page_test(office)
    test.page = test.show(RecordingPage(test.desk))
    assert test.page.units.itemData(0) == "ban"
    assert test.page.units.value == "ban"
    assert test.page.header._primary is None
    test.page.units.setFocus()
    test.qtbot.keyClick(test.page.units, Qt.Key.Key_Down)
    test.settle()
    assert test.page.units.value == "scj"
    assert test.page.tasks.code == "T01-2"  # the same task, where the other unit has it too
    test.page.show_item("T01-1")
    type_into(test, editor(test, "I01-1").first, "12")
    assert stored(office, "I01-1") == DataValue(12)


def test_a_fault_of_the_disk_is_told_and_the_words_are_tried_again(unit_page, unit, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(recording, "save", fail)
        samples = editor(unit_page, "I01-1")
        type_into(unit_page, samples.first, "120")
    assert len(unit_page.told.errors) == 1
    assert "没有保存" in samples.words.text()
    samples.flush()
    unit_page.settle()
    assert stored(unit, "I01-1") == DataValue(120)
    assert not samples.wrong


def test_rows_fold_in_a_narrow_window(page_test, unit):
    test = page_test(unit, size=(700, 500))
    test.page = test.show(RecordingPage(test.desk))
    samples = editor(test, "I01-1")
    assert samples.to_date.text().startswith("年初至今")
    test.window.resize(1366, 728)
    QApplication.processEvents()
    assert not samples.to_date.text().startswith("年初至今")


def test_the_units_own_light_stands_beside_its_figure(unit_page, unit):
    grade = editor(unit_page, "I01-4")
    type_into(unit_page, grade.fields[0], "6")
    type_into(unit_page, grade.fields[1], "10")
    assert grade.badge.accessibleName() == "亮灯：正常"
    form = unit_forms.unit_form(unit, "scj", MARCH)
    assert form.tasks[0].filled == 1


CONTROL = Qt.KeyboardModifier.ControlModifier


def test_control_z_and_y_go_back_and_forth_over_what_was_stored(unit_page, unit):
    field = editor(unit_page, "I01-1").first
    type_into(unit_page, field, "10")
    type_into(unit_page, field, "20")
    field.setFocus()
    for wanted in ("10", ""):
        unit_page.qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
        unit_page.settle()
        assert field.text() == wanted
    assert not unit_page.page.undo.isEnabled()
    unit_page.qtbot.keyClick(field, Qt.Key.Key_Y, CONTROL)
    unit_page.settle()
    assert field.text() == "10"
    assert stored(unit, "I01-1") == DataValue(10)
    assert "I01-1" in unit_page.page.undo.toolTip()


def test_taking_back_goes_to_the_task_where_it_happened_also_in_a_new_window(
    page_test, unit_page, unit
):
    unit_page.page.tasks.choose("T01-2")
    text = editor(unit_page, "T01-2").texts[0]
    text.setFocus()
    text.insertPlainText("写错了")
    unit_page.qtbot.keyClick(text, TAB)
    unit_page.settle()
    other = page_test(unit)
    other.page = other.show(RecordingPage(other.desk))
    assert other.page.tasks.code == "T01-1"
    other.qtbot.keyClick(other.page.tasks, Qt.Key.Key_Z, CONTROL)
    other.settle()
    assert other.page.tasks.code == "T01-2"
    assert editor(other, "T01-2").texts[0].toPlainText() == ""
    assert stored(unit, "T01-2", RecordKind.PROGRESS) == ProgressReport()


def test_control_z_in_a_wrong_field_brings_back_what_is_stored(unit_page, unit):
    field = editor(unit_page, "I01-1").first
    type_into(unit_page, field, "10")
    type_into(unit_page, field, "abc")
    field.setFocus()
    unit_page.qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    unit_page.settle()
    assert field.text() == "10"
    assert not editor(unit_page, "I01-1").wrong
    assert stored(unit, "I01-1") == DataValue(10)


def test_control_d_takes_last_periods_content_of_the_field(page_test, unit):
    recording.record_value(unit, "I01-1", "2026-02", DataValue(41))
    recording.record_progress(unit, "T01-1", "2026-02", ProgressReport(text="二月进展"))
    test = page_test(unit)
    test.page = test.show(RecordingPage(test.desk))
    for field in (editor(test, "I01-1").first, editor(test, "T01-1").texts[0]):
        field.setFocus()
        test.qtbot.keyClick(field, Qt.Key.Key_D, CONTROL)
        test.settle()
    assert stored(unit, "I01-1") == DataValue(41)
    assert stored(unit, "T01-1", RecordKind.PROGRESS) == ProgressReport(text="二月进展")


def test_the_length_of_a_text_stands_below_its_name(unit_page):
    report = editor(unit_page, "T01-1")
    report.texts[0].setPlainText("完成 GB 2760 培训3场。")
    assert "9 字" in {found.text() for found in report.findChildren(QLabel)}


def test_each_missing_item_leads_to_its_field(unit_page, unit):
    unit_page.press("检查并导出")
    found = unit_page.page.export.model.rows
    assert len(found) == sum(t.expected for t in unit_forms.unit_form(unit, "scj", MARCH).tasks)
    for gap in found:
        unit_page.page.export.table.row_opened.emit(gap)
        unit_page.settle()
        assert unit_page.page.tasks.code == gap.task
        assert editor(unit_page, gap.item).has_focus, gap
        unit_page.press("检查并导出")


def test_what_is_missing_is_gone_to_from_the_form_that_is_open(unit_page, tmp_path):
    type_into(unit_page, editor(unit_page, "I01-1").first, "120")
    unit_page.page.tasks.choose("T01-2")
    unit_page.press("检查并导出")
    unit_page.press("去填写")
    assert unit_page.page.tasks.code == "T01-1"
    assert not editor(unit_page, "I01-1").first.hasFocus()
    assert QApplication.focusWidget() is not None
    assert not (tmp_path / "x.xlsx").exists()


def test_a_deliverable_says_what_done_means_for_its_kind(page_test, tmp_path, clock):
    with make_office(tmp_path / "timed", clock, timed_plan()) as office:
        for item, status in (("D01-2-2", Status.DONE), ("D01-2-4", Status.DONE),
                             ("D01-2-5", Status.UNDER_WAY)):  # fmt: skip
            recording.record_milestone(office, item, "2026-02", Milestone(status))
        test = page_test(office)
        test.page = test.show(RecordingPage(test.desk))
        hints = {
            item: editor(test, item)._hint.text()
            for item in ("D01-2-1", "D01-2-2", "D01-2-3", "D01-2-4", "D01-2-5")
        }

    assert hints == {
        "D01-2-1": "",
        "D01-2-2": "每季度1次　本季度此前已完成1次，本期可以不选",
        "D01-2-3": "每月1次　选“已完成”表示本期完成一次",
        "D01-2-4": "每年2次　本年此前已完成1次　选“已完成”表示本期完成一次",
        "D01-2-5": "长期坚持　上期（2月）：进行中，本期没有变化可以不选",
    }


def test_done_last_month_is_not_copied_to_what_recurs(page_test, tmp_path, clock):
    with make_office(tmp_path / "timed", clock, timed_plan()) as office:
        items = ("D01-2-1", "D01-2-3")
        for item in items:
            done = Milestone(Status.DONE, date(2026, 2, 5))
            recording.record_milestone(office, item, "2026-02", done)
        test = page_test(office)
        test.page = test.show(RecordingPage(test.desk))
        for item in items:
            status = editor(test, item).status
            status.setFocus()
            test.qtbot.keyClick(status, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
            test.settle()

        kept = [
            stored(office, item, RecordKind.MILESTONE, "ban") for item in ("D01-2-1", "D01-2-3")
        ]
    assert kept == [Milestone(Status.DONE), None]


def test_who_is_led_to_an_item_from_the_page_of_the_export_comes_to_its_form(unit_page):
    """Also while that page is looked at anew, as when another page was left for it."""
    page = unit_page.page
    page.show_item(EXPORT)
    unit_page.settle()
    assert page.stack.currentWidget() is page.export
    for item in ("I01-1", ""):  # an item, or just the form
        page.show_item(EXPORT)
        unit_page.settle()
        page.refresh(page._period)
        page.show_item(item)
        unit_page.settle()
        assert page.stack.currentWidget() is not page.export
    page.check_and_export()
    page.show_item("I01-1")  # before the export was looked at
    unit_page.settle()
    assert page.stack.currentWidget() is not page.export


def test_the_unit_in_the_choice_is_the_one_whose_form_is_shown(page_test, tmp_path):
    with make_office(tmp_path / "city", plan=city_plan()) as office:
        test = page_test(office)
        page = test.show(RecordingPage(test.desk))
        assert page.tasks.count() == 0  # a city's office has no task of its own
        assert page.units.value == "sban"
        words = "".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())
        assert "请与汇总端核对" not in words
        page.show_item(("unit", "bjq"))
        test.settle()
        assert page.units.value == "bjq"
        assert page.tasks.count() == 1
        page.may_leave()
