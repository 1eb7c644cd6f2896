"""Which database the workspace of a folder lies in: the file in it, or a schema on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import FindingCode, workspace_error
from fsdesk.store.server import address

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from fsdesk.domain.findings import WorkspaceError
    from fsdesk.store.server.address import Remembered, ServerAddress


class Place(Struct, frozen=True):
    """Where the workspace of a folder lies.

    Attributes:
        database: Address of the database; None for the file in the folder.
        server: The address where it is one of a server.
        known: What the folder says of it.
    """

    folder: Path
    database: str | None
    server: ServerAddress | None = None
    known: Remembered | None = None

    def make(self, engine: Engine) -> None:
        """Make the schema of a new workspace; WorkspaceError when the server refuses."""
        if self.server is not None:
            from fsdesk.store.server.connection import make_schema  # for those who have one

            make_schema(engine, self.server.schema)

    def check(self, engine: Engine) -> None:
        """Refuse a schema that is not there; WorkspaceError."""
        if self.server is not None:
            from fsdesk.store.server.connection import check_schema  # for those who have one

            check_schema(engine, self.server.schema)

    def signed_in(self, engine: Engine) -> tuple[str, bool]:
        """Return who signed in at the server, and whether that account may record anything.

        In a folder it is nobody's account, and may.
        """
        if self.server is None:
            return "", True
        from fsdesk.store.server.connection import signed_in  # for those who have one

        return signed_in(engine)

    def confirm(self, workspace: str, *, note: bool) -> str:
        """See to it that the folder belongs to the workspace that was found there.

        `workspace`: its id.
        `note`: whether a folder that belonged to none belongs to it from now on.
        WorkspaceError when it belongs to another one.

        Returns:
            What tells its desk from others; empty where there are no others.
        """
        if self.server is None:
            return ""
        if self.known is not None and self.known.workspace != workspace:
            raise workspace_error(
                f"{self.server.name}中的工作区不是文件夹“{self.folder}”所属的那一个",
                "请管理员核对数据库是否被换过；确实换了时，请另选一个文件夹连接",
                FindingCode.UNREADABLE,
            )
        known = self.known
        if known is None and note:
            known = address.remember(self.folder, self.server, workspace)
        return known.desk if known else ""

    def taken(self) -> WorkspaceError:
        """Say that there is a workspace already."""
        if self.server is not None:
            return workspace_error(
                f"{self.server.name}中已有工作区",
                "如果是另一台电脑建立的，请用这个地址连接它；否则请换一个 schema",
            )
        return workspace_error(
            f"文件夹“{self.folder}”中已有工作区", "请直接打开它，或另选一个文件夹"
        )


def new_place(folder: Path, database: str | None) -> Place:
    """Return where a new workspace is to lie; WorkspaceError when the folder belongs to one.

    InputRejectedError when the address can't be understood.
    """
    if address.is_on_server(folder):
        raise Place(folder, None).taken()
    return _named(folder, database)


def place_of(folder: Path, database: str | None, *, holds_file: bool) -> Place:
    """Return where the workspace of a folder lies.

    What a folder belongs to is not changed by naming another database beside it: its packets and
    evidence are those of one workspace.

    `database`: the address that was named; None where none was.
    `holds_file`: whether a workspace's database lies in the folder.
    WorkspaceError when the folder belongs to another workspace than the one that is named;
    InputRejectedError when the address can't be understood.
    """
    known = address.remembered(folder)
    named = _named(folder, database)
    if known is None:
        if named.server is not None and holds_file:
            raise workspace_error(
                f"文件夹“{folder}”中已有本机的工作区",
                "请用 --workspace 为服务器上的工作区另选一个文件夹",
            )
        return named
    if database is not None and named.server != known.address:
        raise workspace_error(
            f"文件夹“{folder}”属于另一个数据库中的工作区：{known.address.name}",
            "请去掉 --database，或用 --workspace 另选一个文件夹",
        )
    return Place(folder, known.address.text, known.address, known)


def _named(folder: Path, database: str | None) -> Place:
    if database is None or not address.is_server(database):
        return Place(folder, database)
    return Place(folder, database, address.ServerAddress.parse(database))
