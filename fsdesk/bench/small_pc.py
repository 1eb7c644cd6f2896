"""The window on an old and small PC: how long it ever stands still in a month's work.

The PC is made of this one: the program runs half of the time (it is stopped and let go on 125 times
a second), on two cores, with 4 GB of addresses, and each waiting for the disk takes 10 ms longer.
"""

from __future__ import annotations

import json
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.bench.peers import PeerFailedError, program_environment, run_peer, words_of
from fsdesk.domain.plain import from_plain
from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNITS, ROUNDS = 18, 3
_TURN_SECONDS = 0.004  # so long it runs, and so long it stands still
_COMPILERS = ("cc", "gcc", "clang")
Row = dict[str, float | str]


class _Step(Struct, frozen=True):
    """What a step took at most, as `month.py` tells it."""

    ms: float
    work: float
    waits: int
    statements: int
    where: str


class _Month(Struct, frozen=True):
    """A month's steps, and the PC on which they were done."""

    steps: dict[str, _Step]
    slower: float
    form_ms: float
    waits_of_others: int


def measure_small_pc(scratch: Path, units: int = UNITS, rounds: int = ROUNDS) -> dict[str, Row]:
    """Work through an office's month and a unit's, and note the longest pause of each step.

    ``units``: how many report. Of the rounds the least counts, for other work of the machine only
    adds to a pause.

    Returns:
        ``pauses``: milliseconds by the clock, by step. ``work``: the same step's most work of the
        window's thread between two turns of its event loop, as a multiple of a form of 50 fields
        that is built and styled in the same run; on other PCs that hardly differs. ``window``:
        how slow the PC was made, how often the window's own thread waited for the disk and asked
        the database, both at most in a step and in all, and where the longest pause was.

    Raises:
        PeerFailedError: Where there is no compiler for the slow disk, off Linux, or when the window
            fails.
    """
    environment = {**program_environment(), "LD_PRELOAD": str(_slow_disk(scratch))}
    made = scratch / "month"
    run_peer("make_month.py", made, str(units), environment=program_environment())
    told = [_month(made, scratch / f"month-{number}", environment) for number in range(rounds)]
    least = {
        name: min((it.steps[name] for it in told), key=lambda step: step.ms)
        for name in told[0].steps
    }
    longest = max(least, key=lambda name: least[name].ms)
    waits = [max(it.steps[name].waits for it in told) for name in least]
    asked = [max(it.steps[name].statements for it in told) for name in least]
    return {
        "pauses": {name: step.ms for name, step in least.items()},
        "work": {name: min(it.steps[name].work for it in told) for name in least},
        "window": {
            "times_slower": statistics.median(it.slower for it in told),
            "form_ms": min(it.form_ms for it in told),
            "disk_waits": float(sum(waits)),
            "disk_waits_in_a_step": float(max(waits)),
            "disk_waits_of_others": float(told[0].waits_of_others),
            "statements": float(sum(asked)),
            "longest": f"{longest}：{least[longest].where}",
        },
    }


def _slow_disk(scratch: Path) -> Path:
    if not sys.platform.startswith("linux"):
        raise PeerFailedError("只能在 Linux 上模拟旧电脑")
    compiler = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if compiler is None:
        raise PeerFailedError("没有 C 编译器，请安装 gcc")
    library = scratch / "slow_disk.so"
    source = str(project_file("resources/bench/slow_disk.c"))
    words = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), source]
    done = subprocess.run(words, capture_output=True, check=False)  # noqa: S603 - found above
    if done.returncode:
        raise PeerFailedError(words_of(done.returncode, done.stderr))
    return library


def _month(made: Path, folder: Path, environment: Mapping[str, str]) -> _Month:
    script = str(project_file("resources/bench/month.py"))
    # Not as the user left his own window: an open tab would be a page more.
    settings = str(folder.with_name(f"{folder.name}-settings"))
    with subprocess.Popen(  # noqa: S603 - our own script, run by our own interpreter
        [sys.executable, script, str(made), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, "XDG_CONFIG_HOME": settings},
    ) as process:
        threading.Thread(target=_run_half, args=(process,), daemon=True).start()
        told, faults = process.communicate()
    if process.returncode:
        raise PeerFailedError(words_of(process.returncode, faults))
    return from_plain(_Month, json.loads(told))


def _run_half(process: subprocess.Popen[bytes]) -> None:
    """Let a process run half of the time until it ends."""
    while process.returncode is None:
        process.send_signal(signal.SIGSTOP)
        time.sleep(_TURN_SECONDS)
        process.send_signal(signal.SIGCONT)
        time.sleep(_TURN_SECONDS)
