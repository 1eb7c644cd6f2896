"""Ledgers (台账): the detail list behind an indicator, with typed columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Finding, error

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a cell of a ledger may hold; None where nothing was filled in.
LedgerValue = str | float | date | bool | None


class ColumnType(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"text": "文字", "number": "数字", "date": "日期", "choice": "选项", "flag": "是否"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class LedgerColumn:
    """A column of a ledger.

    Attributes:
        title: Header on screen and in files.
        type: What it holds.
        choices: For choices, what may be chosen.
        personal: Whether it names citizens, and is masked.
    """

    title: str
    type: ColumnType = ColumnType.TEXT
    choices: tuple[str, ...] = ()
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The declaration of a ledger.

    Attributes:
        code: Stable short code.
        title: Name on screen.
        columns: In order.
        key: Titles of the columns that tell one thing from another (natural key).
    """

    code: str
    title: str
    columns: tuple[LedgerColumn, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row of a ledger; it counts once however often it is imported.

    Attributes:
        id: Stable id.
        ledger: Code of the ledger.
        unit: Code of the unit that keeps it.
        values: By column title.
    """

    id: str
    ledger: str
    unit: str
    values: Mapping[str, LedgerValue]


def check_entry(ledger: Ledger, entry: LedgerEntry) -> tuple[Finding, ...]:
    """Check a row's values against its ledger's columns.

    Returns:
        Findings; errors mean that it must not be stored.
    """
    known = {column.title: column for column in ledger.columns}
    found = [
        error(f"台账“{ledger.title}”没有“{title}”这一列", "请核对表头")
        for title in entry.values
        if title not in known
    ]
    found += [
        error(f"“{title}”不能为空", "请补上，程序靠它识别同一条记录")
        for title in ledger.key
        if entry.values.get(title) in (None, "")
    ]
    found += [
        error(f"“{title}”的取值“{entry.values[title]}”无效", _expected(column))
        for title, column in known.items()
        if entry.values.get(title) is not None and not _fits(column, entry.values[title])
    ]
    return tuple(found)


def _fits(column: LedgerColumn, value: LedgerValue) -> bool:
    if column.type is ColumnType.CHOICE:
        return value in column.choices
    kinds = {
        ColumnType.TEXT: str,
        ColumnType.NUMBER: float | int,
        ColumnType.DATE: date,
        ColumnType.FLAG: bool,
    }
    is_flag = isinstance(value, bool)
    return isinstance(value, kinds[column.type]) and is_flag is (column.type is ColumnType.FLAG)


def _expected(column: LedgerColumn) -> str:
    if column.type is ColumnType.CHOICE:
        return f"请选择：{'、'.join(column.choices)}"
    return f"请填写{column.type.label}"
