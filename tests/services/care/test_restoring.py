"""Going back to a copy of the file: what is told before the yes, is kept, and never changes.

What holds in a folder and on a server alike is in `test_restoring_either`.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from fsdesk.domain.findings import FsdeskError, InputRejectedError
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.places import project_file
from fsdesk.services.care import maintenance, restoring
from fsdesk.services.care.lost_changes import LostKind
from fsdesk.services.packet import exchange
from fsdesk.services.records import evidence, recording
from fsdesk.store.care import backup
from fsdesk.workspace import DATABASE, open_workspace
from tests.services.care.test_restoring_either import VALUE, WORD, put_back, record, value_in
from tests.workspaces import MARCH, Clock, make_office, make_unit

pytestmark = pytest.mark.file_database


def points(folder, *others):
    return run_through(restoring.restore_points(folder, others))


def copy_of(folder, name="daily-20260401.db"):
    """Make an automatic copy as the program does."""
    with open_workspace(folder, clock=Clock()) as workspace:
        backup.snapshot(workspace.engine, folder / "backups" / name)
    return folder / "backups" / name


def tree(folder):
    """All that a folder holds, apart from what belongs to SQLite and the lock."""
    return {
        item.relative_to(folder).as_posix(): item.read_bytes()
        for item in folder.rglob("*")
        if item.is_file() and not item.name.startswith(("fsdesk.lock", "fsdesk.holder", DATABASE))
    }


@pytest.fixture
def office(tmp_path):
    """The folder of a closed office."""
    make_office(tmp_path / "office").close()
    return tmp_path / "office"


@pytest.fixture
def unit(tmp_path):
    """The folder of a unit, closed, with 210 typed in March."""
    with make_office(tmp_path / "office") as office:
        make_unit(office, tmp_path / "unit").close()
    record(tmp_path / "unit", 210)
    return tmp_path / "unit"


def test_a_copy_is_put_back_and_the_state_before_can_be_put_back_too(unit):
    copy = copy_of(unit)
    record(unit, 300)
    told = restoring.preview(unit, copy)
    assert told.lost.kinds == ((LostKind.RECORD, 1),)
    assert "市场监管局2026年3月" in told.lost.told[0]
    assert "300" in told.lost.told[0]
    assert told.extra.count == 0
    done = put_back(unit, copy)
    assert done.lost == 1
    assert value_in(unit) == DataValue(210)
    put_back(unit, unit / done.kept)
    assert value_in(unit) == DataValue(300)


def test_what_was_put_back_is_told_once_at_opening_and_stays_in_the_log(unit):
    copy = copy_of(unit)
    record(unit, 300)
    done = put_back(unit, copy)
    with open_workspace(unit, clock=Clock()) as workspace:
        told = str(workspace.warnings[0])
    assert f"已恢复到副本“{copy.name}”" in told
    assert "之后的 1 处改动不在其中" in told
    assert done.kept in told
    with open_workspace(unit, clock=Clock()) as workspace:
        assert not [found for found in workspace.warnings if "已恢复" in found.message]
        assert maintenance.verify(workspace) == ()


def test_all_copies_are_listed_by_what_is_in_them(unit, tmp_path):
    first = copy_of(unit)
    with open_workspace(unit, clock=Clock("2026-04-03T01:00:00+00:00")) as workspace:
        recording.save_all(workspace, [(VALUE, DataValue(300))])
        maintenance.back_up(workspace, tmp_path / "elsewhere.zip")
        maintenance.back_up(workspace, tmp_path / "locked.zip", WORD)
    (unit / "backups" / "daily-20991231.db").write_bytes(first.read_bytes()[:5000])
    found = {
        p.file.name: p for p in points(unit, tmp_path / "elsewhere.zip", tmp_path / "locked.zip")
    }
    assert found["elsewhere.zip"].state == "完好"
    assert found["elsewhere.zip"].as_of == "2026-04-03T01:00:00+00:00"
    assert found["daily-20260401.db"].as_of == "2026-04-02T01:00:00+00:00"
    assert found["daily-20991231.db"].state.startswith("已损坏")
    assert found["locked.zip"].locked


def test_a_whole_backup_brings_what_is_missing_and_takes_nothing_away(unit, tmp_path):
    proof = tmp_path / "照片.txt"
    proof.write_text("证明", encoding="utf-8")
    with open_workspace(unit, clock=Clock()) as workspace:
        evidence.attach(workspace, VALUE, proof)
        maintenance.back_up(workspace, tmp_path / "b.zip")
    for item in (unit / "attachments").iterdir():
        item.unlink()
    (unit / "attachments" / "later").write_text("later")
    (unit / "packets" / "later.xlsx").write_text("later")
    put_back(unit, tmp_path / "b.zip")
    assert (unit / "attachments" / "later").exists()
    assert (unit / "packets" / "later.xlsx").exists()
    (unit / "attachments" / "later").unlink()
    with open_workspace(unit, clock=Clock()) as workspace:
        assert maintenance.verify(workspace) == ()


def test_another_key_in_a_backup_is_told_and_the_present_one_kept(unit, tmp_path):
    with open_workspace(unit, clock=Clock()) as workspace:
        maintenance.back_up(workspace, tmp_path / "b.zip")
    key = unit / "keys" / "signing.pem"
    old = key.read_bytes()
    key.unlink()
    with open_workspace(unit, clock=Clock()) as workspace:
        exchange.export_report(workspace, MARCH, tmp_path / "r.xlsx")
    new = key.read_bytes()
    assert new != old
    assert any("签名密钥" in note for note in restoring.preview(unit, tmp_path / "b.zip").notes)
    done = put_back(unit, tmp_path / "b.zip")
    assert key.read_bytes() == old
    assert done.reports == ("区市场监管局2026年3月",)
    put_back(unit, unit / done.kept)
    assert key.read_bytes() == new


def test_another_unit_s_copy_is_refused(unit, tmp_path):
    copy = copy_of(unit)
    office = tmp_path / "office"
    before = tree(office)
    with pytest.raises(InputRejectedError, match=r"属于区市场监管局2026年度，不是本工作区"):
        put_back(office, copy)
    assert tree(office) == before


def test_another_unit_s_copy_is_refused_where_the_database_is_gone(unit, office_copy):
    (unit / DATABASE).unlink()
    copy_of_unit = next(iter((unit / "backups").glob("daily*.db")))
    with pytest.raises(InputRejectedError, match="不是本工作区"):
        put_back(unit, office_copy)
    put_back(unit, copy_of_unit)


@pytest.mark.parametrize("harm", ["role = 'boss'", "unit = 'scx'", "year = 2090"])
def test_damage_of_whose_it_is_bars_no_copy_of_the_same_workspace(unit, harm):
    record(unit, 200)
    copy = copy_of(unit)
    with closing(sqlite3.connect(unit / DATABASE)) as database:
        database.execute(f"UPDATE workspace SET {harm}")  # noqa: S608 - a constant of this test
        database.commit()
    assert all(point.state == "完好" for point in points(unit))
    put_back(unit, copy)
    assert value_in(unit) == DataValue(200)


@pytest.fixture
def office_copy(tmp_path, unit):
    return copy_of(tmp_path / "office")


def test_a_damaged_copy_is_refused_and_changes_nothing(unit):
    copy = copy_of(unit)
    data = bytearray(copy.read_bytes())
    data[8192:12288] = bytes(4096)
    copy.write_bytes(data)
    record(unit, 300)
    before = tree(unit)
    with pytest.raises(FsdeskError, match="已损坏"):
        put_back(unit, copy)
    assert tree(unit) == before
    assert value_in(unit) == DataValue(300)


def test_a_copy_of_a_newer_program_is_refused(unit):
    copy = copy_of(unit)
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InputRejectedError, match="更高版本"):
        put_back(unit, copy)


@pytest.mark.parametrize("harm", ["page", "head", "gone", "text"])
def test_a_workspace_that_does_not_open_any_more_is_put_back(unit, harm):
    copy = copy_of(unit)
    record(unit, 300)
    database = unit / DATABASE
    data = bytearray(database.read_bytes())
    if harm == "page":
        data[4096:-4096] = bytes(len(data) - 8192)
    elif harm == "head":
        data[:100] = bytes(100)
    else:
        data = bytearray(b"no database at all")
    if harm == "gone":
        database.unlink()
    else:
        database.write_bytes(data)
    told = restoring.preview(unit, copy)
    assert told.lost is None or harm == "gone"
    done = put_back(unit, copy)
    assert maintenance.verify_folder(unit) == ()
    assert value_in(unit) == DataValue(210)
    if harm != "gone":
        assert (unit / done.kept).read_bytes() == data


def test_what_sqlite_left_beside_a_dead_database_does_not_come_into_the_new_one(unit, tmp_path):
    """A journal of another database would be played into the one that is put back."""
    copy = copy_of(unit)
    with open_workspace(unit, clock=Clock()) as workspace:
        recording.save_all(workspace, [(VALUE, DataValue(300))])
        shutil.copytree(unit, tmp_path / "killed")
    killed = tmp_path / "killed"
    assert (killed / f"{DATABASE}-wal").stat().st_size
    assert restoring.preview(killed, killed / "backups" / copy.name).lost.count == 1
    done = put_back(killed, killed / "backups" / copy.name)
    assert not (killed / f"{DATABASE}-wal").exists()
    assert value_in(killed) == DataValue(210)
    put_back(killed, killed / done.kept)
    assert value_in(killed) == DataValue(300)


def test_what_went_apart_is_told_on_both_sides(unit):
    copy = copy_of(unit)
    record(unit, 300)
    done = put_back(unit, copy)
    record(unit, 400)
    told = restoring.preview(unit, unit / done.kept)
    assert told.lost.count == 1
    assert "400" in told.lost.told[0]
    assert told.extra.count == 1
    assert "300" in told.extra.told[0]


def test_a_cancelled_putting_back_changes_nothing(unit):
    copy = copy_of(unit)
    record(unit, 300)
    before = tree(unit)
    most = len(list(restoring.put_back(unit, copy, clock=Clock())))
    put_back(unit, next((unit / "backups").glob("before-restore-*.db")))
    for kept in (unit / "backups").glob("before-restore-*"):
        kept.unlink()
    assert value_in(unit) == DataValue(300)
    before = tree(unit)
    for stop in range(1, most + 1):
        steps = restoring.put_back(unit, copy, clock=Clock())
        for _ in range(stop):
            next(steps)
        steps.close()
        assert tree(unit) == before
    assert value_in(unit) == DataValue(300)


def test_a_copy_of_before_an_upgrade_is_put_back_and_upgraded_again(tmp_path):
    folder = tmp_path / "old"
    maintenance.restore(project_file("tests/golden/workspaces/schema-0006.zip"), folder)
    open_workspace(folder).close()
    before = next((folder / "backups").glob("before-0006-*.db"))
    assert any("较早版本" in note for note in restoring.preview(folder, before).notes)
    put_back(folder, before)
    with open_workspace(folder) as workspace:
        assert "已恢复到副本" in workspace.warnings[0].message
        assert maintenance.verify(workspace) == ()


def test_a_value_that_was_changed_behind_the_program_s_back_is_told_before_the_yes(unit):
    copy = copy_of(unit)
    assert restoring.preview(unit, copy).notes == ()
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("UPDATE data_value SET value = 77777")
    assert any("77777" in note for note in restoring.preview(unit, copy).notes)
