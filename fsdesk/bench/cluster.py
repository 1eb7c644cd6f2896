"""A PostgreSQL server of one's own for measuring and testing: in a folder, reached by a socket."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk import files
from fsdesk.bench.peers import PeerFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Debian keeps the server's programs apart; the newest comes first.
_DEBIAN = Path("/usr/lib/postgresql")
_PORT = 5432  # of the socket's name alone
ACCOUNT, SCHEMA = "fsdesk_test", "fsdesk"
# Nothing cuts the power of this server: what kills it leaves the system's memory.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; None where none are installed."""
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).resolve().parent if named else None


class Server(Struct):
    """A running cluster."""

    folder: Path
    settings: Sequence[str] = QUICK
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
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=", *self.settings]
        settings += ["max_connections=200", "shared_buffers=64MB"]
        options = " ".join(f"-c {setting}" for setting in settings)
        log = self.folder / "log"
        self.run("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", options, "start")

    def stop(self, how: str = "fast") -> None:
        """Stop it: ``fast``, or ``immediate`` as when its power is cut."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", how, "stop")

    def ask(self, text: str, database: str = "postgres", account: str = ACCOUNT) -> str:
        """Let the server do something, and give what it says; PeerFailedError when it refuses."""
        return self.said("psql", database, "-c", text, account=account).decode().strip()

    def copy_schema(self, database: str, schema: str, others: Sequence[str]) -> None:
        """Make copies of a schema in its database under other names."""
        dumped = self.said("pg_dump", database, "-n", schema)
        for other in others:
            self.said("psql", database, given=dumped.replace(schema.encode(), other.encode()))

    def said(
        self, program: str, database: str, *words: str, given: bytes = b"", account: str = ACCOUNT
    ) -> bytes:
        """Run one of PostgreSQL's programs that speaks to the server, and give what it says."""
        command = ["-h", str(self.folder), "-p", str(self.port), "-U", account, "-d", database]
        if program == "psql":
            command += ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"]
        return _done([str(_folder() / program), *command, *words], given)

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs that work on the cluster itself."""
        command = [*_as_nobody_special(), str(_folder() / program), *map(str, arguments)]
        done = subprocess.run(  # noqa: S603 - our own words
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/"
        )
        if done.returncode:
            raise PeerFailedError(done.stderr.decode(errors="replace").strip())


def make_server(folder: Path, settings: Sequence[str] = QUICK) -> Server:
    """Make a cluster and start it; PeerFailedError when that fails."""
    server = Server(folder, settings)
    files.make_folder(folder)
    if _is_root():  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    server.run(
        "initdb", "-D", server.data, "-U", ACCOUNT, "-E", "UTF8", "--auth=trust",
        "--locale=C.UTF-8", "--no-sync",
    )  # fmt: skip
    server.start()
    return server


def _folder() -> Path:
    folder = programs()
    if folder is None:
        raise PeerFailedError("没有安装 PostgreSQL 的服务器程序")
    return folder


def _done(command: Sequence[str], given: bytes) -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, check=False)  # noqa: S603 - our own words
    if done.returncode:
        raise PeerFailedError(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _as_nobody_special() -> Sequence[str]:
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") * _is_root()
