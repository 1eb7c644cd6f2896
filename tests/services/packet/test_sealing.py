"""What rules name travels sealed: unseen on the way, opened without a question where it goes."""

from __future__ import annotations

import re
import shutil
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.findings import FindingCode, InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.settings import Rules
from fsdesk.domain.steps import run_through
from fsdesk.domain.text import tidy
from fsdesk.packets.reader import read_packet
from fsdesk.services.care import maintenance
from fsdesk.services.packet import checking, exchange, import_undo, reviewing, signing
from fsdesk.services.packet import sealing as sealing_service
from fsdesk.services.packet.importing import Result
from fsdesk.services.plan import planning
from fsdesk.services.records import evidence, recording
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import keys
from fsdesk.workspace import open_workspace
from tests.held import attachments_of
from tests.office import write_again
from tests.workspaces import MARCH, import_files, make_office, make_unit

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
NAME = "张秀英的举报"


def texts(file):
    """All that stands in a workbook's sheets, hidden ones too, as one text."""
    book = load_workbook(file)
    cells = (cell.value for sheet in book for row in sheet.iter_rows() for cell in row)
    return "\n".join(str(value) for value in cells if value is not None)


def keep(workspace, ledger, *names, unit="scj"):
    entries = [LedgerEntry("", ledger.code, unit, {ledger.key[0]: name}) for name in names]
    with workspace.writing() as writing:
        ledgers.edit_entries(writing, entries)


def rows(workspace, ledger):
    with workspace.reading() as session:
        found = ledgers.all_entries(session, ledger.code)
        return {entry.values[ledger.key[0]] for entry in found if not entry.gone}


@pytest.fixture
def ledger(office):
    with office.reading() as session:
        return next(x for x in ledgers.load_ledgers(session) if len(x.key) == 1)


@pytest.fixture
def other(office, ledger):
    """A second ledger, which goes as it is."""
    with office.reading() as session:
        found = ledgers.load_ledgers(session)
        return next(x for x in found if len(x.key) == 1 and x.code != ledger.code)


@pytest.fixture
def sealing(office, ledger):
    """The office wants the ledger sealed; units that are made from now on know it."""
    planning.choose_sealing(office, ledger.code, sealed=True)


def send(unit, folder, name="报送包.xlsx", **options):
    return exchange.export_report(unit, MARCH, folder / name, **options)


def refused(workspace, file, **options):
    (taken,) = import_files(workspace, file, **options).files
    assert taken.result is Result.REJECTED
    return taken.message


def test_a_sealed_ledger_is_told_of_but_not_seen_and_opens_at_the_office(
    sealing, office, ledger, other, unit, tmp_path
):
    keep(unit, ledger, NAME, "李四")
    keep(unit, other, "看得见")
    written = send(unit, tmp_path)
    assert f"台账“{ledger.title}” 2 条已密封" in written.notice
    seen = texts(written.file)
    assert "2 条记录已密封，只有区食药安办能打开" in seen
    assert ("看得见" in seen, NAME in seen, "李四" in seen) == (True, False, False)
    with unit.reading() as session:  # ids are made from names: they could be guessed
        assert not any(entry.id in seen for entry in ledgers.all_entries(session, ledger.code))
    (checked,) = run_through(checking.check_packets(office, [written.file]))
    assert (checked.signature, checked.entries.added) == (SignatureState.NEW, 3)
    (taken,) = import_files(office, written.file).files
    assert "台账新增 3 条" in taken.message
    assert rows(office, ledger) == rows(unit, ledger) == {NAME, "李四"}
    assert import_files(office, written.file).count(Result.UNCHANGED) == 1
    import_undo.undo_last_import(office)
    assert rows(office, ledger) == set()


def test_copies_that_are_kept_stay_sealed_and_open_again(sealing, office, ledger, unit, tmp_path):
    keep(unit, ledger, NAME)
    import_files(office, send(unit, tmp_path).file)
    for workspace in (office, unit):
        copies = [f for f in workspace.packets.rglob("*.xlsx") if NAME in texts(f)]
        assert copies == []
        assert maintenance.verify(workspace) == ()


def test_corrections_and_removals_arrive_sealed_as_well(sealing, office, ledger, unit, tmp_path):
    keep(unit, ledger, NAME, "李四")
    import_files(office, send(unit, tmp_path).file)
    with unit.writing() as writing:
        found = ledgers.all_entries(writing.session, ledger.code)
        (gone,) = [entry.id for entry in found if entry.values[ledger.key[0]] == NAME]
        ledgers.remove(writing, ledger.code, [gone])
    written = send(unit, tmp_path, "二.xlsx")
    assert NAME not in texts(written.file)
    assert "1 条已密封" in written.notice
    import_files(office, written.file)
    assert rows(office, ledger) == {"李四"}


