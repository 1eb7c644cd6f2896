"""The Word templates that the office may put its own in place of: the bulletin's, the letters'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.files import copy_file, read_bytes, remove, save_bytes
from fsdesk.services.plan.planning import require_office
from fsdesk.store import shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.workspace import Workspace

_FOLDER = "templates"


class WordTemplate(Struct, frozen=True):
    """A template that may be replaced.

    Attributes:
        name: What its file in the workspace is called, without ending.
        default: Gives the one that comes with the program.
        try_out: Makes something from another; raises when that can't be done.
    """

    name: str
    title: str
    default: Callable[[Workspace], bytes]
    try_out: Callable[[Workspace, bytes], object]

    def place(self, workspace: Workspace) -> Path:
        """Where the office's own is kept."""
        return workspace.folder / _FOLDER / f"{self.name}.docx"


def copy_own(source: Path, target: Path) -> None:
    """Let another workspace use the office's own templates of this one, by the two's folders.

    Raises:
        InputRejectedError: When one can't be read or written.
    """
    shared = shelf.around(source / _FOLDER)
    if shared is not None:
        shared.bring_templates()
    for template in sorted((source / _FOLDER).glob("*.docx")):
        copy_file(template, target / _FOLDER / template.name)
        _share(target / _FOLDER / template.name)


def in_use(workspace: Workspace, template: WordTemplate) -> bytes:
    """Return the office's own template, or the default one."""
    own = _present(workspace, template)
    return read_bytes(own) if own.is_file() else template.default(workspace)


def is_own(workspace: Workspace, template: WordTemplate) -> bool:
    """Tell whether the office has put its own in place of the default one."""
    return _present(workspace, template).is_file()


def _present(workspace: Workspace, template: WordTemplate) -> Path:
    """Return where the office's own is kept, as whichever desk changed it last left it."""
    place = template.place(workspace)
    shared = shelf.around(place)
    if shared is not None:
        shared.renew(place)
    return place


def _share(place: Path) -> None:
    """Let other desks have a template as well, with the next transaction."""
    shared = shelf.around(place)
    if shared is not None:
        shared.note(place)


def export(workspace: Workspace, template: WordTemplate, file: Path) -> None:
    """Write the template in use as a Word file, to be edited.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    save_bytes(file, in_use(workspace, template))


def take(workspace: Workspace, template: WordTemplate, file: Path) -> None:
    """Put an edited template in place, once something whole could be made from it.

    Raises:
        InputRejectedError: When this isn't the office, it can't be read, or names what there is
            not; the template that was in use stays.
    """
    require_office(workspace, f"换用{template.title}模板")
    data = read_bytes(file)
    template.try_out(workspace, data)
    save_bytes(template.place(workspace), data)
    _store(workspace, template)


def reset(workspace: Workspace, template: WordTemplate) -> None:
    """Go back to the default template."""
    remove(template.place(workspace))
    _store(workspace, template)


def _store(workspace: Workspace, template: WordTemplate) -> None:
    if workspace.is_on_server:
        _share(template.place(workspace))
        with workspace.writing():
            pass
