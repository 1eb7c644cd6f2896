from __future__ import annotations

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError, WorkspaceError
from fsdesk.domain.output.kinds import Form, kinds_of
from fsdesk.domain.periods import Period, date_text
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.services.care import setup
from fsdesk.services.output import charts, reporting
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.store.plan import plans
from fsdesk.store.records import records
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import MARCH, Clock, import_files, rows_of

CHARTS = [each.kind for each in kinds_of(Form.CHART) if each.kind != "years"]


def save(workspace, period, item, unit="scj", **fields):
    key = RecordKey(RecordKind.VALUE, item, unit, str(period))
    recording.save(workspace, key, DataValue(**fields))


@pytest.fixture
def filled(office):
    for month, value in ((1, 90.0), (2, 110.0), (3, 100.0)):
        save(office, Period.month(2026, month), "I01-1", value=value)
    return office


@pytest.mark.parametrize(
    "kind", [each.kind for each in kinds_of(Form.CHART) if each.kind != "years"]
)
def test_every_chart_is_drawn_from_the_workspace(filled, tmp_path, kind):
    found = charts.numbers(filled, kind, MARCH)
    drawing = charts.drawn(found, (800, 500))
    assert drawing.spots
    charts.write(found, tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")


def test_the_trend_of_an_indicator_is_found_by_its_name(filled):
    trend = charts.numbers(filled, "trend", MARCH, "抽检批次").trend
    assert trend.values == (90, 200, 300)
    assert trend.forecast.expected == 1200
    with pytest.raises(InputRejectedError, match="没有指标"):
        charts.numbers(filled, "trend", MARCH, "没有的")


def test_the_trend_of_the_whole_year_ends_at_the_progress_of_the_status(filled):
    found = charts.numbers(filled, "trend", MARCH)
    assert found.trend.values[-1] == found.status.progress * 100


def test_reports_are_on_time_late_returned_or_missing(office, unit, tmp_path, clock):
    save(unit, MARCH, "I01-1", value=1.0)
    exchange.export_report(unit, MARCH, tmp_path / "r.xlsx")
    import_files(office, tmp_path / "r.xlsx")
    found = charts.numbers(office, "completeness", MARCH)
    assert found.states["scj", "2026-03"] == "on_time"
    assert found.states["fgj", "2026-03"] == "missing"
    assert ("scj", "2026-04") not in found.states


def test_the_table_of_reports_counts_what_the_chart_shows(office, unit, tmp_path):
    save(unit, MARCH, "I01-1", value=1.0)
    exchange.export_report(unit, MARCH, tmp_path / "r.xlsx")
    import_files(office, tmp_path / "r.xlsx")
    reporting.write_table(office, "reports", MARCH, tmp_path / "t.xlsx")
    sheet = load_workbook(tmp_path / "t.xlsx").active
    rows = {row[1]: row for row in sheet.iter_rows(values_only=True) if row[1]}
    assert rows["区市场监管局"][2:6] == ("■未报", "■未报", "●按时", None)
    assert rows["区市场监管局"][14:17] == (3, 1, 1)
    assert rows["区市场监管局"][17] == pytest.approx(1 / 3)
    assert rows["区发改局(农业农村局)"][14:19] == (3, 0, 0, 0, 0)


def test_without_last_year_there_is_no_comparison_and_it_is_not_offered(filled):
    assert "years" not in charts.available(filled, MARCH)
    with pytest.raises(InputRejectedError, match="2025年度可比的数据"):
        charts.numbers(filled, "years", MARCH)


def test_last_year_is_compared_at_the_same_month(filled):
    with filled.writing() as writing:
        plans.save_plan(writing, replace(small_plan(), year=2025))
        for month, value in ((2, 240.0), (4, 999.0)):
            key = RecordKey(RecordKind.VALUE, "I01-1", "scj", f"2025-{month:02d}")
            records.record_content(writing, key, DataValue(value=value))
    assert "years" in charts.available(filled, MARCH)
    found = charts.numbers(filled, "years", MARCH)
    then = found.before.indicators[0]
    assert (then.figure.value, then.pace) == (240, 0.25)
    assert "+25.0%" in charts.drawn(found, (1000, 600)).spots[0][1].words


@pytest.fixture
def earlier(tmp_path):
    """Last year's own workspace, with a figure of March."""
    folder = tmp_path / "2025"
    plan = replace(small_plan(), year=2025)
    with setup.create_office(folder, plan, clock=Clock("2025-04-02T01:00:00+00:00")) as made:
        save(made, Period.month(2025, 3), "I01-1", value=150.0)
    return folder


def test_last_year_may_lie_in_a_workspace_of_its_own_which_is_only_read(filled, earlier):
    with open_workspace(earlier, write=False) as workspace:
        before = rows_of(workspace)
    found = charts.numbers(filled, "years", MARCH, earlier=earlier)
    assert found.before.indicators[0].figure.value == 150
    with open_workspace(earlier, write=False) as workspace:
        assert rows_of(workspace) == before


def test_a_folder_without_last_year_is_refused(filled, earlier, tmp_path):
    with pytest.raises(WorkspaceError):
        charts.numbers(filled, "years", MARCH, earlier=tmp_path / "nothing")
    with pytest.raises(InputRejectedError, match="2025年度"):
        charts.numbers(filled, "years", MARCH, earlier=filled.folder)


def test_a_saved_chart_says_in_the_picture_whose_it_is_and_what_it_rests_on(filled, unit, tmp_path):
    for workspace, kind, words in (
        (filled, "units", ("各单位报送，报告期2026年3月，覆盖0/3个单位", "制图：区食药安办")),
        (unit, "indicators", ("本单位填报，报告期2026年3月，覆盖", "制图：区市场监管局")),
    ):
        file = tmp_path / f"{kind}.pdf"
        assert charts.write(charts.numbers(workspace, kind, MARCH), file) == 1
        said = PdfReader(file).pages[0].extract_text().replace("\n", "")
        for each in (*words, date_text(workspace.clock().astimezone().date())):
            assert each in said
        assert PdfReader(file).metadata.title


def test_another_ending_is_refused(filled, tmp_path):
    with pytest.raises(InputRejectedError, match="\\.png、\\.svg 或 \\.pdf"):
        charts.write(charts.numbers(filled, "units", MARCH), tmp_path / "图.gif")
    assert not list(tmp_path.glob("图*"))


def test_another_kind_is_refused_by_name(filled):
    with pytest.raises(InputRejectedError, match="没有名为“pie”的图"):
        charts.numbers(filled, "pie", MARCH)
