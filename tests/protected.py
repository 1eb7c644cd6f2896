"""Workspaces with a password, for tests: made without one, protected, and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.steps import run_through
from fsdesk.services.care import protecting
from fsdesk.store import vault
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.services.care.protecting import NewPassword
    from fsdesk.workspace import Workspace

PASSWORD = "一个足够长的密码"  # noqa: S105 - of tests


def protect(folder: Path, password: str = PASSWORD) -> NewPassword:
    """Set a password for a closed workspace."""
    wanted = protecting.new_password(folder, password)
    run_through(protecting.set_password(folder, wanted))
    return wanted


def protected(workspace: Workspace) -> Workspace:
    """Close a workspace, set a password, and open it again."""
    workspace.close()
    protect(workspace.folder)
    return open_workspace(workspace.folder, clock=workspace.clock)


def forget() -> None:
    """Be as a program that was given no password yet."""
    vault._opened.clear()
