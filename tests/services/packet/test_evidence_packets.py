"""Evidence files travel in a .zip: whole, once, and never outside their folder."""

from __future__ import annotations

import zipfile

import pytest

from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.services.care import maintenance
from fsdesk.services.packet import exchange
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import evidence, recording
from tests.held import attachments_of
from tests.workspaces import MARCH, import_files

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
OTHER = RecordKey(RecordKind.VALUE, "I01-5", "scj", "2026-03")


@pytest.fixture
def report(unit, tmp_path):
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff picture")
    for key in (KEY, OTHER):
        recording.save(unit, key, DataValue(6))
        evidence.attach(unit, key, photo)
    return exchange.export_report(unit, MARCH, tmp_path / "报送包.zip").file


def rewritten(file, change):
    """Write the archive again with its entries changed."""
    target = file.with_name("改.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name, data in change({e.filename: old.read(e) for e in old.infolist()}).items():
            new.writestr(name, data)
    return target


def message(office, file):
    (taken,) = import_files(office, file).files
    assert taken.result is Result.REJECTED
    assert not list(office.attachments.iterdir())
    return taken.message


def test_files_come_along_and_are_stored_once(office, report):
    with zipfile.ZipFile(report) as archive:
        names = [name for name in archive.namelist() if name.startswith("佐证材料/")]
    assert len(names) == 1
    assert names[0].endswith("-照片.jpg")
    assert import_files(office, report).count(Result.IMPORTED) == 1
    assert [f.name for f in attachments_of(office, KEY)] == ["照片.jpg"]
    assert attachments_of(office, OTHER)[0].digest in {
        file.name for file in office.attachments.iterdir()
    }
    assert len(list(office.attachments.iterdir())) == 1
    assert maintenance.verify(office) == ()
    assert import_files(office, report).count(Result.UNCHANGED) == 1


def test_files_that_are_hard_to_open_are_taken_and_told(office, unit, report, tmp_path):
    picture = tmp_path / "会场.heic"
    picture.write_bytes(b"heic")
    evidence.attach(unit, KEY, picture)
    file = exchange.export_report(unit, MARCH, tmp_path / "再报.zip").file
    (taken,) = import_files(office, file).files
    assert taken.result is Result.IMPORTED
    assert any("“会场.heic”是手机的 HEIC 照片" in f.message for f in taken.checked.findings)
    assert {each.name for each in attachments_of(office, KEY)} == {"照片.jpg", "会场.heic"}


def test_a_workbook_alone_says_which_files_stay_behind(unit, tmp_path):
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"\xff\xd8\xff picture")
    recording.save(unit, KEY, DataValue(6))
    evidence.attach(unit, KEY, photo)
    alone = exchange.export_report(unit, MARCH, tmp_path / "只有表.xlsx")
    assert alone.left_behind == 1
    assert "佐证材料 1 个不在这份 .xlsx 中" in alone.notice
    whole = exchange.export_report(unit, MARCH, tmp_path / "全部.zip")
    assert (whole.left_behind, whole.notice) == (0, "")
    again = exchange.export_report(unit, MARCH, tmp_path / "再来.xlsx")
    assert again.left_behind == 0  # they were sent


def test_without_files_the_workbook_travels_alone(office, unit, report, tmp_path):
    file = exchange.export_report(unit, MARCH, tmp_path / "只有表.xlsx").file
    assert import_files(office, file).count(Result.IMPORTED) == 1
    assert attachments_of(office, KEY) == ()
    assert import_files(office, report).count(Result.IMPORTED) == 1
    assert len(attachments_of(office, KEY)) == 1


def test_a_missing_file_is_named(office, report):
    gone = rewritten(report, lambda e: {n: d for n, d in e.items() if n.endswith(".xlsx")})
    assert "缺少佐证材料：照片.jpg" in message(office, gone)


def test_another_file_under_the_name_is_no_proof(office, report):
    swapped = rewritten(
        report, lambda e: {n: d if n.endswith(".xlsx") else b"x" * len(d) for n, d in e.items()}
    )
    assert "缺少佐证材料" in message(office, swapped)


def test_names_are_never_paths(office, report, tmp_path):
    moved = rewritten(
        report,
        lambda e: {n if n.endswith(".xlsx") else "../../../outside.jpg": d for n, d in e.items()},
    )
    assert import_files(office, moved).count(Result.IMPORTED) == 1
    assert not list(tmp_path.parent.glob("**/outside.jpg"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda e: {n: d for n, d in e.items() if not n.endswith(".xlsx")}, "现有 0 个"),
        (lambda e: e | {"另一个.xlsx": b"x"}, "现有 2 个"),
        (lambda e: e | {f"{n}.txt": b"x" for n in range(2001)}, "过多或过大"),
    ],
)
def test_an_odd_archive_is_refused(office, report, change, words):
    assert words in message(office, rewritten(report, change))


def test_a_cut_archive_is_refused(office, report):
    data = report.read_bytes()
    report.write_bytes(data[: len(data) // 2])
    assert "已损坏" in message(office, report)


def test_a_picture_called_zip_is_refused(office, tmp_path):
    file = tmp_path / "照片.zip"
    file.write_bytes(b"\x89PNG")
    assert "已损坏" in message(office, file)
