"""A power cut at any step of putting a copy back: the state before or the one after it."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fsdesk.domain.findings import FsdeskError
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.services.care import maintenance, restoring
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.workspaces import MARCH, Clock, make_office, make_unit

pytestmark = pytest.mark.file_database

VALUE = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
# Each process to be ended is forked from one that has read all modules. It ends itself, as if
# killed, before so many of the calls that change the disk; it answers whether it came so far.
PROGRAM = """
import json, os, sys
from pathlib import Path
from fsdesk.domain.steps import run_through
from fsdesk.services.care import restoring
from fsdesk.workspace import open_workspace

def mortal(left):
    def wrap(owner, name):
        real = getattr(owner, name)
        def call(*arguments, **options):
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(9)
            return real(*arguments, **options)
        setattr(owner, name, call)
    for name in ("replace", "unlink", "mkdir", "chmod"):
        wrap(Path, name)
    for name in ("fsync", "rmdir", "open"):
        wrap(os, name)

def put_back(folder, file):
    run_through(restoring.put_back(Path(folder), Path(file)))

def open_again(folder, _file):
    open_workspace(Path(folder)).close()

for line in sys.stdin:
    work, folder, file, left = json.loads(line)
    child = os.fork()
    if not child:
        mortal(left)
        globals()[work](folder, file)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def ended():
    """Do a work in a process that ends after so many calls; tell whether it was cut short."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def end(work, folder, file, left):
        print(json.dumps([work, str(folder), str(file), left]), file=program.stdin, flush=True)
        code = int(program.stdout.readline())
        assert code in {0, 9}
        return code == 9

    yield end
    program.stdin.close()
    assert program.wait() == 0
    program.stdout.close()


@pytest.fixture
def story(tmp_path):
    """A killed unit whose figure and key have changed since its backup."""
    folder = tmp_path / "unit"
    with make_office(tmp_path / "office") as office:
        make_unit(office, folder).close()
    with open_workspace(folder, clock=Clock()) as workspace:
        recording.save_all(workspace, [(VALUE, DataValue(210))])
        maintenance.back_up(workspace, tmp_path / "b.zip")
    before = (folder / "keys" / "signing.pem").read_bytes()
    (folder / "keys" / "signing.pem").unlink()
    with open_workspace(folder, clock=Clock()) as workspace:
        exchange.export_report(workspace, MARCH, tmp_path / "r.xlsx")
        recording.save_all(workspace, [(VALUE, DataValue(300))])
        shutil.copytree(folder, tmp_path / "killed")
    after = (folder / "keys" / "signing.pem").read_bytes()
    return tmp_path / "killed", tmp_path / "b.zip", {210: before, 300: after}


def state_of(folder):
    with open_workspace(folder, clock=Clock()) as workspace:
        assert maintenance.verify(workspace) == ()
        with workspace.reading() as session:
            found = {r.key: r.content for r in records.load_records(session)}
    return found[VALUE].value, (folder / "keys" / "signing.pem").read_bytes()


@pytest.mark.slow
def test_ended_at_any_step_it_is_the_state_before_or_the_one_after(ended, story, tmp_path):
    """Every fourth call; what was decided by then is gone on with, and that may be ended too."""
    killed, backup, states = story
    seen, waiting, step, cut = set(), None, 0, True
    while cut:
        folder = shutil.copytree(killed, tmp_path / f"{step}")
        cut = ended("put_back", folder, backup, step)
        if waiting is None and (folder / ".restoring").is_dir():
            waiting = shutil.copytree(folder, tmp_path / "waiting")
        value, key = state_of(folder)
        assert states[value] == key
        seen.add((value, cut))
        shutil.rmtree(folder)
        step += 4
    assert seen == {(300, True), (210, True), (210, False)}
    step, cut = 0, True
    while cut:
        folder = shutil.copytree(waiting, tmp_path / f"{step}")
        cut = ended("open_again", folder, "", step)
        assert state_of(folder) == (210, states[210])
        shutil.rmtree(folder)
        step += 4


@pytest.mark.slow
def test_a_fault_at_any_step_leaves_all_as_it_was(story, tmp_path, monkeypatch):
    """The disk refuses one call: told in words, and nothing is other than before."""
    killed, backup, states = story
    real = Path.replace
    refused, step, left = 0, 0, -1
    while left < 0:
        folder, left = shutil.copytree(killed, tmp_path / f"{step}"), step

        def replace(path, target):
            nonlocal left
            left -= 1
            if left == -1:
                raise OSError(errno.ENOSPC, "No space left on device", str(path))
            return real(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace)
            try:
                run_through(restoring.put_back(folder, backup, clock=Clock()))
                told = ""
            except FsdeskError as problem:
                told = str(problem)
        if told:
            refused += 1
            assert "磁盘已满" in told
            assert not list((folder / "backups").glob("before-restore*"))
            assert state_of(folder) == (300, states[300])
        else:  # a courtesy failed, such as the note who has it open; or nothing did
            assert state_of(folder) == (210, states[210])
        step += 1
    assert refused > 5
