"""The office edits the plan: revisions, undoing, retired items that keep their data."""

from __future__ import annotations

from functools import partial

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.edits import drop_item, put_deliverable, set_task
from fsdesk.domain.plan.outline import drop_point, drop_task, move_task
from fsdesk.domain.records.records import DataValue
from fsdesk.services.plan import plan_editing
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.status.aggregation import status
from fsdesk.workspace import open_workspace
from tests.workspaces import make_office, make_unit

MARCH = Period.parse("2026-03")


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as made:
        yield made


def renamed(title, plan, _taken):
    return set_task(plan, "T01-1", title, "新的内容")


def without(code, plan, _taken):
    return drop_item(plan, code)


def test_every_change_is_a_revision_with_a_readable_difference(office):
    desk = plan_editing.edit_plan(office, partial(renamed, "抽检"))

    newest = desk.history[0]
    assert (desk.plan.revision, newest.number) == (2, 2)
    assert newest.label == "修改任务“抽检”的标题、内容"
    (change,) = plan_editing.difference_at(office, newest.id).changed
    assert (
        str(change)
        == "任务 T01-1 抽检：标题由“抽检监测”改为“抽检”；内容由“抽检和处置。”改为“新的内容”"
    )
    first = desk.history[-1]
    assert (first.label, plan_editing.difference_at(office, first.id).is_empty) == (
        "建立计划",
        True,
    )


def test_a_change_of_nothing_is_no_revision(office):
    desk = plan_editing.edit_plan(office, lambda plan, _taken: plan)

    assert (desk.plan.revision, len(desk.history)) == (1, 1)


def test_a_change_of_order_alone_is_a_revision(office):
    desk = plan_editing.edit_plan(office, lambda plan, _: move_task(plan, "T01-2", 1, 0))

    assert [task.code for task in desk.plan.tasks] == ["T01-2", "T01-1"]
    assert desk.history[0].label == "调整顺序"


def test_undo_and_redo_outlive_the_window(office, tmp_path):
    original = current_plan(office)
    plan_editing.edit_plan(office, partial(renamed, "一"))
    edited = plan_editing.edit_plan(office, partial(renamed, "二")).plan
    office.close()
    with open_workspace(tmp_path / "office") as again:
        plan_editing.undo(again)
        desk = plan_editing.undo(again)
        assert replace(desk.plan, revision=1) == original
        assert desk.back is None
        plan_editing.redo(again)
        desk = plan_editing.redo(again)
        assert replace(desk.plan, revision=3) == edited
        assert desk.plan.revision == 7
        with pytest.raises(InputRejectedError, match="没有可以重做的修改"):
            plan_editing.redo(again)


def test_a_retired_item_keeps_its_data_and_comes_back_with_it(office):
    recording.record_value(office, "I01-5", "2026-03", DataValue(value=22), unit="scj")
    desk = plan_editing.edit_plan(office, partial(without, "I01-5"))
    assert "I01-5" not in desk.plan.indicators_by_code

    (item,) = plan_editing.retired_items(office)
    assert (item.kind, item.title, item.records) == ("指标", "哨点数", 1)
    plan_editing.bring_back(office, item)

    line = next(i for i in status(office, MARCH).indicators if i.indicator.code == "I01-5")
    assert line.figure.value == 22
    assert plan_editing.retired_items(office) == ()


def test_a_code_is_never_given_again(office):
    plan_editing.edit_plan(office, partial(without, "D01-1-2"))
    desk = plan_editing.edit_plan(
        office,
        lambda plan, taken: put_deliverable(
            plan, "T01-1", replace(plan.tasks[0].deliverables[0], code="", title="新事项"), taken
        ),
    )

    assert desk.plan.tasks[0].deliverables[-1].code == "D01-1-3"


def test_a_retired_task_comes_back_to_its_place_even_when_that_is_gone(office):
    plan_editing.edit_plan(office, lambda plan, _: drop_task(plan, "T01-1"))
    plan_editing.edit_plan(office, lambda plan, _: drop_task(plan, "T01-2"))
    plan_editing.edit_plan(office, lambda plan, _: drop_point(plan, 1))
    items = plan_editing.retired_items(office)

    with pytest.raises(InputRejectedError, match="请先恢复该任务"):
        plan_editing.bring_back(office, next(i for i in items if i.code == "I01-5"))
    desk = plan_editing.bring_back(office, next(i for i in items if i.code == "T01-1"))
    assert [task.code for task in desk.plan.tasks] == ["T01-1"]
    assert desk.plan.tasks[0].indicators == current_plan(office).indicators


def test_a_unit_does_not_change_the_plan(office, tmp_path):
    with make_unit(office, tmp_path / "unit") as unit:
        for change in (
            plan_editing.undo,
            partial(plan_editing.edit_plan, edit=partial(renamed, "一")),
        ):
            with pytest.raises(InputRejectedError, match="只有区食药安办可以修改年度计划"):
                change(unit)


def test_a_refused_change_leaves_the_plan(office):
    with pytest.raises(InputRejectedError):
        plan_editing.edit_plan(office, partial(without, "I01-1"))

    assert plan_editing.plan_desk(office).plan.revision == 1
