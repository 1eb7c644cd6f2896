"""Whole months by real keys and mouse: a unit's, the office's, and a careless clerk's."""

from __future__ import annotations

import functools

import pytest
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication

from fsdesk.domain.records.records import DataValue, ProgressReport, Status
from fsdesk.services.care import setup
from fsdesk.services.packet import checking, exchange
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace
from tests.ui.hands import WAIT, Hands
from tests.workspaces import MARCH, Clock, make_office, make_unit

pytestmark = pytest.mark.quick


@pytest.fixture
def sit_down(qtbot, start, monkeypatch):
    """Start the program on a folder, as by a double click on its symbol."""
    # The middle of April, whatever day it is.
    opening = functools.partial(open_workspace, clock=Clock("2026-04-16T01:00:00+00:00"))
    monkeypatch.setattr("fsdesk.workspace.open_workspace", opening)
    opened = []

    def begin(folder):
        program = start(folder)
        opened.append(program)
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow, timeout=WAIT)
        return Hands(qtbot, program, monkeypatch)

    yield begin
    for program in opened:  # after a failed test a question would wait for ever
        monkeypatch.setattr(program.messages, "ask", lambda *_, **__: "仍然关闭")


def choose_march(hands):
    hands.choose(hands.window.top_bar.period_field, "3 月")
    assert hands.window.period == str(MARCH)


def test_a_units_month_without_the_mouse(sit_down, packet, tmp_path):
    hands = sit_down(tmp_path / "mine")
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    hands.give_file(packet)
    hands.go_to(start.form.packet)
    hands.press("Return")
    hands.wait(lambda: hands.window.current_key == "overview")
    choose_march(hands)
    fill_in_the_form(hands)
    take_back_and_do_again(hands)
    hands.press("Ctrl+Down")
    write_words(hands)
    file = tmp_path / "报送包.xlsx"
    export_after_filling_a_gap(hands, file)
    sent = {record.key.item: record.content for record in checking.read(file).filled}
    assert sent["I01-1"] == DataValue(120)
    assert sent["I01-3"] == DataValue(None, 5, 5)
    assert sent["I01-7"] == DataValue(400)
    assert sent["T01-2"] == ProgressReport(Status.UNDER_WAY, "召开联席会议\n部署抽检工作")
    assert len(sent) == 7


def figures(hands):
    page = hands.window.page("recording")
    return page.forms.views[page.tasks.code].values


def fill_in_the_form(hands):
    """From the list of what is due into the form, and down its figures by Enter."""
    hands.press("Ctrl+1", "Home", "Return")
    assert hands.window.current_key == "recording"
    page = hands.window.page("recording")
    hands.go_to(page.tasks, "Shift+Tab")
    hands.press("Home", "Return")
    samples, farm, rate, grade, sites, risk = figures(hands)
    assert samples.first.hasFocus()
    hands.type("120")
    hands.press("Return")
    assert samples.to_date.text().endswith("120")
    assert "已保存" in hands.window.status.text
    hands.type("30")
    hands.press("Return")
    assert rate.fields[0].hasFocus()
    for text in ("5", "5", "8", "10", "3"):
        hands.type(text)
        hands.press("Return")
    assert risk.first.hasFocus()
    assert (farm.wrong, rate.wrong, grade.wrong, sites.wrong) == (False,) * 4


def take_back_and_do_again(hands):
    sites, risk = figures(hands)[4:]
    hands.type("400")
    hands.press("Return", "Ctrl+Z", "Ctrl+Z")
    assert (sites.first.text(), risk.first.text()) == ("", "")
    hands.press("Ctrl+Y")
    assert (sites.first.text(), risk.first.text()) == ("3", "")


def write_words(hands):
    page = hands.window.page("recording")
    assert page.tasks.code == "T01-2"
    report = page.forms.views["T01-2"].editors[0]
    assert report.status.hasFocus()
    hands.choose(report.status, "进行中")
    hands.press("Tab")
    hands.type("召开联席会议")
    hands.press("Return")
    hands.type("部署抽检工作")
    hands.press("Ctrl+Return")
    assert report.texts[1].hasFocus()


