"""A city's office for another field, and one of its bureaus: no page says what is a district's."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTabWidget,
    QWidget,
)

from fsdesk.demo.levels import CITY, Matter, bureaus, plan_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services import pending
from fsdesk.services.agenda import agenda
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.records import recording
from fsdesk.services.supervision import supervision
from fsdesk.workspace import open_workspace
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit
from ui.pages.settings.settings import SettingsPage

WAIT = 20_000
PROGRAM = "食药安工作台"
# 包保督导 is of food alone; there B is the level of a district, whatever the plan's is.
OF_FOOD = "B级（区级）"
FALSE_HERE = re.compile("食药安|全区|本区|区里|区级|区办|所在区县")
CHECKS = Matter("安全检查次数", IndicatorKind.COUNT, Aggregation.CUMULATIVE, "次", 60)
SITES = Matter("危化品企业数", IndicatorKind.COUNT, Aggregation.LEVEL, "家", 4)
SAFETY = plan_of(
    replace(CITY, subject="安全生产", office="安委办"), bureaus("市", 2), (CHECKS, SITES), 1
)


@pytest.fixture
def folders(tmp_path, pc_clock):
    """The folders of both; a report was returned with an opinion, and a letter was sent."""
    clock = Clock()
    with (
        make_office(tmp_path / "office", clock, SAFETY) as office,
        make_unit(office, tmp_path / "unit", "u01", clock) as unit,
    ):
        recording.record_value(unit, "I401", "2026-03", DataValue(1.0), "u01")
        exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx")
        import_files(office, tmp_path / "报送包.xlsx")
        clock.set("2026-04-02T03:00:00+00:00")
        reviewing.return_report(office, "u01", MARCH, "请核对", {"I401": "与台账不符"})
        draft = supervision.draft_for(office, MARCH, "u01", LetterKind.REMINDER)
        supervision.issue(office, [draft.key])
        written = run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
        clock.set("2026-04-02T04:00:00+00:00")
        import_files(unit, next(each.file for each in written if each.unit == "u01"))
    pc_clock.set("2026-06-20T01:00:00+00:00")
    return tmp_path


@pytest.mark.parametrize("role", ["office", "unit"])
def test_no_page_names_another_field_level_or_office(start, qtbot, folders, role):
    program = start(folders / role)
    window = program.window
    window.top_bar.go_to_period("2026-03")
    told = {}
    for spec in window.specs:
        if spec.key == "start":
            continue
        window.open(spec.key)
        page = window.page(spec.key)
        page.refresh("2026-03")
        for _ in turned_over(page):
            qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
            told.setdefault(spec.key, set()).update(texts(window))
    everything = set().union(*told.values())
    assert len(told) > 8
    assert any("市安委办" in text for text in everything)
    found = {(key, text) for key, said in told.items() for text in said if is_false(text)}
    assert found == set()


def test_what_goes_out_in_a_chat_or_a_calendar_says_whose_it_is(folders):
    with open_workspace(folders / "office") as office:
        reminder, name = pending.pending(office).reminder, agenda.agenda(office).name
    assert reminder.startswith("【安全生产报送提醒】")
    assert reminder.endswith("有困难的请与市安委办联系。")
    assert name == "2026年安全生产日程"


def test_numbers_and_the_committee_follow_from_the_plan(folders, page_test, theme):
    with open_workspace(folders / "office") as office:
        test = page_test(office)
        form = test.show(SettingsPage(test.desk, theme)).office
        for kind in LetterKind:
            form.words[kind].setText("")
        form.names["district"].setText("某市")
        form.names["district"].editingFinished.emit()
        assert form.names["committee"].text() == "某市安全生产委员会"
        test.press("保存名称和文号")
        assert form.words[LetterKind.REMINDER].placeholderText() == "安委办提醒"
        draft = supervision.draft_for(office, MARCH, "u02", LetterKind.REMINDER)
        (letter,) = supervision.would_issue(office, [draft.key])
    assert letter.document_number == "安委办提醒〔2026〕2号"


def is_false(text):
    return FALSE_HERE.search(text.replace(PROGRAM, "").replace(OF_FOOD, "")) is not None


def turned_over(page):
    """Turn over the tabs of a page one after another; once where it has none."""
    yield
    for tabs in page.findChildren(QTabWidget):
        for place in range(tabs.count()):
            tabs.setCurrentIndex(place)
            yield


def texts(window):
    """Everything that stands in a window or is told over it, also on parts that are hidden now."""
    for each in [window, *window.findChildren(QWidget)]:
        yield from (each.toolTip(), each.accessibleName(), each.windowTitle())
        match each:
            case QLabel() | QAbstractButton():
                yield each.text()
            case QLineEdit() | QPlainTextEdit():
                yield each.placeholderText()
            case QGroupBox():
                yield each.title()
            case QComboBox():
                yield from (each.itemText(n) for n in range(each.count()))
            case QTabWidget():
                yield from (each.tabText(n) for n in range(each.count()))
            case QListWidget():
                yield from (each.item(n).text() for n in range(each.count()))
            case QAbstractItemView() if each.model() is not None:
                yield from of_model(each.model())
            case _:
                pass


def of_model(model):
    """The heads and the cells of a table; of a tree its first rows."""
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount()):
            index = model.index(row, column)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                yield str(index.data(role) or "")
