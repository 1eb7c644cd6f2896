"""A district's office at its own PC: from the city's packet to a corrected report."""

from __future__ import annotations

import pytest

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.care import known
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.workspace import open_workspace
from tests.levels import city_plan
from tests.ui.hands import Hands
from tests.workspaces import Clock, import_files, make_office

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
MARCH = Period.parse("2026-03")
OWN_FIGURES = (("I01-1", DataValue(40.0)), ("I01-5", DataValue(7.0)))


@pytest.fixture
def city(tmp_path):
    """The city's office on another PC, with the packet that it sent to the district."""
    with make_office(tmp_path / "市" / "city", Clock(), city_plan()) as workspace:
        issued = run_through(exchange.issue_packets(workspace, MARCH, tmp_path / "来自市里"))
        yield workspace, next(each.file for each in issued if each.unit == "bjq")


@pytest.fixture
def own(tmp_path):
    """The district's own workspace, closed; its bureau has reported for March."""
    with make_office(tmp_path / "区" / "own", Clock()) as workspace:
        for item, data in OWN_FIGURES:
            recording.record_value(workspace, item, "2026-03", data, "scj")
        known.remember(workspace)
    return workspace.folder


@pytest.fixture
def hands(start, qtbot, monkeypatch, pc_clock, own):
    pc_clock.set("2026-04-02T01:00:00+00:00")
    program = start(own)
    program.window.resize(1366, 728)
    made = Hands(qtbot, program, monkeypatch)
    made.settle()
    return made


def state(hands, item):
    rows = hands.window.page("ladder").figures.model.rows
    return next(each for each in rows if each.key.item == item)


def editor(form, item):
    return next(each for each in form.forms.views["T07-1"].editors if each.key.item == item)


def at_city(workspace, code):
    figures = aggregation.status(workspace, MARCH).indicators
    return next(each.figure.value for each in figures if each.indicator.code == code)


def make_upper(hands, packet, own):
    """The workspace for the city's plan is made beside the own one."""
    hands.pick("Alt+W", "新建…")
    start = hands.window.page("start")
    hands.wait(lambda: hasattr(start, "form"))
    hands.give_file(packet)
    hands.click(start.form.packet)
    hands.wait(lambda: known.last().unit == "bjq")
    assert {each.folder for each in known.workspaces()} == {own, known.last().folder}
    hands.window.top_bar.go_to_period("2026-03")


def link(hands):
    """It is told once where the own figures are, and what belongs together."""
    hands.window.open("ladder", enter=True)
    hands.settle()
    page = hands.window.page("ladder")
    hands.click(hands.button("从它取数"))
    hands.wait(page.tabs.isVisible)
    page.tabs.setCurrentIndex(1)
    hands.click(hands.button("确认全部建议（6）"))
    page.tabs.setCurrentIndex(0)
    return page


def change_with_a_reason(hands, form, report):
    """A figure that is changed by hand goes up only with its reason."""
    hands.go_to(editor(form, "I07-3").fields[0])
    hands.press("Ctrl+A")
    hands.type("9")
    hands.press("Return")
    assert "请在备注中写明原因" in editor(form, "I07-3").drawn.text()
    hands.give_file(report)
    hands.press("F9")
    hands.wait(form.export.isVisible)
    assert not form.export.may_write
    hands.click(hands.button("返回填报"))
    hands.go_to(editor(form, "I07-3").note)
    hands.type("含市级直管哨点2家")
    hands.press("Tab")
    hands.export(report)
    hands.wait(report.is_file)


def test_a_district_fills_the_citys_month_from_its_own_and_corrects_it(hands, city, own, tmp_path):
    office, packet = city
    make_upper(hands, packet, own)
    page = link(hands)
    hands.press("F9")
    hands.wait(lambda: state(hands, "I07-1").present == DataValue(40.0))
    assert "已取数 2 项" in hands.told[0]

    page.figures.table.choose_rows(lambda each: each.key.item == "I07-3")
    hands.click(hands.button("去填报"))
    form, report = hands.window.page("recording"), tmp_path / "报送包.xlsx"
    hands.wait(lambda: bool(form.forms.views))
    change_with_a_reason(hands, form, report)
    import_files(office, report)
    assert (at_city(office, "I07-1"), at_city(office, "I07-3")) == (40.0, 9.0)

    # The bureau corrects: the district is told, and one click leads to the corrected report.
    with open_workspace(own, clock=Clock()) as district:
        recording.record_value(district, "I01-1", "2026-03", DataValue(43.0), "scj")
    hands.window.open("ladder", enter=True)
    hands.settle()
    hands.click(hands.button("重新读取"))
    hands.wait(page.figures.differs.isVisible)
    assert "I07-1 食品抽检批次：40，现为 43" in page.figures.words.text()
    hands.click(hands.button("更正并导出"))
    hands.wait(form.export.isVisible)
    corrected = tmp_path / "更正.xlsx"
    hands.give_file(corrected)
    hands.click(hands.button("更改…"))
    hands.press("F9")
    hands.wait(corrected.is_file)
    import_files(office, corrected)
    assert (at_city(office, "I07-1"), at_city(office, "I07-3")) == (43.0, 9.0)
