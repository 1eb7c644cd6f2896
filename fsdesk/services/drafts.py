"""Keeping what was typed and not stored yet, so that neither window nor power cut takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.store.drafts import load_drafts, save_drafts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.domain.drafts import FieldDraft
    from fsdesk.workspace import Workspace


def kept(workspace: Workspace) -> Mapping[str, FieldDraft]:
    """Return what was typed and is not stored yet, by place such as ``inbox/k1/reply``."""
    with workspace.reading() as session:
        return load_drafts(session, workspace.desk)


def keep(workspace: Workspace, drafts: Mapping[str, FieldDraft | None]) -> None:
    """Keep what was typed, by place; None says that it was stored or given up.

    Raises:
        FsdeskError: When it can't be written.
    """
    with workspace.writing() as writing:
        save_drafts(writing, drafts, workspace.desk)
