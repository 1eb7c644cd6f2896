"""Whatever goes wrong with one file is that file's result, and the next one is taken."""

from __future__ import annotations

import gc
import re
import sqlite3
import zipfile
from contextlib import closing

import pytest
from openpyxl import load_workbook

from fsdesk.commands.run import run
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import checking, exchange
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from tests.workspaces import import_files, make_office, make_unit

MARCH = Period.parse("2026-03")


@pytest.fixture
def office(tmp_path):
    """An office, and in `inbox` a good report that is looked at last."""
    with make_office(tmp_path / "office") as made:
        with make_unit(made, tmp_path / "unit") as unit:
            recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
            (tmp_path / "inbox").mkdir()
            exchange.export_report(unit, MARCH, tmp_path / "inbox" / "z.xlsx")
            exchange.export_report(unit, MARCH, tmp_path / "bundle.zip")
        yield made


def packed(file, way, source):
    """Write a bundle again with another compression, its content damaged in the middle."""
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(file, "w", way) as bad:
        for entry in good.infolist():
            bad.writestr(entry.filename, good.read(entry))
    with zipfile.ZipFile(file) as bad:
        (entry, *_) = bad.infolist()
    data = bytearray(file.read_bytes())
    start = entry.header_offset + 30 + len(entry.filename.encode())
    for place in range(start + 4, start + 60):
        data[place] ^= 0x5A
    file.write_bytes(data)


def renumbered(file, count):
    """Let each row claim an edit of that number."""
    book = load_workbook(file)
    for row in book["_fsdesk"].iter_rows():
        if row[0].value == "row" and row[3].value:
            row[3].value = re.sub(r":\d+", f":{count}", row[3].value)
    book.save(file)


def noted(file, name, value):
    """Change what the hidden sheet says of the whole."""
    book = load_workbook(file)
    for row in book["_fsdesk"].iter_rows():
        if row[0].value == name:
            row[1].value = value
    book.save(file)


def copied(inbox, name="a.xlsx"):
    file = inbox / name
    file.write_bytes((inbox / "z.xlsx").read_bytes())
    return file


BAD = {
    "deflate": lambda inbox: packed(
        inbox / "a.zip", zipfile.ZIP_DEFLATED, inbox.parent / "bundle.zip"
    ),
    "lzma": lambda inbox: packed(inbox / "a.zip", zipfile.ZIP_LZMA, inbox.parent / "bundle.zip"),
    "bzip2": lambda inbox: packed(inbox / "a.zip", zipfile.ZIP_BZIP2, inbox.parent / "bundle.zip"),
    "an edit of 5,000 digits": lambda inbox: renumbered(copied(inbox), "9" * 5000),
    "an edit of 30 digits": lambda inbox: renumbered(copied(inbox), "9" * 30),
    "a plan of 5,000 digits": lambda inbox: noted(copied(inbox), "plan_revision", "9" * 5000),
    "a plan of 30 digits": lambda inbox: noted(copied(inbox), "plan_revision", "9" * 30),
    "a format of 5,000 digits": lambda inbox: noted(copied(inbox), "format_version", "9" * 5000),
    "a format in small digits": lambda inbox: noted(copied(inbox), "format_version", "²"),
    "a folder for a file": lambda inbox: (inbox / "a.xlsx").mkdir(),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_damaged_or_forged_file_is_refused_and_the_next_one_taken(tmp_path, office, kind):
    inbox = tmp_path / "inbox"
    BAD[kind](inbox)
    (name,) = (item for item in inbox.iterdir() if item.stem == "a")
    files = (name, inbox / "z.xlsx")
    checked = run_through(checking.check_packets(office, files))
    summary = import_files(office, *files)
    if name.is_dir():  # an empty folder holds no files
        assert [item.file.name for item in summary.files] == ["z.xlsx"]
        return
    assert [item.ok for item in checked] == [False, True]
    assert [item.result for item in summary.files] == [Result.REJECTED, Result.IMPORTED]
    assert not re.search("意外情况", summary.files[0].message)
    assert checked[0].findings[0].remedy


def test_what_nobody_foresaw_is_the_result_of_its_file_and_leaves_a_report(
    tmp_path, office, monkeypatch, capsys
):
    inbox = tmp_path / "inbox"
    copied(inbox)
    office.close()
    whole = checking.read

    def fail(file, sheets):
        if file.name == "a.xlsx":
            raise ZeroDivisionError("division by zero")
        return whole(file, sheets)

    monkeypatch.setattr(checking, "read", fail)
    for action, code in (("check", 1), ("import", 1)):
        done = run(["--workspace", str(office.folder), "packet", action, str(inbox)])
        said = capsys.readouterr()
        assert done == code
        assert "意外情况" in said.out
        assert "ZeroDivisionError" not in said.out + said.err
    assert "已导入\t" in said.out
    reports = sorted((office.folder / "logs").glob("crash-*.txt"))
    assert len(reports) == 2
    assert "ZeroDivisionError" in reports[0].read_text(encoding="utf-8")


@pytest.mark.file_database
def test_where_the_database_is_what_is_damaged_no_file_is_blamed(tmp_path, office):
    with closing(sqlite3.connect(office.folder / "fsdesk.db")) as database:
        database.execute("DROP TABLE data_value")
    (taken,) = import_files(office, tmp_path / "inbox" / "z.xlsx").files
    assert taken.result is Result.REJECTED
    assert "数据库已损坏：表“指标数据”不见了" in taken.message
    assert "意外" not in taken.message


def test_an_import_leaves_the_clearing_up_of_memory_as_the_window_set_it(office, tmp_path):
    gc.freeze()  # as the window does with what is there to stay
    try:
        before = gc.get_freeze_count(), gc.get_threshold()
        (taken,) = import_files(office, tmp_path / "inbox").files
        assert taken.result is Result.IMPORTED
        assert gc.get_freeze_count() > before[0] / 2
        assert gc.get_threshold() == before[1]
    finally:
        gc.unfreeze()
