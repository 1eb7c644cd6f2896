"""When something unforeseen happens: a report is left, the user is told, nothing is lost."""

from __future__ import annotations

import faulthandler
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QMessageBox

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.services.status import unit_forms
from fsdesk.workspace import open_workspace
from ui.system.crash import HardFaults

WAIT = 20_000


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
    qtbot, program, tmp_path
):
    page = program.window.page("recording")
    period = program.window.period
    view = page.forms.views[page.tasks.code]
    view.values[0].first.insert("37")  # typed, not yet stored
    try:
        _fail()
    except RuntimeError as problem:
        sys.excepthook(type(problem), problem, problem.__traceback__)
    [box] = program.window.findChildren(QMessageBox)
    [report] = (tmp_path / "unit" / "logs").glob("crash-*.txt")
    # A dialog breaks a long path anywhere, by marks that nobody sees.
    assert str(report) in box.informativeText().replace("\u200b", "")
    assert "已录入的数据不受影响" in box.informativeText()
    box.close()
    text = report.read_text(encoding="utf-8")
    assert "齿轮卡住" in text
    assert "test_crash.py" in text
    assert "故障报告" in text
    program.window.close()
    with open_workspace(tmp_path / "unit") as again:
        (first, *_) = unit_forms.unit_form(again, "scj", Period.parse(period)).tasks
    assert first.indicators[0].data == DataValue(37)


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
