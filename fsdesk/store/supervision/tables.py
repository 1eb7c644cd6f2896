"""Tables of letters, their drafts and what they press; see `fsdesk.store.tables`."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.store.tables import Base


class LetterRow(Base):
    """An official letter; its number is used once in its kind and year."""

    __tablename__ = "letter"

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    period: Mapped[str]
    drafted_on: Mapped[date]
    reply_by: Mapped[date]
    state: Mapped[str]
    body: Mapped[str] = mapped_column(server_default="")
    issued_on: Mapped[date | None]
    follows: Mapped[str] = mapped_column(server_default="")
    received_on: Mapped[date | None]
    reply: Mapped[str] = mapped_column(server_default="")
    replied_at: Mapped[str] = mapped_column(server_default="")
    wanted_until: Mapped[date | None]
    wanted_why: Mapped[str] = mapped_column(server_default="")
    wanted_answer: Mapped[str] = mapped_column(server_default="")
    closed_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(server_default="")
    objection: Mapped[str] = mapped_column(server_default="")
    ruling: Mapped[str] = mapped_column(server_default="")
    ruling_why: Mapped[str] = mapped_column(server_default="")
    word: Mapped[str] = mapped_column(server_default="")
    reopened_why: Mapped[str] = mapped_column(server_default="")


class LetterDraftRow(Base):
    """A letter that is not issued and has no number."""

    __tablename__ = "letter_draft"

    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    unit: Mapped[str]
    period: Mapped[str]
    items: Mapped[str]
    body: Mapped[str]
    follows: Mapped[str]
    reply_by: Mapped[date]
    drafted_on: Mapped[date]


class SupervisionCaseRow(Base):
    """A unit's task that is pressed by a letter."""

    __tablename__ = "supervision_case"
    __table_args__ = (
        ForeignKeyConstraint(
            ["kind", "year", "number"], ["letter.kind", "letter.year", "letter.number"]
        ),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(primary_key=True)
