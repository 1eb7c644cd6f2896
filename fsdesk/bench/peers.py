"""Running a peer of the benchmark in a process of its own: when it fails, that is told in words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Exit codes that Windows gives a process that touched memory that is not its own, and the like.
_WINDOWS_CRASHES = 0xC0000000


class PeerFailedError(Exception):
    """A process that was to be measured came to a bad end.

    Its only argument says why, in Chinese.
    """


def run_peer(
    script: str, *arguments: Path | str, environment: Mapping[str, str] | None = None
) -> bytes:
    """Run a script of resources/bench and return what it prints.

    Raises:
        PeerFailedError: When it crashed, ended with an error or can't be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own script, run by our own interpreter
            [sys.executable, str(project_file(f"resources/bench/{script}")), *map(str, arguments)],
            capture_output=True,
            check=False,
            env=environment,
        )
    except OSError as problem:
        raise PeerFailedError(f"不能启动：{problem}") from problem
    if done.returncode:
        raise PeerFailedError(words_of(done.returncode, done.stderr))
    return done.stdout


def program_environment() -> dict[str, str]:
    """Return the environment of a script that needs the program, and draws where nobody looks."""
    environment = dict(os.environ, PYTHONPATH=str(project_file(".")))
    if sys.platform.startswith("linux") and not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


def words_of(code: int, told: bytes) -> str:
    """Say why a process ended badly: its exit code, below zero for a signal, and what it told."""
    lines = told.decode(errors="replace").strip().splitlines()
    last = f"：{lines[-1].strip()}" if lines else ""
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f"崩溃，被信号 {name} 终止{last}"
    if code >= _WINDOWS_CRASHES:
        return f"崩溃，退出码 0x{code:X}{last}"
    return f"出错，退出码 {code}{last}"
