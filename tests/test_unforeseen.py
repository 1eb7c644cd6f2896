"""The last net: whatever escapes is told in words, and leaves a report for a technician."""

from __future__ import annotations

import lzma
import re
import sqlite3
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from fsdesk import unforeseen
from fsdesk.commands.run import run
from fsdesk.domain.findings import reject
from tests.workspaces import make_office

NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)


def locked():
    fault = sqlite3.OperationalError("database is locked")
    fault.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return fault


EXPLAINED = {
    "of the core": (reject("不是数", "请填写数字"), "不是数"),
    "of the disk": (OSError(28, "No space left on device"), "磁盘已满"),
    "of the database": (locked(), "正被其他程序占用"),
    "of the database, wrapped": (OperationalError("SELECT 1", {}, locked()), "正被其他程序占用"),
    "of the memory": (MemoryError(), "内存不足"),
}
REPORTED = {
    "zip": (zipfile.BadZipFile("File is not a zip file"), "已损坏"),
    "deflate": (zlib.error("Error -3 while decompressing data"), "已损坏"),
    "lzma": (lzma.LZMAError("Corrupt input data"), "已损坏"),
    "code": (UnicodeDecodeError("utf-8", b"x", 0, 1, "invalid start byte"), "编码"),
    "mistake": (KeyError("x"), "意外情况"),
    "too deep": (RecursionError("maximum recursion depth exceeded"), "意外情况"),
    "of no known kind": (sqlite3.ProgrammingError("closed"), "意外情况"),
}


@pytest.mark.parametrize("problem", EXPLAINED)
def test_a_cause_that_is_known_is_told_without_a_report(tmp_path, problem):
    fault, words = EXPLAINED[problem]
    (found,) = unforeseen.told(fault, tmp_path)
    assert words in str(found)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("problem", REPORTED)
def test_what_nobody_foresaw_is_told_in_words_and_leaves_a_report(tmp_path, problem):
    fault, words = REPORTED[problem]
    (found,) = unforeseen.told(fault, tmp_path)
    (report,) = tmp_path.iterdir()
    assert words in found.message
    assert str(report) in found.remedy
    assert not re.search("[A-Za-z]{2,}", str(found).replace(str(report), ""))
    assert type(fault).__name__ in report.read_text(encoding="utf-8")


def test_old_reports_make_room(tmp_path):
    for minute in range(25):
        unforeseen.write_report(tmp_path, ValueError(str(minute)), NOW.replace(minute=minute))
    assert len(list(tmp_path.glob("crash-*.txt"))) == 20


def test_a_full_disk_is_no_second_failure(tmp_path):
    file = tmp_path / "logs"
    file.write_text("no folder")
    assert unforeseen.write_report(file, ValueError("x"), NOW) is None


def test_a_command_that_breaks_tells_it_in_words_and_leaves_a_report(tmp_path, monkeypatch, capsys):
    with make_office(tmp_path / "office"):
        pass

    def fail(_):
        raise AttributeError("'NoneType' object has no attribute 'unit'")

    monkeypatch.setattr("fsdesk.commands.plan_commands.units", fail)
    assert run(["--workspace", str(tmp_path / "office"), "units"]) == 2
    said = capsys.readouterr()
    (report,) = (tmp_path / "office" / "logs").glob("crash-*.txt")
    assert said.out == ""
    assert "意外情况" in said.err
    assert str(report) in said.err
    assert "NoneType" not in said.err
    assert "NoneType" in report.read_text(encoding="utf-8")
