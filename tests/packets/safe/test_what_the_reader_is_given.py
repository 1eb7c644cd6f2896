"""The fast reader is given only what was looked at, and reads the same of it as of the file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.packets.reader import read_packet
from fsdesk.packets.safe.guard import scan
from tests.packets.odd import make

GOLDEN = Path(__file__).parents[2] / "golden" / "packets"
META, LAST = "xl/worksheets/sheet5.xml", b"</sheetData>"
UNCLOSED = b"</worksheet"  # of all these the reader itself refuses this one


def cells(data):
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def saved_again(folder):
    """As openpyxl writes it, with shared texts, and one sheet with merged cells."""
    file = make(folder)
    book = load_workbook(file)
    book["指标"].merge_cells("A1:C1")
    book.save(file)
    return file


@pytest.mark.parametrize("form", [make, saved_again])
def test_the_same_cells_are_read(form, tmp_path):
    scanned = scan(form(tmp_path))
    assert scanned.readable != scanned.data
    assert cells(scanned.readable) == cells(scanned.data)


@pytest.mark.parametrize("file", sorted(GOLDEN.rglob("*.xlsx")), ids=lambda file: file.name)
def test_the_same_cells_are_read_of_released_packets(file):
    scanned = scan(file)
    assert cells(scanned.readable) == cells(scanned.data)


def test_what_nobody_looked_at_is_not_given(tmp_path):
    file = make(tmp_path)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/media/image1.png", b"picture")
    with zipfile.ZipFile(io.BytesIO(scan(file).readable)) as given:
        assert given.testzip() is None
        assert "xl/media/image1.png" not in given.namelist()
        assert META in given.namelist()


@pytest.mark.parametrize("tail", [UNCLOSED, b"<a></b></worksheet>", b"</worksheet><a/>"])
def test_damage_behind_the_rows_is_left_to_the_reader(tail, tmp_path):
    file = make(tmp_path)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[META] = parts[META].partition(LAST)[0] + LAST + tail
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with zipfile.ZipFile(io.BytesIO(scan(file).readable)) as given:
        assert given.read(META) == parts[META]
    if tail == UNCLOSED:
        with pytest.raises(InputRejectedError, match="读不出来"):
            read_packet(file)
