"""What is kept of a workspace's having been put back; see `fsdesk.domain.restored`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.restored import RESTORED, Restored
from fsdesk.store.settings import load_setting, save_setting

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.supervision.letters import LetterKind
    from fsdesk.store.session import Session, Writing


def load_restored(session: Session) -> Restored | None:
    """Return how the workspace was last put back; None when it never was."""
    values = load_setting(session, RESTORED)
    return from_plain(Restored, values) if values else None


def letter_number(session: Session, kind: LetterKind, year: int) -> int:
    """Return the highest number of a series known to be given before a putting back, else 0."""
    found = load_restored(session)
    return found.letters.get(f"{kind}/{year}", 0) if found else 0


def next_revision(session: Session, plan: Plan) -> int:
    """Return the number of a plan's next revision: none that others may have is given again."""
    found = load_restored(session)
    return max(plan.revision, found.revision if found else 0) + 1


def note_told(writing: Writing, restored: Restored) -> None:
    """Note that the user was told that the workspace was put back."""
    save_setting(writing, RESTORED, to_plain(replace(restored, told=True)))
