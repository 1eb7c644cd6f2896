"""Packets, reviews, keys and decisions from the command line, over a whole exchange."""

from __future__ import annotations

import json

import pytest
from openpyxl import Workbook, load_workbook

from fsdesk.commands.run import run
from tests.kept import KEEPER

MARCH = ("--period", "2026-03")


@pytest.fixture
def here(tmp_path):
    """The folder in which the workspaces lie."""
    return tmp_path / "district"


@pytest.fixture
def call(capsys, here):
    """Run a command on a workspace; give exit code and JSON."""

    def run_it(*arguments, at="office"):
        code = run(["--workspace", str(here / at), *map(str, arguments), "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return run_it


@pytest.fixture
def exchange(call, here):
    """An office, a unit made from its packet, and the unit's report of one figure."""
    form, report = here / f"out/下发包-区市场监管局-{MARCH[1]}.xlsx", here / "报送包.xlsx"

    def make():
        call("init", "--role", "office", "--year", "2026")
        call("packet", "issue", *MARCH, "--out", here / "out")
        call("init", "--role", "unit", "--plan", form, at="unit")
        call("record", "value", "I04-3", *MARCH, "--value", 53, at="unit")
        call("packet", "export", *MARCH, "--out", report, at="unit")

    KEEPER.whole(here, (__name__,), make)
    return form, report


def samples(call):
    _, status = call("status", *MARCH)
    return next(i["value"] for i in status["indicators"] if i["code"] == "I04-3")


@pytest.mark.slow
def test_a_report_is_checked_taken_undone_and_taken_again(call, exchange):
    _, report = exchange
    code, (checked,) = call("packet", "check", report)
    assert code == 0
    assert {
        "file", "ok", "kind", "unit", "period", "signature", "changes", "conflicts", "problems",
    } <= set(checked)  # fmt: skip
    assert (checked["signature"], checked["changes"]) == ("new", 1)
    assert call("packet", "import", report)[0] == 0
    assert samples(call) == 53
    _, (again,) = call("packet", "check", report)
    assert (again["signature"], again["changes"]) == ("valid", 0)
    code, undone = call("packet", "undo")
    assert (code, undone) == (0, {"packets": 1, "records": 1, "kept": []})
    assert samples(call) is None
    assert call("packet", "import", report)[0] == 0
    assert samples(call) == 53


def test_a_hand_filled_form_needs_a_yes(call, exchange):
    form, _ = exchange
    book = load_workbook(form)
    sheet = book["指标"]
    row = next(r for r in range(1, 200) if sheet.cell(r, 1).value == "I04-3")
    column = next(c for c in range(1, 20) if sheet.cell(3, c).value == "本期数")
    sheet.cell(row, column).value = "１，２００批次"
    book.save(form)
    code, (checked,) = call("packet", "check", form)
    assert (code, checked["ok"], checked["signature"]) == (0, True, "unsigned")
    code, taken = call("packet", "import", form)
    assert (code, taken["rejected"]) == (2, 1)
    assert "没有签名" in taken["files"][0]["message"]
    code, taken = call("packet", "import", form, "--accept-unsigned")
    assert (code, taken["imported"]) == (0, 1)
    assert samples(call) == 1200


def test_what_is_hidden_in_a_form_is_told_by_every_output(call, exchange, here, capsys):
    form, _ = exchange
    book = load_workbook(form)
    sheet = book["指标"]
    row = next(r for r in range(1, 200) if sheet.cell(r, 1).value == "I04-3")
    column = next(c for c in range(1, 20) if sheet.cell(3, c).value == "本期数")
    sheet.cell(row, column).value = 1200
    sheet.row_dimensions[row].hidden = True
    book.save(form)
    words, cell = f"第 {row} 行是隐藏的", sheet.cell(row, column).coordinate

    _, (checked,) = call("packet", "check", form)
    told = [p for p in checked["problems"] if p["message"].startswith(words)]
    assert [(p["sheet"], p["cell"], p["level"]) for p in told] == [("指标", cell, "警告")]
    command = ["--workspace", str(here / "office"), "packet", "import", str(form)]
    assert run([*command, "--accept-unsigned"]) == 0
    assert words in capsys.readouterr().out
    _, taken = call("packet", "import", form, "--accept-unsigned")
    assert told[0] in taken["files"][0]["problems"]


def test_a_refused_form_comes_back_with_comments(call, exchange, tmp_path):
    form, _ = exchange
    book = load_workbook(form)
    book["指标"]["G4"] = "二十"
    book.save(form)
    code, (checked,) = call("packet", "check", form, "--annotated", tmp_path / "批注")
    assert (code, checked["ok"]) == (1, False)
    (problem,) = checked["problems"]
    assert (problem["sheet"], problem["cell"]) == ("指标", "G4")
    (copy,) = (tmp_path / "批注").iterdir()
    assert "二十" in load_workbook(copy)["指标"]["G4"].comment.text


def test_a_report_is_returned_answered_mended_and_accepted(call, exchange, tmp_path):
    _, report = exchange
    call("packet", "import", report)
    code, row = call(
        "submission", "return", "区市场监管局", *MARCH,
        "--comment", "请核对", "--row", "I04-3=与台账不一致",
    )  # fmt: skip
    assert (code, row["state"]) == (0, "returned")
    code, answered = call("packet", "feedback", *MARCH, "--out", tmp_path / "反馈")
    assert code == 0
    (packet,) = answered["packets"]
    code, taken = call("packet", "import", packet["file"], at="unit")
    assert (code, taken["imported"]) == (0, 1)
    assert "请核对" in taken["files"][0]["message"]
    call("record", "value", "I04-3", *MARCH, "--value", 50, at="unit")
    call("packet", "export", *MARCH, "--out", report, at="unit")
    call("packet", "import", report)
    code, row = call("submission", "accept", "区市场监管局", *MARCH)
    assert (code, row["state"]) == (0, "accepted")
    assert {"unit", "period", "state", "submitted_at", "on_time"} <= set(row)
    assert samples(call) == 50


def test_a_unit_can_be_left_out_of_the_totals(call, exchange):
    _, report = exchange
    call("packet", "import", report)
    reason = ("--reason", "待核实")
    code, row = call("submission", "exclude", "区市场监管局", *MARCH, *reason)
    assert (code, row["excluded"]) == (0, "待核实")
    assert samples(call) is None


def test_keys_are_listed_accepted_and_revoked(call, exchange, tmp_path):
    form, report = exchange
    call("packet", "import", report)
    call("init", "--role", "unit", "--plan", form, at="second")
    call("record", "value", "I04-3", *MARCH, "--value", 60, at="second")
    other = tmp_path / "二.xlsx"
    call("packet", "export", *MARCH, "--out", other, at="second")
    code, taken = call("packet", "import", other)
    assert (code, taken["rejected"]) == (2, 1)
    assert call("keys", "accept", other, "0000")[0] == 2
    heard = next(
        k["fingerprint"] for k in call("keys", "list", at="second")[1] if k["state"] == "own"
    )
    code, key = call("keys", "accept", other, heard[-4:])
    assert (code, key["unit"]) == (0, "区市场监管局")
    code, taken = call("packet", "import", other)
    assert (code, taken["conflicts"]) == (1, 1)
    code, decided = call("conflicts", "resolve", "--all", "--keep", "theirs")
    assert (code, decided) == (0, {"resolved": 1})
    assert call("conflicts")[1] == []
    code, gone = call("keys", "revoke", key["fingerprint"])
    assert (code, gone["revoked"]) == (0, True)
    assert [k["revoked"] for k in call("keys", "list")[1]].count(True) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("submission", "return", "区市场监管局", *MARCH, "--comment", "x", "--row", "没有等号"),
        ("submission", "accept", "区市场监管局", *MARCH),
        ("submission", "accept", "无此单位", *MARCH),
        ("packet", "feedback", *MARCH, "--out", "x"),
        ("packet", "undo"),
        ("keys", "revoke", "0000"),
        ("keys", "accept", "没有这个文件.xlsx", "0000"),
    ],
)
def test_what_makes_no_sense_is_refused(call, exchange, arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call(*arguments)[0] == 2


def test_a_ledger_is_sealed_by_a_command_and_what_has_no_key_needs_a_word(call, exchange, here):
    form, _ = exchange
    rows = here / "清单.xlsx"
    book = Workbook()
    book.active.append(["抽样编号", "抽样日期"])
    book.active.append(["张三-1", "2026-03-05"])
    book.save(rows)
    code, sealed = call("ledger", "seal", "监督抽检")
    assert (code, sealed) == (0, {"all": False, "ledgers": ["sampling"]})
    listed = {each["code"]: each["sealed"] for each in call("ledger", "list")[1]}
    assert (listed["sampling"], listed["risk"]) == (True, False)
    assert call("packet", "issue", *MARCH, "--out", here / "out")[0] == 0
    assert call("packet", "import", form, at="unit")[0] == 0
    assert call("ledger", "import", "监督抽检", rows, at="unit")[0] == 0
    code, made = call("packet", "export", *MARCH, "--out", here / "密.xlsx", at="unit")
    assert (code, made["sealed"]) == (0, True)
    # The office holds the row by itself before it knows a key of the unit.
    assert call("ledger", "import", "监督抽检", rows, "--unit", "区市场监管局")[0] == 0
    assert call("packet", "issue", *MARCH, "--out", here / "再")[0] == 2
    assert not (here / "再").exists()
    assert call("packet", "issue", *MARCH, "--out", here / "再", "--unsealed")[0] == 0
    assert call("packet", "check", here / "密.xlsx")[1][0]["sealed"]
    assert call("packet", "import", here / "密.xlsx")[0] == 0
    code, issued = call("packet", "issue", *MARCH, "--out", here / "又")
    assert code == 0
    assert [each["unit"] for each in issued["packets"] if each["sealed"]] == ["区市场监管局"]
    assert call("ledger", "seal", "--off")[1] == {"all": False, "ledgers": ["sampling"]}
    assert call("ledger", "seal", "监督抽检", "--off")[1]["ledgers"] == []
    assert call("ledger", "seal", "--off", at="unit")[0] == 2
