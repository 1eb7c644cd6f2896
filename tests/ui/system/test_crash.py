"""When something unforeseen happens: a report is left, the user is told, nothing is lost."""

from __future__ import annotations

import faulthandler
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.services.status import unit_forms
from fsdesk.workspace import open_workspace
from ui.messages import Messages
from ui.system.crash import HardFaults, write_report

WAIT = 20_000
NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def program(qtbot, start, folders):
    made = start(folders / "unit")
    qtbot.waitUntil(lambda: made.window.current_key == "overview", timeout=WAIT)
    made.window.open("recording")
    qtbot.waitUntil(lambda: not made.runner.busy, timeout=WAIT)
    return made


def _fail():
    raise RuntimeError("齿轮卡住")


def test_an_unforeseen_failure_leaves_a_report_and_what_is_typed_is_stored(
    qtbot, program, tmp_path, monkeypatch
):
    told = []
    monkeypatch.setattr(program.messages, "_box", lambda *_: pytest.fail("no box"))
    monkeypatch.setattr(program.messages, "error", lambda problem, report: told.append(report))
    page = program.window.page("recording")
    period = program.window.period
    view = page.forms.views[page.tasks.code]
    view.values[0].first.insert("37")  # typed, not yet stored
    try:
        _fail()
    except RuntimeError as problem:
        sys.excepthook(type(problem), problem, problem.__traceback__)
    (report,) = told
    assert report.parent == tmp_path / "unit" / "logs"
    text = report.read_text(encoding="utf-8")
    assert "齿轮卡住" in text
    assert "test_crash.py" in text
    assert "故障报告" in text
    program.window.close()
    with open_workspace(tmp_path / "unit") as again:
        (first, *_) = unit_forms.unit_form(again, "scj", Period.parse(period)).tasks
    assert first.indicators[0].data == DataValue(37)


def test_the_message_names_the_report(qtbot, monkeypatch, tmp_path):
    shown = []
    messages = Messages()
    monkeypatch.setattr("ui.messages._second_part", lambda said: shown.append(said.remedy) or "")
    messages.error(RuntimeError("x"), report=tmp_path / "crash-1.txt")
    assert "crash-1.txt" in shown[0]
    assert "已录入的数据不受影响" in shown[0]
    for box in QApplication.topLevelWidgets():
        box.close()


def test_old_reports_make_room(tmp_path):
    for minute in range(25):
        write_report(tmp_path, ValueError(str(minute)), NOW.replace(minute=minute))
    assert len(list(tmp_path.glob("crash-*.txt"))) == 20


def test_a_full_disk_is_no_second_failure(tmp_path):
    file = tmp_path / "logs"
    file.write_text("no folder")
    assert write_report(file, ValueError("x"), NOW) is None


@pytest.fixture
def faults_restored():
    yield
    faulthandler.enable()


def test_a_hard_fault_is_told_at_the_next_start(tmp_path, faults_restored):
    code = (
        "import sys, faulthandler, pathlib; from ui.system.crash import HardFaults;"
        "HardFaults(pathlib.Path(sys.argv[1])); faulthandler._sigsegv()"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, check=False)
    assert done.returncode != 0
    faults = HardFaults(tmp_path)
    assert faults.last is not None
    assert "Segmentation fault" in faults.last.read_text(encoding="utf-8")
    faults.close()
    again = HardFaults(tmp_path)
    assert again.last is None
    again.close()
