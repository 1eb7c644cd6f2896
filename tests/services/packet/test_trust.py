"""Who may say what: nobody's word rests on more than what is known, and a lost seal is told."""

from __future__ import annotations

import shutil
import zipfile

import pytest
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.domain.packet.signing import KeyState, SignatureState
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind, LetterState
from fsdesk.packets.filling import fill_in
from fsdesk.services.packet import checking, conflicts, exchange, importing, reviewing, signing
from fsdesk.services.packet.importing import Accepted, Result
from fsdesk.services.plan import planning
from fsdesk.services.records import evidence, recording
from fsdesk.services.supervision import follow_up, supervision
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import records
from tests.plans import small_plan
from tests.services.packet.forger import Forgery
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


@pytest.mark.parametrize("ending", [".xlsx", ".zip", ".fsdesk"])
@pytest.mark.parametrize("kind", ["下发包", "反馈包"])
def test_every_kind_of_form_that_comes_back_must_be_the_offices_own(
    office, unit, tmp_path, kind, ending
):
    """A form with ledgers, letters and their replies as well, and however it is packed."""
    (tmp_path / "other").mkdir()
    with make_office(tmp_path / "other" / "office") as stranger:
        forms = [
            answered(stranger, tmp_path / "strange"),
            answered(office, tmp_path / "issued again"),
        ]
    strange, own = (next(form.glob(f"{kind}-区市场监管局*")) for form in forms)
    for file in (strange, own):
        fill_in(file, {KEY: DataValue(5)})
    strange, own = (packed(file, ending) for file in (strange, own))
    taken = take(office, strange, Accepted(unsigned=True, missing=True, plan=True))
    assert taken.result is Result.REJECTED
    assert "不是本办下发的" in taken.message
    assert take(office, own, Accepted(unsigned=True)).result is Result.IMPORTED


def answered(office, folder):
    """Issue a letter, and write all that the office hands down to one unit."""
    draft = supervision.draft_for(office, Period.parse("2026-04"), "scj", LetterKind.REMINDER)
    supervision.issue(office, [draft.key])
    for write in (exchange.issue_packets, exchange.answer_reports):
        run_through(write(office, MARCH, folder))
    return folder


def packed(file, ending):
    if ending == ".xlsx":
        return file
    with zipfile.ZipFile(file.with_suffix(ending), "w") as archive:
        archive.write(file, file.name)
    return file.with_suffix(ending)


# The word of the office


@pytest.fixture
def feedback(office, tmp_path):
    return next(answered(office, tmp_path / "反馈").glob("反馈包-区市场监管局*"))


def test_letters_without_the_offices_seal_are_not_taken_and_stand_in_no_ones_way(
    office, unit, feedback
):
    bare = hidden(feedback, strip, "bare.xlsx")
    taken = take(unit, bare, Accepted(True, True, True))
    assert any("没有区食药安办的签名，其中的" in str(f) for f in taken.checked.findings)
    assert follow_up.inbox(unit) == ()
    import_files(unit, feedback)
    assert len(follow_up.inbox(unit)) == 1


def test_an_older_feedback_sets_no_letter_back(office, unit, feedback, tmp_path):
    import_files(unit, feedback)
    (notice,) = follow_up.inbox(unit)
    office.clock.set("2026-04-20T01:00:00+00:00")
    follow_up.close(office, notice.letter.key, "已核查")
    newer = next(
        packet.file for packet in run_through(exchange.answer_reports(office, MARCH, tmp_path))
    )
    import_files(unit, newer)
    assert follow_up.register(unit)[0].letter.state is LetterState.CLOSED
    taken = import_files(unit, feedback).files[0]
    assert "登记情况早于已收到的，没有采用" in taken.message
    assert follow_up.register(unit)[0].letter.state is LetterState.CLOSED


def test_a_plan_taken_without_a_seal_gives_way_to_the_next_sealed_one(office, unit, tmp_path):
    with make_office(tmp_path / "strange" / "office", plan=small_plan(revision=9)) as stranger:
        file = hidden(issue(stranger, tmp_path / "strange" / "issued"), strip, "bare.xlsx")
    take(unit, file, Accepted(True, True, True))
    assert planning.current_plan(unit).revision == 9
    import_files(unit, issue(office, tmp_path / "again"))
    assert planning.current_plan(unit) == planning.current_plan(office)


# Of whom a packet may speak


def test_what_else_an_unsealed_office_would_change_is_named(office, unit, tmp_path):
    planning.choose_sealing(office, sealed=True)
    bare = hidden(issue(office, tmp_path / "again"), strip, "bare.xlsx")
    (checked,) = run_through(checking.check_packets(unit, [bare]))
    assert "规则有改动" in checked.plan_doubt


