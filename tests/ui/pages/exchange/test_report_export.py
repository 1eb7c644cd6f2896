"""Before an export: what is missing, filled in bulk and taken back; and after it, the file."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QGuiApplication

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind, Status
from fsdesk.services.packet import checking
from fsdesk.services.records import recording
from fsdesk.services.status.gaps import BulkFilling, Concern
from fsdesk.store.records import records
from ui.pages.exchange.places import ExchangePlace
from ui.pages.recording.recording import RecordingPage

JANUARY, FEBRUARY = Period.parse("2026-01"), Period.parse("2026-02")
SELECT = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


def key_of(item, kind, period="2026-03"):
    return RecordKey(kind, item, "scj", str(period))


def stands(workspace, item, kind):
    with workspace.reading() as session:
        found = records.find(session, key_of(item, kind))
    return found.content if found and not found.empty else None


@pytest.fixture
def at_export(page_test, unit, tmp_path, monkeypatch):
    """A unit that reported in January and February, at the export of March."""
    words = ProgressReport(Status.UNDER_WAY, "一月的进展")
    recording.save(unit, key_of("T01-1", RecordKind.PROGRESS, JANUARY), words)
    recording.save(unit, key_of("I01-5", RecordKind.VALUE, FEBRUARY), DataValue(4))
    recording.save(unit, key_of("I01-1", RecordKind.VALUE), DataValue(7))
    test = page_test(unit)
    test.page = test.show(RecordingPage(test.desk))
    test.export = test.page.export
    test.file = tmp_path / "out" / "三月.xlsx"
    monkeypatch.setattr(test.files, "proposed", lambda *_: test.file)
    test.press("检查并导出")
    return test


def choose(test, *items):
    model = test.export.table.model()
    chosen = test.export.table.selectionModel()
    chosen.clearSelection()
    for row in range(model.rowCount()):
        if test.export.model.rows[row].item in items:
            chosen.select(model.index(row, 0), SELECT)


def test_the_months_that_would_be_copied_are_named(at_export):
    words = at_export.export.bulk[BulkFilling.COPY].text()
    assert words == "复制上期（2月 1 项、1月 1 项）"
    texts = {gap.item: gap for gap in at_export.export.model.rows}
    assert texts["T01-1"].since == JANUARY
    assert texts["I01-5"].before == "4"


def test_all_is_filled_at_once_where_none_is_chosen_and_taken_back(at_export, unit):
    at_export.press("复制上期（2月 1 项、1月 1 项）")
    assert stands(unit, "I01-5", RecordKind.VALUE) == DataValue(4)
    assert stands(unit, "T01-1", RecordKind.PROGRESS).text == "一月的进展"
    assert stands(unit, "I01-1", RecordKind.VALUE) == DataValue(7)
    assert "已按“复制上期”填写 2 项" in at_export.export.told.text()
    assert "I01-5" not in {gap.item for gap in at_export.export.model.rows}
    at_export.export.undo.click()
    at_export.settle()
    assert stands(unit, "I01-5", RecordKind.VALUE) is None
    assert stands(unit, "T01-1", RecordKind.PROGRESS) is None


def test_only_the_chosen_rows_are_filled(at_export, unit):
    choose(at_export, "I01-2", "I01-4", "T01-1")
    assert at_export.export.bulk[BulkFilling.NOT_APPLICABLE].text() == "无此项（2 项）"
    at_export.press("无此项（2 项）")
    none = DataValue(not_applicable=True)
    assert stands(unit, "I01-2", RecordKind.VALUE) == none
    assert stands(unit, "I01-4", RecordKind.VALUE) == none
    assert stands(unit, "I01-5", RecordKind.VALUE) is None


def test_what_is_left_of_the_chosen_rows_stays_chosen(at_export, unit):
    """With nothing chosen, a button is for all: that must not come about by itself."""
    choose(at_export, "I01-5", "I01-4")
    at_export.press("复制上期（2月 1 项）")
    chosen = {gap.item for gap in at_export.export.chosen}
    assert chosen == {"I01-4"}
    assert at_export.export.bulk[BulkFilling.NOT_APPLICABLE].text() == "无此项（1 项）"
    at_export.press("无此项（1 项）")
    assert len(at_export.export.chosen) == 1


def test_control_z_takes_back_what_was_filled_in_here(at_export, unit):
    choose(at_export, "I01-5")
    at_export.press("复制上期（2月 1 项）")
    at_export.page.undo.click()
    at_export.settle()
    assert stands(unit, "I01-5", RecordKind.VALUE) is None
    assert "I01-5" in {gap.item for gap in at_export.export.model.rows}


def test_what_was_filled_in_stands_in_the_form_afterwards(at_export):
    choose(at_export, "I01-5")
    at_export.press("复制上期（2月 1 项）")
    at_export.press("返回填报")
    view = at_export.page.forms.views["T01-1"]
    editor = next(each for each in view.editors if each.key.item == "I01-5")
    assert editor.first.text() == "4"


def test_the_file_is_written_where_it_is_said_and_can_be_pasted(at_export):
    assert at_export.export.where.text() == str(at_export.file)
    assert "填报内容 1/" in at_export.export.holds.text()
    at_export.press("导出报送包")
    assert checking.read(at_export.file).header.period == "2026-03"
    assert str(at_export.file) in at_export.export.done.text()
    at_export.press("复制文件")
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert url.toLocalFile() == str(at_export.file)
    QGuiApplication.clipboard().clear()  # it would outlive Python here, and end in a fault


def test_the_folder_is_opened_and_one_more_is_written(at_export, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(at_export.files, "reveal", shown.append)
    monkeypatch.setattr(at_export.files, "save", lambda *_: tmp_path / "u" / "again.xlsx")
    at_export.press("导出报送包")
    at_export.press("打开所在文件夹")
    assert shown == [at_export.file]
    at_export.press("再导出一份")
    assert (tmp_path / "u" / "again.xlsx").exists()


def test_what_was_exported_and_is_unchanged_goes_again_only_on_purpose(
    at_export, page_test, unit, tmp_path, monkeypatch
):
    at_export.press("导出报送包")
    at_export.press("返回填报")
    at_export.press("检查并导出")
    export = at_export.export
    export.export.click()  # as F9 does
    at_export.settle()
    assert [file.name for file in at_export.file.parent.iterdir()] == ["三月.xlsx"]
    assert not export.export.isEnabled()

    again = page_test(unit)  # another day: the window knows no more where the file went
    page = again.show(RecordingPage(again.desk))
    again.press("检查并导出")
    words = page.export.done.text()
    assert words.startswith("3月的报送包已于 ")
    assert "之后没有改动，不需要再导出" in words
    assert not page.export.export.isEnabled()
    asked = []
    page.open_requested.connect(lambda *wanted: asked.append(wanted))
    again.press("打开收发记录")
    assert asked == [("exchange", ExchangePlace.HISTORY)]
    monkeypatch.setattr(again.files, "save", lambda *_: tmp_path / "again.xlsx")
    again.press("再导出一份")
    assert (tmp_path / "again.xlsx").exists()

    again.press("返回填报")
    recording.save(unit, key_of("I01-1", RecordKind.VALUE), DataValue(8))
    again.press("检查并导出")
    assert not page.export.result.isVisible()
    assert page.export.export.isEnabled()


def test_a_status_alone_is_no_nothing(page_test, unit):
    recording.save(unit, key_of("T01-1", RecordKind.PROGRESS), ProgressReport(Status.UNDER_WAY))
    test = page_test(unit)
    page = test.show(RecordingPage(test.desk))
    assert "已填 0/" in page.header._note.text()
    assert "，1 项没有填全" in page.header._note.text()
    assert page.tasks.item(0).text().startswith("◐")
    assert "1 项没有填全" in page.tasks.item(0).toolTip()
    test.press("检查并导出")
    assert "另有 1 项没有填全" in page.export.holds.text()


def test_a_task_in_which_something_could_not_be_stored_is_marked(page_test, unit, qtbot):
    test = page_test(unit)
    page = test.show(RecordingPage(test.desk))
    view = page.forms.views["T01-1"]
    editor = next(each for each in view.editors if each.key.item == "I01-5")
    editor.first.setFocus()
    qtbot.keyClicks(editor.first, "many")
    page.tasks.setFocus()
    qtbot.waitUntil(lambda: "（未保存）" in page.tasks.item(0).text(), timeout=5000)
    assert "（未保存）" not in page.tasks.item(1).text()
    editor.first.setText("4")
    page.forms.flush()
    test.settle()
    assert "（未保存）" not in page.tasks.item(0).text()


def test_nothing_that_lies_there_is_overwritten(page_test, unit, tmp_path):
    test = page_test(unit)
    (tmp_path / "报送包.xlsx").write_bytes(b"x")
    from ui import remember

    remember.store("folders/packets", str(tmp_path))
    assert test.files.proposed("报送包.xlsx", "packets") == tmp_path / "报送包（2）.xlsx"


def test_who_clicks_twice_has_sent_nothing(at_export):
    at_export.press("返回填报")
    button = at_export.page.header.primary
    spot = button.mapTo(at_export.window, button.rect().center())
    at_export.press("检查并导出")
    under = at_export.window.childAt(spot)
    assert under is not at_export.export.export
    assert not button.isVisible()
    assert not at_export.file.exists()


def test_a_doubt_is_a_row_that_leads_to_its_field(page_test, unit):
    recording.save(unit, key_of("I01-1", RecordKind.VALUE), DataValue(50))
    recording.save(unit, key_of("I01-2", RecordKind.VALUE), DataValue(40))
    recording.save(unit, key_of("I01-1", RecordKind.VALUE), DataValue(30))
    test = page_test(unit)
    page = test.show(RecordingPage(test.desk))
    test.press("检查并导出")
    doubts = [gap for gap in page.export.model.rows if gap.concern is Concern.DOUBT]
    assert {gap.item for gap in doubts} >= {"I01-1"}
    page.export.table.row_opened.emit(next(gap for gap in doubts if gap.item == "I01-1"))
    test.settle()
    view = page.forms.views["T01-1"]
    assert next(each for each in view.editors if each.key.item == "I01-1").has_focus


def test_with_nothing_filled_in_nothing_goes(page_test, unit):
    test = page_test(unit)
    page = test.show(RecordingPage(test.desk))
    test.press("检查并导出")
    assert "还没有填报任何内容" in page.export.summary.text()
    assert not page.export.export.isEnabled()
