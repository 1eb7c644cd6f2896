"""Views over the workspaces of one database, for accounts that compare and write nowhere.

They hand on what each workspace keeps as published, and no figure is made in them: what is
compared is what the workspace itself shows. PostgreSQL ties a view to tables, not to names; so
who reads looks first whether the views still stand for the workspaces that are there.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import column, select, table, text

from fsdesk.domain.findings import workspace_error
from fsdesk.store.engine import make_engine
from fsdesk.store.server.connection import SET_ASIDE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from sqlalchemy import Connection

    from fsdesk.store.server.address import ServerAddress

SCHEMA = "fsdesk_reading"
# One row of what each workspace gives; {s} is its schema.
_VIEWS = {
    "workspace": """SELECT '{s}'::text AS schema, w.id, w.role, w.year, (
        SELECT value::jsonb ->> 'district' FROM {s}.setting WHERE name = 'office') AS district
        FROM {s}.workspace w""",
    "published": """SELECT '{s}'::text AS schema, id, period, at, who, occasion, change, status
        FROM {s}.published WHERE id IN (SELECT max(id) FROM {s}.published GROUP BY period)""",
    "received": """SELECT '{s}'::text AS schema, period, count(*) AS reports
        FROM {s}.submission WHERE state IN ('submitted', 'accepted', 'reopened') GROUP BY period""",
}
_WORKSPACE, _PUBLISHED, _RECEIVED = (
    table(name, *map(column, names.split()), schema=SCHEMA)
    for name, names in (
        ("workspace", "schema role year district"),
        ("published", "schema id period at who occasion change status"),
        ("received", "schema period reports"),
    )
)
# Whoever may look at nothing else sees the names of schemas and tables all the same.
_PRESENT = """SELECT n.nspname, coalesce(obj_description(n.oid, 'pg_namespace') = :aside, false)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relname IN ('workspace', 'published', 'change')
    GROUP BY n.oid, n.nspname HAVING count(*) = 3 ORDER BY n.nspname"""
_BEHIND = """SELECT DISTINCT n.nspname FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    JOIN pg_class c ON d.refclassid = 'pg_class'::regclass AND c.oid = d.refobjid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.ev_class = to_regclass(:view) AND c.oid <> r.ev_class AND c.relname = 'published'"""


class Renewed(Struct, frozen=True):
    """What the views came to hold.

    Attributes:
        schemas: The workspaces in them.
        left_out: Workspaces that are not, since the account may not read them.
    """

    schemas: tuple[str, ...]
    left_out: tuple[str, ...]


class District(Struct, frozen=True):
    """A workspace as the views tell of it; `name`: of its district, empty where nobody said it."""

    schema: str
    role: str
    year: int
    name: str


class PublishedAt(Struct, frozen=True):
    """What a workspace published last of a period; `status`: as it keeps it."""

    schema: str
    id: int
    period: str
    at: str
    who: str
    occasion: str
    change: int
    status: bytes


def renew(address: ServerAddress, readers: Sequence[str] = ()) -> Renewed:
    """Let the views stand for all workspaces of a database, and let accounts read them.

    `readers`: names of accounts that may read the views from now on.
    WorkspaceError when the account may not do that, or there is no such account.
    """
    with _connected(address, writes=True) as connection:
        present = _present(connection)
        readable = [schema for schema in present if _may_read(connection, schema)]
        ids = {schema: _id(connection, schema) for schema in readable}
        standing = {ids[schema] for schema in readable if not present[schema]}
        # What lay in a workspace before a restoring is no other district; alone it is that one.
        found = tuple(it for it in readable if not present[it] or ids[it] not in standing)
        if not found:
            raise workspace_error(
                f"数据库“{address.database}”中没有这个账号可以读取的工作区",
                "请核对地址中的数据库，或请管理员授予读取的权限",
            )
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        for name, each in _VIEWS.items():
            made = _all(each, found)
            connection.execute(text(f"CREATE OR REPLACE VIEW {SCHEMA}.{name} AS {made}"))
        for reader in readers:
            _let_read(connection, reader)
    return Renewed(found, tuple(schema for schema in present if schema not in readable))


def _present(connection: Connection) -> dict[str, bool]:
    """Return the schemas that hold workspaces, and of each whether it was set aside."""
    rows = connection.execute(text(_PRESENT), {"aside": SET_ASIDE})
    return {schema: aside for schema, aside in rows}  # noqa: C416 - rows are no plain pairs


def _id(connection: Connection, schema: str) -> str:
    asked = "SELECT id FROM {s}.workspace".replace("{s}", _in(schema, '"'))
    return str(connection.scalar(text(asked)))


def _may_read(connection: Connection, schema: str) -> bool:
    asked = text(
        "SELECT has_schema_privilege(:schema, 'USAGE') AND coalesce(bool_and("
        "has_table_privilege(c.oid, 'SELECT')), false) FROM pg_class c WHERE c.relname IN "
        "('workspace', 'setting', 'published', 'submission') "
        "AND c.relnamespace = to_regnamespace(quote_ident(:schema))"
    )
    return bool(connection.scalar(asked, {"schema": schema}))


def _all(each: str, schemas: Iterable[str]) -> str:
    parts = [
        each.replace("'{s}'", _in(schema, "'")).replace("{s}", _in(schema, '"'))
        for schema in schemas
    ]
    return " UNION ALL ".join(parts)


def _in(name: str, quote: str) -> str:
    return quote + name.replace(quote, 2 * quote).replace(":", r"\:") + quote


def _let_read(connection: Connection, reader: str) -> None:
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": reader}):
        raise workspace_error(f"服务器上没有账号“{reader}”", "请核对账号名，或先建立账号")
    name = connection.dialect.identifier_preparer.quote(reader)
    for words in (
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {name}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {name}",
    ):
        connection.execute(text(words))


class Reading(Struct, frozen=True):
    """What the views tell of a period, as of one moment.

    Attributes:
        received: By schema how many reports of the period have come.
        unlisted: Schemas of workspaces that the views don't know.
    """

    districts: tuple[District, ...]
    published: tuple[PublishedAt, ...]
    received: dict[str, int]
    unlisted: tuple[str, ...]


def read(address: ServerAddress, period: str) -> Reading:
    """Read what the workspaces of a database published of a period.

    WorkspaceError when there are no views, they stand for other workspaces than those that are
    there, or the account may not read them.
    """
    with _connected(address) as connection:
        if connection.scalar(text("SELECT to_regclass(:v)"), {"v": f"{SCHEMA}.published"}) is None:
            raise workspace_error(
                f"数据库“{address.database}”中还没有各区对比的视图",
                "请管理员运行“server views”",
            )
        named, unlisted = _checked(connection)
        published = select(*_PUBLISHED.c).where(_PUBLISHED.c.period == period)
        received = select(_RECEIVED.c.schema, _RECEIVED.c.reports).where(
            _RECEIVED.c.period == period
        )
        return Reading(
            named,
            tuple(PublishedAt(*row) for row in connection.execute(published)),
            {row.schema: row.reports for row in connection.execute(received)},
            unlisted,
        )


def _checked(connection: Connection) -> tuple[tuple[District, ...], tuple[str, ...]]:
    """Return the workspaces in the views, and those that are not in them."""
    asked = select(*_WORKSPACE.c).order_by(_WORKSPACE.c.schema)
    named = tuple(
        District(row.schema, row.role, row.year, row.district or "")
        for row in connection.execute(asked)
    )
    behind = set(connection.scalars(text(_BEHIND), {"view": f"{SCHEMA}.published"}))
    if behind != {each.schema for each in named}:
        raise workspace_error(
            "各区对比的视图已过时：有模式改了名，或其中的工作区换过",
            "请管理员重新运行“server views”",
        )
    present = _present(connection)
    return named, tuple(it for it, aside in present.items() if it not in behind and not aside)


@contextmanager
def _connected(address: ServerAddress, *, writes: bool = False) -> Generator[Connection]:
    engine = make_engine(address.text)
    try:
        with engine.execution_options(writes=writes).begin() as connection:
            yield connection
    finally:
        engine.dispose()
