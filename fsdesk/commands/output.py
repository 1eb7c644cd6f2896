"""How commands speak: results on stdout, words for people on stderr; exit codes."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fsdesk.domain.faults import finding_of
from fsdesk.domain.findings import FsdeskError

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.domain.steps import Result, Steps

DONE, PARTLY = 0, 1


class UnansweredError(FsdeskError):
    """What was asked for is done, but the answer can't be printed."""


def tell(text: str) -> None:
    """Write a message for people; stdout stays free for JSON."""
    sys.stderr.write(f"{text}\n")


def answer(options: Namespace, plain: Any, lines: list[str]) -> None:  # noqa: ANN401 - JSON
    """Print a result: as JSON if asked, else as lines for people.

    Raises:
        UnansweredError: When it can't be printed, for instance into a file on a full disk.
    """
    as_json = json.dumps(plain, ensure_ascii=False, indent=1) + "\n" if options.json else ""
    try:
        sys.stdout.write(as_json or "".join(f"{line}\n" for line in lines))
        sys.stdout.flush()
    except OSError as fault:
        with suppress(OSError):  # what is left in it would be tried again at the program's end
            sys.stdout.close()
        raise UnansweredError(finding_of(fault, "输出到")) from fault


def followed(steps: Steps[Result]) -> Result:
    """Do long work to its end; on a terminal, show how far it is."""
    shown = sys.stderr.isatty()
    while True:
        try:
            progress = next(steps)
        except StopIteration as end:
            return end.value
        if shown:
            tell(f"[{progress.done}/{progress.total}] {progress.message}")
