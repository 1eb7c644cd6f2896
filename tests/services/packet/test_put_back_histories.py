"""Databases put back by every way, anywhere in a year's exchange: nothing typed is ever lost.

An office and a unit type, export, import and answer, and between any two steps either's database
may come back as it once was. Whoever typed knew what the workspace held then; so whatever a file
carried to the office must stand there, or beside what stands, or lie before it.

`--hypothesis-profile heavy` plays two hundred histories.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing

import pytest
from hypothesis import settings

from fsdesk.domain.findings import WorkspaceError
from fsdesk.domain.ledger.ledger import LedgerEntry, new_entry_id
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import conflicts, exchange, import_undo, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import records
from fsdesk.workspace import DATABASE, open_workspace
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.file_database]

HEAVY = settings.get_current_profile_name() == "heavy"
SEEDS = range(200) if HEAVY else range(8)
STEPS = 30
KEY = RecordKey(RecordKind.VALUE, "I01-5", "scj", str(MARCH))
LEDGER, ROW = "sampling", "SC0001"


class Pc:
    """A PC: the workspace on it, what else the program keeps there, and what was saved of it."""

    def __init__(self, folder, clock):
        self.room, self.folder, self.clock = folder.parent, folder, clock
        self.saved = []

    def open(self):
        return open_workspace(self.folder, clock=self.clock)

    def save(self, place):
        """Keep all that is on the PC, as it is now."""
        shutil.copytree(self.room, place)
        self.saved.append(place)

    def put_back(self, way, saved):
        """Let an earlier state come back."""
        earlier = next(saved.glob(f"*/{DATABASE}")).parent
        if way == "image of the disk":
            shutil.rmtree(self.room)
            shutil.copytree(saved, self.room)
            self.folder = self.room / earlier.name
        elif way == "copied to another folder":
            target = self.room / f"{self.folder.name}_"
            shutil.copytree(earlier, target)
            shutil.rmtree(self.folder)
            self.folder = target
        elif way == "copied over in place":
            shutil.copyfile(earlier / DATABASE, self.folder / DATABASE)
        else:
            shutil.copyfile(earlier / DATABASE, self.folder / "new.db")
            (self.folder / "new.db").replace(self.folder / DATABASE)

    def put_back_while_open(self, workspace, way, saved):
        file = next(saved.glob(f"*/{DATABASE}"))
        if way == "renamed":
            self.put_back(way, saved)
        else:
            with (
                closing(sqlite3.connect(file)) as earlier,
                closing(sqlite3.connect(self.folder / DATABASE)) as used,
            ):
                earlier.backup(used)


CLOSED = ("image of the disk", "copied to another folder", "copied over in place", "renamed")
OPEN = ("renamed", "in place")


class History:
    """What happens, and who knew what when typing."""

    def __init__(self, seed, folder):
        self.random, self.folder = random.Random(seed), folder
        self.clock = Clock()
        for name in ("office", "unit"):
            (folder / name).mkdir()
        with make_office(folder / "office" / "区食药安办", self.clock) as office:
            make_unit(office, folder / "unit" / "市场局", clock=self.clock).close()
        self.office = Pc(folder / "office" / "区食药安办", self.clock)
        self.unit = Pc(folder / "unit" / "市场局", self.clock)
        # By what was typed, all that its author could see; and what each file carried.
        self.seen, self.carried = {}, {}
        self.reports, self.answers = [], []
        self.count = 0
        self.told = []

    def play(self):
        for pc in (self.office, self.unit):
            pc.save(self.place("saved"))
        for _ in range(STEPS):
            day = self.random.choice((1, 2, 28)), self.random.randrange(24)
            self.clock.set(f"2026-04-{day[0]:02}T{day[1]:02}:00:00+00:00")  # forth and back
            step = self.random.choice((*(self.type,) * 4, *(self.export,) * 3, *STEPS_OF))
            step(self) if step in STEPS_OF else step()
        self.type(self.unit)
        self.export()

    def place(self, name):
        self.count += 1
        return self.folder / f"{name}-{self.count}"

    def type(self, pc=None):
        pc = pc or self.random.choice((self.office, self.unit, self.unit))
        with pc.open() as workspace:
            self.type_in(workspace)

    def type_in(self, workspace):
        self.count += 1
        if self.random.random() < 0.3:
            text = f"样品{self.count}"
            before = row_versions(workspace)
            values = {"抽样编号": ROW, "样品名称": text}
            with workspace.writing() as writing:
                ledgers.edit_entries(writing, [LedgerEntry("", LEDGER, "scj", values)])
            self.know(text, before)
        else:
            before = versions(workspace)
            value = DataValue(self.count)
            recording.record_value(workspace, "I01-5", str(MARCH), value, unit="scj")
            self.know(float(self.count), before)

    def know(self, typed, before):
        self.seen[typed] = {typed}.union(*(self.seen[one] for one in before))

    def export(self):
        with self.unit.open() as unit:
            if not versions(unit) and not row_versions(unit):
                return
            file = self.place("report").with_suffix(".xlsx")
            changed_rows = self.random.random() < 0.3
            early = {"changed_rows": changed_rows, "early": True}
            exchange.export_report(unit, MARCH, file, **early)
            rows = [] if changed_rows else row_versions(unit)[:1]
            self.carried[file] = [*versions(unit)[:1], *rows]
            self.reports.append(file)


def take_report(history):
    if history.reports:
        with history.office.open() as office:
            import_files(office, history.random.choice(history.reports))


def review(history):
    with history.office.open() as office:
        listed = [item.unit for item in reported(office)]
        if "scj" in listed and not conflicts.conflicts(office):
            reviewing.return_report(office, "scj", MARCH, "请核对")


def answer(history):
    with history.office.open() as office:
        folder = history.place("answers")
        written = run_through(exchange.issue_packets(office, MARCH, folder))
        history.answers += [each.file for each in written if each.unit == "scj"]


def take_answer(history):
    if history.answers:
        with history.unit.open() as unit:
            import_files(unit, history.random.choice(history.answers))


def undo_import(history):
    with history.unit.open() as unit:
        if import_undo.last_import(unit):
            import_undo.undo_last_import(unit)


def decide(history):
    pc = history.random.choice((history.office, history.unit))
    with pc.open() as workspace:
        for read, found in (
            (versions, conflicts.conflicts(workspace)),
            (row_versions, conflicts.ledger_conflicts(workspace)),
        ):
            if found:
                before, keep_mine = read(workspace), history.random.random() < 0.5
                conflicts.resolve(workspace, found[0].id, keep_mine=keep_mine)
                (kept,) = read(workspace)
                history.seen[kept] = history.seen[kept].union(*(history.seen[b] for b in before))


def save(history):
    history.random.choice((history.office, history.unit)).save(history.place("saved"))


def put_back(history):
    pc = history.random.choice((history.office, history.unit, history.unit))
    pc.put_back(history.random.choice(CLOSED), history.random.choice(pc.saved))


def put_back_while_open(history):
    pc = history.random.choice((history.office, history.unit, history.unit))
    with pc.open() as workspace:
        history.type_in(workspace)
        saved = history.random.choice(pc.saved)
        pc.put_back_while_open(workspace, history.random.choice(OPEN), saved)
        with pytest.raises(WorkspaceError, match="换成了另一份"):
            history.type_in(workspace)


STEPS_OF = (
    take_report, take_report, review, answer, take_answer, take_answer, undo_import, decide, save,
    put_back, put_back, put_back_while_open,
)  # fmt: skip


def reported(office):
    from fsdesk.services.status import aggregation

    return [item for item in aggregation.reports_of(office, MARCH) if item.made_at]


def versions(workspace):
    """What is held of the figure, what is shown first."""
    with workspace.reading() as session:
        held = sorted(records.versions_of(session, KEY), key=lambda item: not item.leading)
    return [item.record.content.value for item in held]


def row_versions(workspace):
    with workspace.reading() as session:
        id_ = new_entry_id(LEDGER, "scj", ROW)
        held = ledgers.versions_of(session, LEDGER, [id_]).get(id_, [])
    held = sorted(held, key=lambda item: not item.leading)
    return [item.entry.values["样品名称"] for item in held]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_sent_is_current_in_conflict_or_before_what_is(seed, tmp_path):
    history = History(seed, tmp_path)
    history.play()
    with history.office.open() as office:
        files = history.random.sample(history.reports, len(history.reports))
        taken = import_files(office, *files)
        assert taken.count(Result.REJECTED) == 0, [item.message for item in taken.files]
        held = [*versions(office), *row_versions(office)]
        known = set().union(*(history.seen[one] for one in held))
    sent = {value for carried in history.carried.values() for value in carried}
    assert sent <= known, (sorted(map(str, sent - known)), held)
