"""A backup is the same file whether the workspace lies in a folder or on a server."""

from __future__ import annotations

import pytest

from fsdesk.commands.run import run
from fsdesk.domain.findings import WorkspaceError
from fsdesk.domain.records.records import DataValue, Milestone, RecordKey, RecordKind, Status
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance, setup
from fsdesk.services.packet import exchange, signing
from fsdesk.services.records import evidence, recording
from fsdesk.services.status import unit_forms
from fsdesk.store import audit
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import MARCH, Clock

pytestmark = pytest.mark.postgres
ITEM = small_plan().tasks[0].deliverables[0].code


def work(workspace, tmp_path):
    """Let a workspace hold records, evidence and packets."""
    recording.record_value(workspace, "I01-1", "2026-03", DataValue(5), unit="scj")
    key = RecordKey(RecordKind.MILESTONE, ITEM, "scj", "2026-03")
    recording.save(workspace, key, Milestone(Status.UNDER_WAY))
    proof = tmp_path / "照片.jpg"
    proof.write_bytes(b"picture")
    evidence.attach(workspace, key, proof)
    run_through(exchange.issue_packets(workspace, MARCH, tmp_path / "issued"))


def told(workspace):
    with workspace.reading() as session:
        line = audit.newest(session)
    form = unit_forms.unit_form(workspace, "scj", MARCH)
    return workspace.identity, line, form, signing.signing_key(workspace).public


def test_a_workspace_moves_from_a_folder_to_a_server_and_back(tmp_path, place):
    with setup.create_office(tmp_path / "desk", small_plan(), clock=Clock()) as desk:
        work(desk, tmp_path)
        before = told(desk)
        maintenance.back_up(desk, tmp_path / "one.zip")
    run_through(maintenance.restore_to_server(tmp_path / "one.zip", tmp_path / "there", place))
    with open_workspace(tmp_path / "there", clock=Clock()) as there:
        assert told(there) == before
        assert maintenance.verify(there) == ()
        recording.record_value(there, "I01-1", "2026-04", DataValue(6), unit="scj")
        after = told(there)
        maintenance.back_up(there, tmp_path / "two.zip")
    maintenance.restore(tmp_path / "two.zip", tmp_path / "back")
    with open_workspace(tmp_path / "back", clock=Clock()) as back:
        assert told(back) == after
        assert maintenance.verify(back) == ()


def test_a_backup_never_goes_over_a_workspace_on_a_server(tmp_path, place):
    with setup.create_office(tmp_path / "desk", small_plan(), clock=Clock()) as desk:
        maintenance.back_up(desk, tmp_path / "one.zip")
    setup.create_office(tmp_path / "there", small_plan(), place, Clock()).close()
    with pytest.raises(WorkspaceError, match="已有工作区"):
        run_through(maintenance.restore_to_server(tmp_path / "one.zip", tmp_path / "x", place))


def test_the_commands_do_it_too(tmp_path, place, capsys):
    desk, there = ["--workspace", str(tmp_path / "desk")], ["--workspace", str(tmp_path / "there")]
    file = str(tmp_path / "one.zip")
    assert run([*desk, "init", "--role", "office", "--year", "2026"]) == 0
    assert run([*desk, "backup", file]) == 0
    assert run([*there, "--database", place, "restore", file]) == 0
    assert run([*there, "status", "--json"]) == 0
    assert run([*there, "verify"]) == 0
    assert "完好" in capsys.readouterr().out
