"""Indicators computed from their ledgers: as counted by hand, beside what was typed."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.formulas import DaySpan, Feed, LedgerMeasure, RowOperation
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.records.records import DataValue
from fsdesk.services.ledger import ledger_figures, ledgers
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.store.ledger import ledgers as store
from tests.workspaces import MARCH

FOOD = Condition("类别", CellCheck.IS, ("食用农产品", "其他食品"))
FAILED = Condition("检验结论", CellCheck.IS, ("不合格",))
DONE = Condition("核查处置状态", CellCheck.IS, ("已处置",))
KINDS = ("食用农产品", "其他食品", "药品")
DAYS = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), None)


def sample(number):
    values = {
        "抽样编号": f"A{number}",
        "类别": KINDS[number % 3],
        "抽样日期": DAYS[number % 5],
        "检验结论": "不合格" if number % 2 else "合格",
        "核查处置状态": "已处置" if number % 7 < 3 else None,
        "被抽样单位": f"店{number % 11}",
    }
    return LedgerEntry("", "sampling", "scj" if number % 4 else "fgj", values)


def declare(workspace, *, counts=False):
    within = {"day": "抽样日期", "span": DaySpan.WITHIN}
    feeds = (
        Feed("I01-1", LedgerMeasure(where=(FOOD,), **within), counts=counts),
        Feed(
            "I01-3",
            LedgerMeasure(where=(FAILED, DONE), **within),
            LedgerMeasure(where=(FAILED,), **within),
            counts=counts,
        ),
        Feed(
            "I01-5",
            LedgerMeasure(RowOperation.DISTINCT, "被抽样单位", (FOOD,), "抽样日期", DaySpan.UNTIL),
        ),
    )
    with workspace.writing() as writing:
        first, *_ = store.load_ledgers(writing.session)
        store.save_ledgers(writing, [replace(first, feeds=feeds)])


def by_hand(rows, unit, first, test):
    days = (date(2026, 1, 1) if first else date.min, date(2026, 3, 31))
    return [
        row.values
        for row in rows
        if row.unit == unit
        and row.values["抽样日期"] is not None
        and days[0] <= row.values["抽样日期"] <= days[1]
        and test(row.values)
    ]


@pytest.fixture
def rows(office):
    found = [sample(number) for number in range(200)]
    ledgers.save_rows(office, found)
    return found


@pytest.mark.parametrize("unit", ["scj", "fgj"])
def test_what_is_computed_is_what_is_counted_by_hand(office, rows, unit):
    declare(office)
    found = ledger_figures.suggestion(office, unit, MARCH)
    food = by_hand(rows, unit, True, lambda v: v["类别"] != "药品")
    year = {c.indicator.code: c for c in ledger_figures.compared(office, MARCH) if c.unit == unit}
    assert year["I01-1"].computed.value == len(food)
    failed = by_hand(rows, unit, True, lambda v: v["检验结论"] == "不合格")
    done = [v for v in failed if v["核查处置状态"] == "已处置"]
    ratio = year["I01-3"].computed
    assert (ratio.numerator, ratio.denominator) == (len(done), len(failed))
    shops = {v["被抽样单位"] for v in by_hand(rows, unit, False, lambda v: v["类别"] != "药品")}
    assert found["I01-5"].value == len(shops)
    march = [v for v in food if v["抽样日期"] == date(2026, 3, 31)]
    assert found["I01-1"].value == len(march)


def test_typed_stands_beside_computed_with_the_difference(office, rows):
    declare(office)
    recording.record_value(office, "I01-1", "2026-03", DataValue(50), unit="scj")
    (line,) = [
        c
        for c in ledger_figures.compared(office, MARCH)
        if (c.indicator.code, c.unit) == ("I01-1", "scj")
    ]
    assert line.differs
    assert line.difference == 50 - line.computed.value
    assert "供核对" in line.source.text
    status = {r.indicator.code: r for r in aggregation.status(office, MARCH).indicators}
    assert status["I01-1"].figure.value == 50


def test_a_computed_figure_counts_only_where_that_is_declared(office, rows):
    recording.record_value(office, "I01-1", "2026-03", DataValue(5000), unit="scj")
    declare(office, counts=True)
    expected = sum(
        len(by_hand(rows, unit, True, lambda v: v["类别"] != "药品")) for unit in ("scj", "fgj")
    )
    status = {r.indicator.code: r for r in aggregation.status(office, MARCH).indicators}
    assert status["I01-1"].figure.value == expected
    assert "以台账为准" in ledger_figures.sources(office)["I01-1"].text


def test_a_unit_without_rows_has_not_reported(office, rows):
    declare(office)
    assert ledger_figures.suggestion(office, "xx", MARCH) == {}
