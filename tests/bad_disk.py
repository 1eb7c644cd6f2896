"""A disk and a database of which one call fails, whichever a test asks for."""

from __future__ import annotations

import builtins
import errno
import io
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import dbapi2

import pytest

FILE_FAULTS = {
    errno.ENOSPC: "磁盘已满",
    errno.EACCES: "没有",  # 写入权限, 访问权限
    errno.EROFS: "只读",
    errno.EBUSY: "占用",
    errno.EIO: "磁盘读写出错",
}
DATABASE_FAULTS = {
    sqlite3.SQLITE_FULL: "磁盘已满",
    sqlite3.SQLITE_BUSY: "正被其他程序占用",
    sqlite3.SQLITE_READONLY: "只读",
    sqlite3.SQLITE_IOERR: "磁盘读写出错",
    sqlite3.SQLITE_CORRUPT: "已损坏",
}
# Each with the place of the path among what it is given; of the last two both are files.
_CALLS = {
    **dict.fromkeys(
        ("open", "mkdir", "fsync", "unlink", "remove", "rmdir", "chmod", "scandir", "listdir"), 0
    ),
    **dict.fromkeys(("stat", "replace", "rename", "link"), 0),
}
_CLEANING = ("unlink", "remove", "rmdir")
_WRITING = ("open", "mkdir", "fsync", "link", "write")


class BadDisk:
    """Lets the `at`-th call below a folder fail, and with `onward` every one after it.

    Attributes:
        count: How many calls there were.
        struck: Which call failed first.
    """

    def __init__(
        self, below: Path, number: int, at: int, *, database: bool, onward: bool = False
    ) -> None:
        self.count, self.struck = 0, ""
        self._below, self._number, self._at = str(below), number, at
        self._database, self._onward = database, onward
        self._opened: list[sqlite3.Connection] = []

    @contextmanager
    def at_work(self):
        """Be the disk while the block lasts."""
        with pytest.MonkeyPatch.context() as patch:
            connect = self._connecting(sqlite3.connect)
            for module in (sqlite3, dbapi2):
                patch.setattr(module, "connect", connect)
            if not self._database:
                for name, place in _CALLS.items():
                    patch.setattr(os, name, self._failing(name, getattr(os, name), place))
                for module in (io, builtins):
                    patch.setattr(module, "open", self._opening(io.open))
            yield
        for connection in self._opened:  # as the end of the process would
            connection.close()

    def hit(self, what: str, where: object) -> None:
        """Count a call; raise when it is the one that fails."""
        self.count += 1
        if self.count < self._at or (self.count > self._at and not self._lasts(what)):
            return
        self.struck = self.struck or f"{what} {where}"
        if self._database:
            fault = sqlite3.OperationalError("in the words of the library")
            fault.sqlite_errorcode = self._number
            raise fault
        raise OSError(self._number, os.strerror(self._number), str(where))

    def ask(self, what: str, where: object) -> None:
        """Count a call of the database."""
        if self._database:
            self.hit(what, where)

    @property
    def cleaning(self) -> bool:
        """Whether what failed was the removing of a file."""
        what, _, where = self.struck.partition(" ")
        passing = ".part" in where or "/.restoring/old" in where  # the next opening removes that
        return what in _CLEANING or (what in {"scandir", "read"} and passing)

    def _lasts(self, what: str) -> bool:
        return self._onward and what in _WRITING

    def _failing(self, name, whole, place):
        def call(*given, **named):
            where = self._path(given[place] if len(given) > place else ".", named)
            if where is not None:
                reads = name == "open" and not given[1] & (os.O_WRONLY | os.O_RDWR)
                self.hit("read" if reads else name, where)
            return whole(*given, **named)

        return call

    def _path(self, given, named):
        """Return the path that a call is about, if it lies below the folder."""
        folder = named.get("dir_fd", named.get("src_dir_fd"))
        if isinstance(given, int):
            given = _of_descriptor(given)
        elif folder is not None:
            given = f"{_of_descriptor(folder)}/{os.fsdecode(given)}"
        path = str(Path.cwd() / os.fsdecode(given))
        return path if path.startswith(self._below) else None

    def _opening(self, whole):
        def call(file, mode="r", buffering=-1, *given, **named):
            where = None if isinstance(file, int) else self._path(file, {})
            if where is None or "b" not in mode:
                if where is not None:
                    self.hit("open" if set(mode) & set("wax+") else "read", where)
                return whole(file, mode, buffering, *given, **named)
            self.hit("open" if set(mode) & set("wax+") else "read", where)
            raw = _Raw(file, mode.replace("b", ""), self)
            if buffering == 0:
                return raw
            if "+" in mode:
                return io.BufferedRandom(raw)
            return io.BufferedWriter(raw) if set(mode) & set("wax") else io.BufferedReader(raw)

        return call

    def _connecting(self, whole):
        disk = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql, *given):
                disk.ask("execute", sql)
                return super().execute(sql, *given)

            def executemany(self, sql, *given):
                disk.ask("execute", sql)
                return super().executemany(sql, *given)

            def fetchall(self):
                disk.ask("fetch", "")
                return super().fetchall()

        class Connection(sqlite3.Connection):
            def cursor(self, factory=Cursor):
                return super().cursor(factory)

            def execute(self, sql, *given):
                return self.cursor().execute(sql, *given)

            def commit(self):
                disk.ask("commit", "")
                super().commit()

            def backup(self, *given, **named):
                disk.ask("backup", "")
                super().backup(*given, **named)

        def connect(file, *given, **named):
            if str(file) == ":memory:":
                return whole(file, *given, **named)
            disk.ask("connect", file)
            made = whole(file, *given, factory=Connection, **named)
            self._opened.append(made)
            return made

        return connect


class _Raw(io.FileIO):
    """A file of which a single reading or writing may fail."""

    def __init__(self, file, mode, disk):
        super().__init__(file, mode)
        self._disk = disk

    def write(self, data):
        self._disk.hit("write", self.name)
        return super().write(data)

    def readinto(self, buffer):
        self._disk.hit("read", self.name)
        return super().readinto(buffer)

    def readall(self):
        self._disk.hit("read", self.name)
        return super().readall()


def _of_descriptor(number):
    try:
        return str(Path(f"/proc/self/fd/{number}").readlink())
    except OSError:
        return ""
