"""The benchmarks do what they measure: the real window, the real store."""

from __future__ import annotations

from collections import Counter

import pytest
from python_calamine import CalamineWorkbook

from fsdesk.bench import cluster
from fsdesk.bench.charts import CHARTS, measure_charts
from fsdesk.bench.city import measure_city
from fsdesk.bench.documents import measure_documents
from fsdesk.bench.latency import measure_latency
from fsdesk.bench.ledgers import measure_ledgers
from fsdesk.bench.packets import YEAR, benchmark_plan
from fsdesk.bench.readings import measure_readings
from fsdesk.bench.server import measure_districts, measure_imports, measure_pages, own_server
from fsdesk.bench.starting import measure_window
from fsdesk.bench.writing import measure_writing
from fsdesk.commands.run import run
from fsdesk.domain.periods import months_of
from fsdesk.domain.steps import run_through
from fsdesk.services.care import setup
from fsdesk.services.ledger import ledgers
from fsdesk.services.packet import history
from fsdesk.services.supervision import supervision
from fsdesk.workspace import open_workspace


@pytest.mark.slow
def test_every_task_of_the_benchmark_is_done(tmp_path):
    found = measure_latency(tmp_path, packets=2, rows=3, switches=2)

    assert {"first_plan_ms", "import_ms", "charts_ms", "switches_ms"} <= set(found)
    with open_workspace(tmp_path / "latency-office") as office:
        assert len(history.history(office)) == 2


@pytest.mark.slow
def test_the_window_with_data_is_measured_beside_a_bare_one(tmp_path):
    setup.create_office(tmp_path / "office", benchmark_plan(1)).close()
    found = measure_window(tmp_path / "office", rounds=1)

    assert 0 < found["bare_seconds"] < found["window_figures_seconds"] < found["window_seconds"]
    # Qt and matplotlib, and not much more; the window holds less than twice of that.
    assert 50 < found["bare_resident_mb"] < found["window_resident_mb"]
    assert found["ratio_resident"] < 2
    with open_workspace(tmp_path / "office"):
        pass  # the window gave it back


@pytest.mark.slow
def test_ledgers_are_measured_beside_the_peers(tmp_path):
    found = measure_ledgers(tmp_path, rows=5000)

    assert found["ratio_to_sqlite3_group_by"] > 0
    with open_workspace(tmp_path / "ledger-office") as office:
        rows, _sums = ledgers.summary(office, "sampling")
        assert rows == 5000


@pytest.mark.slow
def test_forms_and_exports_are_measured_beside_the_peers(tmp_path):
    found = measure_writing(tmp_path, rows=5000, rounds=1)

    assert found["ratio_to_xlsxwriter"] > 0
    assert found["ratio_to_openpyxl"] > 0
    # A process that holds Python and the program, and not much more.
    assert 20 < found["export_peak_mb"] < 1000
    ledger = CalamineWorkbook.from_path(tmp_path / "export.xlsx").get_sheet_by_index(0)
    assert len(ledger.to_python()) == 1 + 5000


@pytest.mark.slow
def test_the_time_to_read_a_document_grows_as_its_length():
    found = measure_documents(sizes=(20_000, 80_000))

    assert found["growth"] < 2


@pytest.mark.slow
def test_every_chart_is_measured_beside_bare_calls():
    found = measure_charts(rounds=1)

    slowest = max(found[kind] for kind in CHARTS)
    assert found.pop("ratio_of_slowest_to_bare_grid") == slowest / found["bare_grid"]
    assert set(found) == {*CHARTS, "bare_bars", "bare_grid"}


@pytest.mark.slow
def test_pages_are_measured_beside_a_bare_reading_and_a_second_opening_costs_little(tmp_path):
    found = measure_readings(tmp_path, sizes=(2, 4), rounds=1)

    pages = ("overview", "status", "case_desk", "assessment", "trend")
    assert {f"4_{page}_first" for page in pages} < set(found)
    assert all(found[f"4_{page}_second"] < found[f"4_{page}_first"] / 3 for page in pages)
    assert all(found[f"growth_{page}"] > 0 for page in pages)
    with open_workspace(tmp_path / "4-units") as office:
        desk = supervision.case_desk(office, months_of(YEAR)[-1])
        lagging = Counter(each.unit for each in desk.lagging)
        assert lagging["u000"] > lagging["u001"] > 0


@pytest.mark.slow
def test_reports_that_climb_are_measured_and_added_up_a_second_time(tmp_path):
    found = run_through(measure_city(tmp_path, [1], units=1, months=1))

    assert found["districts_1"]["packets"] == 3  # of the unit, the district and the city
    assert found["districts_1"]["differences"] == 0
    assert found["districts_1"]["per_packet"] > 0


@pytest.mark.postgres
@pytest.mark.slow
def test_a_server_of_its_own_is_measured():
    with own_server() as (server, place):
        pages = measure_pages(server, place, units=2, rounds=1)
        taken = measure_imports(server, place, 3, importers=(1, 2))
        side_by_side = measure_districts(server, place, sizes=(2, 3), rows=(50, 20))
        copied = server.ask("SELECT count(*) FROM district_002.ledger_entry", "districts")
    assert {"status_server", "status_folder", "status_ratio", "bare_server"} <= set(pages)
    assert pages["status_statements"] < 40  # each is a round trip, however many units there are
    assert set(taken) == {"packets", "folder", "server_1", "server_2"}
    assert {"2_ranking", "3_ranking", "3_views"} <= set(side_by_side)
    assert copied == "50"


def test_without_a_server_to_start_that_is_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(cluster, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["bench", "--server"]) == 2
    assert "没有安装 PostgreSQL" in capsys.readouterr().err
