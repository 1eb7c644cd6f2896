"""Bringing a database to the present schema, step by step."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from fsdesk.domain.findings import FindingCode, workspace_error
from fsdesk.places import project_file
from fsdesk.store.engine import make_engine, sqlite_url

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session

# The newest step; a test holds it against the files in migrations/versions.
HEAD = "0024"


def schema_version(engine: Engine) -> str:
    """Return the number of the last step applied; empty for a new database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def check_present(session: Session) -> None:
    """Refuse to write where another desk's newer program changed the schema; WorkspaceError."""
    if session.execute(text("SELECT version_num FROM alembic_version")).scalar() != HEAD:
        raise workspace_error(
            "工作区已由另一台电脑上更高版本的程序升级，刚才这一步没有保存",
            "请关闭本程序，升级后再打开",
        )


def is_version(version: str) -> bool:
    """Tell whether a number of the schema is one that this program, or a later one, gives."""
    return len(version) == len(HEAD) and version.isdecimal() and version.isascii()


def check_readable(version: str) -> None:
    """Refuse a database whose schema this program doesn't know, by WorkspaceError.

    With FindingCode.UNREADABLE where no program has ever given it such a number.
    """
    if version and not is_version(version):
        raise workspace_error(
            f"数据库的版本“{version}”无法识别", "请从备份恢复", FindingCode.UNREADABLE
        )
    if version > HEAD:
        raise workspace_error("工作区由更高版本的程序建立，本程序不能打开", "请升级本程序后再打开")


def upgrade(engine: Engine) -> None:
    """Apply all steps that are missing, in one transaction."""
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "sqlite" and not inspect(connection).get_table_names():
            for statement in _all_steps():
                connection.exec_driver_sql(statement)
        else:
            apply(connection)
            if engine.dialect.name != "sqlite":
                from fsdesk.store.server import rights  # for those who have one

                rights.grant_again(connection)


def upgrade_file(file: Path) -> None:
    """Bring a SQLite file that nobody has open to the present schema."""
    engine = make_engine(sqlite_url(file))
    try:
        upgrade(engine)
    finally:
        engine.dispose()


@cache
def _all_steps() -> tuple[str, ...]:
    """Return what the steps make of an empty SQLite database, as statements.

    A third of a second for each new workspace is much where many are made.
    """
    with make_engine("sqlite://").begin() as connection:
        apply(connection)
        database: Any = connection.connection.driver_connection
        return tuple(line for line in database.iterdump() if line not in _AROUND)


_AROUND = ("BEGIN TRANSACTION;", "COMMIT;")


def apply(connection: Connection) -> None:
    """Apply all steps that are missing within a transaction."""
    # Alembic is only needed here; an up-to-date workspace opens without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(project_file("fsdesk/store/migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
