"""The first run by mouse and keys: nothing is chosen beforehand, and nothing is chosen for ever."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel

from fsdesk.domain.records.records import DataValue
from fsdesk.services.care import known
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.workspace import default_folder, is_workspace, open_workspace
from tests.ui.hands import Hands
from tests.workspaces import MARCH
from ui.workspaces.restoring import RestoreDialog
from ui.workspaces.unmade import UnmadeDrafts

WAIT = 20_000


@pytest.fixture
def begin(start, qtbot, monkeypatch, tmp_path):
    """Start the program as a person does: no folder is named; and start it again."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    running = []

    def begin_it(folder=None, files=()):
        while running:
            running.pop().window.close()
        program = start(folder, files)
        running.append(program)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        hands = Hands(qtbot, program, monkeypatch)
        hands.settle()
        return hands

    return begin_it


def form(hands):
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    return start.form


def choose(hands, radio):
    hands.qtbot.mouseClick(radio, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))


def is_open(hands):
    return lambda: hands.window.current_key == "overview"


def owner(hands):
    return hands.window.windowTitle()


def make_office(hands):
    choose(hands, form(hands).office)
    hands.click(form(hands).start)
    hands.wait(is_open(hands))


def drop(widget, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    widget.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_opening_the_packet_is_the_main_thing_and_nothing_else_is_chosen(begin):
    hands = begin()
    first = form(hands)
    assert first.packet.property("role") == "primary"
    assert first.start.property("role") is None
    assert first.packet.hasFocus()
    assert not first.office.isChecked()
    assert not first.unit.isChecked()
    assert not first.start.isEnabled()
    assert not first.sample.isEnabled()
    assert not hands.window.page("start").back.isVisible()


def test_a_workspace_is_made_only_when_role_and_unit_were_chosen(begin):
    first = form(begin())
    first.office.click()
    assert first.start.isEnabled()
    assert not first.units.isEnabled()
    first.unit.click()
    assert first.units.currentText() == "请选择单位"
    assert not first.start.isEnabled()
    first.units.setCurrentIndex(2)
    assert first.start.isEnabled()


def test_the_place_chosen_at_the_first_run_opens_at_the_next_start(begin, tmp_path):
    hands = begin()
    place = tmp_path / "D盘" / "食药安"
    hands.give_file(place)
    hands.click(hands.button("更改…"))
    make_office(hands)
    assert known.last().folder == place
    again = begin()
    again.wait(is_open(again))
    assert "区食药安办（汇总端）" in owner(again)
    assert not default_folder().exists()


def test_a_workspace_gets_a_folder_of_its_own_where_other_things_lie(begin, tmp_path):
    hands = begin()
    (tmp_path / "D盘").mkdir()
    (tmp_path / "D盘" / "照片.jpg").write_bytes(b"")
    hands.give_file(tmp_path / "D盘")
    hands.click(hands.button("更改…"))
    make_office(hands)
    assert known.last().folder == tmp_path / "D盘" / "食药安工作台"
    assert not is_workspace(tmp_path / "D盘")


def test_a_named_folder_is_the_one_that_opens_then_and_next(begin, tmp_path):
    hands = begin()
    make_office(hands)
    other = begin(tmp_path / "other")
    make_office(other)
    assert known.last().folder == tmp_path / "other"
    again = begin()
    again.wait(is_open(again))
    assert again.program.choices.known.folder == tmp_path / "other"


@pytest.mark.parametrize("kind", ["report", "text", "nothing", "two"])
def test_what_is_no_packet_for_this_is_told_on_the_page(begin, folders, kind, tmp_path):
    hands = begin()
    files = {"text": [tmp_path / "说明.txt"], "nothing": [tmp_path / "没有.xlsx"]}
    (tmp_path / "说明.txt").write_text("通知", encoding="utf-8")
    if kind == "report":
        with open_workspace(folders / "unit") as unit:
            recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
            files[kind] = [exchange.export_report(unit, MARCH, tmp_path / "报送.xlsx").file]
    files["two"] = sorted((folders / "issued").glob("*.xlsx"))[:2]
    words = {
        "report": "这个文件不是下发包",
        "text": "说明.txt",
        "nothing": "没有.xlsx",
        "two": "一次拖入了多个文件",
    }
    drop(form(hands), *files[kind])
    hands.wait(form(hands).problem.isVisible)
    assert words[kind] in form(hands).problem.text()
    assert bool(hands.window.page("start").fault) is form(hands).problem.more.isVisible() is True
    assert form(hands).isEnabled()
    assert not is_workspace(default_folder())
    make_office(hands)  # and it goes on from there


def test_a_packet_makes_the_units_workspace_and_the_words_of_before_are_gone(begin, packet):
    hands = begin()
    drop(form(hands), packet.with_name("没有.xlsx"))
    hands.wait(form(hands).problem.isVisible)
    hands.give_file(packet)
    hands.click(form(hands).packet)
    hands.wait(is_open(hands))
    assert "区市场监管局" in owner(hands)


def test_a_packet_with_which_the_first_start_came_makes_the_workspace_when_it_is_wanted(
    begin, packet
):
    hands = begin(files=[packet])
    first = form(hands)
    hands.wait(first.given.hasFocus)
    assert first.given.property("role") == "primary"
    assert first.packet.property("role") is None
    assert any(packet.name in each.text() for each in first.findChildren(QLabel))
    assert not is_workspace(default_folder())
    hands.click(first.given)
    hands.wait(is_open(hands))  # and the page 交换 doesn't ask for the packet again
    assert "区市场监管局" in owner(hands)


def test_a_report_with_which_the_first_start_came_waits_for_the_office(begin, folders, tmp_path):
    with open_workspace(folders / "unit") as unit:
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
        report = exchange.export_report(unit, MARCH, tmp_path / "报送.xlsx").file
    hands = begin(files=[report])
    first = form(hands)
    hands.click(first.given)
    hands.wait(first.problem.isVisible)
    assert "这个文件不是下发包" in first.problem.text()
    choose(hands, first.office)
    hands.click(first.start)
    hands.wait(lambda: hands.window.current_key == "exchange")


def test_a_workspace_that_is_there_is_opened_from_the_first_page(begin, folders):
    hands = begin()
    form(hands)
    hands.give_file(folders / "office")
    hands.click(hands.button("打开已有工作区…"))
    hands.wait(is_open(hands))
    assert known.last().folder == folders / "office"


def test_its_folder_can_be_dropped(begin, folders):
    hands = begin()
    drop(form(hands), folders / "unit")
    hands.wait(is_open(hands))
    assert "区市场监管局" in owner(hands)


def test_going_back_to_a_backup_begins_on_the_first_page(begin, folders, tmp_path, monkeypatch):
    hands = begin()
    form(hands)
    hands.give_file()  # nothing is chosen: nothing happens
    hands.click(hands.button("从备份恢复…"))
    assert hands.window.findChildren(RestoreDialog) == []
    monkeypatch.setattr(hands.program.files, "open_one", lambda *_: tmp_path / "备份.zip")
    monkeypatch.setattr(hands.program.files, "folder", lambda *_: tmp_path / "back")
    hands.click(hands.button("从备份恢复…"))
    (dialog,) = hands.window.findChildren(RestoreDialog)
    assert dialog.isVisible()
    dialog.reject()


def test_the_wrong_role_is_taken_back_while_nothing_was_recorded(begin, packet):
    hands = begin()
    make_office(hands)
    hands.program.choices.begin_again()
    hands.wait(lambda: hands.window.current_key == "start")
    hands.give_file(packet)
    hands.click(form(hands).packet)
    hands.wait(lambda: "区市场监管局" in owner(hands))
    hands.wait(lambda: any("已重新选择身份" in words for words in hands.told))
    aside = default_folder().with_name("fsdesk-原身份")
    with open_workspace(aside, write=False) as office:
        assert office.identity.is_office
    again = begin()
    again.wait(is_open(again))
    assert "区市场监管局" in owner(again)


def test_taking_back_can_be_given_up(begin):
    hands = begin()
    make_office(hands)
    hands.program.choices.begin_again()
    hands.wait(lambda: hands.window.current_key == "start")
    form(hands)
    hands.click(hands.button("返回"))
    assert hands.window.current_key == "overview"
    assert is_workspace(default_folder())


def test_a_role_in_which_work_was_done_is_not_taken_back(begin, folders):
    with open_workspace(folders / "unit") as unit:
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
    hands = begin(folders / "unit")
    hands.program.choices.begin_again()
    hands.wait(lambda: any("不能重新选择身份" in words for words in hands.told))
    assert hands.window.current_key == "overview"


def test_what_can_not_be_made_again_leaves_the_old_one_open(begin, monkeypatch, packet):
    hands = begin()
    make_office(hands)
    hands.program.choices.begin_again()
    hands.wait(lambda: hands.window.current_key == "start")
    hands.give_file(packet.with_name("没有.xlsx"))
    told = []
    monkeypatch.setattr("ui.messages.Messages.error", lambda _s, problem, *_: told.append(problem))
    hands.click(form(hands).packet)
    hands.wait(lambda: told and hands.window.current_key == "overview")
    assert "没有.xlsx" in str(told[0])
    assert "区食药安办" in owner(hands)
    assert known.last().folder == default_folder()


def test_what_was_filled_in_is_there_at_the_next_start_until_a_workspace_was_made(begin):
    hands = begin()
    choose(hands, form(hands).office)
    hands.click(form(hands).district)
    hands.type("某市某区")
    form(hands).year.setValue(2027)

    hands = begin()  # it ended before anything was made
    there = form(hands)
    assert there.office.isChecked()
    assert (there.district.text(), there.year.value()) == ("某市某区", 2027)
    assert there.start.isEnabled()
    there.year.setValue(2026)
    hands.click(there.start)
    hands.wait(is_open(hands))
    assert not UnmadeDrafts().get("quiet/first-run/district")
