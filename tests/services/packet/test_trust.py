"""Who may say what: nobody's word rests on more than what is known, and a lost seal is told."""

from __future__ import annotations

import shutil

import pytest
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.packet import checking, conflicts, exchange, importing, signing
from fsdesk.services.packet.importing import Accepted, Result
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.store.records import records
from tests.plans import small_plan
from tests.workspaces import MARCH, import_files, make_office, make_unit

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
OTHER = RecordKey(RecordKind.VALUE, "I01-5", "scj", "2026-03")
MISSING = Accepted(missing=True)


@pytest.fixture
def office(tmp_path):
    with make_office(tmp_path / "office") as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path):
    with make_unit(office, tmp_path / "unit") as workspace:
        yield workspace


@pytest.fixture
def report(unit, tmp_path):
    recording.save(unit, KEY, DataValue(120))
    return exchange.export_report(unit, MARCH, tmp_path / "report.xlsx").file


def value_at(workspace, key=KEY):
    with workspace.reading() as session:
        found = records.find(session, key)
    return found.content.value if found else None


def hidden(file, change, name):
    """Write a copy of a packet with its hidden sheet changed."""
    copy = shutil.copyfile(file, file.with_name(name))
    book = load_workbook(copy)
    for row in list(book["_fsdesk"].iter_rows()):
        change(row)
    book.save(copy)
    return copy


def strip(row):
    if row[0].value in {"public_key", "signature"}:
        row[0].value = row[1].value = None


def take(workspace, file, accepted):
    (taken,) = run_through(importing.import_packets(workspace, [file], accepted=accepted)).files
    return taken


def issue(office, folder, unit="scj"):
    issued = run_through(exchange.issue_packets(office, MARCH, folder))
    return next(packet.file for packet in issued if packet.unit == unit)


# Seals that are not there


def test_a_report_without_the_seal_of_a_unit_that_signs_has_a_question_of_its_own(office, report):
    import_files(office, report)
    bare = hidden(report, strip, "bare.xlsx")
    (checked,) = run_through(checking.check_packets(office, [bare]))
    assert checked.signature is SignatureState.MISSING
    assert checked.lacks_seal
    taken = take(office, bare, Accepted(unsigned=True))
    assert taken.result is Result.REJECTED
    assert "应有签名而没有" in taken.message
    assert take(office, bare, MISSING).result is Result.UNCHANGED


def test_a_form_filled_by_hand_is_told_when_its_unit_signs(office, unit, report, tmp_path):
    import_files(office, report)
    file = issue(office, tmp_path / "issued")
    fill_in(file, {OTHER: DataValue(5)})
    taken = take(office, file, Accepted(unsigned=True))
    assert taken.checked.signature is SignatureState.UNSIGNED
    assert any("平时用已登记的密钥签名" in f.message for f in taken.checked.findings)


def test_a_form_that_comes_back_must_be_the_offices_own(office, tmp_path):
    (tmp_path / "other").mkdir()
    with make_office(tmp_path / "other" / "office") as stranger:
        file = issue(stranger, tmp_path / "strange")
    issue(office, tmp_path / "issued")
    fill_in(file, {KEY: DataValue(5)})
    taken = take(office, file, Accepted(unsigned=True, missing=True))
    assert taken.result is Result.REJECTED
    assert "不是本办下发的" in taken.message
    own = issue(office, tmp_path / "issued")
    fill_in(own, {KEY: DataValue(6)})
    bare = hidden(own, strip, "bare.xlsx")
    assert take(office, bare, Accepted(unsigned=True)).result is Result.REJECTED
    assert take(office, own, Accepted(unsigned=True)).result is Result.IMPORTED


# On what an unsigned file may be based


def poison(unit):
    """Return a change by which a row claims edits of the unit that nobody ever made."""

    def change(row):
        strip(row)
        if row[0].value == "row" and row[2].value == KEY.item:
            row[3].value = f"{unit.identity.id}:999"

    return change


