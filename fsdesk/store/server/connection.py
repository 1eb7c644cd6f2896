"""How a database on a server is opened, and what is asked of PostgreSQL each time.

Transactions are what they are in SQLite: who reads sees one state of the database, and who writes
is alone. Writers wait for each other at an advisory lock of their workspace, so that the change
log stays one chain and nothing is decided by what another desk is just changing.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg

from fsdesk.domain.findings import reject, workspace_error

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from fsdesk.store.server.address import ServerAddress

# Seconds: to reach the server; that a short transaction waits for another desk's; until a desk
# whose PC went to sleep in the middle of one no longer keeps the others out.
_CONNECT_SECONDS, _BUSY_SECONDS, _ASLEEP_SECONDS = 10, 30, 120
_KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
_SETTINGS = {
    "lock_timeout": f"{_BUSY_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{_ASLEEP_SECONDS}s",
    # What a clerk typed survives a power cut at the server, whatever is usual there.
    "synchronous_commit": "on",
}


def make_server_engine(address: ServerAddress) -> Engine:
    """Open a database on a server; nothing is connected yet.

    InputRejectedError when the driver isn't installed.
    """
    settings = {"search_path": address.schema, **_SETTINGS}
    arguments: dict[str, Any] = {
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "application_name": "fsdesk",
        "client_encoding": "UTF8",
        **_KEEPALIVE,
    }
    if "connect_timeout" not in address.options:
        arguments["connect_timeout"] = _CONNECT_SECONDS
    try:
        # A connection that broke while nobody used it is made anew, and nobody notices.
        engine = create_engine(address.url, connect_args=arguments, pool_pre_ping=True)
    except ModuleNotFoundError as problem:
        raise reject(
            "本机没有装数据库服务器的驱动程序", "请安装 psycopg（pip install 'psycopg[binary]'）"
        ) from problem
    engine.dialect.statement_compiler = _Compiler
    event.listen(engine, "connect", _check)
    event.listen(engine, "begin", partial(_begin, lock=lock_number(address.schema)))
    return engine


def lock_number(schema: str) -> int:
    """Return the number of the advisory lock that writers of a workspace hold."""
    digest = hashlib.sha256(f"fsdesk {schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _check(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's own type
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise workspace_error(
            f"数据库的字符编码是 {encoding}，存不下全部汉字",
            "请管理员另建一个编码为 UTF8 的数据库",
        )


def _begin(connection: Connection, *, lock: int) -> None:
    driver: Any = connection.connection.driver_connection
    from psycopg import IsolationLevel

    writes = connection.get_execution_options().get("writes", False)
    level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
    if driver.isolation_level != level:
        driver.isolation_level, driver.read_only = level, not writes
    if writes:
        # A statement of its own: each one sees what was committed when it began.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%(lock)s)", {"lock": lock})


class _Compiler(PGCompiler_psycopg):
    """LIKE passes over the case of Latin letters, as it does in SQLite."""

    def visit_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ANN401
        return self.visit_ilike_op_binary(binary, operator, **kw)  # pyright: ignore[reportUnknownMemberType]

    def visit_not_like_op_binary(self, binary: Any, operator: Any, **kw: Any) -> str:  # noqa: ANN401
        return self.visit_not_ilike_op_binary(binary, operator, **kw)  # pyright: ignore[reportUnknownMemberType]


def make_schema(engine: Engine, schema: str) -> None:
    """Make a new workspace's schema where there is none; WorkspaceError when that is refused."""
    with engine.execution_options(writes=True).begin() as connection:
        if not has_schema(connection, schema):
            connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')


def check_schema(engine: Engine, schema: str) -> None:
    """Refuse an address whose schema is not there; WorkspaceError."""
    with engine.connect() as connection:
        if has_schema(connection, schema):
            return
    raise workspace_error(
        f"数据库“{engine.url.database}”中没有模式“{schema}”",
        "请核对地址中的 schema；新建工作区请先运行“init”",
    )


def has_schema(connection: Connection, schema: str) -> bool:
    """Tell whether a database holds a schema."""
    asked = "SELECT 1 FROM pg_namespace WHERE nspname = %(schema)s"
    return connection.exec_driver_sql(asked, {"schema": schema}).first() is not None
