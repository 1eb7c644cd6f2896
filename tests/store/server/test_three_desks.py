"""Three desks that type at once, while server and desks are killed: nothing typed is lost.

The model is what people know: a text may only be gone from a record when whoever wrote the next one
had it before their eyes, or it was their own.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

import pytest

from fsdesk.domain.findings import WorkspaceError
from fsdesk.domain.records.records import ProgressReport, RecordKey, RecordKind, Status
from fsdesk.places import project_file
from fsdesk.services.care import maintenance, setup
from fsdesk.services.records import recording
from fsdesk.store import audit
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock

pytestmark = [pytest.mark.postgres, pytest.mark.slow]
KEYS = [RecordKey(RecordKind.PROGRESS, item, "scj", "2026-03") for item in ("T01-1", "T01-2")]
TURNS = 12
NOTHING = ProgressReport()


def said(words):
    return ProgressReport(Status.UNDER_WAY, words)


@dataclass
class Typist:
    """A desk, and what was typed there: per record, each text with what stood before it."""

    name: str
    workspace: object
    chance: random.Random
    typed: dict = field(default_factory=lambda: {key: [] for key in KEYS})
    fault: Exception | None = None

    def work(self):
        try:
            for turn in range(TURNS):
                self._type(self.chance.choice(KEYS), said(f"{self.name}{turn}"))
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test tells
            self.fault = fault

    def _type(self, key, content):
        seen = self._seen(key)
        while True:
            try:
                recording.save(self.workspace, key, content, seen)
            except WorkspaceError:  # the server is away: the field keeps what was typed
                time.sleep(0.05)
                continue
            self.typed[key].append((content, seen))
            return

    def _seen(self, key):
        """What stands in the field: the own words, or now and then what the page read anew."""
        own = self.typed[key][-1][0] if self.typed[key] else NOTHING
        if self.chance.random() < 0.6:
            return own
        try:
            with self.workspace.reading() as session:
                found = records.find(session, key)
        except WorkspaceError:
            return own
        return found.content if found else NOTHING


@pytest.fixture
def desks(tmp_path, place):
    setup.create_office(tmp_path / "a", small_plan(), place, Clock()).close()
    opened = [open_workspace(tmp_path / name, place, clock=Clock()) for name in "abc"]
    yield opened
    for desk in opened:
        desk.close()


def check_in_turn(desks, typists, folder, place):
    """Type the same once more, one after the other as the log has it: the same stands there."""
    with desks[0].reading() as session:
        logged = [
            (line, key, words["text"])
            for key in KEYS
            for line, change in audit.lines_of(session, "record")[str(key)]
            if (words := json.loads(change.after or "{}"))
        ]
        standing = {key: texts_of(session, key) for key in KEYS}
    setup.create_office(folder / "0", small_plan(), place, Clock()).close()
    again = {
        each.name: open_workspace(folder / each.name, place, clock=Clock()) for each in typists
    }
    seen = {
        (key, content.text): before
        for each in typists
        for key in KEYS
        for content, before in each.typed[key]
    }
    assert len(logged) > TURNS
    for _, key, words in sorted(logged):
        recording.save(again[words[0]], key, said(words), seen[key, words])
    with again[typists[0].name].reading() as session:
        assert {key: texts_of(session, key) for key in KEYS} == standing
    for desk in again.values():
        desk.close()


def texts_of(session, key):
    return sorted(held.record.content.text for held in records.versions_of(session, key))


def check(desks, typists):
    with desks[0].reading() as session:
        assert audit.broken_links(session) == []
        for key in KEYS:
            standing = {held.record.content for held in records.versions_of(session, key)}
            seen = {before for each in typists for _, before in each.typed[key]}
            for each in typists:
                texts = [content for content, _ in each.typed[key]]
                for place, content in enumerate(texts):
                    is_followed = place + 1 < len(texts)
                    assert content in standing or content in seen or is_followed, content
    assert maintenance.verify(desks[1]) == ()


@pytest.mark.parametrize(("seed", "kills"), [(1, 0), (2, 2), (3, 2)])
def test_no_desk_takes_anothers_words_away(tmp_path, place, desks, postgres, seed, kills):
    typists = [
        Typist(name, desk, random.Random(f"{seed}{name}"))
        for name, desk in zip("甲乙丙", desks, strict=True)
    ]
    threads = [threading.Thread(target=each.work) for each in typists]
    for thread in threads:
        thread.start()
    for _ in range(kills):
        time.sleep(0.5)
        postgres.stop("immediate")
        postgres.start()
    for thread in threads:
        thread.join()
    assert [each.fault for each in typists] == [None] * 3
    check(desks, typists)
    check_in_turn(desks, typists, tmp_path / "again", place.replace("=fsdesk", "=fsdesk_again"))


TYPES_ON = """
import sys, time
from pathlib import Path
from fsdesk.domain.findings import WorkspaceError
from fsdesk.domain.records.records import ProgressReport, RecordKey, RecordKind, Status
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace

name, folder, place = sys.argv[1:]
key, seen = RecordKey(RecordKind.PROGRESS, "T01-1", "scj", "2026-03"), ProgressReport()
with open_workspace(Path(folder), place) as desk:
    for turn in range(10_000):
        content = ProgressReport(Status.UNDER_WAY, f"{name}{turn}")
        while True:
            try:
                recording.save(desk, key, content, seen)
                break
            except WorkspaceError:  # the server is away: the field keeps what was typed
                time.sleep(0.05)
        seen = content
        print(content.text, flush=True)
"""


@pytest.mark.parametrize("server_too", [False, True])
def test_desks_that_are_killed_leave_all_that_they_had_stored(
    desks, tmp_path, place, postgres, server_too
):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", TYPES_ON, name, str(tmp_path / name), place],
            cwd=project_file("."), stdout=subprocess.PIPE, text=True,
        )
        for name in ("x", "y", "z")
    ]  # fmt: skip
    told = []
    for _ in range(1 + server_too):
        for process in started:
            told += [process.stdout.readline().strip() for _ in range(5)]
        if server_too:
            postgres.stop("immediate")
            postgres.start()
    for process in started:
        process.kill()
        told += process.stdout.read().split()
        process.wait()
        process.stdout.close()
    with desks[0].reading() as session:
        assert audit.broken_links(session) == []
        logged = " ".join(line.after for line in audit.history(session, str(KEYS[0])))
        (_, _, _) = held = records.versions_of(session, KEYS[0])
    assert [words for words in told if f'"{words}"' not in logged] == []
    assert {item.record.content.text[0] for item in held} == {"x", "y", "z"}
    assert maintenance.verify(desks[0]) == ()
    recording.save(desks[1], KEYS[0], said("接着写"), NOTHING)  # no lock is left behind
