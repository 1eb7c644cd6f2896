"""Findings: what is wrong, where, and what to do about it, in words for the user."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How grave a finding is; the value is the word on screen."""

    ERROR = "错误"
    WARNING = "警告"
    NOTICE = "提示"


class FindingCode(StrEnum):
    """Which fault a finding tells of, where the program asks; its words may change, this stays."""

    INPUT = "input"  # what was typed or brought in
    WORKSPACE = "workspace"  # the workspace itself
    NO_WORKSPACE = "no_workspace"
    WORKSPACE_GONE = "workspace_gone"  # it was there at an earlier time
    WORKSPACE_IN_USE = "workspace_in_use"
    UNREADABLE = "unreadable"  # a database, in the words of whoever met it
    LOST = "lost"  # what was saved last and can't be read any more
    DAMAGED = "damaged"  # the workspace's database, with the way back to a sound copy
    UNKNOWN_KEY = "unknown_key"  # not registered for its unit, while another key is
    NO_RESPONSIBLE_UNIT = "no_responsible_unit"
    NOBODY_NAMED = "nobody_named"  # a document names nobody at all: asked for once
    HISTORY = "history"  # a clock is wrong, or a database was put back: always told in full
    HEADING = "heading"  # a form's heading contradicts its hidden sheet: a person chooses
    SHEETS = "sheets"  # sheets that look like the form's own: a person chooses
    PASSPHRASE = "passphrase"  # noqa: S105 - none itself: it is missing or wrong
    PASSWORD = "password"  # noqa: S105 - none itself: that of a workspace is missing or wrong
    SIGN_IN = "sign_in"  # the password of a server's account is missing or wrong
    AWAY = "away"  # a server can't be reached just now: what failed may be tried again
    TOO_WIDE = "too_wide"  # a table for its paper: other paper or fewer columns are offered
    NO_RECEIVER_KEY = "no_receiver_key"  # what is to travel sealed can't be sealed
    FILE = "file"  # a disk or file can't be read or written
    UNEXPECTED = "unexpected"  # nobody foresaw it


class Place(NamedTuple):
    """Where a finding lies; every part is optional. Each filled cell of a file has one.

    Attributes:
        cell: Cell in A1 notation.
        line: Line of a text file, counted from 1.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Name the place in Chinese; empty when nothing is known."""
        parts = [
            f"文件“{self.file}”" if self.file else "",
            f"工作表“{self.sheet}”" if self.sheet else "",
            f"单元格 {self.cell}" if self.cell else "",
            f"第 {self.line} 行" if self.line is not None else "",
        ]
        return " ".join(part for part in parts if part)


NOWHERE = Place()


class Finding(Struct, frozen=True):
    """One thing to tell the user; an error stops the action, a warning or notice doesn't.

    Attributes:
        field: Which field of a record it is about, so that it can be told at its own cell.
    """

    level: Severity
    message: str
    remedy: str = ""
    place: Place = NOWHERE
    code: FindingCode = FindingCode.INPUT
    field: str = ""

    def __str__(self) -> str:
        """Render place, message and remedy as one sentence."""
        where = f"{self.place}：" if str(self.place) else ""
        what = self.message.rstrip("。")
        fix = f"。{self.remedy.rstrip('。')}" if self.remedy else ""
        return f"{where}{what}{fix}。"

    def at(self, place: Place) -> Finding:
        """Return the same finding at another place."""
        return replace(self, place=place)

    def about(self, field: str) -> Finding:
        """Return the same finding about a field of its record."""
        return replace(self, field=field)


def error(
    message: str,
    remedy: str = "",
    place: Place | None = None,
    code: FindingCode = FindingCode.INPUT,
) -> Finding:
    """Make a finding that stops the action."""
    return Finding(Severity.ERROR, message, remedy, place or NOWHERE, code)


def warning(message: str, remedy: str = "", place: Place | None = None) -> Finding:
    """Make a finding that the user should look at."""
    return Finding(Severity.WARNING, message, remedy, place or NOWHERE)


def notice(message: str, remedy: str = "", place: Place | None = None) -> Finding:
    """Make a finding for information."""
    return Finding(Severity.NOTICE, message, remedy, place or NOWHERE)


def doubt(message: str, remedy: str) -> Finding:
    """Make a warning of a clock that is wrong, or of a database that was put back."""
    return replace(warning(message, remedy), code=FindingCode.HISTORY)


def errors_of(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep only the findings that stop an action."""
    return tuple(finding for finding in findings if finding.level is Severity.ERROR)


class FsdeskError(Exception):
    """Base of every failure that is explained to the user: at least one finding, worst first."""

    def __init__(self, *findings: Finding) -> None:
        """Keep the findings; the text of the exception is what the user reads."""
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings

    def tells(self, code: FindingCode) -> bool:
        """Whether this fault is among its findings."""
        return any(finding.code is code for finding in self.findings)


def is_away(problem: Exception) -> bool:
    """Tell whether something failed for no other reason than that a server is away just now."""
    return isinstance(problem, FsdeskError) and problem.tells(FindingCode.AWAY)


class InputRejectedError(FsdeskError):
    """Input can't be taken; nothing was changed. What docstrings call refused raises this."""


class PartlyDoneError(FsdeskError):
    """Something of what was asked for is done and stays; the rest, or the answer, failed.

    Its first finding says what is done.
    """


class WorkspaceError(FsdeskError):
    """The workspace can't be opened, is held by somebody else, or is damaged."""


def reject(message: str, remedy: str = "", place: Place | None = None) -> InputRejectedError:
    """Make an exception that carries one error."""
    return InputRejectedError(error(message, remedy, place))


def workspace_error(
    message: str, remedy: str, code: FindingCode = FindingCode.WORKSPACE
) -> WorkspaceError:
    """Make an exception that carries one fault of a workspace."""
    return WorkspaceError(error(message, remedy, code=code))


def raise_errors(findings: Iterable[Finding]) -> None:
    """Raise when any finding is an error; InputRejectedError with all errors among the findings."""
    found = errors_of(findings)
    if found:
        raise InputRejectedError(*found)
