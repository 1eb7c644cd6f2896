"""What other desks store is heard of at once: PostgreSQL's LISTEN and NOTIFY.

https://www.postgresql.org/docs/15/sql-notify.html
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import WorkspaceError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

_CHANNEL = "fsdesk_changed"


def tell_others(session: Session, author: str) -> None:
    """Tell the other desks, once this transaction is through, that something was stored.

    `author`: the id under which edits are counted, by which a desk knows its own.
    """
    # Channels are known in the whole database, in which other workspaces lie as well.
    session.connection().exec_driver_sql(
        "SELECT pg_notify(%(channel)s, current_schema() || ' ' || %(author)s)",
        {"channel": _CHANNEL, "author": author},
    )


class Listener:
    """Hears of what others store in a workspace on a server, by a connection of its own."""

    def __init__(self, engine: Engine, author: str) -> None:
        """Begin without a connection.

        `author`: the own id, see `tell_others`.
        """
        self._engine, self._author = engine, author
        self._schema = ""
        self._pooled: object = None  # it would close the connection when nobody held it
        self._connection: Any = None
        self._missed = False

    def heard(self) -> bool:
        """Tell whether others stored something since this was asked last; it waits for nothing.

        After a connection that broke they may have: then that is assumed, once it stands again.
        WorkspaceError when the server can't be reached.
        """
        from psycopg import Error

        try:
            if self._connection is None:
                self._connect()
                missed, self._missed = self._missed, False
                return missed
            told = [note.payload for note in self._connection.notifies(timeout=0)]
        except Error:  # whoever stores something is told of it in words
            self.close()
            self._missed = True
            return False
        except WorkspaceError:
            self._missed = True
            raise
        others = (text.partition(" ") for text in told)
        return any(schema == self._schema and who != self._author for schema, _, who in others)

    def close(self) -> None:
        """Let go of the connection."""
        connection, self._connection, self._pooled = self._connection, None, None
        if connection is not None:
            with suppress(Exception):
                connection.close()

    def _connect(self) -> None:
        pooled = self._engine.connect()  # whose faults come out in words
        driver: Any = pooled.connection.driver_connection
        pooled.detach()
        try:
            driver.autocommit = True
            driver.execute(f"LISTEN {_CHANNEL}")
            (self._schema,) = driver.execute("SELECT current_schema()").fetchone()
        except BaseException:
            driver.close()
            raise
        self._pooled, self._connection = pooled, driver
