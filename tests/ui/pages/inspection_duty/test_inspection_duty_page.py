"""包保督导 shows groups, and the subjects behind them."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from PySide6.QtTest import QAbstractItemModelTester
from sqlalchemy import delete

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.records import DataValue
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.store.ledger.tables import LEDGER
from tests.workspaces import Clock
from ui.pages.inspection_duty.inspection_duty import CADRE, SHOWN, STREET, InspectionDutyPage


def subject(name, level, street, cadre="张三"):
    values = {
        "主体": name,
        "分级": level,
        "街道": street,
        "包保干部": cadre,
        "经营状态": "在产在营",
    }
    return LedgerEntry("", "subject", "xx", values)


def visit(name, day, found=0.0, rectified=0.0):
    values = {"主体": name, "督导日期": day, "发现问题数": found, "已整改数": rectified}
    return LedgerEntry("", "inspection", "xx", values)


@pytest.fixture
def shown(office, page_test):
    ledgers.save_rows(
        office,
        [
            subject("甲店", "A", "西兴"),
            subject("乙店", "C", "西兴"),
            subject("丙店", "C", "长河", "李四"),
            visit("甲店", date(2026, 2, 3), 2.0, 1.0),
            visit("丙店", date(2026, 3, 3)),
        ],
    )
    test = page_test(office)
    return test, test.show(InspectionDutyPage(test.desk))


def names(page):
    return [line.subject.name for line in page.lines.rows]


def choose(page, name):
    row = next(n for n, group in enumerate(page.groups.rows) if group.name == name)
    page.group_table.selectRow(row)


def test_figures_groups_and_who_is_overdue(shown):
    _test, page = shown  # on 2 April the first quarter is over
    QAbstractItemModelTester(page.groups)
    QAbstractItemModelTester(page.lines)
    assert "66.67%" in page.completion.accessibleName()
    assert "1家" in page.overdue.accessibleName()
    assert "50.00%" in page.cured.accessibleName()
    assert [group.name for group in page.groups.rows] == ["A级（市级）", "C级（街道）", "合计"]
    assert names(page) == ["乙店"]


def test_a_group_narrows_the_list_and_a_tile_opens_it_to_all(shown):
    _test, page = shown
    page.which.set_value(SHOWN[-1][1])
    page.by.set_value(STREET)
    page._show_groups()
    choose(page, "长河")
    assert names(page) == ["丙店"]
    choose(page, "合计")
    assert sorted(names(page)) == sorted(["甲店", "乙店", "丙店"])
    page.by.set_value(CADRE)
    page._show_groups()
    choose(page, "李四")
    assert names(page) == ["丙店"]
    page.cured.click()
    assert names(page) == ["甲店"]


def test_the_list_is_searched_by_cadre(shown, qtbot):
    _test, page = shown
    page.which.set_value(SHOWN[-1][1])
    page.search.setText("李四")
    page.search.search_now()
    assert names(page) == ["丙店"]


def test_a_row_leads_to_the_visits_and_the_list_to_a_workbook(shown, qtbot, tmp_path, monkeypatch):
    test, page = shown
    with qtbot.waitSignal(page.open_requested) as asked:
        page.line_table.row_opened.emit(page.lines.rows[0])  # never visited
    assert asked.args == ["ledger", ("subject", "乙店")]
    page.which.set_value(SHOWN[2][1])
    page._show_lines()
    with qtbot.waitSignal(page.open_requested) as asked:
        page.line_table.row_opened.emit(page.lines.rows[0])
    assert asked.args == ["ledger", ("inspection", "甲店")]
    page.which.set_value(SHOWN[0][1])
    monkeypatch.setattr(test.files, "save", lambda *_: tmp_path / "list.xlsx")
    test.press("导出督导清单")
    assert "2 家主体" in test.told.news[-1]  # one overdue, one with an open problem


def test_without_a_list_the_page_says_how_to_get_one(office, page_test, qtbot):
    test = page_test(office)
    page = test.show(InspectionDutyPage(test.desk))
    assert page.stack.currentWidget() is page.empty
    with qtbot.waitSignal(page.open_requested) as asked:
        page.empty.button.click()
    assert asked.args == ["ledger", "subject"]


def test_an_office_of_an_earlier_version_adds_the_ledgers(office, page_test):
    with office.writing() as writing:
        writing.session.execute(delete(LEDGER).where(LEDGER.c.code == "subject"))
    test = page_test(office)
    page = test.show(InspectionDutyPage(test.desk))
    assert page.empty.button.text() == "添加台账"
    page.empty.button.click()
    test.settle()
    assert "已添加台账" in test.told.news[-1]
    assert page.empty.button.text() == "去导入主体名录"


def test_what_was_typed_stands_on_the_page_beside_what_the_visits_come_to(page_test, tmp_path):
    with setup.create_office(tmp_path / "district", load_builtin_plan(2026), clock=Clock()) as made:
        street = planning.current_plan(made).directory.units[-1].code
        rows = [subject("甲店", "A", "西兴"), subject("乙店", "C", "西兴"),
                visit("甲店", date(2026, 2, 3))]  # fmt: skip
        ledgers.save_rows(made, [replace(row, unit=street) for row in rows])
        typed = DataValue(numerator=2, denominator=2)
        recording.record_value(made, "I01-1", "2026-03", typed, street)
        test = page_test(made)
        page = test.show(InspectionDutyPage(test.desk))
        assert "50.00%，按督导记录；另有填报数" in page.completion.accessibleName()
        words = "填报数 100%（2/2）；按督导记录算出 50%（1/2）。汇总采用填报数"
        assert words in page._rule.text()
        test.settle()
