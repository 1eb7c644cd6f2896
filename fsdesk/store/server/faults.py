"""PostgreSQL's faults in plain words, by its codes where it gives any.

https://www.postgresql.org/docs/15/errcodes-appendix.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.domain.findings import FindingCode, WorkspaceError, error

if TYPE_CHECKING:
    from sqlalchemy.engine import ExceptionContext

_Words = tuple[str, str]
_RIGHTS = (
    "这个数据库账号没有做这一步的权限",
    "只读账号只能查看；需要录入时，请管理员给账号相应的角色",
)
# Tables and schemas are made and changed only where a workspace is made, restored or upgraded.
_OF_ADMINISTRATOR = (
    "这个数据库账号没有做这一步的权限：恢复、建立工作区（包括下一年度的）和升级由管理员账号办理",
    "请换用管理员账号；管理员账号也被拒绝的，请重新运行建立账号的脚本（server script）",
)
_MAKES = re.compile(r"\s*(CREATE|ALTER|DROP)\b", re.IGNORECASE)
_LOST = ("与数据库服务器的连接断了，这一步没有保存", "请确认网络畅通、服务器正常，然后再试一次")
_WRONG = ("密码不对", "请重新输入这个账号的密码；用命令时请核对密码文件（pgpass）")
_MISSING = ("没有提供这个账号的密码", "请输入密码；用命令时请写进受保护的密码文件（pgpass）")
# By code, or by the class that its first two characters name.
_CODES: dict[str, _Words] = {
    "42501": _RIGHTS,
    "25006": ("数据库服务器现在只能读取", "请管理员确认连接的是主服务器"),
    "55P03": ("另一台电脑正在写入，等了很久还没有写完", "请稍后再试"),
    "57014": ("服务器取消了这一步", "请再试一次；仍不成功时请联系管理员"),
    "53100": ("服务器的磁盘已满", "请管理员清理服务器的磁盘，已保存的数据不受影响"),
    "53200": ("服务器的内存不够", "请稍后再试；仍不成功时请联系管理员"),
    "53300": ("服务器的连接数已满", "请关闭几个窗口后再试，或请管理员调高连接数"),
    "57P01": _LOST, "57P02": _LOST, "57P03": ("数据库服务器正在启动或停止", "请稍等片刻再试"),
    "25P03": _LOST, "25P04": _LOST,
    "28P01": _WRONG,
    "28": ("服务器不认这个账号", "请核对账号，或请管理员开通（pg_hba.conf）"),
    "3D": ("服务器上没有这个数据库", "请核对地址中的数据库名，或请管理员建立"),
    "3F": ("数据库中没有这个模式", "请核对地址中的 schema，或请管理员建立"),
    "08": _LOST,
    "58": ("服务器读写磁盘失败", "请管理员检查服务器的磁盘"),
    "XX": ("服务器报告数据损坏", "请停止录入并联系管理员，从备份恢复"),
}  # fmt: skip
# A connection that fails has no code; the words are English or, by the server's setting, Chinese.
_CONNECTING: tuple[tuple[str, _Words], ...] = (
    (r"no password supplied|needs? password", _MISSING),
    (r"password authentication|Password.*失败|密码.*失败|認證|认证失败", _WRONG),
    (r"no pg_hba\.conf entry|没有.*pg_hba\.conf", _CODES["28"]),
    (r"database .* does not exist|数据库.*不存在", _CODES["3D"]),
    (r"role .* (does not exist|is not permitted)|角色.*(不存在|登录)", _CODES["28"]),
    (r"Peer authentication|Ident auth", _CODES["28"]),
    (r"too many (clients|connections)|已经有太多", _CODES["53300"]),
    (r"starting up|shutting down|recovery mode|正在启动|正在关闭|恢复模式", _CODES["57P03"]),
    (
        r"certificate|SSL|TLS",
        (
            "与服务器的加密连接没有建立",
            "请核对 sslmode、证书和服务器名称，或请管理员检查服务器证书",
        ),
    ),
    # Whatever else it says, it is there and answers.
    (r"FATAL:|致命错误", ("服务器拒绝了连接", "请核对账号和数据库，或请管理员查看服务器的日志")),
)
_UNREACHABLE = (
    "连不上数据库服务器",
    "请核对服务器名称和端口，确认服务器已启动、网络畅通、防火墙放行",
)

_KINDS = {
    _WRONG: FindingCode.SIGN_IN,
    _MISSING: FindingCode.SIGN_IN,
    _LOST: FindingCode.AWAY,
    _UNREACHABLE: FindingCode.AWAY,
    _CODES["57P03"]: FindingCode.AWAY,
}


def words_of(context: ExceptionContext) -> WorkspaceError | None:
    """Put a fault that an engine of a server meets into words.

    Returns:
        What to raise in its place; None for what is a fault of the program.
    """
    fault = context.original_exception
    code: str = getattr(fault, "sqlstate", None) or ""
    found = _CODES.get(code) or _CODES.get(code[:2]) if code else None
    if found is None and not code and _is_of_connection(context):
        found = _LOST if context.is_disconnect else _connecting(str(fault))
    if found is _RIGHTS and _MAKES.match(context.statement or ""):
        found = _OF_ADMINISTRATOR
    if found is None:
        return None
    engine = context.engine
    where = f"（{engine.url.host or '本机'}/{engine.url.database}）" if engine else ""
    kind = _KINDS.get(found, FindingCode.INPUT)
    return WorkspaceError(error(f"{found[0]}{where}", found[1], code=kind))


def _is_of_connection(context: ExceptionContext) -> bool:
    from psycopg import OperationalError

    return context.is_disconnect or isinstance(context.original_exception, OperationalError)


def _connecting(message: str) -> _Words:
    found = (words for pattern, words in _CONNECTING if re.search(pattern, message, re.IGNORECASE))
    return next(found, _UNREACHABLE)
