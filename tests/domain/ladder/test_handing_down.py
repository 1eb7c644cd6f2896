"""分解下达: a task of the plan above becomes one of the own plan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ladder.handing_down import HandingDown, evenly, handed_down
from fsdesk.domain.plan.plan import Assignment, Role
from tests.levels import city_plan
from tests.plans import small_plan

UPPER, OWN = city_plan(), small_plan()
BOTH = (Assignment("scj", Role.LEAD), Assignment("fgj", Role.SUPPORT))


def made(**how):
    return handed_down(OWN, (), UPPER, "bjq", HandingDown("T07-1", BOTH, **how))


def test_the_task_comes_with_its_share_under_its_own_headings_and_changes_nothing_else():
    found = made()
    task = found.plan.tasks_by_code[found.task]
    assert (task.title, task.assignments) == ("抽检与监测", BOTH)
    assert found.plan.point_of[found.task].title == "监测"
    assert found.plan.section_of[found.task].title == "监管"
    targets = {each.name: each.target for each in task.indicators}
    assert targets["食品抽检批次"] == 1300  # its share of the city's 3000
    assert targets["不合格处置率"] == 100
    assert [each.title for each in task.deliverables] == ["制定抽检计划", "夜市专项检查"]
    assert {code for code, _ in found.items} == {
        *(f"I07-{n}" for n in range(1, 6)), "D07-1-1", "D07-1-2",
    }  # fmt: skip
    kept = [each for each in found.plan.tasks if each.code != found.task]
    assert kept == list(OWN.tasks)


def test_codes_that_were_given_before_are_not_given_again():
    first = made()
    wanted = HandingDown("T07-1", BOTH)
    again = handed_down(OWN, {first.task, *dict(first.items).values()}, UPPER, "bjq", wanted)
    assert again.task != first.task
    assert not set(dict(again.items).values()) & set(dict(first.items).values())


def test_a_share_is_split_over_own_units_and_too_little_is_said():
    found = made(shares={"I07-1": {"scj": 800, "fgj": 400}})
    code = dict(found.items)["I07-1"]
    shares = {s.unit: s.target for s in found.plan.indicators_by_code[code].shares}
    assert shares == {"scj": 800, "fgj": 400}
    assert found.short == ("食品抽检批次：各单位分解合计 1200，少于本级目标 1300",)
    assert not made(shares={"I07-1": {"scj": 800, "fgj": 500}}).short


def test_another_target_may_be_set_and_what_rests_on_a_missing_figure_is_left_out_and_told():
    found = made(targets={"I07-1": 1500})
    code = dict(found.items)["I07-1"]
    assert found.plan.indicators_by_code[code].target == 1500
    bare = replace(OWN, sections=(), constants=())
    less = handed_down(bare, (), UPPER, "bjq", HandingDown("T07-1", BOTH))
    assert "I07-5" not in dict(less.items)
    assert less.left_out[0].startswith("风险监测样本量：")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (HandingDown("T99", BOTH), "上级计划没有要本单位承担的任务"),
        (HandingDown("T07-1", ()), "至少要有一个责任单位"),
        (HandingDown("T07-1", (Assignment("nobody", Role.SOLE),)), "不在单位表中"),
        (HandingDown("T07-1", BOTH, shares={"I07-1": {"xx": 5}}), "却不填报它"),
        (HandingDown("T07-1", BOTH, shares={"I07-1": {"scj": -5}}), "不能是负数"),
    ],
)
def test_what_makes_no_sense_is_refused(wanted, said):
    with pytest.raises(InputRejectedError, match=said):
        handed_down(OWN, (), UPPER, "bjq", wanted)


@given(
    st.integers(0, 5000) | st.floats(0, 5000).map(lambda each: round(each, 2)),
    st.integers(1, 30),
    st.booleans(),
)
def test_an_even_split_comes_to_the_target_and_nobody_has_much_more(target, count, whole):
    units = [f"u{n}" for n in range(count)]
    found = evenly(target, units, whole=whole)
    assert list(found) == units
    assert sum(found.values()) == pytest.approx(target, abs=1e-6)
    if whole and target % 1 == 0:
        assert all(each % 1 == 0 for each in found.values())
        assert max(found.values()) - min(found.values()) <= 1
    assert evenly(target, [], whole=whole) == {}
