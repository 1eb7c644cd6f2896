"""Whatever is typed, exported, taken, undone and answered, in whatever order and by whatever clock.

What the service says is held against the truth, worked out from the packets' files and from what
the office's database held when it answered.

`--hypothesis-profile heavy` plays a hundred histories.
"""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from hypothesis import settings

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.handover import Handover, ThingKind
from fsdesk.domain.periods import Period
from fsdesk.domain.records.merge import joined
from fsdesk.domain.records.records import DataValue, ProgressReport, Status
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import checking, exchange, import_undo
from fsdesk.services.records import evidence, recording
from fsdesk.services.status import handover
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import attachments, records
from tests.workspaces import MARCH, import_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SEEDS = range(100) if settings.get_current_profile_name() == "heavy" else range(5)
STEPS = 24
PERIODS = (MARCH, Period.parse("2026-04"))
ITEMS = ("I01-1", "I01-5")
LEDGER = "sampling"


class History:
    """A unit and its office, and all files that went between them."""

    def __init__(self, seed, office, unit, clock, folder):
        self.dice, self.office, self.unit = random.Random(seed), office, unit
        self.clock, self.folder, self.count = clock, folder, 0
        self.reports, self.answers = [], []
        self.seen = []  # packets that the unit made or took, as read from their files
        self.told = -1  # the newest answer that the unit took

    def play(self):
        always = (self.type, self.type, self.add_row, self.attach, self.export, self.move_clock)
        there = (self.take, self.answer, self.hear, self.undo, self.type_at_office)
        for _ in range(STEPS):
            self.count += 1
            self.dice.choice((*always, *there))()
            self.check()

    # Steps

    def type(self, workspace=None):
        period = str(self.dice.choice(PERIODS))
        workspace = workspace or self.unit
        if self.dice.random() < 0.3:
            report = ProgressReport(Status.UNDER_WAY, f"第 {self.count} 次")
            recording.record_progress(workspace, "T01-1", period, report, "scj")
        else:
            value = self.dice.choice((None, self.count, self.count))
            item = self.dice.choice(ITEMS)
            recording.record_value(workspace, item, period, DataValue(value), "scj")

    def type_at_office(self):
        self.type(self.office)

    def add_row(self):
        number = self.dice.choice(("S1", "S2", f"S{self.count}"))
        values = {"抽样编号": number, "样品名称": f"样品{self.count}"}
        with self.unit.writing() as writing:
            ledgers.edit_entries(writing, [LedgerEntry("", LEDGER, "scj", values)])

    def attach(self):
        with self.unit.reading() as session:
            keys = sorted(r.key for r in records.load_records(session, unit="scj"))
        if keys:
            file = self.folder / f"{self.count}.txt"
            file.write_text(f"proof {self.dice.randrange(4)}")
            evidence.attach(self.unit, self.dice.choice(keys), file)

    def export(self):
        file = self.folder / f"{self.count}.{self.dice.choice(('xlsx', 'zip'))}"
        with suppress(InputRejectedError):  # nothing is typed for it yet
            exchange.export_report(self.unit, self.dice.choice(PERIODS), file, early=True)
            self.reports.append(file)
            self.seen.append(checking.read(file))

    def take(self):
        if self.reports:
            import_files(self.office, self.dice.choice(self.reports))

    def answer(self):
        folder = self.folder / f"answer-{self.count}"
        period = self.dice.choice(PERIODS)
        written = run_through(exchange.issue_packets(self.office, period, folder))
        file = next(each.file for each in written if each.unit == "scj")
        self.answers.append((file, self.at_office()))

    def hear(self):
        if self.answers:
            number = self.dice.randrange(len(self.answers))
            file, _ = self.answers[number]
            import_files(self.unit, file)
            self.seen.append(checking.read(file))
            self.told = max(self.told, number)

    def undo(self):
        if import_undo.last_import(self.office) is not None and self.dice.random() < 0.5:
            import_undo.undo_last_import(self.office)

    def move_clock(self):
        day, hour = self.dice.choice((1, 2, 28)), self.dice.randrange(24)
        self.clock.set(f"{self.dice.choice((2016, 2026, 2031))}-04-{day:02}T{hour:02}:00:00+00:00")

    # The truth

    def at_office(self):
        """Give what the office holds of the unit's now, by revision."""
        with self.office.reading() as session:
            held = records.load_versions(session, unit="scj")
            found = {
                key: joined(item.record.revision for item in items) for key, items in held.items()
            }
            files = {(a.record, a.digest) for a in attachments.attachments(session, "scj")}
            rows = dict(ledgers.row_edits(session, LEDGER, "scj"))
        return found, files, rows

    def check(self):
        found = handover.handed_over(self.unit)
        told = self.answers[self.told][1] if self.told >= 0 else ({}, set(), {})
        with self.unit.reading() as session:
            own = {r.key: r for r in records.load_records(session, unit="scj")}
            files = {(a.record, a.digest) for a in attachments.attachments(session, "scj")}
            rows = list(ledgers.all_entries(session, LEDGER, "scj"))
        self.check_records(found, own, told[0])
        self.check_files(found, files, told[1])
        self.check_rows(found, rows, told[2])

    def check_records(self, found, own, told):
        carried = {}
        for packet in self.seen:
            for record in packet.records:
                if record.revision:
                    carried.setdefault(record.key, []).append(record.revision)
        expected = {}
        for key, record in own.items():
            sent = carried.get(key, ())
            if key in told and told[key].contains(record.revision):
                expected[str(key)] = Handover.RECEIVED
            elif any(each.contains(record.revision) for each in sent):
                expected[str(key)] = Handover.SENT
            elif sent or not record.empty:
                expected[str(key)] = Handover.UNSENT
        said = {t.key: t.state for t in found.things if t.kind is ThingKind.RECORD}
        assert {key: said.get(key) for key in expected} == expected
        assert said.keys() <= {str(key) for key in own}

    def check_files(self, found, files, told):
        carried = {(file.record, file.digest) for packet in self.seen for file in packet.files}
        expected = sorted(
            (str(key), self.state((key, digest) in carried, (key, digest) in told))
            for key, digest in files
        )
        said = sorted((t.key, t.state) for t in found.things if t.kind is ThingKind.EVIDENCE)
        assert said == expected

    def check_rows(self, found, rows, told):
        carried = {}
        for packet in self.seen:
            for entry in packet.entries:
                carried.setdefault(entry.id, []).append(entry.revision)
        waits = sum(
            not any(each.contains(row.revision) for each in carried.get(row.id, ())) for row in rows
        )
        thing = found.of(ThingKind.LEDGER, LEDGER)
        if not rows:
            assert thing is None or thing.count == 0
            return
        assert thing is not None
        assert (thing.count if thing.state is Handover.UNSENT else 0) == waits
        if thing.state is Handover.RECEIVED:
            local = self.unit.identity.id
            mine = [row for row in rows if row.revision.of(local)]
            assert all(told[row.id].contains(row.revision.of(local)) for row in mine)

    @staticmethod
    def state(sent, received):
        if received:
            return Handover.RECEIVED
        return Handover.SENT if sent else Handover.UNSENT


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_said_is_what_the_packets_hold(seed, office, unit, clock, tmp_path):
    History(seed, office, unit, clock, tmp_path).play()
