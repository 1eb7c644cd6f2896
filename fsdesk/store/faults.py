"""SQLite's faults in plain words: the store's one door through which they come out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk.domain import faults
from fsdesk.domain.findings import FindingCode, WorkspaceError, error

if TYPE_CHECKING:
    from collections.abc import Generator

    from sqlalchemy.engine import ExceptionContext

_FULL = (faults.FULL[0], "请清理该磁盘后重试，已保存的数据不受影响")
_READ_ONLY = ("没有写入权限，或磁盘是只读的", "请确认文件夹允许写入，或把工作区移到可以写入的磁盘")
_BUSY = (
    "数据库正被其他程序占用",
    "请稍后重试；如有杀毒、同步或备份软件正在使用工作区，请先等它结束",
)
_BROKEN = (faults.BROKEN[0], "请接好磁盘后重新打开本程序；仍不成功时，请从最近的备份恢复")
_DAMAGED = ("数据库文件已损坏", "请不要继续录入，保留原文件夹，从最近的备份恢复到新文件夹")
_GONE = ("数据库打不开", "请确认文件夹存在、磁盘已接好并且允许写入")
_CODES = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_IOERR: _BROKEN,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: _GONE,
}
# The words of each, by which alone the encrypting library tells of a copy that failed.
_WORDS = {
    "database or disk is full": sqlite3.SQLITE_FULL,
    "attempt to write a readonly database": sqlite3.SQLITE_READONLY,
    "access permission denied": sqlite3.SQLITE_PERM,
    "database is locked": sqlite3.SQLITE_BUSY,
    "database table is locked": sqlite3.SQLITE_LOCKED,
    "locking protocol": sqlite3.SQLITE_PROTOCOL,
    "disk I/O error": sqlite3.SQLITE_IOERR,
    "database disk image is malformed": sqlite3.SQLITE_CORRUPT,
    "file is not a database": sqlite3.SQLITE_NOTADB,
    "unable to open database file": sqlite3.SQLITE_CANTOPEN,
}
DAMAGING = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# Where the memory shared by readers finds no room, SQLite speaks of reading and writing only.
_ROOM_NEEDED = 1 << 17
_NO_ROOM_MEANT = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})


def driver_errors() -> tuple[type[Exception], ...]:
    """Return what databases fail with: the one library, and the encrypting one if it is loaded."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error,) if cipher is None else (sqlite3.Error, cipher.Error)


def code_of(fault: BaseException | None) -> int | None:
    """Return SQLite's code of a fault, without what says in which call it happened."""
    if not isinstance(fault, driver_errors()):
        return None
    code = getattr(fault, "sqlite_errorcode", None) or _WORDS.get(str(fault))
    return code & 0xFF if isinstance(code, int) else None


def in_words(
    fault: BaseException | None, database: str, verb: str = "使用数据库"
) -> WorkspaceError | None:
    """Put a fault of a SQLite database into words.

    Returns:
        What to raise in its place; None for what is no fault of disk or file.
    """
    code = code_of(fault)
    if code not in _CODES:
        return None
    full = code in _NO_ROOM_MEANT and _no_room(Path(database).parent)
    cause, remedy = _FULL if full else _CODES[code]
    if code == sqlite3.SQLITE_CANTOPEN and _read_only(Path(database).parent):
        cause, remedy = _READ_ONLY
    which = FindingCode.UNREADABLE if code in DAMAGING else FindingCode.INPUT
    return WorkspaceError(error(f"不能{verb}“{database}”：{cause}", remedy, code=which))


def _no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM_NEEDED
    except OSError:
        return False


def _read_only(folder: Path) -> bool:
    return folder.is_dir() and not os.access(folder, os.W_OK)


@contextmanager
def told(database: str, verb: str = "使用数据库") -> Generator[None]:
    """Turn faults of a block that talks to SQLite itself into WorkspaceError; see `in_words`."""
    try:
        yield
    except driver_errors() as fault:
        found = in_words(fault, database, verb)
        if found is None:
            raise
        raise found from fault


def tell(context: ExceptionContext) -> None:
    """Turn a fault that an engine meets into WorkspaceError; for its event ``handle_error``."""
    engine = context.engine
    if engine is not None and engine.dialect.name != "sqlite":
        _tell_of_server(context)
        return
    where = "" if engine is None else str(engine.url.database)
    found = in_words(context.original_exception, where)
    if found is not None:
        raise found


def _tell_of_server(context: ExceptionContext) -> None:
    if context.is_pre_ping:  # whether a connection still holds is asked so; the pool makes another
        return
    from fsdesk.store.server.faults import words_of

    found = words_of(context)
    if found is not None:
        raise found
