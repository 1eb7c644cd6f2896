"""Commands on a bad disk: words in Chinese, exit code 2, and all is as it was."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from fsdesk import files
from fsdesk.commands.run import run
from fsdesk.domain.records.records import DataValue
from fsdesk.places import project_file
from fsdesk.services.care import maintenance
from fsdesk.services.packet import history
from fsdesk.services.records import recording
from fsdesk.store import engine
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.workspaces import make_office, make_unit

PERIOD = ("--period", "2026-03")
FAULTS = {
    errno.ENOSPC: "磁盘已满",
    errno.EACCES: "没有写入权限",
    errno.EROFS: "只读",
    errno.EBUSY: "被其他程序占用",
    errno.EIO: "磁盘读写出错",
}
COMMANDS = {
    "report": ("unit", "packet", "export", *PERIOD, "--out", "out/a.xlsx"),
    "bundle": ("unit", "packet", "export", *PERIOD, "--out", "out/a.zip"),
    "plans": ("office", "packet", "issue", *PERIOD, "--out", "out"),
    "table": ("office", "report", "table", *PERIOD, "--out", "out/a.xlsx"),
    "chart": ("office", "report", "chart", *PERIOD, "--out", "out/a.png"),
    "pack": ("office", "report", "inspection", *PERIOD, "--out", "out/迎检"),
    "register": ("office", "supervision", "export", "out/a.pdf"),
    "plan": ("office", "plan", "export", "out/a.xlsx"),
    "ledger": ("office", "ledger", "template", "包保督导", "out/a.xlsx"),
    "calendar": ("office", "calendar", "export", "out/a.ics"),
    "backup": ("office", "backup", "out/a.zip"),
    "restore": ("out/again", "restore", "backup.zip"),
    "update": ("office", "update", "make", "fsdesk_99.0.0_amd64.deb", "--out", "out/a.fsupdate"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An office, a unit with a figure, and a backup; no command here may change them."""
    folder = tmp_path_factory.mktemp("bad_disk")
    with make_office(folder / "office") as office, make_unit(office, folder / "unit") as unit:
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
        maintenance.back_up(office, folder / "backup.zip")
    (folder / "fsdesk_99.0.0_amd64.deb").write_bytes(b"installer")
    (folder / "out").mkdir()
    return folder


@pytest.fixture
def call(place, monkeypatch, capsys):
    """Run a command; give its exit code and what it told, without the names of files."""
    monkeypatch.chdir(place)
    monkeypatch.setattr(files, "WAITS", ())

    def run_it(workspace, *arguments):
        code = run(["--workspace", workspace, *arguments])
        out, err = capsys.readouterr()
        names = re.compile(r"“[^”]*”|[A-Za-z0-9_-]+\.(db|zip)")
        return code, out + err, names.sub("", err).replace("WPS", "")

    return run_it


def contents(place):
    """Give what the databases hold and which files there are but for notes of who is working."""
    found = []
    for name in ("office", "unit"):
        raw = sqlite3.connect(place / name / "fsdesk.db")
        found.append([line for line in raw.iterdump() if "sqlite_stat" not in line])
        raw.close()
    courtesies = ("fsdesk.", "daily-")
    names = (item.relative_to(place).as_posix() for item in place.rglob("*") if item.is_file())
    found.append(sorted(n for n in names if not n.rpartition("/")[2].startswith(courtesies)))
    return found


@pytest.mark.parametrize(
    ("command", "number"),
    [*((name, errno.ENOSPC) for name in COMMANDS), *(("report", number) for number in FAULTS)],
)
def test_a_command_that_cannot_write_says_so_and_changes_nothing(
    call, place, monkeypatch, command, number
):
    before = contents(place)

    def fail(_):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", fail)
        code, said, plain = call(*COMMANDS[command])
    assert (code, FAULTS[number] in said) == (2, True), said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain
    assert contents(place) == before


