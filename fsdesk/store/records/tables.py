"""Tables of what is recorded, reported and reviewed; see `fsdesk.store.tables`."""

from typing import Any

from sqlalchemy import Boolean, Column, Date, Double, Index, Integer, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.store.tables import Base

_LEADING = text("leading")


def _records(name: str, *content: Column[Any]) -> Table:
    """Return the table of a kind of records: identity, history and content of each version.

    Several versions of one record may stand side by side, when people edited it apart; one of
    them leads. Records are not tied to plan items by foreign keys: what was recorded outlives an
    item that a later revision of the plan drops.
    """
    return Table(
        name,
        Base.metadata,
        *content,
        Column("id", Integer, primary_key=True),
        *(Column(each, String, nullable=False) for each in ("item", "unit", "period", "revision")),
        Column("leading", Boolean, nullable=False),
        *(Column(each, String, nullable=False) for each in ("recorded_at", "recorded_by")),
        Index(f"ix_{name}_unit", "unit", "period", "item"),
        # A server's condition stands in the migrations alone: named here, it would load what
        # speaks to PostgreSQL for everybody who never does.
        Index(f"ix_{name}_leading", "unit", "period", "item", unique=True, sqlite_where=_LEADING),
    )


DATA_VALUE = _records(
    "data_value",
    Column("value", Double),
    Column("numerator", Double),
    Column("denominator", Double),
    Column("not_applicable", Boolean, nullable=False),
    Column("note", String, nullable=False),
)
PROGRESS_REPORT = _records(
    "progress_report",
    Column("status", String),
    *(Column(each, String, nullable=False) for each in ("text", "problems", "next_steps")),
)
MILESTONE = _records(
    "milestone",
    Column("status", String),
    Column("done_on", Date),
    Column("evidence", String, nullable=False),
)


class SubmissionRow(Base):
    """A unit's report for a period."""

    __tablename__ = "submission"

    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    made_at: Mapped[str]
    received_at: Mapped[str]
    packet: Mapped[str]
    digest: Mapped[str]
    comment: Mapped[str]
    reviewed_at: Mapped[str] = mapped_column(server_default="")


class LeftOutRow(Base):
    """A unit's data of a period that does not count (不计入)."""

    __tablename__ = "left_out"

    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    decided_at: Mapped[str]
    decided_by: Mapped[str]


class ReviewCommentRow(Base):
    """The office's words on one record of a report, or on the whole of it, and the answer.

    What is said of the whole has the kind ``report`` and no item.
    """

    __tablename__ = "review_comment"

    kind: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    comment: Mapped[str]
    commented_at: Mapped[str]
    answer: Mapped[str] = mapped_column(server_default="")
    words: Mapped[str] = mapped_column(server_default="")
    answered_at: Mapped[str] = mapped_column(server_default="")


class PacketRow(Base):
    """A packet that was sent or received; the file itself lies in the workspace folder."""

    __tablename__ = "packet"
    __table_args__ = (Index("ix_packet_unit", "unit", "period"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    direction: Mapped[str]
    kind: Mapped[str]
    unit: Mapped[str]
    period: Mapped[str]
    author: Mapped[str]
    made_at: Mapped[str]
    handled_at: Mapped[str]
    plan_revision: Mapped[int]
    file: Mapped[str]
    signature: Mapped[str] = mapped_column(server_default="")
    log_end: Mapped[int] = mapped_column(server_default="0")
    rows_end: Mapped[int] = mapped_column(server_default="0")
    name: Mapped[str] = mapped_column(server_default="")
    contents: Mapped[str] = mapped_column(server_default="")
    held: Mapped[str] = mapped_column(server_default="")
    mark: Mapped[str] = mapped_column(server_default="")
