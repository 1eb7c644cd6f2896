"""Accounts of a database that an office shares: what each may do, and what was found of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class AccountRole(StrEnum):
    """What an account of a shared database is for; the value is the word on screen."""

    ADMINISTRATOR = "管理员"  # owns the tables: makes the workspace, upgrades it
    CLERK = "经办"
    READER = "只读"


class Encryption(StrEnum):
    """How the way to a server is encrypted: libpq's ``sslmode``."""

    USUAL = ""  # as the server has it
    REQUIRED = "require"
    VERIFIED = "verify-full"  # and the certificate is the one of that server


class SharedDatabase(Struct, frozen=True):
    """Where a workspace on a server lies, as a person fills it in; never a password.

    Attributes:
        port: Empty for the usual one.
        schema: The workspace's schema; empty while it is not chosen yet.
        certificate: File of the authority by which the server's certificate is verified.
    """

    server: str
    database: str
    account: str
    schema: str = ""
    port: str = ""
    encryption: Encryption = Encryption.USUAL
    certificate: str = ""


class FoundSchema(Struct, frozen=True):
    """A schema that an account can see.

    Attributes:
        whose: Whose workspace it holds, such as ``区食药安办（汇总端）2026 年``; empty for none, or
            where the account may not read it.
        holds: Whether it holds a workspace.
        may_read: Whether the account may open it.
        may_write: Whether the account may record in it.
        may_fill: Whether it is empty, and the account may make a workspace in it.
    """

    name: str
    whose: str
    holds: bool
    may_read: bool
    may_write: bool
    may_fill: bool


class FoundSchemas(Struct, frozen=True):
    """What an account finds in a database.

    Attributes:
        may_make: Whether the account may make a new schema.
    """

    schemas: tuple[FoundSchema, ...]
    may_make: bool


class Checked(Struct, frozen=True):
    """One thing that was looked at on a server.

    Attributes:
        found: How it is.
        remedy: What to do where it isn't right; empty where it is.
    """

    what: str
    found: str
    remedy: str = ""

    @property
    def is_right(self) -> bool:
        """Whether nothing need be done."""
        return not self.remedy

    @property
    def verdict(self) -> str:
        """The word for it."""
        return "合格" if self.is_right else "不合格"
