"""The demo year: every file opens, and every figure in it is that of `status`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from docx import Document
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from fsdesk.commands.run import run
from fsdesk.demo.demo import make_demo
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.records.figures import Mark
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind, LetterState
from fsdesk.services import as_json
from fsdesk.services.status import aggregation, published
from fsdesk.services.supervision import follow_up
from fsdesk.workspace import open_workspace
from tests.office import write_again

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def demo(demo_year):
    return demo_year


def after_the_year():
    return datetime(2027, 1, 11, 1, tzinfo=UTC)


@pytest.fixture
def status(demo):
    """December as the office sees it when the year is over, whatever day it is here."""
    with open_workspace(demo / "office", write=False, clock=after_the_year) as office:
        judged = aggregation.status(office, Period.parse("2026-12"))
        return json.loads(json.dumps(as_json.status_json(judged)))


def test_every_unit_has_a_workspace_and_nearly_every_month_a_packet(demo):
    assert len(list((demo / "units").iterdir())) == 18
    assert len(list((demo / "packets" / "下发").glob("*.xlsx"))) == 18
    # From July on one unit reports as part of another.
    assert len(list((demo / "packets").glob("2026-*/*.xlsx"))) == 18 * 6 + 17 * 6 - 2
    assert (demo / "说明.txt").read_text(encoding="utf-8").startswith("食药安工作台演示")


def test_the_year_is_believable(status):
    assert 0.8 < status["progress"] < 1.0
    assert status["reporting_rate"] == 1.0
    lights = {unit["name"]: unit["light"] for unit in status["units"]}
    # Standing work goes on there as elsewhere; what it should have reached lags.
    assert lights["区民政局"] == "yellow"
    slow = min(status["units"], key=lambda unit: unit["progress"])
    assert slow["name"] == "区民政局"
    assert all(indicator["value"] is not None for indicator in status["indicators"])


def test_late_and_missing_reports_show(demo, capsys):
    run(["--workspace", str(demo / "office"), "status", "--period", "2026-04", "--json"])
    april = json.loads(capsys.readouterr().out)
    run(["--workspace", str(demo / "office"), "status", "--period", "2026-05", "--json"])
    may = json.loads(capsys.readouterr().out)
    assert (april["reporting_rate"], april["timeliness"]) == (1.0, pytest.approx(17 / 18))
    assert may["reporting_rate"] == pytest.approx(17 / 18)


def test_a_unit_that_was_merged_owes_nothing_more_and_what_it_reported_still_counts(demo):
    with open_workspace(demo / "office", write=False, clock=after_the_year) as office:
        june, july = (aggregation.status_now(office, Period.parse(f"2026-0{n}")) for n in (6, 7))
        reports = aggregation.reports_of(office, Period.parse("2026-07"))
    assert "kjj" in june.units_by_code
    assert "kjj" not in july.units_by_code
    assert "kjj" not in {report.unit for report in reports}
    assert july.reporting_rate == 1.0
    taken_over = next(d for d in july.deliverables if Mark.INHERITED in d.marks)
    assert "jxj" in taken_over.by_unit


def test_a_target_that_was_raised_in_september_leaves_the_months_before(demo):
    with open_workspace(demo / "office", write=False, clock=after_the_year) as office:
        months = aggregation.statuses(office, months_of(2026))
    targets = [
        next(i for i in month.indicators if i.indicator.code == "I04-6").indicator.target
        for month in months
    ]
    assert targets == [100.0] * 8 + [110.0] * 4


def test_a_published_month_that_was_corrected_tells_both(demo):
    june = Period.parse("2026-06")
    with open_workspace(demo / "office", write=False, clock=after_the_year) as office:
        (changed,) = [
            line for line in published.differences(office, june)
            if (line.what, line.name) == ("指标", "食品监督抽检批次")
        ]  # fmt: skip
    assert changed.causes


def test_workspaces_are_whole(demo):
    assert run(["--workspace", str(demo / "office"), "verify"]) == 0
    assert run(["--workspace", str(demo / "units" / "区民政局"), "verify"]) == 0


def test_the_summary_file_is_the_status(demo, status):
    file = demo / "outputs" / "汇总情况-2026-12.json"
    assert json.loads(file.read_text(encoding="utf-8")) == status


def test_the_tables_show_the_figures_of_the_status(demo, status):
    table = load_workbook(demo / "outputs" / "指标完成情况表-2026-12.xlsx").active
    cells = [[cell.value for cell in row] for row in table.iter_rows()]
    text = PdfReader(demo / "outputs" / "指标完成情况表-2026-12.pdf")
    words = "".join(page.extract_text() for page in text.pages)
    for indicator in status["indicators"]:
        row = next(row for row in cells if indicator["code"] in row)
        numbers = [value for value in row if isinstance(value, int | float)]
        assert any(abs(n - indicator["attainment"]) < 1e-9 for n in numbers), indicator["name"]
        assert f"{indicator['attainment'] * 100:.1f}".rstrip("0").rstrip(".") in words


def test_pictures_and_letters_open(demo):
    outputs = demo / "outputs"
    for picture in outputs.glob("*.png"):
        with Image.open(picture) as opened:
            assert opened.size[0] > 800
    for drawing in outputs.glob("*.svg"):
        assert "<svg" in drawing.read_text(encoding="utf-8")
    letter = next((outputs / "督办函件").glob("区民政局-食药安办提醒*.docx"))
    text = "\n".join(p.text for p in Document(letter).paragraphs)
    assert "区民政局" in text
    assert "提醒敦促函" in text
    assert PdfReader(letter.with_suffix(".pdf")).pages


def test_the_letters_of_the_year_are_of_every_kind_and_came_to_different_ends(demo):
    with open_workspace(demo / "office", write=False) as office:
        letters = [notice.letter for notice in follow_up.register(office)]
    assert {letter.kind for letter in letters} == set(LetterKind)
    assert {letter.state for letter in letters} >= {
        LetterState.ISSUED, LetterState.CLOSED, LetterState.ESCALATED
    }  # fmt: skip
    assert any(letter.wanted_answer for letter in letters)
    assert any(letter.ruling for letter in letters)
    assert all(letter.issued_on.year == 2026 for letter in letters)


def test_a_demo_is_made_again_in_its_place_but_never_over_something_else(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(InputRejectedError, match="不是空的"):
        run_through(make_demo(tmp_path))
    assert (tmp_path / "mine.txt").read_text() == "x"


@pytest.mark.foreign("soffice")
def test_packets_tables_and_letters_open_in_libreoffice(demo, tmp_path):
    outputs = demo / "outputs"
    files = [
        outputs / "进展情况表-2026-12.xlsx",
        next((demo / "packets" / "下发").glob("*区民政局*")),
        next((demo / "packets" / "2026-12").glob("*区民政局*")),
        next(outputs.glob("督办函件/*.docx")),
    ]
    write_again("pdf", tmp_path / "pdf", *files)
    made = list((tmp_path / "pdf").glob("*.pdf"))
    assert len(made) == len(files)
    assert all(len(PdfReader(file).pages) for file in made)
