"""Bits that flip and files that are cut: what changes a value is found, and nothing fails of it.

Sixty places each time, the same ones; with --hypothesis-profile heavy 2000.
"""

from __future__ import annotations

import random
import shutil
from contextlib import suppress

import pytest
from hypothesis import settings

from fsdesk.commands.run import run
from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.records.records import DataValue
from fsdesk.services.care import maintenance
from fsdesk.services.records import recording
from fsdesk.store.care import raw
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.worked import worked_folder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600), pytest.mark.file_database]
SHARES = 6  # of all places, so that the tests can run side by side
COMMANDS = (
    ("status", "--json"),
    ("record", "value", "I01-1", "--period", "2026-04", "--unit", "fgj", "--value", "9"),
    ("backup", "{folder}.zip"),
    ("verify",),
    ("verify", "--json"),
)
# What is only worked out from the rest.
UNTOLD = frozenset({"ledger_double", "sqlite_stat1"})


def contents(file):
    """Return all that can be read of a database; None for a table that can't."""
    found = {}
    try:
        with raw.opened(file, finished=True) as connection:
            names = "SELECT name FROM sqlite_master WHERE type = 'table'"
            for (name,) in connection.execute(names).fetchall():
                try:
                    rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
                    found[name] = sorted(rows, key=repr)
                except raw.faults():
                    found[name] = None
    except raw.faults():
        return None
    return {name: rows for name, rows in found.items() if name not in UNTOLD}


def damaged(content, dice):
    """Return a file's content with one bit turned, or cut."""
    changed = bytearray(content)
    if dice.random() < 0.15:
        return changed[: dice.randrange(len(changed))]
    used = [at for at in dice.sample(range(len(changed)), 40) if changed[at]]
    changed[used[0] if used else 0] ^= 1 << dice.randrange(8)
    return changed


@pytest.mark.parametrize("share", range(SHARES))
def test_what_changes_a_value_in_the_database_is_found(tmp_path, share):
    folder, dice = worked_folder(tmp_path / "all"), random.Random(share)
    file = folder / "fsdesk.db"
    whole, before = file.read_bytes(), contents(file)
    for _ in range(settings().max_examples // SHARES):
        file.write_bytes(damaged(whole, dice))
        now = contents(file)
        problems = maintenance.verify_folder(folder)
        assert problems or now == before, {
            name: set(rows or ()) ^ set((now or {}).get(name) or ())
            for name, rows in before.items()
            if (now or {}).get(name) != rows
        }


@pytest.mark.parametrize("share", range(SHARES))
def test_every_command_and_the_window_say_in_words_what_is_wrong(tmp_path, share, capsys):
    whole, dice = worked_folder(tmp_path / "all"), random.Random(100 + share)
    for turn in range(settings().max_examples // SHARES // 4):
        folder = tmp_path / str(turn)
        shutil.copytree(whole, folder)
        file = folder / "fsdesk.db"
        file.write_bytes(damaged(file.read_bytes(), dice))
        for command in COMMANDS:
            words = [word.replace("{folder}", str(folder)) for word in command]
            code = run(["--workspace", str(folder), *words])
            said = capsys.readouterr()
            assert code in {0, 1, 2}
            assert "Traceback" not in said.err
            assert code == 0 or said.err or said.out
        with suppress(FsdeskError):  # whatever else comes out is no word for anybody
            open_workspace(folder, copy=False).close()
        shutil.rmtree(folder)


@pytest.mark.parametrize("where", ["attachments", "packets"])
def test_what_changes_a_file_beside_the_database_is_found(tmp_path, where):
    folder, dice = worked_folder(tmp_path / "all"), random.Random(where)
    files = sorted(file for file in (folder / where).rglob("*") if file.is_file())
    for _ in range(settings().max_examples // SHARES):
        file = dice.choice(files)
        content = file.read_bytes()
        file.write_bytes(content[: dice.randrange(len(content))])
        assert maintenance.verify_folder(folder), file
        middle = bytearray(content)
        middle[len(middle) // 2] ^= 1 << dice.randrange(8)
        file.write_bytes(middle)
        assert maintenance.verify_folder(folder), file
        file.write_bytes(content)
    assert maintenance.verify_folder(folder) == ()


def test_what_changes_the_journal_of_the_last_work_is_found(tmp_path):
    folder, left, dice = worked_folder(tmp_path / "all"), tmp_path / "left", random.Random(7)
    with open_workspace(folder, copy=False) as office:
        for value in range(4):
            recording.record_value(office, "I01-5", "2026-03", DataValue(value), unit="fgj")
        shutil.copytree(folder, left)  # as a program leaves it that was ended
    database, journal = left / "fsdesk.db", left / "fsdesk.db-wal"
    kept, content = database.read_bytes(), journal.read_bytes()
    missed = 0
    for turn in range(settings().max_examples // SHARES + 1):
        database.write_bytes(kept)
        changed = bytearray(content)
        if turn:
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        journal.write_bytes(changed)
        with open_workspace(left, write=False) as office:
            problems = maintenance.verify(office)
            with office.reading() as session:
                values = [row.record.content for row in records.held(session, unit="fgj")]
        lost = DataValue(3) not in values
        missed += lost
        assert problems or not lost
        assert turn or not problems
    assert missed
