"""The commands of the contract: names, options, exit codes and JSON keys are promises."""

from __future__ import annotations

import errno
import hashlib
import io
import json
from pathlib import Path

import pytest
from docx import Document

from fsdesk.commands.parser import wants_window
from fsdesk.commands.run import run
from fsdesk.workspace import open_workspace
from tests.workspaces import all_year

MARCH, SCJG = ("--period", "2026-03"), ("--unit", "scjg")


@pytest.fixture
def call(capsys, tmp_path):
    """Run a command on a workspace below the test's folder; give exit code, JSON and messages."""

    def run_it(*arguments, at="office", json_too=True):
        full = ["--workspace", str(tmp_path / at), *map(str, arguments)]
        code = run([*full, "--json"] if json_too else full)
        out, err = capsys.readouterr()
        return code, json.loads(out) if json_too and out else out, err

    return run_it


@pytest.fixture
def office(call, tmp_path):
    """An office whose units have the plan from the year's first day."""
    code, made, _ = call("init", "--role", "office", "--year", "2026")
    assert code == 0
    with open_workspace(tmp_path / "office") as workspace, workspace.writing() as writing:
        all_year(2026)(writing)
    assert (made["role"], made["unit"], made["year"]) == ("office", "区食药安办", 2026)
    return call


def test_the_plan_is_shown_with_the_promised_keys(office):
    code, plan, _ = office("plan", "show")
    assert code == 0
    assert len(plan["sections"]) == 6
    points = [point for section in plan["sections"] for point in section["points"]]
    tasks = [task for point in points for task in point["tasks"]]
    assert (len(points), len(tasks)) == (15, 46)
    task = next(task for task in tasks if task["code"] == "T01-2")
    assert {"code", "title", "text", "assignments", "indicators", "deliverables"} == set(task)
    assert [(a["unit"], a["role"]) for a in task["assignments"]] == [
        ("区食药安办", "SOLE"),
        ("各街道", "SOLE"),
    ]
    assert task["assignments"][1]["members"] == ["西兴街道", "长河街道", "浦沿街道"]
    samples = next(i for t in tasks for i in t["indicators"] if i["code"] == "I04-3")
    assert (samples["operator"], samples["target"], samples["unit"]) == ("≥", 1900, "批次")


def test_units_and_groups_are_listed(office):
    _, units, _ = office("units")
    assert {"code", "name", "aliases", "kind", "groups"} <= set(units[0])
    street = next(unit for unit in units if unit["name"] == "西兴街道")
    assert set(street["groups"]) == {"各街道", "成员单位"}


def test_a_month_from_the_plan_to_the_pdf(office, call, tmp_path):
    code, issued, _ = office("packet", "issue", "--period", "2026-03", "--out", tmp_path / "out")
    assert (code, len(issued["packets"])) == (0, 18)
    packet = next(p["file"] for p in issued["packets"] if p["unit"] == "区市场监管局")
    code, made, _ = call("init", "--role", "unit", "--plan", packet, at="unit")
    assert (code, made["unit"]) == (0, "区市场监管局")
    code, stored, _ = call(
        "record", "value", "食品监督抽检批次", "--period", "2026-03", "--value", "150", at="unit"
    )
    assert (code, stored["value"], stored["item"]) == (0, 150, "I04-3")
    code, stored, _ = call(
        "record", "progress", "T04-1", "--period", "2026-03", "--status", "进行中",
        "--text", "已抽检", at="unit",
    )  # fmt: skip
    assert (code, stored["status"]) == (0, "under_way")
    code, _, _ = call(
        "record", "milestone", "D04-1-1", "--period", "2026-03", "--status", "已完成",
        "--date", "2026-03-05", at="unit",
    )  # fmt: skip
    assert code == 0
    report = tmp_path / "r.xlsx"
    code, sent, _ = call("packet", "export", "--period", "2026-03", "--out", report, at="unit")
    assert (code, sent["unit"], sent["period"]) == (0, "区市场监管局", "2026-03")
    code, checked, _ = office("packet", "check", report)
    assert (code, checked[0]["ok"], checked[0]["changes"]) == (0, True, 3)
    code, done, _ = office("packet", "import", report)
    assert (code, done["imported"], done["rejected"], done["conflicts"]) == (0, 1, 0, 0)
    code, done, _ = office("packet", "import", report)
    assert (code, done["unchanged"]) == (0, 1)
    code, status, _ = office("status", "--period", "2026-03")
    samples = next(i for i in status["indicators"] if i["code"] == "I04-3")
    assert (samples["value"], samples["by_unit"]["区市场监管局"]["value"]) == (150, 150)
    assert samples["by_unit"]["区卫健局"]["value"] is None
    assert status["reporting_rate"] == pytest.approx(1 / 18)
    code, listed, _ = office("submission", "list", "--period", "2026-03")
    assert {item["unit"]: item["state"] for item in listed}["区市场监管局"] == "submitted"
    for kind, name in (("table", "t.pdf"), ("table", "t.xlsx"), ("chart", "c.png")):
        code, made, _ = office("report", kind, "--period", "2026-03", "--out", tmp_path / name)
        assert code == 0
        assert (tmp_path / name).stat().st_size > 1000


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("packet", "undo"),
        ("password", "set", "--new-password-file", "word.txt"),
        ("restore", "backup.zip"),
    ],
    ids=lambda words: words[0],
)
def test_a_database_that_cant_be_looked_at_is_no_missing_workspace(
    office, tmp_path, monkeypatch, arguments
):
    office("backup", tmp_path / "backup.zip")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "word.txt").write_text("a long password")
    look = Path.is_file

    def spoiled(path, **options):
        if path == tmp_path / "office" / "fsdesk.db":
            raise OSError(errno.EIO, "Input/output error", str(path))
        return look(path, **options)

    monkeypatch.setattr(Path, "is_file", spoiled)
    code, out, err = office(*arguments, json_too=False)
    assert code == 2
    assert "读写出错" in out + err
    assert "没有工作区" not in out + err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("record", "value", "I04-3", *MARCH, "--value", "-1", *SCJG), "负数"),
        (("record", "value", "I04-3", "--period", "2027-03", "--value", "1", *SCJG), "2026 年度"),
        (("record", "value", "I04-3", *MARCH, "--value", "1", "--unit", "某局"), "没有名为"),
        (("record", "value", "I04-3", *MARCH, *SCJG), "没有给出数值"),
        (("record", "value", "X", *MARCH, "--value", "1"), "没有指标"),
        (("record", "progress", "T04-1", *MARCH, "--status", "?", "--text", "x"), "状态"),
        (("record", "milestone", "D04-1-1", *MARCH, "--status", "已完成", "--date", "5月"), "日期"),
        (("packet", "import", "missing.xlsx"), "找不到"),
        (("packet", "export", "--period", "2026-03", "--out", "x.xlsx"), "汇总端"),
        (("report", "table", "--out", "x.doc"), "格式"),
        (("report", "letter", "--unit", "区法院", "--out", "x.docx"), "没有滞后"),
        (("status", "--period", "2025-01"), "不在 2026 年度内"),
        (("conflicts", "resolve", "x", "--keep", "mine"), "没有编号"),
    ],
)  # fmt: skip
def test_unusable_input_ends_with_2_and_a_chinese_message(office, arguments, words):
    code, _, err = office(*arguments, json_too=False)
    assert code == 2
    assert words in err


