"""A newer program over older data: migrated with a copy, or left exactly as it was."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from fsdesk import workspace as workspaces
from fsdesk.domain.findings import WorkspaceError
from fsdesk.domain.records.records import DataValue
from fsdesk.services.care import maintenance
from fsdesk.services.records import recording
from fsdesk.services.status import unit_forms
from fsdesk.store import migrate
from fsdesk.store.ledger import ledgers
from fsdesk.workspace import open_workspace

# Whole workspaces as released programs left them; each must open in every later one.
GOLDEN = sorted((Path(__file__).parent / "golden" / "workspaces").glob("*.zip"))


@pytest.fixture
def older(tmp_path):
    """A unit's workspace of an earlier schema, with a figure, a report and a packet."""
    maintenance.restore(GOLDEN[0], tmp_path / "unit")
    return tmp_path / "unit"


def dump(folder):
    raw = sqlite3.connect(folder / "fsdesk.db")
    try:
        return [line for line in raw.iterdump() if "sqlite_stat" not in line]
    finally:
        raw.close()


def schema(folder):
    raw = sqlite3.connect(folder / "fsdesk.db")
    try:
        return raw.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    finally:
        raw.close()


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_every_older_workspace_opens_with_all_its_data(file, tmp_path):
    folder = tmp_path / "unit"
    maintenance.restore(file, folder)
    assert schema(folder) < migrate.HEAD
    with open_workspace(folder) as workspace:
        assert maintenance.verify(workspace) == ()
        records = unit_forms.unit_form(workspace, "scjg", recording.Period.parse("2026-03"))
        told = [task for task in records.tasks if task.filled]
        assert [task.task.code for task in told] == ["T04-1"]
        recording.record_value(workspace, "I04-3", "2026-04", DataValue(20))
    assert schema(folder) == migrate.HEAD
    (copy,) = (folder / "backups").glob("before-*.db")
    raw = sqlite3.connect(copy)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone()[0] < migrate.HEAD
    raw.close()


def test_an_upgrade_that_breaks_off_leaves_everything_as_it_was(older, monkeypatch):
    before = dump(older)

    def break_off(engine):
        with engine.execution_options(writes=True).begin() as connection:
            connection.execute(text("DELETE FROM settings"))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(workspaces.migrate, "upgrade", break_off)
        with pytest.raises(WorkspaceError, match="已恢复到升级前的样子"):
            open_workspace(older)
    assert dump(older) == before
    with open_workspace(older) as workspace:  # and the next attempt succeeds
        assert maintenance.verify(workspace) == ()


def test_a_step_that_fails_inside_its_transaction_leaves_nothing_behind(older, monkeypatch):
    before = dump(older)
    from alembic import command

    def fail(config, _revision):
        connection = config.attributes["connection"]
        connection.execute(text("CREATE TABLE half_done (id INTEGER)"))
        raise RuntimeError("a faulty step")

    monkeypatch.setattr(command, "upgrade", fail)
    with pytest.raises(WorkspaceError, match="没有升级成功"):
        open_workspace(older)
    assert dump(older) == before


def test_an_upgrade_that_loses_ties_between_tables_is_undone(older, monkeypatch):
    monkeypatch.setattr(workspaces.backup, "damage", lambda _engine: ["row 1 missing from index"])
    before = dump(older)
    with pytest.raises(WorkspaceError, match="没有升级成功"):
        open_workspace(older)
    assert dump(older) == before
    assert schema(older) < migrate.HEAD


def test_after_a_failure_the_workspace_is_not_held(older, monkeypatch):
    def fail(_engine):
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(workspaces.migrate, "upgrade", fail)
        for _ in range(2):  # the second attempt is refused for the same reason, not for the lock
            with pytest.raises(WorkspaceError, match="没有升级成功"):
                open_workspace(older)


def test_what_several_units_registered_before_is_found_after_the_upgrade(tmp_path):
    folder = tmp_path / "unit"
    maintenance.restore(GOLDEN[-1], folder)
    raw = sqlite3.connect(folder / "fsdesk.db")
    rows = [("a", "scjg", "s1"), ("b", "fgj", "s1"), ("c", "scjg", "s2"), ("d", "scjg", "s2")]
    raw.executemany(
        "INSERT INTO ledger_entry (id, ledger, unit, key, revision, state, facet, batch, more)"
        " VALUES (?, 'sampling', ?, ?, '', 0, 0, 0, '')",
        rows,
    )
    raw.commit()
    raw.close()
    with open_workspace(folder) as workspace, workspace.reading() as session:
        (double,) = ledgers.doubles(session, "sampling")
        assert (double.key, double.unit, double.others) == ("s1", "fgj", ("scjg",))
        by_unit = {each.code for each in ledgers.load_ledgers(session) if each.keyed_by_unit}
        assert by_unit == {"activity", "support"}
