"""Run by Alembic: applies the steps over the connection that `fsdesk.store.migrate` opened."""

from __future__ import annotations

from typing import Any

from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl
from sqlalchemy import Column, String, Table


class CodePointImpl(PostgresqlImpl):
    """Text on a server is compared and sorted as SQLite does it, whatever the server's language."""

    __dialect__ = "postgresql"

    def create_table(self, table: Table, **kw: Any) -> None:  # noqa: ANN401 - as of its base
        """Create a table."""
        for column in table.columns:
            _by_code_point(column)
        super().create_table(table, **kw)

    def add_column(self, table_name: str, column: Column[Any], **kw: Any) -> None:  # noqa: ANN401 - as of its base
        """Add a column."""
        _by_code_point(column)
        super().add_column(table_name, column, **kw)


def _by_code_point(column: Column[Any]) -> None:
    if isinstance(column.type, String) and column.type.collation is None:
        column.type = String(column.type.length, collation="C")


context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
