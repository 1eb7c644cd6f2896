"""A change of the plan from a day on: what held before goes on judging the months before."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.plan import edits, outline, unit_edits
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.effect import codes_of, numbered, replaced_since, with_effect
from fsdesk.domain.plan.indicators import TargetShare
from fsdesk.domain.plan.plan import Assignment, Role
from fsdesk.domain.plan.units import Unit, UnitKind
from tests.plans import YEAR, small_plan

SEPTEMBER = date(YEAR, 9, 1)
DECEMBER = date(YEAR, 12, 1)


def target(number):
    def edit(plan):
        indicator = plan.indicators_by_code["I01-1"]
        return edits.put_indicator(plan, "T01-1", replace(indicator, target=number))

    return edit


def named(name):
    def edit(plan):
        indicator = plan.indicators_by_code["I01-1"]
        return edits.put_indicator(plan, "T01-1", replace(indicator, name=name))

    return edit


def new_unit(plan):
    return unit_edits.put_unit(plan, Unit("wj", "区卫健局", UnitKind.DEPARTMENT))


def answers(unit):
    """Let a unit answer for the first task alone."""

    def edit(plan):
        plan = edits.drop_item(plan, "I01-7") if "I01-7" in plan.task_of else plan
        return edits.set_assignments(plan, "T01-1", [Assignment(unit, Role.SOLE)])

    return edit


def month(plan, number):
    return plan.at(Period.month(YEAR, number))


def test_a_target_changed_in_september_leaves_june_its_target():
    plan = with_effect(small_plan(), target(2000), SEPTEMBER)
    assert month(plan, 6).indicators_by_code["I01-1"].target == 1200
    assert month(plan, 8).indicators_by_code["I01-1"].target == 1200
    assert month(plan, 9).indicators_by_code["I01-1"].target == 2000
    assert plan.since == SEPTEMBER


def test_a_task_that_passes_to_another_unit_in_december_was_the_former_ones_until_november():
    plan = small_plan()
    plan = with_effect(plan, answers("scj"), None)
    plan = with_effect(plan, answers("fgj"), DECEMBER)
    assert list(month(plan, 11).roles("T01-1")) == ["scj"]
    assert list(month(plan, 12).roles("T01-1")) == ["fgj"]


def test_a_unit_added_in_september_was_not_there_in_august():
    plan = with_effect(small_plan(), new_unit, SEPTEMBER)
    assert "wj" not in month(plan, 8).directory.by_code
    assert "wj" in month(plan, 9).directory.by_code
    assert plan.unit_name("wj") == "区卫健局"


def test_a_street_dropped_in_autumn_keeps_its_name_and_its_months():
    plan = with_effect(small_plan(), lambda p: unit_edits.drop_unit(p, "xx"), SEPTEMBER)
    assert "xx" in month(plan, 8).roles("T01-2")
    assert "xx" not in plan.roles("T01-2")
    assert plan.unit_name("xx") == "西兴街道"


def test_a_correction_holds_for_the_whole_year_and_leaves_what_was_changed_in_autumn():
    plan = with_effect(small_plan(), target(2000), SEPTEMBER)
    plan = with_effect(plan, named("监督抽检批次"), None)
    june, autumn = month(plan, 6), month(plan, 9)
    assert june.indicators_by_code["I01-1"].name == "监督抽检批次"
    assert june.indicators_by_code["I01-1"].target == 1200
    assert autumn.indicators_by_code["I01-1"].target == 2000


def test_correcting_what_came_in_september_does_not_bring_it_into_january():
    plan = with_effect(small_plan(), new_unit, SEPTEMBER)
    named_anew = replace(plan.directory.by_code["wj"], name="区卫生健康局")
    plan = with_effect(plan, lambda p: unit_edits.put_unit(p, named_anew), None)
    assert "wj" not in month(plan, 1).directory.by_code
    assert plan.directory.name("wj") == "区卫生健康局"


def test_what_made_no_sense_earlier_is_left_there():
    plan = with_effect(small_plan(), answers("scj"), SEPTEMBER)
    without_groups = with_effect(
        plan, lambda p: edits.set_assignments(p, "T01-2", [Assignment("ban", Role.SOLE)]), SEPTEMBER
    )
    gone = with_effect(without_groups, lambda p: unit_edits.drop_unit(p, "fgj"), None)
    assert "fgj" not in gone.directory.by_code
    assert "fgj" in month(gone, 6).roles("T01-1")  # it still answered for the task then


def test_a_split_task_keeps_what_its_items_were_earlier():
    plan = with_effect(small_plan(), target(2000), SEPTEMBER)
    split = with_effect(plan, lambda p: outline.split_task(p, "T01-1", "新任务", {"I01-1"}), None)
    june = month(split, 6)
    assert june.task_of["I01-1"].title == "新任务"
    assert june.indicators_by_code["I01-1"].target == 1200


def test_joining_tasks_loses_nothing_that_only_an_earlier_state_held():
    plan = with_effect(small_plan(), lambda p: edits.drop_item(p, "D01-2-1"), SEPTEMBER)
    joined = with_effect(plan, lambda p: outline.join_tasks(p, "T01-1", ["T01-2"]), None)
    assert "D01-2-1" in month(joined, 6).task_of


def test_a_target_taken_back_from_the_same_day_leaves_one_plan_for_the_year():
    plan = with_effect(small_plan(), target(2000), SEPTEMBER)
    assert with_effect(plan, target(1200), SEPTEMBER) == small_plan()


def test_the_first_of_january_is_the_whole_year():
    whole = with_effect(small_plan(), target(2000), date(YEAR, 1, 1))
    assert whole == with_effect(small_plan(), target(2000), None)
    assert whole.former == ()


def test_a_day_of_another_year_is_refused():
    with pytest.raises(InputRejectedError, match="生效日期不在 2026 年内"):
        with_effect(small_plan(), target(2000), date(YEAR + 1, 1, 1))


def test_another_plan_takes_the_place_of_all_that_held_from_its_day_on():
    plan = with_effect(small_plan(), target(2000), date(YEAR, 10, 1))
    new = target(3000)(small_plan())
    plan = replaced_since(plan, new, SEPTEMBER)
    assert [month(plan, n).indicators_by_code["I01-1"].target for n in (8, 9, 11)] == [
        1200, 3000, 3000,
    ]  # fmt: skip
    assert replaced_since(plan, new, None) == new


def test_every_state_is_of_the_years_revision_and_no_code_is_free_that_was_given():
    plan = numbered(with_effect(small_plan(), new_unit, SEPTEMBER), 7)
    dropped = with_effect(plan, lambda p: unit_edits.drop_unit(p, "wj"), DECEMBER)
    assert {plan.revision, *(each.plan.revision for each in plan.former)} == {7}
    assert {"wj", "I01-1", "T01-1", "D01-2-1", "all", "population"} <= codes_of(dropped)


DAYS = st.integers(0, 364).map(lambda n: date(YEAR, 1, 1) + timedelta(days=n))
EDITS = st.sampled_from(
    [
        target(1500),
        target(2000),
        named("另一个名称"),
        new_unit,
        lambda p: unit_edits.drop_unit(p, "xx"),
        lambda p: edits.set_shares(p, "I01-1", (TargetShare("scj", 1000),)),
        lambda p: edits.set_constants(p, [replace(p.constants[0], value=500_000)]),
        lambda p: edits.drop_item(p, "D01-1-2"),
        lambda p: edits.set_task(p, "T01-2", "齐抓共管", ""),
        lambda p: outline.move_task(p, "T01-2", 1, 0),
        lambda p: unit_edits.move_unit(p, "xx", -1),
    ]
)
CHANGES = st.lists(st.tuples(EDITS, st.none() | DAYS), max_size=4)


def changed(plan, changes):
    for edit, since in changes:
        try:
            plan = with_effect(plan, edit, since)
        except (InputRejectedError, KeyError, StopIteration):
            continue  # it was done before
    return plan


@given(CHANGES, EDITS, DAYS, DAYS)
def test_days_before_the_day_of_effect_keep_their_plan(changes, edit, since, day):
    before = changed(small_plan(), changes)
    after = changed(before, [(edit, since)])
    if day < since:
        assert after.on(day) == replace(before.on(day), former=after.on(day).former)


@given(CHANGES, EDITS, DAYS)
def test_the_plan_as_it_stands_is_what_the_edit_makes_of_it(changes, edit, since):
    before = changed(small_plan(), changes)
    try:
        wanted = edit(before)
    except (InputRejectedError, KeyError, StopIteration):
        return
    assert replace(with_effect(before, edit, since), former=()) == replace(wanted, former=())


@given(CHANGES)
def test_states_differ_from_their_neighbours_and_survive_the_way_through_a_packet(changes):
    plan = changed(small_plan(), changes)
    states = [*(each.plan for each in plan.former), replace(plan, former=())]
    assert all(one != other for one, other in pairwise(states))
    assert all(state.former == () for state in states)
    assert [each.until for each in plan.former] == sorted({each.until for each in plan.former})
    assert plan_from_dict(plan_to_dict(plan)) == plan


@given(DAYS, DAYS)
def test_the_order_of_independent_changes_is_of_no_matter(one, other):
    first, second = (target(2000), one), (new_unit, other)
    assert changed(small_plan(), [first, second]) == changed(small_plan(), [second, first])


def test_a_plan_that_holds_all_year_is_signed_as_it_always_was():
    plain = plan_to_dict(small_plan())
    assert "former" not in plain
    assert set(plain["directory"]["units"][0]) == {"code", "name", "kind", "aliases"}
