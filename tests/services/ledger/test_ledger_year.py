"""What ledgers come to month by month: once for each thing, without what is left out."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.formulas import DaySpan, Feed, LedgerMeasure, RowOperation
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.plan import FormerPlan
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.services.ledger import ledger_figures, ledgers
from fsdesk.services.ledger.ledger_figures import LedgerYear
from fsdesk.services.packet import reviewing
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.store.ledger import ledgers as store
from fsdesk.store.plan import plans
from fsdesk.store.records import records
from tests.workspaces import MARCH, make_office

JUNE, APRIL = Period.parse("2026-06"), Period.parse("2026-04")
DRUGS = Condition("类别", CellCheck.IS, ("药品",))
WITHIN = {"day": "抽样日期", "span": DaySpan.WITHIN}
# A count, a ratio, different values, a condition that no facet tells, and a list without dates.
FEEDS = (
    Feed("I01-1", LedgerMeasure(**WITHIN), counts=True),
    Feed("I01-2", LedgerMeasure(where=(Condition("样品名称", CellCheck.CONTAINS, ("米",)),),
         **WITHIN), counts=True),
    Feed("I01-3", LedgerMeasure(where=(DRUGS,), **WITHIN), LedgerMeasure(**WITHIN), counts=True),
    Feed("I01-4", LedgerMeasure(where=(DRUGS,)), LedgerMeasure(), counts=True),
    Feed("I01-5", LedgerMeasure(day="抽样日期", span=DaySpan.UNTIL), counts=True),
    Feed("I01-7", LedgerMeasure(RowOperation.DISTINCT, "被抽样单位", **WITHIN), counts=True),
)  # fmt: skip


def computed_at(session, plan, period, left_out):
    """Return what ledgers come to at one period's end."""
    return LedgerYear(session, plan, left_out).at(period)


def sample(key, unit, month=1, *, kind="药品", shop="店1", name="大米", year=2026):
    values = {
        "抽样编号": key, "类别": kind, "抽样日期": date(year, month, 5), "被抽样单位": shop,
        "样品名称": name,
    }  # fmt: skip
    return LedgerEntry("", "sampling", unit, values)


@pytest.fixture
def office(office):
    with office.writing() as writing:
        first, *rest = store.load_ledgers(writing.session)
        store.save_ledgers(writing, [replace(first, feeds=FEEDS), *rest])
    return office


def numbers(data):
    """Return a value, or what stands above and below its line."""
    return data.value if data.numerator is None else (data.numerator, data.denominator)


def at(office, period=JUNE, left_out=(), unit="scj"):
    """Return a unit's computed figures by indicator."""
    with office.reading() as session:
        plan = plan_in(session, 2026)
        values = computed_at(session, plan, period, dict(left_out)).values
    return {code: numbers(found[unit]) for code, found in values.items() if unit in found}


def doubled(office, period=JUNE, left_out=()):
    with office.reading() as session:
        found = computed_at(session, plan_in(session, 2026), period, dict(left_out)).doubled
    return {code: sorted(units) for code, units in found.items() if units}


# One thing counts once


def test_a_sample_number_held_by_two_units_counts_once_in_every_figure(office):
    ledgers.save_rows(
        office, [sample("S1", "scj"), sample("S2", "scj", shop="店2", kind="食用农产品")]
    )
    alone = at(office)
    ledgers.save_rows(office, [sample("S1", "xx", shop="店3"), sample("S2", "xx", shop="店4")])

    assert at(office, unit="scj") == alone
    assert alone == {
        "I01-1": 2, "I01-2": 2, "I01-3": (1, 2), "I01-4": (1, 2), "I01-5": 2, "I01-7": 2,
    }  # fmt: skip
    # The other one keeps rows, so that its typed figures stand no more; but none of them counts.
    assert at(office, unit="xx") == {
        "I01-1": 0, "I01-2": 0, "I01-3": (0, 0), "I01-4": (0, 0), "I01-5": 0, "I01-7": 0,
    }  # fmt: skip
    total = aggregation.status(office, JUNE).indicators[0].figure
    assert total.value == 2


def test_figures_that_rest_on_a_double_are_marked_for_both_units_and_no_other(office):
    ledgers.save_rows(
        office,
        [
            sample("S1", "fgj", 2, kind="食用农产品"),
            sample("S1", "xx", 4, kind="食用农产品"),
            sample("S2", "scj"),
        ],
    )
    both = ["fgj", "xx"]
    # Neither row is a drug: above the line of the ratio nothing is double, below it something is.
    wanted = dict.fromkeys(["I01-1", "I01-2", "I01-3", "I01-4", "I01-5", "I01-7"], both)
    assert doubled(office) == wanted
    in_march = {code: ["fgj"] for code in wanted} | {"I01-4": both}
    assert doubled(office, MARCH) == in_march
    left_out = {"fgj": frozenset({2})}
    assert doubled(office, MARCH, left_out)["I01-5"] == ["fgj"]
    assert "I01-1" not in doubled(office, MARCH, left_out)


