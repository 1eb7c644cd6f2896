"""Start of fsdesk: a command when arguments name one, else the window."""

from __future__ import annotations

import gc
import os
import sys


def main(arguments: list[str]) -> int:
    """Run a command or the window.

    Returns:
        Exit code: 0 done, 1 done in part or a check found something, 2 nothing was changed.
    """
    from fsdesk.commands.parser import global_options, wants_window
    from fsdesk.places import bring_font_list

    bring_font_list(os.environ)
    if arguments[:1] == ["--self-test"]:
        from ui.self_test import run_self_test

        return run_self_test(arguments[1:])
    if wants_window(arguments):
        from ui.app import run_window

        options, files = global_options().parse_known_args(arguments)
        return run_window(options.workspace, options.database, files)
    # What is loaded stays: to look for unused parts of it costs a fifth of a command's start.
    gc.disable()
    from fsdesk.commands.run import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
