"""Going back to an earlier state, in a folder and on a server alike."""

from __future__ import annotations

import pytest

from fsdesk.domain.findings import InputRejectedError, WorkspaceError
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.places import project_file
from fsdesk.services.care import maintenance, restoring
from fsdesk.services.care.lost_changes import LostKind
from fsdesk.services.packet import exchange, importing, signing
from fsdesk.services.plan import planning
from fsdesk.services.records import evidence, recording
from fsdesk.services.supervision import supervision
from fsdesk.store import kept
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit, restored

WORD = "四月的口令一二三"
VALUE = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def record(folder, number):
    with open_workspace(folder, clock=Clock()) as workspace:
        recording.save_all(workspace, [(VALUE, DataValue(number))])


def value_in(folder):
    with open_workspace(folder, clock=Clock()) as workspace, workspace.reading() as session:
        return {r.key: r.content for r in records.load_records(session)}.get(VALUE)


def put_back(folder, file, **options):
    return run_through(restoring.put_back(folder, file, clock=Clock(), **options))


def backed_up(folder, file, passphrase=""):
    with open_workspace(folder, clock=Clock()) as workspace:
        maintenance.back_up(workspace, file, passphrase)
    return file


@pytest.fixture
def office(tmp_path):
    """The folder of a closed office."""
    make_office(tmp_path / "office").close()
    return tmp_path / "office"


@pytest.fixture
def unit(office, tmp_path):
    """The folder of a unit, closed, with 210 typed in March."""
    with open_workspace(office, clock=Clock()) as workspace:
        make_unit(workspace, tmp_path / "unit").close()
    record(tmp_path / "unit", 210)
    return tmp_path / "unit"