def test_all_ledgers_and_evidence_files_can_be_sealed(office, ledger, other, tmp_path, clock):
    planning.choose_sealing(office, sealed=True)
    with make_unit(office, tmp_path / "unit", clock=clock) as unit:
        photo = tmp_path / f"{NAME}.jpg"
        photo.write_bytes(b"\xff\xd8\xff picture" * 100_000)
        recording.save(unit, KEY, DataValue(6))
        evidence.attach(unit, KEY, photo)
        keep(unit, ledger, NAME)
        keep(unit, other, "乙")
        written = send(unit, tmp_path, "报送包.zip")
        assert "佐证材料 1 个已密封" in written.notice
        with zipfile.ZipFile(written.file) as archive:
            assert not any("举报" in name for name in archive.namelist())
            (inside,) = [name for name in archive.namelist() if name.startswith("佐证材料/")]
            assert b"picture" not in archive.read(inside)
            book = archive.extract("报送包.xlsx", tmp_path / "out")
        assert "1 个文件已密封" in texts(book)
        assert not {NAME, "乙", f"{NAME}.jpg"} & set(texts(book).split("\n"))
        (taken,) = import_files(office, written.file).files
        assert taken.result is Result.IMPORTED, taken.message
    assert [file.name for file in attachments_of(office, KEY)] == [f"{NAME}.jpg"]
    (digest,) = (file.digest for file in attachments_of(office, KEY))
    assert (office.attachments / digest).read_bytes() == photo.read_bytes()
    assert (rows(office, ledger), rows(office, other)) == ({NAME}, {"乙"})


def test_evidence_that_was_changed_on_the_way_is_refused(office, tmp_path, clock):
    planning.choose_sealing(office, sealed=True)
    with make_unit(office, tmp_path / "unit", clock=clock) as unit:
        photo = tmp_path / "照片.jpg"
        photo.write_bytes(b"\xff\xd8\xff picture")
        recording.save(unit, KEY, DataValue(6))
        evidence.attach(unit, KEY, photo)
        file = send(unit, tmp_path, "报送包.zip").file
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "改.zip", "w") as new:
        for entry in old.infolist():
            data = bytearray(old.read(entry))
            if entry.filename.startswith("佐证材料/"):
                data[-1] ^= 1
            new.writestr(entry.filename, bytes(data))
    assert "佐证材料读不出来" in refused(office, tmp_path / "改.zip")
    assert attachments_of(office, KEY) == ()


def test_no_name_in_what_is_sealed_leads_out_of_its_folder(office, tmp_path, clock, monkeypatch):
    planning.choose_sealing(office, sealed=True)
    written = sealing_service._file_to_list
    monkeypatch.setattr(
        sealing_service, "_file_to_list", lambda file: ["../fsdesk.db", *written(file)[1:]]
    )
    with make_unit(office, tmp_path / "unit", clock=clock) as unit:
        photo = tmp_path / "照片.jpg"
        photo.write_bytes(b"\xff\xd8\xff picture")
        recording.save(unit, KEY, DataValue(6))
        evidence.attach(unit, KEY, photo)
        file = send(unit, tmp_path, "报送包.zip").file
    assert "已损坏" in refused(office, file)
    assert attachments_of(office, KEY) == ()


def test_what_a_unit_gets_is_sealed_for_it_and_opens_there(sealing, office, ledger, unit, tmp_path):
    keep(unit, ledger, NAME)
    import_files(office, send(unit, tmp_path).file)
    keep(office, ledger, "办公室补的")
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    packet = next(each for each in issued if each.unit == "scj")
    assert f"台账“{ledger.title}” 2 条已密封" in packet.sealed
    assert not {NAME, "办公室补的"} & set(texts(packet.file).split("\n"))
    assert import_files(unit, packet.file).count(Result.IMPORTED) == 1
    assert rows(unit, ledger) == {NAME, "办公室补的"}
    reviewing.accept(office, "scj", MARCH)
    (feedback,) = run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
    assert NAME not in texts(feedback.file)
    (taken,) = import_files(unit, feedback.file).files
    assert taken.result is Result.IMPORTED, taken.message


def test_a_form_filled_by_hand_brings_new_rows_and_leaves_sealed_ones_as_they_are(
    sealing, office, ledger, unit, tmp_path
):
    keep(unit, ledger, NAME)
    import_files(office, send(unit, tmp_path).file)
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    book = load_workbook(file)
    book[ledger.title].cell(4, 2).value = "手工新增"
    book.save(file)
    (taken,) = import_files(office, file, accept_unsigned=True).files
    assert taken.result is Result.IMPORTED, taken.message
    assert any("按没有改动处理" in finding.message for finding in taken.checked.findings)
    assert rows(office, ledger) == {NAME, "手工新增"}


