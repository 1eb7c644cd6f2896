"""How commands speak: results on stdout, words for people on stderr; exit codes."""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from fsdesk.domain.faults import finding_of
from fsdesk.domain.findings import PartlyDoneError, notice
from fsdesk.domain.steps import time_left

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Generator

    from fsdesk.domain.steps import Progress, Result, Steps

DONE, PARTLY, REFUSED = 0, 1, 2


@contextmanager
def after(stored: str) -> Generator[None]:
    """Say of what fails from here on that something before it is stored already.

    `stored`: what is, such as ``进展已保存``.
    """
    try:
        yield
    except Exception as problem:
        from fsdesk import unforeseen

        raise PartlyDoneError(notice(stored), *unforeseen.told(problem)) from problem


def tell(text: str) -> None:
    """Write a message for people; stdout stays free for JSON."""
    with suppress(OSError):  # nobody reads it
        sys.stderr.write(f"{text}\n")


def answer(options: Namespace, plain: Any, lines: list[str]) -> None:  # noqa: ANN401 - JSON
    """Print a result: as JSON if asked, else as lines for people.

    A full disk, for instance, ends in `PartlyDoneError`.
    """
    as_json = json.dumps(plain, ensure_ascii=False, indent=1) + "\n" if options.json else ""
    try:
        sys.stdout.write(as_json or "".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except OSError as fault:
        with suppress(OSError):  # what is left in it would be tried again at the program's end
            sys.stdout.close()
        raise PartlyDoneError(finding_of(fault, "输出到")) from fault


_EVERY = 10.0  # seconds between two lines that go into a file


def followed(steps: Steps[Result]) -> Result:
    """Do long work to its end, and tell how far it is and how long the rest will take.

    On a terminal one line is written over and over. Elsewhere, as in a log, there is a line now
    and then, and none of work that is done at once.
    """
    line = _Line(sys.stderr.isatty())
    try:
        while True:
            try:
                line.show(next(steps))
            except StopIteration as end:
                return end.value
    finally:
        line.end()


class _Line:
    """The line that tells how far long work is."""

    def __init__(self, terminal: bool) -> None:  # noqa: FBT001
        self._terminal = terminal
        self._begun = self._told = time.monotonic()
        self._shown = ""

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        left = time_left(progress, now - self._begun)
        text = f"[{progress.done}/{progress.total}] {progress.message}"
        text += f"，{left}" if left else ""
        if self._terminal:
            # What stood there may have been longer; a Chinese character takes two columns.
            blank = " " * max(0, _columns(self._shown) - _columns(text))
            sys.stderr.write(f"\r{text}{blank}")
            sys.stderr.flush()
            self._shown = text
        elif now - self._told >= _EVERY:
            self._told = now
            tell(text)

    def end(self) -> None:
        if self._shown:
            tell("")


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
