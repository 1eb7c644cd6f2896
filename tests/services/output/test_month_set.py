"""The month's outputs in one folder: for each role its own, none lost in silence."""

from __future__ import annotations

import json

import pytest
from pypdf import PdfReader

from fsdesk.commands.run import run as run_command
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.steps import run_through
from fsdesk.services.output import month_set, outputs
from fsdesk.services.output.month_set import LIST, Part
from fsdesk.services.output.outputs import Chosen, Form
from tests.workspaces import MARCH

pytestmark = pytest.mark.slow


def steps(workspace, out):
    return outputs.find(Form.SET).save(workspace, MARCH, Chosen(), out)


@pytest.mark.parametrize("role", ["office", "unit"])
def test_a_role_gets_its_own_set_with_a_list_of_it(office, unit, tmp_path, role):
    workspace = {"office": office, "unit": unit}[role]
    made = run_through(steps(workspace, tmp_path / "set"))
    there = sorted(each.name for each in made.folder.iterdir())
    assert there == sorted([LIST, *made.written])
    assert not made.missing
    kinds = [kind.title for kind, _ in month_set.contents(office=role == "office")]
    kinds.remove("同比图")  # a first year has nothing to be compared with
    stems = list(dict.fromkeys(name.partition(".")[0] for name in there[1:]))
    assert stems == [f"{number:02}-{title}" for number, title in enumerate(kinds, start=1)]
    assert ("工作通报" in kinds) == (role == "office")
    said = (made.folder / LIST).read_text(encoding="utf-8-sig")
    assert "制作：" + ("区食药安办" if role == "office" else "区市场监管局") in said
    assert all(name in said for name in made.written)
    for pdf in made.folder.glob("*.pdf"):
        assert PdfReader(pdf).metadata.title


def test_what_fails_is_told_with_its_reason_and_stops_nothing_else(office, tmp_path):
    def fail(file):
        file.write_bytes(b"half")
        raise ValueError("broken")

    parts = [Part("01-甲.pdf", fail), Part("02-乙.pdf", lambda file: file.write_bytes(b"whole"))]
    made = run_through(month_set.write_set(office, MARCH, tmp_path / "set", parts))
    assert made.written == ("02-乙.pdf",)
    (missing,) = made.missing
    assert missing.why
    assert not (made.folder / "01-甲.pdf").exists()
    said = (made.folder / LIST).read_text(encoding="utf-8-sig")
    assert f"以下没有生成：\n01-甲.pdf：{missing.why}" in said.replace("\r\n", "\n")


def test_cut_short_it_leaves_nothing(office, tmp_path):
    work = steps(office, tmp_path / "set")
    told = [next(work).message, next(work).message]
    work.close()
    assert told[0] == "正在生成01-工作通报.docx"
    assert list(tmp_path.glob("set*")) == []


def test_a_folder_with_something_in_it_is_refused_and_another_is_proposed(office, tmp_path):
    folder = tmp_path / "2026年3月材料"
    folder.mkdir()
    (folder / "own.txt").write_text("mine")
    with pytest.raises(InputRejectedError, match="已存在"):
        run_through(steps(office, folder))
    assert [each.name for each in folder.iterdir()] == ["own.txt"]
    assert month_set.free_folder(tmp_path, MARCH).name == "2026年3月材料-2"


def test_the_command_writes_the_same_set(unit, tmp_path, capsys):
    where = ["--workspace", str(unit.folder)]
    out = tmp_path / "set"
    assert (
        run_command([*where, "report", "set", "--period", "2026-03", "--out", str(out), "--json"])
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["missing"] == []
    assert sorted(each.name for each in out.iterdir()) == sorted([LIST, *told["files"]])
