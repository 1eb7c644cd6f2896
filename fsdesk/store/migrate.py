"""Bringing a database to the present schema, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from fsdesk.domain.findings import WorkspaceError
from fsdesk.places import project_file

if TYPE_CHECKING:
    from sqlalchemy import Engine

# The newest step; a test holds it against the files in migrations/versions.
HEAD = "0009"


def schema_version(engine: Engine) -> str:
    """Return the number of the last step applied; empty for a new database."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def check_readable(version: str) -> None:
    """Refuse a database that a newer program made.

    Raises:
        WorkspaceError: When the schema is newer than this program.
    """
    if version > HEAD:
        raise WorkspaceError("工作区由更高版本的程序建立，本程序不能打开", "请升级本程序后再打开")


def upgrade(engine: Engine) -> None:
    """Apply all steps that are missing, in one transaction."""
    # Alembic is only needed here; an up-to-date workspace opens without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(project_file("fsdesk/store/migrations")))
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