def test_a_backup_is_put_back_after_it_was_told_what_is_lost(unit, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip")
    record(unit, 300)
    told = restoring.preview(unit, file)
    assert told.lost.kinds == ((LostKind.RECORD, 1),)
    assert "300" in told.lost.told[0]
    assert told.extra.count == 0
    assert put_back(unit, file).lost == 1
    assert value_in(unit) == DataValue(210)
    record(unit, 400)
    with open_workspace(unit, clock=Clock()) as workspace:
        assert maintenance.verify(workspace) == ()
    assert value_in(unit) == DataValue(400)


def test_it_is_told_once_at_opening_and_where_the_state_before_lies(unit, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip")
    record(unit, 300)
    done = put_back(unit, file)
    with open_workspace(unit, clock=Clock()) as workspace:
        told = str(workspace.warnings[0])
    assert "已恢复到副本“b.zip”" in told
    assert "之后的 1 处改动不在其中" in told
    assert done.kept
    assert done.kept in told
    with open_workspace(unit, clock=Clock()) as workspace:
        assert not [found for found in workspace.warnings if "已恢复" in found.message]


def test_no_packet_and_no_evidence_goes_and_missing_ones_come(unit, tmp_path):
    before, after = tmp_path / "照片.txt", tmp_path / "后来.txt"
    before.write_text("证明", encoding="utf-8")
    after.write_text("后来的证明", encoding="utf-8")
    with open_workspace(unit, clock=Clock()) as workspace:
        first = evidence.attach(workspace, VALUE, before)
    file = backed_up(unit, tmp_path / "b.zip")
    with open_workspace(unit, clock=Clock()) as workspace:
        second = evidence.attach(workspace, VALUE, after)
    put_back(unit, file)
    with open_workspace(unit, clock=Clock()) as workspace:
        assert maintenance.verify(workspace) == ()
        for each in (first, second):
            assert kept.read_bytes(workspace.attachments / each.digest)


def test_a_backup_with_a_passphrase_needs_it(unit, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip", WORD)
    record(unit, 300)
    with pytest.raises(InputRejectedError, match="口令"):
        restoring.preview(unit, file)
    put_back(unit, file, passphrase=WORD)
    assert value_in(unit) == DataValue(210)


def test_another_unit_s_backup_is_refused_and_changes_nothing(unit, office, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip")
    for act in (put_back, restoring.preview):
        with pytest.raises(InputRejectedError, match=r"属于区市场监管局2026年度，不是本工作区"):
            act(office, file)
    with open_workspace(office, clock=Clock()) as workspace:
        assert workspace.identity.is_office
        assert maintenance.verify(workspace) == ()


def test_a_backup_of_the_same_unit_s_other_workspace_takes_no_place_on_a_server(tmp_path):
    """There the folders of all desks belong to the one; in a folder of its own it is told."""
    for name in ("one", "two"):
        make_office(tmp_path / name).close()
    file = backed_up(tmp_path / "two", tmp_path / "b.zip")
    with open_workspace(tmp_path / "one", clock=Clock()) as workspace:
        before, shared = workspace.identity, workspace.is_on_server
    if shared:
        with pytest.raises(InputRejectedError, match="另外建立的工作区"):
            put_back(tmp_path / "one", file)
    else:
        assert any("另外建立" in note for note in restoring.preview(tmp_path / "one", file).notes)
        put_back(tmp_path / "one", file)
    with open_workspace(tmp_path / "one", clock=Clock()) as workspace:
        assert (workspace.identity == before) is shared


def test_an_open_workspace_is_not_put_back(unit, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip")
    with open_workspace(unit, clock=Clock()), pytest.raises(WorkspaceError, match="正被"):
        put_back(unit, file)


def test_the_copies_are_listed_with_what_is_in_them(unit, office, tmp_path):
    own, other = backed_up(unit, tmp_path / "b.zip"), backed_up(office, tmp_path / "o.zip")
    found = {p.file.name: p for p in run_through(restoring.restore_points(unit, [own, other]))}
    assert found["b.zip"].state == "完好"
    assert found["b.zip"].as_of == "2026-04-02T01:00:00+00:00"
    assert "不是本工作区" in found["o.zip"].problem


def test_a_putting_back_that_is_given_up_changes_nothing(unit, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip")
    record(unit, 300)
    most = len(list(restoring.restore_points(unit))) + 2
    for stop in range(1, most):
        steps = restoring.put_back(unit, file, clock=Clock())
        for _ in range(stop):
            next(steps)
        steps.close()
        assert value_in(unit) == DataValue(300)


def test_the_same_moment_twice_keeps_both_states(unit, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip")
    first, second = put_back(unit, file), put_back(unit, file)
    assert first.kept != second.kept


def test_the_key_that_others_know_signs_on(unit, tmp_path):
    file = backed_up(unit, tmp_path / "b.zip")
    with open_workspace(unit, clock=Clock()) as workspace:
        before = signing.signing_key(workspace).public
    put_back(unit, file)
    with open_workspace(unit, clock=Clock()) as workspace:
        assert signing.signing_key(workspace).public == before


def test_numbers_that_were_given_out_are_not_given_again(tmp_path):
    clock = Clock("2026-04-02T01:00:00+00:00")
    office = tmp_path / "office"
    make_office(office, clock).close()
    file = backed_up(office, tmp_path / "b.zip")

    def put_out():
        with open_workspace(office, clock=clock) as workspace:
            draft = supervision.draft_for(workspace, MARCH, "scj", LetterKind.REMINDER)
            (letter,) = supervision.issue(workspace, [draft.key])
            figures = {"population": float(1_000_000 + letter.number)}
            planning.change_settings(workspace, figures, workspace.rules)
            return letter.number, planning.current_plan(workspace).revision

    first = put_out()
    done = put_back(office, file)
    assert (done.letters, done.revision) == ({"reminder/2026": 1}, first[1])
    assert f"计划曾修订到第 {first[1]} 版" in str(done.finding(office=True))
    assert put_out() == (first[0] + 1, first[1] + 1)
    put_back(office, file)
    assert put_out() == (first[0] + 2, first[1] + 2)


def test_reports_that_the_office_had_taken_since_can_be_taken_again(unit, office, tmp_path):
    file = backed_up(office, tmp_path / "b.zip")
    with open_workspace(unit, clock=Clock()) as workspace:
        exchange.export_report(workspace, MARCH, tmp_path / "r.xlsx")
    with open_workspace(office, clock=Clock()) as workspace:
        import_files(workspace, tmp_path / "r.xlsx")
    assert put_back(office, file).reports == ("区市场监管局2026年3月",)
    with open_workspace(office, clock=Clock()) as workspace:
        assert "区市场监管局2026年3月" in str(workspace.warnings[0])
        assert import_files(workspace, workspace.packets).count(importing.Result.IMPORTED) == 1
    assert value_in(office) == DataValue(210)


def test_a_backup_of_an_older_program_is_brought_to_the_present(tmp_path):
    old, folder = project_file("tests/golden/workspaces/schema-0006.zip"), tmp_path / "now"
    restored(old, folder)
    with open_workspace(folder) as workspace:
        whose = workspace.identity
    assert any("较早版本" in note for note in restoring.preview(folder, old).notes)
    put_back(folder, old)
    with open_workspace(folder) as workspace:
        assert workspace.identity == whose
        assert maintenance.verify(workspace) == ()
