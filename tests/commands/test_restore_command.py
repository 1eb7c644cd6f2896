"""`restore`: what there is to go back to, what it would lose, and going back, by command."""

from __future__ import annotations

import json

import pytest

from fsdesk.commands.run import run

VALUE = ("record", "value", "I04-3", "--period", "2026-03", "--unit", "scjg", "--value")


@pytest.fixture
def call(capsys, tmp_path):
    """Run a command on the office below the test's folder."""

    def run_it(*arguments, at="office"):
        code = run(["--workspace", str(tmp_path / at), *map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else out, err

    assert run_it("init", "--role", "office", "--year", "2026")[0] == 0
    assert run_it(*VALUE, "150")[0] == 0
    assert run_it("backup", tmp_path / "b.zip")[0] == 0
    assert run_it(*VALUE, "170")[0] == 0
    return run_it


def value_of(call, at="office"):
    _, found, _ = call("status", "--period", "2026-03", at=at)
    return next(i["value"] for i in found["indicators"] if i["code"] == "I04-3")


def test_without_a_file_it_lists_what_there_is(call, tmp_path):
    (tmp_path / "office" / "backups" / "daily-20200101.db").write_bytes(b"nothing")
    (tmp_path / "b.zip").rename(tmp_path / "食药安工作台备份-20260402.zip")
    code, found, _ = call("restore")
    assert code == 0
    assert set(found[0]) == {"file", "kind", "as_of", "size", "whose", "sound", "problem"}
    kinds = {(point["kind"], point["sound"]) for point in found}
    assert {("automatic", True), ("automatic", False), ("backup", True)} <= kinds
    assert call("restore", "--list")[1] == found


def test_before_the_yes_it_tells_what_would_be_lost_and_changes_nothing(call, tmp_path):
    code, told, err = call("restore", tmp_path / "b.zip")
    assert code == 2
    assert told["lost"]["kinds"] == {"record": 1}
    assert "170" in told["lost"]["newest"][0]
    assert "--yes" in err
    assert value_of(call) == 170


def test_with_the_yes_it_goes_back_and_keeps_the_state_before(call, tmp_path):
    code, done, _ = call("restore", tmp_path / "b.zip", "--yes")
    assert (code, done["lost"]) == (0, 1)
    assert value_of(call) == 150
    assert call("verify")[1]["ok"]
    assert "已恢复到副本“b.zip”" in call(*VALUE, "160")[2]
    assert "已恢复" not in call(*VALUE, "165")[2]
    kept = done["kept"].partition("/")[2]
    assert call("restore", kept, "--yes")[0] == 0  # one of its own copies needs no path
    assert value_of(call) == 170


def test_what_is_no_backup_is_refused_in_words(call, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"picture")
    for file in (tmp_path / "photo.jpg", tmp_path / "none.zip", tmp_path):
        code, _, err = call("restore", file, "--yes")
        assert code == 2
        assert "Error" not in err
    assert value_of(call) == 170
    code, _, _ = call("restore", tmp_path / "photo.jpg", at="new")
    assert code == 2
    assert not (tmp_path / "new").exists()


def test_into_an_empty_folder_no_yes_is_needed(call, tmp_path):
    code, done, _ = call("restore", tmp_path / "b.zip", at="copy")
    assert (code, done["workspace"], done["kept"]) == (0, str(tmp_path / "copy"), "")
    assert value_of(call, at="copy") == 150
