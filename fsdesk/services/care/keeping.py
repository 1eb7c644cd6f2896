"""What goes on by itself while a workspace is open: copies, and a look for damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.services.care.maintenance import is_in_folder
from fsdesk.store.care import copies
from fsdesk.store.verification.database import explained, problems_in
from fsdesk.workspace import DATABASE

if TYPE_CHECKING:
    from fsdesk.domain.findings import Finding
    from fsdesk.workspace import Workspace

__all__ = ["explained", "keep_copy", "look_for_damage"]

_LARGE = 64 << 20  # bytes; to read every record of more takes minutes, so that is left to verify


def keep_copy(workspace: Workspace) -> tuple[Finding, ...]:
    """Copy the database if enough was changed since the last copy; see `copies.keep`."""
    if not is_in_folder(workspace):
        return ()
    return copies.keep(workspace.folder, workspace.engine, workspace.clock())


def look_for_damage(workspace: Workspace) -> tuple[Finding, ...]:
    """Look through the database; returns what to tell where it is damaged.

    Of a large one only the pages are looked at, not each record.
    """
    if not is_in_folder(workspace):
        return ()
    file = workspace.folder / DATABASE
    if file.stat().st_size > _LARGE:
        problems = copies.problems_of(file, finished=False)
    else:
        problems = problems_in(file)
    return (copies.of_damage(workspace.folder, problems),) if problems else ()