def export_after_filling_a_gap(hands, file):
    """What is missing is listed, leads to its field, and does not hinder the export."""
    hands.press("F9")
    export = hands.window.page("recording").export
    assert "5 项未填" in export.summary.text()
    row = next(n for n, gap in enumerate(export.model.rows) if gap.name == "风险监测样本量")
    assert hands.at is export.table
    hands.press("Home", *["Down"] * row, "Return")
    risk = figures(hands)[5]
    assert hands.at is risk.first
    hands.type("400")
    hands.export(file)
    hands.wait(file.is_file)
    assert "4 项未填" in export.summary.text()
    assert "已导出2026年3月报送包" in export.done.text()
    assert "已导出，尚未收到回执" in hands.window.status.text


# The office


@pytest.fixture
def reports(tmp_path):
    """The office's folder beside the reports of two units; nobody else has reported."""
    clock = Clock()
    (tmp_path / "in").mkdir()
    with make_office(tmp_path / "office", clock) as office:
        for code, samples in (("scj", 120), ("fgj", 3)):
            with make_unit(office, tmp_path / code, code, clock) as unit:
                recording.record_value(unit, "I01-1", str(MARCH), DataValue(samples))
                exchange.export_report(unit, MARCH, tmp_path / "in" / f"{code}.xlsx")
    return sorted((tmp_path / "in").iterdir())


def test_an_offices_month_without_the_mouse(sit_down, reports, tmp_path, monkeypatch):
    hands = sit_down(tmp_path / "office")
    choose_march(hands)
    take_reports(hands, reports)
    accept_one_and_return_the_other(hands)
    look_at_the_sum(hands)
    issue_a_letter(hands)
    answer_the_units(hands, tmp_path / "out")
    print_a_table(hands, tmp_path / "表.pdf", monkeypatch)


def take_reports(hands, reports):
    hands.press("Ctrl+5")
    page = hands.window.page("exchange")
    hands.give_file(*reports)
    hands.press("Return")
    assert "可接收 2 个" in page.incoming.result.text()
    hands.press("F9")
    assert "已导入 2 个" in page.incoming.result.text()


def accept_one_and_return_the_other(hands):
    review = hands.window.page("exchange").review
    hands.press("Ctrl+Tab", "Ctrl+Tab")
    hands.go_to(review.reports.table)
    names = [report.name for report in review.reports.model.rows]
    walk_to(hands, names.index("区市场监管局"))
    hands.go_to(review.accept)
    hands.press("Return")
    hands.go_to(review.reports.table, "Shift+Tab")
    walk_to(hands, names.index("区发改局(农业农村局)"))
    hands.go_to(review.comment)
    hands.type("请核对抽检批次")
    hands.go_to(review.overall)
    hands.type("批次偏少，请核对")
    hands.go_to(review.give_back)
    hands.answer("退回")
    hands.press("Return")
    states = {report.unit: report.state_label for report in review.reports.model.rows}
    assert (states["scj"], states["fgj"]) == ("已接收", "已退回")


def walk_to(hands, row):
    hands.press("Ctrl+Home", *["Down"] * row)
    assert hands.at.currentIndex().row() == row


def look_at_the_sum(hands):
    hands.press("Ctrl+6")
    page = hands.window.page("aggregate")
    hands.press("Ctrl+Tab", "Ctrl+Tab")
    hands.go_to(page.tables[2])
    assert page.tables[2].current_row().indicator.code == "I01-1"
    assert "120" in page.why.toPlainText()
    hands.press("Return")
    assert hands.window.current_key == "drill"


def issue_a_letter(hands):
    hands.press("Ctrl+7")
    page = hands.window.page("supervision")
    hands.go_to(page.proposal_table)
    hands.press("Home")
    hands.go_to(page.agree)
    hands.press("Return")
    assert len(page.register.papers.rows) == 1
    hands.press("Ctrl+Tab", "Ctrl+Tab")
    hands.go_to(page.register.issue)
    hands.answer("印发")
    hands.press("Return")
    hands.wait(lambda: page.register.papers.rows[0].notice is not None)
    assert "〔2026〕1号" in page.register.papers.rows[0].number


def answer_the_units(hands, folder):
    hands.press("Ctrl+5")
    hands.give_file(folder)
    hands.go_to(hands.button("生成反馈包"))
    hands.press("Return")
    names = {file.name.split("-")[1] for file in folder.iterdir()}
    assert {"区市场监管局", "区发改局(农业农村局)"} <= names


def print_a_table(hands, file, monkeypatch):
    def print_to_file(dialog):
        dialog.printer().setOutputFileName(str(file))
        return True

    monkeypatch.setattr(QPrintDialog, "exec", print_to_file)
    hands.press("Ctrl+9")
    page = hands.window.page("printing")
    assert hands.at is page.outputs
    hands.press("Down", "Up", "F9")
    assert len(PdfReader(file).pages) == len(page.panel.preview.sheets)


