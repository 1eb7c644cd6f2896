"""交换: nothing is taken before it was shown, and only as it was shown."""

from __future__ import annotations

import shutil
import threading

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLabel

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.signing import fingerprint
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.status.lights import Light
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.ledger import ledgers
from fsdesk.services.packet import checking, conflicts, exchange, importing, signing
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.store.records import records, submissions
from tests.workspaces import MARCH, import_files, make_unit
from ui.pages.exchange.exchange import ExchangePage
from ui.pages.exchange.heard import HeardDialog
from ui.pages.exchange.receiving import _verdict

LEFT = Qt.MouseButton.LeftButton
KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def value_at(workspace, key=KEY):
    with workspace.reading() as session:
        found = records.find(session, key)
    return found.content.value if found else None


@pytest.fixture
def report(unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(120))
    words = ProgressReport(text="已抽检")
    recording.record_progress(unit, "T01-1", "2026-03", words)
    return exchange.export_report(unit, MARCH, tmp_path / "来件" / "报送包.xlsx").file


@pytest.fixture
def broken(tmp_path):
    file = tmp_path / "来件" / "照片.xlsx"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"\x89PNG")
    return file


@pytest.fixture
def at_office(page_test, office):
    test = page_test(office)
    test.page = test.show(ExchangePage(test.desk))
    return test


def check(test, *paths):
    test.page.check(list(paths))
    test.settle()


def click(test, button):
    test.qtbot.mouseClick(button, LEFT)
    test.settle()


def cells(model):
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_a_dropped_folder_is_checked_and_shown_but_not_taken(at_office, office, report):
    urls = QMimeData()
    urls.setUrls([QUrl.fromLocalFile(str(report.parent))])
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, urls, LEFT, Qt.KeyboardModifier.NoModifier
    )
    at_office.page.incoming.zone.dropEvent(drop)
    at_office.settle()
    panel = at_office.page.incoming
    assert "可接收 1 个" in panel.result.text()
    (row,) = cells(panel.files)
    assert row[1:5] == ["报送包.xlsx", "区市场监管局", "报送包", "2026-03"]
    assert row[5].startswith("2026-04-02")
    assert row[7] == "2"
    changes = {tuple(line[:4]) for line in cells(panel.changes)}
    assert changes == {
        ("T01-1 抽检监测", "进展情况", "（空）", "已抽检"),
        ("I01-1 抽检批次", "本期数", "未报", "120"),
    }
    assert value_at(office) is None
    assert at_office.page.take.isEnabled()


def test_only_what_is_clean_is_taken_and_every_file_is_counted_once(
    at_office, office, report, broken, tmp_path, monkeypatch
):
    check(at_office, report.parent)
    panel = at_office.page.incoming
    click(at_office, at_office.page.take)
    assert value_at(office) == 120
    assert panel.result.text() == "已导入 1 个，无变化 0 个，未接收 1 个"
    assert at_office.told.warnings  # not the green news: one was not taken
    assert not at_office.told.news
    assert not at_office.page.take.isEnabled()
    click(at_office, panel.copy)
    listed = QGuiApplication.clipboard().text()
    assert "已导入\t报送包.xlsx\t更新 2 项" in listed
    assert "未接收\t照片.xlsx\t" in listed
    assert "PNG" in listed
    monkeypatch.setattr(at_office.files, "save", lambda *_: tmp_path / "结果.xlsx")
    click(at_office, panel.save)
    saved = [[c.value for c in row] for row in load_workbook(tmp_path / "结果.xlsx")["清单"]]
    assert saved[0][0] == panel.result.text()
    assert {row[0] for row in saved[2:]} == {"已导入", "未接收"}


def test_the_same_again_is_unchanged_and_good_news(at_office, report):
    for _ in range(2):
        check(at_office, report)
        click(at_office, at_office.page.take)
    assert at_office.told.news[-1] == "已导入 0 个，无变化 1 个，未接收 0 个。"