def test_an_unsigned_file_does_not_outdo_what_the_unit_signs_later(office, unit, report, tmp_path):
    import_files(office, report)
    file = hidden(report, poison(unit), "poison.xlsx")
    fill_in(file, {KEY: DataValue(999)})
    taken = take(office, file, MISSING)
    assert taken.result is Result.IMPORTED
    (told,) = [f for f in taken.checked.findings if "自称基于" in f.message]
    assert told.place.cell
    recording.save(unit, KEY, DataValue(130))
    second = exchange.export_report(unit, MARCH, tmp_path / "second.xlsx").file
    summary = import_files(office, second)
    assert summary.count(Result.IMPORTED) == 1
    found = conflicts.conflicts(office)
    sides = {each for c in found for each in (c.mine.content.value, c.theirs.content.value)}
    assert sides == {999, 130}
    assert take(office, file, MISSING).result is Result.UNCHANGED


def test_nothing_false_comes_back_to_the_unit_over_its_own(office, unit, report, tmp_path):
    import_files(office, report)
    file = hidden(report, poison(unit), "poison.xlsx")
    fill_in(file, {KEY: DataValue(999)})
    take(office, file, MISSING)
    recording.save(unit, KEY, DataValue(130))
    import_files(unit, issue(office, tmp_path / "again"))
    assert value_at(unit) == 130
    assert [c.theirs.content.value for c in conflicts.conflicts(unit)] == [999]


def test_an_unsigned_form_is_based_on_what_a_unit_holds(office, unit, tmp_path):
    recording.save(unit, KEY, DataValue(130))
    file = hidden(issue(office, tmp_path / "again"), poison(unit), "poison.xlsx")
    fill_in(file, {KEY: DataValue(999)})
    taken = take(unit, file, MISSING)
    assert taken.checked.conflicts == 1
    assert value_at(unit) == 130


# Plans


def test_a_plan_without_the_known_offices_seal_is_shown_before_it_replaces_one(
    office, unit, tmp_path
):
    with make_office(tmp_path / "strange" / "office", plan=small_plan(revision=9)) as stranger:
        file = issue(stranger, tmp_path / "strange" / "issued")
    before = planning.current_plan(unit)
    assert take(unit, file, Accepted(True, True, True)).result is Result.REJECTED  # another key
    bare = hidden(file, strip, "bare.xlsx")
    (checked,) = run_through(checking.check_packets(unit, [bare]))
    assert "自称是" in checked.plan_doubt
    assert "第 9 版" in checked.plan_doubt
    taken = take(unit, bare, MISSING)
    assert taken.result is Result.REJECTED
    assert "--accept-plan" in taken.message
    assert planning.current_plan(unit) == before
    taken = take(unit, bare, Accepted(missing=True, plan=True))
    assert taken.result is Result.IMPORTED
    assert planning.current_plan(unit).revision == 9


# First contact


def test_a_key_of_first_contact_is_listed_until_its_fingerprint_was_compared(office, unit, report):
    import_files(office, report)
    (waiting,) = signing.first_contacts(office)
    assert waiting.unit == "scj"
    with pytest.raises(InputRejectedError, match="后 4 位不是"):
        signing.compared(office, waiting.fingerprint, "zzzz")
    signing.compared(office, waiting.fingerprint, waiting.fingerprint[-4:].upper())
    assert signing.first_contacts(office) == ()
    (of_office,) = signing.first_contacts(unit)  # the unit began with what came first, too
    assert of_office.unit != "scj"


def test_a_form_whose_figures_stand_on_a_copied_sheet_alone_is_told_with_them(office, tmp_path):
    file = issue(office, tmp_path / "issued")
    book = load_workbook(file)
    copy = book.copy_worksheet(book["指标"])
    copy.title, copy["G4"] = "指标 (2)", 1900
    book.save(file)
    (checked,) = run_through(checking.check_packets(office, [file]))
    assert "像是“指标”表，有 1 行与“指标”表不同" in checked.findings[0].message
    steps = checking.check_packets(office, [file], sheets=SheetChoice())
    (checked,) = run_through(steps)
    assert "没有填报任何内容" in checked.findings[0].message
    assert ("指标 (2)", "G4") in {(f.place.sheet, f.place.cell) for f in checked.findings}
