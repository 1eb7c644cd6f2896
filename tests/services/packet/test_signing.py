"""Signatures: a re-saved packet stays valid, an altered one is refused, keys are registered."""

from __future__ import annotations

import stat
import sys

import pytest
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.signing import SignatureState, fingerprint
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.care import setup
from fsdesk.services.packet import checking, exchange, signing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from tests.office import write_again
from tests.workspaces import MARCH, import_files, make_office, make_unit

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


@pytest.fixture
def report(unit, tmp_path):
    recording.save(unit, KEY, DataValue(6))
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="已抽检"))
    return exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file


def edit(file, sheet, cell, value):
    book = load_workbook(file)
    book[sheet][cell] = value
    book.save(file)


def edit_hidden(file, name, value):
    """Change what the hidden sheet says under a name."""
    book = load_workbook(file)
    for row in book["_fsdesk"].iter_rows():
        if row[0].value == name:
            row[1].value = value
    book.save(file)


def message(workspace, file, **options):
    (taken,) = import_files(workspace, file, **options).files
    assert taken.result is Result.REJECTED
    return taken.message


def test_the_first_packet_registers_its_key_and_shows_the_fingerprint(office, unit, report):
    (checked,) = run_through(checking.check_packets(office, [report]))
    mark = fingerprint(signing.signing_key(unit).public)
    assert (checked.signature, checked.fingerprint) == (SignatureState.NEW, mark)
    assert [s.unit for s in signing.registered(office)] == ["ban"]
    (taken,) = import_files(office, report).files
    assert mark in taken.message
    assert {s.unit: s.fingerprint for s in signing.registered(office)}["scj"] == mark
    (again,) = run_through(checking.check_packets(office, [report]))
    assert again.signature is SignatureState.VALID


def test_saving_in_another_program_keeps_the_signature(office, report):
    book = load_workbook(report)
    book["进展"].column_dimensions["B"].width = 50
    book.save(report)
    assert import_files(office, report).count(Result.IMPORTED) == 1


@pytest.mark.foreign("soffice")
@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_a_signature_survives_libreoffice(office, report, tmp_path, ending):
    out = tmp_path / "另存"
    write_again(ending, out, report)
    (taken,) = import_files(office, out / f"报送包.{ending}").files
    assert taken.result is Result.IMPORTED, taken.message
    assert taken.checked.signature is SignatureState.NEW
    assert taken.checked.packet.digest == checking.read(report).digest


def test_a_changed_value_is_refused_with_its_cell(office, report):
    edit(report, "指标", "G4", 9)
    words = message(office, report, accept_unsigned=True)
    assert "签名以后内容被改动" in words
    assert "指标!G4" in words
    assert "重新导出" in words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unit", "fgj"),
        ("period", "2026-04"),
        ("created_at", "2026-01-01T00:00:00+00:00"),
        ("packet_id", "another"),
        ("signature", "00" * 64),
        ("signature", "no hex"),
        ("public_key", "11" * 32),
        ("public_key", "zz"),
        ("plan_revision", "7"),
    ],
)
def test_what_the_hidden_sheet_says_can_not_be_changed(office, report, name, value):
    edit_hidden(report, name, value)
    assert "签名与文件内容不符" in message(office, report, accept_unsigned=True)


def test_a_deleted_row_breaks_the_signature(office, report):
    book = load_workbook(report)
    book["指标"].delete_rows(4)
    book.save(report)
    assert "签名以后内容被改动" in message(office, report)


def test_without_its_signature_a_packet_needs_a_yes(office, report):
    edit_hidden(report, "public_key", None)
    book = load_workbook(report)
    sheet = book["_fsdesk"]
    for row in range(sheet.max_row, 0, -1):
        if sheet.cell(row, 1).value in ("public_key", "signature"):
            sheet.delete_rows(row)
    book.save(report)
    assert "没有签名" in message(office, report)
    assert import_files(office, report, accept_unsigned=True).count(Result.IMPORTED) == 1


def test_another_key_is_refused_until_a_person_registers_it(office, unit, report, tmp_path):
    import_files(office, report)
    second = make_unit(office, tmp_path / "second")
    recording.save(second, KEY, DataValue(7))
    file = exchange.export_report(second, MARCH, tmp_path / "second.xlsx").file
    second.close()
    assert "与该单位已登记的不一致" in message(office, file)
    mark = key_of(file)
    for heard in ("", "0000", mark[:4], key_of(report)[-4:]):
        with pytest.raises(InputRejectedError, match="没有登记"):
            signing.register_key_of(office, file, heard)
    assert mark not in message(office, file)
    assert mark[:-4] in message(office, file)
    new = signing.register_key_of(office, file, f" {mark[-4:].upper()} ")
    assert new.fingerprint in message_of_key(office, file)
    old = exchange.export_report(unit, MARCH, tmp_path / "old.xlsx").file
    assert import_files(office, old).count(Result.REJECTED) == 0


