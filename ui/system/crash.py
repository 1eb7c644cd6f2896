"""What is left behind when something unforeseen happens: a report that a technician can read.

What was typed is in the database by then: every field is stored as it is typed.
"""

from __future__ import annotations

import faulthandler
import platform
import sys
import traceback
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion

from fsdesk import __version__
from fsdesk.domain.findings import FsdeskError
from fsdesk.files import discard, save_text, set_aside

if TYPE_CHECKING:
    from pathlib import Path

_LINES = 200
_KEPT = 20
_HARD = "fault.log"


def write_report(folder: Path, problem: BaseException, now: datetime) -> Path | None:
    """Write a report of an exception that nobody expected into the folder where logs lie.

    Returns the file; None when it can't be written, for instance because the disk is full.
    """
    parts = (
        f"食药安工作台 {__version__} 版故障报告",
        f"时间：{now.isoformat(timespec='seconds')}",
        f"系统：{platform.platform()}，Python {platform.python_version()}，Qt {qVersion()}",
        "本报告不含填报内容，可交给技术人员。",
        "",
        "".join(traceback.format_exception(problem)),
        "最近的运行记录：",
        _latest_log(folder / "fsdesk.log"),
    )
    file = folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
    try:
        save_text(file, "\n".join(parts))
    except FsdeskError:
        return None
    for old in sorted(folder.glob("crash-*.txt"))[:-_KEPT]:
        discard(old)
    return file


def _latest_log(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "（没有）"
    return "\n".join(lines[-_LINES:])


class HardFaults:
    """Catches what Python can't: a library that breaks the whole process."""

    def __init__(self, folder: Path) -> None:
        """Write into the folder of logs from now on."""
        self._file = folder / _HARD
        self.last = self._take_last()
        self._stream = self._file.open("w", encoding="utf-8")
        faulthandler.enable(self._stream)

    def _take_last(self) -> Path | None:
        """Set aside what the last run left, and return it."""
        if not self._file.is_file() or not self._file.stat().st_size:
            return None
        moment = datetime.fromtimestamp(self._file.stat().st_mtime).astimezone()
        name = f"crash-{moment:%Y%m%d-%H%M%S}-fault.txt"
        set_aside(self._file, name)
        return self._file.with_name(name)

    def close(self) -> None:
        """Leave nothing behind: the program ended well."""
        faulthandler.disable()
        if sys.stderr is not None:
            faulthandler.enable()
        self._stream.close()
        discard(self._file)
