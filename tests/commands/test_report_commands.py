"""`report …`: one output for each call; the ending picks the format."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from docx import Document
from pypdf import PdfReader

from fsdesk.commands import opening
from fsdesk.commands.parser import build_parser
from fsdesk.commands.run import run
from fsdesk.domain.output.kinds import Form, kinds_of
from fsdesk.places import project_file
from fsdesk.workspace import open_workspace

pytestmark = pytest.mark.slow
CHARTS = [each.kind for each in kinds_of(Form.CHART)]
TABLES = [each.kind for each in kinds_of(Form.TABLE)][:5]

SEPTEMBER = ("--period", "2026-09")


@pytest.fixture
def report(capsys, tmp_path):
    """Run a command on an office's workspace; give exit code, JSON and messages."""
    base = ["--workspace", str(tmp_path / "office")]
    assert run([*base, "init", "--role", "office", "--year", "2026"]) == 0
    capsys.readouterr()

    def run_it(*arguments):
        code = run([*base, *map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run_it


@pytest.mark.parametrize("kind", [kind for kind in CHARTS if kind != "years"])
def test_each_chart_has_a_command(report, tmp_path, kind):
    file = tmp_path / "图.png"
    code, made, _ = report("report", "chart", "--kind", kind, *SEPTEMBER, "--out", file)
    assert (code, made) == (0, {"file": str(file), "pages": 1})
    assert file.read_bytes().startswith(b"\x89PNG")


def test_the_trend_takes_an_indicator(report, tmp_path):
    chart = ("report", "chart", "--kind", "trend", *SEPTEMBER, "--out", tmp_path / "a.svg")
    assert report(*chart, "--item", "食品监督抽检批次")[0] == 0
    code, _, err = report(*chart, "--item", "没有的指标")
    assert code == 2
    assert "没有指标" in err


def test_last_year_is_asked_for_where_it_is_missing(report, tmp_path):
    chart = ("report", "chart", "--kind", "years", *SEPTEMBER, "--out", tmp_path / "a.png")
    code, _, err = report(*chart)
    assert code == 2
    assert "2025年度" in err
    assert not (tmp_path / "a.png").exists()


def test_the_command_offers_every_chart_that_there_is():
    options = build_parser().parse_args(["report", "chart", "--out", "a.png", "--kind", "years"])
    assert options.kind == "years"
    for kind in CHARTS:
        build_parser().parse_args(["report", "chart", "--out", "a.png", "--kind", kind])


def test_a_table_takes_columns_paper_and_names_and_keeps_them(report, tmp_path):
    first, again = tmp_path / "a.pdf", tmp_path / "b.pdf"
    table = ("report", "table", "--kind", "breakdown", *SEPTEMBER, "--out")
    chosen = (
        "--columns",
        "编码，任务、配合单位",
        "--paper",
        "A3",
        "--upright",
        "--preparer",
        "张三",
    )
    code, _, _ = report(*table, first, *chosen, "--save-layout", "分工")
    assert code == 0
    text = PdfReader(first).pages[-1].extract_text()
    assert "制表：张三" in text
    assert "工作要求" not in text
    assert report(*table, again, "--layout", "分工")[0] == 0
    assert again.read_bytes() == first.read_bytes()
    code, _, err = report(*table, again, "--layout", "没有")
    assert (code, "已保存的版式：分工" in err) == (2, True)


def test_the_command_offers_every_table_that_there_is():
    for kind in TABLES:
        build_parser().parse_args(["report", "table", "--out", "a.pdf", "--kind", kind])


def test_the_bulletin_is_written_and_its_template_can_be_changed(report, tmp_path):
    file = tmp_path / "通报.docx"
    bulletin = ("report", "bulletin", *SEPTEMBER, "--out", file)
    code, made, _ = report(*bulletin, "--issue", "12")
    # How many pages it has only the program that opens it can tell.
    assert (code, made) == (0, {"file": str(file), "pages": None})
    assert "第12期" in [paragraph.text for paragraph in Document(file).paragraphs]
    code, _, err = report(*bulletin, "--template", file.with_name("没有.docx"))
    assert (code, "不能读取" in err) == (2, True)
    template = file.with_name("模板.docx")
    template.write_bytes(project_file("resources/templates/bulletin.docx").read_bytes())
    assert report(*bulletin, "--template", template)[0] == 0


def test_the_page_for_leaders_is_written_on_both_papers(report, tmp_path):
    for paper, width in (("A4", 595), ("A3", 842)):
        file = tmp_path / f"{paper}.pdf"
        code, made, _ = report("report", "poster", *SEPTEMBER, "--paper", paper, "--out", file)
        assert (code, made["pages"]) == (0, 1)
        assert round(float(PdfReader(file).pages[0].mediabox.width)) == width


def test_the_pack_for_inspections_is_written_and_checked(report, tmp_path):
    folder = tmp_path / "迎检台账"
    code, made, _ = report("report", "inspection", *SEPTEMBER, "--out", folder)
    assert (code, made) == (0, {"file": str(folder), "pages": None})
    check = ("report", "inspection", "--check", folder)
    assert report(*check)[:2] == (0, {"ok": True, "problems": []})
    (folder / "目录.pdf").unlink()
    assert report(*check)[:2] == (1, {"ok": False, "problems": ["缺少：目录.pdf"]})


def test_the_rows_of_a_ledger_are_a_table(report, tmp_path):
    table = ("report", "table", "--kind", "ledger", *SEPTEMBER, "--out", tmp_path / "a.pdf")
    assert report(*table, "--item", "监督抽检")[0] == 0
    assert "监督抽检台账明细" in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    code, _, err = report(*table)
    assert (code, "可用的台账" in err) == (2, True)


# Publishing


def test_a_month_is_published_listed_compared_and_revoked_by_commands(report):
    code, made, _ = report("publish", *SEPTEMBER, "--occasion", "工作通报第9期")
    assert code == 0
    assert set(made) == {"period", "at", "who", "occasion"}
    assert report("publish", "--list")[1] == [made]
    assert report("status", *SEPTEMBER)[1]["published"] == made
    assert report("status", *SEPTEMBER, "--now")[1]["published"] is None
    assert report("publish", *SEPTEMBER, "--differences")[1] == []
    record = ("record", "value", "食品监督抽检批次", *SEPTEMBER, "--unit", "区市场监管局")
    assert report(*record, "--value", "9")[0] == 0
    found = report("publish", *SEPTEMBER, "--differences")[1]
    assert all(set(each) == {"what", "name", "published", "now", "causes"} for each in found)
    assert any(each["name"] == "食品监督抽检批次" and each["causes"] for each in found)
    assert report("publish", *SEPTEMBER, "--revoke")[:2] == (0, None)
    code, _, err = report("publish", *SEPTEMBER, "--revoke")
    assert code == 2
    assert "没有发布过" in err


def test_the_bulletin_publishes_its_month_when_it_is_told_to(report, tmp_path):
    told = ("report", "bulletin", *SEPTEMBER, "--out", tmp_path / "a.docx")
    assert report(*told)[0] == 0
    assert report("publish", "--list")[1] == []
    assert report(*told, "--publish")[0] == 0
    assert [each["occasion"] for each in report("publish", "--list")[1]] == ["工作通报第9期"]


def in_november(folder, url=None, *, write=True):
    """Open a workspace as it is before the year has ended."""
    return open_workspace(
        folder, url, write=write, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC)
    )


def test_a_month_that_is_not_over_is_not_published(report, monkeypatch):
    monkeypatch.setattr(opening, "open_workspace", in_november)
    code, _, err = report("publish", "--period", "2026-12")
    assert code == 2
    assert "还没有结束" in err
