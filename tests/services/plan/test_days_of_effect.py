"""The office changes the plan from a day on, and sees first what that does to past months."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.plan import edits, unit_edits
from fsdesk.domain.plan.indicators import TargetShare
from fsdesk.domain.plan.plan import Assignment, Role
from fsdesk.domain.plan.units import Unit, UnitKind
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.status.comparison import Judged
from fsdesk.services.care import next_year
from fsdesk.services.plan import plan_editing, planning
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.status import plan_effects
from fsdesk.workspace import open_workspace
from tests.workspaces import Clock, make_office

SEPTEMBER = date(2026, 9, 1)
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office", Clock("2026-12-05T01:00:00+00:00")) as made:
        recording.record_value(made, "I01-1", "2026-06", DataValue(value=600), unit="scj")
        yield made


def target(number, plan, _taken=()):
    indicator = plan.indicators_by_code["I01-1"]
    return edits.put_indicator(plan, "T01-1", replace(indicator, target=number))


def new_unit(plan, taken):
    """Add a street and let it answer for the teamwork."""
    plan = unit_edits.put_unit(plan, Unit("", "长河街道", UnitKind.STREET), taken)
    street = plan.directory.units[-1].code
    assignments = (*plan.tasks_by_code["T01-2"].assignments, Assignment(street, Role.SHARED))
    return edits.set_assignments(plan, "T01-2", assignments)


def street_dropped(plan, _taken):
    return unit_edits.drop_unit(plan, "xx")


def sole(unit, plan, _taken):
    """Hand the first task to one unit; what only another could report leaves with it."""
    if "I01-7" in plan.task_of:
        plan = edits.drop_item(plan, "I01-7")
    return edits.set_assignments(plan, "T01-1", [Assignment(unit, Role.SOLE)])


def changes_in(effects, month):
    return next((e.changes for e in effects if e.month == Period.month(2026, month)), ())


def test_a_target_changed_in_september_leaves_junes_light(office):
    edit = partial(target, 2400)
    assert plan_effects.effects_of_edit(office, edit, DECEMBER) == ()
    autumn = plan_effects.effects_of_edit(office, edit, SEPTEMBER)
    assert [effect.month.last_month for effect in autumn] == [9, 10, 11]

    whole = plan_effects.effects_of_edit(office, edit)
    june = next(c for c in changes_in(whole, 6) if c.what is Judged.INDICATOR)
    assert june.before.startswith("● 正常")
    assert june.after.startswith("■ 滞后")


def test_a_unit_added_in_september_owes_nothing_for_january_to_august(office):
    since = plan_effects.effects_of_edit(office, new_unit, SEPTEMBER)
    assert {effect.month.last_month for effect in since} <= {9, 10, 11}
    whole = plan_effects.effects_of_edit(office, new_unit)
    assert any(c.code == "u-1" for c in changes_in(whole, 1))

    desk = plan_editing.edit_plan(office, new_unit, SEPTEMBER)
    assert desk.plan.at(Period.month(2026, 8)).directory.find("长河街道") is None
    assert desk.plan.tasks_for("u-1")


def test_a_street_that_is_dropped_in_autumn_keeps_what_it_reported_in_june(office):
    recording.record_milestone(office, "D01-2-1", "2026-06", Milestone(Status.DONE), unit="xx")
    effects = plan_effects.effects_of_edit(office, street_dropped, SEPTEMBER)
    assert changes_in(effects, 6) == ()
    desk = plan_editing.edit_plan(office, street_dropped, SEPTEMBER)
    assert "xx" in desk.plan.at(Period.month(2026, 6)).roles("T01-2")
    assert desk.plan.unit_name("xx") == "西兴街道"


def test_a_task_that_passes_to_another_unit_in_december_changes_no_past_month(office):
    plan_editing.edit_plan(office, partial(sole, "scj"))
    edit = partial(sole, "fgj")
    assert plan_effects.effects_of_edit(office, edit, DECEMBER) == ()
    june = changes_in(plan_effects.effects_of_edit(office, edit), 6)
    figure = next(c for c in june if c.what is Judged.INDICATOR and c.code == "I01-1")
    assert "，600批次，" in figure.before
    assert "，未报，" in figure.after


def test_a_unit_merged_in_july_goes_on_within_the_other(office):
    plan_editing.edit_plan(
        office,
        lambda plan, _: edits.set_shares(
            plan, "I01-1", (TargetShare("scj", 700), TargetShare("fgj", 500))
        ),
    )
    desk = plan_editing.edit_plan(
        office, lambda plan, _: unit_edits.merge_unit(plan, "fgj", "scj"), date(2026, 7, 1)
    )
    assert desk.history[0].label.startswith("自7月1日起：")
    assert desk.plan.directory.by_code["fgj"].successor == "scj"
    assert desk.plan.tasks_for("fgj") == ()
    assert desk.plan.indicators_by_code["I01-1"].shares == (TargetShare("scj", 1200),)
    assert desk.plan.at(Period.month(2026, 6)).tasks_for("fgj")


def test_other_words_change_no_month(office):
    edit = partial(lambda plan, _: edits.set_task(plan, "T01-1", "监督抽检", "别的说法。"))
    assert plan_effects.effects_of_edit(office, edit) == ()


def test_the_history_says_since_when_and_going_back_brings_all_back(office, tmp_path):
    before = current_plan(office)
    desk = plan_editing.edit_plan(office, partial(target, 2000), SEPTEMBER)
    changed = desk.plan
    assert desk.history[0].label == "自9月1日起：修改指标“抽检批次”的目标"
    assert {changed.revision, *(former.plan.revision for former in changed.former)} == {2}
    office.close()
    with open_workspace(tmp_path / "office") as again:
        assert current_plan(again) == changed
        assert replace(plan_editing.undo(again).plan, revision=1) == before
        assert plan_editing.redo(again).plan.former[0].until == date(2026, 8, 31)


def test_what_came_in_september_gives_its_code_to_nothing_else(office):
    plan_editing.edit_plan(office, new_unit, SEPTEMBER)
    plan_editing.edit_plan(
        office,
        lambda plan, _: unit_edits.drop_unit(
            edits.set_assignments(plan, "T01-2", plan.tasks_by_code["T01-2"].assignments[:2]), "u-1"
        ),
        DECEMBER,
    )
    desk = plan_editing.edit_plan(office, new_unit, DECEMBER)
    assert [unit.code for unit in desk.plan.directory.units][-1] == "u-2"


def test_a_retired_indicator_comes_back_from_a_day(office):
    desk = plan_editing.edit_plan(
        office, lambda plan, _: edits.drop_item(plan, "I01-5"), date(2026, 3, 1)
    )
    (item,) = plan_editing.retired_items(office)
    desk = plan_editing.bring_back(office, item, SEPTEMBER)
    held = ["I01-5" in desk.plan.at(Period.month(2026, m)).indicators_by_code for m in (2, 8, 9)]
    assert held == [True, False, True]


def test_the_population_of_autumn_does_not_divide_the_figures_of_june(office):
    planning.change_settings(office, {"population": 500_000}, office.rules, SEPTEMBER)
    plan = current_plan(office)
    assert [plan.at(Period.month(2026, m)).constants[0].value for m in (8, 9)] == [400_000, 500_000]
    assert plan_editing.plan_desk(office).history[0].label.startswith("自9月1日起：修改参数")


def test_a_day_of_another_year_is_refused(office):
    with pytest.raises(InputRejectedError, match="生效日期不在 2026 年内"):
        plan_editing.edit_plan(office, partial(target, 1), date(2025, 9, 1))
    assert current_plan(office).revision == 1


def test_next_year_begins_with_what_holds_at_the_end_of_this_one(office):
    plan_editing.edit_plan(
        office, lambda plan, _: unit_edits.merge_unit(plan, "xx", "scj"), SEPTEMBER
    )
    draft = next_year.draft_next_year(office).plan
    assert draft.former == ()
    assert "xx" not in draft.directory.by_code
