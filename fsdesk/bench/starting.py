"""How soon the window is painted, and what a command costs before it does anything."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from pathlib import Path

_STARTS = 7
_COMMANDS = ("units", "status")  # neither needs plots or sheets


def measure_start(scratch: Path) -> dict[str, float]:
    """Measure the start of the window and of two commands, beside what they stand on alone.

    Of the window: seconds from starting the process to its first painting. Of a command: seconds
    of the processor, beside Python that loads SQLAlchemy and asks an empty database.
    """
    ours: list[float] = []
    bare: list[float] = []
    for number in range(_STARTS):
        bare.append(_until_painted("bare_window.py"))
        ours.append(_until_painted("our_window.py", str(scratch / f"start-{number}")))
    mine, peer = statistics.median(ours), statistics.median(bare)
    return {
        "first_paint": mine,
        "bare_window": peer,
        "ratio": mine / peer,
        **_measure_commands(scratch / "commands"),
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


def _until_painted(script: str, *arguments: str) -> float:
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
    return seconds
