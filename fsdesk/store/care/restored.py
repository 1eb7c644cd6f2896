"""What is kept of a workspace's having been put back; see `fsdesk.domain.restored`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.restored import RESTORED, Restored
from fsdesk.store.settings import load_setting, save_setting

if TYPE_CHECKING:
    from fsdesk.store.session import Session, Writing


def load_restored(session: Session) -> Restored | None:
    """Return how the workspace was last put back; None when it never was."""
    values = load_setting(session, RESTORED)
    return from_plain(Restored, values) if values else None


def given_letters(session: Session) -> set[str]:
    """Return, for each series, the key of the last letter given before a putting back."""
    found = load_restored(session)
    return {f"{series}/{number}" for series, number in found.letters.items()} if found else set()


def given_revision(session: Session) -> int:
    """Return the highest revision of a plan given before a putting back, else 0."""
    found = load_restored(session)
    return found.revision if found else 0


def note_told(writing: Writing, restored: Restored, desk: str = "") -> None:
    """Note that the user was told that the workspace was put back.

    `desk`: which of those that share a workspace on a server.
    """
    known = load_restored(writing.session) or restored  # another desk may have been told meanwhile
    desks = tuple(sorted({*known.desks, desk})) if desk else known.desks
    save_setting(writing, RESTORED, to_plain(replace(known, told=True, desks=desks)))
