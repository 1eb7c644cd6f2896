"""Tables of the ledgers: declarations, rows, and what many rows share."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, false

from fsdesk.store.tables import Base

# The declaration of a ledger as JSON, and in which slot each of its columns lies.
LEDGER = Table(
    "ledger",
    Base.metadata,
    Column("code", String, primary_key=True),
    Column("position", Integer, nullable=False),
    *(Column(each, String, nullable=False) for each in ("title", "columns", "key")),
    *(Column(each, String, nullable=False, server_default="[]") for each in ("feeds", "rules")),
    Column("slots", String, nullable=False, server_default="{}"),
    Column("keyed_by_unit", Boolean, nullable=False, server_default=false()),
)
# Who wrote rows of ledgers when, and with which packet or file they came.
LEDGER_BATCH = Table(
    "ledger_batch",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    *(Column(each, String, nullable=False) for each in ("at", "who", "packet")),
)
# The values of the columns with few different values, once for all rows that share them.
LEDGER_FACET = Table(
    "ledger_facet",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("ledger", String, ForeignKey("ledger.code"), nullable=False),
    Column("content", String, nullable=False),
    Index("ix_ledger_facet_content", "ledger", "content", unique=True),
)
# A natural key that rows of several units have, or once had. It is noted when rows are written:
# looking for such keys among a million rows would take longer than all that is counted. Who holds
# it now is asked of the rows.
LEDGER_DOUBLE = Table(
    "ledger_double",
    Base.metadata,
    Column("ledger", String, ForeignKey("ledger.code"), primary_key=True),
    Column("key", String, primary_key=True),
)
# How many columns of text and of numbers a ledger may have.
TEXT_SLOTS, NUMBER_SLOTS = 24, 12
LEDGER_ENTRY = Table(
    "ledger_entry",
    Base.metadata,
    # A version of a row. What a column holds lies in the slot that the ledger's declaration
    # names: real columns, since the database groups, filters and sorts them many times faster
    # than JSON.
    Column("n", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("ledger", String, ForeignKey("ledger.code"), nullable=False),
    Column("unit", String, nullable=False),
    Column("key", String, nullable=False),
    Column("revision", String, nullable=False),
    Column("state", Integer, nullable=False),
    Column("facet", Integer, nullable=False),
    Column("batch", Integer, nullable=False),
    Column("more", String, nullable=False),
    *(Column(f"t{number}", String) for number in range(1, TEXT_SLOTS + 1)),
    *(Column(f"n{number}", Float) for number in range(1, NUMBER_SLOTS + 1)),
    Index("ix_ledger_entry_id", "id"),
    Index("ix_ledger_entry_key", "ledger", "key", "unit"),
    Index("ix_ledger_entry_shown", "ledger", "state"),
    Index("ix_ledger_entry_facet", "ledger", "state", "facet", "unit"),
)