def test_a_broken_file_says_where_and_what_to_do(at_office, broken):
    check(at_office, broken)
    panel = at_office.page.incoming
    assert "不能接收 1 个" in panel.result.text()
    assert _verdict(panel.files.rows[0]) is Light.RED
    assert "PNG" in panel.words.toPlainText()
    assert "本机数据没有改变" in panel.words.toPlainText()
    assert not panel.changes_table.isVisible()
    assert not at_office.page.take.isEnabled()


def test_a_wrong_cell_is_named(at_office, office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    rate = RecordKey(RecordKind.VALUE, "I01-3", "scj", "2026-03")
    fill_in(file, {rate: DataValue(None, 9, 8)})
    check(at_office, file)
    text = at_office.page.incoming.words.toPlainText()
    assert "工作表“指标”" in text
    assert "单元格" in text
    assert "请核对，分子应不大于分母" in text


def test_a_file_changed_after_it_was_shown_is_not_taken(at_office, office, unit, report, tmp_path):
    check(at_office, report)
    recording.record_value(unit, "I01-1", "2026-03", DataValue(999))
    other = exchange.export_report(unit, MARCH, tmp_path / "别的.xlsx").file
    shutil.copyfile(other, report)
    click(at_office, at_office.page.take)
    assert value_at(office) is None
    assert "未接收 1 个" in at_office.page.incoming.result.text()
    assert "在检查之后又被改动" in at_office.page.incoming.words.toPlainText()


def test_a_folder_without_tables_says_so(at_office, tmp_path):
    (tmp_path / "空").mkdir()
    check(at_office, tmp_path / "空")
    assert "没有找到能接收的文件" in at_office.page.incoming.result.text()
    assert not at_office.page.take.isEnabled()


def test_taking_can_be_cancelled_and_what_is_left_is_shown_again(
    at_office, office, report, tmp_path, monkeypatch
):
    second = tmp_path / "来件" / "又一份.xlsx"
    shutil.copyfile(report, second)
    check(at_office, report, second)
    taken_one, go_on = threading.Event(), threading.Event()
    real = importing.Importing.take

    def slowly(*arguments):
        result = real(*arguments)
        taken_one.set()
        go_on.wait(10)
        return result

    monkeypatch.setattr(importing.Importing, "take", slowly)
    at_office.qtbot.mouseClick(at_office.page.take, LEFT)
    assert taken_one.wait(10)
    at_office.runner.tasks[0].cancel()
    go_on.set()
    at_office.settle()
    assert "已取消接收" in at_office.told.warnings[0]
    assert value_at(office) == 120
    verdicts = [_verdict(row) for row in at_office.page.incoming.files.rows]
    assert verdicts == [Light.GREY, Light.GREY]  # both say the same, which is here already


def test_conflicts_show_only_what_differs_and_wait_for_a_decision(page_test, office, unit, report):
    recording.record_value(office, "I01-1", "2026-03", DataValue(100), unit="scj")
    run_through(importing.import_packets(office, [report]))
    test = page_test(office)
    page = test.page = test.show(ExchangePage(test.desk))
    assert page.tabs.tabText(1) == "待处理差异（1）"
    page.tabs.setCurrentIndex(1)
    (row,) = cells(page.conflicts.model)
    assert row[0] == "区市场监管局"
    assert {row[3], row[4]} == {"本期数 100", "本期数 120"}
    wanted = float(row[4].split()[-1])
    click(test, page.conflicts.theirs)
    assert value_at(office) == wanted
    assert conflicts.conflicts(office) == ()
    assert page.conflicts.stack.currentIndex() == 0


def test_ones_own_version_can_be_kept(page_test, office, report):
    recording.record_value(office, "I01-1", "2026-03", DataValue(100), unit="scj")
    run_through(importing.import_packets(office, [report]))
    test = page_test(office)
    page = test.page = test.show(ExchangePage(test.desk))
    mine = page.conflicts.model.rows[0].conflict.mine.content.value
    page.tabs.setCurrentIndex(1)
    click(test, page.conflicts.mine)
    assert value_at(office) == mine
    assert conflicts.conflicts(office) == ()


def test_a_conflict_is_told_before_it_is_taken(at_office, office, report):
    recording.record_value(office, "I01-1", "2026-03", DataValue(100), unit="scj")
    check(at_office, report)
    panel = at_office.page.incoming
    assert _verdict(panel.files.rows[0]) is Light.YELLOW
    notes = {line[0]: line[4] for line in cells(panel.changes)}
    assert notes["I01-1 抽检批次"] == "两边都改过，将并列保留"
    assert notes["T01-1 抽检监测"] == ""


def test_the_office_issues_packets_and_remembers_them(at_office, tmp_path, monkeypatch):
    folder = tmp_path / "下发"
    monkeypatch.setattr(at_office.files, "folder", lambda *_: folder)
    at_office.page.outgoing.issue("2026-03")
    at_office.settle()
    assert at_office.told.news == ["已为 3 个单位生成2026年3月下发包。"]
    assert len(list(folder.glob("*.xlsx"))) == 3
    newest = cells(at_office.page.history.rows)[:3]
    assert {line[1] for line in newest} == {"发出"}
    assert {line[3] for line in newest} == {"区市场监管局", "区发改局(农业农村局)", "西兴街道"}
    assert {line[2] for line in newest} == {each.name for each in folder.glob("*.xlsx")}


def test_what_can_not_be_sealed_is_asked_before_it_goes(at_office, office, tmp_path, monkeypatch):
    ledger = planning.ledgers(office)[0][0]
    row = LedgerEntry("", ledger.code, "scj", {ledger.key[0]: "张三"})
    ledgers.save_rows(office, [row])
    planning.choose_sealing(office, ledger.code, sealed=True)
    folder = tmp_path / "下发"
    monkeypatch.setattr(at_office.files, "folder", lambda *_: folder)
    at_office.page.outgoing.issue("2026-03")
    at_office.settle()
    ((question, detail),) = at_office.told.questions
    assert "区市场监管局" in question
    assert "密钥" in detail
    assert (at_office.told.errors, folder.exists()) == ([], False)
    at_office.told.answer = "不密封也要发出"
    at_office.page.outgoing.issue("2026-03")
    at_office.settle()
    assert "没有密封的：区市场监管局" in at_office.told.news[0]
    assert len(list(folder.glob("*.xlsx"))) == 3


def test_issuing_can_be_cancelled(at_office, tmp_path, monkeypatch):
    folder = tmp_path / "下发"
    monkeypatch.setattr(at_office.files, "folder", lambda *_: folder)
    at_office.runner.started.connect(lambda task: task.cancel())
    at_office.page.outgoing.issue("2026-03")
    at_office.settle()
    assert not at_office.told.news
    assert "已取消下发" in at_office.told.warnings[0]


def test_a_unit_takes_a_new_plan_only_by_its_button(page_test, office, unit, tmp_path):
    recording.record_value(office, "I01-1", "2026-03", DataValue(5), unit="scj")
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    test = page_test(unit)
    page = test.page = test.show(ExchangePage(test.desk))
    assert "下发包" in page.incoming.zone.accessibleName()
    check(test, file)
    assert value_at(unit) is None
    click(test, page.take)
    assert value_at(unit) == 5


def test_a_unit_exports_by_way_of_the_recording_page(page_test, unit):
    test = page_test(unit)
    page = test.show(ExchangePage(test.desk))
    with test.qtbot.waitSignal(page.export_requested):
        test.press("导出报送包")


def fill_form(office, tmp_path, unit="scj"):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    file = next(packet.file for packet in issued if packet.unit == unit)
    fill_in(file, {KEY: DataValue(77)})
    return file


def test_hand_filled_forms_are_taken_only_after_a_yes(at_office, office, tmp_path):
    check(at_office, fill_form(office, tmp_path))
    panel = at_office.page.incoming
    assert cells(panel.files)[0][6] == "手工填写，未签名"
    assert "没有签名" in panel.words.toPlainText()
    click(at_office, at_office.page.take)
    assert value_at(office) is None
    ((question, detail),) = at_office.told.questions
    assert "没有签名" in question
    assert "区市场监管局" in detail
    at_office.told.answer = "一并接收"
    click(at_office, at_office.page.take)
    assert value_at(office) == 77


def test_the_signed_ones_can_be_taken_alone(at_office, office, unit, report, tmp_path):
    check(at_office, report, fill_form(office, tmp_path, "fgj"))
    at_office.told.answer = "只接收已签名的"
    click(at_office, at_office.page.take)
    assert value_at(office) == 120
    assert "已导入 1 个" in at_office.page.incoming.result.text()


def test_a_new_key_shows_its_fingerprint(at_office, unit, report):
    check(at_office, report)
    mark = fingerprint(signing.signing_key(unit).public)
    assert mark in at_office.page.incoming.words.toPlainText()
    assert not at_office.page.incoming.trust.isVisible()


def test_what_counts_of_a_contradicting_heading_is_chosen_at_the_file(at_office, office, tmp_path):
    file = fill_form(office, tmp_path)
    book = load_workbook(file)
    book["指标"]["A2"] = "2026年4月"
    book.save(file)
    check(at_office, file)
    panel = at_office.page.incoming
    assert not at_office.page.take.isEnabled()
    assert "写的是2026年4月，隐藏的登记信息是2026年3月" in panel.words.toPlainText()
    click(at_office, panel.by_hidden)
    assert "可接收 1 个" in panel.result.text()
    assert not panel.by_hidden.isVisible()
    at_office.told.answer = "一并接收"
    click(at_office, at_office.page.take)
    assert "已导入 1 个" in panel.result.text()


def test_which_of_two_sheets_alike_are_read_is_chosen_at_the_file(at_office, office, tmp_path):
    file = fill_form(office, tmp_path)
    book = load_workbook(file)
    copy = book.copy_worksheet(book["指标"])
    copy.title = "指标 (2)"
    row = next(row for row in copy.iter_rows() if row[0].value == KEY.item)
    row[6].value = 78
    book.save(file)
    check(at_office, file)
    panel = at_office.page.incoming
    assert not at_office.page.take.isEnabled()
    assert panel.sheets.isVisible()
    offered = [panel.sheets.itemText(at) for at in range(panel.sheets.count())]
    assert offered[1:3] == ["合并读取", f"只读“指标 (2)”（{copy.max_row - 3} 行）"]
    pick(at_office, panel.sheets, 1)
    assert "“指标 (2)”表" in panel.words.toPlainText()
    assert not at_office.page.take.isEnabled()
    pick(at_office, panel.sheets, 2)
    assert "读取的是“指标 (2)”1 行" in panel.words.toPlainText()
    at_office.told.answer = "一并接收"
    click(at_office, at_office.page.take)
    assert value_at(office) == 78


def pick(test, choice, row):
    choice.setCurrentIndex(row)
    choice.activated.emit(row)
    test.settle()


def test_a_seal_that_is_missing_has_a_question_of_its_own(at_office, office, report):
    run_through(importing.import_packets(office, [report]))
    book = load_workbook(report)
    for row in list(book["_fsdesk"].iter_rows()):
        if row[0].value in {"public_key", "signature"}:
            row[0].value = row[1].value = None
    book.save(report)
    check(at_office, report)
    assert cells(at_office.page.incoming.files)[0][6] == "应有签名而没有"
    at_office.told.answer = None
    click(at_office, at_office.page.take)
    assert "应有签名而没有，已经打电话核实了吗" in at_office.told.questions[0][0]


def test_another_key_is_registered_by_what_a_person_heard(
    at_office, office, unit, report, tmp_path, monkeypatch
):
    run_through(importing.import_packets(office, [report]))
    second = make_unit(office, tmp_path / "second")
    recording.save(second, KEY, DataValue(5))
    file = exchange.export_report(second, MARCH, tmp_path / "second.xlsx").file
    second.close()
    check(at_office, file)
    panel = at_office.page.incoming
    assert panel.trust.isVisible()
    mark = fingerprint(checking.read(file).seal.public_key)

    def answer(words):
        def execute(dialog):
            shown = " ".join(each.text() for each in dialog.findChildren(QLabel))
            assert mark[:-4] in shown
            assert mark not in shown
            assert not dialog.verbs["登记"].isEnabled()
            at_office.qtbot.keyClicks(dialog.heard, words)
            dialog.verbs["登记"].click()

        monkeypatch.setattr(HeardDialog, "exec", execute)
        click(at_office, panel.trust)

    answer("0000")
    assert "这把密钥没有登记" in str(at_office.told.__dict__)
    assert not at_office.page.take.isEnabled()
    answer(mark[-4:])
    assert at_office.page.take.isEnabled()


def test_a_refused_form_is_sent_back_with_comments(at_office, office, tmp_path, monkeypatch):
    file = fill_form(office, tmp_path)
    fill_in(file, {RecordKey(RecordKind.VALUE, "I01-3", "scj", "2026-03"): DataValue(None, 9, 8)})
    check(at_office, file)
    panel = at_office.page.incoming
    assert panel.mark.isVisible()
    monkeypatch.setattr(at_office.files, "folder", lambda *_: tmp_path / "批注")
    click(at_office, panel.mark)
    (copy,) = (tmp_path / "批注").iterdir()
    assert "分子" in load_workbook(copy)["指标"]["H6"].comment.text
    assert at_office.told.news == ["已生成 1 个带批注的文件，可发回原单位改正。"]


def test_the_last_import_is_undone_as_a_whole(at_office, office, report):
    assert not at_office.page.undo.isEnabled()
    check(at_office, report)
    click(at_office, at_office.page.take)
    recording.save(office, KEY, DataValue(99))
    at_office.page.refresh("2026-03")
    at_office.settle()
    click(at_office, at_office.page.undo)
    dialog = at_office.page.choosing
    assert not dialog.some.isEnabled()
    (item,) = (dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount()))
    assert "接收后又改过或处理过其中 1 项" in item.text(5)
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
    click(at_office, dialog.all)
    assert value_at(office) == 99
    assert "I01-1 抽检批次" in at_office.told.warnings[-1]
    with office.reading() as session:
        assert len(records.load_records(session)) == 1


