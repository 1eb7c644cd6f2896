"""Another state in the place of a workspace on a server; what was there goes into a schema beside.

The tables stay the ones that they are, so that the rights of accounts and what looks at them hold
on. All of it is one transaction: whatever ends it, the state before stands or the one after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import MetaData, delete, insert, select
from sqlalchemy.orm import Session

from fsdesk.domain.findings import workspace_error
from fsdesk.store import audit, kept, migrate
from fsdesk.store.engine import make_engine
from fsdesk.store.server.address import LONGEST_NAME
from fsdesk.store.server.connection import SET_ASIDE, has_schema
from fsdesk.store.server.listening import tell_others
from fsdesk.store.server.transfer import go_on_counting, rows_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Table

    from fsdesk.store.server.address import ServerAddress


class NewState(Struct, frozen=True):
    """What a workspace on a server shall hold.

    Attributes:
        database: A SQLite file of the present schema.
        files: The folder of the packets and evidence that go with it.
        instead_of: The newest line of the change log as it was looked at before.
        aside: The schema that gets what is there now; see `unused_schema`.
    """

    database: Path
    files: Path
    instead_of: audit.Line | None
    aside: str


def unused_schema(address: ServerAddress, now: datetime) -> str:
    """Return a name for the schema that what is there now goes to."""
    ending = f"_before_{now:%Y%m%d_%H%M%S}"
    wanted = address.schema[: LONGEST_NAME - len(ending) - 2] + ending
    engine = make_engine(address.text)
    try:
        with engine.connect() as connection:
            names = (wanted, *(f"{wanted}_{number}" for number in range(2, 10)))
            return next(name for name in names if not has_schema(connection, name))
    finally:
        engine.dispose()


def put_in_place(address: ServerAddress, new: NewState) -> None:
    """Let a workspace on a server hold another state.

    No packet and no evidence file goes, and the signing key stays.
    WorkspaceError when something was stored there meanwhile, the account may not do it, or the
    server can't be reached.
    """
    engine = make_engine(address.text)
    try:
        with (
            rows_of(new.database) as rows,
            engine.execution_options(writes=True).begin() as connection,
        ):
            _check(connection, new.instead_of)
            _set_aside(connection, address.schema, new.aside)
            # Its rows are kept; only so can others take their place.
            connection.exec_driver_sql("ALTER TABLE change DISABLE TRIGGER USER")
            for table in reversed(rows.tables):
                connection.execute(delete(table))
            rows.write(connection)
            connection.exec_driver_sql("ALTER TABLE change ENABLE TRIGGER USER")
            with Session(connection) as session:
                kept.bring_in(session, new.files)
                tell_others(session, "")
    finally:
        engine.dispose()


def _check(connection: Connection, instead_of: audit.Line | None) -> None:
    with Session(connection) as session:
        migrate.check_present(session)
        if audit.newest(session) != instead_of:
            raise workspace_error(
                "比较期间另一台电脑又保存了内容，没有恢复，数据没有变动",
                "请通知其他电脑暂停填报，重新核对后再恢复",
            )


def _set_aside(connection: Connection, schema: str, aside: str) -> None:
    """Copy all that a schema holds into a new one, which is a workspace like it, and noted."""
    connection.exec_driver_sql(f'CREATE SCHEMA "{aside}"')
    connection.exec_driver_sql(f"""COMMENT ON SCHEMA "{aside}" IS '{SET_ASIDE}'""")
    connection.exec_driver_sql(f'SET LOCAL search_path TO "{aside}"')
    migrate.apply(connection)
    connection.exec_driver_sql(f'SET LOCAL search_path TO "{schema}"')
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    for table in found.sorted_tables:
        _copy(connection, table, table.to_metadata(MetaData(), schema=aside))


def _copy(connection: Connection, source: Table, target: Table) -> None:
    names = [column.name for column in source.columns]
    connection.execute(insert(target).from_select(names, select(source)))
    go_on_counting(connection, target)
