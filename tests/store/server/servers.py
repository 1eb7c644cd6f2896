"""The databases of tests on a PostgreSQL server of their own, see `fsdesk.bench.cluster`.

The server is made once by each process that needs it, and ends with it. Each workspace lies in a
database of its own there, so that a kept one is copied as PostgreSQL copies databases, in a tenth
of a second.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from fsdesk.bench.cluster import SCHEMA
from fsdesk.store import migrate
from fsdesk.store.engine import make_engine
from fsdesk.store.server.connection import make_schema

if TYPE_CHECKING:
    from fsdesk.bench.cluster import Server


class Databases:
    """The databases of one process on a server, each for one workspace."""

    def __init__(self, server: Server, worker: str) -> None:
        self.server, self._worker = server, worker
        self._numbers = count(1)
        self._passing: list[str] = []
        self._with_tables = ""
        url = server.address("postgres").replace("postgresql:", "postgresql+psycopg:")
        url = url.replace("&schema=fsdesk", "")
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def new(self, template: str = "template0", *, passing: bool = True) -> str:
        """Make a database, as a copy of another one; gives its name.

        `passing`: it goes with the running test.
        """
        name = f"fsdesk_{self._worker}_{next(self._numbers)}"
        self._copy(template, name)
        if passing:
            self._passing.append(name)
        return name

    def new_with_tables(self, *, passing: bool) -> str:
        """Make a database whose schema holds the empty tables already; see `new`."""
        if not self._with_tables:
            name = self.new(passing=False)
            engine = make_engine(self.server.address(name))
            make_schema(engine, SCHEMA)
            migrate.upgrade(engine)
            engine.dispose()
            self._with_tables = name
        return self.new(self._with_tables, passing=passing)

    def put_in_place(self, template: str, name: str) -> None:
        """Let a database hold what another one holds."""
        self._do(f'DROP DATABASE "{name}" WITH (FORCE)')
        self._copy(template, name)

    def clear(self) -> None:
        """Let go of the databases of the test that ended."""
        for name in self._passing:
            self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._passing.clear()

    def state(self) -> bytes:
        """Return what changes with every transaction that writes anywhere on the server."""
        with self._engine.connect() as connection:
            asked = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
            return str(connection.exec_driver_sql(asked).scalar()).encode()

    def close(self) -> None:
        """Let go of the server."""
        self._engine.dispose()

    def _copy(self, template: str, name: str) -> None:
        # By files: half the work of writing each page to the log first.
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def _do(self, text: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(text)
