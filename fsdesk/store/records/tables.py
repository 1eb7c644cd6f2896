"""Tables of what is recorded, reported and reviewed; see `fsdesk.store.tables`."""

from typing import Any

from sqlalchemy import Boolean, Column, Date, Double, Index, Integer, String, Table, text

from fsdesk.store.tables import Base

_LEADING = text("leading")


def _texts(*names: str, default: str | None = None) -> list[Column[str]]:
    """Return columns of text that are never null."""
    return [Column(each, String, nullable=False, server_default=default) for each in names]


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
        *_texts("item", "unit", "period", "revision"),
        Column("leading", Boolean, nullable=False),
        *_texts("recorded_at", "recorded_by"),
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
    *_texts("note"),
)
PROGRESS_REPORT = _records(
    "progress_report",
    Column("status", String),
    *_texts("text", "problems", "next_steps"),
)
MILESTONE = _records(
    "milestone",
    Column("status", String),
    Column("done_on", Date),
    *_texts("evidence"),
)


# A unit's report for a period.
SUBMISSION = Table(
    "submission",
    Base.metadata,
    *(Column(each, String, primary_key=True) for each in ("unit", "period")),
    *_texts("state", "made_at", "received_at", "packet", "digest", "comment"),
    *_texts("reviewed_at", default=""),
)
# A unit's data of a period that does not count (不计入).
LEFT_OUT = Table(
    "left_out",
    Base.metadata,
    *(Column(each, String, primary_key=True) for each in ("unit", "period")),
    *_texts("reason", "decided_at", "decided_by"),
)
# A packet that was sent or received; the file itself lies in the workspace folder.
PACKET = Table(
    "packet",
    Base.metadata,
    Column("digest", String, primary_key=True),
    *_texts("id", "direction", "kind", "unit", "period", "author", "made_at", "handled_at"),
    Column("plan_revision", Integer, nullable=False),
    *_texts("file"),
    *_texts("signature", default=""),
    Column("log_end", Integer, nullable=False, server_default="0"),
    Column("rows_end", Integer, nullable=False, server_default="0"),
    *_texts("name", "contents", "held", "mark", default=""),
    Index("ix_packet_unit", "unit", "period"),
)
# The office's words on one record of a report, or on the whole of it, and the answer. What is said
# of the whole has the kind ``report`` and no item.
REVIEW_COMMENT = Table(
    "review_comment",
    Base.metadata,
    *(Column(each, String, primary_key=True) for each in ("kind", "item", "unit", "period")),
    *_texts("comment", "commented_at"),
    *_texts("answer", "words", "answered_at", default=""),
)
