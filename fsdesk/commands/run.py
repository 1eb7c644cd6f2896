"""Runs one command: opens the workspace, calls the service, prints, gives the exit code."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

from fsdesk.commands.output import PARTLY, UnansweredError, tell
from fsdesk.commands.parser import build_parser
from fsdesk.domain.faults import finding_of
from fsdesk.domain.findings import FsdeskError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

REFUSED = 2


def run(arguments: list[str]) -> int:
    """Run a command.

    Returns:
        0 done; 1 done in part, or a check found something; 2 unusable input, nothing changed.
    """
    _speak_utf8()
    options = build_parser().parse_args(arguments)
    try:
        return _command(options.command)(options)
    except FsdeskError as problem:
        for finding in problem.findings:
            tell(str(finding))
        if isinstance(problem, UnansweredError):
            return PARTLY
    except OSError as fault:
        tell(str(finding_of(fault)))
    except KeyboardInterrupt:
        tell("已取消。")
    return REFUSED


def _speak_utf8() -> None:
    """Chinese comes out whole whatever the console's own encoding is."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")


# Module and function of each command. They are loaded when they run, so that a command starts
# without the libraries of the others.
_COMMANDS = {
    "init": ("setup_commands", "init"),
    "demo": ("setup_commands", "demo"),
    "plan": ("plan_commands", "plan"),
    "units": ("plan_commands", "units"),
    "ledger": ("ledger_commands", "ledgers"),
    "record": ("record_commands", "record"),
    "packet": ("packet_commands", "packet"),
    "conflicts": ("decision_commands", "conflicts"),
    "submission": ("decision_commands", "submissions"),
    "keys": ("decision_commands", "keys"),
    "supervision": ("supervision_commands", "run"),
    "status": ("output_commands", "status"),
    "assessment": ("assessment_commands", "run"),
    "quality": ("quality_commands", "run"),
    "report": ("output_commands", "report"),
    "calendar": ("care_commands", "calendar"),
    "backup": ("care_commands", "back_up"),
    "restore": ("care_commands", "restore"),
    "verify": ("care_commands", "verify"),
    "update": ("care_commands", "update"),
    "bench": ("care_commands", "bench"),
}


def _command(name: str) -> Callable[[Namespace], int]:
    module, function = _COMMANDS[name]
    return getattr(importlib.import_module(f"fsdesk.commands.{module}"), function)