def test_single_files_of_an_import_are_taken_back(at_office, office, report, clock, tmp_path):
    with make_unit(office, tmp_path / "xx", "xx", clock) as other:
        recording.record_progress(other, "T01-2", "2026-03", ProgressReport(text="西兴"))
        second = exchange.export_report(other, MARCH, tmp_path / "西兴.xlsx").file
    check(at_office, report, second)
    click(at_office, at_office.page.take)
    click(at_office, at_office.page.undo)
    dialog = at_office.page.choosing
    items = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    assert [item.text(0) for item in items] == ["区市场监管局", "西兴街道"]
    items[1].setCheckState(0, Qt.CheckState.Checked)
    assert dialog.some.text() == "撤销所选的 1 个文件"
    click(at_office, dialog.some)
    with office.reading() as session:
        assert {note.unit for note in submissions.packets(session) if note.signature} == {"scj"}
    assert at_office.told.news[-1] == "已撤销：1 个文件，恢复 1 项。"


def test_what_is_refused_comes_first_with_words_for_the_unit(at_office, report, tmp_path):
    bad = tmp_path / "来件" / "坏.xlsx"
    bad.write_bytes(b"PK")
    check(at_office, report, bad)
    panel = at_office.page.incoming
    assert panel.files.rows[0].file == bad
    (row,) = panel.refused.rows.rows
    assert row.file == bad
    assert row.reason
    assert row.remedy
    click(at_office, panel.refused.copy)
    words = QGuiApplication.clipboard().text()
    assert words.startswith("以下文件没有接收")
    assert f"坏.xlsx：{row.reason}" in words
    click(at_office, at_office.page.take)
    assert [row.file for row in panel.refused.rows.rows] == [bad]  # it still is to be told
    check(at_office, report)
    assert panel.refused.isHidden()


