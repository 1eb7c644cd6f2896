"""Whatever is corrected in a draft is in the plan that comes of it, and in the list of changes.

The running plan has the same tasks, so each correction meets an item that keeps its code and, but
for the correction, its own wording.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.sources.text import read_text
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan import edits
from fsdesk.domain.plan.changes import compare_plans
from fsdesk.domain.plan.indicator_edits import with_property
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, Operator, PaceRule
from fsdesk.domain.plan.outline import rename_point, rename_section
from fsdesk.domain.plan.plan import Assignment, Cycle, DeliverableKind, Role
from fsdesk.domain.plan.revision import each_task, revise
from fsdesk.services.plan_document import corrections, marking
from tests.plans import YEAR, small_plan

TEXT = """2026年区食品药品安全工作要点
一、压实责任
1. 强化抽检监测
开展食品监督抽检，全年不少于1500批次，其中农产品不少于600批次。召开联席会议，研究解决问题。[区市监局负责]
组织应急演练，开展技能培训。[区食药安办牵头，西兴街道配合]
2. 加强宣传
每个街道举办讲座2场。[区市监局、区发改局(农业农村局)按职责分工负责]
6月底前开展科普宣传进社区，每季度发布1次消费提示。[区市监局负责]
"""
WORDS = ("别的名称", "改过的说法", "召开会议", "开展技能培训")
OF_INDICATOR = {
    "name": WORDS,
    "kind": tuple(IndicatorKind),
    "aggregation": tuple(Aggregation),
    "operator": tuple(Operator),
    "target": (1.0, 600.0, 1500.0),
    "measure_unit": ("件", "场"),
    "pace": tuple(PaceRule),
    "numerator_name": WORDS,
    "denominator_name": WORDS,
    "bounded": (False, True),
    "reporters": ("scj", ""),
    "whole_numbers": (False, True),
    "baseline": (7.0, None),
    "part_of": ("",),
}
OF_DELIVERABLE = {
    "title": WORDS,
    "kind": tuple(DeliverableKind),
    "due": (date(YEAR, 9, 30), None),
    "times": (3.0, 1.0),
    "cycle": tuple(Cycle),
}


def read(text):
    plan = small_plan()
    known = Known(plan.directory, ours=True, year=YEAR, constants=plan.constants)
    return parse(read_text(text, "plan.txt"), known)


FIRST = read(TEXT)
# Running plans: the document as it was read, another one of it, and one in the plan's own words.
RUNNING = (
    FIRST.plan,
    read(TEXT.replace("1500", "1400").replace("召开联席会议，", "").replace("6月", "5月")).plan,
    each_task(FIRST.plan, lambda task: replace(task, text="由本计划自行表述", title="自拟")),
)


def edited(parsed, edit):
    return corrections.edited(parsed, lambda plan, _taken: edit(plan))


def title(parsed, task, pick):
    words = pick(WORDS)
    return edited(parsed, lambda it: edits.set_task(it, task.code, words, task.text))


def who_answers(parsed, task, pick):
    who = (Assignment(pick(("scj", "xx")), pick((Role.SOLE, Role.LEAD))),)
    return edited(parsed, lambda it: edits.set_assignments(it, task.code, who))


def heading(parsed, task, pick):
    words, plan = pick(WORDS), parsed.plan
    if pick((True, False)):
        number = plan.section_of[task.code].number
        return edited(parsed, lambda it: rename_section(it, number, words))
    return edited(parsed, lambda it: rename_point(it, plan.point_of[task.code].number, words))


def indicator(parsed, task, pick):
    if not task.indicators:
        return parsed
    item, name = pick(task.indicators), pick(tuple(OF_INDICATOR))
    changed = with_property(parsed.plan, item, name, pick(OF_INDICATOR[name]))
    return edited(parsed, lambda it: edits.put_indicator(it, task.code, changed))


def deliverable(parsed, task, pick):
    if not task.deliverables:
        return parsed
    item, name = pick(task.deliverables), pick(tuple(OF_DELIVERABLE))
    changed = edits.with_property(item, name, pick(OF_DELIVERABLE[name]))
    return edited(parsed, lambda it: edits.put_deliverable(it, task.code, changed))


def strike(parsed, task, pick):
    return corrections.without_item(parsed, pick((*task.indicators, *task.deliverables)).code)


def mark(parsed, task, pick):
    return marking.with_deliverable(parsed, task.code, parsed.spans[task.code][:1])


def join(parsed, task, pick):
    return corrections.joined_with_previous(parsed, task.code)


CORRECTIONS = (title, who_answers, heading, indicator, deliverable, strike, mark, join)


def differing(now, former):
    """Return the fields that were corrected; links are codes, which differ in draft and plan."""
    names = {*now.__struct_fields__} - {"code", "part_of", "derivation"}
    return {
        name: getattr(now, name) for name in names if getattr(now, name) != getattr(former, name)
    }


def has(items, wanted):
    return any(all(getattr(it, k) == v for k, v in wanted.items()) for it in items)


@given(st.sampled_from(RUNNING), st.data())
def test_each_correction_is_in_the_plan(running, data):
    parsed = FIRST
    for _ in range(data.draw(st.integers(1, 5))):
        try:
            task = data.draw(st.sampled_from(parsed.plan.tasks))
            correct = data.draw(st.sampled_from(CORRECTIONS))
            parsed = correct(parsed, task, lambda of: data.draw(st.sampled_from(of)))
        except InputRejectedError:
            continue
    draft, made = parsed.plan, revise(running, parsed.plan, (), parsed.read)

    assert [s.title for s in made.sections] == [s.title for s in draft.sections]
    assert [p.title for s in made.sections for p in s.points] == [
        p.title for s in draft.sections for p in s.points
    ]
    there = {item.code for task in draft.tasks for item in task.deliverables}
    for task, taken in zip(draft.tasks, made.tasks, strict=True):
        former = parsed.read[task.code]
        if task.title != former.title:
            assert taken.title == task.title
        assert taken.assignments == task.assignments
        for item, kept in zip(task.indicators, taken.indicators, strict=True):
            wanted = differing(item, parsed.read[item.code])
            assert {name: getattr(kept, name) for name in wanted} == wanted
        for item in task.deliverables:
            wanted = differing(item, parsed.read[item.code])
            by_hand = item.code not in {one.code for one in former.deliverables}
            assert has(taken.deliverables, {"title": item.title} if by_hand else wanted)
        for item in former.deliverables:
            titles = {left.title for left in task.deliverables}
            if item.code not in there and item.title not in titles and running is FIRST.plan:
                assert not has(taken.deliverables, {"title": item.title})


def test_a_corrected_title_is_told_as_a_change():
    running = each_task(FIRST.plan, lambda task: replace(task, title=f"{task.title}（自拟）"))
    code = FIRST.plan.tasks[0].code
    parsed = corrections.edited(
        FIRST, lambda plan, _taken: edits.set_task(plan, code, "加强抽检", plan.tasks[0].text)
    )
    made = revise(running, parsed.plan, (), parsed.read)

    (change,) = compare_plans(running, made).changed
    assert [(it.field, it.after) for it in change.fields] == [("标题", "加强抽检")]
    assert [task.title for task in made.tasks[1:]] == [task.title for task in running.tasks[1:]]
