"""Tables of the workspace database that every opening needs; migrations make the schema itself.

The tables of a subject lie in its folder, so that nothing is declared that isn't asked for. Plain
tables are declared in a fifth of the time that classes are mapped in, which every start pays.
"""

from sqlalchemy import Column, Integer, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of the mapped tables; all others are in its `metadata` too."""


class SettingRow(Base):
    """A setting as JSON text."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


# Whose workspace this is: exactly one row.
WORKSPACE = Table(
    "workspace",
    Base.metadata,
    Column("id", String, primary_key=True),
    *(Column(each, String, nullable=False) for each in ("role", "unit")),
    Column("year", Integer, nullable=False),
    *(Column(each, String, nullable=False) for each in ("created_at", "program_version")),
)
# A line of the append-only change log, chained by digests.
CHANGE = Table(
    "change",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    *(Column(each, String, nullable=False) for each in ("at", "who", "workspace", "action")),
    Column("subject", String, nullable=False),
    *(Column(each, String) for each in ("before", "after")),
    *(Column(each, String, nullable=False) for each in ("packet", "previous", "digest")),
)
