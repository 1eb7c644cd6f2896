"""`supervision …`: a letter from the proposal to its closing, between the office and a unit."""

from __future__ import annotations

import json

import pytest

from fsdesk.commands import opening
from fsdesk.commands.run import run
from fsdesk.domain.records.records import DataValue
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace
from tests.workspaces import Clock, make_office, make_unit

APRIL = ("--period", "2026-04")


@pytest.fixture
def clock(monkeypatch):
    """Commands have no clock of their own: they get the test's."""
    clock = Clock("2026-05-11T01:00:00+00:00")
    monkeypatch.setattr(
        opening,
        "open_workspace",
        lambda folder, url, *, write: open_workspace(folder, url, write=write, clock=clock),
    )
    return clock


@pytest.fixture
def call(capsys, tmp_path, clock):
    """Run a command at the office or the unit; give exit code, JSON and messages."""
    with (
        make_office(tmp_path / "office", clock) as office,
        make_unit(office, tmp_path / "unit", clock=clock) as unit,
    ):
        recording.record_value(unit, "I01-1", "2026-04", DataValue(1))

    def call_it(*arguments, at="office"):
        code = run(["--workspace", str(tmp_path / at), *map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return call_it


def exchange(call, tmp_path):
    """The unit reports and gets what the office answers."""
    report = tmp_path / "报送包.xlsx"
    assert call("packet", "export", *APRIL, "--out", report, at="unit")[0] == 0
    assert call("packet", "import", report)[0] == 0
    assert call("packet", "feedback", *APRIL, "--out", tmp_path / "反馈")[0] == 0
    assert call("packet", "import", tmp_path / "反馈", at="unit")[0] == 0


@pytest.mark.slow
def test_from_the_proposal_to_the_closing(call, clock, tmp_path):
    code, proposals, _ = call("supervision", "propose", *APRIL)
    assert code == 0
    assert {each["kind"] for each in proposals} == {"reminder"}
    code, drafts, _ = call("supervision", "draft", "--all", *APRIL)
    assert (code, len(drafts)) == (0, len(proposals))
    assert all(each["number"] is None for each in drafts)
    assert call("supervision", "propose", *APRIL)[1] == []
    key = next(each["key"] for each in drafts if each["unit"] == "区市场监管局")
    code, (letter,), _ = call("supervision", "issue", key)
    assert (code, letter["number"]) == (0, "食药安办提醒〔2026〕1号")
    exchange(call, tmp_path)

    # The unit sees it, asks for more time, and gets it.
    code, (received,), _ = call("supervision", "list", at="unit")
    assert (received["state"], received["days_left"]) == ("issued", 14)
    number = letter["number"]
    assert call("supervision", "extend", number, at="unit")[0] == 2
    asked = ("supervision", "extend", number, "--until", "2026-06-05", "--why", "设备检修")
    assert call(*asked, at="unit")[1]["extension"]["answer"] is None
    exchange(call, tmp_path)
    assert call("supervision", "extend", number)[0] == 2
    assert call("supervision", "extend", number, "--grant")[1]["reply_by"] == "2026-06-05"

    # It is not due, so nothing goes beyond it; when it is, a rectification is drafted.
    code, _, words = call("supervision", "escalate", number, *APRIL)
    assert (code, "不需要升级" in words) == (2, True)
    clock.set("2026-06-08T01:00:00+00:00")
    code, (stronger,), _ = call("supervision", "escalate", number, *APRIL)
    assert (code, stronger["kind"]) == (0, "rectification")
    code, (order,), _ = call("supervision", "issue", stronger["key"])
    exchange(call, tmp_path)

    # The unit replies with proof; the office strikes it off.
    proof = tmp_path / "整改.pdf"
    proof.write_bytes(b"%PDF-1.4 proof")
    replied = ("supervision", "reply", order["key"], "--text", "已整改", "--attach", proof)
    assert call(*replied, at="unit")[1]["state"] == "replied"
    exchange(call, tmp_path)
    assert call("supervision", "close", order["key"], "--evidence", " ")[0] == 2
    code, closed, _ = call("supervision", "close", order["key"], "--evidence", "核查合格")
    assert (code, closed["state"], closed["reply"]) == (0, "closed", "已整改")
    states = {each["number"]: each["state"] for each in call("supervision", "list")[1]}
    assert (states[number], states[order["number"]]) == ("escalated", "closed")


def test_an_objection_is_ruled_on(call, tmp_path):
    call("supervision", "draft", "--unit", "scj", *APRIL)
    (letter,) = call("supervision", "issue", call("supervision", "list")[1][0]["key"])[1]
    exchange(call, tmp_path)
    objected = ("supervision", "object", letter["number"], "--text", "数据已补报")
    assert call(*objected, at="unit")[1]["objection"] == "数据已补报"
    exchange(call, tmp_path)
    assert call(*objected)[0] == 2  # the office has to say which
    assert call(*objected, "--overrule")[1]["ruling"] == "overruled"
    assert call(*objected, "--uphold")[0] == 2


def test_an_interview_is_called_to_once_time_place_and_people_are_settled(call):
    (draft,) = call("supervision", "draft", "--unit", "scj", "--kind", "interview", *APRIL)[1]
    code, _, words = call("supervision", "issue", draft["key"])
    assert (code, "没有填写约谈时间、约谈地点、约谈人、联系人和电话" in words) == (2, True)
    arrange = ("supervision", "arrange", draft["key"])
    assert call(*arrange, "--time", "明天")[0] == 2
    assert call(*arrange, "--time", "2026-06-03T09:30", "--place", "会议室")[0] == 0
    assert "没有填写约谈人、联系人和电话" in call("supervision", "issue", draft["key"])[2]
    assert call(*arrange, "--host", "主任", "--contact", "张三")[0] == 0
    assert call("supervision", "issue", draft["key"])[0] == 0
    (other,) = call("supervision", "draft", "--unit", "fgj", *APRIL)[1]
    assert call("supervision", "arrange", other["key"], "--place", "会议室")[0] == 2


def test_the_register_is_exported(call, tmp_path):
    call("supervision", "draft", "--unit", "scj", *APRIL)
    for ending in ("xlsx", "pdf"):
        file = tmp_path / f"登记簿.{ending}"
        assert call("supervision", "export", file)[:2] == (0, {"file": str(file), "pages": 1})
        assert file.exists()
    assert call("supervision", "export", tmp_path / "x.txt")[0] == 2
    assert call("supervision", "export", tmp_path / "x.xlsx", at="unit")[0] == 2


def test_a_letter_is_saved_as_it_was_issued_and_a_draft_as_it_stands(call, tmp_path):
    draft = call("supervision", "draft", "--unit", "scj", *APRIL)[1][0]["key"]
    assert call("supervision", "save", draft, tmp_path / "拟稿.docx")[0] == 0
    number = call("supervision", "issue", draft)[1][0]["number"]
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    assert call("supervision", "save", number, first)[:2] == (0, {"file": str(first)})
    call("office", "set", "--district", "某市某区")
    assert call("supervision", "save", number, second)[0] == 0

    assert first.read_bytes() == second.read_bytes()
    assert call("supervision", "save", draft, tmp_path / "x.pdf")[0] == 2


def test_what_is_unknown_is_refused(call, tmp_path):
    assert call("supervision", "issue", "0123")[0] == 2
    assert call("supervision", "close", "食药安办提醒〔2026〕9号", "--evidence", "x")[0] == 2
    call("supervision", "draft", "--unit", "scj", *APRIL)
    call("supervision", "issue", call("supervision", "list")[1][0]["key"])
    exchange(call, tmp_path)
    (letter,) = call("supervision", "list", at="unit")[1]
    lost = ("supervision", "reply", letter["key"], "--text", "已整改", "--attach", tmp_path / "无")
    assert call(*lost, at="unit")[0] == 2
    assert call("supervision", "list", at="unit")[1][0]["state"] == "issued"


def test_what_goes_out_is_shown_first_taken_back_and_later_void(call, clock, tmp_path):
    code, (draft, *_), _ = call("supervision", "draft", "--all", *APRIL)
    assert code == 0
    _, (shown,), _ = call("supervision", "issue", "--preview", draft["key"])
    assert call("supervision", "list")[1][0]["number"] is None
    _, (issued,), _ = call("supervision", "issue", draft["key"])
    assert issued == shown
    _, (again,), _ = call("supervision", "take-back", issued["number"])
    assert (again["state"], again["unit"]) == ("drafted", issued["unit"])

    call("supervision", "issue", again["key"])
    call("packet", "feedback", *APRIL, "--out", tmp_path / "反馈")
    code, _, said = call("supervision", "take-back", issued["number"])
    assert code == 2
    assert "不能再撤回" in said
    _, void, _ = call("supervision", "void", issued["number"], "--why", "发错单位")
    assert (void["state"], void["state_label"]) == ("void", "作废")
    drafts = [each for each in call("supervision", "list")[1] if each["number"] is None]
    _, gone, _ = call("supervision", "withdraw", *(each["key"] for each in drafts))
    assert len(gone) == len(drafts)


def test_several_letters_are_closed_at_once_and_one_is_opened_again(call, tmp_path):
    _, drafts, _ = call("supervision", "draft", "--all", *APRIL)
    keys = [each["key"] for each in drafts]
    numbers = [each["number"] for each in call("supervision", "issue", *keys)[1]]
    _, closed, _ = call("supervision", "close", *numbers, "--evidence", "经核查属实")
    assert {each["state"] for each in closed} == {"closed"}
    call("packet", "feedback", *APRIL, "--out", tmp_path / "反馈")
    _, opened, _ = call("supervision", "reopen", numbers[0], "--why", "补报不全")
    assert (opened["state"], opened["reopened_why"]) == ("issued", "补报不全")


def test_doubtful_data_is_drafted_about_by_unit(call, clock, tmp_path):
    with open_workspace(tmp_path / "office", clock=clock) as office:
        for month, value in (("2026-02", 9), ("2026-03", 7)):
            recording.record_value(office, "I01-5", month, DataValue(value), unit="scj")
    code, (draft,), _ = call("supervision", "draft", "--found", "scj", *APRIL)
    assert (code, draft["unit"]) == (0, "区市场监管局")
    assert all(item.startswith("found/") for item in draft["items"])
    assert call("supervision", "draft", "--found", "scj", *APRIL)[0] == 2


def test_what_is_granted_and_corrected_are_papers_of_their_own(call, tmp_path):
    call("supervision", "draft", "--unit", "scj", *APRIL)
    (letter,) = call("supervision", "issue", call("supervision", "list")[1][0]["key"])[1]
    number = letter["number"]
    exchange(call, tmp_path)
    asked = ("supervision", "extend", number, "--until", "2026-06-05", "--why", "设备检修")
    call(*asked, at="unit")
    exchange(call, tmp_path)
    granted = call("supervision", "extend", number, "--grant", "--why", "情况属实")[1]
    (answer,) = granted["amendments"]
    assert (answer["kind"], "情况属实" in answer["body"]) == ("extended", True)
    assert call("supervision", "save", answer["key"], tmp_path / "复函.pdf")[0] == 0
    corrected = call("supervision", "correct", number, "--text", "甲更正为乙")[1]
    assert corrected["amendments"][1]["kind"] == "corrected"
    exchange(call, tmp_path)
    (received,) = call("supervision", "list", at="unit")[1]
    assert received["amendments"] == corrected["amendments"]
