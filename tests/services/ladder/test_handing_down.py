"""分解下达 between two workspaces, and who lags below in what the city presses."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError, WorkspaceError
from fsdesk.domain.ladder.handing_down import HandingDown
from fsdesk.domain.ladder.matching import ItemKind, MatchState
from fsdesk.domain.plan.plan import Assignment, Role
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.lights import Light
from fsdesk.services.care import maintenance
from fsdesk.services.ladder import drawing, handing_down, matching, own_workspace
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.store.ladder import links
from fsdesk.workspace import open_workspace
from tests.levels import make_levels
from tests.workspaces import MARCH

WANTED = HandingDown(
    "T07-1",
    (Assignment("scj", Role.LEAD), Assignment("fgj", Role.SUPPORT)),
    shares={"I07-1": {"scj": 900, "fgj": 400}},
)


@pytest.fixture
def handed(tmp_path):
    """The city's task handed down; the own workspace is closed, as no second window has it open."""
    made = make_levels(tmp_path / "levels")
    with made.city, made.upper as upper:
        own_workspace.choose(upper, made.own.folder)
        made.own.close()
        result = handing_down.hand_down(upper, WANTED)
        yield made, result


def test_a_task_that_is_handed_down_is_linked_both_ways(handed):
    made, result = handed
    desk = matching.match_desk(made.upper)
    assert desk.count(MatchState.CONFIRMED) == len(desk.matches) == 8
    assert desk.of(ItemKind.TASK, "T07-1").handed_down
    with open_workspace(made.own.folder, write=False) as own:
        plan, origin = current_plan(own), handing_down.origins(own)[result.task]
        assert plan.revision == 2
        assert plan.tasks_by_code[result.task].title == "抽检与监测"
    assert origin.words == "由市食药安办《2026年全市工作要点》T07-1“抽检与监测”分解下达"
    for workspace in (made.own, made.upper):
        assert maintenance.verify(workspace) == ()


def test_the_own_side_tells_where_the_upper_side_was_not_stored(handed):
    made, _ = handed
    with made.upper.writing() as writing:
        for each in links.confirmed(writing.session):
            links.forget_confirmed(writing, each.kind, each.upper)
    assert matching.match_desk(made.upper).count(MatchState.CONFIRMED) == 8


def test_it_is_not_handed_down_twice(handed):
    made, result = handed
    with pytest.raises(InputRejectedError, match=f"已对应本级任务 {result.task}"):
        handing_down.hand_down(made.upper, WANTED)


def test_figures_of_what_was_handed_down_climb_at_once(handed):
    made, result = handed
    code = dict(result.items)["I07-1"]
    with open_workspace(made.own.folder, clock=made.clock) as own:
        recording.record_value(own, code, "2026-03", DataValue(25.0), "scj")
    drawing.draw(made.upper, MARCH)
    desk = drawing.draw_desk(made.upper, MARCH)
    assert next(x.present for x in desk.lines if x.key.item == "I07-1") == DataValue(25.0)


def test_while_another_window_has_the_own_workspace_open_nothing_is_changed_and_it_is_named(
    tmp_path,
):
    made = make_levels(tmp_path / "levels")
    with made.city, made.upper as upper, made.own as own:
        own_workspace.choose(upper, own.folder)
        with pytest.raises(WorkspaceError, match="工作区正被"):
            handing_down.hand_down(upper, WANTED)
        assert current_plan(own).revision == 1
        assert matching.match_desk(upper).count(MatchState.CONFIRMED) == 0


def test_a_letter_from_above_shows_who_lags_below(handed):
    made, result = handed
    code = dict(result.items)["I07-1"]
    with open_workspace(made.own.folder, clock=made.clock) as own:
        recording.record_value(own, code, "2026-03", DataValue(5.0), "fgj")
    found = handing_down.lagging_below(made.upper, ["T07-1"], "2026-03")
    assert [(each.unit, each.light) for each in found.units] == [
        ("区发改局(农业农村局)", Light.RED),
        ("区市场监管局", Light.GREY),
    ]
    assert found.units[0].task == f"{result.task} 抽检与监测"
    assert found.unmatched == ()


def test_what_no_own_task_answers_is_said(levels):
    matching.confirm_matches(levels.upper, [(ItemKind.TASK, "T07-1", "")])
    found = handing_down.lagging_below(levels.upper, ["T07-1"], "2026-03")
    assert (found.units, found.unmatched) == ((), ("抽检与监测",))


def test_a_unit_that_has_no_own_workspace_is_told_nothing(tmp_path):
    made = make_levels(tmp_path / "levels")
    with made.city, made.upper, made.own:
        assert handing_down.lagging_below(made.upper, ["T07-1"], "2026-03") is None
