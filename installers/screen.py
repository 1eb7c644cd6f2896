"""A virtual screen on this system, which programs inside a root can use as well."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from installers.roots import BuildError

if TYPE_CHECKING:
    from collections.abc import Generator

SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - the X server's own place


@contextmanager
def virtual_screen() -> Generator[str]:
    """Run Xvfb and give its name, such as ``:7``; anybody on this machine may draw on it.

    Raises:
        BuildError: When Xvfb does not start.
    """
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-ac", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            number = server.stdout.readline().strip() if server.stdout else ""
            if not number:
                raise BuildError("没有启动虚拟屏幕（Xvfb）")
            yield f":{number}"
        finally:
            server.terminate()
