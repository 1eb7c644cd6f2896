"""A draft is corrected before it is a plan: units, targets, things to do, doubts."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.sources.text import read_text
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan import edits
from fsdesk.domain.plan.plan import Assignment, Role
from fsdesk.domain.plan.unit_edits import put_unit
from fsdesk.domain.plan.units import UnitKind
from fsdesk.domain.plan_document import TextSpan
from fsdesk.services.plan_document import corrections, marking, parties
from tests.plans import YEAR, small_plan

TEXT = """2026年区食品药品安全工作要点
一、压实责任
1. 强化抽检监测
开展食品监督抽检，全年不少于1500批次，其中农产品不少于600批次。召开联席会议，研究解决问题。[区市监所负责]
组织应急演练，开展技能培训。[区食药安办牵头，西兴街道配合]
2. 加强宣传
每个街道举办讲座2场。[区市监局、区发改局(农业农村局)按职责分工负责]
开展科普宣传进社区。
"""


def known():
    plan = small_plan()
    return Known(plan.directory, ours=True, year=YEAR, constants=plan.constants)


@pytest.fixture
def parsed():
    return parse(read_text(TEXT, "plan.txt"), known())


def told(parsed, words):
    return [doubt for doubt in parsed.doubts if words in doubt.message]


def place(parsed, words, line=None):
    number, text = next(
        (at, source.text)
        for at, source in enumerate(parsed.lines, start=1)
        if words in source.text and line in (None, at)
    )
    start = text.index(words)
    return TextSpan(number, start, start + len(words))


def who(parsed, at):
    names = parsed.plan.directory
    return [(names.name(a.party), a.role.label) for a in parsed.plan.tasks[at].assignments]


def test_a_new_name_becomes_another_name_of_a_known_unit(parsed):
    (new,) = parsed.new_parties
    assert (new.name, parties.suggestions(parsed, new)[0]) == ("区市监所", "scj")

    corrected = parties.matched(parsed, new.code, "scj")

    assert who(corrected, 0) == [("区市场监管局", "负责")]
    assert "区市监所" in corrected.plan.directory.by_code["scj"].aliases
    assert not corrected.new_parties
    assert not told(corrected, "单位表中没有")
    code = corrected.plan.tasks[0].code
    assert corrected.text_of(corrected.assignment_spans[code, "scj"]) == "区市监所"


def test_a_unit_that_is_named_twice_then_keeps_its_weightiest_role(parsed):
    (new,) = parsed.new_parties
    task = parsed.plan.tasks[0].code
    both = (Assignment(new.code, Role.LEAD), Assignment("scj", Role.SUPPORT))
    parsed = corrections.edited(parsed, lambda plan, _: edits.set_assignments(plan, task, both))

    corrected = parties.matched(parsed, new.code, "scj")

    assert who(corrected, 0) == [("区市场监管局", "牵头")]


def test_a_new_name_becomes_a_unit_with_its_kind(parsed):
    (new,) = parsed.new_parties
    corrected = parties.created(parsed, new.code, "市监所", UnitKind.VERTICAL)
    unit = corrected.plan.directory.by_code[new.code]

    assert (unit.name, unit.kind, unit.aliases) == ("市监所", UnitKind.VERTICAL, ("区市监所",))
    assert not told(corrected, "单位表中没有")
    with pytest.raises(InputRejectedError, match="已是"):
        parties.created(parsed, new.code, "区市场监管局", UnitKind.VERTICAL)


def test_a_match_by_alias_is_undone_where_the_name_stands(parsed):
    (doubt,) = told(parsed, "“区市监局”按别名对应")
    corrected = parties.parted(parsed, doubt)

    assert who(corrected, 2)[0] == ("区市监局", "按职责分工负责")
    assert corrected.plan.directory.by_code["scj"].aliases == ()
    assert [party.name for party in corrected.new_parties] == ["区市监所", "区市监局"]
    assert not told(corrected, "按别名对应")


def test_a_document_may_carry_a_units_former_name():
    plan = small_plan()
    unit = replace(plan.directory.by_code["scj"], name="区市场监督管理局", aliases=())
    plan = put_unit(put_unit(plan, unit), replace(unit, former_names=("区市监局",)))
    ours = Known(plan.directory, ours=True, year=YEAR, constants=plan.constants)
    parsed = parse(read_text(TEXT, "plan.txt"), ours)

    assert who(parsed, 2)[0] == ("区市场监督管理局", "按职责分工负责")
    (doubt,) = told(parsed, "“区市监局”按曾用名对应“区市场监督管理局”")
    corrected = parties.parted(parsed, doubt)
    assert corrected.plan.directory.by_code["scj"].former_names == ()


def test_who_answers_is_settled_by_naming_them(parsed):
    task = parsed.plan.tasks[3]
    (doubt,) = told(parsed, "没有写明责任单位")
    assert (task.assignments, doubt.item) == ((), task.code)

    corrected = corrections.edited(
        parsed,
        lambda plan, _: edits.set_assignments(plan, task.code, [Assignment("xx", Role.SOLE)]),
    )

    assert who(corrected, 3) == [("西兴街道", "负责")]
    assert not told(corrected, "没有写明责任单位")


def test_a_task_joins_the_one_before_it(parsed):
    fourth, third = parsed.plan.tasks[3], parsed.plan.tasks[2]
    corrected = corrections.joined_with_previous(parsed, fourth.code)
    whole = corrected.plan.tasks[2]

    assert len(corrected.plan.tasks) == 3
    assert whole.code == third.code
    assert [a.role for a in whole.assignments] == [Role.SHARED, Role.SHARED]
    assert whole.indicators == third.indicators
    assert {span.line for span in corrected.spans[whole.code]} == {7, 8}
    assert corrected.text_of(corrected.assignment_spans[whole.code, "scj"]) == "区市监局"
    with pytest.raises(InputRejectedError, match="第一项"):
        corrections.joined_with_previous(parsed, parsed.plan.tasks[0].code)


def test_marked_text_leaves_its_task_for_one_of_its_own(parsed):
    span = place(parsed, "召开联席会议，研究解决问题。")
    corrected = marking.with_task(parsed, [span])
    first, second = corrected.plan.tasks[:2]

    assert second.text == "召开联席会议，研究解决问题。"
    assert "联席会议" not in first.text
    assert second.assignments == first.assignments
    assert [len(t.indicators) for t in (first, second)] == [2, 0]
    assert not [d for d in first.deliverables if "联席" in d.title]
    assert [d for d in second.deliverables if "联席" in d.title]
    assert corrected.spans[second.code] == (span,)
    with pytest.raises(InputRejectedError, match="整个任务"):
        marking.with_task(corrected, [span])


def test_marked_text_outside_of_tasks_becomes_one_without_units(parsed):
    corrected = marking.with_task(parsed, [place(parsed, "压实责任")])
    made = corrected.plan.tasks[1]

    assert (made.title, made.assignments) == ("压实责任", ())


def test_marked_text_becomes_indicators(parsed):
    task = parsed.plan.tasks[0].code
    bare = corrections.without_item(parsed, parsed.plan.tasks[0].indicators[1].code)
    bare = corrections.without_item(bare, bare.plan.tasks[0].indicators[0].code)
    assert not bare.plan.tasks[0].indicators

    span = place(parsed, "农产品不少于600批次")
    corrected = marking.with_indicators(bare, task, [span])
    (indicator,) = corrected.plan.tasks[0].indicators

    assert indicator.target_text == "≥600批次"
    assert "600批次" in corrected.text_of(corrected.spans[indicator.code][0])
    with pytest.raises(InputRejectedError, match="没有带单位的数字"):
        marking.with_indicators(parsed, task, [place(parsed, "召开联席会议")])


def test_a_target_by_heads_brings_its_figure_along():
    text = TEXT.replace("召开联席会议", "抽检量达4批次/千人")
    plain = parse(read_text(TEXT, "plan.txt"), replace(known(), constants=()))
    assert not plain.plan.constants
    marked = replace(plain, lines=read_text(text, "plan.txt").lines)

    corrected = marking.with_indicators(
        marked, marked.plan.tasks[0].code, [place(marked, "抽检量达4批次/千人")]
    )

    assert [constant.code for constant in corrected.plan.constants] == ["population"]


def test_rejecting_a_whole_leaves_its_part_standing_alone(parsed):
    whole, part = parsed.plan.tasks[0].indicators
    assert part.part_of == whole.code

    corrected = corrections.without_item(parsed, whole.code)

    assert corrected.plan.tasks[0].indicators[0].part_of == ""
    assert whole.code not in corrected.spans


def test_marked_text_becomes_a_thing_to_do_cut_from_another(parsed):
    task = parsed.plan.tasks[1]
    span = place(parsed, "组织应急演练")
    whole = corrections.deliverables_joined(parsed, task.deliverables[1].code)
    (item,) = whole.plan.tasks[1].deliverables
    assert item.title == "应急演练，技能培训"

    corrected = marking.with_deliverable(whole, task.code, [span])

    titles = [d.title for d in corrected.plan.tasks[1].deliverables]
    assert titles == ["应急演练", "技能培训"]
    with pytest.raises(InputRejectedError, match="第一个事项"):
        corrections.deliverables_joined(parsed, task.deliverables[0].code)


def test_a_doubt_about_an_indicator_goes_with_its_change(parsed):
    (doubt,) = told(parsed, "每个街道")
    indicator = parsed.plan.indicators_by_code[doubt.item]
    task = parsed.plan.task_of[doubt.item].code
    changed = replace(indicator, target=6)

    corrected = corrections.edited(parsed, lambda plan, _: edits.put_indicator(plan, task, changed))

    assert not told(corrected, "每个街道")


def test_a_doubt_is_settled_by_a_word(parsed):
    doubt = parsed.doubts[0]
    corrected = corrections.settled(parsed, doubt)

    assert doubt not in corrected.doubts
    assert len(corrected.doubts) == len(parsed.doubts) - 1
    assert corrected.plan == parsed.plan


def test_a_task_goes_with_its_point(parsed):
    gone = parsed.plan.tasks[3].code
    corrected = corrections.without_task(parsed, gone)
    corrected = corrections.without_task(corrected, corrected.plan.tasks[2].code)

    assert [len(point.tasks) for point in corrected.plan.points] == [2]
    assert gone not in corrected.spans
    last = corrections.without_task(corrected, corrected.plan.tasks[1].code)
    with pytest.raises(InputRejectedError, match="唯一"):
        corrections.without_task(last, last.plan.tasks[0].code)
