"""What is kept of a workspace's having been put back; see `fsdesk.domain.restored`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.restored import RESTORED, Restored
from fsdesk.store import audit
from fsdesk.store.settings import load_setting, save_setting

if TYPE_CHECKING:
    from fsdesk.store.session import Session, Writing


def load_restored(session: Session) -> Restored | None:
    """Return how the workspace was last put back; None when it never was."""
    values = load_setting(session, RESTORED)
    return from_plain(Restored, values) if values else None


def note_told(writing: Writing, restored: Restored) -> None:
    """Log that the workspace was put back, and that the user was told."""
    audit.log(writing, "restore", "workspace", None, to_plain(restored))
    save_setting(writing, RESTORED, to_plain(replace(restored, told=True)))
