"""Putting another database in the place of a closed workspace's: before or after, never between.

What is to be put in place is made ready in a folder of its own. Giving that folder its name is the
moment of decision: whatever ends the program later, the next opening goes on from there.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fsdesk import files
from fsdesk.domain.findings import FsdeskError
from fsdesk.store.care import raw

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_NEW, _OLD = "new", "old"


@contextmanager
def replacing(folder: Path, database: str) -> Generator[Path]:
    """Give an empty folder for files that go into a workspace's place, its database among them.

    When the block ends well, they replace those of the workspace, the database last. When it ends
    in a fault, or they can't be put in place, all is as it was.
    InputRejectedError when they can't be.
    """
    with files.scratch(folder / database) as aside:
        new, old = aside / _NEW, aside / _OLD
        files.make_folder(new)
        files.make_folder(old)
        yield new
        for name in _files_of(new):
            if name != database and (folder / name).is_file():
                files.copy_file(folder / name, old / name)
        files.move(aside, folder / raw.READY)
        try:
            finish(folder, database)
        except FsdeskError:
            _take_back(folder, database)
            raise


def finish(folder: Path, database: str) -> None:
    """Go on with what was decided and interrupted; nothing when nothing was.

    InputRejectedError when a file can't be put in place.
    """
    ready = folder / raw.READY
    if not ready.is_dir():
        return
    if (ready / _NEW / database).is_file():
        for name in raw.beside(database):
            if (folder / name).is_file():
                files.move(folder / name, ready / _OLD / name)
        files.move_tree(ready / _NEW, folder, last=database)
    files.discard(ready)


def is_waiting(folder: Path) -> bool:
    """Tell whether something was decided and interrupted."""
    return (folder / raw.READY).is_dir()


def _take_back(folder: Path, database: str) -> None:
    """Bring back what was replaced, unless the database was: then all of it was."""
    ready = folder / raw.READY
    if (ready / _NEW / database).is_file():
        files.move_tree(ready / _OLD, folder)
        files.remove(ready / _NEW / database)  # without it nothing is left to go on with
    files.discard(ready)


def _files_of(folder: Path) -> list[str]:
    return [
        item.relative_to(folder).as_posix() for item in sorted(folder.rglob("*")) if item.is_file()
    ]
