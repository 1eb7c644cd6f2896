"""What each kind of account may do in a workspace's schema, and the script that sees to it.

People have accounts of their own, which are members of two groups of the workspace. Its tables get
their rights from the program that makes or upgrades them, by the same words as in the script: so
no account may do more or less for a while because a new table was made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.accounts import AccountRole
from fsdesk.domain.findings import reject
from fsdesk.store.server.address import LONGEST_NAME, check_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

LOG, SIGNING_KEY, FILES, VERSION = "change", "kept_key", "kept_part", "alembic_version"
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
# Tables of which a clerk may do less than everything.
_CLERK = {
    LOG: ("SELECT", "INSERT"),
    SIGNING_KEY: ("SELECT", "INSERT"),
    FILES: ("SELECT", "INSERT", "DELETE"),  # a template that was changed
    "workspace": ("SELECT",),
    VERSION: ("SELECT",),
}
_LONGEST = LONGEST_NAME - len("_readers")
_NAME = re.compile(r"[^\s\"'$\\;\x00-\x1f]{1,63}")


def wanted(role: AccountRole, table: str) -> tuple[str, ...]:
    """Return what an account may do with a table; whatever isn't named it may not."""
    if role is AccountRole.ADMINISTRATOR:
        return ALL
    if role is AccountRole.CLERK:
        return _CLERK.get(table, ALL)
    return () if table == SIGNING_KEY else ("SELECT",)


def group(schema: str, role: AccountRole) -> str:
    """Return the group of a workspace's clerks or readers."""
    return f"{schema}_clerks" if role is AccountRole.CLERK else f"{schema}_readers"


class ScriptWishes(Struct, frozen=True):
    """What the script is to make.

    Attributes:
        administrator: The account that owns the workspace's tables.
        clerks: Accounts of those who record.
        readers: Accounts of those who only look.
    """

    database: str
    schema: str
    administrator: str
    clerks: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()


def script(wishes: ScriptWishes) -> str:
    """Return the script that makes accounts, groups, schema and rights; it may run again.

    InputRejectedError for names that can't be used.
    """
    _check(wishes)
    schema, owner = wishes.schema, _quoted(wishes.administrator)
    clerks, readers = (group(schema, role) for role in (AccountRole.CLERK, AccountRole.READER))
    people = dict.fromkeys((wishes.administrator, *wishes.clerks, *wishes.readers))
    lines = [
        f"-- 食药安工作台：数据库“{wishes.database}”中模式“{schema}”的账号和权限。",
        "-- 请由数据库管理员（超级用户）连接到这个数据库后运行：",
        f"--   psql -d {wishes.database} -f 本文件",
        "-- 可以重复运行。脚本中没有密码：新建的账号请随后逐个设置，如 \\password 账号",
        "",
        "BEGIN;",
        *(_made(name, "LOGIN") for name in people),
        *(_made(name, "NOLOGIN") for name in (clerks, readers)),
        *(f"GRANT {_quoted(clerks)} TO {_quoted(name)};" for name in wishes.clerks),
        *(f"GRANT {_quoted(readers)} TO {_quoted(name)};" for name in wishes.readers),
        *(
            f"GRANT CONNECT ON DATABASE {_quoted(wishes.database)} TO {_quoted(name)};"
            for name in (wishes.administrator, clerks, readers)
        ),
        "-- 就地恢复和建立下一年度的工作区要建新的模式：只有管理员账号可以",
        f"GRANT CREATE ON DATABASE {_quoted(wishes.database)} TO {owner};",
        *(
            f"REVOKE CREATE ON DATABASE {_quoted(wishes.database)} FROM {_quoted(name)};"
            for name in (clerks, readers, *wishes.clerks, *wishes.readers)
        ),
        f'CREATE SCHEMA IF NOT EXISTS "{schema}" AUTHORIZATION {owner};',
        f'REVOKE ALL ON SCHEMA "{schema}" FROM PUBLIC;',
        *(
            f'REVOKE ALL ON {what} "{schema}" FROM {_quoted(name)};'
            for name in (*wishes.clerks, *wishes.readers)
            for what in ("SCHEMA", "ALL TABLES IN SCHEMA", "ALL SEQUENCES IN SCHEMA")
        ),
        "-- 使用模式，和已有的表、序列；以后建立或升级时，程序按同样的规则给新的表",
        f"{_granting(schema)};",
        "COMMIT;",
        "",
    ]
    return "\n".join(lines)


