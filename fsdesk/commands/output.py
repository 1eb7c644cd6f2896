"""How commands speak: results on stdout, words for people on stderr; exit codes."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.domain.steps import Result, Steps

DONE, PARTLY = 0, 1


def tell(text: str) -> None:
    """Write a message for people; stdout stays free for JSON."""
    sys.stderr.write(f"{text}\n")


def answer(options: Namespace, plain: Any, lines: list[str]) -> None:  # noqa: ANN401 - JSON
    """Print a result: as JSON if asked, else as lines for people."""
    if options.json:
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))


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
