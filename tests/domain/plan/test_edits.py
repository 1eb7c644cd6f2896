"""The plan changed by hand: what a change does, what it refuses, and how far it can be undone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan import edits
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.edits import (
    drop_item,
    move_item,
    put_deliverable,
    put_indicator,
    set_assignments,
    set_constants,
    set_head,
    set_shares,
    set_task,
)
from fsdesk.domain.plan.history import PlanRevision, Turn, ways
from fsdesk.domain.plan.indicator_edits import even_shares, fitting, properties, with_property
from fsdesk.domain.plan.indicators import TargetShare
from fsdesk.domain.plan.outline import (
    add_point,
    add_section,
    add_task,
    drop_point,
    drop_section,
    drop_task,
    join_tasks,
    move_point,
    move_section,
    move_task,
    rename_point,
    rename_section,
    shift,
    split_task,
)
from fsdesk.domain.plan.plan import Assignment, Cycle, Deliverable, DeliverableKind, Role
from fsdesk.domain.plan.sheets import plan_to_sheets
from fsdesk.domain.plan.unit_edits import drop_group, drop_unit, move_unit, put_group, put_unit
from fsdesk.domain.plan.units import Unit, UnitGroup, UnitKind
from fsdesk.domain.plan.workbook import plan_from_sheets
from tests.plans import FARM, SAMPLES, STRENGTH, small_plan

PLAN = small_plan()


def codes(plan):
    return [task.code for task in plan.tasks]


# Words and who answers


def test_words_change_and_codes_stay():
    plan = set_task(set_head(PLAN, " 新标题 ", "区办", "要求"), "T01-1", "抽检", "新的内容")

    assert (plan.title, plan.issuer, plan.overall_requirement) == ("新标题", "区办", "要求")
    assert plan.tasks_by_code["T01-1"].text == "新的内容"
    assert codes(plan) == codes(PLAN)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plan: set_task(plan, "T01-1", "  ", ""), "任务标题不能为空"),
        (lambda plan: set_task(plan, "T99-1", "题", ""), "已没有任务 T99-1"),
        (lambda plan: set_assignments(plan, "T01-1", []), "至少要有一个责任单位"),
        (
            lambda plan: set_assignments(plan, "T01-1", [Assignment("scj", Role.LEAD)] * 2),
            "“区市场监管局”在责任分工中出现了两次",
        ),
        (
            lambda plan: set_assignments(plan, "T01-1", [Assignment("nobody", Role.LEAD)]),
            "不在单位表中",
        ),
        (lambda plan: drop_item(plan, "I01-1"), "以它为总数或推算来源"),
        (lambda plan: put_indicator(plan, "T01-1", replace(SAMPLES, target=-1)), "不小于 0"),
        (
            lambda plan: put_indicator(plan, "T01-1", replace(SAMPLES, part_of="I01-2")),
            "不能是自己的其中项",
        ),
        (lambda plan: set_constants(plan, ()), "推算所用的参数不在计划中"),
        (lambda plan: set_shares(plan, "I01-1", [TargetShare("xx", 5)]), "却不填报它"),
        (lambda plan: set_shares(plan, "I01-1", [TargetShare("scj", -5)]), "不能是负数"),
        (lambda plan: drop_unit(plan, "ban"), "统筹办公室不能移除"),
        (lambda plan: drop_unit(plan, "scj"), "仍是任务 T01-1 的责任单位"),
        (lambda plan: drop_group(plan, "all"), "仍是任务 T01-2 的责任单位"),
        (
            lambda plan: put_unit(plan, Unit("", "区市监局", UnitKind.DEPARTMENT)),
            "已是“区市场监管局”的名称",
        ),
        (lambda plan: put_unit(plan, Unit("", "另一办", UnitKind.OFFICE)), "统筹办公室已是"),
        (lambda plan: put_group(plan, UnitGroup("", "空组", ())), "没有成员"),
        (lambda plan: drop_section(plan, 1), "还有任务"),
        (lambda plan: drop_point(plan, 1), "还有任务"),
        (lambda plan: join_tasks(plan, "T01-1", ["T01-1"]), "至少需要两项任务"),
        (lambda plan: split_task(plan, "T01-2", "新", ["D01-2-1"]), "两项任务都要有"),
        (lambda plan: add_task(plan, 1, "新任务", []), "至少要有一个责任单位"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(change, words):
    with pytest.raises(InputRejectedError, match=words):
        change(PLAN)


def test_what_was_wrong_before_does_not_stand_in_the_way():
    odd = replace(SAMPLES, shares=(TargetShare("xx", 5),))
    plan = replace(PLAN, sections=put_indicator_unchecked(PLAN, odd).sections)

    assert set_shares(plan, "I01-2", [TargetShare("scj", 600)]).indicators_by_code["I01-2"].shares


def put_indicator_unchecked(plan, indicator):
    section = plan.sections[0]
    point = section.points[0]
    first = point.tasks[0]
    task = replace(first, indicators=(indicator, *first.indicators[1:]))
    points = (replace(point, tasks=(task, *point.tasks[1:])), *section.points[1:])
    return replace(plan, sections=(replace(section, points=points), *plan.sections[1:]))


# Items


def test_new_items_get_codes_that_were_never_given():
    plan = put_indicator(PLAN, "T01-1", replace(FARM, code="", name="新指标"), {"I01-8"})
    plan = put_deliverable(plan, "T01-2", Deliverable("", "新事项"), {"D01-2-2"})

    assert plan.indicators[-1].code == "I01-9"
    assert plan.tasks_by_code["T01-2"].deliverables[-1].code == "D01-2-3"


def test_items_move_within_their_task_and_stop_at_its_ends():
    plan = move_item(move_item(PLAN, "D01-1-2", -1), "I01-7", -99)

    task = plan.tasks_by_code["T01-1"]
    assert [item.code for item in task.deliverables] == ["D01-1-2", "D01-1-1"]
    assert task.indicators[0].code == "I01-7"
    assert move_item(plan, "I01-7", -1) == plan


def test_shares_of_nothing_are_left_out():
    shares = [TargetShare("scj", 800), TargetShare("fgj", 0)]
    plan = set_shares(PLAN, "I01-1", shares)

    assert plan.indicators_by_code["I01-1"].shares == (TargetShare("scj", 800),)


# Order


def test_a_task_is_split_and_joined_again():
    apart = split_task(PLAN, "T01-1", "监测", ["I01-5", "D01-1-2"])
    new = apart.tasks[1]

    assert codes(apart) == ["T01-1", "T01-3", "T01-2"]
    assert [i.code for i in new.indicators] == ["I01-5"]
    assert new.assignments == PLAN.tasks[0].assignments
    joined = join_tasks(apart, "T01-1", ["T01-3"])
    assert {i.code for i in joined.tasks[0].indicators} == {i.code for i in PLAN.indicators}
    assert codes(joined) == codes(PLAN)


def test_joining_keeps_everybody_who_answers_once():
    joined = join_tasks(PLAN, "T01-2", ["T01-1"])

    assert [a.party for a in joined.tasks[0].assignments] == ["ban", "all", "scj", "fgj"]
    assert joined.tasks[0].text == "齐抓共管。\n抽检和处置。"


def test_sections_and_points_are_numbered_as_they_stand():
    plan = add_point(add_section(PLAN, "第二部分"), 2, "新要点")
    plan = rename_point(rename_section(plan, 2, "保障"), plan.points[-1].number, "支撑")
    plan = move_task(plan, "T01-2", plan.points[-1].number, 0)

    assert move_section(plan, 2, -1).sections[0].title == "保障"
    assert [p.number for p in move_section(plan, 2, -1).points] == [1, 2]
    assert plan.point_of["T01-2"].title == "支撑"
    back = move_task(plan, "T01-2", 1, 9)
    assert drop_section(drop_point(back, 2), 2) == PLAN


def test_a_point_moves_to_another_section_with_its_tasks():
    plan = move_point(add_section(PLAN, "第二部分"), 1, 2, 0)

    assert plan.section_of["T01-1"].title == "第二部分"
    assert plan.sections[0].points == ()


def test_a_task_leaves_with_all_that_it_holds():
    plan = drop_task(PLAN, "T01-1")

    assert codes(plan) == ["T01-2"]
    assert not plan.indicators


@pytest.mark.parametrize(
    ("kind", "name", "by", "order"),
    [
        ("task", "T01-2", -1, ["T01-2", "T01-1", "T02-1"]),
        ("task", "T01-2", 1, ["T01-1", "T01-2", "T02-1"]),  # the first of the next point
        ("task", "T01-1", -1, ["T01-1", "T01-2", "T02-1"]),  # nothing lies above
        ("point", "2", -1, ["T02-1", "T01-1", "T01-2"]),
        ("section", "2", -1, ["T02-1", "T01-1", "T01-2"]),
    ],
)
def test_things_move_one_place_and_over_the_edge_of_what_holds_them(kind, name, by, order):
    plan = add_point(add_section(PLAN, "二"), 2, "要点二")
    plan = add_task(plan, 2, "任务二", [Assignment("xx", Role.SOLE)])
    if kind == "point":
        plan = move_point(plan, 2, 1, 9)

    moved = shift(plan, kind, name, by)

    assert codes(moved) == order
    if (name, by) == ("T01-2", 1):
        assert moved.point_of["T01-2"].title == "要点二"


# Properties of indicators


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("curve", "5、10", "十二个从小到大的百分数"),
        ("curve", "、".join("98765432100"), "十二个从小到大的百分数"),
        ("target", None, "目标值不能为空"),
    ],
)
def test_a_property_without_sense_is_refused(name, value, words):
    with pytest.raises(InputRejectedError, match=words):
        with_property(PLAN, SAMPLES, name, value)


def test_each_property_given_back_changes_nothing():
    curved = with_property(PLAN, STRENGTH, "pace", "curve")
    for indicator in (*PLAN.indicators, curved):
        for name in fitting(indicator):
            value = properties(indicator)[name]
            assert with_property(PLAN, indicator, name, value) == indicator, name


def test_a_new_kind_brings_what_it_needs():
    ratio = with_property(PLAN, SAMPLES, "kind", "ratio")
    derived = with_property(PLAN, ratio, "kind", "derived")

    assert (ratio.measure_unit, ratio.derivation) == ("%", None)
    assert derived.derivation.constant == "population"
    assert {"denominator_name", "bounded"} <= fitting(ratio) - fitting(derived)
    with pytest.raises(InputRejectedError, match="还没有推算用的参数"):
        with_property(replace(PLAN, constants=()), SAMPLES, "kind", "derived")


@given(st.integers(0, 10_000))
def test_an_even_split_adds_up(target):
    plan = put_indicator(PLAN, "T01-1", replace(SAMPLES, target=target))
    shares = even_shares(plan, "I01-1")

    assert sum(share.target for share in shares) == target
    assert max(s.target for s in shares) - min(s.target for s in shares) <= 1


def test_of_a_ratio_every_unit_has_to_reach_the_whole():
    assert {share.target for share in even_shares(PLAN, "I01-4")} == {30}


# Units and groups


def test_a_renamed_unit_keeps_its_code_and_its_work():
    unit = replace(
        PLAN.directory.by_code["scj"], name="区市场监督管理局", aliases=(" 区市场监管局 ",)
    )
    plan = put_unit(PLAN, unit)

    assert plan.directory.unit("区市场监管局").code == "scj"
    assert plan.tasks_for("scj") == PLAN.tasks_for("scj")


def renamed(plan, name, code="scj", **changes):
    return put_unit(plan, replace(plan.directory.by_code[code], name=name, **changes))


def test_a_renamed_unit_is_still_known_by_its_former_names():
    plan = renamed(renamed(PLAN, "区市场监督管理局"), "区市场局")
    unit = plan.directory.by_code["scj"]
    assert unit.former_names == ("区市场监管局", "区市场监督管理局")
    assert plan.directory.unit("区市场监管局") == unit
    assert unit.former_name("区市场监管局") == "区市场监管局"
    assert unit.former_name("区市监局") == ""  # an alias
    assert plan_from_dict(plan_to_dict(plan)) == plan
    assert plan_from_sheets(as_texts(plan_to_sheets(plan))).directory == plan.directory


def test_a_name_that_is_taken_back_or_made_an_alias_is_no_former_one():
    back = renamed(renamed(PLAN, "区市场局"), "区市场监管局")
    assert back.directory.by_code["scj"].former_names == ("区市场局",)
    alias = renamed(PLAN, "区市场局", aliases=("区市场监管局",))
    assert alias.directory.by_code["scj"].former_names == ()


@pytest.mark.parametrize("name", ["区市场监管局", "区市监局"])
def test_a_name_by_which_a_unit_still_goes_cannot_be_added_to_its_former_ones(name):
    unit = PLAN.directory.by_code["scj"]
    assert name in unit.names
    with pytest.raises(InputRejectedError, match=f"“{name}”是“区市场监管局”现在的名称或别名"):
        put_unit(PLAN, replace(unit, former_names=("区市管局", name)))
    kept = put_unit(PLAN, replace(unit, former_names=("区市管局",)))
    assert kept.directory.by_code["scj"].former_names == ("区市管局",)


def test_a_former_name_goes_to_the_unit_that_takes_it():
    plan = renamed(PLAN, "区市场局")
    plan = put_unit(plan, Unit("", "区市场监管局", UnitKind.DEPARTMENT))
    assert plan.directory.by_code["scj"].former_names == ()
    assert plan.directory.unit("区市场监管局").code != "scj"


def test_a_plan_without_former_names_says_nothing_of_them():
    assert all("former_names" not in unit for unit in plan_to_dict(PLAN)["directory"]["units"])


def as_texts(sheets):
    return {
        title: [[f"{cell:g}" if isinstance(cell, float) else cell for cell in row] for row in rows]
        for title, rows in sheets.items()
    }


def test_units_and_groups_come_go_and_change_places():
    plan = put_unit(PLAN, Unit("", "长河街道", UnitKind.STREET))
    new = plan.directory.units[-1].code
    plan = put_group(plan, UnitGroup("", "各街道", ("xx", new)))

    assert plan.directory.groups[-1].members == ("xx", new)
    assert move_unit(plan, new, -9).directory.units[0].code == new
    gone = drop_unit(plan, new)
    assert gone.directory.groups[-1].members == ("xx",)
    assert drop_group(gone, gone.directory.groups[-1].code) == PLAN


# History


def revisions(turns):
    return [
        PlanRevision(n, n, "", "", turn, f"第{n}次")
        for n, turn in enumerate([Turn.EDIT, *turns], start=1)
    ]


def test_undo_and_redo_walk_through_the_changes():
    history = revisions([Turn.EDIT, Turn.EDIT, Turn.UNDO])

    back, forth = ways(history)
    assert (back.to, back.label) == (1, "第2次")
    assert (forth.to, forth.label) == (3, "第3次")


def test_a_change_after_an_undo_ends_what_could_be_redone():
    back, forth = ways(revisions([Turn.EDIT, Turn.UNDO, Turn.EDIT]))

    assert back.to == 3  # the state after the undo
    assert forth is None


@given(st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=30))
def test_the_history_does_what_an_editor_does(wishes):
    """Walk by `ways` beside a plain list of states with a cursor."""
    history = revisions([])
    content = {1: 0}
    states, cursor = [0], 0
    for wish in wishes:
        back, forth = ways(history)
        number = len(history) + 1
        if wish == "edit":
            states = [*states[: cursor + 1], number]
            cursor += 1
            content[number] = number
            history += [PlanRevision(number, number, "", "", Turn.EDIT, "")]
        else:
            way = back if wish == "undo" else forth
            at = cursor + (-1 if wish == "undo" else 1)
            assert (way is None) == (not 0 <= at < len(states))
            if way is None:
                continue
            cursor = at
            content[number] = content[way.to]
            assert content[number] == states[cursor]
            history += [PlanRevision(number, number, "", "", Turn(wish), "")]


def typed(item, **properties):
    """Change a deliverable as its form does, one property after the other."""
    for name, value in properties.items():
        item = edits.with_property(item, name, value)
        plan = put_deliverable(PLAN, "T01-1", item)
        item = plan.deliverables_by_code[item.code]
    return item


def test_the_kind_of_a_deliverable_decides_what_holds_of_its_time():
    plan = PLAN.tasks[0].deliverables[0]
    assert plan.schedule_text == "2026年3月31日前完成"

    often = typed(plan, kind="recurring", cycle="quarter", times=2.0)
    assert (often.schedule_text, often.due) == ("每季度2次", None)
    always = typed(often, kind="standing")
    assert (always.schedule_text, always.times, always.cycle) == ("长期坚持", 1, Cycle.YEAR)
    once = typed(always, kind="once")
    assert once == replace(plan, due=None)
    assert typed(once, due=date(2027, 6, 30)).schedule_text == "2027年6月30日前完成"


@pytest.mark.parametrize(("times", "cycle"), [(0, "month"), (2.5, "year"), (None, "year"),
                                              (-1, "quarter"), (32, "month")])  # fmt: skip
def test_what_recurs_does_so_a_whole_number_of_times(times, cycle):
    item = Deliverable("D01-1-1", "会商", None, DeliverableKind.RECURRING, 1, Cycle(cycle))

    with pytest.raises(InputRejectedError, match="次数应为从 1 起的整数"):
        typed(item, times=times)
