"""A figure is opened down to the rows, the packet and the file that prove it."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, Milestone, RecordKey, RecordKind, Status
from fsdesk.domain.status.drill_down import YEAR, Depth, FigureRef
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.ledger.ledger_figures import compared
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.records import evidence, recording
from fsdesk.services.status import drill_down
from fsdesk.services.status.drill_down import further, open_figure
from tests.workspaces import Clock, import_files, make_office, make_unit

MARCH = Period.parse("2026-03")


@pytest.fixture
def reported(tmp_path):
    """An office that took a unit's packet of March, with a proof, and typed April itself."""
    clock = Clock()
    with (
        make_office(tmp_path / "office", clock) as office,
        make_unit(office, tmp_path / "unit", clock=clock) as unit,
    ):
        recording.record_value(unit, "I01-1", "2026-02", DataValue(value=100))
        recording.record_value(unit, "I01-1", "2026-03", DataValue(value=140, note="含快检"))
        recording.record_milestone(
            unit, "D01-1-1", "2026-03", Milestone(Status.DONE, date(2026, 3, 5))
        )
        proof = tmp_path / "检验报告.txt"
        proof.write_text("报告", encoding="utf-8")
        evidence.attach(unit, RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03"), proof)
        file = tmp_path / "report.zip"
        exchange.export_report(unit, MARCH, file)
        clock.set("2026-04-03T02:00:00+00:00")
        import_files(office, file)
        clock.set("2026-04-04T02:00:00+00:00")
        recording.record_value(office, "I01-1", "2026-01", DataValue(value=10), unit="scj")
        yield office


def cells(level):
    return [line.cells for line in level.lines]


def down(office, figure, *names):
    """Follow lines by the beginning of their first cell; give the last level."""
    level = open_figure(office, MARCH, figure)
    for name in names:
        line = next(line for line in level.lines if line.cells[0].startswith(name))
        level = open_figure(office, MARCH, line.to)
    return level


def test_from_the_year_to_the_packet_and_the_proof(reported):
    level = down(reported, YEAR, "T01-1", "I01-1", "区市场监管局", "2026年3月")

    shown = dict(line.cells for line in level.lines)
    assert shown["填报内容"] == "140批次"
    assert shown["备注"] == "含快检"
    assert shown["佐证材料"] == "检验报告.txt"
    files = {line.cells[0]: line.file for line in level.lines if line.file}
    assert files["佐证材料"].read_text(encoding="utf-8") == "报告"
    assert files["来源"].suffix == ".zip"
    assert files["来源"].exists()
    assert [name for _, name in level.way] == ["总进度", "T01-1", "I01-1", "区市场监管局"]


def test_every_step_back_opens_too(reported):
    level = down(reported, YEAR, "T01-1", "I01-1", "区市场监管局", "2026年3月")
    for figure, _name in level.way:
        assert open_figure(reported, MARCH, figure).spot == figure


def test_periods_say_whether_they_count_and_where_they_came_from(reported):
    level = down(reported, FigureRef(Depth.FIGURE, "I01-1", "scj"))

    january, march = cells(level)[:2]
    assert january[1:4] == ("10批次", "计入", "在本机填报")
    assert march[1:3] == ("140批次", "计入")
    assert march[3].startswith("报送包 ")
    assert march[4] == "1 件"


def test_a_unit_is_opened_to_its_own_tasks_and_figures(reported):
    level = down(reported, FigureRef(Depth.UNIT, unit="scj"), "T01-1")

    assert level.title == "区市场监管局 · T01-1 抽检监测"
    line = next(line for line in level.lines if line.cells[0].startswith("I01-1"))
    assert line.to == FigureRef(Depth.FIGURE, "I01-1", "scj")


def test_a_deliverable_is_opened_to_units_and_what_they_said(reported):
    level = down(reported, FigureRef(Depth.DELIVERABLE, "D01-1-1"), "区市场监管局")

    assert cells(level)[0][:2] == ("2026年3月", "已完成（2026-03-05）")
    assert [name for _, name in level.way] == ["总进度", "T01-1", "D01-1-1"]


def test_a_derived_figure_is_opened_to_what_it_is_derived_from(reported):
    level = down(reported, FigureRef(Depth.INDICATOR, "I01-6"), "区市场监管局")

    assert [row[1] for row in cells(level)[:2]] == ["10批次", "140批次"]


def test_the_latest_state_counts_alone_for_levels(reported):
    for month, value in (("2026-02", 20), ("2026-03", 22)):
        recording.record_value(reported, "I01-5", month, DataValue(value=value), unit="scj")
    level = down(reported, FigureRef(Depth.FIGURE, "I01-5", "scj"))

    assert [row[2] for row in cells(level)[:2]] == ["不重复计入", "计入"]


def test_what_the_plan_does_not_hold_is_told(reported):
    for figure in (
        FigureRef(Depth.TASK, "T99-1"),
        FigureRef(Depth.INDICATOR, "I99-1"),
        FigureRef(Depth.UNIT, unit="nobody"),
    ):
        with pytest.raises(InputRejectedError, match="计划中已没有"):
            open_figure(reported, MARCH, figure)


# Ledgers


@pytest.fixture
def sampled(tmp_path):
    """An office on the real plan whose own ledger holds samples."""
    plan = load_builtin_plan(2026)
    with setup.create_office(tmp_path / "office", plan, clock=Clock()) as office:
        rows = [
            LedgerEntry(
                "",
                "sampling",
                "scjg",
                {
                    "抽样编号": f"S{number:04}",
                    "类别": "药品" if number % 3 else "其他食品",
                    "抽样日期": date(2026, 1 + number % 4, 5),
                    "检验结论": "合格",
                },
            )
            for number in range(450)
        ]
        ledgers.save_rows(office, rows)
        yield office


def test_rows_are_as_many_as_the_figure_says_and_are_turned_page_by_page(sampled):
    unit = next(line.unit for line in compared(sampled, MARCH) if line.indicator.code == "I04-6")
    level = open_figure(sampled, MARCH, FigureRef(Depth.FIGURE, "I04-6", unit))
    line = next(line for line in level.lines if line.to and line.to.depth is Depth.ROWS)
    figure = next(each for each in compared(sampled, MARCH) if each.indicator.code == "I04-6")
    seen = 0
    page = open_figure(sampled, MARCH, line.to)
    assert page.heads[0] == "抽样编号"
    while True:
        assert {row[1] for row in cells(page)} == {"药品"}
        seen += len(page.lines)
        if not page.more:
            break
        page = open_figure(sampled, MARCH, further(page))

    assert line.cells[1] == f"{seen} 条"
    assert seen == figure.computed.value == sum(1 for n in range(450) if n % 3 and n % 4 < 3)
    assert drill_down.further(page).start == seen


def registered(office, key, unit, month):
    values = {"抽样编号": key, "类别": "其他食品", "抽样日期": date(2026, month, 5)}
    ledgers.save_rows(office, [LedgerEntry("", "sampling", unit, values)])


def rows_of(office, unit):
    """Return what is said of a unit's rows beside their number, and of each by its key."""
    level = open_figure(office, MARCH, FigureRef(Depth.FIGURE, "I04-3", unit))
    line = next(line for line in level.lines if line.to and line.to.depth is Depth.ROWS)
    page = open_figure(office, MARCH, line.to)
    at = page.heads.index("是否计入")
    return line.cells[1:3], {row[0]: row[at] for row in cells(page)}


def test_a_row_that_another_unit_registered_too_says_who_and_where_it_counts(sampled):
    registered(sampled, "T1", "wjj", 2)
    registered(sampled, "T2", "wjj", 2)
    registered(sampled, "T1", "fgj", 3)
    assert rows_of(sampled, "wjj") == (
        ("2 条", "其中 1 条不计入，1 条与其他单位重复登记"),
        {"T1": "不重复计入：区发改局(农业农村局)也登记了，只计入该单位", "T2": "计入"},
    )
    assert rows_of(sampled, "fgj") == (
        ("1 条", "其中 1 条与其他单位重复登记"),
        {"T1": "计入，区卫健局也登记了，不再计"},
    )


def test_a_row_of_a_month_that_is_left_out_says_so(sampled):
    registered(sampled, "T1", "wjj", 2)
    registered(sampled, "T2", "wjj", 3)
    reviewing.leave_out(sampled, "wjj", Period.parse("2026-02"), "存疑")
    assert rows_of(sampled, "wjj") == (
        ("2 条", "其中 1 条不计入"),
        {"T1": "不计入：该月的数据不计入汇总", "T2": "计入"},
    )
    lines = {(x.indicator.code, x.unit): x.computed.value for x in compared(sampled, MARCH)}
    assert lines["I04-3", "wjj"] == 1
