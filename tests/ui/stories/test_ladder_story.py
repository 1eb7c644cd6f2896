"""Offices at their own PCs: from the city's packet to a corrected report, up to the province."""

from __future__ import annotations

import pytest

from fsdesk.demo.levels import PROVINCE, Matter, plan_of
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.plan.units import Unit, UnitKind
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.records.submissions import OpinionAnswer
from fsdesk.domain.steps import run_through
from fsdesk.services.care import known
from fsdesk.services.ladder import matching, own_workspace
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.workspace import open_workspace
from tests.levels import city_plan
from tests.ui.hands import Hands
from tests.workspaces import Clock, import_files, make_office, make_unit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
MARCH = Period.parse("2026-03")
OWN_FIGURES = (("I01-1", DataValue(40.0)), ("I01-5", DataValue(7.0)))
BUREAU, OTHER_BUREAU = "区市场监管局", "区发改局(农业农村局)"
OPINION, WHOLE = "与市里掌握的不符", "请核对抽检批次"


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
    hands.answer("全部确认")  # after a look at the pairs whose names are not the same
    hands.click(hands.button("确认全部建议（6）"))
    assert "食品抽检批次 → 抽检批次" in hands.questions[-1][1]
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


def fill_and_send(hands, packet, own, report):
    """The city's month from its packet to the report, with one figure that was changed."""
    make_upper(hands, packet, own)
    page = link(hands)
    hands.press("F9")
    hands.wait(lambda: state(hands, "I07-1").present == DataValue(40.0))
    assert "已取数 2 项" in hands.told[0]

    page.figures.table.choose_rows(lambda each: each.key.item == "I07-3")
    hands.click(hands.button("去填报"))
    form = hands.window.page("recording")
    hands.wait(lambda: bool(form.forms.views))
    change_with_a_reason(hands, form, report)
    return page, form


def test_a_district_fills_the_citys_month_from_its_own_and_corrects_it(hands, city, own, tmp_path):
    (office, packet), report = city, tmp_path / "报送包.xlsx"
    page, form = fill_and_send(hands, packet, own, report)
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


# Three PCs: the report is returned, corrected, accepted, and climbs on to the province


@pytest.fixture
def above(city, tmp_path, monkeypatch):
    """The folders of the city's own workspace, of that as a unit of the province, the province's.

    All are closed; in the city's PC it was said that the figures come from its own workspace.
    """
    asked = Matter("食品抽检批次", IndicatorKind.COUNT, Aggregation.CUMULATIVE, "批次", 3000)
    plan = plan_of(PROVINCE, (Unit("c01", "本市", UnitKind.DISTRICT),), (asked,), 1)
    office, _packet = city
    with make_office(tmp_path / "省" / "province", Clock(), plan) as province:
        with make_unit(province, tmp_path / "市" / "upper", "c01", Clock()) as upper:
            own_workspace.choose(upper, office.folder)
            matching.confirm_proposed(upper)
            with monkeypatch.context() as there:
                there.setenv(known.PLACE, str(tmp_path / "pc" / "市.json"))
                known.remember(upper)
        office.close()
        return office.folder, upper.folder, province.folder


class Pcs:
    """Offices at PCs of their own: each has its own list of workspaces, and its window."""

    def __init__(self, folder, clock, begin, monkeypatch):
        self.folder, self._clock, self._begin, self._patch = folder, clock, begin, monkeypatch

    def begin(self, name, folder, day):
        """Start the program on another PC, some day in April."""
        self._sit(name, day)
        hands = self._begin(folder)
        hands.window.resize(1366, 728)
        self._come_to_front(hands)
        hands.window.top_bar.go_to_period(str(MARCH))
        hands.settle()
        return hands

    def turn(self, name, hands, day):
        """Turn to a PC whose program runs."""
        self._sit(name, day)
        self._come_to_front(hands)

    def _sit(self, name, day):
        self._patch.setenv(known.PLACE, str(self.folder / "pc" / f"{name}.json"))
        self._clock.set(f"2026-04-{day:02}T01:00:00+00:00")

    def _come_to_front(self, hands):
        hands.window.activateWindow()
        hands.wait(hands.window.isActiveWindow)


@pytest.fixture
def pcs(start, qtbot, monkeypatch, pc_clock, tmp_path):
    return Pcs(tmp_path, pc_clock, lambda f: Hands(qtbot, start(f), monkeypatch), monkeypatch)


@pytest.fixture
def launched(monkeypatch):
    """The files that were opened with another program."""
    found = []
    monkeypatch.setattr("ui.files.Files.launch", lambda _files, path: found.append(path))
    return found


def take(hands, file):
    """A packet is looked at and taken."""
    page = hands.go("exchange")
    hands.tab(page.tabs, "接收")
    hands.give_file(file)
    hands.click(page.incoming.zone)
    hands.wait(page.take.isEnabled)
    hands.click(page.take)
    assert "已导入 1 个" in page.incoming.result.text()


def review(hands):
    """The one report that waits is shown."""
    page = hands.go("exchange")
    hands.tab(page.tabs, "审核")
    hands.row(page.review.reports.table, lambda row: row.name == "滨江区")
    return page.review


def answer(hands, folder):
    """The city's answer to the district, as a packet."""
    hands.go("exchange")
    hands.give_file(folder)
    hands.click(hands.button("生成反馈包"))
    (file,) = folder.glob("*滨江区*.xlsx")
    return file


