"""What an account truly may do in a workspace on a server, asked of the server itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.accounts import AccountRole, Checked
from fsdesk.domain.findings import workspace_error
from fsdesk.store.engine import make_engine
from fsdesk.store.migrate import HEAD
from fsdesk.store.server import rights
from fsdesk.store.server.connection import LEAST_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from fsdesk.store.server.address import ServerAddress

_RUN_SCRIPT = "请重新运行脚本；仍不合格的，请收回这个账号另外的权限和角色"
_VERBS = {
    "SELECT": "查看",
    "INSERT": "增加",
    "UPDATE": "修改",
    "DELETE": "删除",
    "TRUNCATE": "清空",
}


def check(address: ServerAddress, role: AccountRole, account: str = "") -> list[Checked]:
    """Look at a server, a schema, and at what an account may do there; nothing is changed.

    `account`: by default the one that signs in; of others an administrator may ask.
    WorkspaceError when the server can't be reached, or knows no such account.
    """
    engine = make_engine(address.text)
    try:
        with engine.connect() as connection:
            return list(_checked(_Asking(connection, address.schema, account), role))
    finally:
        engine.dispose()


class _Asking:
    """Asks a server about one account in one schema."""

    def __init__(self, connection: Connection, schema: str, account: str) -> None:
        self._connection, self.schema = connection, schema
        self._named = {"schema": schema, "log": rights.LOG, "version": rights.VERSION}
        self.account = account or str(self.one("SELECT current_user"))
        self._named["account"] = self.account
        if self.one("SELECT 1 FROM pg_roles WHERE rolname = %(account)s") is None:
            raise workspace_error(f"服务器上没有账号“{self.account}”", "请核对账号")

    def one(self, text: str, **more: str) -> object:
        """Return the one thing that is asked for."""
        return self._connection.exec_driver_sql(text, {**self._named, **more}).scalar()

    def many(self, text: str, **more: str) -> list[str]:
        """Return a list of names."""
        rows = self._connection.exec_driver_sql(text, {**self._named, **more})
        return [str(row[0]) for row in rows]

    def of_kind(self, kind: str) -> list[str]:
        """Return the names of tables (``r``) or sequences (``S``)."""
        return self.many(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %(schema)s AND c.relkind = %(kind)s ORDER BY c.relname",
            kind=kind,
        )

    def may(self, table: str, verb: str) -> bool:
        """Tell whether the account may do something with a table."""
        asked = (
            "SELECT has_table_privilege(%(account)s,"
            " quote_ident(%(schema)s) || '.' || quote_ident(%(table)s), %(verb)s)"
        )
        return bool(self.one(asked, table=table, verb=verb))


def _checked(ask: _Asking, role: AccountRole) -> Iterator[Checked]:
    yield from _server(ask)
    yield _new_schemas(ask, role)
    present = ask.one("SELECT 1 FROM pg_namespace WHERE nspname = %(schema)s") is not None
    used = present and ask.one("SELECT has_schema_privilege(%(account)s, %(schema)s, 'USAGE')")
    if not used:
        found = "不能使用" if present else "没有"
        yield Checked(f"模式 {ask.schema}", found, _RUN_SCRIPT)
        return
    yield Checked(f"模式 {ask.schema}", "可以使用")
    tables = ask.of_kind("r")
    if rights.LOG not in tables or rights.VERSION not in tables:
        yield _making(ask, role)
        return
    yield from _workspace(ask)
    yield from _account(ask, role)
    for table in tables:
        yield _table(ask, role, table)
    yield _signing(ask, role)
    for name in ask.of_kind("S") if role is not AccountRole.READER else ():
        asked = (
            "SELECT has_sequence_privilege(%(account)s,"
            " quote_ident(%(schema)s) || '.' || quote_ident(%(name)s), 'USAGE')"
        )
        may = bool(ask.one(asked, name=name))
        yield Checked(f"序列 {name}", "可以取号" if may else "不能取号", "" if may else _RUN_SCRIPT)


def _server(ask: _Asking) -> Iterator[Checked]:
    number = int(str(ask.one("SHOW server_version_num")))
    fits = number // 10000 >= LEAST_VERSION
    remedy = "" if fits else f"请升级到 PostgreSQL {LEAST_VERSION} 或更高版本"
    yield Checked("服务器版本", str(ask.one("SHOW server_version")), remedy)
    encoding = str(ask.one("SHOW server_encoding"))
    remedy = "" if encoding == "UTF8" else "请另建一个编码为 UTF8 的数据库"
    yield Checked("字符编码", encoding, remedy)
    # Only what is: whether it must be is for the office to say.
    secured = ask.one("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    yield Checked("本次连接", "已加密" if secured else "没有加密")


def _new_schemas(ask: _Asking, role: AccountRole) -> Checked:
    """Tell whether only the administrator may restore in place and begin the next year."""
    asked = "SELECT has_database_privilege(%(account)s, current_database(), 'CREATE')"
    may, wanted = bool(ask.one(asked)), role is AccountRole.ADMINISTRATOR
    found = "可以建" if may else "不能建"
    if wanted and not may:
        found = "不能建，就地恢复和建立下一年度的工作区都会被拒绝"
    return Checked("新的模式", found, "" if may == wanted else _RUN_SCRIPT)


def _making(ask: _Asking, role: AccountRole) -> Checked:
    what = "工作区"
    if role is not AccountRole.ADMINISTRATOR:
        return Checked(what, "模式里还没有工作区", "请先由管理员账号新建工作区，再检查")
    may = ask.one("SELECT has_schema_privilege(%(account)s, %(schema)s, 'CREATE')")
    return Checked(
        what, "还没有，可以新建" if may else "还没有，也不能新建", "" if may else _RUN_SCRIPT
    )


def _workspace(ask: _Asking) -> Iterator[Checked]:
    quoted = f'"{ask.schema}"'
    if ask.may(rights.VERSION, "SELECT") and ask.account == ask.one("SELECT current_user"):
        version = str(ask.one(f"SELECT version_num FROM {quoted}.{rights.VERSION}"))  # noqa: S608
        remedy = "请由管理员账号用新版程序打开一次" if version < HEAD else ""
        remedy = "请升级本程序" if version > HEAD else remedy
        yield Checked("数据结构的版本", version, remedy)
    other = ask.many(
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_collation l ON l.oid = a.attcollation"
        " WHERE n.nspname = %(schema)s AND c.relkind = 'r' AND a.attnum > 0"
        " AND NOT a.attisdropped AND l.collname <> 'C'"
        " AND c.relname <> %(version)s ORDER BY 1"
    )
    remedy = "请恢复到另一个空模式后改用那里" if other else ""
    found = f"{'、'.join(other[:3])} 等 {len(other)} 列不是" if other else "都按字符编码"
    yield Checked("文字的排序", found, remedy)
    guards = ask.many(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE n.nspname = %(schema)s AND c.relname = %(log)s"
        # Before (2), by statement: on delete (8), update (16) and truncate (32).
        " AND t.tgenabled IN ('O', 'A') AND t.tgtype & 59 = 58 AND p.proname = 'change_is_kept'"
    )
    remedy = "" if guards else "请核对谁动过数据库，并从备份恢复到另一个空模式"
    yield Checked("变更记录只能增加", "触发器在" if guards else "触发器不在或已停用", remedy)


def _account(ask: _Asking, role: AccountRole) -> Iterator[Checked]:
    is_super = bool(ask.one("SELECT rolsuper FROM pg_roles WHERE rolname = %(account)s"))
    if is_super:
        yield Checked(
            f"账号 {ask.account}", "超级用户，什么都可以改", "日常请换用脚本中的账号，不用超级用户"
        )
    owner = bool(
        ask.one(
            "SELECT pg_has_role(%(account)s, c.relowner, 'USAGE') FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = %(schema)s AND c.relname = %(log)s"
        )
    )
    wanted = role is AccountRole.ADMINISTRATOR
    remedy = "" if owner == wanted else "请换用管理员账号" if wanted else "请换用经办或只读账号"
    yield Checked("表的所有者", "是" if owner else "不是", remedy)


def _table(ask: _Asking, role: AccountRole, table: str) -> Checked:
    wanted = rights.wanted(role, table)
    # Who owns a table may do everything with it; the trigger keeps the log all the same.
    asked = rights.ALL if role is AccountRole.ADMINISTRATOR else (*rights.ALL, "TRUNCATE")
    may = [verb for verb in asked if ask.may(table, verb)]
    missing = [_VERBS[verb] for verb in wanted if verb not in may]
    surplus = [_VERBS[verb] for verb in may if verb not in wanted]
    remedy = "，".join(
        words
        for words in (
            f"缺少：{'、'.join(missing)}" if missing else "",
            f"多出：{'、'.join(surplus)}" if surplus else "",
            _RUN_SCRIPT if missing or surplus else "",
        )
        if words
    )
    return Checked(f"表 {table}", "、".join(_VERBS[verb] for verb in may) or "没有权限", remedy)


def _signing(ask: _Asking, role: AccountRole) -> Checked:
    """Say who else may read the signing key."""
    others = ask.many(
        "SELECT r.rolname FROM pg_roles r WHERE r.rolcanlogin AND NOT r.rolsuper"
        " AND has_schema_privilege(r.oid, %(schema)s, 'USAGE') AND has_table_privilege(r.oid,"
        " quote_ident(%(schema)s) || '.' || %(key)s, 'SELECT') ORDER BY 1",
        key=rights.SIGNING_KEY,
    )
    may = ask.may(rights.SIGNING_KEY, "SELECT")
    found = f"可以签名的账号：{'、'.join(others) or '只有超级用户'}"
    fits = may == (role is not AccountRole.READER)
    return Checked("签名密钥", found, "" if fits else _RUN_SCRIPT)
