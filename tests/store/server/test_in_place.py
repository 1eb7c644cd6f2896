"""A workspace on a server goes back in its place: what stays, is kept, and is told to others."""

from __future__ import annotations

import pytest

from fsdesk import sealed
from fsdesk.commands.run import run
from fsdesk.domain.findings import InputRejectedError, WorkspaceError
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance, next_year, protecting, restoring, setup
from fsdesk.services.packet import signing
from fsdesk.services.records import evidence, recording
from fsdesk.store import kept
from fsdesk.store.care.outside import newest_line
from fsdesk.store.records import records
from fsdesk.store.server.address import ServerAddress, remembered
from fsdesk.store.server.replacing import NewState, put_in_place
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.protected import PASSWORD, forget, protect
from tests.workspaces import Clock, snapshot

pytestmark = pytest.mark.postgres
KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def record(workspace, number):
    recording.record_value(workspace, "I01-1", "2026-03", DataValue(number), unit="scj")


def values(workspace):
    with workspace.reading() as session:
        return [each.content.value for each in records.load_records(session)]


def put_back(folder, file):
    return run_through(restoring.put_back(folder, file, clock=Clock()))


@pytest.fixture
def database_name(place):
    return ServerAddress.parse(place).database


@pytest.fixture
def backup(tmp_path, first):
    """A backup with 5, made before 6 was typed."""
    record(first, 5)
    maintenance.back_up(first, tmp_path / "b.zip")
    record(first, 6)
    return tmp_path / "b.zip"


def test_the_state_before_is_a_workspace_in_a_schema_beside(tmp_path, first, backup, place):
    first.close()
    done = put_back(first.folder, backup)
    schema = done.kept.rpartition(" ")[2]
    with open_workspace(
        tmp_path / "aside", place.replace("schema=fsdesk", f"schema={schema}")
    ) as it:
        assert values(it) == [6]
        assert maintenance.verify(it) == ()
        record(it, 7)
    with open_workspace(first.folder, clock=Clock()) as again:
        assert values(again) == [5]


def test_desks_that_have_it_open_store_nothing_more_and_each_is_told_once(first, second, backup):
    record(second, 8)
    first.close()
    put_back(first.folder, backup)
    with pytest.raises(WorkspaceError, match="被换成了另一份"):
        record(second, 9)
    second.close()
    for desk in (first, second):
        with open_workspace(desk.folder, clock=Clock()) as again:
            assert "已恢复到副本" in str(again.warnings[0])
            record(again, 10)
        with open_workspace(desk.folder, clock=Clock()) as again:
            assert not [each for each in again.warnings if "已恢复" in each.message]


def test_a_desk_that_had_stored_nothing_is_told_as_well(tmp_path, first, backup):
    with open_workspace(tmp_path / "third", remembered(first.folder).address.text) as third:
        first.close()
        put_back(first.folder, backup)
        with pytest.raises(WorkspaceError, match="被换成了另一份"):
            record(third, 9)


def test_the_rights_of_accounts_hold_on(first, backup, postgres, database_name):
    postgres.ask("GRANT USAGE ON SCHEMA fsdesk TO PUBLIC", database_name)
    postgres.ask("GRANT SELECT ON fsdesk.data_value TO PUBLIC", database_name)
    postgres.ask("CREATE ROLE reads_on LOGIN", database_name)
    try:
        asked = "SELECT value FROM fsdesk.data_value"
        assert postgres.ask(asked, database_name, "reads_on") == "6"
        first.close()
        put_back(first.folder, backup)
        assert postgres.ask(asked, database_name, "reads_on") == "5"
    finally:
        postgres.ask("DROP ROLE reads_on", database_name)


def test_nothing_is_put_back_where_somebody_stored_meanwhile(tmp_path, first, second, backup):
    copy = snapshot(first, tmp_path / "copy.db")
    newest = newest_line(copy)
    record(second, 8)
    there = remembered(first.folder).address
    with pytest.raises(WorkspaceError, match="另一台电脑又保存了内容"):
        put_in_place(there, NewState(copy, tmp_path, newest, "fsdesk_before_x"))
    assert values(second) == [8]
    record(first, 9)
    assert maintenance.verify(first) == ()


def test_a_lost_signing_key_comes_back_from_the_backup(first, backup, postgres, database_name):
    public = signing.signing_key(first).public
    postgres.ask("DELETE FROM fsdesk.kept_key", database_name)
    (first.keys / "signing.pem").unlink()
    with pytest.raises(InputRejectedError, match="没有工作区的签名密钥"):
        signing.signing_key(first)
    first.close()
    put_back(first.folder, backup)
    with open_workspace(first.folder, clock=Clock()) as again:
        assert signing.signing_key(again).public == public


def test_a_folder_that_is_opened_twice_reaches_its_files_on(tmp_path, first):
    record(first, 5)
    with open_workspace(first.folder, write=False) as reader:
        assert reader.identity == first.identity
    proof = tmp_path / "照片.jpg"
    proof.write_bytes(b"picture")
    found = evidence.attach(first, KEY, proof)
    (first.attachments / found.digest).unlink()
    assert kept.read_bytes(first.attachments / found.digest) == b"picture"


def test_the_coming_year_lies_beside_on_the_same_server(tmp_path, first):
    folder = next_year.make_carried_on(first)
    there = remembered(folder).address
    assert there.schema == "fsdesk_2027"
    with (
        open_workspace(folder) as made,
        open_workspace(tmp_path / "x", there.text) as other,
    ):
        assert made.identity == other.identity
        assert signing.signing_key(other).public == signing.signing_key(first).public
    with pytest.raises(WorkspaceError, match="另一台电脑建立的"):
        setup.create_office(tmp_path / "y", small_plan(), there.text)
    assert there.of_year(2027, 2028).schema == "fsdesk_2028"


def test_no_password_is_offered_where_it_would_protect_nothing(first, capsys):
    first.close()
    with pytest.raises(InputRejectedError, match=r"在数据库服务器上，程序不能给它设密码"):
        protecting.new_password(first.folder, PASSWORD)
    assert run(["--workspace", str(first.folder), "password", "set"]) != 0
    assert "程序不能给它设密码" in capsys.readouterr().err
    with open_workspace(first.folder) as again:
        assert not again.has_password


def test_a_backup_under_a_password_comes_back_by_that_and_lies_open_there(
    tmp_path, first, backup, monkeypatch
):
    monkeypatch.setattr(sealed, "_MEMORY", 8)
    proof = tmp_path / "照片.jpg"
    proof.write_bytes(b"picture")
    maintenance.restore(backup, tmp_path / "own")
    with open_workspace(tmp_path / "own", clock=Clock()) as own:
        found = evidence.attach(own, KEY, proof)
    protect(tmp_path / "own")
    with open_workspace(tmp_path / "own", clock=Clock()) as own:
        maintenance.back_up(own, tmp_path / "locked.zip")
    forget()
    first.close()
    with pytest.raises(InputRejectedError, match="密码"):
        put_back(first.folder, tmp_path / "locked.zip")
    steps = restoring.put_back(
        first.folder, tmp_path / "locked.zip", password=PASSWORD, clock=Clock()
    )
    run_through(steps)
    forget()
    with open_workspace(first.folder, clock=Clock()) as again:
        assert values(again) == [5]
        assert kept.read_bytes(again.attachments / found.digest) == b"picture"
        assert maintenance.verify(again) == ()
