"""Matching two plans: decided once, kept with the upper workspace over revisions of both plans."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ladder.matching import ItemKind, MatchState
from fsdesk.domain.plan.edits import drop_item
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance
from fsdesk.services.ladder import matching, own_workspace
from fsdesk.services.packet import exchange
from fsdesk.services.plan import plan_editing
from fsdesk.store.plan import plans
from tests.levels import city_plan, make_levels, revised
from tests.workspaces import MARCH, import_files

INDICATOR = ItemKind.INDICATOR


def partner(workspace, code):
    return matching.match_desk(workspace).of(INDICATOR, code)


def test_nothing_holds_before_a_person_confirms_it(tmp_path):
    made = make_levels(tmp_path / "levels")
    with made.city, made.upper as upper, made.own as own:
        own_workspace.choose(upper, own.folder)
        assert partner(upper, "I07-1").state is MatchState.PROPOSED
        desk, count = matching.confirm_proposed(upper)
        assert count == desk.count(MatchState.CONFIRMED) == 6
        assert partner(upper, "I07-1").lower.code == "I01-1"


def test_a_revision_of_the_upper_plan_keeps_what_was_confirmed_and_asks_where_it_changed(
    levels, tmp_path
):
    plan = revised(revised(city_plan(), "I07-1", target=3200), "I07-3", name="风险监测哨点总数")
    with levels.city.writing() as writing:
        plans.save_plan(writing, plan, label="改")
    issued = run_through(exchange.issue_packets(levels.city, MARCH, tmp_path / "again"))
    import_files(levels.upper, next(each.file for each in issued if each.unit == "bjq"))
    assert partner(levels.upper, "I07-1").holds
    sites = partner(levels.upper, "I07-3")
    assert (sites.state, sites.lower.code) == (MatchState.CHANGED, "I01-5")
    matching.confirm_matches(levels.upper, [(INDICATOR, "I07-3", "I01-5")])
    assert partner(levels.upper, "I07-3").holds


def test_a_partner_that_left_the_own_plan_is_told(levels):
    plan_editing.edit_plan(levels.own, lambda plan, _: drop_item(plan, "I01-5"))
    found = partner(levels.upper, "I07-3")
    assert (found.state, found.lower) == (MatchState.CHANGED, None)


def test_a_person_may_choose_another_partner_or_say_that_there_is_none_or_take_it_back(levels):
    upper = levels.upper
    matching.confirm_matches(upper, [(INDICATOR, "I07-1", "I01-2"), (INDICATOR, "I07-4", "")])
    assert partner(upper, "I07-1").lower.code == "I01-2"
    assert partner(upper, "I07-4").state is MatchState.NO_PARTNER
    assert matching.take_back(upper, INDICATOR, "I07-4")
    assert not matching.take_back(upper, INDICATOR, "I07-4")
    assert partner(upper, "I07-4").state is MatchState.NOTHING_FOUND
    assert maintenance.verify(upper) == ()


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ((INDICATOR, "I07-1", "I01-3"), "一个是比率"),
        ((INDICATOR, "I07-4", "I01-1"), "计量单位不同"),
        ((INDICATOR, "I07-1", "I99"), "本级计划中没有"),
        ((INDICATOR, "I99", "I01-1"), "上级计划没有"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_decided(levels, decision, said):
    good = (INDICATOR, "I07-1", "I01-2")
    with pytest.raises(InputRejectedError, match=said):
        matching.confirm_matches(levels.upper, [good, decision])
    assert partner(levels.upper, "I07-1").lower.code == "I01-1"
