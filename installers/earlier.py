"""Workspaces that programs of earlier packages left behind, opened by an installed program."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from installers.origin import ROOT
from installers.roots import BuildError

if TYPE_CHECKING:
    from pathlib import Path


class Run(Protocol):
    """Runs a command of the installed program on one workspace and gives what it printed."""

    def __call__(self, *command: str, succeeds: bool = True) -> str:
        """Raise BuildError when it ends otherwise than told."""
        ...


def backups() -> list[Path]:
    """Return backups of workspaces, one for each schema of the database."""
    return sorted((ROOT / "tests/golden/workspaces").glob("*.zip"))


def open_earlier(backup: str, database: Path, run: Run) -> None:
    """Restore an earlier workspace: its figures are kept, with a copy; a newer one is refused.

    The backup's place is as the program sees it, the database's as this system sees it.

    Raises:
        BuildError: When something is otherwise.
    """
    run("restore", backup)
    before = _figures(database)
    run("verify")
    if not before or before != _figures(database):
        raise BuildError(f"{backup}：升级后数据与升级前不同")
    copies = list(database.parent.glob("backups/before-*.db"))
    if [_figures(copy) for copy in copies] != [before]:
        raise BuildError(f"{backup}：升级前没有备份")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    told = run("verify", succeeds=False)
    if "更高版本" not in told:
        raise BuildError(f"没有拒绝更高版本的工作区：{told}")


def _figures(database: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        values = connection.execute("SELECT item, unit, period, value FROM data_value")
        return values.fetchall()
