r"""Passwords of database accounts: held while the program runs, kept where libpq itself looks.

That is a file of the user's own, ``~/.pgpass``, on Windows ``%APPDATA%\postgresql\pgpass.conf``;
libpq passes over one that others may read.
https://www.postgresql.org/docs/15/libpq-pgpass.html
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk import files
from fsdesk.domain.findings import reject

if TYPE_CHECKING:
    from fsdesk.store.server.address import ServerAddress

_USUAL_PORT = 5432
_FILE, _HERE = "PGPASSFILE", "localhost"
_held: dict[tuple[str, str, str], str] = {}


def hold(address: ServerAddress, password: str) -> None:
    """Sign in with a password until the program ends, whatever is kept in a file."""
    _held[_whose(address)] = password


def held(address: ServerAddress) -> str | None:
    """Return the password that was given since the program began; None for none."""
    return _held.get(_whose(address))


def let_go(address: ServerAddress) -> None:
    """Forget a password that was given; what is kept in a file holds again."""
    _held.pop(_whose(address), None)


def keep(address: ServerAddress, password: str) -> Path:
    """Keep a password for later starts, in place of the one that is kept; gives the file.

    It holds for all databases of the server. InputRejectedError when it can't be kept.
    """
    if not password or re.search(r"[\r\n\0]", password):
        raise reject("这个密码不能存进密码文件", "请不要勾选“记住密码”，每次启动时输入")
    file = _file(address)
    host, port, user = _whose(address)
    own = f"{_escaped(host)}:{port}:*:{_escaped(user)}:"
    before = _lines(file)
    # The first line that fits holds, so the new one goes above those with wildcards.
    lines = [own + _escaped(password), *(line for line in before if not line.startswith(own))]
    files.make_folder(file.parent)
    files.save_bytes(file, "".join(f"{line}\n" for line in lines).encode(), private=True)
    return file


def _lines(file: Path) -> list[str]:
    if not file.exists():
        return []
    try:
        return files.read_bytes(file).decode().splitlines()
    except UnicodeDecodeError as problem:
        raise reject(f"密码文件“{file}”不是 UTF-8 文字", "请把它移走或改正后再试") from problem


def _file(address: ServerAddress) -> Path:
    named = address.options.get("passfile") or os.environ.get(_FILE)
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home()), "postgresql", "pgpass.conf")
    return Path.home() / ".pgpass"


def _whose(address: ServerAddress) -> tuple[str, str, str]:
    host = address.host or address.options.get("host") or _HERE
    port = address.port or address.options.get("port") or _USUAL_PORT
    return host, str(port), address.user


def _escaped(text: str) -> str:
    return re.sub(r"([\\:])", r"\\\1", text)