# A careless clerk


@pytest.fixture
def desk(sit_down, packet, tmp_path):
    """A unit's window on its form of March."""
    setup.create_unit_from_packet(tmp_path / "mine", checking.read(packet)).close()
    hands = sit_down(tmp_path / "mine")
    choose_march(hands)
    return hands


def test_nothing_a_careless_clerk_does_loses_anything(desk, sit_down, tmp_path):
    desk.press("Ctrl+2")
    type_nonsense(desk)
    press_escape_and_twice(desk, tmp_path)
    open_the_wrong_files(desk, tmp_path)
    close_in_the_middle(desk)
    again = sit_down(tmp_path / "mine")
    choose_march(again)
    again.press("Ctrl+2")
    page = again.window.page("recording")
    report = page.forms.views["T01-1"].editors[6]
    assert report.texts[0].toPlainText() == "写到一半就关了"
    samples = figures(again)[0]
    assert samples.first.text() == "120"
    again.click(page.undo)
    assert report.texts[0].toPlainText() == ""
    again.click(page.redo)
    assert report.texts[0].toPlainText() == "写到一半就关了"


def type_nonsense(hands):
    """Words in number fields, a part larger than the whole, a year of two digits."""
    samples, farm, rate = figures(hands)[:3]
    hands.click(samples.first)
    hands.type("很多")
    hands.press("Return")
    assert "应为数字" in samples.words.text()
    hands.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    assert hands.at is samples.first
    hands.press("Ctrl+A")
    hands.type("１２0批次")
    hands.press("Return")
    assert not samples.wrong
    assert samples.to_date.text().endswith("120")
    hands.type("500")
    hands.press("Return")
    assert "大于" in farm.words.text()
    hands.type("9")
    hands.press("Return")
    hands.type("8")
    hands.press("Return")
    assert "分子 9 大于分母 8" in rate.words.text()
    hands.press("Escape")
    assert rate.fields[0].text() == "9"  # Escape loses nothing


def press_escape_and_twice(hands, folder):
    """Export in spite of red fields; mend them; double clicks on the way to the export."""
    page, rate = hands.window.page("recording"), figures(hands)[2]
    hands.double_click(page.header.primary)
    first = page.export.model.rows[0]
    assert (first.concern.label, first.name) == ("填写有误", "其中农产品批次")
    assert "项填写有误" in page.export.summary.text()
    assert not page.export.export.isEnabled()
    hands.click(hands.button("返回填报"))
    rate = figures(hands)[2]
    hands.click(rate.fields[1])
    hands.press("End")
    hands.type("0")
    hands.press("Return")
    assert not rate.wrong
    farm = figures(hands)[1]
    hands.click(farm.first)
    hands.press("End", "Backspace")
    hands.press("Return")
    hands.give_file(folder / "不该有.xlsx")
    hands.double_click(page.header.primary)
    assert page.export.isVisible()
    hands.click(hands.button("返回填报"))
    assert not (folder / "不该有.xlsx").exists()
    assert "未导出" in hands.window.status.text


def open_the_wrong_files(hands, folder):
    """A letter, a picture under a wrong name, and the unit's own report."""
    (folder / "通知.xlsx").write_bytes(b"no workbook")
    (folder / "照片.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    hands.press("Ctrl+5")
    page = hands.window.page("exchange")
    hands.give_file(folder / "通知.xlsx", folder / "照片.xlsx")
    hands.click(page.incoming.zone)
    assert "不能接收 2 个" in page.incoming.result.text()
    assert not page.take.isEnabled()
    hands.press("F9")
    assert page.incoming.words.toPlainText()


def close_in_the_middle(hands):
    hands.press("Ctrl+2")
    report = hands.window.page("recording").forms.views["T01-1"].editors[6]
    hands.click(report.texts[0])
    hands.type("写到一半就关了")
    hands.window.close()
    assert not hands.window.isVisible()


def test_two_clicks_on_the_first_button_make_one_workspace(sit_down, tmp_path):
    hands = sit_down(tmp_path / "mine")
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    start.form.office.click()
    hands.double_click(start.form.start)
    hands.wait(lambda: hands.window.current_key == "overview")
    assert hands.told == []
    assert QApplication.activeModalWidget() is None
