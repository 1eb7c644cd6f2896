"""Which item of the own plan answers one of the plan above: proposed, confirmed, kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.ladder.matching import (
    ItemKind,
    MatchState,
    PlanItem,
    confirm,
    factor,
    items_of,
    matches,
    unfit,
)
from tests.levels import city_plan
from tests.plans import small_plan

ABOVE, BELOW = items_of(city_plan()), items_of(small_plan())


def by_code(found):
    return {match.upper.code: match for match in found}


def indicator(code, name, **how):
    return PlanItem(ItemKind.INDICATOR, code, name, "T01-1", **{"measure": "批次", **how})


def test_alike_names_are_proposed_and_what_has_no_partner_says_so():
    found = by_code(matches(ABOVE, BELOW))
    assert found["I07-1"].lower.code == "I01-1"
    assert found["I07-2"].lower.code == "I01-3"
    assert found["I07-3"].why == "名称相同"
    assert found["D07-1-1"].lower.code == "D01-1-1"
    assert found["I07-4"].state is MatchState.NOTHING_FOUND
    assert not any(match.holds for match in found.values())


def test_the_same_code_alone_says_nothing_for_plans_number_their_items_apart():
    found = matches([indicator("I01-1", "窗口办件量")], [indicator("I01-1", "抽检批次")])
    assert found[0].state is MatchState.NOTHING_FOUND
    two = [indicator("I01-1", "食品抽检批次"), indicator("I01-2", "食品抽检批次")]
    (match,) = matches([indicator("I01-2", "食品抽检批次")], two)
    assert match.lower.code == "I01-2"


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"is_ratio": True}, "一个是比率"),
        ({"is_level": True}, "取最近一期"),
        ({"measure": "家"}, "计量单位不同"),
    ],
)
def test_figures_of_another_kind_never_stand_for_one_another(how, said):
    one, other = indicator("I1", "抽检批次"), indicator("I1", "抽检批次", **how)
    assert said in unfit(one, other)
    assert matches([one], [other])[0].state is MatchState.NOTHING_FOUND


@pytest.mark.parametrize(
    ("upper", "lower", "by"),
    [("万元", "元", 1e-4), ("元", "万元", 1e4), ("批次", "批", 1), ("亿元", "万元", 1e-4),
     ("人", "千人", 1000), ("家", "户", None), ("次", "次", 1)],
)  # fmt: skip
def test_measure_units_that_differ_in_size_alone_are_converted(upper, lower, by):
    assert factor(upper, lower) == (by if by is None else pytest.approx(by))


def test_what_was_confirmed_holds_over_revisions_of_both_plans():
    decided = [confirm(m.upper, m.lower) for m in matches(ABOVE, BELOW) if m.lower is not None]
    # New items, another order, and names beside it do not touch it.
    above = [indicator("I09-1", "抽检批次"), *reversed(ABOVE)]
    found = by_code(matches(above, [*BELOW, indicator("I09-9", "食品抽检批次")], decided))
    assert found["I07-1"].holds
    assert found["I07-1"].lower.code == "I01-1"
    assert found["I09-1"].state is MatchState.PROPOSED  # and none takes its partner


def test_what_became_another_thing_is_to_be_looked_at_and_fills_nothing():
    one, other = indicator("I1", "抽检批次"), indicator("I2", "抽检批次")
    decided = [confirm(one, other)]
    for above, below, said in (
        (replace(one, name="抽检合格批次"), other, "上级计划"),
        (one, replace(other, measure="批", name="抽检批数"), "本级计划"),
        (replace(one, is_ratio=True), other, "比率"),
    ):
        (match,) = matches([above], [below], decided)
        assert match.state is MatchState.CHANGED
        assert said in match.why
        assert not match.holds
    (gone,) = matches([one], [], decided)
    assert (gone.state, gone.lower) == (MatchState.CHANGED, None)
    assert "I2" in gone.why


def test_what_people_say_has_no_partner_is_proposed_no_more_until_it_changes():
    one, other = indicator("I1", "抽检批次"), indicator("I2", "抽检批次")
    decided = [confirm(one, None)]
    assert matches([one], [other], decided)[0].state is MatchState.NO_PARTNER
    changed = replace(one, name="监督抽检批次")
    assert matches([changed], [other], decided)[0].state is MatchState.CHANGED


def test_a_partner_that_people_gave_to_two_items_says_so():
    one, two, other = (indicator(f"I{n}", f"抽检批次{n}") for n in range(3))
    found = matches([one, two], [other], [confirm(one, other), confirm(two, other)])
    assert [match.why for match in found] == ["同时对应上级的 2 项"] * 2
    assert all(match.holds for match in found)


NAMES = st.text("抽检批次食品药学校堂率合格", min_size=1, max_size=6)
ITEMS = st.lists(
    st.builds(
        PlanItem,
        st.sampled_from(ItemKind),
        st.sampled_from([f"C{n}" for n in range(12)]),
        NAMES,
        st.just("T01-1"),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["批次", "万元", "元", "家"]),
    ),
    max_size=8,
    unique_by=lambda item: (item.kind, item.code),
)


@given(ITEMS, ITEMS, st.randoms(use_true_random=False))
def test_proposals_fit_are_never_given_twice_and_know_no_order(above, below, chance):
    found = matches(above, below)
    assert [match.upper for match in found] == above
    given_ = [(m.lower.kind, m.lower.code) for m in found if m.lower is not None]
    assert len(given_) == len(set(given_))
    assert not any(unfit(m.upper, m.lower) for m in found if m.lower is not None)
    mixed = [chance.sample(each, len(each)) for each in (above, below)]
    assert set(matches(*mixed)) == set(found)


@given(ITEMS, ITEMS)
def test_confirming_what_is_proposed_settles_it_and_nothing_else(above, below):
    found = matches(above, below)
    decided = [confirm(m.upper, m.lower) for m in found if m.lower is not None]
    again = matches(above, below, decided)
    assert [m.lower for m in again] == [m.lower for m in found]
    assert all(m.holds == (m.lower is not None) for m in again)


@given(ITEMS)
def test_a_plan_answers_itself(items):
    alone = [each for each in items if [other.name for other in items].count(each.name) == 1]
    assert all(match.lower == match.upper for match in matches(alone, alone))


@pytest.mark.parametrize(
    ("above", "below", "differing"),
    [
        ("食品抽检批次", "药品抽检批次", "“食”与“药”不同"),
        ("抽检合格率", "抽检不合格率", "本级多“不”"),
        ("新增A级食堂数（家）", "新增B级食堂数(家)", "“A”与“B”不同"),
        ("食品监督抽检批次", "食品抽检批次", "上级多“监督”"),
        ("学校食堂检查数", "学校食堂 检查数", ""),
    ],
)
def test_a_pair_that_only_looks_alike_is_told_with_the_words_that_differ(above, below, differing):
    (match,) = matches([indicator("I1", above)], [indicator("I2", below)])
    assert match.state is MatchState.PROPOSED
    assert match.only_alike == bool(differing)
    assert match.why == (f"名称相近，{differing}" if differing else "名称相同")