def test_without_the_receivers_key_nothing_is_written_unless_one_says_so(
    sealing, office, ledger, unit, tmp_path
):
    keep(office, ledger, NAME)  # of a unit that never sent a packet
    with pytest.raises(InputRejectedError, match="区市场监管局") as told:
        run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    assert told.value.tells(FindingCode.NO_RECEIVER_KEY)
    assert not (tmp_path / "下发").exists()
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发", unsealed=True))
    packet = next(each for each in issued if each.unit == "scj")
    assert packet.left_open
    assert "没有密封" in packet.notice
    assert NAME in texts(packet.file)


def test_a_unit_that_never_got_a_packet_is_asked_as_well(sealing, ledger, unit, tmp_path):
    for signer in signing.registered(unit):
        if signer.unit != unit.identity.unit:
            with unit.writing() as writing:
                keys.save_signer(writing, replace(signer, revoked=True))
    keep(unit, ledger, NAME)
    with pytest.raises(InputRejectedError, match="区食药安办的密钥还没有登记") as told:
        send(unit, tmp_path)
    assert told.value.tells(FindingCode.NO_RECEIVER_KEY)
    assert not list(tmp_path.glob("*.xlsx"))
    written = send(unit, tmp_path, unsealed=True)
    assert "没有密封" in written.notice
    assert NAME in texts(written.file)


def test_the_office_is_told_of_rows_that_came_in_the_clear(sealing, office, ledger, unit, tmp_path):
    with unit.writing() as writing:  # as a program does that knows no sealing
        identity.save_rules(writing, Rules())
    keep(unit, ledger, NAME)
    (taken,) = import_files(office, send(unit, tmp_path).file).files
    assert taken.result is Result.IMPORTED
    assert any("没有密封" in finding.message for finding in taken.checked.findings)


def test_another_office_is_told_for_whom_it_is(sealing, office, ledger, unit, tmp_path, clock):
    keep(unit, ledger, NAME)
    file = send(unit, tmp_path).file
    with make_office(tmp_path / "邻区", clock) as neighbour:
        (marks,) = {signer.fingerprint for signer in signing.registered(office)}
        assert "密封给" in (message := refused(neighbour, file))
        assert marks in message
        assert rows(neighbour, ledger) == set()


def test_the_key_comes_back_with_a_backup_and_opens_what_was_sealed_before(
    sealing, office, ledger, unit, tmp_path
):
    maintenance.back_up(office, tmp_path / "b.zip")
    keep(unit, ledger, NAME)
    file = send(unit, tmp_path).file
    maintenance.restore(tmp_path / "b.zip", tmp_path / "新电脑")
    with open_workspace(tmp_path / "新电脑") as again:
        assert import_files(again, file).count(Result.IMPORTED) == 1
        assert rows(again, ledger) == {NAME}


@pytest.mark.file_database
def test_a_lost_key_is_told_plainly(sealing, office, ledger, unit, tmp_path):
    keep(unit, ledger, NAME)
    file = send(unit, tmp_path).file
    shutil.rmtree(office.keys)
    office.keys.mkdir()
    signing.signing_key(office)
    message = refused(office, file)
    assert "本机没有这把密钥" in message
    assert "请从备份恢复原来的密钥" in message


@pytest.mark.file_database
def test_a_unit_with_a_new_key_takes_all_but_what_is_sealed_for_its_old_one(
    sealing, office, ledger, unit, tmp_path
):
    keep(unit, ledger, NAME)
    import_files(office, send(unit, tmp_path).file)
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "下发"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    shutil.rmtree(unit.keys)
    (taken,) = import_files(unit, file).files
    assert taken.result is not Result.REJECTED, taken.message
    assert any("本机没有这把密钥" in finding.message for finding in taken.checked.findings)


def test_a_sealed_part_of_another_packet_is_not_taken_for_ones_own(
    sealing, office, ledger, unit, tmp_path
):
    keep(unit, ledger, NAME)
    first, second = send(unit, tmp_path).file, send(unit, tmp_path, "二.xlsx").file
    old, new = read_packet(first), read_packet(second)
    mixed = replace(new, sealed=old.sealed)
    checker = checking.PacketChecker(office)
    with (
        office.reading() as session,
        pytest.raises(InputRejectedError, match="密封给区食药安办的内容已损坏"),
    ):
        checker.compare(session, second, mixed)


