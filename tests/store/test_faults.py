"""SQLite's faults come out of the store in words, and nothing is changed by them."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from fsdesk import workspace as workspaces
from fsdesk.domain.findings import FsdeskError, InputRejectedError, WorkspaceError
from fsdesk.domain.records.records import DataValue
from fsdesk.services.care import maintenance
from fsdesk.services.records import recording
from fsdesk.store import faults
from fsdesk.store.care import backup
from fsdesk.store.records import records
from fsdesk.store.settings import save_setting
from fsdesk.workspace import open_workspace
from tests.workspaces import Clock, make_office

pytestmark = pytest.mark.file_database

CODES = {
    sqlite3.SQLITE_FULL: "磁盘已满",
    sqlite3.SQLITE_READONLY: "只读",
    sqlite3.SQLITE_BUSY: "正被其他程序占用",
    sqlite3.SQLITE_LOCKED: "正被其他程序占用",
    sqlite3.SQLITE_CORRUPT: "已损坏",
    sqlite3.SQLITE_NOTADB: "已损坏",
    sqlite3.SQLITE_IOERR | 4 << 8: "磁盘读写出错",
    sqlite3.SQLITE_CANTOPEN: "打不开",
}


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as made:
        recording.record_value(made, "I01-1", "2026-03", DataValue(5), unit="scj")
        yield made


def fault(code):
    made = sqlite3.OperationalError("in the words of the library")
    made.sqlite_errorcode = code
    return made


def contents(office):
    with office.reading() as session:
        return [record.content for record in records.load_records(session)]


def in_chinese(problem, *names):
    said = str(problem)
    for name in (*map(str, names), "fsdesk.db", "WPS"):
        said = said.replace(name, "")
    return not re.search(r"[A-Za-z]{2,}", said)


@pytest.mark.parametrize("code", CODES, ids=str)
def test_a_fault_while_writing_is_told_and_changes_nothing(office, code):
    def fail(*_):
        raise fault(code)

    # Where the driver raises it: within the call that SQLAlchemy watches.
    event.listen(office.engine, "do_execute", fail)
    with pytest.raises(WorkspaceError, match=CODES[code]) as told:
        recording.record_value(office, "I01-1", "2026-03", DataValue(9), unit="scj")
    (finding,) = told.value.findings
    assert str(office.folder) in finding.message
    assert finding.remedy
    assert in_chinese(told.value, office.folder)


def test_a_full_disk_is_told_and_what_stood_there_stays(office):
    with office.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    event.listen(
        office.engine, "checkout", lambda c, *_: c.execute(f"PRAGMA max_page_count={pages}")
    )
    with pytest.raises(WorkspaceError, match="磁盘已满"), office.writing() as writing:
        save_setting(writing, "words", {"text": "长" * 900_000})
    assert contents(office) == [DataValue(5)]


def test_a_database_that_may_only_be_read_is_told(office):
    event.listen(office.engine, "checkout", lambda c, *_: c.execute("PRAGMA query_only=1"))
    with pytest.raises(WorkspaceError, match="只读"):
        recording.record_value(office, "I01-1", "2026-03", DataValue(9), unit="scj")
    assert contents(office) == [DataValue(5)]


def test_where_nothing_may_be_written_beside_a_database_the_folder_is_called_read_only(
    office, monkeypatch
):
    """SQLite itself only says that it can't open the file."""
    monkeypatch.setattr(os, "access", lambda path, _mode: path != office.folder)
    told = faults.in_words(fault(sqlite3.SQLITE_CANTOPEN), str(office.folder / "fsdesk.db"))
    assert "没有写入权限，或磁盘是只读的" in str(told)


