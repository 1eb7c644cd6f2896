"""Keys in the window: first contacts are counted until the end of their fingerprint was heard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fsdesk.domain.packet.signing import KeyState
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.store.records import records
from tests.workspaces import MARCH, import_files, make_unit
from ui.pages.exchange.exchange import ExchangePage

LEFT = Qt.MouseButton.LeftButton
KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


@pytest.fixture
def report(unit, tmp_path):
    recording.save(unit, KEY, DataValue(120))
    return exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file


@pytest.fixture
def keys_of(page_test):
    """Open 交换 of a workspace at its keys."""

    def show(workspace):
        test = page_test(workspace)
        test.page = test.show(ExchangePage(test.desk))
        test.panel = test.page.keys
        test.page.tabs.setCurrentWidget(test.panel)
        test.tab = lambda: test.page.tabs.tabText(test.page.tabs.indexOf(test.panel))
        return test

    return show


def hear(test, spoken):
    test.panel.heard.clear()
    test.qtbot.keyClicks(test.panel.heard, spoken)
    test.qtbot.mouseClick(test.panel.compare, LEFT)
    test.settle()


def states(test):
    return {key.unit_name: key.state for key in test.panel.keys.rows}


@pytest.mark.parametrize("at_office", [True, False])
def test_what_was_heard_confirms_a_first_contact_on_both_sides(
    keys_of, office, unit, report, at_office
):
    import_files(office, report)
    here, there = (office, unit) if at_office else (unit, office)
    name = "区市场监管局" if at_office else "区食药安办"
    told = keys_of(there).panel.own.text()
    test = keys_of(here)
    assert test.tab() == "密钥（1 把待核对）"
    assert states(test)[name] is KeyState.WAITING
    spoken = told[-4:]  # the other side reads it off its own window
    assert spoken not in test.panel.table.model().index(0, 2).data()[-4:]
    wrong = spoken[::-1] if spoken != spoken[::-1] else "zzzz"
    hear(test, wrong)
    (problem,) = test.told.errors
    assert "没有确认" in str(problem)
    assert "重念一遍" in str(problem)
    assert states(test)[name] is KeyState.WAITING
    hear(test, spoken)
    assert test.told.news == [f"已确认：这把密钥是{name}的。"]
    assert states(test)[name] is KeyState.COMPARED
    assert test.tab() == "密钥"
    row = next(k for k in test.panel.keys.rows if k.unit_name == name)
    assert row.compared_at == here.now()
    assert not test.panel.heard.isEnabled() or test.panel.table.current_row() is not row


def test_a_key_is_revoked_after_a_question_but_never_ones_own(keys_of, office, report):
    import_files(office, report)
    test = keys_of(office)
    test.told.answer = "作废"
    test.qtbot.mouseClick(test.panel.revoke, LEFT)
    test.settle()
    assert "作废区市场监管局的这把密钥吗" in test.told.questions[0][0]
    assert states(test)["区市场监管局"] is KeyState.REVOKED
    for row in range(2):
        test.panel.table.selectRow(row)
        assert not test.panel.revoke.isEnabled()


def test_another_key_of_a_known_unit_is_warned_of_aloud(keys_of, office, unit, report, tmp_path):
    import_files(office, report)
    with make_unit(office, tmp_path / "other") as second:
        recording.save(second, KEY, DataValue(7))
        file = exchange.export_report(second, MARCH, tmp_path / "second.xlsx").file
    test = keys_of(office)
    test.page.check([report])
    test.settle()
    assert test.told.warnings == []
    test.page.check([file])
    test.settle()
    (words,) = test.told.warnings
    assert "second.xlsx" in words
    assert "可能有人冒名" in words


def test_what_was_filled_in_by_hand_is_asked_about_on_the_units_own_pc(
    keys_of, office, unit, tmp_path
):
    recording.save(unit, KEY, DataValue(120))
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "again"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    fill_in(file, {KEY: DataValue(999)})
    test = keys_of(unit)
    test.page.check([file])
    test.settle()
    words = test.page.incoming.words.toPlainText()
    assert "区食药安办的签名不包括这些内容" in words
    assert "这个文件中手工填写的内容没有签名" in words
    test.told.answer = "一并接收"
    test.qtbot.mouseClick(test.page.take, LEFT)
    test.settle()
    assert len(test.told.questions) == 1
    assert recording_value(unit) == 120
    assert test.page.tabs.tabText(1) == "待处理差异（1）"


def recording_value(workspace):
    with workspace.reading() as session:
        return records.find(session, KEY).content.value
