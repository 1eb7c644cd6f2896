"""The project's own benchmark: figures beside peers that run at the same time, as ratios."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.periods import months_of
from fsdesk.domain.steps import Progress, run_through
from fsdesk.places import project_file
from fsdesk.services import aggregation, exchange, recording, setup, taking
from fsdesk.services.demo_story import Story

if TYPE_CHECKING:
    from collections.abc import Generator

    from fsdesk.workspace import Workspace

_YEAR = 2026
_STARTS = 7
_ROUNDS = 3
Figures = dict[str, dict[str, float]]


def measure(packets: int) -> Generator[Progress, None, Figures]:
    """Measure start, import and aggregation.

    Peers are started in turn with what is measured, and the median counts.

    Args:
        packets: How many packets are imported.

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
    yield Progress(0, 3, "正在测量启动")
    with tempfile.TemporaryDirectory() as scratch:
        figures["start"] = _measure_start(Path(scratch))
        yield Progress(1, 3, "正在准备报送包")
        files = _make_packets(Path(scratch), packets)
        yield Progress(2, 3, "正在测量导入和汇总")
        figures["import"] = _measure_import(Path(scratch), files)
        figures["status"] = _measure_status(Path(scratch) / "office-0")
    yield Progress(3, 3, "测量完成")
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
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own script, run by our own interpreter
        [sys.executable, str(project_file(f"resources/bench/{script}")), *arguments],
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        if process.stdout is not None:
            process.stdout.readline()
        return time.perf_counter() - begun


def _make_packets(scratch: Path, wanted: int) -> list[Path]:
    """Let units report month by month until there are enough packets."""
    plan = setup.read_plan(None, _YEAR)
    files: list[Path] = []
    for unit in plan.directory.reporting_units:
        if len(files) >= wanted:
            break
        story = Story(plan, unit.code, slow=False)
        with setup.create_unit(scratch / unit.code, plan, unit.code) as workspace:
            for month in months_of(_YEAR)[: wanted - len(files)]:
                recording.save_all(workspace, story.entries(month))
                file = scratch / "packets" / f"{unit.code}-{month}.xlsx"
                files.append(exchange.export_report(workspace, month, file).file)
    return files


def _measure_import(scratch: Path, files: list[Path]) -> dict[str, float]:
    ours: list[float] = []
    loops: list[float] = []
    fast: list[float] = []
    for number in range(_ROUNDS):
        loops.append(_seconds_of("read_openpyxl.py", files))
        with setup.create_office(scratch / f"office-{number}", setup.read_plan(None, _YEAR)) as to:
            ours.append(_import(to, files))
        fast.append(_seconds_of("read_calamine.py", files))
    mine, loop, bare = (statistics.median(each) for each in (ours, loops, fast))
    return {
        "packets": float(len(files)),
        "whole_import": mine,
        "openpyxl_reading_alone": loop,
        "fastest_reading_alone": bare,
        "ratio_to_openpyxl": mine / loop,
        "ratio_to_fastest": mine / bare,
    }


def _import(office: Workspace, files: list[Path]) -> float:
    begun = time.perf_counter()
    run_through(taking.import_packets(office, files))
    return time.perf_counter() - begun


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
        aggregation.status(office, months_of(_YEAR)[-1])
        return {"seconds": time.perf_counter() - begun}
