"""The project's own benchmark: figures beside peers that run at the same time, as ratios."""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.bench.city import measure_city
from fsdesk.bench.documents import measure_documents
from fsdesk.bench.latency import measure_latency
from fsdesk.bench.ledgers import measure_ledgers
from fsdesk.bench.packets import YEAR, benchmark_plan, write_packets
from fsdesk.bench.peers import PeerFailedError, program_environment, run_peer
from fsdesk.bench.readings import measure_readings
from fsdesk.bench.small_pc import measure_small_pc
from fsdesk.bench.starting import measure_start, measure_window
from fsdesk.bench.writing import measure_writing
from fsdesk.domain.findings import reject
from fsdesk.domain.periods import months_of
from fsdesk.domain.steps import Progress, run_through
from fsdesk.services.care import setup
from fsdesk.services.packet import checking, importing
from fsdesk.services.packet.importing import Result
from fsdesk.services.status import aggregation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from fsdesk.workspace import Workspace

_ROUNDS, _FEW = 3, 100
# What only reads the cells of a packet, and the module that it needs.
_READERS = {"openpyxl": "openpyxl", "calamine": "python_calamine", "pandas": "pandas"}
# Numbers, and words on what could not be measured.
Row = dict[str, float | str]
Figures = dict[str, Row]
FAILED = "failed"


def measure(packets: int, ledger_rows: int = 0) -> Generator[Progress, None, Figures]:
    """Measure the program beside its peers.

    Peers are started in turn with what is measured, and the median counts. ``ledger_rows`` is how
    many rows each packet carries.

    Returns:
        Seconds and ratios by what was measured. Where a peer or a window fails, why stands under
        a name that ends in ``failed``, and the rest is measured all the same.

    Raises:
        InputRejectedError: In the packaged program, which has no Python to run the peers with.
    """
    _refuse_packaged()
    figures: Figures = {}
    yield Progress(0, 9, "正在测量启动")
    with tempfile.TemporaryDirectory() as scratch:
        figures["start"] = _measured(lambda: measure_start(Path(scratch)))
        yield Progress(1, 9, "正在准备报送包，测量导入")
        figures["import"] = _measure_import(Path(scratch), packets, ledger_rows)
        yield Progress(2, 9, "正在测量汇总")
        figures["status"] = _measure_status(Path(scratch) / "office-0")
        figures["window"] = _measured(lambda: measure_window(Path(scratch) / "office-0"))
        yield Progress(3, 9, "正在测量窗口的反应")
        figures["latency"] = _measured(lambda: measure_latency(Path(scratch)))
        yield Progress(4, 9, "正在测量台账")
        figures["ledgers"] = _measured(lambda: measure_ledgers(Path(scratch)))
        yield Progress(5, 9, "正在测量各页数字")
        figures["readings"] = _measured(lambda: measure_readings(Path(scratch)))
        yield Progress(6, 9, "正在测量写表")
        figures["writing"] = _measured(lambda: measure_writing(Path(scratch)))
    yield Progress(7, 9, "正在测量画图")
    figures["charts"] = _measured(_measure_charts)
    yield Progress(8, 9, "正在测量读取文件")
    figures["documents"] = _measured(measure_documents)
    yield Progress(9, 9, "测量完成")
    return figures


def measure_levels(sizes: Sequence[int]) -> Generator[Progress, None, Figures]:
    """Measure reports that climb three levels, for so many districts each; see `measure_city`.

    Raises:
        InputRejectedError: In the packaged program, or when a slice can't be made.
    """
    _refuse_packaged()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            found = yield from measure_city(Path(scratch), sizes)
        except PeerFailedError as problem:
            raise reject(f"测量没有做完：{problem}", "请看日志") from problem
    return {name: dict(row) for name, row in found.items()}


def measure_old_pc() -> Generator[Progress, None, Figures]:
    """Measure how long the window stands still on an old and small PC; see `measure_small_pc`.

    Raises:
        InputRejectedError: In the packaged program, or where such a PC can't be made of this one.
    """
    _refuse_packaged()
    yield Progress(0, 1, "正在模拟旧电脑")
    with tempfile.TemporaryDirectory() as scratch:
        try:
            found = measure_small_pc(Path(scratch))
        except PeerFailedError as problem:
            raise reject(f"测量没有做完：{problem}", "请看日志") from problem
    yield Progress(1, 1, "测量完成")
    return found


def _refuse_packaged() -> None:
    if getattr(sys, "frozen", False):
        raise reject("安装版不能运行性能测量", "请在源码目录中用“python main.py bench”运行")


def _measured(job: Callable[[], Mapping[str, float | str]]) -> Row:
    """Return a part's figures, or why there are none: the other parts are measured all the same."""
    try:
        return dict(job())
    except PeerFailedError as problem:
        return {FAILED: str(problem)}


def _measure_charts() -> dict[str, float]:
    """Draw in another process: what is measured there may crash as well as any peer."""
    return json.loads(run_peer("draw_charts.py", environment=program_environment()))


def _measure_import(scratch: Path, packets: int, ledger_rows: int) -> Row:
    """Time the whole import, and in turn with it peers that only read the cells.

    Times are of the processor, so that other work of the machine shows less; ``whole_import_wall``
    is by the clock, with the waiting for the disk. ``reading`` is the part of the import that
    comes before the database. A peer that fails is left out from then on, and the reason stands in
    its place.
    """
    plan = benchmark_plan(packets)
    files = list(write_packets(plan, packets, scratch / "packets", ledger_rows))
    failed: dict[str, str] = {
        name: f"没有安装 {module}"
        for name, module in _READERS.items()
        if importlib.util.find_spec(module) is None
    }
    times: dict[str, list[float]] = defaultdict(list)
    for number in range(_ROUNDS if packets <= _FEW else 1):
        for peer in _READERS:
            if peer not in failed:
                try:
                    times[peer].append(float(run_peer(f"read_{peer}.py", *files)))
                except PeerFailedError as problem:
                    failed[peer] = str(problem)
        with setup.create_office(scratch / f"office-{number}", plan) as office:
            for name, seconds in _import(office, files).items():
                times[name].append(seconds)
    medians = {n: statistics.median(found) for n, found in times.items() if n not in failed}
    mine = medians["whole_import"]
    ratios = {f"ratio_to_{n}": mine / value for n, value in medians.items() if n in _READERS}
    counts = {"packets": float(len(files)), "ledger_rows": float(ledger_rows)}
    words = {f"{name}_{FAILED}": why for name, why in failed.items()}
    return {**counts, **medians, **ratios, **words}


def _import(office: Workspace, files: list[Path]) -> dict[str, float]:
    begun = time.process_time()
    for file in files:
        checking.read(file)
    read = time.process_time() - begun
    started, begun = time.perf_counter(), time.process_time()
    summary = run_through(importing.import_packets(office, files))
    seconds = time.process_time() - begun
    by_clock = time.perf_counter() - started
    refused = next((item for item in summary.files if item.result is Result.REJECTED), None)
    if refused is not None:
        raise reject(f"测量用的报送包没有被接收：{refused.message}")
    return {"whole_import": seconds, "whole_import_wall": by_clock, "reading": read}


def _measure_status(folder: Path) -> Row:
    from fsdesk.workspace import open_workspace

    with open_workspace(folder) as office:
        begun = time.perf_counter()
        aggregation.status(office, months_of(YEAR)[-1])
        return {"seconds": time.perf_counter() - begun}
