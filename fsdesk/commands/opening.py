"""Opening the workspace that a command works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.output import tell
from fsdesk.workspace import Workspace, default_folder, open_workspace

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path


def opened(options: Namespace, *, write: bool) -> Workspace:
    """Open the workspace that the options name, and tell what is worth knowing of it."""
    workspace = open_workspace(folder_of(options), options.database, write=write)
    for found in workspace.warnings:
        tell(str(found))
    return workspace


def folder_of(options: Namespace) -> Path:
    """Return the workspace folder that the options name."""
    return options.workspace or default_folder()
