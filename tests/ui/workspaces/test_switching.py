"""From one workspace to another: the menu, the year on top, moving, and what is gone."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel
from shiboken6 import isValid

from fsdesk.domain.findings import reject
from fsdesk.domain.records.records import DataValue
from fsdesk.holding import holding
from fsdesk.places import project_file
from fsdesk.services.care import known, moving, next_year, setup
from fsdesk.services.records import recording
from fsdesk.store.packet import keys
from fsdesk.store.records import records
from fsdesk.workspace import DATABASE, default_folder, is_workspace, open_workspace
from tests.plans import small_plan
from tests.ui.hands import Hands
from ui.widgets.choice import Choice

WAIT = 20_000


@pytest.fixture
def sit_down(start, qtbot, monkeypatch, tmp_path):
    """Start the program and give it to a person."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def sit(folder=None):
        program = start(folder)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        hands = Hands(qtbot, program, monkeypatch)
        hands.settle()
        return hands

    return sit


@pytest.fixture
def errors(monkeypatch):
    """What dialogs say, in place of the dialogs."""
    told = []
    monkeypatch.setattr(
        "ui.messages.Messages.error", lambda _self, problem, *_: told.append(str(problem))
    )
    return told


def remember(*folders):
    """Put workspaces on the list, the last one as used last."""
    for folder in folders:
        with open_workspace(folder) as workspace:
            known.remember(workspace)


def at(hands):
    """The folder of the workspace that is shown."""
    mine = hands.program.choices.known
    return mine.folder if mine else None


def entries(hands):
    menu = hands.program.choices.menu
    menu.aboutToShow.emit()
    return {entry.text(): entry for entry in menu.actions() if entry.text()}


def choose(hands, words):
    entries(hands)[words].trigger()
    hands.settle()


def trouble(hands):
    page = hands.window.page("start")
    hands.wait(lambda: hasattr(page, "trouble"))
    return page.trouble


# The menu


def test_the_menu_opens_by_a_key_and_names_what_is_known(sit_down, folders, qtbot):
    remember(folders / "unit", folders / "office")
    hands = sit_down()
    found = entries(hands)
    assert list(found) == [
        "区食药安办（汇总端） 2026 年",
        "区市场监管局 2026 年",
        "打开其他…",
        "新建…",
        "连接共享数据库…",
        "下一年度…",
        "从备份恢复…",
        "移动到其他磁盘…",
        "重新选择身份…",
        "设置密码…",
        "读出单位的恢复码…",
        "共享数据库（管理员）…",
    ]
    assert [words for words, entry in found.items() if entry.isChecked()] == [
        "区食药安办（汇总端） 2026 年"
    ]
    menu = hands.program.choices.menu  # it holds the keys until it is closed
    menu.aboutToShow.connect(lambda: QTimer.singleShot(50, menu, menu.close))
    with qtbot.waitSignal(menu.aboutToShow, timeout=WAIT):
        qtbot.keyClick(hands.window, Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)


def test_what_needs_a_workspace_waits_for_one(sit_down):
    hands = sit_down()
    can = {words for words, entry in entries(hands).items() if entry.isEnabled()}
    always = {"打开其他…", "新建…", "从备份恢复…"}
    assert can == {*always, "连接共享数据库…", "共享数据库（管理员）…"}


def test_the_window_goes_over_to_another_workspace_and_back(sit_down, folders):
    remember(folders / "unit", folders / "office")
    hands = sit_down()
    before = hands.window
    choose(hands, "区市场监管局 2026 年")
    hands.wait(lambda: at(hands) == folders / "unit")
    assert hands.window is not before
    assert "区市场监管局" in hands.window.windowTitle()
    assert known.last().folder == folders / "unit"
    with holding(folders / "office"):  # nothing holds the other one any more
        pass
    choose(hands, "区食药安办（汇总端） 2026 年")
    hands.wait(lambda: at(hands) == folders / "office")
    assert hands.window.isVisible()
    assert not isValid(before)


GO_OVER_AND_CLOSE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ui.app import Program
from ui.start import make_application

application = make_application()
program = Program(application, Path(sys.argv[1]), None)
program.window.show()
program.open()
other = Path(sys.argv[2])

