"""The benchmark of the event loop drives the real window from start to end."""

from __future__ import annotations

import pytest

from fsdesk.services import exchange
from fsdesk.services.latency_benchmark import measure_latency
from fsdesk.workspace import open_workspace


@pytest.mark.slow
def test_every_task_of_the_benchmark_is_done(tmp_path):
    found = measure_latency(tmp_path, packets=2, rows=3, switches=2)

    assert {"first_plan_ms", "import_ms", "charts_ms", "switches_ms"} <= set(found)
    with open_workspace(tmp_path / "latency-office") as office:
        assert len(exchange.history(office)) == 2
