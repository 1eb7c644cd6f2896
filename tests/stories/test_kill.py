"""A power cut at any moment: all is as before or after a step, never between.

Thirty kills on every run; `--hypothesis-profile heavy` makes five hundred.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import settings

from tests.stories.killed_works import WORKS

HEAVY = settings.get_current_profile_name() == "heavy"
KILLS = -(-(500 if HEAVY else 30) // len(WORKS))


class Victim:
    """A program that does works, each in a process that can be killed."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.stories.killed_works"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def begin(self, work: str, folder: Path) -> int:
        """Begin a work; returns the number of its process when that is about to begin it."""
        self._say(json.dumps([work, str(folder)]))
        word, process = self._program.stdout.readline().split()
        assert word == "ready"
        return int(process)

    def end(self) -> int:
        """Wait until the process of the work is gone; returns how it ended, 0 when well."""
        self._say("end")
        word, status = self._program.stdout.readline().split()
        assert word == "gone"
        return int(status)

    def _say(self, line: str) -> None:
        print(line, file=self._program.stdin, flush=True)

    def close(self) -> None:
        """Let the program end."""
        self._program.stdin.close()
        assert self._program.wait() == 0
        self._program.stdout.close()


@pytest.fixture(scope="module")
def victim():
    program = Victim()
    yield program
    program.close()


@pytest.mark.slow
@pytest.mark.timeout(3000 if HEAVY else 240)
@pytest.mark.parametrize("work", WORKS)
def test_a_work_that_was_killed_is_as_before_or_after_a_step(victim, tmp_path, work):
    begun = tmp_path / "begun"
    begun.mkdir()
    WORKS[work].begin(begun)

    shutil.copytree(begun, tmp_path / "full")
    victim.begin(work, tmp_path / "full")
    at = time.perf_counter()
    assert victim.end() == 0
    takes = time.perf_counter() - at
    WORKS[work].check(tmp_path / "full")

    moments = random.Random(work)
    for number in range(KILLS):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(begun, folder)
        process = victim.begin(work, folder)
        time.sleep(moments.uniform(0, takes))
        os.kill(process, signal.SIGKILL)
        victim.end()
        WORKS[work].check(folder)
        shutil.rmtree(folder)