def look():
    mine = program.choices.known
    if mine is None or program.runner.busy:
        return
    if mine.folder == other:
        print("there", flush=True)
        timer.stop()
        program.window.close()
    else:
        program.switch_to(other)

timer = QTimer()
timer.timeout.connect(look)
timer.start(100)
code = application.exec()
print("ended", flush=True)
sys.exit(code)
"""


def test_going_over_does_not_end_the_program_and_closing_the_window_does(folders):
    command = [sys.executable, "-c", GO_OVER_AND_CLOSE, folders / "office", folders / "unit"]
    ended = subprocess.run(
        command, cwd=project_file("."), capture_output=True, timeout=60, check=True
    )
    assert ended.stdout.split() == [b"there", b"ended"]


def test_a_page_that_may_not_be_left_keeps_everything_as_it_is(sit_down, folders):
    remember(folders / "unit", folders / "office")
    hands = sit_down()
    hands.window.page("overview").may_leave = lambda: False
    choose(hands, "区市场监管局 2026 年")
    assert at(hands) == folders / "office"
    assert hands.window.isVisible()
    hands.window.page("overview").may_leave = lambda: True


def test_what_is_being_typed_is_written_before_the_window_goes_over(sit_down, folders):
    remember(folders / "office", folders / "unit")
    hands = sit_down()
    hands.window.top_bar.set_period((2026,), "2026-03")
    hands.window.period_changed.emit("2026-03")
    hands.window.open("recording")
    hands.settle()
    page = hands.window.page("recording")
    field = page.forms.views[page.tasks.code].values[0].first
    field.setFocus()
    hands.type("12")
    choose(hands, "区食药安办（汇总端） 2026 年")
    hands.wait(lambda: at(hands) == folders / "office")
    with open_workspace(folders / "unit", write=False) as unit, unit.reading() as session:
        assert records.load_records(session)


def test_a_workspace_that_another_window_has_open_comes_to_the_front_there(
    sit_down, folders, monkeypatch
):
    remember(folders / "unit", folders / "office")
    other = sit_down(folders / "unit")
    hands = sit_down(folders / "office")
    # Both windows are of one thread here, where one can't answer while the other waits for it.
    called = []
    monkeypatch.setattr("ui.app.call_first", lambda folder, _: called.append(folder) or True)
    choose(hands, "区市场监管局 2026 年")
    assert called == [folders / "unit"]
    assert at(hands) == folders / "office"
    assert at(other) == folders / "unit"


def test_a_new_workspace_is_made_beside_and_opened_and_the_old_one_stays(sit_down, folders):
    remember(folders / "office")
    hands = sit_down()
    choose(hands, "新建…")
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    assert start.form.folder == default_folder()
    start.form.unit.click()
    start.form.units.setCurrentIndex(1)
    hands.click(start.form.start)
    hands.wait(lambda: at(hands) == default_folder())
    assert is_workspace(folders / "office")
    assert "区食药安办（汇总端） 2026 年" in entries(hands)


def test_a_new_one_that_can_not_be_made_leaves_form_and_workspace(sit_down, folders, tmp_path):
    remember(folders / "office")
    hands = sit_down()
    choose(hands, "新建…")
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    hands.give_file(folders / "unit")
    hands.click(hands.button("更改…"))
    start.form.office.click()
    hands.click(start.form.start)
    hands.wait(start.form.problem.isVisible)
    assert "已有工作区" in start.form.problem.text()
    assert start.form.start.isEnabled()
    hands.click(hands.button("返回"))
    assert hands.window.current_key == "overview"


def test_a_folder_without_a_workspace_is_told_and_nothing_changes(
    sit_down, folders, tmp_path, errors
):
    remember(folders / "office")
    hands = sit_down()
    (tmp_path / "empty").mkdir()
    hands.give_file(tmp_path / "empty")
    choose(hands, "打开其他…")
    hands.wait(lambda: len(errors) == 1)
    assert "没有工作区" in errors[0]
    assert at(hands) == folders / "office"


def test_one_that_can_not_be_opened_leaves_the_present_one_open(sit_down, folders, errors):
    remember(folders / "unit", folders / "office")
    hands = sit_down()
    (folders / "unit" / DATABASE).write_bytes(b"no database" * 1000)
    choose(hands, "区市场监管局 2026 年")
    hands.wait(lambda: bool(errors) and at(hands) == folders / "office")
    assert hands.window.current_key == "overview"
    assert known.last().folder == folders / "office"


# The year on top


@pytest.fixture
def two_years(folders):
    """The office of 2026, and of 2027; the first was used last."""
    plan = replace(small_plan(), year=2027)
    keys.own_key(folders / "office" / "keys")
    with setup.create_office(folders / "office-2027", plan) as later:
        keys.copy_key(folders / "office" / "keys", later.keys)
    remember(folders / "office-2027", folders / "office")
    return folders


def years(hands):
    box = hands.window.top_bar.findChildren(Choice)[0]
    return box, [box.itemText(row) for row in range(box.count())]


def test_the_year_on_top_goes_from_one_workspace_to_the_other(sit_down, two_years):
    hands = sit_down()
    box, offered = years(hands)
    assert offered == ["2026 年", "2027 年"]
    hands.go_to(box)
    hands.press("Down")
    hands.wait(lambda: at(hands) == two_years / "office-2027")
    box, offered = years(hands)
    assert offered == ["2026 年", "2027 年"]
    assert box.currentText() == "2027 年"
    assert hands.window.period.startswith("2027")
    hands.go_to(box)
    hands.press("Up")
    hands.wait(lambda: at(hands) == two_years / "office")


def test_a_year_whose_folder_is_gone_is_said_and_the_box_keeps_the_year(
    sit_down, two_years, errors
):
    hands = sit_down()
    shutil.move(two_years / "office-2027", two_years / "away")
    box, _ = years(hands)
    hands.go_to(box)
    hands.press("Down")
    hands.wait(lambda: len(errors) == 1)
    assert "移动硬盘没有接好" in errors[0]
    assert box.currentText() == "2026 年"
    assert at(hands) == two_years / "office"


def test_a_year_that_is_made_meanwhile_is_offered_at_once(sit_down, folders):
    remember(folders / "office")
    hands = sit_down()
    assert years(hands)[1] == ["2026 年"]
    next_year.make_carried_on(hands.program.choices._workspace)
    hands.window.mark_changed()
    hands.settle()
    assert years(hands)[1] == ["2026 年", "2027 年"]


def test_the_next_year_begins_where_the_role_makes_it(sit_down, folders):
    hands = sit_down(folders / "office")
    choose(hands, "下一年度…")
    assert hands.window.current_key == "plan-document"
    hands = sit_down(folders / "unit")
    choose(hands, "下一年度…")
    assert hands.window.current_key == "exchange"
    assert any("2027 年的下发包" in words for words in hands.told)


def test_next_years_workspace_opens_in_the_window_in_one_press(sit_down, folders):
    hands = sit_down(folders / "office")
    choose(hands, "下一年度…")
    page = hands.window.page("plan-document")
    hands.click(page.beginning.next_year)
    hands.click(page.confirm)
    hands.give_file(folders / "新")
    hands.click(page.taking.confirm)
    made = folders / "新" / "食药安工作台2027年"
    hands.wait(lambda: known.find(made) is not None)
    assert known.last().folder == folders / "office"
    assert years(hands)[1] == ["2026 年", "2027 年"]
    hands.click(hands.button("打开 2027 年工作区"))
    hands.wait(lambda: at(hands) == made)
    assert years(hands)[0].currentText() == "2027 年"


# Gone, damaged, held


def test_a_folder_that_is_gone_is_said_and_not_replaced_and_can_be_tried_again(
    sit_down, folders, tmp_path
):
    remember(folders / "unit", folders / "office")
    shutil.move(folders / "office", tmp_path / "pulled")
    hands = sit_down()
    words = trouble(hands).words.text()
    seen = {label.text() for label in hands.window.findChildren(QLabel) if label.isVisible()}
    assert "原来的工作区找不到了" in seen
    assert not seen & {"欢迎使用食药安工作台", "报告期"}  # nothing is open that had a period
    assert "原来的工作区（区食药安办（汇总端） 2026 年）找不到了" in words
    assert "可能是移动硬盘没有接好" in words
    assert not hasattr(hands.window.page("start"), "form")
    assert not (folders / "office").exists()
    shutil.move(tmp_path / "pulled", folders / "office")
    hands.click(hands.button("重试"))
    hands.wait(lambda: at(hands) == folders / "office")


def explained(hands):
    """The paragraph at which the handbook was opened."""
    return hands.program.companion.book.text.textCursor().block().text()


def test_what_is_wrong_is_explained_by_the_button_and_by_f1(sit_down, folders, tmp_path):
    remember(folders / "office")
    shutil.move(folders / "office", tmp_path / "pulled")
    hands = sit_down()
    trouble(hands)
    hands.click(hands.button("看说明"))
    assert explained(hands) == "原来的工作区找不到"
    hands.program.companion.book.close()
    hands.program.companion.open_handbook()
    assert explained(hands) == "原来的工作区找不到"
    hands.program.companion.book.close()
    hands.click(hands.button("新建工作区…"))
    hands.wait(lambda: hasattr(hands.window.page("start"), "form"))
    hands.program.companion.open_handbook()
    assert explained(hands) == "一、第一次使用"  # no fault is told any more
    hands.program.companion.book.close()


def test_from_there_another_one_is_opened_or_a_new_one_made(sit_down, folders, tmp_path):
    remember(folders / "unit", folders / "office")
    shutil.move(folders / "office", tmp_path / "pulled")
    hands = sit_down()
    trouble(hands)
    hands.click(hands.button("新建工作区…"))
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    assert start.form.folder == default_folder()
    hands.click(hands.button("返回"))
    hands.wait(lambda: any(b.isVisible() for b in [trouble(hands).retry]))
    hands.click(hands.button("区市场监管局 2026 年"))
    hands.wait(lambda: at(hands) == folders / "unit")


def test_a_new_place_of_a_moved_folder_is_opened_and_known(sit_down, folders, tmp_path):
    remember(folders / "office")
    shutil.move(folders / "office", tmp_path / "elsewhere")
    hands = sit_down()
    trouble(hands)
    hands.give_file(tmp_path / "elsewhere")
    hands.click(hands.button("打开其他工作区…"))
    hands.wait(lambda: at(hands) == tmp_path / "elsewhere")
    assert known.last().folder == tmp_path / "elsewhere"


def test_a_folder_whose_database_was_taken_away_is_no_first_run(sit_down, folders):
    usual = default_folder()  # nobody's list knows it
    usual.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(folders / "unit", usual)
    open_workspace(usual).close()  # which leaves a copy
    (usual / DATABASE).unlink()
    hands = sit_down()
    assert f"数据文件 {DATABASE} 却不见了" in trouble(hands).words.text()


def test_a_damaged_database_leads_on(sit_down, folders, monkeypatch):
    remember(folders / "unit", folders / "office")
    (folders / "office" / DATABASE).write_bytes(b"no database" * 1000)
    hands = sit_down()
    assert "损坏" in trouble(hands).words.text()
    assert hands.window.page("start").fault in {"unreadable", "damaged"}
    shown = []
    monkeypatch.setattr(hands.program.files, "reveal", shown.append)
    hands.click(hands.button("打开所在文件夹"))
    assert shown == [folders / "office"]
    assert hands.button("从备份恢复…").isEnabled()
    hands.click(hands.button("诊断包…"))
    diagnosis = hands.program.diagnosis
    hands.wait(lambda: diagnosis.dialog is not None)
    assert "已打开：否" in diagnosis.dialog.text.toPlainText()
    diagnosis.dialog.reject()
    hands.click(hands.button("区市场监管局 2026 年"))
    hands.wait(lambda: at(hands) == folders / "unit")


def test_one_that_a_command_holds_can_be_tried_again(sit_down, folders):
    remember(folders / "office")
    with holding(folders / "office"):
        hands = sit_down()
        assert "正被" in trouble(hands).words.text()
    hands.click(hands.button("重试"))
    hands.wait(lambda: at(hands) == folders / "office")


def test_one_whose_plan_can_not_be_read_is_closed_again(sit_down, folders, monkeypatch):
    remember(folders / "office")
    with monkeypatch.context() as patch:
        patch.setattr(known, "current_plan", lambda _: (_ for _ in ()).throw(reject("计划不完整")))
        hands = sit_down()
        assert "计划不完整" in trouble(hands).words.text()
    with holding(folders / "office"):  # nobody keeps it from being repaired
        pass
    hands.click(hands.button("重试"))
    hands.wait(lambda: at(hands) == folders / "office")


def test_a_damaged_list_is_told_where_it_matters(sit_down, folders):
    known.place().parent.mkdir(parents=True, exist_ok=True)
    known.place().write_text("{", encoding="utf-8")
    hands = sit_down()
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    assert "工作区清单已损坏" in start.form.problem.text()
    hands.give_file(folders / "office")
    hands.click(hands.button("打开已有工作区…"))
    hands.wait(lambda: at(hands) == folders / "office")
    assert known.read().problem is None


def test_with_a_damaged_list_the_usual_workspace_opens_and_the_list_is_told(sit_down, folders):
    usual = default_folder()
    usual.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folders / "unit", usual)
    known.place().parent.mkdir(parents=True, exist_ok=True)
    known.place().write_text("[]", encoding="utf-8")
    hands = sit_down()
    hands.wait(lambda: at(hands) == usual)
    assert any("工作区清单已损坏" in words for words in hands.told)


def test_a_sample_does_not_open_by_itself_next_time(sit_down, folders, tmp_path):
    sample = tmp_path / f"fsdesk-{known.SAMPLE}"
    sample.mkdir()
    shutil.move(folders / "office", sample / "office")
    hands = sit_down(sample / "office")
    assert any("这是示例工作区" in words for words in hands.told)
    hands.click(hands.button("建立自己的工作区"))
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    assert known.last() is None


# Moving


def test_a_workspace_is_moved_to_another_disk_and_opened_there(sit_down, folders, tmp_path):
    with open_workspace(folders / "unit") as unit:
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
    remember(folders / "unit")
    disk = tmp_path / "移动硬盘"
    disk.mkdir()
    hands = sit_down()
    hands.give_file(disk)
    choose(hands, "移动到其他磁盘…")
    hands.wait(lambda: at(hands) == disk / "unit")
    hands.wait(lambda: any("工作区已移动" in words for words in hands.told))
    assert not (folders / "unit").exists()
    assert is_workspace(folders / "unit-已移走")
    assert [one.folder for one in known.workspaces()] == [disk / "unit"]


def test_a_disk_that_is_pulled_leaves_the_old_place_in_use(
    sit_down, folders, tmp_path, monkeypatch, errors
):
    remember(folders / "unit")
    disk = tmp_path / "移动硬盘"
    disk.mkdir()
    real = moving._copy

    def pulled(source, copy):
        if copy.name == DATABASE:
            shutil.rmtree(disk)
            raise reject(f"不能写入文件“{copy}”")
        real(source, copy)

    monkeypatch.setattr(moving, "_copy", pulled)
    hands = sit_down()
    hands.give_file(disk)
    choose(hands, "移动到其他磁盘…")
    hands.wait(lambda: bool(errors) and at(hands) == folders / "unit")
    assert "不能写入文件" in errors[0]
    assert hands.window.current_key == "overview"
    assert known.last().folder == folders / "unit"


def test_a_move_that_is_broken_off_goes_on_in_the_old_place(
    sit_down, folders, tmp_path, monkeypatch
):
    remember(folders / "unit")
    real = moving._copy

    def slow(source, copy):
        for task in hands.program.runner.tasks:
            task.cancel()
        real(source, copy)

    hands = sit_down()
    monkeypatch.setattr(moving, "_copy", slow)
    (tmp_path / "disk").mkdir()
    hands.give_file(tmp_path / "disk")
    choose(hands, "移动到其他磁盘…")
    hands.wait(lambda: at(hands) == folders / "unit")
    assert list((tmp_path / "disk").iterdir()) == []
