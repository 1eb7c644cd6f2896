"""What an account finds in a database of a server, before a workspace is chosen there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.domain.accounts import FoundSchema, FoundSchemas
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.store.engine import make_engine
from fsdesk.store.server.connection import SET_ASIDE

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from fsdesk.store.server.address import ServerAddress

_SCHEMAS = """
SELECT n.nspname,
  has_schema_privilege(n.oid, 'USAGE'),
  has_schema_privilege(n.oid, 'CREATE'),
  w.oid IS NOT NULL,
  COALESCE(has_table_privilege(w.oid, 'SELECT'), FALSE),
  COALESCE(has_table_privilege(c.oid, 'INSERT'), FALSE),
  EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = n.oid),
  COALESCE(obj_description(n.oid, 'pg_namespace') = %(aside)s, FALSE)
FROM pg_namespace n
LEFT JOIN pg_class w ON w.relnamespace = n.oid AND w.relname = 'workspace' AND w.relkind = 'r'
  AND EXISTS (
    SELECT FROM pg_class v WHERE v.relnamespace = n.oid AND v.relname = 'alembic_version'
  )
LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'change' AND c.relkind = 'r'
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname COLLATE "C"
"""


def look_around(address: ServerAddress) -> FoundSchemas:
    """Return the schemas of a database, and what the account may do there.

    WorkspaceError when the server can't be reached or doesn't fit; nothing is changed.
    """
    engine = make_engine(address.text)
    try:
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(_SCHEMAS, {"aside": SET_ASIDE}).all()
            asked = "SELECT has_database_privilege(current_database(), 'CREATE')"
            may_make = bool(connection.exec_driver_sql(asked).scalar())
            found = tuple(_schema(connection, tuple(row)) for row in rows)
    finally:
        engine.dispose()
    return FoundSchemas(found, may_make)


def _schema(connection: Connection, row: tuple[Any, ...]) -> FoundSchema:
    name, may_use, may_create, holds, may_select, may_insert, anything, aside = row
    may_read = may_use and holds and may_select
    whose = _whose(connection, name) if may_read else ""
    return FoundSchema(
        name=name,
        whose=f"{whose}（恢复前的数据）" if aside and whose else whose,
        holds=holds,
        may_read=may_read,
        may_write=may_read and may_insert,
        may_fill=may_use and may_create and not anything,
    )


def _whose(connection: Connection, schema: str) -> str:
    # One schema at a time, as everywhere: they may lie on machines of their own.
    quoted = schema.replace('"', '""').replace("%", "%%")
    row = connection.exec_driver_sql(
        f'SELECT w.role, w.unit, w.year, u.name FROM "{quoted}".workspace w '  # noqa: S608 - quoted
        f'LEFT JOIN "{quoted}".unit u ON u.year = w.year AND u.code = w.unit'
    ).first()
    if row is None:
        return ""
    role = "（汇总端）" if row.role == WorkspaceRole.OFFICE else ""
    return f"{row.name or row.unit}{role} {row.year} 年"