def test_a_database_that_another_program_holds_is_told(office):
    event.listen(office.engine, "checkout", lambda c, *_: c.execute("PRAGMA busy_timeout=0"))
    other = sqlite3.connect(office.folder / "fsdesk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(WorkspaceError, match="正被其他程序占用"):
        recording.record_value(office, "I01-1", "2026-03", DataValue(9), unit="scj")
    other.close()
    assert contents(office) == [DataValue(5)]


@pytest.mark.parametrize("damage", [b"no database at all" * 300, None])
def test_a_damaged_database_is_told_at_opening(office, damage):
    office.close()
    file = office.folder / "fsdesk.db"
    whole = file.read_bytes()
    if damage is None:  # the header is whole, all that follows is zero
        damage = whole[:100] + bytes(len(whole) - 100)
    file.write_bytes(damage)
    with pytest.raises(WorkspaceError, match="已损坏") as told:
        open_workspace(office.folder)
    assert in_chinese(told.value, office.folder)
    assert "备份" in str(told.value)
    file.write_bytes(whole)
    with open_workspace(office.folder) as again:  # the lock was let go
        assert contents(again) == [DataValue(5)]


def test_a_mistake_of_the_program_is_no_fault_of_the_disk(office):
    with pytest.raises(OperationalError, match="no such table"), office.reading() as session:
        session.execute(text("SELECT * FROM nowhere"))


class Disk:
    """A disk with no room for copies; the database itself fits."""

    def __init__(self, monkeypatch):
        self._connect = sqlite3.connect
        monkeypatch.setattr("fsdesk.store.care.raw.sqlite3.connect", self.connect)

    def connect(self, file, *_, **__):
        opened = self._connect(file)
        if str(file).endswith("fsdesk.db") and ".part" not in str(file):
            return opened
        opened.execute("PRAGMA max_page_count=3")
        return opened


def test_a_copy_that_finds_no_room_leaves_nothing_and_is_told(office, tmp_path, monkeypatch):
    with monkeypatch.context() as full:
        Disk(full)
        with pytest.raises(FsdeskError, match="磁盘已满"):
            backup.snapshot(office.engine, tmp_path / "copy.db")
        with pytest.raises(FsdeskError, match="磁盘已满") as told:
            maintenance.back_up(office, tmp_path / "备份.zip")
    assert in_chinese(told.value, tmp_path / "备份.zip")
    assert [item.name for item in tmp_path.iterdir()] == ["office"]
    backup.snapshot(office.engine, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").is_file()


def test_the_daily_copy_does_not_bar_the_door_of_a_full_disk(office, monkeypatch):
    office.close()
    clock = Clock("2026-05-06T01:00:00+00:00")
    with monkeypatch.context() as full:
        Disk(full)
        with open_workspace(office.folder, clock=clock) as opened:
            (found,) = opened.warnings
            assert contents(opened) == [DataValue(5)]
    assert "自动备份没有做成" in found.message
    assert "磁盘已满" in found.message
    assert in_chinese(found, office.folder / "backups" / "daily-20260506.db")
    assert not list((office.folder / "backups").glob("*20260506*"))
    assert not list(office.folder.rglob("*.part*"))
    with open_workspace(office.folder, clock=clock) as again:
        assert again.warnings == ()
    assert (office.folder / "backups" / "daily-20260506.db").is_file()


def test_who_holds_the_workspace_need_not_be_written_on_a_full_disk(office, monkeypatch):
    office.close()

    def full(*_, **__):
        raise InputRejectedError

    with monkeypatch.context() as broken:
        broken.setattr(workspaces.files, "save_text", full)
        with open_workspace(office.folder) as opened:
            assert contents(opened) == [DataValue(5)]
    assert not (office.folder / "fsdesk.holder.json").exists()


def test_an_upgrade_whose_copy_finds_no_room_does_not_touch_the_database(office, monkeypatch):
    """What is put back after a failure is never a copy that was not finished."""
    office.close()
    raw = sqlite3.connect(office.folder / "fsdesk.db")
    raw.execute("UPDATE alembic_version SET version_num = '0008'")
    raw.commit()
    before = list(raw.iterdump())
    raw.close()
    with monkeypatch.context() as full:
        Disk(full)
        with pytest.raises(WorkspaceError, match="没有升级成功") as told:
            open_workspace(office.folder)
    assert "磁盘已满" in str(told.value)
    raw = sqlite3.connect(office.folder / "fsdesk.db")
    assert list(raw.iterdump()) == before
    raw.close()
    assert not list((office.folder / "backups").glob("before-*"))


def test_what_a_killed_process_left_goes_at_the_next_opening(office):
    office.close()
    left = office.folder / "attachments" / ".0123456789ab.part"
    left.write_bytes(b"half")
    open_workspace(office.folder, write=False).close()
    assert left.exists()  # somebody may be writing it
    open_workspace(office.folder).close()
    assert not left.exists()


def test_where_a_full_disk_leaves_no_room_to_read_it_is_called_full(office, monkeypatch):
    usage = shutil.disk_usage(office.folder)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=0))
    event.listen(
        office.engine, "do_execute", lambda *_: (_ for _ in ()).throw(fault(sqlite3.SQLITE_IOERR))
    )
    with pytest.raises(WorkspaceError, match="磁盘已满"):
        contents(office)
