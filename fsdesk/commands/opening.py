"""Opening the workspace that a command works on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fsdesk import unforeseen
from fsdesk.commands.output import tell
from fsdesk.domain.findings import PartlyDoneError, notice
from fsdesk.workspace import Workspace, default_folder, open_workspace

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def opened(options: Namespace, *, write: bool) -> Generator[Workspace]:
    """Open the workspace that the options name, and tell what is worth knowing of it.

    What fails in the block after something was stored is told as done in part.
    """
    with open_workspace(folder_of(options), options.database, write=write) as workspace:
        for found in workspace.warnings:
            tell(str(found))
        before = workspace.stored  # that it was put back is noted as it opens
        try:
            yield workspace
        except PartlyDoneError:
            raise
        except Exception as problem:
            if workspace.stored == before:
                raise
            found = unforeseen.told(problem, workspace.folder / "logs")
            raise PartlyDoneError(notice("改动已保存，但后面的步骤没有完成"), *found) from problem


def folder_of(options: Namespace) -> Path:
    """Return the workspace folder that the options name."""
    return options.workspace or default_folder()
