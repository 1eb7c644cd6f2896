"""The project's own benchmark: figures beside peers that run at the same time, as ratios."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.bench.charts import measure_charts
from fsdesk.bench.latency import measure_latency
from fsdesk.bench.ledgers import measure_ledgers
from fsdesk.bench.packets import YEAR, benchmark_plan, write_packets
from fsdesk.domain.findings import reject
from fsdesk.domain.periods import months_of
from fsdesk.domain.steps import Progress, run_through
from fsdesk.places import project_file
from fsdesk.services.care import setup
from fsdesk.services.packet import importing
from fsdesk.services.packet.importing import Result
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from collections.abc import Generator

    from fsdesk.workspace import Workspace

_STARTS = 7
_ROUNDS, _FEW = 3, 100
# What only reads the cells of a packet, and the module that it needs.
_READERS = {"openpyxl": "openpyxl", "calamine": "python_calamine", "pandas": "pandas"}
Figures = dict[str, dict[str, float]]


def measure(packets: int, ledger_rows: int = 0) -> Generator[Progress, None, Figures]:
    """Measure start, import and aggregation.

    Peers are started in turn with what is measured, and the median counts.

    Args:
        packets: How many packets are imported.
        ledger_rows: How many rows of a ledger each of them carries.

    Yields:
        How far it is.

    Returns:
        Seconds and ratios by what was measured.

    Raises:
        InputRejectedError: In the packaged program, which has no Python to run the peers with.
    """
    if getattr(sys, "frozen", False):
        raise reject("安装版不能运行性能测量", "请在源码目录中用“python main.py bench”运行")
    figures: Figures = {}
    yield Progress(0, 6, "正在测量启动")
    with tempfile.TemporaryDirectory() as scratch:
        figures["start"] = _measure_start(Path(scratch))
        yield Progress(1, 6, "正在准备报送包，测量导入")
        figures["import"] = _measure_import(Path(scratch), packets, ledger_rows)
        yield Progress(2, 6, "正在测量汇总")
        figures["status"] = _measure_status(Path(scratch) / "office-0")
        yield Progress(3, 6, "正在测量窗口的反应")
        figures["latency"] = measure_latency(Path(scratch))
        yield Progress(4, 6, "正在测量台账")
        figures["ledgers"] = measure_ledgers(Path(scratch))
    yield Progress(5, 6, "正在测量画图")
    figures["charts"] = measure_charts()
    yield Progress(6, 6, "测量完成")
    return figures


def _measure_start(scratch: Path) -> dict[str, float]:
    """Time from starting the process to the first painting of its window."""
    ours: list[float] = []
    bare: list[float] = []
    for number in range(_STARTS):
        bare.append(_until_painted("bare_window.py"))
        ours.append(_until_painted("our_window.py", str(scratch / f"start-{number}")))
    mine, peer = statistics.median(ours), statistics.median(bare)
    return {"first_paint": mine, "bare_window": peer, "ratio": mine / peer}


def _until_painted(script: str, *arguments: str) -> float:
    environment = dict(os.environ, PYTHONPATH=str(project_file(".")))
    if sys.platform.startswith("linux") and not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    # What users start has its modules compiled.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own script, run by our own interpreter
        [sys.executable, str(project_file(f"resources/bench/{script}")), *arguments],
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        if process.stdout is not None:
            process.stdout.readline()
        return time.perf_counter() - begun


def _measure_import(scratch: Path, packets: int, ledger_rows: int) -> dict[str, float]:
    """Time the whole import, and in turn with it peers that only read the cells."""
    plan = benchmark_plan(packets)
    files = list(write_packets(plan, packets, scratch / "packets", ledger_rows))
    peers = [name for name, module in _READERS.items() if importlib.util.find_spec(module)]
    times: dict[str, list[float]] = defaultdict(list)
    for number in range(_ROUNDS if packets <= _FEW else 1):
        for peer in peers:
            times[peer].append(_seconds_of(f"read_{peer}.py", files))
        with setup.create_office(scratch / f"office-{number}", plan) as office:
            times["whole_import"].append(_import(office, files))
    medians = {name: statistics.median(found) for name, found in times.items()}
    mine = medians["whole_import"]
    ratios = {f"ratio_to_{peer}": mine / medians[peer] for peer in peers}
    counts = {"packets": float(len(files)), "ledger_rows": float(ledger_rows)}
    return {**counts, **medians, **ratios}


def _import(office: Workspace, files: list[Path]) -> float:
    begun = time.perf_counter()
    summary = run_through(importing.import_packets(office, files))
    seconds = time.perf_counter() - begun
    refused = next((item for item in summary.files if item.result is Result.REJECTED), None)
    if refused is not None:
        raise reject(f"测量用的报送包没有被接收：{refused.message}")
    return seconds


def _seconds_of(script: str, files: list[Path]) -> float:
    done = subprocess.run(  # noqa: S603 - our own script, run by our own interpreter
        [sys.executable, str(project_file(f"resources/bench/{script}")), *map(str, files)],
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(done.stdout)


def _measure_status(folder: Path) -> dict[str, float]:
    from fsdesk.workspace import open_workspace

    with open_workspace(folder) as office:
        begun = time.perf_counter()
        aggregation.status(office, months_of(YEAR)[-1])
        return {"seconds": time.perf_counter() - begun}
