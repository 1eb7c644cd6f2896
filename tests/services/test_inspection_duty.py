"""包保督导 from the ledgers of a workspace, as a figure beside the typed one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.inspection_duty import DutyState
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.services import inspection_duty
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledger_figures, ledgers
from fsdesk.services.output import reporting
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.services.status.drill_down import open_figure
from fsdesk.store.ledger.tables import LEDGER
from tests.workspaces import Clock, make_office

MARCH, JUNE = Period.parse("2026-03"), Period.parse("2026-06")


def row(ledger, unit, **values):
    return LedgerEntry("", ledger, unit, values)


def subject(unit, name, level="C", state="在产在营", **more):
    return row("subject", unit, 主体=name, 分级=level, 街道="西兴", 经营状态=state, **more)


def visit(unit, name, day, found=0, rectified=0):
    return row(
        "inspection", unit, 主体=name, 督导日期=day, 发现问题数=float(found),
        已整改数=float(rectified),
    )  # fmt: skip


@pytest.fixture
def office(tmp_path):
    """The office on the built-in plan, with the rows of two streets."""
    clock = Clock("2026-07-02T01:00:00+00:00")
    with setup.create_office(tmp_path / "office", load_builtin_plan(2026), clock=clock) as made:
        streets = [u.code for u in planning.current_plan(made).directory.units][-2:]
        one, two = streets
        ledgers.save_rows(
            made,
            [
                subject(one, "甲"),
                subject(one, "乙"),
                subject(one, "丙", state="已注销", 退出日期=date(2026, 2, 1)),
                subject(two, "丁", "A"),
                visit(one, "甲", date(2026, 2, 1), 2, 1),
                visit(one, "甲", date(2026, 3, 1)),
                visit(one, "甲", date(2026, 5, 6)),
                visit(two, "丁", date(2026, 6, 30), 1, 1),
                row("cadre", one, 姓名="张三", 街道="西兴", 培训日期=date(2026, 3, 3)),
                row("cadre", one, 姓名="李四", 街道="西兴", 培训日期=date(2025, 3, 3)),
            ],
        )
        made.streets = streets
        yield made


def test_the_figure_is_computed_by_unit_and_stands_beside_the_typed_one(office):
    one, two = office.streets
    recording.record_value(office, "I01-1", "2026-03", DataValue(numerator=2, denominator=2), one)
    found = {
        (item.indicator.code, item.unit): item for item in ledger_figures.compared(office, JUNE)
    }
    mine = found["I01-1", one]
    assert (mine.computed.numerator, mine.computed.denominator) == (2, 4)
    assert mine.differs
    assert "同一周期内不重复" in mine.source.text
    other = found["I01-1", two]
    assert (other.computed.numerator, other.computed.denominator) == (1, 2)
    trained = found["I01-3", one].computed
    assert (trained.numerator, trained.denominator) == (1, 2)
    cured = found["I01-2", one].computed
    assert (cured.numerator, cured.denominator) == (1, 2)


def test_a_month_alone_is_what_fell_due_in_it_and_months_add_up(office):
    one, _two = office.streets
    months = [Period.parse(f"2026-{month:02}") for month in range(1, 7)]
    found = [ledger_figures.suggestion(office, one, month).get("I01-1") for month in months]
    assert [each and (each.numerator, each.denominator) for each in found] == [
        None, None, (1, 2), None, None, (1, 2)
    ]  # fmt: skip


def test_who_is_overdue_and_what_is_not_rectified(office):
    found = inspection_duty.duty(office, JUNE)
    states = {line.subject.name: line.state for line in found.lines}
    assert states == {"甲": DutyState.DONE, "乙": DutyState.OVERDUE, "丁": DutyState.DONE}
    assert [line.subject.name for line in found.lines if line.open_problems] == ["甲"]
    assert (found.year.made, found.year.owed) == (3, 6)
    assert (found.trained.made, found.trained.owed) == (1, 2)
    assert found.subjects == 4


def test_another_frequency_is_another_figure(office):
    planning.change_settings(office, {}, Rules(duty_a=12, duty_c=6))
    found = inspection_duty.duty(office, JUNE)
    assert (found.year.made, found.year.owed) == (1, 2)
    assert "C级（街道）每半年一次" in found.rule


def test_the_list_for_the_cadres_is_a_workbook(office, tmp_path):
    from openpyxl import load_workbook

    assert inspection_duty.write_list(office, JUNE, tmp_path / "list.xlsx", only_open=True) == 2
    sheet = load_workbook(tmp_path / "list.xlsx").active
    names = [cell.value for cell in sheet["A"]]
    assert names == ["包保督导清单（截至2026年6月）", "主体", "乙", "甲"]


def test_a_workspace_of_an_earlier_version_is_given_the_ledgers(tmp_path):
    with make_office(tmp_path / "earlier") as office:
        with office.writing() as writing:
            old = delete(LEDGER).where(LEDGER.c.code.in_(["subject", "cadre"]))
            writing.session.execute(old)
        found = inspection_duty.duty(office, MARCH)
        assert found.missing == ("包保主体", "包保干部")
        assert not found.lines
        assert inspection_duty.add_ledgers(office) == ("包保主体", "包保干部")
        assert not inspection_duty.duty(office, MARCH).missing
        assert inspection_duty.add_ledgers(office) == ()


def test_typed_and_visited_stand_side_by_side_with_the_rule_that_decides(office, tmp_path):
    from openpyxl import load_workbook

    one, _two = office.streets
    assert inspection_duty.duty(office, JUNE).both is None
    recording.record_value(office, "I01-1", "2026-06", DataValue(numerator=4, denominator=4), one)
    both = inspection_duty.duty(office, JUNE).both
    words = both.text(JUNE)
    assert words == (
        "填报数 100%（4/4）；按督导记录算出 50%（3/6）。汇总采用填报数，台账算出的数仅供核对。"
    )
    opened = open_figure(office, JUNE, FigureRef(Depth.INDICATOR, "I01-1"))
    assert words in opened.words
    reporting.write_table(office, "indicators", JUNE, tmp_path / "表.xlsx")
    sheet = load_workbook(tmp_path / "表.xlsx").active
    texts = [str(cell.value) for line in sheet.iter_rows() for cell in line if cell.value]
    assert any(f"※ I01-1 包保督导完成率：{words}" in text for text in texts)
    assert "包保督导完成率※" in texts
