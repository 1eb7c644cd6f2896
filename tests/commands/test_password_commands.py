"""`password …`, and every other command in a workspace that has one."""

from __future__ import annotations

import json
import os

import pytest

from fsdesk import sealed
from fsdesk.commands.passphrase import PASSWORD_FILE
from fsdesk.commands.run import run
from fsdesk.services.care import protecting
from tests.protected import forget
from tests.workspaces import make_office, make_unit


@pytest.fixture(autouse=True)
def no_password_given(monkeypatch):
    forget()
    monkeypatch.setattr(sealed, "_MEMORY", 8)
    monkeypatch.delenv(PASSWORD_FILE, raising=False)


@pytest.fixture
def command(tmp_path, capsys):
    """Run commands on the unit's workspace, each as a program of its own."""
    with make_office(tmp_path / "office") as office:
        make_unit(office, tmp_path / "unit").close()

    def call(*words, at="unit"):
        forget()
        code = run(["--workspace", str(tmp_path / at), *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def file(tmp_path):
    def write(name, word):
        (tmp_path / name).write_text(f"{word}\n", encoding="utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def first(file):
    return file("first.txt", "the first password")


@pytest.fixture
def code(command, first):
    """The recovery code of the password that is set."""
    ended, out, _ = command("password", "set", "--new-password-file", first, "--json")
    assert ended == 0
    return json.loads(out)["code"]


COMMANDS = (
    ("status", "--json"),
    ("plan", "show"),
    ("units",),
    ("ledger", "list"),
    ("record", "value", "I01-1", "--period", "2026-03", "--value", "5"),
    ("packet", "export", "--period", "2026-03", "--out", "x.xlsx"),
    ("conflicts",),
    ("submission", "list", "--period", "2026-03"),
    ("keys", "list"),
    ("supervision", "list"),
    ("assessment",),
    ("quality",),
    ("report", "table", "--out", "x.pdf"),
    ("calendar", "export", "x.ics"),
    ("backup", "x.zip"),
    ("restore",),
    ("restore", "x.zip"),
    ("verify",),
    ("update", "check", "x.fsupdate"),
    ("publish", "--list"),
    ("password", "set"),
    ("password", "remove"),
    ("init", "--role", "unit", "--unit", "区市场监管局"),
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_works_without_the_password(command, code, words, tmp_path):
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "unit").rglob("*")}
    ended, out, told = command(*words)
    assert (ended, out) == (2, "")
    assert "设有密码" in told
    assert "--password-file" in told
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "unit").rglob("*")} == before


def test_the_password_comes_from_a_file_that_an_option_or_the_environment_names(
    command, code, first, file, monkeypatch
):
    assert command("--password-file", first, "verify")[:2] == (0, "完好\n")
    ended, _, told = command("--password-file", file("wrong.txt", "another password"), "verify")
    assert ended == 2
    assert "密码不对" in told
    monkeypatch.setitem(os.environ, PASSWORD_FILE, str(first))
    assert command("verify")[:2] == (0, "完好\n")


def test_it_is_changed_recovered_and_given_up(command, code, first, file, tmp_path):
    second = file("second.txt", "the second password")
    set_anew = ("password", "set", "--new-password-file", second, "--json")
    ended, out, _ = command("--password-file", first, *set_anew)
    assert ended == 0
    newer = json.loads(out)["code"]
    assert command("--password-file", first, "verify")[0] == 2
    recover = ("password", "recover", "--new-password-file", first, "--code-file")
    ended, _, told = command(*recover, file("code.txt", code))
    assert ended == 2
    assert "不是这个密码" in told
    ended, _, told = command(*recover, file("code.txt", newer))
    assert ended == 0
    assert "标记" in told
    assert command("--password-file", second, "verify")[0] == 2
    assert command("--password-file", first, "password", "remove")[0] == 0
    assert not protecting.is_protected(tmp_path / "unit")
    assert command("verify")[0] == 0
    ended, _, told = command("password", "remove")
    assert ended == 2
    assert "没有密码" in told


def test_backups_that_lie_in_the_folder_are_named(command, first, file, tmp_path):
    (tmp_path / "unit" / "backups" / "旧备份.zip").write_bytes(b"x")
    ended, out, _ = command("password", "set", "--new-password-file", first)
    assert ended == 0
    assert "backups/旧备份.zip" in out
    assert "密封在下一次的报送包中，交区食药安办保管" in out


def test_a_backup_comes_back_on_another_pc(command, code, first, tmp_path):
    backup = tmp_path / "备份.zip"
    assert command("--password-file", first, "backup", backup)[0] == 0
    ended, _, told = command("restore", backup, at="new")
    assert ended == 2
    assert "设有密码" in told
    assert command("--password-file", first, "restore", backup, at="new")[0] == 0
    assert protecting.is_protected(tmp_path / "new")
    assert command("--password-file", first, "verify", at="new")[0] == 0


def test_the_office_lists_and_reads_out_codes(command, code, first, tmp_path):
    report = tmp_path / "报送包.xlsx"
    value = ("record", "value", "I01-1", "--period", "2026-03", "--value", "5")
    assert command("--password-file", first, *value)[0] == 0
    export = ("packet", "export", "--period", "2026-03", "--out", report, "--early")
    assert command("--password-file", first, *export)[0] == 0, report
    assert command("password", "code", at="office")[1] == "还没有收到过恢复码\n"
    assert command("packet", "import", report, at="office")[0] == 0
    assert "区市场监管局\t标记" in command("password", "code", at="office")[1]
    read = command("password", "code", "--unit", "区市场监管局", at="office")
    assert read[:2] == (0, f"{code}\n")
    ended, _, told = command("--password-file", first, "password", "code")
    assert ended == 2
    assert "办" in told
