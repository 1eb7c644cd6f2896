"""How a database on a server is opened, and what is asked of PostgreSQL each time.

Transactions are what they are in SQLite: who reads sees one state of the database, and who writes
is alone. Writers wait for each other at an advisory lock of their workspace, so that the change
log stays one chain and nothing is decided by what another desk is just changing.
"""

from __future__ import annotations

import hashlib
import sys
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg

from fsdesk.domain.findings import reject, workspace_error
from fsdesk.store.server import passwords

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import Connection

    from fsdesk.store.server.address import ServerAddress

# Seconds: to reach the server; that a short transaction waits for another desk's; until a desk
# whose PC went to sleep in the middle of one no longer keeps the others out.
_CONNECT_SECONDS, _BUSY_SECONDS, _ASLEEP_SECONDS = 10, 30, 120
# What PostgreSQL notes of a schema that holds what was there before a restoring; see `replacing`.
SET_ASIDE = "fsdesk: the state before a restoring"
LEAST_VERSION = 15  # of PostgreSQL: nothing older was tried
_IN_VERSION = 10_000  # as 150004 is 15.4
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
        _load_driver()
        # A connection that broke while nobody used it is made anew, and nobody notices.
        engine = create_engine(address.url, connect_args=arguments, pool_pre_ping=True)
    except ImportError as problem:  # it is missing, or libpq is
        raise reject(
            "本机没有装数据库服务器的驱动程序",
            "请重新安装本程序；从源码运行的，请按 requirements.txt 安装 psycopg",
        ) from problem
    engine.dialect.statement_compiler = _Compiler
    event.listen(engine, "do_connect", partial(_sign_in, address))
    event.listen(engine, "connect", _check)
    event.listen(engine, "begin", partial(_begin, lock=lock_number(address.schema)))
    return engine


def lock_number(schema: str) -> int:
    """Return the number of the advisory lock that writers of a workspace hold."""
    digest = hashlib.sha256(f"fsdesk {schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _load_driver() -> None:
    """Load psycopg, whose machine code asks for Python's ssl; packages of the program have none.

    It wants nothing of it but the locks of an OpenSSL of old, and libpq brings one of its own.
    """
    try:
        import_module("ssl")
    except ImportError:
        import_module("asyncio")  # it looks for ssl, too, and would take an empty one for whole
        sys.modules["ssl"] = ModuleType("ssl")
        try:
            import_module("psycopg")
        finally:
            del sys.modules["ssl"]


def _sign_in(
    address: ServerAddress, _dialect: object, _record: object, _given: object, named: dict[str, Any]
) -> None:
    """Give the password that was typed since the program began; else libpq looks for one."""
    password = passwords.held(address)
    if password is not None:
        named["password"] = password


def _check(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's own type
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise workspace_error(
            f"数据库的字符编码是 {encoding}，存不下全部汉字",
            "请管理员另建一个编码为 UTF8 的数据库",
        )
    version = connection.info.server_version
    if version < LEAST_VERSION * _IN_VERSION:
        connection.close()
        raise workspace_error(
            f"服务器的 PostgreSQL 是 {version // _IN_VERSION} 版，太旧了",
            f"请管理员升级到 {LEAST_VERSION} 或更高版本",
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


def signed_in(engine: Engine) -> tuple[str, bool]:
    """Return who signed in, and whether that account may record anything in a workspace."""
    with engine.connect() as connection:
        asked = "SELECT session_user, has_table_privilege('change', 'INSERT')"
        account, may_write = connection.exec_driver_sql(asked).one()
    return account, may_write


def make_schema(engine: Engine, schema: str) -> None:
    """Make a new workspace's schema where there is none; WorkspaceError when that is refused."""
    with engine.execution_options(writes=True).begin() as connection:
        if not has_schema(connection, schema):
            connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')


def check_schema(engine: Engine, schema: str) -> None:
    """Refuse an address whose schema is not there; WorkspaceError."""
    with engine.connect() as connection:
        asked = "SELECT has_schema_privilege(oid, 'USAGE') FROM pg_namespace WHERE nspname = %(it)s"
        may_use = connection.exec_driver_sql(asked, {"it": schema}).scalar()
    if may_use:
        return
    if may_use is not None:
        raise workspace_error(
            f"这个账号没有使用模式“{schema}”的权限", "请管理员用脚本给账号相应的角色"
        )
    raise workspace_error(
        f"数据库“{engine.url.database}”中没有模式“{schema}”",
        "请核对地址中的 schema；新建工作区请先运行“init”",
    )


def has_schema(connection: Connection, schema: str) -> bool:
    """Tell whether a database holds a schema."""
    asked = "SELECT 1 FROM pg_namespace WHERE nspname = %(schema)s"
    return connection.exec_driver_sql(asked, {"schema": schema}).first() is not None
