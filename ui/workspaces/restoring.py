"""从备份恢复: from the menu, the start page, and the page of a workspace that can't be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ui.workspaces.choices import WorkspaceDoors


def restore_from_backup(doors: WorkspaceDoors, folder: Path | None) -> None:
    """Ask for a backup file and a folder, bring the workspace back there, and open it.

    `folder`: the workspace that is open, or the one that could not be opened; None where no
    workspace was there yet.
    """
    from fsdesk.services.care import maintenance
    from fsdesk.workspace import DATABASE

    file = doors.files.open_one("选择备份文件", ("备份文件 (*.zip)",), "backup")
    if file is None:
        return
    chosen = folder
    if chosen is None or (chosen / DATABASE).exists():
        chosen = doors.files.folder("选择一个空文件夹，恢复到那里", "restore")
    if chosen is None:
        return
    doors.runner.run(
        lambda: maintenance.restore(file, chosen),
        lambda _: doors.switch_to(chosen),
        title="正在从备份恢复",
    )