def test_arguments_that_make_no_sense_end_with_2_in_chinese(capsys):
    with pytest.raises(SystemExit) as left:
        run(["init", "--role", "king"])
    assert left.value.code == 2
    assert "取值无效" in capsys.readouterr().err


@pytest.mark.parametrize("options", [
    ("--role", "unit"), ("--role", "office", "--unit", "区法院"),
    ("--role", "unit", "--unit", "某局"),
    ("--role", "office", "--year", "26"), ("--role", "office", "--plan", "missing.yaml"),
    ("--role", "unit", "--unit", "区食药安办"),
])  # fmt: skip
def test_a_workspace_that_cannot_be_made_is_not_made(call, tmp_path, options):
    code, _, err = call("init", *options, json_too=False)
    assert code == 2
    assert err
    assert not (tmp_path / "office" / "fsdesk.db").exists()


def test_a_file_that_is_no_packet_is_rejected_and_listed(office, tmp_path):
    picture = tmp_path / "picture.xlsx"
    picture.write_bytes(b"\x89PNG....")
    code, done, _ = office("packet", "import", picture)
    assert (code, done["rejected"]) == (2, 1)
    assert "PNG" in done["files"][0]["message"]
    code, checked, _ = office("packet", "check", picture)
    assert (code, checked[0]["ok"]) == (1, False)


def test_backup_restore_and_verify(office, call, tmp_path):
    assert office("backup", tmp_path / "b.zip")[0] == 0
    assert call("restore", tmp_path / "b.zip", at="copy")[0] == 0
    code, verdict, _ = call("verify", at="copy")
    assert (code, verdict) == (0, {"ok": True, "problems": []})


