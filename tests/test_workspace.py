"""The workspace folder: its lock, its backups, and what is refused."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import sys
import zipfile
from contextlib import closing

import pytest

from fsdesk import workspace as workspaces
from fsdesk.domain.findings import (
    FindingCode,
    InputRejectedError,
    WorkspaceError,
    workspace_error,
)
from fsdesk.domain.records.records import DataValue
from fsdesk.services.care import maintenance, setup
from fsdesk.services.plan.planning import current_plan, outrun_units
from fsdesk.services.records import recording
from fsdesk.store.care import backup
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock, make_office

pytestmark = pytest.mark.usefixtures("made_anew")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "区食药安办 工作区"
    with make_office(folder) as office:
        recording.record_value(office, "I01-1", "2026-03", DataValue(5), unit="scj")
    return folder


def test_a_workspace_opens_as_it_was_left(folder):
    with open_workspace(folder) as office:
        assert current_plan(office) == small_plan()
        with office.reading() as session:
            assert records.load_records(session)[0].content == DataValue(5)


def test_what_changes_nothing_is_not_counted_as_stored(folder):
    """So a command that fails after it only looked does not say that something was saved."""
    with open_workspace(folder) as office:
        before = office.stored
        with office.writing():
            pass
        outrun_units(office)
        assert office.stored == before
        recording.record_value(office, "I01-1", "2026-03", DataValue(6), unit="scj")
        assert office.stored == before + 1


def test_one_process_writes_at_a_time_and_the_other_is_told_who(folder):
    with open_workspace(folder), pytest.raises(WorkspaceError, match=r"正被电脑.*进程"):
        open_workspace(folder)
    with open_workspace(folder), open_workspace(folder, write=False) as reader:
        assert reader.identity.is_office


def test_an_empty_folder_holds_no_workspace(tmp_path):
    with pytest.raises(WorkspaceError, match="还没有工作区"):
        open_workspace(tmp_path)


def test_a_workspace_is_not_made_over_another(folder):
    with pytest.raises(WorkspaceError, match="已有工作区"):
        make_office(folder)
    with open_workspace(folder) as office:
        assert office.identity.is_office


def test_what_another_process_makes_in_the_same_folder_stays(tmp_path, monkeypatch):
    database = tmp_path / "office" / "fsdesk.db"

    def be_late(_folder):
        database.write_bytes(b"of the other process")
        raise workspace_error("正被使用", "请稍候", FindingCode.WORKSPACE_IN_USE)

    monkeypatch.setattr(workspaces, "acquire", be_late)
    with pytest.raises(WorkspaceError, match="正被使用"):
        setup.create_office(tmp_path / "office", small_plan())
    assert database.read_bytes() == b"of the other process"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="不能使用文件夹"):
        make_office(tmp_path / "file")


def test_a_network_drive_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("fsdesk.holding.on_network_drive", lambda _: True)
    with pytest.raises(WorkspaceError, match="本机硬盘"):
        make_office(tmp_path / "office")


def test_an_older_workspace_is_backed_up_then_migrated(folder, monkeypatch):
    raw = sqlite3.connect(folder / "fsdesk.db")
    raw.execute("UPDATE alembic_version SET version_num = '0000'")
    raw.commit()
    raw.close()
    upgraded = []
    monkeypatch.setattr(workspaces.migrate, "upgrade", upgraded.append)
    open_workspace(folder, clock=Clock()).close()
    assert len(upgraded) == 1
    assert (folder / "backups" / "before-0000-20260402-010000.db").is_file()


def test_a_workspace_of_a_newer_program_is_refused_and_left_alone(folder):
    raw = sqlite3.connect(folder / "fsdesk.db")
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.close()
    with pytest.raises(WorkspaceError, match="请升级"):
        open_workspace(folder)


def test_a_backup_holds_everything_and_comes_back(folder, tmp_path):
    file, target = tmp_path / "备份.zip", tmp_path / "restored"
    with open_workspace(folder) as office:
        (office.packets / "sent").mkdir()
        (office.packets / "sent" / "a.xlsx").write_bytes(b"x")
        maintenance.back_up(office, file)
    maintenance.restore(file, target)
    with open_workspace(target) as restored:
        assert maintenance.verify(restored) == ()
        assert (restored.packets / "sent" / "a.xlsx").read_bytes() == b"x"
        with restored.reading() as session:
            assert records.load_records(session)[0].content == DataValue(5)


def test_a_backup_is_not_written_over_another_nor_brought_back_over_a_workspace(folder, tmp_path):
    file = tmp_path / "备份.zip"
    with open_workspace(folder) as office:
        maintenance.back_up(office, file)
        with pytest.raises(InputRejectedError, match="已存在"):
            maintenance.back_up(office, file)
    with pytest.raises(InputRejectedError, match="已有工作区"):
        maintenance.restore(file, folder)


def test_what_is_no_backup_is_refused(tmp_path):
    text, other = tmp_path / "a.zip", tmp_path / "b.zip"
    text.write_text("x")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("fsdesk.db", "x")
        archive.writestr("packets/../../evil", "x")
    for file in (text, other, tmp_path / "missing.zip"):
        with pytest.raises(InputRejectedError):
            maintenance.restore(file, tmp_path / "target")
    assert not (tmp_path / "target" / "fsdesk.db").exists()


def test_verify_finds_missing_packets_and_changed_attachments(folder):
    with open_workspace(folder) as office:
        (office.attachments / ("0" * 64)).write_bytes(b"changed")
        assert any("附件" in problem for problem in maintenance.verify(office))


def test_a_copy_numbers_its_edits_apart_and_nothing_typed_is_lost(folder, tmp_path):
    copy = tmp_path / "U盘" / "复制"
    shutil.copytree(folder, copy)
    revisions = []
    for place, value in ((folder, 6), (copy, 7)):
        with open_workspace(place) as office:
            saved = recording.record_value(office, "I01-1", "2026-03", DataValue(value), unit="scj")
            revisions.append(saved.record.revision)
    mine, theirs = revisions
    assert not mine.contains(theirs)
    assert not theirs.contains(mine)


def test_each_opening_counts_its_edits_apart_and_leaves_nothing_of_it_behind(folder):
    with open_workspace(folder) as office:
        first, whose = office.author, office.identity
    before = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.suffix == ".db"]
    with open_workspace(folder) as office:
        assert office.identity == whose
        assert office.author.workspace == first.workspace == whose.id
        assert office.author.edits != first.edits
        assert office.latest.author == office.author
    assert all(first.edits.encode() not in content for content in before)


def test_what_is_typed_into_a_database_that_was_replaced_is_not_lost_in_silence(folder, tmp_path):
    """By renaming: this program goes on holding the file that has no name any more."""
    with open_workspace(folder) as office:
        shutil.copy(folder / "fsdesk.db", tmp_path / "earlier.db")
        recording.record_value(office, "I01-1", "2026-03", DataValue(6), unit="scj")
        (tmp_path / "earlier.db").replace(folder / "fsdesk.db")
        with pytest.raises(WorkspaceError, match="换成了另一份") as problem:
            recording.record_value(office, "I01-1", "2026-03", DataValue(7), unit="scj")
    (kept,) = (folder / "backups").glob("replaced-*.db")
    assert kept.name in str(problem.value)
    assert values(kept) == [6]
    assert values(folder / "fsdesk.db") == [5]


def test_a_database_whose_past_is_another_takes_nothing_until_it_is_opened_again(folder, tmp_path):
    with open_workspace(folder) as office:
        backup.snapshot(office.engine, tmp_path / "earlier.db")
        recording.record_value(office, "I01-1", "2026-03", DataValue(6), unit="scj")
        with (
            closing(sqlite3.connect(tmp_path / "earlier.db")) as earlier,
            closing(sqlite3.connect(folder / "fsdesk.db")) as used,
        ):
            earlier.backup(used)  # in place, while it is open
        with pytest.raises(WorkspaceError, match="换成了另一份"):
            recording.record_value(office, "I01-1", "2026-03", DataValue(7), unit="scj")
    with open_workspace(folder) as office:
        recording.record_value(office, "I01-1", "2026-03", DataValue(8), unit="scj")
    assert values(folder / "fsdesk.db") == [8]


def values(file):
    with closing(sqlite3.connect(file)) as database:
        return [row[0] for row in database.execute("SELECT value FROM data_value")]


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
def test_the_key_stays_for_its_owner_alone_through_a_backup(folder, tmp_path):
    with open_workspace(folder) as office:
        maintenance.back_up(office, tmp_path / "b.zip")
    maintenance.restore(tmp_path / "b.zip", tmp_path / "new")
    key = tmp_path / "new" / "keys" / "signing.pem"
    modes = [stat.S_IMODE(file.stat().st_mode) for file in (key, tmp_path / "b.zip")]
    assert modes == [0o600, 0o600]


# A folder whose database is no longer that of the workspace


def _gone(file):
    file.unlink()


def _empty(file):
    file.write_bytes(b"")


def _folder_of_that_name(file):
    file.unlink()
    file.mkdir()


@pytest.fixture
def kept(folder):
    """A workspace of which a copy was made."""
    open_workspace(folder).close()
    assert list((folder / "backups").iterdir())
    return folder


@pytest.mark.parametrize("lose", [_gone, _empty, _folder_of_that_name])
def test_where_only_the_database_is_gone_nobody_is_told_to_begin_anew(kept, lose):
    lose(kept / "fsdesk.db")
    for begin in (open_workspace, make_office):
        with pytest.raises(WorkspaceError, match="却不见了，或是空的。最近一份完好的备份") as told:
            begin(kept)
        assert told.value.tells(FindingCode.WORKSPACE_GONE)
    assert not (kept / "fsdesk.db").is_file() or not (kept / "fsdesk.db").stat().st_size


def test_a_database_of_another_program_is_left_as_it_is(kept, tmp_path):
    for place in (kept, tmp_path / "elsewhere"):
        place.mkdir(exist_ok=True)
        file = place / "fsdesk.db"
        file.unlink(missing_ok=True)
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE song (name)")
            other.commit()
        before = file.read_bytes()
        for begin in (open_workspace, make_office):
            with pytest.raises(WorkspaceError, match=r"的数据库不是本程序的|的数据库已损坏"):
                begin(place)
        assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE alembic_version SET version_num = 'abc'", "数据库的版本“abc”无法识别"),
        ("DELETE FROM alembic_version", "数据库的版本“”无法识别"),
        ("DELETE FROM workspace", "表“工作区身份”"),
    ],
)
def test_a_database_that_lost_what_it_is_known_by_is_damaged(kept, statement, named):
    """Neither newer, nor in need of an upgrade, nor never set up."""
    copies = sorted((kept / "backups").iterdir())
    with closing(sqlite3.connect(kept / "fsdesk.db")) as database:
        database.execute(statement)
        database.commit()
    with pytest.raises(WorkspaceError, match=named) as told:
        open_workspace(kept)
    assert told.value.tells(FindingCode.DAMAGED)
    assert "最近一份完好的备份" in str(told.value)
    assert sorted((kept / "backups").iterdir()) == copies
