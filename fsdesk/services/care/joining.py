"""Coming to a workspace on a server from the window: looking around, opening, making, signing in.

A try that fails leaves nothing behind: no folder, no password, nothing on the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from fsdesk import files
from fsdesk.domain.accounts import Encryption, SharedDatabase
from fsdesk.domain.findings import FsdeskError, reject, warning
from fsdesk.services.care import known
from fsdesk.store.server import passwords
from fsdesk.store.server.address import FILE, USUAL_SCHEMA, ServerAddress, remembered
from fsdesk.workspace import is_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fsdesk.domain.accounts import AccountRole, Checked, FoundSchemas
    from fsdesk.workspace import Workspace

_Found = TypeVar("_Found")
_HIGHEST_PORT = 65535


def look_around(wanted: SharedDatabase, password: str = "") -> FoundSchemas:
    """Sign in, and return the schemas that the account finds; nothing is changed.

    InputRejectedError for what can't be an address; WorkspaceError when the server refuses.
    """
    from fsdesk.store.server.survey import look_around as survey  # for those who have one

    address = _address(wanted)
    return _signed_in(address, password, lambda: survey(address))


def address_of(wanted: SharedDatabase) -> str:
    """Return an address as `open_workspace` takes it; InputRejectedError when it can be none."""
    return _address(wanted).text


def keep_for(workspace: Workspace, wanted: SharedDatabase, password: str) -> None:
    """Keep the password by which a workspace was opened, for later starts; none where it is empty.

    Where it can't be kept the workspace says so, and is open all the same.
    """
    if not password:
        return
    try:
        passwords.keep(_address(wanted), password)
    except FsdeskError as problem:
        why = "；".join(found.message for found in problem.findings)
        told = warning(f"密码没有记住：{why}", "下次启动时请再输入")
        workspace.warnings = (*workspace.warnings, told)


def connect(folder: Path, wanted: SharedDatabase) -> Workspace:
    """Open a workspace on a server whose account has signed in.

    `folder`: where it belongs from now on, unless another folder of this PC belongs to it already.
    WorkspaceError when it can't be opened.
    """
    address = _address(wanted)
    there = _folder_of(address)
    if there is not None:
        return open_workspace(there)
    before = set(folder.iterdir()) if folder.is_dir() else None
    try:
        return open_workspace(folder, address.text)
    except BaseException:
        if not (folder / FILE).exists() and folder.is_dir():
            for made in set(folder.iterdir()) - (before or set()):
                files.discard(made)
            if before is None:
                files.discard_empty(folder)
        raise


def where(folder: Path) -> SharedDatabase | None:
    """Return where the workspace of a folder lies on a server; None where it doesn't."""
    found = remembered(folder)
    return None if found is None else _shared(found.address)


def sign_in(folder: Path, password: str, *, keep: bool) -> None:
    """Take the password of the account with which a folder's workspace is opened.

    `keep`: whether it is kept for later starts.
    WorkspaceError when the server refuses it; then the one that was held before holds on.
    """
    from fsdesk.store.server.survey import look_around as survey  # for those who have one

    found = remembered(folder)
    if found is None:
        raise reject(f"文件夹“{folder}”不属于服务器上的工作区", "请重新打开")
    _signed_in(found.address, password, lambda: survey(found.address))
    if keep:
        passwords.keep(found.address, password)


def script(
    wanted: SharedDatabase, administrator: str, clerks: Sequence[str], readers: Sequence[str]
) -> str:
    """Return the script by which a server's administrator prepares a schema; InputRejectedError.

    `clerks` and `readers`: accounts, also several in one text.
    """
    from fsdesk.store.server import rights

    wishes = rights.ScriptWishes(
        wanted.database.strip(),
        wanted.schema.strip() or USUAL_SCHEMA,
        administrator.strip(),
        rights.people(clerks),
        rights.people(readers),
    )
    return rights.script(wishes)


def check(
    wanted: SharedDatabase, password: str, role: AccountRole, account: str = ""
) -> list[Checked]:
    """Look at what an account truly may do on a server; see `checkup.check`."""
    from fsdesk.store.server import checkup

    address = _address(wanted)
    return _signed_in(address, password, lambda: checkup.check(address, role, account))


def check_at(database: str, role: AccountRole, account: str = "") -> list[Checked]:
    """Look at what an account truly may do at an address that was typed; see `checkup.check`."""
    from fsdesk.store.server import checkup

    return checkup.check(ServerAddress.parse(database), role, account)


def shared_at(database: str) -> SharedDatabase:
    """Return what an address names of a server; InputRejectedError."""
    return _shared(ServerAddress.parse(database))


def _shared(address: ServerAddress) -> SharedDatabase:
    mode = address.options.get("sslmode", "")
    return SharedDatabase(
        address.host or address.options.get("host", ""),
        address.database,
        address.user,
        address.schema,
        str(address.port or ""),
        Encryption(mode) if mode in set(Encryption) else Encryption.USUAL,
        address.options.get("sslrootcert", ""),
    )


def _signed_in(address: ServerAddress, password: str, look: Callable[[], _Found]) -> _Found:
    """Look with a password; one that is refused is not held, and the one before it is again."""
    before = passwords.held(address)
    if password:
        passwords.hold(address, password)
    try:
        return look()
    except FsdeskError:
        if before is None:
            passwords.let_go(address)
        else:
            passwords.hold(address, before)
        raise


def _address(wanted: SharedDatabase) -> ServerAddress:
    """Put what was filled in together, and look at it as at an address that was typed."""
    missing = [
        name
        for name, value in (
            ("服务器", wanted.server),
            ("数据库", wanted.database),
            ("账号", wanted.account),
        )
        if not value.strip()
    ]
    if missing:
        raise reject(f"还没有填写{'、'.join(missing)}", "请向管理员询问后填写")
    port = wanted.port.strip()
    if port and not (port.isdecimal() and 0 < int(port) <= _HIGHEST_PORT):
        raise reject(f"端口“{port}”无效", f"请填写 1 至 {_HIGHEST_PORT} 的整数，一般是 5432")
    if wanted.encryption is Encryption.VERIFIED and not wanted.certificate:
        raise reject("还没有选择证书文件", "请选择管理员给的根证书（.crt 或 .pem）")
    options = {"sslmode": wanted.encryption.value} if wanted.encryption else {}
    if wanted.encryption is Encryption.VERIFIED:
        options["sslrootcert"] = wanted.certificate
    server = wanted.server.strip()
    if server.startswith("/"):  # the folder of this PC's own server's socket
        options["host"], server = server, ""
    made = ServerAddress(
        server,
        int(port) if port else None,
        wanted.database.strip(),
        wanted.schema.strip() or USUAL_SCHEMA,
        wanted.account.strip(),
        options,
    )
    return ServerAddress.parse(made.text)


def _folder_of(address: ServerAddress) -> Path | None:
    """Return the folder of this PC that belongs to a schema under the same account."""
    for each in known.workspaces():
        try:
            found = remembered(each.folder) if is_workspace(each.folder) else None
        except (FsdeskError, OSError):
            continue
        if found is not None and found.address == address:
            return each.folder
    return None