def key_of(file):
    return fingerprint(checking.read(file).seal.public_key)


def message_of_key(office, file):
    (checked,) = run_through(checking.check_packets(office, [file]))
    assert checked.signature is SignatureState.VALID
    return checked.fingerprint


@pytest.mark.file_database
def test_a_lost_key_is_replaced_and_the_old_one_counts_no_longer(office, unit, report, tmp_path):
    import_files(office, report)
    (unit.keys / "signing.pem").unlink()
    recording.save(unit, KEY, DataValue(7))
    file = exchange.export_report(unit, MARCH, tmp_path / "new.xlsx").file
    message(office, file)
    signing.register_key_of(office, file, key_of(file)[-4:], instead=True)
    assert import_files(office, file).count(Result.IMPORTED) == 1
    assert "已作废" in message(office, report)
    assert sorted(s.revoked for s in signing.registered(office) if s.unit == "scj") == [False, True]


def test_a_key_can_be_revoked_but_not_ones_own(office, report):
    import_files(office, report)
    (mark,) = [s.fingerprint for s in signing.registered(office) if s.unit == "scj"]
    assert signing.revoke(office, mark).revoked
    assert "已作废" in message(office, report)
    (own,) = [s.fingerprint for s in signing.registered(office) if s.unit == "ban"]
    with pytest.raises(InputRejectedError, match="不能作废本机"):
        signing.revoke(office, own)
    with pytest.raises(InputRejectedError, match="没有登记指纹"):
        signing.revoke(office, "0000")


def test_one_units_key_signs_for_no_other(office, unit, report, tmp_path):
    import_files(office, report)
    other = make_unit(office, tmp_path / "fgj", "fgj")
    (other.keys / "signing.pem").write_bytes((unit.keys / "signing.pem").read_bytes())
    recording.record_value(other, "I01-1", "2026-03", DataValue(3))
    file = exchange.export_report(other, MARCH, tmp_path / "fgj.xlsx").file
    other.close()
    assert "登记在另一单位名下" in message(office, file)
    with pytest.raises(InputRejectedError, match="登记在另一单位名下"):
        signing.register_key_of(office, file, key_of(file)[-4:])


def test_a_unit_takes_plans_from_its_office_alone(office, unit, tmp_path):
    stranger = make_office(tmp_path / "stranger")
    issued = run_through(exchange.issue_packets(stranger, MARCH, tmp_path / "from-stranger"))
    stranger.close()
    file = next(packet.file for packet in issued if packet.unit == "scj")
    assert "与该单位已登记的不一致" in message(unit, file)


def test_an_altered_plan_makes_no_workspace(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "out"))
    edit_hidden(issued[0].file, "due", "2027-01-01")
    with pytest.raises(InputRejectedError, match="签名与文件内容不符"):
        setup.create_unit_from_packet(tmp_path / "new", checking.read(issued[0].file))


def test_a_form_with_a_forged_base_is_refused_at_the_office(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "out"))
    fill_in(issued[0].file, {KEY: DataValue(5)})
    book = load_workbook(issued[0].file)
    for row in book["_fsdesk"].iter_rows():
        if row[0].value == "row":
            row[3].value = f"{office.author.edits}:999"
    book.save(issued[0].file)
    assert "签名与文件内容不符" in message(office, issued[0].file, accept_unsigned=True)


def test_nothing_is_registered_from_an_unsigned_file(office, report):
    edit_hidden(report, "signature", "00" * 64)
    with pytest.raises(InputRejectedError, match="没有有效签名"):
        signing.register_key_of(office, report, key_of(report)[-4:])


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind there")
def test_the_key_is_for_its_owner_alone(unit):
    assert stat.S_IMODE((unit.keys / "signing.pem").stat().st_mode) == 0o600


@pytest.mark.file_database
def test_a_damaged_key_is_put_aside_and_a_new_one_made(unit):
    file = unit.keys / "signing.pem"
    before = signing.signing_key(unit).public
    file.write_bytes(b"damaged")
    assert signing.signing_key(unit).public != before
    assert file.with_suffix(".damaged").read_bytes() == b"damaged"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_key_of_any_program_in_the_usual_format_is_read(unit, ending):
    lines = (  # RFC 8410, section 10.3, with its public half of section 10.1
        "-----BEGIN PRIVATE KEY-----",
        "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC",
        "-----END PRIVATE KEY-----",
        "",
    )
    (unit.keys / "signing.pem").write_bytes(ending.join(lines).encode())
    public = signing.signing_key(unit).public
    assert public == "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"
