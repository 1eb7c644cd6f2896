"""A power cut at any moment: the workspace opens clean, before or after a step, never between."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from fsdesk.bench.packets import benchmark_plan, write_packets
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.care import maintenance, setup
from fsdesk.services.packet import exchange, importing
from fsdesk.services.packet.exchange import form_keys
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status import aggregation
from fsdesk.store.packet import keys
from fsdesk.store.records import records, submissions
from fsdesk.workspace import open_workspace
from tests.workspaces import MARCH, import_files, make_office

# The program with all that the work needs, which is read once: each process to kill is forked
# from it, and opens the workspace itself.
PROGRAM = """
import json, os, sys
from pathlib import Path
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.packets import reader
from fsdesk.packets.safe import guard
from fsdesk.services.packet import importing
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace

def ready():
    print("ready", os.getpid(), flush=True)

def record(folder):
    workspace = open_workspace(Path(folder))
    ready()
    for number in range(1, 100_000):
        entries = [(RecordKey(RecordKind.VALUE, item, "scj", "2026-03"), DataValue(number))
                   for item in ("I01-1", "I01-2", "I01-5")]
        recording.save_all(workspace, entries)

def take(folder, *files):
    workspace = open_workspace(Path(folder))
    ready()
    run_through(importing.import_packets(workspace, [Path(name) for name in files],
                                      accept_unsigned=True))

for line in sys.stdin:
    work, *arguments = json.loads(line)
    child = os.fork()
    if not child:
        globals()[work](*arguments)
        os._exit(0)
    sys.stdin.readline()  # until it was killed: one that ended by itself keeps its number till then
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


@pytest.fixture(scope="module")
def killed():
    """Begin a work in a process, and kill that so many seconds after it says that it is ready.

    What is done by then is past killing, and counts as a kill after the last step."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def kill(work, delay, *arguments):
        print(json.dumps([work, *map(str, arguments)]), file=program.stdin, flush=True)
        word, process = program.stdout.readline().split()
        assert word == "ready"
        time.sleep(delay)
        os.kill(int(process), signal.SIGKILL)
        print("killed", file=program.stdin, flush=True)
        assert program.stdout.readline() == "gone\n"

    yield kill
    program.stdin.close()
    assert program.wait() == 0
    program.stdout.close()


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.07, 0.21])
def test_killed_while_recording(killed, tmp_path, delay):
    make_office(tmp_path / "office").close()
    killed("record", delay, tmp_path / "office")
    with open_workspace(tmp_path / "office") as office:
        assert maintenance.verify(office) == ()
        with office.reading() as session:
            found = {record.content.value for record in records.load_records(session)}
        assert len(found) <= 1


@pytest.fixture
def packets(tmp_path):
    """One filled form for each of the three units, each with several rows."""
    with make_office(tmp_path / "source") as office:
        plan = current_plan(office)
        issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "issued"))
    for packet in issued:
        keys = [key for key in form_keys(plan, packet.unit, MARCH) if key.item == "I01-1"]
        milestones = [k for k in form_keys(plan, packet.unit, MARCH) if k.kind.value == "milestone"]
        fill_in(
            packet.file, {key: DataValue(7) for key in keys} | {key: _done() for key in milestones}
        )
    return [packet.file for packet in issued]


def _done():
    from fsdesk.domain.records.records import Milestone, Status

    return Milestone(Status.DONE)


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.0, 0.03, 0.08, 0.15])
def test_killed_while_importing(killed, tmp_path, packets, delay):
    make_office(tmp_path / "office").close()
    killed("take", delay, tmp_path / "office", *packets)
    with make_office(tmp_path / "clean") as clean:
        import_files(clean, *packets, accept_unsigned=True)
        expected = state_of(clean)
    with open_workspace(tmp_path / "office") as office:
        assert maintenance.verify(office) == ()
        reported = {s.unit for s in received(office)}
        assert reported == {unit for unit, *_ in state_of(office)}
        import_files(office, *packets, accept_unsigned=True)
        assert state_of(office) == expected
        assert aggregation.status(office, MARCH).reporting_rate == 1.0


def received(workspace):
    with workspace.reading() as session:
        return submissions.submissions(session)


def state_of(workspace):
    with workspace.reading() as session:
        return {(r.key.unit, str(r.key), str(r.revision)) for r in records.load_records(session)}


MANY = 200
KILLS = 50


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Two hundred signed reports."""
    folder = tmp_path_factory.mktemp("many")
    plan = benchmark_plan(MANY)
    return plan, list(write_packets(plan, MANY, folder / "packets"))


def whole_state(workspace):
    """All that an import of many packets leaves behind, apart from times and numbers of rows."""
    with workspace.reading() as session:
        held = records.held(session, leading_only=False)
        return (
            {(item.record, item.leading) for item in held},
            {(s.unit, s.period, s.state, s.digest) for s in received(workspace)},
            {note.digest for note in submissions.packets(session)},
            {(s.unit, s.public_key) for s in keys.signers(session) if s.unit != "ban"},
        )


@pytest.mark.slow
@pytest.mark.timeout(900)  # fifty kills
def test_killed_fifty_times_the_import_ends_as_one_clean_import(killed, tmp_path, many):
    plan, files = many
    with setup.create_office(tmp_path / "clean", plan) as clean:
        begun = time.perf_counter()
        import_files(clean, *files)
        takes = time.perf_counter() - begun
        expected = whole_state(clean)
    moments = random.Random(20260401)
    folder = tmp_path / "office-0"
    for number in range(KILLS):
        if not folder.exists():
            setup.create_office(folder, plan).close()
        killed("take", moments.uniform(0, takes / 5), folder, *files)
        with open_workspace(folder) as office:
            assert maintenance.verify(office) == ()
            done = whole_state(office)
        assert all(part <= whole for part, whole in zip(done, expected, strict=True))
        if number % 10 == 9:
            with open_workspace(folder) as office:
                import_files(office, *files)
                assert whole_state(office) == expected
            folder = tmp_path / f"office-{number}"


def test_the_same_folder_twice_is_one_import(tmp_path, packets):
    with make_office(tmp_path / "office") as office:
        summary = import_files(office, packets[0].parent, accept_unsigned=True)
        again = import_files(office, packets[0].parent, accept_unsigned=True)
    assert summary.count(importing.Result.IMPORTED) == 3
    assert again.count(importing.Result.UNCHANGED) == 3
