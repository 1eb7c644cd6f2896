"""The database: migrations, the change log, the plan, and what SQLite is asked to keep."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import inspect, text, update
from sqlalchemy.exc import DatabaseError, InvalidRequestError

from fsdesk.domain.findings import InputRejectedError, WorkspaceError
from fsdesk.domain.records.records import DataValue
from fsdesk.places import project_file
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.store import audit, disks, migrate
from fsdesk.store.engine import make_engine, sqlite_url
from fsdesk.store.plan import plans
from fsdesk.store.plan.history import PLAN_REVISION
from fsdesk.store.tables import Base
from tests.plans import YEAR, small_plan
from tests.workspaces import make_office


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as workspace:
        yield workspace


def columns_of(connection):
    found = {}
    for (table,) in connection.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ).all():
        rows = connection.execute(text(f"PRAGMA table_info({table})")).all()
        found[table] = sorted((row.name, row.type, row.notnull, row.pk) for row in rows)
    return found


def test_the_migrations_make_the_tables_that_the_program_maps(tmp_path):
    migrated = make_engine(sqlite_url(tmp_path / "a.db"))
    mapped = make_engine(sqlite_url(tmp_path / "b.db"))
    migrate.upgrade(migrated)
    import_module("fsdesk.store.verification.database")  # knows of every table
    Base.metadata.create_all(mapped)
    with migrated.connect() as one, mapped.connect() as other:
        steps, tables = columns_of(one), columns_of(other)
    steps.pop("alembic_version")
    assert steps == tables
    for engine in (migrated, mapped):
        engine.dispose()


def test_a_new_database_is_what_the_steps_make_one_by_one(tmp_path):
    def made(how, name):
        built = make_engine(sqlite_url(tmp_path / name))
        how(built)
        with built.connect() as connection:
            lines = list(connection.connection.driver_connection.iterdump())
        built.dispose()
        return lines

    def by_steps(engine):
        with engine.execution_options(writes=True).begin() as connection:
            migrate.apply(connection)

    assert made(migrate.upgrade, "at-once.db") == made(by_steps, "steps.db")


@pytest.mark.parametrize("table", ["data_value", "progress_report", "milestone"])
def test_what_a_unit_reports_for_a_period_lies_together_in_every_index(tmp_path, table):
    # Else each record of a packet would change a page of its own.
    engine = make_engine(sqlite_url(tmp_path / "a.db"))
    migrate.upgrade(engine)
    found = inspect(engine).get_indexes(table)
    assert found
    assert all(index["column_names"][:2] == ["unit", "period"] for index in found)
    engine.dispose()


def test_the_newest_migration_is_the_one_the_program_expects():
    folder = project_file("fsdesk/store/migrations/versions")
    newest = max(path.name.split("_")[0] for path in Path(folder).glob("[0-9]*.py"))
    assert newest == migrate.HEAD


def test_a_database_of_a_newer_program_is_refused():
    with pytest.raises(WorkspaceError, match="请升级"):
        migrate.check_readable("9999")


def test_a_reading_that_ended_begins_no_other(office):
    """On a server nobody would end that one, and it would be seen as a desk that fell asleep."""
    with office.reading() as session:
        pass
    with pytest.raises(InvalidRequestError, match="closed"):
        audit.newest(session)


@pytest.mark.file_database
def test_sqlite_keeps_what_was_typed_through_a_power_cut(waiting_for_the_disk, office):
    with office.engine.connect() as connection:
        settings = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_the_plan_comes_back_as_it_was_stored(office):
    with office.reading() as session:
        assert plans.load_plan(session, YEAR) == small_plan()
        assert plans.load_plan(session, 1999) is None


def test_a_plan_of_which_no_state_was_kept_yet_comes_from_its_tables(office):
    with office.engine.execution_options(writes=True).begin() as opened:
        opened.execute(text("DELETE FROM plan_revision"))
    with office.reading() as session:
        assert plans.load_plan(session, YEAR) == small_plan()


def test_a_plan_whose_state_is_damaged_is_told_in_words(office):
    with office.engine.execution_options(writes=True).begin() as opened:
        opened.execute(update(PLAN_REVISION).values(snapshot=b"\0"))
    office.engine.dispose()
    with office.reading() as session, pytest.raises(WorkspaceError, match=f"{YEAR} 年度计划已损坏"):
        plans.load_plan(session, YEAR)


def test_the_change_log_can_be_neither_altered_nor_shortened(office):
    for statement in ("UPDATE change SET who = 'x'", "DELETE FROM change"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            office.engine.execution_options(writes=True).begin() as opened,
        ):
            opened.execute(text(statement))


def test_lines_written_at_once_stand_in_the_log_like_any_others(office):
    with office.writing() as writing:
        audit.log(writing, "test", "one", None, {"n": 1})
        with audit.logged_at_once(writing):
            audit.log(writing, "test", "two", None, {"n": 2})
            assert audit.newest(writing.session) == audit.newest(writing.session)
            audit.log(writing, "test", "three", None, {"n": 3})
            audit.log(writing, "test", "four", None, {"n": 4})
        audit.log(writing, "test", "five", None, {"n": 5})
    with office.reading() as session:
        assert audit.broken_links(session) == []
        newest = [change.subject for change in audit.since(session, 0)[:5]]
    assert newest == ["five", "four", "three", "two", "one"]


def test_a_change_made_behind_the_programs_back_shows(office):
    recording.record_value(office, "I01-1", "2026-03", DataValue(5), unit="scj")
    with office.reading() as session:
        assert audit.broken_links(session) == []
    with office.engine.execution_options(writes=True).begin() as opened:
        on = " ON change" if opened.dialect.name == "postgresql" else ""
        opened.execute(text(f"DROP TRIGGER change_no_update{on}"))
        opened.execute(
            text("UPDATE change SET after = replace(after, '5', '9') WHERE action = 'record'")
        )
    with office.reading() as session:
        assert len(audit.broken_links(session)) == 1


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x"])
def test_an_address_that_is_no_database_is_refused(url):
    with pytest.raises(InputRejectedError, match="数据库地址"):
        make_engine(url)


def test_a_local_disk_is_no_network_drive(tmp_path):
    assert not disks.on_network_drive(tmp_path)


@pytest.mark.parametrize(
    ("kind", "opts", "network"),
    [("cifs", "rw", True), ("ext4", "rw", False), ("ntfs", "rw,remote", True)],
)
def test_a_network_drive_is_told_by_its_kind(tmp_path, monkeypatch, kind, opts, network):
    monkeypatch.setattr(disks, "drives", lambda: [disks.Drive(str(tmp_path), kind, opts)])
    assert disks.on_network_drive(tmp_path / "deeper") is network


@pytest.mark.skipif(sys.platform != "linux", reason="Linux writes them so")
def test_a_network_drive_with_a_blank_in_its_name_is_found(tmp_path, monkeypatch):
    drive = tmp_path / "公共 盘"
    mounts = tmp_path / "mounts"
    written = str(drive).replace(" ", "\\040")
    mounts.write_text(f"none / ext4 rw 0 0\n//pc/x {written} cifs rw,relatime 0 0\n")
    monkeypatch.setattr(disks, "_MOUNTS", mounts)
    assert disks.on_network_drive(drive)
    assert not disks.on_network_drive(tmp_path)


def test_at_rest_no_pages_are_kept_and_all_else_is(tmp_path):
    asked = []
    with make_office(tmp_path, in_folder=True) as office:
        plan = planning.current_plan(office)
        with office.engine.connect() as connection:
            resting = connection.connection.driver_connection
        resting.set_trace_callback(asked.append)
        office.rest()
        assert asked == ["PRAGMA shrink_memory"]
        assert planning.current_plan(office) is plan  # what was read is still known
        with office.engine.connect() as connection:
            assert connection.connection.driver_connection is resting