def test_a_backup_with_a_passphrase_takes_it_from_a_file_or_as_it_is_typed(
    office, call, tmp_path, monkeypatch
):
    word, wrong, backup = tmp_path / "word.txt", tmp_path / "wrong.txt", tmp_path / "b.zip"
    word.write_text("滨江食药安 2026\r\n", "utf-8-sig")
    wrong.write_text("滨江食药安 2025")
    code, made, _ = office("backup", backup, "--passphrase-file", word)
    assert (code, made["encrypted"]) == (0, True)
    code, _, err = call("restore", backup, at="copy")
    assert (code, "用口令加密" in err) == (2, True)
    code, _, err = call("restore", backup, "--passphrase-file", wrong, at="copy")
    assert (code, "口令不对" in err) == (2, True)
    code, _, err = call("restore", backup, "--passphrase-file", tmp_path / "none", at="copy")
    assert (code, "none" in err) == (2, True)
    assert not (tmp_path / "copy" / "fsdesk.db").exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("滨江食药安 2026\n"))
    assert call("restore", backup, "--passphrase", at="copy")[0] == 0
    assert call("verify", at="copy")[1]["ok"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    code, _, err = office("backup", tmp_path / "c.zip", "--passphrase")
    assert (code, "口令是空的" in err, (tmp_path / "c.zip").exists()) == (2, True, False)


def test_ledgers_are_listed_with_their_columns(office):
    code, ledgers, _ = office("ledger", "list")
    assert (code, len(ledgers)) == (0, 15)
    sampling = next(ledger for ledger in ledgers if ledger["title"] == "监督抽检")
    assert sampling["key"] == ["抽样编号"]
    assert {"title": "抽样日期", "type": "date", "choices": []} in sampling["columns"]


def test_evidence_is_kept_once_by_its_content(office, tmp_path):
    photo, empty = tmp_path / "照片.jpg", tmp_path / "空.jpg"
    photo.write_bytes(b"photo")
    empty.touch()
    milestone = ("record", "milestone", "D01-1-1", *MARCH, "--status", "已完成")
    for _ in range(2):
        assert office(*milestone, "--attach", photo)[0] == 0
    kept = [path.name for path in (tmp_path / "office" / "attachments").iterdir()]
    assert kept == [hashlib.sha256(b"photo").hexdigest()]
    assert office(*milestone, "--attach", empty, json_too=False)[0] == 2
    assert office(*milestone, "--attach", tmp_path / "missing", json_too=False)[0] == 2
    assert office("verify")[1]["ok"]
    (tmp_path / "office" / "attachments" / kept[0]).unlink()
    code, verdict, _ = office("verify")
    assert (code, verdict["problems"]) == (1, ["附件：缺少文件“照片.jpg”"])


def test_evidence_that_others_can_not_open_is_taken_with_a_hint(office, tmp_path):
    files = [tmp_path / name for name in ("会场.HEIC", "方案.docm", "照片.jpg")]
    for file in files:
        file.write_bytes(b"content")
    attached = [part for file in files for part in ("--attach", file)]
    code, _, told = office(
        "record", "milestone", "D01-1-1", *MARCH, "--status", "已完成", *attached
    )
    assert code == 0
    assert "“会场.HEIC”是手机的 HEIC 照片" in told
    assert "另存为 .docx" in told
    assert "照片.jpg" not in told


def test_letters_are_numbered_in_turn_and_a_failed_one_takes_no_number(office, tmp_path):
    office("record", "value", "I04-6", *MARCH, "--value", "0", *SCJG)
    letter = ("report", "letter", *SCJG, *MARCH, "--out")
    assert office(*letter, tmp_path / "1.docx")[0] == 0
    assert office(*letter, tmp_path, json_too=False)[0] == 2
    assert office(*letter, tmp_path / "2.docx")[0] == 0
    texts = ["".join(p.text for p in Document(tmp_path / f"{n}.docx").paragraphs) for n in (1, 2)]
    assert "〔2026〕1号" in texts[0]
    assert "〔2026〕2号" in texts[1]


def test_text_output_reads_well(office):
    for command in (
        ("status",),
        ("plan", "show"),
        ("units",),
        ("conflicts",),
        ("verify",),
        ("ledger", "list"),
    ):
        code, out, _ = office(*command, json_too=False)
        assert code == 0
        assert out


@pytest.mark.parametrize(("arguments", "window"), [
    ([], True), (["--workspace", "x"], True), (["--workspace=x"], True),
    (["--workspace", "x", "status"], False), (["status"], False), (["--help"], False),
])  # fmt: skip
def test_the_window_opens_when_no_command_is_named(arguments, window):
    assert wants_window(arguments) is window


def test_an_update_is_made_by_the_office_and_checked_by_everybody(office, call, tmp_path):
    installer = tmp_path / "fsdesk_9.1.0_amd64.deb"
    installer.write_bytes(b"newer")
    packet = tmp_path / "更新包.fsupdate"
    code, made, _ = office("update", "make", installer, "--out", packet)
    assert (code, made["version"]) == (0, "9.1.0")
    assert call("init", "--role", "unit", "--unit", "区卫健局", at="unit")[0] == 0
    code, _, words = call("update", "check", packet, at="unit")  # it knows no key of the office
    assert code == 2
    assert "不是已登记的区食药安办密钥" in words


def test_doubtful_data_are_listed_and_written(office, tmp_path):
    for month, number in enumerate((100, 110, 330), 1):
        period = ("--period", f"2026-{month:02d}")
        office("record", "value", "I04-3", "--value", number, *period, *SCJG)
    code, found, _ = office("quality", *MARCH)
    assert (code, found["count"]) == (0, 1)
    (group,) = found["groups"]
    assert (group["rule"], group["by_unit"]) == ("running", {"scjg": 1})
    assert (group["first"][0]["item"], group["first"][0]["period"]) == ("I04-3", "2026-03")
    assert "不小于以前各期合计 210" in group["first"][0]["message"]
    _, lines, said = office("quality", *MARCH, json_too=False)
    assert "累计数填成本期数\t1 处" in lines
    assert "发现 1 处" in said
    _, written, _ = office("quality", *MARCH, "--out", tmp_path / "清单.xlsx")
    assert written["count"] == 1
