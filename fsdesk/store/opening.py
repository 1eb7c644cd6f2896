"""One opening of a workspace: what its edits are counted under, and whose database it goes on with.

A database can come back from earlier: copied over, renamed, with its folder, with the disk. Nothing
that is stored can tell, since it comes back as well; so what tells one opening from all others is
drawn when the workspace is opened, and forgotten when it is closed.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from fsdesk.store import audit

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.findings import FsdeskError
    from fsdesk.store.audit import Line
    from fsdesk.store.session import Session

_MARK_BYTES = 5


class Opening:
    """What is drawn and noted while a workspace is open, and never stored.

    Attributes:
        mark: What tells this opening from all others, in hexadecimal digits.
        ended: Why nothing can be written any more; None while it can.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Begin with the database's file, where it is one."""
        self.mark = secrets.token_hex(_MARK_BYTES)
        self.ended: FsdeskError | None = None
        self._file = file
        self._node = _node(file)
        self._seen: Line | None = None

    def moved(self) -> bool:
        """Tell whether another file took the place of the one that was opened."""
        return self._node is not None and _node(self._file) != self._node

    def goes_on(self, session: Session) -> bool:
        """Tell whether the database still holds the newest line of the change log seen here."""
        seen = self._seen
        if seen is None or audit.newest(session) == seen:
            return True
        return audit.line(session, seen.id) == seen

    def note(self, line: Line | None) -> None:
        """Note the newest line of the change log."""
        self._seen = line


def _node(file: Path | None) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None when there is none."""
    if file is None:
        return None
    try:
        state = file.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