def test_a_unit_takes_no_row_of_another_units_ledger(office, unit, tmp_path):
    with make_unit(office, tmp_path / "fgj" / "unit", "fgj") as other:
        theirs = keep_row(other, "fgj")
        import_files(office, exchange.export_report(other, MARCH, tmp_path / "fgj.xlsx").file)
    keep_row(unit, "scj", theirs)
    report = exchange.export_report(unit, MARCH, tmp_path / "scj.xlsx").file
    taken = take(office, report, Accepted(True, True, True))
    assert taken.result is Result.REJECTED
    assert f"编码为“{theirs}”的记录是其他单位的" in taken.message


def test_a_units_evidence_proves_nothing_of_another_unit(office, unit, report, tmp_path):
    proof = tmp_path / "照片.jpg"
    proof.write_bytes(b"\xff\xd8\xff")
    evidence.attach(unit, KEY, proof)
    report = exchange.export_report(unit, MARCH, tmp_path / "report.zip").file
    forged = Forgery(report, tmp_path / "forged.zip")
    for row in forged.rows():
        if row[0] == "file":
            row[6] = "fgj"
    forged.sign(signing.signing_key(unit))
    taken = take(office, forged.write(), Accepted(True, True, True))
    assert taken.result is Result.REJECTED
    assert "混有其他单位" in taken.message


@pytest.mark.parametrize("late", [True, False])
def test_proof_that_comes_after_a_report_was_accepted_is_told(office, unit, report, tmp_path, late):
    proof = tmp_path / "照片.jpg"
    proof.write_bytes(b"\xff\xd8\xff")
    if not late:
        evidence.attach(unit, KEY, proof)
        report = exchange.export_report(unit, MARCH, tmp_path / "first.zip").file
    import_files(office, report)
    reviewing.accept(office, "scj", MARCH)
    if late:
        evidence.attach(unit, KEY, proof)
    again = exchange.export_report(unit, MARCH, tmp_path / "again.zip").file
    taken = take(office, again, Accepted())
    assert taken.result is not Result.REJECTED
    told = [f.message for f in taken.checked.findings if "照片.jpg" in f.message]
    assert [("已接收锁定，这次又附来 1 份佐证材料" in words) for words in told] == [True] * late


def keep_row(workspace, unit, id_=""):
    """Keep a row of a ledger; return its id."""
    with workspace.writing() as writing:
        ledger = next(x for x in ledgers.load_ledgers(writing.session) if len(x.key) == 1)
        row = LedgerEntry(id_, ledger.code, unit, {ledger.key[0]: f"{unit}的"})
        return ledgers.edit_entries(writing, [row]).ids[0]


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
    assert value_at(office) == 120  # what is signed leads what is filled in by hand
    import_files(unit, issue(office, tmp_path / "again"))
    assert value_at(unit) == 130
    assert conflicts.conflicts(unit) == ()


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
    waiting, _own = signing.known_keys(office)
    assert (waiting.signer.unit, waiting.state) == ("scj", KeyState.WAITING)
    assert waiting.came_by == "报送包 2026-03"
    mark, spoken = waiting.signer.fingerprint, waiting.signer.spoken
    assert waiting.shown == f"{mark[:-4]}····"  # the end has to be heard
    wrong = "".join("0" if each != "0" else "1" for each in spoken)
    for heard in (wrong, spoken[:3], f"0{spoken}", "", mark):
        with pytest.raises(InputRejectedError, match="没有确认"):
            signing.compared(office, mark, heard)
    assert signing.known_keys(office)[0] == waiting
    office.clock.set("2026-04-20T02:00:00+00:00")
    signing.compared(office, mark, f" {spoken[:2].upper()} {spoken[2:]}")
    (known,) = [key for key in signing.known_keys(office) if key.signer.unit == "scj"]
    assert (known.state, known.shown) == (KeyState.COMPARED, mark)
    assert known.compared_at == "2026-04-20T02:00:00+00:00"
    assert known.signer.added_by
    assert known.came_by == "报送包 2026-03"  # it stays known with which file it came
    of_office, _own = signing.known_keys(unit)  # the unit began with what came first, too
    assert (of_office.signer.unit, of_office.state) == ("ban", KeyState.WAITING)
    assert of_office.came_by == "建立工作区的下发包"


def test_another_key_of_a_known_unit_is_told_louder_than_a_first_contact(
    office, unit, report, tmp_path
):
    import_files(office, report)
    with make_unit(office, tmp_path / "other") as second:
        recording.save(second, KEY, DataValue(7))
        file = exchange.export_report(second, MARCH, tmp_path / "second.xlsx").file
    (checked,) = run_through(checking.check_packets(office, [file]))
    assert (checked.ok, checked.unknown_key) == (False, True)
    assert "可能有人冒名" in str(checked.findings[0])
    assert "也还没有核对过指纹" in str(checked.findings[0])
    waiting = signing.known_keys(office)[0].signer
    signing.compared(office, waiting.fingerprint, waiting.spoken)
    (checked,) = run_through(checking.check_packets(office, [file]))
    assert "也还没有核对过指纹" not in str(checked.findings[0])
    signing.revoke(office, waiting.fingerprint)  # stolen: the next one is no first contact
    (checked,) = run_through(checking.check_packets(office, [file]))
    assert checked.unknown_key


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
