r"""Where a workspace on a server lies: server, database and schema; never a password.

Who signs in how is libpq's matter, which every administrator knows: a password file (PGPASSFILE,
``~/.pgpass``, on Windows ``%APPDATA%\postgresql\pgpass.conf``), a client certificate, the
operating system's own account, or a service file.
https://www.postgresql.org/docs/15/libpq-connect.html
"""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct, field
from msgspec.structs import asdict, replace
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from fsdesk import files
from fsdesk.domain.findings import FindingCode, reject, workspace_error

if TYPE_CHECKING:
    from pathlib import Path

FILE = "fsdesk.server.json"  # in a workspace's folder
DIALECT = "postgresql"
_DRIVER = "postgresql+psycopg"
USUAL_SCHEMA = "fsdesk"
LONGEST_NAME = 63  # characters of a name in PostgreSQL
_DESK_BYTES = 4
# What PostgreSQL takes unquoted, so that it reads the same in every script and message.
_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
# What the address may ask of the connection; anything else could change what the program relies on.
_OPTIONS = frozenset(
    {
        "host", "port", "service", "passfile", "sslmode", "sslrootcert", "sslcert", "sslkey",
        "sslcrl", "channel_binding", "gssencmode", "krbsrvname", "target_session_attrs",
        "connect_timeout",
    }
)  # fmt: skip


def is_server(url: str) -> bool:
    """Tell whether an address names a PostgreSQL server."""
    return url.split(":", 1)[0].split("+", 1)[0] in {DIALECT, "postgres"}


class ServerAddress(Struct, frozen=True):
    """A schema of a database on a server.

    Attributes:
        host: Name of the server; empty for the socket of this PC, or what a service file says.
        port: None for the usual one.
        user: The account that signs in; empty for what libpq takes without one.
        options: What else libpq is told, such as ``sslmode``.
    """

    host: str
    port: int | None
    database: str
    schema: str
    user: str = ""
    options: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address such as ``postgresql://account@server/database?schema=name``.

        InputRejectedError when it can't be understood, or holds a password.
        """
        try:
            url = make_url(text)
        except (ArgumentError, ValueError) as problem:
            raise _not_understood() from problem
        plain = {name: str(value) for name, value in url.query.items()}
        if url.password is not None or "password" in plain:
            raise reject(
                "数据库地址里不能写密码：命令行和地址别人也看得到",
                "请去掉密码，把它写进本机受保护的密码文件（pgpass），或使用系统账号、证书登录",
            )
        schema = plain.pop("schema", USUAL_SCHEMA)
        check_name(schema)
        unknown = sorted(set(plain) - _OPTIONS)
        if unknown:
            raise reject(f"数据库地址中的“{unknown[0]}”不能使用", "请去掉它，或核对写法")
        if not url.database and "service" not in plain:
            raise _not_understood()
        return cls(url.host or "", url.port, url.database or "", schema, url.username or "", plain)

    @property
    def url(self) -> URL:
        """The address as SQLAlchemy takes it; the schema is no part of it."""
        return URL.create(
            _DRIVER,
            self.user or None,
            None,
            self.host or None,
            self.port,
            self.database or None,
            self.options,
        )

    @property
    def text(self) -> str:
        """The whole address as people write it, which `parse` reads again."""
        query = {**self.options, "schema": self.schema}
        return self.url.set(drivername=DIALECT, query=query).render_as_string(hide_password=False)

    def of_year(self, year: int, other: int) -> ServerAddress:
        """Return the schema beside for another year, such as ``fsdesk_2027``.

        `year`: of the workspace that lies in this one.
        """
        ending = f"_{other}"
        plain = self.schema.removesuffix(f"_{year}")[: LONGEST_NAME - len(ending)]
        return replace(self, schema=plain + ending)

    @property
    def name(self) -> str:
        """How messages name it."""
        where = self.host or self.options.get("host") or self.options.get("service") or "本机"
        return f"{where}/{self.database}（模式 {self.schema}）"


def check_name(schema: str) -> None:
    """Refuse a name that no schema of a workspace has; InputRejectedError."""
    if not _SCHEMA.fullmatch(schema):
        raise reject(
            f"模式名“{schema}”不能使用",
            "请用小写字母、数字和下划线，以字母开头，不超过 63 个字符，如 fsdesk_2026",
        )


def _not_understood() -> Exception:
    return reject(
        "数据库地址无法识别",
        "请写成 postgresql://账号@服务器/数据库?schema=模式名；本机数据库请省略该参数",
    )


class Remembered(Struct, frozen=True):
    """What a folder says of the workspace on a server that it belongs to.

    Attributes:
        workspace: The workspace's id.
        desk: What tells this folder from those of other desks; drawn when it was connected.
    """

    address: ServerAddress
    workspace: str
    desk: str


def is_on_server(folder: Path) -> bool:
    """Tell whether a folder belongs to a workspace on a server."""
    return (folder / FILE).is_file()


def remember(folder: Path, address: ServerAddress, workspace: str) -> Remembered:
    """Note in a folder which workspace on a server it belongs to; InputRejectedError."""
    noted = Remembered(address, workspace, secrets.token_hex(_DESK_BYTES))
    plain = {"workspace": workspace, "desk": noted.desk, **asdict(address)}
    files.save_text(folder / FILE, json.dumps(plain, ensure_ascii=False, indent=1))
    return noted


def remembered(folder: Path) -> Remembered | None:
    """Return which workspace on a server a folder belongs to; None where it belongs to none.

    OSError where that can't be known; WorkspaceError when the note can't be understood.
    """
    file = folder / FILE
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as problem:
        raise _unreadable(file) from problem
    try:
        plain: dict[str, Any] = json.loads(text)
        whose, desk = str(plain.pop("workspace")), str(plain.pop("desk"))
        found = ServerAddress(**plain)
        # Read as an address is: nothing goes to the server that was not looked at.
        checked = ServerAddress.parse(found.text)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise _unreadable(file) from problem
    return Remembered(checked, whose, desk)


def _unreadable(file: Path) -> Exception:
    return workspace_error(
        f"文件“{file}”记着数据库在哪里，内容却读不懂",
        "请把它移走，再用 --database 重新连接",
        FindingCode.UNREADABLE,
    )