def test_a_double_counts_for_a_unit_that_answers_for_the_indicator(office):
    # The office has the smaller code, but nothing of it is in the total.
    ledgers.save_rows(office, [sample("S1", "ban"), sample("S1", "xx"), sample("S1", "scj")])
    values = {unit: at(office, unit=unit) for unit in ("ban", "scj", "xx")}
    assert {unit: found["I01-1"] for unit, found in values.items()} == {"ban": 0, "scj": 1, "xx": 0}
    assert {unit: found["I01-7"] for unit, found in values.items()} == {"ban": 0, "scj": 1, "xx": 0}
    assert aggregation.status(office, JUNE).indicators[0].figure.value == 1


def test_sums_take_a_double_once_too(office):
    with office.writing() as writing:
        known = store.load_ledgers(writing.session)
        found = Feed("I01-1", LedgerMeasure(RowOperation.SUM, "发现问题数"), counts=True)
        store.save_ledgers(
            writing,
            [
                replace(x, feeds={"inspection": (found,)}.get(x.code, ()))
                for x in known
            ],
        )  # fmt: skip
    visit = {"主体": "店1", "督导日期": date(2026, 1, 5)}
    ledgers.save_rows(
        office,
        [
            LedgerEntry("", "inspection", "scj", visit | {"发现问题数": 3.0}),
            LedgerEntry("", "inspection", "fgj", visit | {"发现问题数": 5.0}),
        ],
    )
    assert at(office, unit="fgj") == {"I01-1": 5}
    assert at(office, unit="scj") == {"I01-1": 0}


def test_a_ledger_whose_keys_are_each_unit_s_own_counts_all_rows(office):
    ledgers.save_rows(office, [sample("1", "scj"), sample("1", "xx")])
    with office.writing() as writing:
        first, *rest = store.load_ledgers(writing.session)
        store.save_ledgers(writing, [replace(first, keyed_by_unit=True), *rest])
    assert [at(office, unit=unit)["I01-1"] for unit in ("scj", "xx")] == [1, 1]
    assert doubled(office) == {}


ROWS = (
    sample("S1", "xx", 1, shop="店1"), sample("S1", "scj", 2, shop="店2", kind="食用农产品"),
    sample("S2", "scj", 2, shop="店2"), sample("S1", "fgj", 3, shop="店1", name="油"),
)  # fmt: skip


def test_in_which_order_rows_come_makes_no_difference(office, tmp_path):
    ways = []
    for number, order in enumerate(permutations(ROWS)):
        with make_office(tmp_path / str(number)) as one:
            with one.writing() as writing:
                first, *rest = store.load_ledgers(writing.session)
                store.save_ledgers(writing, [replace(first, feeds=FEEDS), *rest])
            for row in order:
                ledgers.save_rows(one, [row])
            ways.append([*(at(one, MARCH, unit=u) for u in ("fgj", "scj", "xx")), doubled(one)])
    assert all(way == ways[0] for way in ways)
    assert [way["I01-1"] for way in ways[0][:3]] == [1, 1, 0]


# 不计入


@pytest.fixture
def spread(office):
    """One row a month from December on, each of another shop but two."""
    rows = [sample("D", "scj", 12, year=2025, shop="旧店")]
    rows += [sample(f"S{m}", "scj", m, shop=f"店{m // 2}") for m in range(1, 7)]
    rows.append(sample("X", "fgj", 2))
    ledgers.save_rows(office, rows)
    return office


def test_rows_of_months_that_are_left_out_do_not_count_and_stocks_stand_as_they_were(spread):
    assert at(spread, APRIL) == {
        "I01-1": 4, "I01-2": 4, "I01-3": (4, 4), "I01-4": (7, 7), "I01-5": 5, "I01-7": 3,
    }  # fmt: skip
    february = {"scj": frozenset({2})}
    assert at(spread, APRIL, february) == {
        "I01-1": 3, "I01-2": 3, "I01-3": (3, 3), "I01-4": (7, 7), "I01-5": 5, "I01-7": 3,
    }  # fmt: skip
    april = {"scj": frozenset({4})}
    assert at(spread, APRIL, april) == {
        "I01-1": 3, "I01-2": 3, "I01-3": (3, 3), "I01-5": 4, "I01-7": 2,
    }  # fmt: skip
    assert at(spread, APRIL, april, unit="fgj")["I01-1"] == 1


def test_a_value_that_came_first_in_a_month_that_is_left_out_counts_when_it_comes_again(spread):
    # 店1 came in February and in March.
    assert at(spread, MARCH, {"scj": frozenset({2})})["I01-7"] == 2
    assert at(spread, MARCH, {"scj": frozenset({2, 3})})["I01-7"] == 1