def grant_again(connection: Connection) -> None:
    """Give the groups their rights in tables that were just made, where there are such groups.

    Only who owns the tables can, which is whoever made them.
    """
    schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar())
    connection.exec_driver_sql(_granting(schema).replace("%", "%%"))


def _granting(schema: str) -> str:
    """Return one statement that gives both groups what they may do with every table."""
    clerks, readers = (group(schema, role) for role in (AccountRole.CLERK, AccountRole.READER))
    lesser = "".join(
        f" WHEN '{table}' THEN '{', '.join(rights)}'" for table, rights in _CLERK.items()
    )
    return f"""DO $$
DECLARE it record;
BEGIN
  IF to_regrole('{clerks}') IS NULL OR to_regrole('{readers}') IS NULL THEN RETURN; END IF;
  GRANT USAGE ON SCHEMA "{schema}" TO "{clerks}", "{readers}";
  FOR it IN SELECT c.relname, c.relkind FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = '{schema}' AND c.relkind IN ('r', 'S') LOOP
    IF it.relkind = 'S' THEN
      EXECUTE format('GRANT USAGE ON SEQUENCE %I.%I TO %I', '{schema}', it.relname, '{clerks}');
      CONTINUE;
    END IF;
    EXECUTE format('REVOKE ALL ON %I.%I FROM PUBLIC, %I, %I',
      '{schema}', it.relname, '{clerks}', '{readers}');
    EXECUTE format('GRANT %s ON %I.%I TO %I',
      CASE it.relname{lesser} ELSE '{", ".join(ALL)}' END,
      '{schema}', it.relname, '{clerks}');
    IF it.relname <> '{SIGNING_KEY}' THEN
      EXECUTE format('GRANT SELECT ON %I.%I TO %I', '{schema}', it.relname, '{readers}');
    END IF;
  END LOOP;
END $$"""  # noqa: S608 - names without quotes, see `_check` and `check_name`


def _made(name: str, kind: str) -> str:
    # Names hold neither quotes nor dollars; see `_check`.
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN "
        f"CREATE ROLE {_quoted(name)} {kind}; END IF; END $$;"
    )


def _quoted(name: str) -> str:
    return f'"{name}"'


def _check(wishes: ScriptWishes) -> None:
    named = {
        "数据库": (wishes.database,),
        "管理员账号": (wishes.administrator,),
        "经办账号": wishes.clerks,
        "只读账号": wishes.readers,
    }
    for what, names in named.items():
        for name in names:
            if not _NAME.fullmatch(name):
                raise reject(f"{what}“{name}”不能使用", "请写 1 至 63 个字符，不含空格、引号和 $")
    check_name(wishes.schema)
    if len(wishes.schema) > _LONGEST:
        raise reject(f"模式名“{wishes.schema}”太长", f"请不要超过 {_LONGEST} 个字符")
    twice = {wishes.administrator, *wishes.clerks} & {*wishes.readers}
    twice |= {wishes.administrator} & {*wishes.clerks}
    if twice:
        raise reject(
            f"账号“{min(twice)}”写在了两种角色里", "每个账号只能是管理员、经办、只读中的一种"
        )


def people(words: Sequence[str]) -> tuple[str, ...]:
    """Return the accounts named in texts, parted by commas or spaces, each once."""
    parts = (part for text in words for part in re.split(r"[\s,，、;；]+", text))
    return tuple(dict.fromkeys(filter(None, parts)))
