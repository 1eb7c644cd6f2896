"""A revised plan meets the running one: what stayed keeps its code, what left is told."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.plan.changes import compare_plans
from fsdesk.domain.plan.indicators import (
    Aggregation,
    Derivation,
    Indicator,
    IndicatorKind,
    Operator,
    Pace,
    PaceRule,
    TargetShare,
)
from fsdesk.domain.plan.plan import Assignment, Deliverable, Role, Task
from fsdesk.domain.plan.revision import match_tasks, revise, roll_over

YEAR = 2026
PLAN = load_builtin_plan(YEAR)


def changed(plan, change):
    """Return a plan whose tasks went through a function; None takes a task out."""
    sections = []
    for section in plan.sections:
        points = []
        for point in section.points:
            tasks = [made for task in point.tasks if (made := change(task)) is not None]
            points.append(replace(point, tasks=tuple(tasks)))
        sections.append(replace(section, points=tuple(points)))
    return replace(plan, sections=tuple(sections))


def renumbered(plan):
    """Return a plan with codes as a document read anew would have them."""
    counts = {}

    def fresh(task):
        point = plan.point_of[task.code].number
        counts[point] = counts.get(point, 0) + 1
        codes = {i.code: f"X{i.code}" for i in task.indicators}
        return replace(
            task,
            code=f"T{point:02}-{counts[point]}",
            indicators=tuple(
                replace(i, code=codes[i.code], part_of=codes.get(i.part_of, ""))
                for i in task.indicators
            ),
            deliverables=tuple(replace(d, code=f"X{d.code}") for d in task.deliverables),
        )

    return changed(plan, fresh)


def test_the_same_document_again_changes_nothing():
    after = revise(PLAN, renumbered(PLAN))

    assert compare_plans(PLAN, after).is_empty
    assert after.revision == PLAN.revision + 1


def test_tasks_behind_a_removed_one_keep_their_codes():
    draft = renumbered(changed(PLAN, lambda task: None if task.code == "T03-2" else task))
    difference = compare_plans(PLAN, revise(PLAN, draft))

    assert [(c.kind, c.code) for c in difference.removed] == [
        ("任务", "T03-2"),
        ("事项", "D03-2-1"),
    ]
    assert not difference.added
    assert not difference.changed


def test_a_new_target_keeps_its_indicator():
    def more(task):
        targets = [replace(i, target=2000.0) if i.target == 1900 else i for i in task.indicators]
        return replace(task, indicators=tuple(targets))

    (change,) = compare_plans(PLAN, revise(PLAN, renumbered(changed(PLAN, more)))).changed

    assert change.code == "I04-3"
    assert [(f.field, f.before, f.after) for f in change.fields] == [
        ("目标", "≥1900批次", "≥2000批次")
    ]
    assert str(change) == "指标 I04-3 食品监督抽检批次：目标由“≥1900批次”改为“≥2000批次”"


def test_a_new_task_gets_a_code_that_was_never_used():
    new = Task(
        "T03-7", "智慧监管平台", "建设智慧监管平台。", (Assignment("jxj", Role.SOLE),),
        deliverables=(Deliverable("D03-7-1", "智慧监管平台"),),
    )  # fmt: skip
    points = [
        replace(point, tasks=(*point.tasks, new)) if point.number == 3 else point
        for point in PLAN.sections[1].points
    ]
    draft = replace(
        PLAN,
        sections=(
            PLAN.sections[0],
            replace(PLAN.sections[1], points=tuple(points)),
            *PLAN.sections[2:],
        ),
    )
    after = revise(PLAN, draft, taken={"T03-7", "T03-8"})

    assert [c.code for c in compare_plans(PLAN, after).added] == ["T03-9", "D03-9-1"]


def test_shares_that_no_longer_make_up_the_target_go():
    def split(task):
        shares = (TargetShare("scjg", 1000.0), TargetShare("fgj", 900.0))
        targets = [replace(i, shares=shares) if i.target == 1900 else i for i in task.indicators]
        return replace(task, indicators=tuple(targets))

    def more(task):
        targets = [replace(i, target=2000.0) if i.target == 1900 else i for i in task.indicators]
        return replace(task, indicators=tuple(targets))

    plan = changed(PLAN, split)

    assert revise(plan, PLAN).indicators_by_code["I04-3"].shares
    assert not revise(plan, changed(PLAN, more)).indicators_by_code["I04-3"].shares


def test_every_task_is_matched_with_itself():
    assert match_tasks(PLAN, PLAN) == {task.code: task.code for task in PLAN.tasks}


def test_next_year_carries_tasks_and_targets_over():
    def dated(task):
        items = [replace(item, due=date(YEAR, 6, 30)) for item in task.deliverables]
        return replace(task, deliverables=tuple(items))

    following = roll_over(changed(PLAN, dated), YEAR + 1)

    assert following.title == "2027年全区食品药品安全工作要点"
    assert (following.year, following.revision) == (YEAR + 1, 1)
    assert following.indicators == PLAN.indicators
    assert {i.due for i in following.deliverables_by_code.values()} == {date(YEAR + 1, 6, 30)}


def test_the_last_of_february_stays_the_last():
    def dated(task):
        items = [replace(item, due=date(2028, 2, 29)) for item in task.deliverables]
        return replace(task, deliverables=tuple(items))

    following = roll_over(changed(replace(PLAN, year=2028), dated), 2029)

    assert {i.due for i in following.deliverables_by_code.values()} == {date(2029, 2, 28)}


OTHER = {
    "name": "别的名称",
    "kind": IndicatorKind.RATIO,
    "aggregation": Aggregation.LEVEL,
    "operator": Operator.AT_MOST,
    "target": 1.0,
    "measure_unit": "件",
    "pace": Pace(PaceRule.CURVE, tuple(n / 12 for n in range(1, 13))),
    "part_of": "I04-1",
    "bounded": False,
    "derivation": Derivation("population", 2.0, "I04-1"),
    "numerator_name": "其中",
    "denominator_name": "总数",
    "reporters": ("scjg",),
    "shares": (TargetShare("scjg", 5.0),),
    "whole_numbers": False,
    "baseline": 7.0,
}


@pytest.mark.parametrize("field", [name for name in Indicator.__struct_fields__ if name != "code"])
def test_whatever_changes_of_an_indicator_is_told(field):
    code = "I04-3"
    other = replace(PLAN.indicators_by_code[code], **{field: OTHER[field]})
    assert other != PLAN.indicators_by_code[code]

    def change(task):
        known = (other if i.code == code else i for i in task.indicators)
        return replace(task, indicators=tuple(known))

    (told,) = compare_plans(PLAN, changed(PLAN, change)).changed
    assert (told.kind, told.code) == ("指标", code)
