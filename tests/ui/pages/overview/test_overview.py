"""总览 shows what came in, what is late, and a unit what it still has to do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport, Status
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, unit_forms
from tests.workspaces import MARCH, import_files, make_office, make_unit
from ui.desk import Desk
from ui.drafts import Drafts
from ui.files import Files
from ui.messages import Messages
from ui.pages.overview.due_tasks import due_tasks
from ui.pages.overview.overview import OverviewPage, lagging_tasks
from ui.pages.overview.report_matrix import ReportMark, matrix_rows
from ui.tasks import TaskRunner

WAIT = 20_000
TODAY = date(2026, 4, 2)  # by the clock of the workspaces


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path):
    with make_unit(office, tmp_path / "unit") as workspace:
        yield workspace


@pytest.fixture
def show(qtbot, theme):
    """Show the page of a workspace, with its data."""
    runners = []

    def show_it(workspace, period=MARCH):
        messages = Messages()
        runner = TaskRunner(messages.error)
        runners.append(runner)
        whose = workspace.identity
        desk = Desk(
            workspace,
            messages,
            runner,
            Files(),
            whose.is_office,
            whose.unit,
            switch_to=lambda _folder: None,
            leave_for=lambda *_: None,
            drafts=Drafts(workspace, runner, messages, {}),
        )
        page = OverviewPage(desk, theme)
        qtbot.addWidget(page)
        page.resize(1200, 640)
        page.show()
        page.refresh(str(period))
        qtbot.waitUntil(lambda: not runner.busy, timeout=WAIT)
        return page

    yield show_it
    for runner in runners:
        runner.close()


def report(unit, office, folder, month="2026-03"):
    file = folder / f"{month}.xlsx"
    exchange.export_report(unit, Period.parse(month), file)
    import_files(office, file)


def test_a_report_in_time_late_and_missing_are_told_apart_by_signs(office, unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-02", DataValue(5))
    report(unit, office, tmp_path, "2026-02")  # on 2 April: too late for February
    recording.record_value(unit, "I01-1", "2026-03", DataValue(7))
    report(unit, office, tmp_path)
    rows = matrix_rows(aggregation.completeness(office), MARCH)
    marks = next(row.marks for row in rows if row.name == "区市场监管局")
    assert marks[:4] == (ReportMark.MISSING, ReportMark.LATE, ReportMark.IN_TIME, ReportMark.AHEAD)
    signs = [mark.sign for mark in ReportMark]
    assert len(set(signs)) == len(signs)


def test_only_signs_that_ask_for_action_are_tinted(theme):
    tinted = {mark for mark in ReportMark if mark.ground is not None}
    assert tinted == {ReportMark.LATE, ReportMark.RETURNED, ReportMark.MISSING}


def test_before_the_first_report_the_page_says_what_comes_next(office, show, qtbot):
    page = show(office)
    assert page.stack.currentWidget() is page.empty
    with qtbot.waitSignal(page.open_requested) as asked:
        qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert asked.args[0] == "exchange"


def test_the_first_report_brings_the_figures(office, unit, show, tmp_path):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(60))
    report(unit, office, tmp_path)
    page = show(office)
    assert page.stack.currentWidget() is not page.empty
    assert "33.3%" in page.reporting.accessibleName()
    status = aggregation.status(office, MARCH)
    assert [row.result for row in page.lagging_model.rows] == [
        row.result for row in lagging_tasks(status)
    ]
    assert page.lagging_model.rows[0].gap > 0


def test_a_unit_sees_its_own_tasks_and_what_is_not_filled_in(unit, show):
    page = show(unit)
    form = unit_forms.unit_form(unit, "scj", MARCH)
    assert page.due_model.rows == due_tasks(form, TODAY)
    assert {row.code for row in page.due_model.rows} <= {task.task.code for task in form.tasks}
    assert all(row.filled == 0 for row in page.due_model.rows)
    assert "仅按本单位数据计算" in page.header._note.text()


def test_a_task_leaves_the_list_when_all_is_filled_in_and_its_dates_are_kept(unit):
    form = unit_forms.unit_form(unit, "scj", MARCH)
    first = form.tasks[0]
    before = next(row for row in due_tasks(form, TODAY) if row.code == first.task.code)
    assert before.open == first.expected
    for line in first.indicators:
        ratio = line.indicator.kind is IndicatorKind.RATIO
        figures = DataValue(numerator=1, denominator=1) if ratio else DataValue(1)
        recording.record_value(unit, line.indicator.code, "2026-03", figures)
    for line in first.deliverables:
        done = Milestone(Status.DONE, date(2026, 3, 5))
        recording.record_milestone(unit, line.deliverable.code, "2026-03", done)
    recording.record_progress(unit, first.task.code, "2026-03", ProgressReport(text="已完成"))
    left = {row.code for row in due_tasks(unit_forms.unit_form(unit, "scj", MARCH), TODAY)}
    assert first.task.code not in left


def test_where_it_is_narrow_the_chart_stands_below(office, unit, show, tmp_path):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(60))
    report(unit, office, tmp_path)
    page = show(office)
    assert page._whole.orientation() is Qt.Orientation.Horizontal
    page.resize(700, 420)
    assert page._whole.orientation() is Qt.Orientation.Vertical
    assert page.chart.minimumHeight() > 300


def test_a_date_is_overdue_when_its_day_has_passed_not_when_it_lies_in_the_period(unit):
    form = unit_forms.unit_form(unit, "scj", Period.parse("2026-12"))
    due = next(row.due for row in due_tasks(form, TODAY) if row.due)
    for today, passed in ((due, False), (due + timedelta(days=1), True)):
        row = next(row for row in due_tasks(form, today) if row.due == due)
        assert (row.overdue, "已过" in row.due_text) == (passed, passed)


def _filled(task):
    return replace(
        task,
        report=ProgressReport(text="已开展"),
        indicators=tuple(replace(line, data=DataValue(1)) for line in task.indicators),
        deliverables=tuple(
            replace(line, milestone=Milestone(Status.UNDER_WAY)) for line in task.deliverables
        ),
    )


def test_what_is_filled_in_waits_only_when_its_date_is_near(unit):
    form = unit_forms.unit_form(unit, "scj", MARCH)
    filled = replace(form, tasks=tuple(_filled(task) for task in form.tasks))
    due = next(row.due for row in due_tasks(form, TODAY) if row.due)
    assert due not in {row.due for row in due_tasks(filled, due - timedelta(days=31))}
    assert due in {row.due for row in due_tasks(filled, due - timedelta(days=30))}
