"""How soon the window is painted, what it holds with data, and what a command costs by itself."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from fsdesk.bench.packets import benchmark_plan
from fsdesk.bench.peers import PeerFailedError, program_environment, run_peer, words_of
from fsdesk.places import project_file
from fsdesk.services.care import setup
from fsdesk.services.care.known import PLACE

if TYPE_CHECKING:
    from pathlib import Path

_STARTS, _WINDOWS = 7, 3
_COMMANDS = ("units", "status")  # neither needs plots or sheets


def measure_start(scratch: Path) -> dict[str, float]:
    """Measure the start of the window and of two commands, beside what they stand on alone.

    Of the window: seconds from starting the process to its first painting by the clock, and as
    ``…_busy`` those of the processor, which other work of the machine hardly changes. Of a
    command: seconds of the processor, beside Python that loads SQLAlchemy and asks an empty
    database.
    """
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    for _ in range(_STARTS):
        bare.append(_until_painted("bare_window.py"))
        ours.append(_until_painted("our_window.py"))
    mine, mine_busy = map(statistics.median, zip(*ours, strict=True))
    peer, peer_busy = map(statistics.median, zip(*bare, strict=True))
    return {
        "first_paint": mine,
        "bare_window": peer,
        "ratio": mine / peer,
        "first_paint_busy": mine_busy,
        "bare_window_busy": peer_busy,
        "ratio_busy": mine_busy / peer_busy,
        **_measure_commands(scratch / "commands"),
    }


def measure_window(folder: Path, rounds: int = _WINDOWS) -> dict[str, float]:
    """Measure the window on a workspace with data, beside a bare one.

    Seconds are those of the processor: until the first page shows its figures, and until all is
    quiet with its chart drawn; the bare window shows a word. Memory is what is held once everything
    is loaded, and at most, in megabytes; the bare window's process has matplotlib loaded, and drew
    an empty figure.

    Raises:
        PeerFailedError: When a window fails, or the workspace can't be opened.
    """
    environment = program_environment()
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment[PLACE] = str(folder.with_name("known.json"))
    environment["XDG_CONFIG_HOME"] = str(folder.with_name("settings"))  # not the user's own
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, told in (
            ("bare", run_peer("bare_plots.py", environment=environment)),
            ("window", run_peer("our_year.py", folder, environment=environment)),
        ):
            for figure, value in json.loads(told).items():
                found[f"{name}_{figure}"].append(value)
    medians = {name: statistics.median(each) for name, each in found.items()}
    return {
        **medians,
        "ratio_figures": medians["window_figures_seconds"] / medians["bare_seconds"],
        "ratio_busy": medians["window_seconds"] / medians["bare_seconds"],
        "ratio_resident": medians["window_resident_mb"] / medians["bare_resident_mb"],
        "ratio_peak": medians["window_peak_mb"] / medians["bare_peak_mb"],
    }


def _measure_commands(folder: Path) -> dict[str, float]:
    with setup.create_office(folder, benchmark_plan(1)):
        pass
    times: dict[str, list[float]] = defaultdict(list)
    environment = program_environment()
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(_STARTS):
        times["bare_sqlalchemy"].append(float(run_peer("bare_sqlalchemy.py")))
        for name in _COMMANDS:
            told = run_peer("our_command.py", "--workspace", folder, name, environment=environment)
            times[name].append(float(told.splitlines()[-1]))
    found = {name: statistics.median(each) for name, each in times.items()}
    peer = found["bare_sqlalchemy"]
    return {**found, **{f"{name}_ratio": found[name] / peer for name in _COMMANDS}}


def _until_painted(script: str, *arguments: str) -> tuple[float, float]:
    """Return the seconds by the clock, and those of the processor."""
    environment = program_environment()
    # What users start has its modules compiled.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own script, run by our own interpreter
        [sys.executable, str(project_file(f"resources/bench/{script}")), *arguments],
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        painted = process.stdout.readline() if process.stdout else b""
        seconds = time.perf_counter() - begun
    if not painted:
        raise PeerFailedError(f"{script} {words_of(process.returncode, b'')}")
    return seconds, float(painted.split()[-1])