@pytest.mark.parametrize("change", ["delete", "cut", "flip"])
def test_a_sealed_sheet_that_was_lost_or_damaged_is_told(
    sealing, office, ledger, unit, tmp_path, change
):
    keep(unit, ledger, NAME)
    file = send(unit, tmp_path).file
    book = load_workbook(file)
    sheet = book["_sealed"]
    if change == "delete":
        del book["_sealed"]
    elif change == "cut":
        sheet["B1"] = sheet["B1"].value[: len(sheet["B1"].value) // 2]
    else:
        text = sheet["B1"].value
        at = len(text) // 2
        sheet["B1"] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    book.save(file)
    message = refused(office, file)
    assert "丢失或已损坏" in message
    assert "隐藏工作表" in message


def test_saving_again_keeps_seal_and_signature(sealing, office, ledger, unit, tmp_path):
    keep(unit, ledger, NAME)
    file = send(unit, tmp_path).file
    book = load_workbook(file)
    book["进展"].column_dimensions["B"].width = 50
    book.save(file)
    (taken,) = import_files(office, file).files
    assert (taken.result, taken.checked.signature) == (Result.IMPORTED, SignatureState.NEW)
    assert rows(office, ledger) == {NAME}


@pytest.mark.foreign("soffice")
@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_what_is_sealed_survives_libreoffice(sealing, office, ledger, unit, tmp_path, ending):
    names = [f"{NAME}{number}" for number in range(1800)]
    keep(unit, ledger, *names)
    file = send(unit, tmp_path).file
    assert len(read_packet(file).sealed[0].text) > 32_767  # more than one cell
    write_again(ending, tmp_path / "另存", file)
    (taken,) = import_files(office, tmp_path / "另存" / f"报送包.{ending}").files
    assert taken.result is Result.IMPORTED, taken.message
    assert rows(office, ledger) == set(names)


def test_a_row_typed_into_a_sealed_report_breaks_the_signature(
    sealing, office, ledger, unit, tmp_path
):
    keep(unit, ledger, NAME)
    file = send(unit, tmp_path).file
    book = load_workbook(file)
    book[ledger.title].cell(4, 2).value = "另加的"
    book.save(file)
    assert "签名以后内容被改动" in refused(office, file)


def test_earlier_programs_are_told_to_be_upgraded_and_others_read_on(
    sealing, ledger, other, unit, tmp_path
):
    keep(unit, other, "乙")
    assert read_packet(send(unit, tmp_path, "明.xlsx").file).header.format_version == 1
    keep(unit, ledger, NAME)
    file = send(unit, tmp_path, "密.xlsx").file
    assert read_packet(file).header.format_version == 2
    book = load_workbook(file)
    for row in book["_fsdesk"].iter_rows():
        if row[0].value == "format_version":
            row[1].value = "3"
    book.save(file)
    with pytest.raises(InputRejectedError, match="请升级"):
        read_packet(file)


def test_the_choice_is_a_new_revision_so_that_an_earlier_packet_does_not_take_it_back(
    office, ledger, unit, tmp_path
):
    before = run_through(exchange.issue_packets(office, MARCH, tmp_path / "前"))
    planning.choose_sealing(office, ledger.code, sealed=True)
    after = run_through(exchange.issue_packets(office, MARCH, tmp_path / "后"))
    for issued in (after, before):
        import_files(unit, next(each.file for each in issued if each.unit == "scj"))
    assert unit.rules.sealed_ledgers == (ledger.code,)
    with pytest.raises(InputRejectedError):
        planning.choose_sealing(unit, ledger.code, sealed=False)


def test_many_rows_take_less_room_sealed_than_seen(office, ledger, unit, tmp_path):
    keep(unit, ledger, *(f"{NAME}{number}" for number in range(3000)))
    seen = send(unit, tmp_path, "明.xlsx").file.stat().st_size
    with unit.writing() as writing:
        identity.save_rules(writing, Rules(seal_all=True))
    assert send(unit, tmp_path, "密.xlsx").file.stat().st_size < seen * 2


CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"))
CELLS = st.text(CHARACTERS, min_size=1, max_size=60).map(tidy)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(CELLS.filter(lambda text: re.search(r"\w", text)), min_size=1, max_size=8))
def test_any_rows_come_out_as_they_went_in(sealing, office, ledger, unit, tmp_path, names):
    keep(unit, ledger, *names)
    (taken,) = import_files(office, send(unit, tmp_path).file).files
    assert taken.result in (Result.IMPORTED, Result.UNCHANGED), taken.message
    with unit.reading() as here, office.reading() as there:
        typed, came = (
            {e.id: (dict(e.values), e.revision) for e in ledgers.all_entries(s, ledger.code)}
            for s in (here, there)
        )
    assert came == typed
