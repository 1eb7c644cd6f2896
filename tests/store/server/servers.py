"""A PostgreSQL server for tests: a cluster of their own in a temporary folder, reached by a socket.

It is made once in a run, by whichever process needs it first, and ends with the run. Each
workspace lies in a database of its own there, so that a kept one is copied as PostgreSQL copies
databases, in a tenth of a second.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from fsdesk.store import migrate
from fsdesk.store.engine import make_engine
from fsdesk.store.server.connection import make_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

# Debian keeps the server's programs apart; the newest comes first.
_DEBIAN = Path("/usr/lib/postgresql")
_PORT = 5432  # of the socket's name alone
ACCOUNT, SCHEMA = "fsdesk_test", "fsdesk"
# Nothing cuts the power of this server: what tests kill it with leaves the system's memory.
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; None where none are installed."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


@dataclass
class Server:
    """A running cluster."""

    folder: Path
    port: int = _PORT

    @property
    def data(self) -> Path:
        """Where the cluster lies."""
        return self.folder / "data"

    def address(self, database: str, schema: str = SCHEMA, account: str = ACCOUNT) -> str:
        """Return the address of a workspace's schema."""
        return (
            f"postgresql://{account}@/{database}?host={self.folder}&port={self.port}"
            f"&schema={schema}"
        )

    def start(self) -> None:
        """Start it; one that was killed recovers first."""
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=", *_QUICK]
        settings += ["max_connections=200", "shared_buffers=64MB"]
        options = " ".join(f"-c {setting}" for setting in settings)
        log = self.folder / "log"
        self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: ``fast``, or ``immediate`` as when its power is cut."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", how, "stop")

    def ask(self, text: str, database: str = "postgres", account: str = ACCOUNT) -> str:
        """Let the server do something, and give what it says."""
        command = ["psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", str(self.folder), "-p", str(self.port), "-U", account]
        done = subprocess.run(
            [*command, "-d", database, "-c", text], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _run(self, program: str, *arguments: object) -> None:
        folder = programs()
        assert folder is not None
        done = subprocess.run(
            [*_as_nobody_special(), str(folder / program), *map(str, arguments)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def make_server(folder: Path) -> Server:
    """Make a cluster and start it."""
    server = Server(folder)
    folder.mkdir(parents=True)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
    folder.chmod(0o755)
    server._run(
        "initdb", "-D", server.data, "-U", ACCOUNT, "-E", "UTF8", "--auth=trust",
        "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    server.start()
    return server


def _as_nobody_special() -> Sequence[str]:
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") * (
        os.geteuid() == 0
    )


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
