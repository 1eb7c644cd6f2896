"""The program tries itself out: the demo year, then every page of it, in a folder of its own.

A packaged program can start and still lack a file that only one page or one output needs, so this
runs wherever the program was installed: ``fsdesk --self-test [FILE]``, where FILE takes the result
from a program that has no console. Nothing of the user's is read or changed.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from fsdesk import __version__
from fsdesk.domain.accounts import SharedDatabase
from fsdesk.domain.findings import FsdeskError, is_away
from fsdesk.domain.steps import run_through
from fsdesk.files import discard, save_text
from fsdesk.services.care import about, joining, known
from ui.app import LOGGERS, Program
from ui.help import book
from ui.start import make_application
from ui.system.environment import libraries_aside, telling_of_package

if TYPE_CHECKING:
    from collections.abc import Iterable

_PERIOD = "2026-09"
_UNIT = "区市场监管局"
_STEP_MS = 30
_REST_MS = 150
_PATIENCE_SECONDS = 300.0
_FAILED = 1


class SelfTestError(Exception):
    """A part of the program did not do what it should."""


class TrialOutcome(Struct):
    """What was tried: owner and key of every page shown, the number of files the demo year wrote.

    Problems are what the log has; empty when all is well.
    """

    pages: list[str] = field(default_factory=list)
    files: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def text(self) -> str:
        """Return it as JSON."""
        plain = {
            "ok": not self.problems,
            "version": __version__,
            "packaged": hasattr(sys, "_MEIPASS"),
            "pages": self.pages,
            "files": self.files,
            "seconds": round(self.seconds, 1),
            "problems": self.problems,
        }
        return json.dumps(plain, ensure_ascii=False, indent=1)


class _Listener(logging.Handler):
    """Collects what the user would have been told as an error."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        self._problems.append(logging.Formatter().format(record))


def run_self_test(arguments: list[str]) -> int:
    """Try everything out and say how it went; returns 0 when all is well, else 1.

    The argument, if there is one, is the file that takes the result.
    """
    application = QApplication.instance() or make_application()
    if not isinstance(application, QApplication):
        raise TypeError
    outcome = tried(application)
    if sys.stdout is not None:  # a program with a window has none on Windows
        sys.stdout.buffer.write(outcome.text().encode() + b"\n")
        sys.stdout.flush()
    if arguments:
        save_text(Path(arguments[0]), outcome.text())
    return _FAILED if outcome.problems else 0


def tried(application: QApplication) -> TrialOutcome:
    """Make the demo year and show every page to the office, a unit and a newcomer."""
    outcome = TrialOutcome()
    listener = _Listener(outcome.problems)
    hook, started = sys.excepthook, time.monotonic()
    for name in LOGGERS:
        logging.getLogger(name).addHandler(listener)
    scratch = tempfile.mkdtemp(prefix="fsdesk-")
    named = os.environ.get(known.PLACE)
    os.environ[known.PLACE] = str(Path(scratch, "workspaces.json"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
    try:
        _try_all(application, Path(scratch), outcome)
    except Exception as problem:
        logging.getLogger("ui").exception("self-test", exc_info=problem)
    finally:
        sys.excepthook = hook
        os.environ.pop(known.PLACE)
        if named is not None:
            os.environ[known.PLACE] = named
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(listener)
        # Files of the demo are still open on Windows when a failure leaves early.
        discard(Path(scratch))
    outcome.seconds = time.monotonic() - started
    return outcome


def _try_all(application: QApplication, scratch: Path, outcome: TrialOutcome) -> None:
    from fsdesk.demo.demo import make_demo

    with libraries_aside():
        telling = telling_of_package(os.environ)
    if telling:
        raise SelfTestError(f"other programs would be started with {telling}")
    dead = about.dead_links(book.FILES)
    if dead:
        raise SelfTestError(f"the handbook leads to nothing: {dead}")
    _try_driver()
    demo = scratch / "演示"  # a Chinese folder name, as users have
    outcome.files = len(run_through(make_demo(demo)).files)
    outcome.pages += _opened(application, demo / "office")
    outcome.pages += _opened(application, demo / "units" / _UNIT)
    outcome.pages += _opened(application, scratch / "nobody", wanted=("start",))


def _try_driver() -> None:
    """See that PostgreSQL's driver loads: where no server is, it says just that."""
    try:
        joining.look_around(SharedDatabase("127.0.0.1", "nobody", "nobody", port="1"))
    except FsdeskError as problem:
        if not is_away(problem):
            raise


def _opened(application: QApplication, folder: Path, wanted: Iterable[str] = ()) -> list[str]:
    """Open a window on a folder, show each of its pages, close it."""
    program = Program(application, folder, None)
    try:
        program.window.show()
        program.open()
        _settle(program)
        keys = tuple(wanted) or tuple(key for key in program.window.keys if key != "start")
        if not keys:
            raise SelfTestError(f"no pages: {folder}")
        program.window.top_bar.set_period((2026,), _PERIOD)
        program.window.period_changed.emit(_PERIOD)
        for key in keys:
            program.window.open(key)
            program.window.page(key).refresh(_PERIOD)
            _settle(program)
            if program.window.grab().isNull():
                raise SelfTestError(f"nothing was drawn: {key}")
    finally:
        program.window.close()
    return [f"{folder.name}/{key}" for key in keys]


def _settle(program: Program) -> None:
    """Let work and drawing come to an end."""
    until = time.monotonic() + _PATIENCE_SECONDS
    for _ in range(2):
        while program.runner.busy:
            if time.monotonic() > until:
                raise SelfTestError(f"still busy: {program.window.current_key}")
            _pause(_STEP_MS)
        _pause(_REST_MS)


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
