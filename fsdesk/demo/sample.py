"""The sample workspace: a year to play with before one's own data come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.demo import demo
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import reject
from fsdesk.files import save_text
from fsdesk.services.care.known import SAMPLE
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from fsdesk.domain.steps import Progress
    from fsdesk.workspace import Workspace

_DONE = "sample.done"


def prepare(folder: Path) -> Generator[Progress, None, Path]:
    """Make the sample, unless it is there; one that was broken off is made anew.

    The folder takes the office's and all units' workspaces; its name ends in `SAMPLE`.

    Raises:
        InputRejectedError: When the folder holds something else.
    """
    if not folder.name.endswith(SAMPLE):
        raise reject(f"“{folder.name}”不是示例工作区的文件夹名", f"请用“{SAMPLE}”结尾的名称")
    if not (folder / _DONE).is_file():
        yield from demo.make_demo(folder)
        save_text(folder / _DONE, "")
    return folder


def open_sample(folder: Path, unit: str = "") -> Workspace:
    """Open the sample as the office, or as one of its units by its code."""
    if not unit:
        return open_workspace(folder / "office")
    name = load_builtin_plan(demo.DEMO_YEAR).directory.name(unit)
    return open_workspace(folder / "units" / name)