def test_every_kind_of_packet_and_a_folder_can_be_chosen(at_office, report, monkeypatch):
    asked = []
    monkeypatch.setattr(at_office.files, "open_many", lambda _t, kinds, _p: asked.append(kinds[0]))
    at_office.page.incoming._choose_files()
    for ending in (".xlsx", ".zip", ".fsdesk", ".xls", ".ods"):
        assert f"*{ending}" in asked[0]
    monkeypatch.setattr(at_office.files, "folder", lambda *_: report.parent)
    click(at_office, at_office.page.incoming.folder)
    assert [row.file for row in at_office.page.incoming.files.rows] == [report]


def test_a_decision_says_what_was_decided_and_can_be_taken_back(page_test, office, report):
    recording.record_value(office, "I01-1", "2026-03", DataValue(100), unit="scj")
    run_through(importing.import_packets(office, [report]))
    test = page_test(office)
    page = test.page = test.show(ExchangePage(test.desk))
    page.tabs.setCurrentIndex(1)
    assert "现在计入汇总的是这一份" in page.conflicts.counted.toPlainText()
    assert "在本机填写" in page.conflicts.counted.toPlainText()
    assert "区市场监管局的报送" in page.conflicts.beside.toPlainText()
    click(test, page.conflicts.theirs)
    assert test.told.news[-1] == (
        "区市场监管局 2026-03 I01-1 抽检批次：已采用来件的内容（本期数 120）。"
    )
    assert (value_at(office), len(page.conflicts.model.rows)) == (120, 0)
    test.told.offers["撤销"]()
    test.settle()
    assert (value_at(office), len(page.conflicts.model.rows)) == (100, 1)


