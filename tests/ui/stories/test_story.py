"""The loop through the real window: first run, record, export, import at the office, see, print."""

from __future__ import annotations

import subprocess
import sys

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt

from fsdesk.domain.periods import Period
from fsdesk.places import project_file
from ui.pages.exchange.exchange import ExchangePage
from ui.pages.overview.overview import OverviewPage
from ui.pages.plan.plan import PlanPage
from ui.pages.printing.printing import PrintingPage
from ui.pages.recording.recording import RecordingPage
from ui.pages.settings.settings import SettingsPage
from ui.pages.status.aggregate import AggregatePage
from ui.widgets.frame.status_strip import StatusStrip
from ui.workspaces.start_page import StartPage

WAIT = 20_000


def settle(qtbot, program):
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)


def show(qtbot, program, key, kind, item=None):
    program.window.open(key, item)
    settle(qtbot, program)
    page = program.window.page(key)
    assert isinstance(page, kind)
    return page


def choose_period(qtbot, program, period):
    program.window.top_bar.set_period((2026,), period)
    program.window._change_period(period)
    settle(qtbot, program)


def make_workspace(qtbot, program, *, office=True, unit="", packet=None, monkeypatch=None):
    """Fill the first-run form by mouse and keys."""
    page = program.window.page("start")
    assert isinstance(page, StartPage)
    qtbot.waitUntil(lambda: hasattr(page, "form"), timeout=WAIT)
    form = page.form
    form.year.setValue(2026)
    if office:
        qtbot.mouseClick(form.office, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    else:
        qtbot.mouseClick(form.unit, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        form.units.set_value(unit)
    if packet is not None:
        monkeypatch.setattr(page._files, "open_one", lambda *_: packet)
        qtbot.mouseClick(form.packet, Qt.MouseButton.LeftButton)
    else:
        qtbot.mouseClick(form.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "recording" in program.window.keys, timeout=WAIT)
    settle(qtbot, program)


def issue(qtbot, office, folder, monkeypatch):
    """The office issues the plan by its button; the packet of one unit comes back."""
    monkeypatch.setattr(office.files, "folder", lambda *_: folder)
    show(qtbot, office, "exchange", ExchangePage).outgoing.issue("2026-03")
    settle(qtbot, office)
    return folder / "下发包-区市场监管局-2026-03.xlsx"


def record_and_export(qtbot, unit, report, monkeypatch):
    """The unit types a figure and exports its report."""
    recording = show(qtbot, unit, "recording", RecordingPage, "T04-1")
    view = recording.forms.views["T04-1"]
    samples = next(editor for editor in view.values if editor.key.item == "I04-3")
    qtbot.keyClicks(samples.first, "150")
    qtbot.keyClick(samples.first, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: samples.to_date.text().endswith("150"), timeout=WAIT)
    settle(qtbot, unit)
    assert "未导出：3月 1 项" in unit.window.findChild(StatusStrip).text
    monkeypatch.setattr(unit.files, "proposed", lambda *_: report)
    recording.check_and_export()
    settle(qtbot, unit)
    qtbot.mouseClick(recording.export.export, Qt.MouseButton.LeftButton)
    settle(qtbot, unit)
    assert "已导出，尚未收到回执" in unit.window.findChild(StatusStrip).text


def take(qtbot, office, report):
    """The office sees what a report would change, and takes it."""
    exchange = show(qtbot, office, "exchange", ExchangePage)
    exchange.incoming.zone.paths_chosen.emit([report])
    settle(qtbot, office)
    assert "可接收 1 个" in exchange.incoming.result.text()
    change = exchange.incoming.changes.rows[0]
    assert change.item == "I04-3 食品监督抽检批次"
    assert (change.field, change.before, change.after) == ("本期数", "未报", "150")
    qtbot.mouseClick(exchange.take, Qt.MouseButton.LeftButton)
    settle(qtbot, office)
    assert "已导入 1 个" in exchange.incoming.result.text()


@pytest.mark.usefixtures("pc_clock")
def test_from_first_run_to_the_printed_table(start, qtbot, tmp_path, monkeypatch):
    office = start(tmp_path / "office")
    make_workspace(qtbot, office)
    assert office.window.current_key == "overview"
    choose_period(qtbot, office, "2026-03")
    packet = issue(qtbot, office, tmp_path / "issued", monkeypatch)

    unit = start(tmp_path / "unit")
    make_workspace(qtbot, unit, office=False, unit="scjg", packet=packet, monkeypatch=monkeypatch)
    assert unit.window.current_key == "overview"
    choose_period(qtbot, unit, "2026-03")
    record_and_export(qtbot, unit, tmp_path / "报送包.xlsx", monkeypatch)

    take(qtbot, office, tmp_path / "报送包.xlsx")
    aggregate = show(qtbot, office, "aggregate", AggregatePage)
    figure = next(row for row in aggregate.models[2].rows if row.indicator.code == "I04-3")
    assert figure.figure.value == 150
    overview = show(qtbot, office, "overview", OverviewPage)
    # The plan was issued after March had ended: no report of it was asked for.
    assert "本期不要求报送" in overview.reporting.accessibleName()

    # The PDF holds the very pages that were shown.
    printing = show(qtbot, office, "printing", PrintingPage)
    shown = len(printing.panel.preview.sheets)
    file = tmp_path / "进展.pdf"
    monkeypatch.setattr(office.files, "save", lambda *_: file)
    qtbot.mouseClick(printing.save, Qt.MouseButton.LeftButton)
    settle(qtbot, office)
    read = PdfReader(file)
    assert len(read.pages) == shown
    assert "进展情况表" in read.pages[0].extract_text()


@pytest.fixture
def office(start, qtbot, tmp_path):
    program = start(tmp_path / "office")
    make_workspace(qtbot, program)
    choose_period(qtbot, program, "2026-03")
    return program


def test_wrong_figures_are_told_beside_the_field_and_stay_typed(office, qtbot):
    recording = show(qtbot, office, "recording", RecordingPage, "T01-2")
    view = recording.forms.views["T01-2"]
    rate = view.values[0]
    above, below = rate.fields
    above.setText("9")
    below.setText("很多")
    rate.flush()
    assert rate.wrong
    below.setText("8")
    rate.flush()
    settle(qtbot, office)
    assert "分子 9 大于分母 8" in rate.words.text()
    assert above.text() == "9"
    below.setText("10")
    rate.flush()
    settle(qtbot, office)
    assert not rate.wrong
    assert not rate.words.isVisible()
    assert rate.to_date.text().endswith("9/10")


def test_words_and_states_are_stored_as_typed_and_shown_after_a_restart(
    office, start, qtbot, tmp_path
):
    recording = show(qtbot, office, "recording", RecordingPage, "T01-1")
    view = recording.forms.views["T01-1"]
    report, milestone = view.editors
    qtbot.keyClicks(report.texts[0], "held a meeting")
    report.status.set_value(report.status.itemData(2))
    milestone.day.setText("2026年3月5日")
    milestone.status.set_value(milestone.status.itemData(3))
    office.window.close()
    again = start(tmp_path / "office")
    choose_period(qtbot, again, "2026-03")
    page = show(qtbot, again, "recording", RecordingPage, "T01-1")
    report, milestone = page.forms.views["T01-1"].editors
    assert report.texts[0].toPlainText() == "held a meeting"
    assert report.status.currentText() == "进行中"
    assert milestone.day.text() == "2026-03-05"
    assert page.tasks.item(0).text().startswith("● 2/2")


def test_last_periods_words_can_be_copied(office, qtbot):
    recording = show(qtbot, office, "recording", RecordingPage, "T01-1")
    report = recording.forms.views["T01-1"].editors[0]
    report.texts[0].setPlainText("三月的话")
    report.flush()
    settle(qtbot, office)
    choose_period(qtbot, office, "2026-04")
    recording = show(qtbot, office, "recording", RecordingPage, "T01-1")
    report = recording.forms.views["T01-1"].editors[0]
    qtbot.mouseClick(report.copy, Qt.MouseButton.LeftButton)
    settle(qtbot, office)
    assert report.texts[0].toPlainText() == "三月的话"


def test_the_keyboard_goes_from_task_to_task(office, qtbot):
    recording = show(qtbot, office, "recording", RecordingPage)
    office.window.activateWindow()
    qtbot.waitUntil(office.window.isActiveWindow, timeout=WAIT)
    first = recording.tasks.currentRow()
    qtbot.keyClick(recording, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert recording.tasks.currentRow() == first + 1
    recording._step(-1)
    assert recording.tasks.currentRow() == first


def test_the_office_fills_in_for_a_unit(office, qtbot):
    recording = show(qtbot, office, "recording", RecordingPage)
    recording.units.set_value("xx")
    recording.units.chosen.emit("xx")
    settle(qtbot, office)
    assert "西兴街道" in recording.header._note.text()


def test_the_plan_is_filtered_and_opened_at_a_task(office, qtbot):
    plan = show(qtbot, office, "plan", PlanPage, "T04-1")
    assert plan._current_code() == "T04-1"
    plan.search.setText("豇豆")
    plan.search.search_now()
    tops = [plan.tree.topLevelItem(row) for row in range(plan.tree.topLevelItemCount())]
    assert [top.text(0)[0] for top in tops if not top.isHidden()] == ["3"]
    plan.search.setText("")
    plan.search.search_now()
    plan.units.set_value("sthj")
    plan.units.chosen.emit("sthj")
    assert sum(not top.isHidden() for top in tops) == 4


def test_files_that_cannot_be_taken_are_explained_and_left_out(office, qtbot, tmp_path):
    picture = tmp_path / "照片.xlsx"
    picture.write_bytes(b"\x89PNG")
    exchange = show(qtbot, office, "exchange", ExchangePage)
    exchange.check([picture])
    settle(qtbot, office)
    assert "不能接收 1 个" in exchange.incoming.result.text()
    assert "PNG" in exchange.incoming.words.toPlainText()
    assert not exchange.take.isEnabled()


def test_conflicts_are_shown_side_by_side_and_decided(office, qtbot, tmp_path):
    from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
    from fsdesk.domain.steps import run_through
    from fsdesk.packets.filling import fill_in
    from fsdesk.services.packet import exchange as packets
    from fsdesk.services.packet import importing
    from fsdesk.services.records import recording

    workspace = office._opened.workspace
    issued = run_through(packets.issue_packets(workspace, Period.parse("2026-03"), tmp_path))
    file = next(packet.file for packet in issued if packet.unit == "scjg")
    key = RecordKey(RecordKind.VALUE, "I04-3", "scjg", "2026-03")
    fill_in(file, {key: DataValue(7)})
    recording.save(workspace, key, DataValue(8))
    run_through(importing.import_packets(workspace, [file], accept_unsigned=True))
    page = show(qtbot, office, "exchange", ExchangePage)
    page.refresh("2026-03")
    settle(qtbot, office)
    assert page.tabs.tabText(1) == "待处理差异（1）"
    office._look()
    settle(qtbot, office)
    # The difference, and the report that came filled in: it waits for the office's verdict.
    assert office.window.navigation.badge("exchange") == 2
    qtbot.mouseClick(page.conflicts.theirs, Qt.MouseButton.LeftButton)
    settle(qtbot, office)
    assert page.tabs.tabText(1) == "待处理差异"
    assert office.window.navigation.badge("exchange") == 1


def test_every_figure_says_why(office, qtbot):
    aggregate = show(qtbot, office, "aggregate", AggregatePage)
    for view, words in enumerate(("平均数", "任务进度的平均数", "算法")):
        aggregate.tabs.setCurrentIndex(view)
        aggregate.tables[view].choose_first()
        assert words in aggregate.why.toPlainText()
    aggregate._switch()
    aggregate._draw(aggregate.chart.size(), 1.0)
    settle(qtbot, office)
    assert aggregate.chart.has_picture


def choose_first_chart(qtbot, office, printing, rows):
    for row in rows:
        printing.outputs.setCurrentRow(row)
        settle(qtbot, office)
        if printing.output.form == "chart":
            return


def test_outputs_are_shown_and_saved(office, qtbot, tmp_path, monkeypatch):
    printing = show(qtbot, office, "printing", PrintingPage)
    forms = set()
    for row in range(printing.outputs.count()):
        printing.outputs.setCurrentRow(row)
        settle(qtbot, office)
        forms.add(printing.output.form)
        if printing.output.form == "letter":
            assert "还没有函件" in printing.panel.note.text()
    assert {"chart", "letter", "card"} <= forms
    printing.outputs.setCurrentRow(0)
    settle(qtbot, office)
    monkeypatch.setattr(office.files, "save", lambda *_: tmp_path / "表.xlsx")
    qtbot.mouseClick(printing.save_other, Qt.MouseButton.LeftButton)
    settle(qtbot, office)
    assert (tmp_path / "表.xlsx").is_file()
    rows = range(printing.outputs.count())
    choose_first_chart(qtbot, office, printing, rows)
    printing.panel.draw(printing.panel.view.size(), 1.0)
    monkeypatch.setattr(office.files, "save", lambda *_: tmp_path / "图.png")
    qtbot.mouseClick(printing.save, Qt.MouseButton.LeftButton)
    settle(qtbot, office)
    assert (tmp_path / "图.png").is_file()


def test_settings_change_the_population_and_the_rules(office, qtbot, tmp_path, monkeypatch):
    from fsdesk.services.plan.planning import current_plan

    settings = show(qtbot, office, "settings", SettingsPage)
    settings.constants["population"].setValue(600_000)
    settings.rules.margin.setValue(15)
    settings._save()
    settle(qtbot, office)
    workspace = office._opened.workspace
    assert current_plan(workspace).constant("population").value == 600_000
    assert workspace.rules.yellow_margin == 0.15
    monkeypatch.setattr(office.files, "save", lambda *_: tmp_path / "备份.zip")
    settings._back_up()
    settings._verify()
    settle(qtbot, office)
    assert (tmp_path / "备份.zip").is_file()


def test_the_window_is_painted_before_the_program_and_that_before_heavy_libraries(tmp_path):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ui.start import make_application, make_frame\n"
        "app = make_application()\n"
        "frame = make_frame(app)\n"
        "frame[1].show()\n"
        "app.processEvents()\n"
        "later = {'ui.app', 'ui.page', 'ui.messages', 'ui.tasks', 'ui.files', 'PySide6.QtSvg',\n"
        "         'fsdesk.domain.findings', 'fsdesk.domain.periods'}\n"
        "assert not later & set(sys.modules), later & set(sys.modules)\n"
        "from ui.app import Program\n"
        f"program = Program(app, Path({str(tmp_path)!r}), None, frame)\n"
        "assert program.window is frame[1]\n"
        "app.processEvents()\n"
        "heavy = {'sqlalchemy', 'openpyxl', 'matplotlib', 'reportlab', 'docx', 'numpy', 'yaml',\n"
        "         'ui.widgets.palette', 'fsdesk.domain.search', 'fsdesk.domain.packet.updates',\n"
        "         'concurrent.futures'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=project_file("."))
