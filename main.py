"""Start of fsdesk: a command when arguments name one, else the window."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run a command or the window.

    Returns:
        Exit code: 0 done, 1 done in part or a check found something, 2 nothing was changed.
    """
    from fsdesk.places import bring_font_list

    bring_font_list(os.environ)
    if not arguments:  # the usual start reads none
        return _window(None, None, [])
    if arguments[:1] == ["--self-test"]:
        from ui.self_test import run_self_test

        return run_self_test(arguments[1:])
    from fsdesk.commands.parser import global_options, wants_window

    if wants_window(arguments):
        options, files = global_options().parse_known_args(arguments)
        return _window(options.workspace, options.database, files)
    # What is loaded stays: to look for unused parts of it costs a fifth of a command's start.
    gc.disable()
    from fsdesk.commands.run import run

    return run(arguments)


def _window(folder: Path | None, database: str | None, files: list[str]) -> int:
    from ui.system.clearing import look_at_young

    look_at_young()
    from ui.start import run_window

    return run_window(folder, database, files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