def test_a_unit_of_which_all_is_left_out_has_no_figure_and_what_it_typed_does_not_count_either(
    spread,
):
    recording.record_value(spread, "I01-1", "2026-02", DataValue(70), unit="fgj")
    assert at(spread, MARCH, {"fgj": frozenset({1, 2, 3})}, unit="fgj") == {}
    for month in ("2026-01", "2026-02", "2026-03"):
        reviewing.leave_out(spread, "fgj", Period.parse(month), "存疑")
    (samples, *_) = aggregation.status(spread, MARCH).indicators
    assert samples.figure.value == 3  # scj's alone


def test_a_list_without_dates_is_withheld_with_its_month_and_nothing_typed_comes_in_its_place(
    spread,
):
    canteens = "I01-4"  # a ratio over all rows, whatever their day
    recording.record_value(
        spread, canteens, "2026-02", DataValue(numerator=1, denominator=9), unit="scj"
    )
    reviewing.leave_out(spread, "scj", APRIL, "存疑")

    for period, reported in ((MARCH, True), (APRIL, False)):
        found = aggregation.status(spread, period).indicators
        own = next(r for r in found if r.indicator.code == canteens).by_unit[0]
        assert (own.unit, own.figure.reported) == ("scj", reported)


def test_who_left_in_the_middle_of_a_month_keeps_what_its_ledger_held_at_the_last_end(spread):
    with spread.writing() as writing:
        plan = plan_in(writing.session, 2026)
        sampling, *rest = plan.tasks
        kept = replace(sampling, assignments=sampling.assignments[1:])  # without scj
        point = replace(plan.points[0], tasks=(kept, *rest))
        section = replace(plan.sections[0], points=(point,))
        former = FormerPlan(date(2026, 4, 14), plan)
        plans.save_plan(writing, replace(plan, sections=(section,), former=(former,), revision=2))
        key = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
        records.record_content(writing, key, DataValue(50))

    (samples, *_) = aggregation.status(spread, APRIL).indicators

    # Three samples up to March by its ledger, not what it typed; and the other unit's one.
    assert samples.figure.value == 4


def test_what_is_left_out_stands_on_neither_side_of_typed_beside_computed(spread):
    for month, value in (("2026-01", 1), ("2026-02", 9), ("2026-03", 1)):
        recording.record_value(spread, "I01-1", month, DataValue(value), unit="scj")
    reviewing.leave_out(spread, "scj", Period.parse("2026-02"), "重报")
    (line,) = [
        x for x in ledger_figures.compared(spread, MARCH)
        if (x.indicator.code, x.unit) == ("I01-1", "scj")
    ]  # fmt: skip
    assert (line.typed.value, line.computed.value, line.differs) == (2, 2, False)


def test_what_a_unit_s_form_proposes_is_what_its_ledger_holds_whatever_was_left_out(spread):
    before = ledger_figures.suggestion(spread, "scj", MARCH)
    reviewing.leave_out(spread, "scj", MARCH, "存疑")
    assert ledger_figures.suggestion(spread, "scj", MARCH) == before
    assert before["I01-1"].value == 1


# A year is read once


def test_all_months_of_a_year_are_made_from_one_reading(spread):
    statements = []
    left_out = {"scj": frozenset({2, 4})}
    with spread.reading() as session:
        plan = plan_in(session, 2026)
        year = LedgerYear(session, plan, left_out)
        event.listen(spread.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        made = [year.at(period) for period in months_of(2026)]
        assert statements == []
        assert made == [computed_at(session, plan, p, left_out) for p in months_of(2026)]
    assert len({str(each.values) for each in made}) > 4


def test_an_indicator_that_left_the_plan_during_the_year_is_computed_for_the_months_before(spread):
    with spread.reading() as session:
        plan = plan_in(session, 2026)
        sections = tuple(
            replace(s, points=tuple(replace(p, tasks=p.tasks[1:]) for p in s.points))
            for s in plan.sections
        )
        now = replace(plan, sections=sections, former=(FormerPlan(date(2026, 3, 31), plan),))
        assert "I01-1" not in now.indicators_by_code
        found = computed_at(session, now, MARCH, {}).values
        assert found["I01-1"]["scj"].value == 3
        without = computed_at(session, replace(now, former=()), MARCH, {})
        assert without.values == {}


def test_typed_beside_computed_is_told_of_the_indicators_that_the_plan_of_the_month_had(spread):
    recording.record_value(spread, "I01-1", "2026-02", DataValue(70), unit="scj")
    with spread.writing() as writing:
        plan = plan_in(writing.session, 2026)
        sampling, *rest = plan.tasks
        kept = replace(sampling, indicators=sampling.indicators[1:])  # without the samples
        point = replace(plan.points[0], tasks=(kept, *rest))
        section = replace(plan.sections[0], points=(point,))
        former = FormerPlan(date(2026, 3, 31), plan)
        plans.save_plan(writing, replace(plan, sections=(section,), former=(former,), revision=2))

    assert "I01-1" in ledger_figures.told_differently(spread, MARCH)
    assert "I01-1" not in ledger_figures.told_differently(spread, APRIL)