def return_with_opinion(hands):
    panel = review(hands)
    hands.row(panel.rows_table, lambda row: row.key.item == "I07-1")
    hands.click(panel.comment)
    hands.type(OPINION)
    hands.click(panel.overall)
    hands.type(WHOLE)
    hands.answer("退回")
    hands.click(panel.give_back)
    assert OPINION in hands.questions[-1][1]


def open_indicator(hands, item):
    """From 汇总 into what lies under an indicator's figure."""
    page = hands.go("aggregate")
    hands.tab(page.tabs, "按指标")
    hands.row(page.tables[-1], lambda row: row.indicator.code == item)
    hands.press("Return")
    hands.wait(lambda: hands.window.current_key == "drill")
    return hands.window.page("drill")


def deeper(hands, *names):
    """Enter on one line after another; what each line of the last level says is returned."""
    page = hands.window.page("drill")
    for name in names:
        hands.row(page.table, lambda line, name=name: name in line.cells[0])
        hands.press("Return")
    return {line.cells[0]: line.cells[1] for line in page.table.model().rows}


def bureau_corrects(own, value):
    with open_workspace(own, clock=Clock("2026-04-03T08:00:00+00:00")) as district:
        recording.record_value(district, "I01-1", "2026-03", DataValue(value), "scj")


def to_form(hands):
    """The page 填报, and on it the form: after an export its outcome stands there."""
    page = hands.go("recording")
    if page.export.isVisible():
        hands.click(hands.button("返回填报"))
    return page


def correct_what_was_returned(hands, file):
    """The opinion is seen, the figure taken over anew, the opinion answered, the report sent."""
    hands.go("overview")
    hands.click(hands.button("去修改"))
    form = to_form(hands)
    assert OPINION in form.opinions.rows["I07-1"].text.text()
    hands.go("ladder")
    hands.click(hands.button("重新读取"))
    assert state(hands, "I07-1").correction == "I07-1 食品抽检批次：40，现为 43"
    hands.press("F9")
    hands.wait(lambda: state(hands, "I07-1").present == DataValue(43.0))
    assert state(hands, "I07-3").present.value == 9.0  # with its reason it stays
    to_form(hands)
    hands.choose(form.opinions.rows["I07-1"].answer, OpinionAnswer.MENDED.label)
    hands.export(file)
    hands.wait(file.is_file)


def send_to_the_province(hands, upper, file):
    """The city turns to its workspace as a unit, fills its month from its own, and sends it."""
    hands.pick("Alt+W", next(each.title for each in known.workspaces() if each.folder == upper))
    hands.wait(lambda: "ladder" in hands.window.keys)
    hands.window.top_bar.go_to_period(str(MARCH))
    page = hands.go("ladder")
    hands.choose(page.figures.carry, "再带下级各单位的数")
    hands.press("F9")
    hands.wait(lambda: state(hands, "I701").present == DataValue(43.0))
    to_form(hands)
    hands.export(file)
    hands.wait(file.is_file)


def look_and_return(office, report, launched):
    """The city looks what is behind the figure, down to a bureau's month, and returns it."""
    take(office, report)
    drill = open_indicator(office, "I07-1")
    assert deeper(office) == {"滨江区": "40批次", "西湖区": "未报"}
    assert deeper(office, "滨江区", "分单位") == {BUREAU: "40批次", OTHER_BUREAU: "未报"}
    assert "滨江区报送 40批次，与报送数一致" in drill.words.text()
    assert deeper(office, BUREAU) == {"2026年3月": "40批次"}
    assert launched == []
    deeper(office, "2026年3月")
    (packet,) = launched  # no ledger was carried: the month opens the packet that brought it
    assert packet.read_bytes() == report.read_bytes()
    return_with_opinion(office)
    open_indicator(office, "I07-1")
    assert deeper(office)["滨江区"] == "40批次（含已退回数据）"


def accept(office, report):
    """The city sees the answer to its opinion, and accepts."""
    take(office, report)
    panel = review(office)
    office.row(panel.rows_table, lambda row: row.key.item == "I07-1")
    assert f"上次的意见：{OPINION}。单位答复：改了" in panel.detail.beside.toPlainText()
    office.click(panel.accept)
    assert panel.reports.current().locked


def look_from_the_province(province, report):
    """The province opens the city's figure: the district, and there the bureau's month."""
    take(province, report)
    drill = open_indicator(province, "I701")
    assert deeper(province) == {"本市": "43批次"}
    assert deeper(province, "本市", "分单位") == {"滨江区": "43批次", "西湖区": "未报"}
    assert "本市报送 43批次，与报送数一致" in drill.words.text()
    below = deeper(province, "滨江区")
    assert (below[BUREAU], below[OTHER_BUREAU]) == ("43批次", "未报")
    assert deeper(province, BUREAU) == {"2026年3月": "43批次"}


def test_a_returned_report_is_corrected_and_its_figure_opens_at_the_province(
    hands, city, own, above, pcs, launched
):
    first, second, third = (pcs.folder / f"{name}.xlsx" for name in ("报送", "更正", "市"))
    own_city, upper_city, at_province = above
    fill_and_send(hands, city[1], own, first)
    office = pcs.begin("市", own_city, 3)
    look_and_return(office, first, launched)
    opinion = answer(office, pcs.folder / "反馈")

    bureau_corrects(own, 43.0)
    pcs.turn("区", hands, 4)
    take(hands, opinion)
    correct_what_was_returned(hands, second)

    pcs.turn("市", office, 5)
    accept(office, second)
    send_to_the_province(office, upper_city, third)
    look_from_the_province(pcs.begin("省", at_province, 6), third)
