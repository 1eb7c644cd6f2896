"""Engines: how the database is opened, and what is asked of SQLite each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from fsdesk.domain.findings import reject
from fsdesk.store.faults import tell
from fsdesk.store.server.address import ServerAddress, is_server

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Connection

__all__ = ["Engine", "let_go_of_pages", "make_engine", "relax", "sqlite_url", "writes"]

# Seconds that a short transaction waits for another one, e.g. a command beside the window.
_BUSY_SECONDS = 10


def sqlite_url(file: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{file}"


def make_engine(url: str, key: bytes | None = None) -> Engine:
    """Open a database.

    `key`: by which a SQLite file is encrypted; without one it is not.

    SQLite gets write-ahead logging, full synchronisation (what a clerk typed survives a power
    cut) and foreign keys, and explicit BEGIN so that a transaction is what the program says.
    Faults of disk and file come out in words, whatever was being done.
    InputRejectedError when the URL can't be understood or its driver isn't installed.
    """
    if is_server(url):
        return _on_server(url)
    try:
        engine = create_engine(url) if key is None else _encrypted(url, key)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as problem:
        raise reject(
            "数据库地址无法识别，或缺少相应的驱动程序",
            "本机数据库请省略该参数；也可写成 sqlite:///文件路径",
        ) from problem
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", tell)
    return engine


def _on_server(url: str) -> Engine:
    from fsdesk.store.server.connection import make_server_engine  # for those who have one

    engine = make_server_engine(ServerAddress.parse(url))
    event.listen(engine, "handle_error", tell)
    return engine


def _encrypted(url: str, key: bytes) -> Engine:
    from fsdesk.store import cipher  # loaded where it is needed, and only there

    engine = create_engine(url, module=cipher.dbapi2, connect_args={"factory": cipher.Connection})

    def unlock(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's own type
        cipher.use_key(connection, key)

    event.listen(engine, "connect", unlock)
    return engine


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's own type
    connection.isolation_level = None
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
    except BaseException:
        connection.close()  # nobody else knows of it yet
        raise


def relax(engine: Engine) -> None:
    """Let a power cut take a SQLite database's last transactions; it stays whole all the same.

    For data that can be made again: each transaction need not wait for the disk.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _relax)
        engine.dispose()  # what is connected already is not asked again


def let_go_of_pages(engine: Engine) -> None:
    """Give back what connections that rest keep of a SQLite file's pages, up to 2 MB each."""
    if not isinstance(engine.pool, QueuePool) or engine.dialect.name != "sqlite":
        return
    resting = [engine.raw_connection() for _ in range(engine.pool.checkedin())]
    for connection in resting:
        connection.cursor().execute("PRAGMA shrink_memory")
        connection.close()


def _relax(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's own type
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes(connection) else "BEGIN")


def writes(connection: Connection) -> bool:
    """Tell whether a transaction may change something."""
    return connection.get_execution_options().get("writes", False)
