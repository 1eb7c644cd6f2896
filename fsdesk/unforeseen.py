"""The last net: whatever escapes is put into words, and leaves a report for a technician."""

from __future__ import annotations

import platform
import tempfile
import traceback
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk import __version__
from fsdesk.domain.faults import finding_of
from fsdesk.domain.findings import (
    Finding,
    FindingCode,
    FsdeskError,
    PartlyDoneError,
    error,
    notice,
    raise_errors,
)
from fsdesk.files import BROKEN_ZIP, discard, save_text
from fsdesk.store import vault
from fsdesk.store.faults import in_words

if TYPE_CHECKING:
    from collections.abc import Generator

_LINES = 200
_KEPT = 20
UNEXPECTED = "程序遇到了意外情况，这一步没有完成"
UNEXPECTED_REMEDY = "已录入的数据不受影响。请重试；如再次出现，请把故障报告交给技术人员"


def explained(problem: BaseException) -> tuple[Finding, ...]:
    """Put an exception into words that name its cause; empty when nobody foresaw it."""
    if isinstance(problem, FsdeskError):
        return problem.findings
    if isinstance(problem, OSError):
        return (finding_of(problem),)
    if isinstance(problem, MemoryError):
        return (error("内存不足，这一步没有完成", "请关闭一些程序后重试"),)
    # SQLAlchemy holds the driver's own exception.
    found = in_words(getattr(problem, "orig", problem), "工作区")
    return found.findings if found else ()


def told(problem: BaseException, logs: Path | None = None) -> tuple[Finding, ...]:
    """Put any exception into words; of one that nobody foresaw a report is written.

    `logs`: folder of the workspace's logs; without one the report goes where the system keeps
    files for a while.
    """
    found = explained(problem)
    if found:
        return found
    folder = logs if logs is not None and logs.is_dir() else Path(tempfile.gettempdir())
    report = write_report(folder, problem, datetime.now().astimezone())
    where = f"（{report}）" if report else "（没有写成）"
    words, remedy = _what(problem), f"{UNEXPECTED_REMEDY}{where}"
    return (error(words, remedy, code=FindingCode.UNEXPECTED),)


def _what(problem: BaseException) -> str:
    if isinstance(problem, UnicodeError):
        return "文字的编码无法识别，这一步没有完成"
    if isinstance(problem, BROKEN_ZIP) and not isinstance(problem, (RuntimeError, KeyError)):
        return "文件不完整或已损坏，这一步没有完成"
    return UNEXPECTED


class Several:
    """Things that are done one after another, of which none that fails stops the next."""

    def __init__(self, logs: Path | None = None) -> None:
        """`logs`: see `told`."""
        self._logs = logs
        self._faults = dict[Finding, None]()

    @contextmanager
    def attempt(self) -> Generator[None]:
        """Do one of them; what goes wrong is kept for the end."""
        try:
            yield
        except Exception as problem:  # noqa: BLE001 - the next one shall be tried
            self._faults |= dict.fromkeys(told(problem, self._logs))

    def end(self, done: str) -> None:
        """Tell what failed, if anything did.

        `done`: what was done nevertheless, in words; empty for nothing.
        PartlyDoneError, or InputRejectedError when nothing was done.
        """
        if self._faults and done:
            raise PartlyDoneError(notice(done), *self._faults)
        raise_errors(self._faults)


def write_report(
    folder: Path, problem: BaseException, now: datetime, beside: str = ""
) -> Path | None:
    """Write a report of an exception that nobody expected into the folder where logs lie.

    `beside`: which other parts the program has loaded.

    Returns:
        The file; None when it can't be written, for instance because the disk is full.
    """
    parts = (
        f"食药安工作台 {__version__} 版故障报告",
        f"时间：{now.isoformat(timespec='seconds')}",
        f"系统：{platform.platform()}，Python {platform.python_version()}{beside}",
        "本报告用于查找原因，可交给技术人员。",
        "",
        # Where a password protects what people typed, none of it gets into a report.
        _frames(problem) if vault.keys_held() else "".join(traceback.format_exception(problem)),
        "最近的运行记录：",
        _latest_log(folder / "fsdesk.log"),
    )
    file = folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
    try:
        save_text(file, "\n".join(parts))
        for old in sorted(folder.glob("crash-*.txt"))[:-_KEPT]:
            discard(old)
    except (OSError, FsdeskError, UnicodeError):
        return None
    return file


def _frames(problem: BaseException) -> str:
    """Say where an exception was raised, and of what kind; not with which values."""
    parts: list[str] = []
    seen: BaseException | None = problem
    while seen is not None:
        parts += [*traceback.format_tb(seen.__traceback__), f"{type(seen).__qualname__}\n\n"]
        seen = seen.__cause__ or seen.__context__
    return "".join(parts)


def _latest_log(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "（没有）"
    return "\n".join(lines[-_LINES:])
