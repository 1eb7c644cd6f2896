"""What was typed and not stored yet, by place: kept beside the data, and no change of it.

Nothing of this is logged, counted or sent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.drafts import FieldDraft
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fsdesk.store.session import Session, Writing


class FieldDraftRow(Base):
    """A field's content as it was typed, as JSON."""

    __tablename__ = "field_draft"

    place: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    base: Mapped[str]
    at: Mapped[str]


def load_drafts(session: Session, desk: str = "") -> dict[str, FieldDraft]:
    """Return all drafts of a desk by place; one that can't be read is passed over."""
    found: dict[str, FieldDraft] = {}
    for row in session.scalars(select(FieldDraftRow).order_by(FieldDraftRow.place)):
        if not row.place.startswith(_of(desk)):
            continue
        try:
            found[row.place.removeprefix(_of(desk))] = FieldDraft(
                json.loads(row.value), json.loads(row.base)
            )
        except ValueError:  # damaged; what is whole shall not wait for it
            continue
    return found


def _of(desk: str) -> str:
    """Return what stands before the places of a desk where several have one database."""
    return f"{desk}@/" if desk else ""


def save_drafts(writing: Writing, drafts: Mapping[str, FieldDraft | None], desk: str = "") -> None:
    """Keep drafts by place; None takes one away.

    `desk`: whose they are, where several desks work in one database.
    """
    gone = [_of(desk) + place for place, draft in drafts.items() if draft is None]
    if gone:
        writing.session.execute(delete(FieldDraftRow).where(FieldDraftRow.place.in_(gone)))
    for place, draft in drafts.items():
        if draft is not None:
            value, base = (json.dumps(it, ensure_ascii=False) for it in (draft.value, draft.base))
            row = FieldDraftRow(place=_of(desk) + place, value=value, base=base, at=writing.at)
            writing.session.merge(row)
