"""Tables of the workspace database as typed mappings; the schema itself is made by migrations.

Here is what every opening needs; the tables of a subject lie in its folder, so that nothing is
mapped that isn't asked for. Types are not written as text in modules of tables: SQLAlchemy would
have to read them again at each start.
"""

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all tables."""


class WorkspaceRow(Base):
    """Whose workspace this is: exactly one row."""

    __tablename__ = "workspace"

    id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    unit: Mapped[str]
    year: Mapped[int]
    created_at: Mapped[str]
    program_version: Mapped[str]


class SettingRow(Base):
    """A setting as JSON text."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class ChangeRow(Base):
    """One line of the append-only change log, chained by digests."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    who: Mapped[str]
    workspace: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    packet: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]
