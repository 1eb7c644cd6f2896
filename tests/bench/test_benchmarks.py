"""The benchmarks do what they measure: the real window, the real store."""

from __future__ import annotations

import pytest

from fsdesk.bench.charts import measure_charts
from fsdesk.bench.latency import measure_latency
from fsdesk.bench.ledgers import measure_ledgers
from fsdesk.services.ledger import ledgers
from fsdesk.services.output import charts
from fsdesk.services.packet import exchange
from fsdesk.workspace import open_workspace


@pytest.mark.slow
def test_every_task_of_the_benchmark_is_done(tmp_path):
    found = measure_latency(tmp_path, packets=2, rows=3, switches=2)

    assert {"first_plan_ms", "import_ms", "charts_ms", "switches_ms"} <= set(found)
    with open_workspace(tmp_path / "latency-office") as office:
        assert len(exchange.history(office)) == 2


@pytest.mark.slow
def test_ledgers_are_measured_beside_the_peers(tmp_path):
    found = measure_ledgers(tmp_path, rows=5000)

    assert found["ratio_to_sqlite3_group_by"] > 0
    with open_workspace(tmp_path / "ledger-office") as office:
        rows, _sums = ledgers.summary(office, "sampling")
        assert rows == 5000


@pytest.mark.slow
def test_every_chart_is_measured_beside_bare_calls():
    found = measure_charts(rounds=1)

    slowest = max(found[kind] for kind in charts.CHARTS)
    assert found.pop("ratio_of_slowest_to_bare_grid") == slowest / found["bare_grid"]
    assert set(found) == {*charts.CHARTS, "bare_bars", "bare_grid"}
