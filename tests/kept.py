"""Workspaces that were made once in this process, given again as if they had just been made.

Making an office takes a quarter of a second and a unit's workspace with its packets half a second,
and hundreds of tests begin with them. What a test makes first is kept under its story: what was
made one after another, and when. The next test with the same story gets a copy, opened
like a new one. A second office of one test is another story and so has another id and another key.

With `--database postgres` workspaces lie on a server (`tests.store.server.servers`), and are kept
there.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from fsdesk.holding import acquire
from fsdesk.store.engine import make_engine, sqlite_url
from fsdesk.store.opening import Opening
from fsdesk.store.server import address
from fsdesk.store.server.address import ServerAddress
from fsdesk.workspace import DATABASE, Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.store.server.servers import Databases

Story = tuple[object, ...]
# What belongs to an open workspace and not to its content.
_OPEN = shutil.ignore_patterns(f"{DATABASE}*", "fsdesk.lock", "fsdesk.holder.json")
_SHARED = 48  # the begin of SQLite's -shm file: it changes with every transaction


class Keeper:
    """Keeps what tests make, and knows what the running test made up to now."""

    def __init__(self) -> None:
        self._room = TemporaryDirectory(prefix="fsdesk-kept-")
        self._kept: dict[Story, Path] = {}
        self._test: Path | None = None
        self._made = 0
        self._stories: dict[Path, tuple[Story, bytes]] = {}
        # Where workspaces lie while tests run over a server; None while over files.
        self.databases: Databases | None = None

    def close(self) -> None:
        """Throw away what was kept."""
        self._room.cleanup()

    def begin(self, test: Path | None) -> None:
        """Begin a test by its folder; what is made elsewhere is not kept (None: no test)."""
        self._test, self._made = test, 0
        self._stories.clear()
        if self.databases is not None and test is None:
            self.databases.clear()

    def office(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        how: Story,
        make: Callable[[], Workspace],
    ) -> Workspace:
        """Give an office's workspace: a kept one, or the one that is made now."""
        if not self._may_keep(folder):
            return make()
        self._made += 1
        story = (self._made, clock(), *how)
        if story in self._kept:
            made = self._put(self._kept[story], folder, clock)
        else:
            made = make()
            self._kept[story] = kept = self._place()
            self._keep(made, kept)
        self._stories[folder] = story, self._state(folder)
        return made

    def unit(
        self,
        office: Workspace,
        folder: Path,
        clock: Callable[[], datetime],
        how: Story,
        make: Callable[[], Workspace],
    ) -> Workspace:
        """Give a unit's workspace, and the office and the packets as its making leaves them."""
        before, state = self._stories.get(office.folder, (None, b""))
        if before is None or state != self._state(office.folder) or not self._may_keep(folder):
            return make()
        issued = folder.parent / "issued"
        story = (before, office.clock(), clock(), *how)
        kept = self._kept.get(story)
        if kept:
            self._put_back(kept / "office", office)
            shutil.copytree(kept / "issued", issued, dirs_exist_ok=True)
            made = self._put(kept / "unit", folder, clock)
        else:
            made = make()
            self._kept[story] = kept = self._place()
            self._keep(office, kept / "office")
            self._keep(made, kept / "unit")
            shutil.copytree(issued, kept / "issued")
        self._stories[office.folder] = story, self._state(office.folder)
        return made

    def whole(self, folder: Path, how: Story, make: Callable[[], object]) -> None:
        """Let a new folder hold what is made in it: closed workspaces, and files beside them."""
        if how in self._kept:
            shutil.copytree(self._kept[how], folder)
            self._copy_databases(folder, passing=self.is_of_test(folder))
        else:
            make()
            self._kept[how] = kept = self._place()
            shutil.copytree(folder, kept)
            self._copy_databases(kept, passing=False)

    def is_of_test(self, folder: Path) -> bool:
        """Tell whether a folder goes with the running test, and doesn't serve several."""
        return self._test is not None and self._test in folder.parents

    def _may_keep(self, folder: Path) -> bool:
        return self.is_of_test(folder) and not folder.exists()

    def _place(self) -> Path:
        return Path(self._room.name, str(len(self._kept)))

    def _keep(self, workspace: Workspace, place: Path) -> None:
        shutil.copytree(workspace.folder, place, ignore=_OPEN)
        if workspace.is_in_folder:
            _copy_database(workspace.folder / DATABASE, place / DATABASE)
        else:
            workspace.engine.dispose()  # a database that is in use can't be copied
            self._copy_databases(place, passing=False)

    def _put(self, kept: Path, folder: Path, clock: Callable[[], datetime]) -> Workspace:
        """Copy a kept workspace, and open it as a new one is open."""
        shutil.copytree(kept, folder)
        self._copy_databases(folder, passing=True)
        if address.is_on_server(folder):
            return open_workspace(folder, clock=clock)
        engine = make_engine(sqlite_url(folder / DATABASE))
        lock, opening = acquire(folder), Opening(folder / DATABASE)
        return Workspace(folder, engine, clock, lock, _opening=opening)

    def _put_back(self, kept: Path, workspace: Workspace) -> None:
        """Bring an open workspace to a later state of its own story."""
        shutil.copytree(kept / "packets", workspace.packets, dirs_exist_ok=True)
        if workspace.is_in_folder:
            _copy_database(kept / DATABASE, workspace.folder / DATABASE)
        else:
            workspace.engine.dispose()
            assert self.databases is not None
            self.databases.put_in_place(_name(kept), _name(workspace.folder))

    def _copy_databases(self, folder: Path, *, passing: bool) -> None:
        """Give each workspace on a server in a copied folder a database of its own."""
        for file in folder.rglob(address.FILE):
            there = address.remembered(file.parent)
            assert there is not None
            assert self.databases is not None
            name = self.databases.new(there.address.database, passing=passing)
            moved = ServerAddress.parse(
                there.address.text.replace(f"/{there.address.database}?", f"/{name}?")
            )
            address.remember(file.parent, moved, there.workspace)

    def _state(self, folder: Path) -> bytes:
        """Return what changes with every transaction of an open database."""
        if address.is_on_server(folder) and self.databases is not None:
            return self.databases.state()
        shared = folder / f"{DATABASE}-shm"
        if not shared.is_file():
            return b""
        with shared.open("rb") as stream:
            return stream.read(_SHARED)


def _name(folder: Path) -> str:
    there = address.remembered(folder)
    assert there is not None
    return there.address.database


def _copy_database(file: Path, other: Path) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(other)) as target:
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)


KEEPER = Keeper()
