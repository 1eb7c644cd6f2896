"""Units of work: one short transaction each, rolled back unless it ends well."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy import Engine


# Others hold a session while its transaction lasts, and hand it back to the store.
__all__ = ["Author", "Session", "Writing", "reading", "rows_changed", "writing"]


class Author(Struct, frozen=True):
    """Who changes something.

    Attributes:
        workspace: Id of the workspace in which it happens.
        edits: Id under which edits are counted. It begins with the workspace's id and goes on
            with what was drawn when the workspace was opened, so that no edit of an earlier state
            that came back, by whatever way, is ever numbered like one that others know.
        who: The person or unit, for people.
    """

    workspace: str
    edits: str
    who: str


class Writing(Struct, frozen=True):
    """A transaction that may change the database.

    Attributes:
        session: The SQLAlchemy session; only the store looks at it.
        at: Time of the transaction, ISO text in UTC; the same for all that it changes.
        packet: Id of the packet that is being taken, or empty.
    """

    session: Session
    author: Author
    at: str
    packet: str = ""


@contextmanager
def reading(engine: Engine) -> Generator[Session]:
    """Open a transaction that sees one state of the database and never writes.

    What is asked of it later is refused: it would begin another one, which nobody ends.
    """
    with Session(engine, close_resets_only=False) as session:
        yield session


@contextmanager
def writing(engine: Engine, author: Author, at: str, packet: str = "") -> Generator[Writing]:
    """Open a transaction that is committed when its block ends and rolled back when it fails."""
    with Session(engine) as session, session.begin():
        session.connection(execution_options={"writes": True})
        yield Writing(session, author, at, packet)


def rows_changed(writing: Writing) -> int | None:
    """Return how many rows its connection has changed so far; None where the database can't tell.

    Only the difference between two times means something.
    """
    writing.session.flush()
    driver = writing.session.connection().connection.driver_connection
    return getattr(driver, "total_changes", None)
