"""Runs one command: opens the workspace, calls the service, prints, gives the exit code."""

from __future__ import annotations

import gc
import importlib
import sys
from typing import TYPE_CHECKING

from fsdesk.commands.output import PARTLY, REFUSED, tell
from fsdesk.commands.parser import build_parser
from fsdesk.domain.findings import FsdeskError, PartlyDoneError

if TYPE_CHECKING:
    from argparse import Namespace

    from fsdesk.domain.findings import WorkspaceError


def run(arguments: list[str]) -> int:
    """Run a command.

    Returns:
        0 done; 1 done in part, or a check found something; 2 unusable input, nothing changed.
    """
    # Chinese comes out whole whatever the console's own encoding is.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")
    options = build_parser(arguments).parse_args(arguments)
    try:
        if options.command not in _ELSEWHERE:
            _unlock(options)
        module, function = _COMMANDS[options.command]
        command = getattr(importlib.import_module(f"fsdesk.commands.{module}"), function)
        gc.freeze()
        gc.enable()
        return command(options)
    except Exception as problem:  # noqa: BLE001 - nobody shall read a traceback
        from fsdesk import unforeseen
        from fsdesk.commands.opening import folder_of

        # Where a damaged database makes no sense any mistake may follow.
        damage = _damage_behind(options, problem)
        if damage is None or isinstance(problem, FsdeskError):
            for finding in unforeseen.told(problem, folder_of(options) / "logs"):
                tell(str(finding))
        if damage is not None:
            tell(str(damage))
        if isinstance(problem, PartlyDoneError):
            return PARTLY
    except KeyboardInterrupt:
        tell("已取消。")
    return REFUSED


def _unlock(options: Namespace) -> None:
    """Open what a password protects in the workspaces that the options name."""
    from fsdesk.commands.opening import folder_of
    from fsdesk.workspace import is_locked

    recovers = options.command == "password" and options.action == "recover"
    named = (getattr(options, name, None) for name in ("former", "own"))
    for folder in filter(None, (folder_of(options), *named)):
        if not options.database and not recovers and is_locked(folder):
            from fsdesk.commands.passphrase import unlock

            unlock(options, folder)


def _damage_behind(options: Namespace, problem: Exception) -> WorkspaceError | None:
    """Return what is to be told of a damaged database where one is behind a failure."""
    from fsdesk.commands.opening import folder_of
    from fsdesk.store.verification.database import explained

    return None if options.database else explained(folder_of(options), problem)


_ELSEWHERE = {"demo", "bench", "server"}  # they work on no workspace of the user's
# Module and function of each command. They are loaded when they run, so that a command starts
# without the libraries of the others.
_COMMANDS = {
    "init": ("setup_commands", "init"),
    "demo": ("setup_commands", "demo"),
    "plan": ("plan_commands", "plan"),
    "units": ("plan_commands", "units"),
    "ledger": ("ledger_commands", "ledgers"),
    "record": ("record_commands", "record"),
    "ladder": ("ladder_commands", "run"),
    "packet": ("packet_commands", "packet"),
    "conflicts": ("decision_commands", "conflicts"),
    "submission": ("decision_commands", "submissions"),
    "keys": ("decision_commands", "keys"),
    "supervision": ("supervision_commands", "run"),
    "office": ("office_commands", "office"),
    "status": ("status_commands", "status"),
    "publish": ("status_commands", "publish"),
    "assessment": ("assessment_commands", "run"),
    "quality": ("quality_commands", "run"),
    "report": ("output_commands", "report"),
    "calendar": ("care_commands", "calendar"),
    "backup": ("care_commands", "back_up"),
    "restore": ("care_commands", "restore"),
    "verify": ("care_commands", "verify"),
    "diagnose": ("care_commands", "diagnose"),
    "update": ("care_commands", "update"),
    "password": ("password_commands", "password"),
    "bench": ("care_commands", "bench"),
    "server": ("server_commands", "server"),
}
