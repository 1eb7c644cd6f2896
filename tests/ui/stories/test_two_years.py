"""January in the window: one button makes the new year, and both years are gone to by mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.care import known, next_year, setup
from fsdesk.services.packet import exchange
from fsdesk.services.plan.planning import confirm_plan, current_plan
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.ui.hands import Hands
from tests.workspaces import Clock, import_files, make_unit
from ui.pages.exchange.exchange import ExchangePage
from ui.pages.plan.plan import PlanPage
from ui.widgets.choice import Choice

DECEMBER, JANUARY = Period.parse("2026-12"), Period.parse("2027-01")


def issue(office, folder, period):
    written = run_through(exchange.issue_packets(office, period, folder))
    return next(each.file for each in written if each.unit == "scj")


@pytest.fixture
def years(office, unit, tmp_path):
    """The office's packets for the unit: of December, and of the January that follows."""
    with open_workspace(next_year.make_carried_on(office), clock=Clock()) as later:
        next_packet = issue(later, tmp_path / "下发2027", JANUARY)
    return issue(office, tmp_path / "下发2026", DECEMBER), next_packet


def buttons(hands):
    return {b.text(): b for b in hands.window.findChildren(QPushButton) if b.isVisible()}


def year_box(hands):
    return next(box for box in hands.window.findChildren(Choice) if box.accessibleName() == "年度")


def at():
    """The workspace that the window opened last."""
    return known.last()


def test_the_new_year_is_one_button_and_both_years_stay_open_to_the_mouse(
    start, qtbot, monkeypatch, office, unit, years
):
    december, january = years
    for workspace in (office, unit):
        workspace.close()
    hands = Hands(qtbot, start(unit.folder, [january]), monkeypatch)
    hands.settle()
    incoming = hands.window.page("exchange").incoming
    assert "不能接收 1 个" in incoming.result.text()
    assert "--" not in incoming.words.toPlainText()  # no command where a button does it

    hands.click(buttons(hands)["建立 2027 年工作区"])
    hands.wait(lambda: at().year == 2027)
    assert at().folder == unit.folder.with_name("unit-2027")
    assert [year_box(hands).itemText(row) for row in range(year_box(hands).count())] == [
        "2026 年",
        "2027 年",
    ]
    assert hands.window.windowTitle().endswith("2027 年")
    told = [banner.text for banner in hands.window.banners.banners]
    assert any("已建立 2027 年工作区" in text for text in told)
    assert any("系草案" in text for text in told)

    # What belongs to December is dropped here, and goes where it belongs by one click.
    hands.window.open("exchange", (december,))
    hands.settle()
    hands.click(buttons(hands)["到 2026 年工作区接收"])
    hands.wait(lambda: at().year == 2026)
    assert hands.window.current_key == "exchange"
    assert "可接收 1 个" in hands.window.page("exchange").incoming.result.text()
    hands.click(buttons(hands)["全部接收"])

    year_box(hands).setFocus(Qt.FocusReason.TabFocusReason)
    hands.press("Down")
    hands.wait(lambda: at().year == 2027)


def test_among_other_files_the_new_year_waits_for_its_button(page_test, unit, years):
    december, january = years
    test = page_test(unit)
    page = test.show(ExchangePage(test.desk))
    page.check([december, january])
    test.settle()
    test.press("全部接收")
    assert "未接收 1 个" in test.told.warnings[-1]
    test.press("建立 2027 年工作区")
    assert test.told.switched == [unit.folder.with_name("unit-2027")]
    assert not test.told.errors


def test_files_that_were_not_taken_yet_are_not_left_behind(page_test, unit, years):
    december, january = years
    test = page_test(unit)
    page = test.show(ExchangePage(test.desk))
    page.check([december, january])
    test.settle()
    test.press("建立 2027 年工作区")
    assert not test.told.switched
    assert "其余文件还没有接收" in test.told.news[-1]
    test.press("全部接收")
    test.press("到 2027 年工作区")
    assert test.told.switched == [unit.folder.with_name("unit-2027")]
    assert test.told.handed == []


def test_what_fails_is_told_and_the_button_stays(page_test, unit, years, monkeypatch):
    test = page_test(unit)
    page = test.show(ExchangePage(test.desk))
    page.check([years[1]])
    test.settle()
    years[1].unlink()
    test.press("建立 2027 年工作区")
    (problem,) = test.told.errors
    assert years[1].name in str(problem)
    assert not test.told.switched
    assert page.incoming.begin_year.isEnabled()


def test_the_office_sends_a_report_on_to_its_year(page_test, office, unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-12", DataValue(5))
    report = exchange.export_report(unit, DECEMBER, tmp_path / "12.xlsx", early=True).file
    with open_workspace(next_year.make_carried_on(office), clock=Clock()) as later:
        test = page_test(later)
        page = test.show(ExchangePage(test.desk), "2027-01")
        page.check([report])
        test.settle()
        assert str(office.folder) in page.incoming.words.toPlainText()
        test.press("到 2026 年工作区接收")
    assert test.told.switched == [office.folder]
    assert test.told.handed == [report]


def test_the_plan_page_says_that_the_plan_is_carried_on(page_test, office):
    with open_workspace(next_year.make_carried_on(office), clock=Clock()) as later:
        test = page_test(later)
        page = test.show(PlanPage(test.desk), "2027-01")
        assert "2027年计划尚未读入，暂沿用2026年内容，系草案" in page.draft.words.text()
        with test.qtbot.waitSignal(page.open_requested) as asked:
            test.press("读取 2027 年文件…")
        assert asked.args[0] == "plan-document"
        test.press("确认为正式计划")
        assert not page.draft.isVisible()
        assert not current_plan(later).draft_note
        assert "重新下发" in test.told.news[-1]


def test_a_unit_is_told_and_decides_nothing(page_test, office, tmp_path):
    with open_workspace(next_year.make_carried_on(office), clock=Clock()) as later:
        packet = issue(later, tmp_path / "下发", JANUARY)
        with make_unit(office, tmp_path / "unit") as unit:
            folder = next_year.make_from_packet(unit, packet)
        with open_workspace(folder, clock=Clock()) as made:
            test = page_test(made)
            page = test.show(PlanPage(test.desk), "2027-01")
            assert "系草案" in page.draft.words.text()
            assert not page.draft.confirm.isVisible()
            confirm_plan(later)
            import_files(made, issue(later, tmp_path / "再下发", JANUARY))
            page.refresh("2027-01")
            test.settle()
            assert not page.draft.isVisible()


def test_a_plan_of_its_own_year_says_nothing(page_test, tmp_path):
    with setup.create_office(tmp_path / "plain", small_plan()) as made:
        test = page_test(made)
        assert not test.show(PlanPage(test.desk)).draft.isVisible()
