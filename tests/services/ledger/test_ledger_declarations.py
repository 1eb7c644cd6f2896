"""The office declares ledgers: new ones, columns, formulas; no data is lost, units follow."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.conditions import CellCheck, Condition, View
from fsdesk.domain.ledger.formulas import DaySpan, Feed, LedgerMeasure, RowOperation
from fsdesk.domain.ledger.ledger import ColumnType, Ledger, LedgerColumn, LedgerEntry
from fsdesk.domain.steps import run_through
from fsdesk.services.ledger import ledger_declarations, ledger_figures, ledgers
from fsdesk.services.packet import exchange
from fsdesk.services.plan import planning
from tests.workspaces import MARCH, import_files

KIND = LedgerColumn("类型", ColumnType.CHOICE, ("小作坊", "小餐饮"))
NEW = Ledger(
    "",
    "三小行业",
    (LedgerColumn("名称"), KIND, LedgerColumn("登记日期", ColumnType.DATE), LedgerColumn("备注")),
    ("名称",),
)
COUNTED = Feed(
    "I01-1",
    LedgerMeasure(
        where=(Condition("类型", CellCheck.IS, ("小餐饮",)),), day="登记日期", span=DaySpan.WITHIN
    ),
    counts=True,
)


@pytest.fixture
def office(office):
    """The office; none of its ledgers computes an indicator of the small plan."""
    with office.writing() as writing:
        plain = [replace(each, feeds=()) for each, _ in planning.ledgers(office)]
        ledgers.ledgers.save_ledgers(writing, plain)
    return office


def keep(workspace, ledger, *rows):
    ledgers.save_rows(workspace, [LedgerEntry("", ledger.code, "scj", values) for values in rows])


def refused(office, ledger):
    with pytest.raises(InputRejectedError) as told:
        ledger_declarations.save(office, ledger)
    return str(told.value)


def test_a_new_ledger_arrives_at_the_unit_with_the_next_packet_and_counts(office, unit, tmp_path):
    made = ledger_declarations.save(office, replace(NEW, feeds=(COUNTED,)))
    assert made.code == "own1"
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    import_files(unit, next(packet.file for packet in issued if packet.unit == "scj"))
    assert ledgers.find_ledger(unit, "三小行业") == made
    keep(unit, made, {"名称": "甲", "类型": "小餐饮", "登记日期": date(2026, 3, 5)})
    import_files(office, exchange.export_report(unit, MARCH, tmp_path / "报送.xlsx").file)
    assert len(ledgers.page(office, made.code)) == 1
    found = ledger_figures.compared(office, MARCH)
    assert [each.computed.value for each in found if each.indicator.code == "I01-1"] == [1.0]


def test_an_edited_ledger_arrives_and_an_older_packet_does_not_bring_the_old_one_back(
    office, unit, tmp_path
):
    old = run_through(exchange.issue_packets(office, MARCH, tmp_path / "旧"))
    ledger = ledgers.find_ledger(office, "sampling")
    more = replace(ledger, columns=(*ledger.columns, LedgerColumn("抽样人")))
    ledger_declarations.save(office, more)
    new = run_through(exchange.issue_packets(office, MARCH, tmp_path / "新"))
    for issued in (new, old):
        import_files(unit, next(packet.file for packet in issued if packet.unit == "scj"))
        assert ledgers.find_ledger(unit, "sampling").column("抽样人") is not None


def test_a_retired_column_keeps_what_it_held(office):
    made = ledger_declarations.save(office, NEW)
    keep(office, made, {"名称": "甲", "备注": "原来的话"})
    shorter = ledger_declarations.save(office, replace(made, columns=made.columns[:-1]))
    desk = ledger_declarations.open_desk(office, made.code)
    assert desk.used == {"名称": 1, "备注": 1}
    assert desk.retired == ("备注",)
    ledger_declarations.save(office, replace(shorter, columns=made.columns))
    assert ledgers.page(office, made.code)[0].values["备注"] == "原来的话"


def test_a_change_of_type_is_refused_with_the_number_of_rows_that_do_not_fit(office):
    made = ledger_declarations.save(office, NEW)
    keep(office, made, {"名称": "甲", "备注": "2026-03-05"}, {"名称": "乙", "备注": "某日"})
    dated = (*made.columns[:-1], LedgerColumn("备注", ColumnType.DATE))
    assert "有 1 行的内容不合新的类型“日期”，如“某日”" in refused(
        office, replace(made, columns=dated)
    )
    (_, second) = ledgers.page(office, made.code)
    values = {"名称": "乙", "备注": "2026-04-01"}
    ledgers.save_rows(office, [replace(second, values=values)])
    changed = ledger_declarations.save(office, replace(made, columns=dated))
    late = View(conditions=(Condition("备注", CellCheck.AT_LEAST, ("2026-04-01",)),))
    assert [e.values["备注"] for e in ledgers.page(office, changed.code, late)] == [
        date(2026, 4, 1)
    ]


def test_a_choice_that_rows_hold_is_not_taken_away(office):
    made = ledger_declarations.save(office, NEW)
    keep(office, made, {"名称": "甲", "类型": "小作坊"})
    fewer = tuple(replace(c, choices=("小餐饮",)) if c.choices else c for c in made.columns)
    assert "小作坊" in refused(office, replace(made, columns=fewer))


def test_another_key_must_tell_the_rows_apart(office):
    made = ledger_declarations.save(office, NEW)
    keep(office, made, {"名称": "甲", "备注": "同"}, {"名称": "乙", "备注": "同"}, {"名称": "丙"})
    words = refused(office, replace(made, key=("备注",)))
    assert "有 1 行的识别列是空的" in words
    assert "按新的识别列有 2 行是重复的" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": " "}, "台账名称没有填"),
        ({"title": "食堂"}, "已有名为“食堂”的台账"),
        ({"title": "a/b"}, "不能用"),
        ({"key": ()}, "没有识别列"),
        ({"key": ("编号",)}, "识别列“编号”不在列中"),
        ({"columns": (*NEW.columns, LedgerColumn("名称"))}, "列名“名称”重复"),
        ({"columns": (LedgerColumn("名称"), LedgerColumn("类", ColumnType.CHOICE))}, "没有选项"),
        ({"columns": (LedgerColumn("名称"), replace(KIND, choices=("甲", "甲")))}, "有重复"),
        ({"feeds": (replace(COUNTED, indicator="I99-9"),)}, "计划中没有指标 I99-9"),
        ({"feeds": (Feed("I01-3", LedgerMeasure(RowOperation.SUM, "名称")),)}, "请选数字列"),
        ({"feeds": (Feed("I01-3", LedgerMeasure(day="名称")),)}, "不是日期列"),
        (
            {
                "feeds": (
                    Feed("I01-3", LedgerMeasure(where=(Condition("类型", CellCheck.IS, ("大",)),))),
                )
            },
            "应为：小作坊、小餐饮",
        ),
        (
            {"feeds": (Feed("I01-3", LedgerMeasure(where=(Condition("无", CellCheck.FILLED),))),)},
            "不在列中",
        ),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_stored(office, change, words):
    before = planning.ledgers(office)
    assert words in refused(office, replace(NEW, **change))
    assert planning.ledgers(office) == before


def test_one_indicator_is_computed_from_one_ledger_only(office):
    first = Feed("I01-3", LedgerMeasure(), LedgerMeasure())
    ledger_declarations.save(office, replace(NEW, feeds=(first,)))
    other = replace(NEW, title="另一个", feeds=(first,))
    assert "已由台账“三小行业”计算" in refused(office, other)


def test_only_the_office_declares(unit):
    assert "只有区食药安办" in refused(unit, NEW)