def test_a_record_without_its_proof_is_told_as_done_in_part(call, tmp_path, monkeypatch):
    with make_office(tmp_path / "office"):
        pass
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"photo")

    def fail(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    milestone = ("record", "milestone", "D01-2-1", *PERIOD, "--unit", "ban", "--status", "已完成")
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", fail)
        code, said, plain = call(str(tmp_path / "office"), *milestone, "--attach", str(photo))
    assert (code, "事项已保存" in said, "磁盘" in said) == (1, True, True), said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain
    with open_workspace(tmp_path / "office") as office, office.reading() as session:
        assert [r.content.status.label for r in records.load_records(session)] == ["已完成"]


@pytest.mark.parametrize("command", ["table", "backup", "report"])
def test_a_folder_that_may_only_be_read_is_told_by_every_command(call, monkeypatch, command):
    def fail(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(FileLock, "acquire", fail)
    monkeypatch.setattr(Path, "mkdir", fail)
    code, said, plain = call(*COMMANDS[command])
    assert (code, "只读" in said) == (2, True), said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain


def test_a_database_that_another_program_holds_is_told(call, place, monkeypatch):
    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0)
    other = sqlite3.connect(place / "unit" / "fsdesk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    value = ("record", "value", "I01-1", *PERIOD, "--value", "9")
    code, said, plain = call("unit", *value)
    other.close()
    assert (code, "正被其他程序占用" in said) == (2, True), said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain


@pytest.mark.parametrize("command", [("status",), ("verify",), ("backup", "out/b.zip")])
def test_what_is_no_database_any_more_is_told(call, place, command):
    folder = place / "damaged"
    folder.mkdir(exist_ok=True)
    (folder / "fsdesk.db").write_bytes(b"no database at all" * 300)
    code, said, plain = call("damaged", *command)
    assert (code, "已损坏" in said) == (2, True), said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain


def test_a_fault_that_nobody_foresaw_is_told_in_words(call, monkeypatch):
    def fail(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", "计划.yaml")

    monkeypatch.setattr("fsdesk.commands.plan_commands.units", fail)
    code, said, plain = call("office", "units")
    assert code == 2
    assert "不能读写文件“计划.yaml”" in said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_an_answer_that_cannot_be_written_is_no_traceback(place):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, project_file("main.py"), "--workspace", place / "office", "units"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 1  # it was carried out, but nobody can read the answer
    (said,) = done.stderr.splitlines()
    assert said.startswith("不能输出到文件：磁盘已满。")


@pytest.fixture
def failing_for(monkeypatch):
    """Let the file of one name not be put in its place."""

    def let(name):
        put = Path.replace

        def held(part, target):
            if name in Path(target).name:
                raise PermissionError(errno.EACCES, "Permission denied", str(target))
            return put(part, target)

        monkeypatch.setattr(Path, "replace", held)

    return let


def test_a_packet_that_cannot_be_written_stops_no_other(call, tmp_path, failing_for):
    with make_office(tmp_path / "office") as office:
        before = {note.unit for note in history.history(office)}
    failing_for("发改局")
    issue = ("packet", "issue", *PERIOD, "--out", str(tmp_path / "out"))
    code, said, plain = call(str(tmp_path / "office"), *issue)
    assert code == 1
    assert "3 个单位的下发包只生成了 2 个：区市场监管局、西兴街道" in said
    assert "不能写入文件" in said
    assert "发改局" in said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain
    assert len(list((tmp_path / "out").iterdir())) == 2
    with open_workspace(tmp_path / "office") as office:
        assert {note.unit for note in history.history(office)} - before == {"区市场监管局", "西兴街道"}


def test_where_no_packet_can_be_written_nothing_is_done(call, tmp_path, failing_for):
    with make_office(tmp_path / "office"):
        pass
    failing_for(".xlsx")
    issue = ("packet", "issue", *PERIOD, "--out", str(tmp_path / "out"))
    code, said, _ = call(str(tmp_path / "office"), *issue)
    assert code == 2
    assert "只生成了" not in said
    assert not list((tmp_path / "out").iterdir())


def test_what_fails_after_something_was_stored_is_told_as_done_in_part(call, tmp_path, monkeypatch):
    with make_office(tmp_path / "office"):
        pass

    def fail(*_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("fsdesk.commands.record_commands.current_plan", fail)
    value = ("record", "value", "I01-1", *PERIOD, "--unit", "scj", "--value", "9")
    code, said, plain = call(str(tmp_path / "office"), *value)
    assert (code, "改动已保存" in said, "磁盘读写出错" in said) == (1, True, True), said
    assert not re.search(r"[A-Za-z]{2,}", plain), plain


@pytest.mark.parametrize(
    ("command", "words"),
    [(("packet", "feedback"), "没有可以反馈的内容"), (("packet", "issue"), "不能写入文件夹")],
)
def test_where_nothing_was_stored_nothing_is_said_to_be(call, tmp_path, command, words):
    """A transaction that changes nothing is none."""
    with make_office(tmp_path / "office"):
        pass
    (tmp_path / "out").write_text("a file where the folder shall be")
    code, said, _ = call(
        str(tmp_path / "office"), *command, *PERIOD, "--out", str(tmp_path / "out")
    )
    assert (code, "改动已保存" in said, words in said) == (2, False, True), said
