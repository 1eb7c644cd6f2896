"""Which workspace holds the own aggregate: offered, chosen, moved, away, protected."""

from __future__ import annotations

import shutil

import pytest

from fsdesk.domain.findings import FindingCode, InputRejectedError, WorkspaceError
from fsdesk.domain.steps import run_through
from fsdesk.services.care import known, protecting
from fsdesk.services.ladder import drawing, own_workspace
from fsdesk.services.packet import checking, exchange
from fsdesk.store import vault
from fsdesk.workspace import open_workspace
from tests.levels import make_levels
from tests.workspaces import MARCH, make_office, make_unit

PASSWORD = "一个足够长的密码"  # noqa: S105 - of a test


def test_the_office_of_the_level_above_is_never_offered_as_ones_own(tmp_path):
    made = make_levels(tmp_path / "levels")
    with made.city as city, made.upper as upper, made.own as own:
        known.remember(city)
        assert [each.folder for each in own_workspace.candidates(upper)] == [own.folder]
        assert own_workspace.is_offered(upper)
        assert not own_workspace.is_offered(own)
        with pytest.raises(InputRejectedError, match="就是下发这份计划的汇总端"):
            own_workspace.choose(upper, city.folder)


def test_an_ordinary_unit_of_a_district_is_offered_nothing(tmp_path):
    made = make_levels(tmp_path / "levels")
    own = made.own
    with made.city, made.upper, own, make_unit(own, tmp_path / "levels" / "scj") as unit:
        known.remember(own)  # it knows the unit's key only after its first report
        assert not own_workspace.is_offered(unit)


def test_the_sample_of_an_office_is_offered_to_nobody_who_works_for_real(levels, tmp_path):
    known.forget(levels.own.folder)
    with make_office(tmp_path / known.SAMPLE / "own", levels.clock) as sample:
        known.remember(sample)
        assert own_workspace.candidates(levels.upper) == ()


def test_an_office_that_opens_the_packet_from_above_is_told_what_it_is_for(levels, tmp_path):
    issued = run_through(exchange.issue_packets(levels.city, MARCH, tmp_path / "issued"))
    file = next(each.file for each in issued if each.unit == "bjq")
    (checked,) = run_through(checking.check_packets(levels.own, [file]))
    assert "建立本级在上级计划中的工作区" in str(checked.findings[0])


def test_only_an_office_can_be_chosen_and_by_a_unit_alone(levels):
    with pytest.raises(InputRejectedError, match="不是汇总端"):
        own_workspace.choose(levels.upper, levels.upper.folder)
    with pytest.raises(InputRejectedError, match="这里是汇总端"):
        own_workspace.choose(levels.own, levels.own.folder)
    assert own_workspace.chosen(levels.upper).level == "本区"


def test_a_workspace_that_was_moved_is_found_again_and_one_that_is_gone_is_told(levels):
    folder = levels.own.folder
    levels.own.close()
    moved = folder.with_name("moved")
    folder.rename(moved)
    with pytest.raises(WorkspaceError, match="找不到了") as told:
        drawing.draw_desk(levels.upper, MARCH)
    assert told.value.tells(FindingCode.WORKSPACE_GONE)
    with open_workspace(moved) as own:
        known.remember(own)
    assert drawing.draw_desk(levels.upper, MARCH).lines
    shutil.rmtree(moved)
    with pytest.raises(WorkspaceError, match="找不到了"):
        drawing.draw_desk(levels.upper, MARCH)


def test_another_workspace_in_its_place_is_not_taken_for_it(levels, tmp_path):
    folder = levels.own.folder
    levels.own.close()
    folder.rename(folder.with_name("aside"))
    shutil.copytree(levels.city.folder, folder, ignore=shutil.ignore_patterns("*.lock"))
    with pytest.raises(WorkspaceError, match="找不到了"):
        drawing.draw_desk(levels.upper, MARCH)


@pytest.mark.file_database
def test_a_protected_workspace_is_told_and_read_once_its_password_was_given(levels, monkeypatch):
    folder = levels.own.folder
    levels.own.close()
    wanted = protecting.new_password(folder, PASSWORD)
    run_through(protecting.set_password(folder, wanted))
    monkeypatch.setattr(vault, "_opened", {})
    with pytest.raises(WorkspaceError, match="设有密码") as told:
        drawing.draw_desk(levels.upper, MARCH)
    assert told.value.tells(FindingCode.PASSWORD)
    vault.unlock(folder, PASSWORD)
    assert drawing.draw_desk(levels.upper, MARCH).lines