def test_all_conflicts_are_decided_at_once(page_test, office, report):
    recording.record_value(office, "I01-1", "2026-03", DataValue(100), unit="scj")
    run_through(importing.import_packets(office, [report]))
    test = page_test(office)
    page = test.page = test.show(ExchangePage(test.desk))
    page.tabs.setCurrentIndex(1)
    test.told.answer = "全部按来件"
    click(test, page.conflicts.all_theirs)
    assert conflicts.conflicts(office) == ()
    assert test.told.news == ["已按来件处理 1 项差异。"]


def test_what_was_exchanged_is_searched_opened_and_saved_again(
    at_office, office, unit, report, tmp_path, monkeypatch
):
    import_files(office, report)
    at_office.page.refresh("2026-03")
    at_office.settle()
    panel = at_office.page.history
    at_office.page.tabs.setCurrentWidget(panel)
    panel.search.setText("没有这样的文件")
    panel.search.search_now()
    assert not panel.rows.rows
    panel.search.setText(report.stem)
    panel.search.search_now()
    panel.table.choose_first()
    monkeypatch.setattr(at_office.files, "save", lambda *_: tmp_path / "again.xlsx")
    at_office.press("另存为…")
    assert (tmp_path / "again.xlsx").read_bytes() == report.read_bytes()
    opened = []
    monkeypatch.setattr(at_office.files, "launch", opened.append)
    at_office.press("打开")
    assert [each.name for each in opened] == [report.name]
