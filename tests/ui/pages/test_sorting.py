"""A press on a head sorts by what the column holds: numbers and months by size, not as text."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

from PySide6.QtCore import QPoint, Qt

import ui
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.edits import set_shares
from fsdesk.domain.plan.indicators import TargetShare
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.status.comparison import FigureChange, Judged
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.services.ledger import ledgers
from fsdesk.services.records import recording
from fsdesk.services.status.plan_effects import MonthEffect
from tests.plans import small_plan
from tests.workspaces import Clock, make_office
from ui.pages.inspection_duty.inspection_duty import InspectionDutyPage
from ui.pages.plan_effect import Change, DayOfEffect, EffectDialog
from ui.pages.quality.quality import QualityPage
from ui.pages.status.drill_down import DrillPage
from ui.pages.supervision.supervision import SupervisionPage
from ui.widgets.tables.report_table import ReportTable


def press_head(qtbot, table, title):
    """Press the head of a column, wherever the table has to be scrolled for it."""
    model, head = table.model(), table.horizontalHeader()
    place = [column.title for column in model.columns].index(title)
    table.scrollTo(model.index(0, place))
    spot = QPoint(head.sectionViewportPosition(place) + 8, head.height() // 2)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def column(table, title):
    model = table.model()
    place = [each.title for each in model.columns].index(title)
    return [model.index(row, place).data() for row in range(model.rowCount())]


def test_shares_and_figures_under_a_figure_are_sorted_by_size(office, page_test, qtbot):
    recording.record_value(office, "I01-1", "2026-03", DataValue(1200), unit="scj")
    recording.record_value(office, "I01-1", "2026-03", DataValue(240), unit="fgj")
    recording.record_milestone(office, "D01-2-1", "2026-03", Milestone(Status.UNDER_WAY), "xx")
    test = page_test(office)
    page = test.show(DrillPage(test.desk))
    press_head(qtbot, page.table, "任务进度")
    assert column(page.table, "任务进度") == ["50.0%", "100.0%"]

    page.open(FigureRef(Depth.INDICATOR, "I01-1"))
    test.settle()
    press_head(qtbot, page.table, "数值")
    assert column(page.table, "数值") == ["240批次", "1200批次"]


def test_lagging_tasks_are_sorted_by_the_month_since_when(tmp_path, page_test, qtbot):
    halves = [TargetShare(unit, 600) for unit in ("scj", "fgj")]
    plan = set_shares(small_plan(), "I01-1", halves)
    with make_office(tmp_path / "office", Clock("2026-12-28T01:00:00+00:00"), plan) as office:
        recording.record_value(office, "I01-1", "2026-01", DataValue(500), unit="scj")
        recording.record_value(office, "I01-1", "2026-01", DataValue(50), unit="fgj")
        done = Milestone(Status.DONE, date(2026, 1, 5))
        recording.record_milestone(office, "D01-1-1", "2026-01", done, "scj")
        test = page_test(office)
        page = test.show(SupervisionPage(test.desk), "2026-12")
        page.tabs.setCurrentIndex(1)
        test.settle()
        tables = page.lists.findChildren(ReportTable)
        table = next(it for it in tables if it.model() is page.lists.lagging)
        press_head(qtbot, table, "自何时滞后")
        assert column(table, "自何时滞后") == ["2026年7月", "2026年10月"]


def test_months_that_a_change_of_the_plan_alters_are_sorted_as_months(office, page_test, qtbot):
    test = page_test(office)
    change = FigureChange(Judged.INDICATOR, "I01-1", "抽检批次", "1", "2")
    found = [MonthEffect(Period.month(2026, month), (change,)) for month in (9, 10, 3)]
    nothing = Change(lambda *_: (), lambda *_: None)
    dialog = EffectDialog(
        test.desk, test.window, nothing, found, DayOfEffect(2026, date(2026, 11, 20))
    )
    dialog.show()
    press_head(qtbot, dialog.table, "月份")
    assert column(dialog.table, "月份") == ["3月", "9月", "10月"]


def test_a_row_stays_where_it_is_while_words_of_it_are_typed(office, page_test, qtbot):
    test = page_test(office)
    page = test.show(QualityPage(test.desk))
    page.tabs.setCurrentIndex(2)
    rules = page.rules
    press_head(qtbot, rules.table, "规则")
    before = [line.rule.code for line in rules.rows.shown]
    rules.table.selectRow(0)
    rules.form.message.setFocus()
    qtbot.keyClicks(rules.form.message, "abc")
    assert "（未保存）" in column(rules.table, "规则")[0]
    assert [line.rule.code for line in rules.rows.shown] == before


def test_the_sum_of_the_groups_stays_below_them(office, page_test, qtbot):
    values = [("甲店", "A"), ("乙店", "C"), ("丙店", "C")]
    rows = [{"主体": name, "分级": level, "经营状态": "在产在营"} for name, level in values]
    ledgers.save_rows(office, [LedgerEntry("", "subject", "xx", row) for row in rows])
    test = page_test(office)
    page = test.show(InspectionDutyPage(test.desk))
    orders = []
    for _ in range(3):  # rising, falling, as given
        press_head(qtbot, page.group_table, "应督导")
        orders.append(column(page.group_table, "应督导"))
    assert orders == [["1", "2", "3"], ["2", "1", "3"], ["1", "2", "3"]]


def heads(code):
    """Yield each column that is declared in code, as a call."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            made = node.func.value if isinstance(node.func, ast.Subscript) else node.func
            if isinstance(made, ast.Name) and made.id == "RowColumn":
                yield node


def lacks_a_sort(call):
    """Tell of a column of numbers, or one that shows no text, whether its text sorts it."""
    named = {keyword.arg for keyword in call.keywords}
    shows = call.args[1].body if isinstance(call.args[1], ast.Lambda) else None
    silent = isinstance(shows, ast.Constant) and not shows.value
    return ("number" in named or silent) and len(call.args) < 3 and "sort" not in named


def test_no_column_of_numbers_or_without_words_is_sorted_by_its_text():
    folder = Path(ui.__file__).parent
    codes = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    calls = [(path, call) for path, code in codes.items() for call in heads(code)]
    assert len(calls) > 100
    lacking = [(path.name, call.lineno) for path, call in calls if lacks_a_sort(call)]
    assert lacking == []
