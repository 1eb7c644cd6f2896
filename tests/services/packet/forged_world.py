"""A small world in which packets are forged: an office, two units, another office, a stranger.

Each workspace is kept as it stands in the middle of the story; packets from before, and the
genuine ones that come after, lie beside.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

from fsdesk.domain.ledger.ledger import ColumnType, LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.plan import planning
from fsdesk.services.records import evidence, recording
from fsdesk.services.supervision import follow_up, supervision
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import keys
from fsdesk.store.records import records, submissions
from fsdesk.store.supervision import letters
from fsdesk.workspace import DATABASE, open_workspace
from tests.plans import small_plan
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

APRIL = Period.parse("2026-04")
UNITS = ("scj", "fgj")
VALUES = ("I01-1", "I01-2", "I01-5", "I01-7")
BEFORE, NOW, LATER = (f"2026-04-{day:02}T01:00:00+00:00" for day in (2, 9, 12))


@dataclass(repr=False)
class World:
    """Where workspaces lie by role, and packets by name; those of `later` come last."""

    folder: object
    places: dict = field(default_factory=dict)
    packets: dict = field(default_factory=dict)
    later: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)
    genuine: dict = field(default_factory=dict)
    truth: dict = field(default_factory=dict)

    def opened(self, role, folder):
        """Open a copy of a workspace."""
        shutil.copytree(self.places[role], folder)
        return open_workspace(folder, clock=Clock(NOW))


def make_world(folder):
    clock = Clock(BEFORE)
    world = World(folder)
    office = make_office(folder / "office", clock)
    with office.reading() as session:
        sealed, plain = [x.code for x in ledgers.load_ledgers(session) if len(x.key) == 1][:2]
    planning.choose_sealing(office, sealed, sealed=True)
    opened = {"office": office}
    for unit in UNITS:
        (folder / unit).mkdir()
        opened[unit] = make_unit(office, folder / unit / "workspace", unit, clock)
    packets = world.packets
    for unit in UNITS:
        packets[f"{unit}-plan"] = next((folder / unit / "issued").glob(f"*{_name(office, unit)}*"))
        _fill(opened[unit], unit, 100, (sealed, plain))
        _report(world, opened[unit], unit, "first", ".xlsx")
        clock.set("2026-04-03T01:00:00+00:00")
        _fill(opened[unit], unit, 120, (sealed, plain))
        _report(world, opened[unit], unit, "second", ".zip")
    import_files(office, *(packets[f"{u}-{n}"] for u in UNITS for n in ("first", "second")))
    clock.set("2026-04-07T01:00:00+00:00")
    draft = supervision.draft_for(office, APRIL, "scj", LetterKind.REMINDER)
    (letter,) = supervision.issue(office, [draft.key])
    for unit in UNITS:
        reviewing.return_report(office, unit, MARCH, "请核对")
    world.packets["scj-april"] = _for("scj", exchange.issue_packets(office, APRIL, folder / "四月"))
    packets["scj-feedback"] = _for("scj", exchange.answer_reports(office, MARCH, folder / "反馈一"))
    packets["fgj-feedback"] = next((folder / "反馈一").glob(f"*{_name(office, 'fgj')}*"))
    with make_office(folder / "other" / "office", clock, small_plan(revision=9)) as other:
        issued = exchange.issue_packets(other, MARCH, folder / "冒充")
        packets["scj-fake"] = _for("scj", issued)
        world.keys["fake"] = keys.own_key(other.keys)
    import_files(opened["scj"], packets["scj-feedback"])
    import_files(opened["fgj"], packets["fgj-feedback"])
    world.keys |= {role: keys.own_key(opened[role].keys) for role in opened}
    world.keys["stranger"] = keys.own_key(folder / "stranger")
    for role, workspace in opened.items():
        workspace.close()
        world.places[role] = shutil.copytree(workspace.folder, folder / "kept" / role)
    _go_on(world, letter.key, (sealed, plain))
    return world


def _go_on(world, letter, ledger_codes):
    """Let the story go on without any forgery: what comes of that is the truth."""
    clock = Clock("2026-04-08T01:00:00+00:00")
    folder = world.folder / "later"
    opened = {role: open_workspace(place, clock=clock) for role, place in _copies(world, folder)}
    for unit in UNITS:
        _fill(opened[unit], unit, 130, ledger_codes)
    follow_up.reply(opened["scj"], letter, "已整改")
    clock.set("2026-04-10T01:00:00+00:00")
    for unit in UNITS:
        file = folder / f"{unit}-third.xlsx"
        world.later[unit] = exchange.export_report(opened[unit], MARCH, file).file
    office = opened["office"]
    import_files(office, *world.later.values())
    world.truth["office"] = {unit: lead(office, unit) for unit in UNITS}
    world.truth["replies"] = letters_of(office)
    reviewing.accept(office, "scj", MARCH)
    follow_up.close(office, letter, "已核查")
    figures = {"population": 410_000.0}
    planning.change_settings(office, figures, office.rules)
    clock.set("2026-04-11T01:00:00+00:00")
    world.later["feedback"] = _for("scj", exchange.answer_reports(office, MARCH, folder / "反馈二"))
    for workspace in opened.values():
        workspace.close()
    with world.opened("scj", folder / "scj alone") as unit:
        unit.clock.set(LATER)
        import_files(unit, world.later["feedback"])
        world.truth |= {"scj": word_of_office(unit), "own": lead(unit, "scj")}


def _copies(world, folder):
    return [(role, shutil.copytree(place, folder / role)) for role, place in world.places.items()]


def _name(office, unit):
    return planning.current_plan(office).unit_name(unit)


def _for(unit, steps):
    return next(written.file for written in run_through(steps) if written.unit == unit)


def _fill(workspace, unit, number, ledger_codes):
    for place, item in enumerate(VALUES):
        key = RecordKey(RecordKind.VALUE, item, unit, str(MARCH))
        if unit == "fgj" and item == "I01-7":
            continue
        recording.save(workspace, key, DataValue(float(number - 10 * place)))
    words = ProgressReport(text=f"做了 {number}")
    recording.record_progress(workspace, "T01-1", str(MARCH), words)
    proof = workspace.folder.parent / f"照片{number}.jpg"
    proof.write_bytes(b"\xff\xd8\xff" + str(number).encode() * 50)
    evidence.attach(workspace, RecordKey(RecordKind.PROGRESS, "T01-1", unit, str(MARCH)), proof)
    with workspace.writing() as writing:
        declared = {each.code: each for each in ledgers.load_ledgers(writing.session)}
        rows = []
        for code in ledger_codes:
            ledger = declared[code]
            spare = next(
                column.title
                for column in ledger.columns
                if column.type is ColumnType.TEXT and column.title not in ledger.key
            )
            values = {ledger.key[0]: f"{unit}的一件", spare: f"记 {number}"}
            rows.append(LedgerEntry("", code, unit, values))
        ledgers.edit_entries(writing, rows)


def _report(world, workspace, unit, name, ending):
    file = world.folder / f"{unit}-{name}{ending}"
    world.packets[f"{unit}-{name}"] = exchange.export_report(workspace, MARCH, file).file


def lead(workspace, unit):
    """Give what leads of a unit's records and rows of ledgers."""
    with workspace.reading() as session:
        known = records.load_records(session, unit=unit, period=str(MARCH))
        found = {str(record.key): record.content for record in known if not record.empty}
        for ledger in ledgers.load_ledgers(session):
            for entry in ledgers.all_entries(session, ledger.code, unit):
                if not entry.gone:
                    found[f"{ledger.code}/{entry.id}"] = tuple(sorted(entry.values.items()))
    return found


def letters_of(workspace):
    """Give unit, reply and state of each letter."""
    with workspace.reading() as session:
        return {each.key: (each.unit, each.reply, each.state) for each in letters.letters(session)}


def word_of_office(workspace):
    """Give all that a unit knows by its office's word."""
    with workspace.reading() as session:
        plan = planning.plan_in(session, workspace.identity.year)
        declared = ledgers.load_ledgers(session)
        rules = identity.load_rules(session)
        review = submissions.find_review(session, workspace.identity.unit, str(MARCH))
    return {
        "plan": plan,
        "ledgers": declared,
        "rules": rules,
        "review": review,
        "letters": letters_of(workspace),
    }


def everything(workspace):
    """Give all that stands in a workspace's database, as the statements that would make it."""
    with closing(sqlite3.connect(workspace.folder / DATABASE)) as base:
        return list(base.iterdump())
