"""Ledgers (台账): the detail list behind an indicator, with typed columns."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import Finding, error
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.ledger.formulas import Feed  # noqa: TC001 - field types are read at run time by the codec
from fsdesk.domain.ledger.rules import Rule  # noqa: TC001 - field types are read at run time by the codec
from fsdesk.domain.records.merge import NO_EDITS, Revision
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a cell of a ledger may hold; None where nothing was filled in.
LedgerValue = str | float | date | bool | None

YES, NO = "是", "否"
NOTE_TITLES = ("备注", "说明", "备注说明")
# Stands between the parts of a natural key.
KEY_JOINT = "\x1f"
_ID_BYTES = 10


class ColumnType(LabelledEnum):
    """What a column holds."""

    TEXT = "text", "文字"
    NUMBER = "number", "数字"
    DATE = "date", "日期"
    CHOICE = "choice", "选项"
    FLAG = "flag", "是否"


class LedgerColumn(Struct, frozen=True):
    """A column of a ledger.

    Attributes:
        title: Header on screen and in files.
        choices: For choices, what may be chosen.
        personal: Whether it names citizens, and is masked.
        aliases: Other headers that lists of other systems give it; also its former titles.
        words: For choices, other words and the choice that each stands for.
    """

    title: str
    type: ColumnType = ColumnType.TEXT
    choices: tuple[str, ...] = ()
    personal: bool = False
    aliases: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()


class Ledger(Struct, frozen=True):
    """The declaration of a ledger.

    Attributes:
        key: Titles of the columns that tell one thing from another (natural key).
        feeds: Which indicators it feeds, and how.
        keyed_by_unit: Whether a key says what a row is within its unit only. Otherwise rows of
            several units with one key are the same thing, which counts once.
    """

    code: str
    title: str
    columns: tuple[LedgerColumn, ...]
    key: tuple[str, ...]
    feeds: tuple[Feed, ...] = ()
    rules: tuple[Rule, ...] = ()
    keyed_by_unit: bool = False

    def column(self, title: str) -> LedgerColumn | None:
        """Return the column with this title, or None."""
        return next((column for column in self.columns if column.title == title), None)

    @property
    def note_column(self) -> str:
        """Title of the column for notes, to which other texts can be added; empty without one."""
        texts = (c.title for c in self.columns if c.type is ColumnType.TEXT)
        return next((title for title in texts if title in NOTE_TITLES), "")


class LedgerEntry(Struct, frozen=True):
    """A row of a ledger; it counts once however often it is imported.

    Attributes:
        id: Stable id; empty for one that is to be found by its natural key.
        values: By column title.
        revision: Which edits this state contains; see `fsdesk.domain.records.merge`.
        gone: Whether it was removed. A removal is an edit that travels like any other.
    """

    id: str
    ledger: str
    unit: str
    values: Mapping[str, LedgerValue]
    revision: Revision = NO_EDITS
    gone: bool = False


def plain_value(value: LedgerValue) -> str | float | None:
    """Return a value as JSON and the database hold it: days as ISO text, flags as 是 or 否."""
    if value is None or isinstance(value, str):  # most are
        return value or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return YES if value else NO
    return float(value)


def natural_key(ledger: Ledger, values: Mapping[str, LedgerValue]) -> str:
    """Return the text by which a row is found again, folded so that forms of writing are one."""
    if len(ledger.key) == 1:
        return _key_part(values.get(ledger.key[0]))
    return KEY_JOINT.join(_key_part(values.get(title)) for title in ledger.key)


def _key_part(value: LedgerValue) -> str:
    if isinstance(value, str):
        # Most keys are plain numbers in capitals, which need no folding of forms.
        return value.lower() if value.isalnum() and value.isascii() else fold(value)
    plain = plain_value(value)
    return fold(plain) if isinstance(plain, str) else "" if plain is None else f"{plain:.15g}"


def new_entry_id(ledger: str, unit: str, key: str, turn: int = 0) -> str:
    """Return the id of a row that is typed or imported for the first time.

    It is made from the natural key, so that the same row typed on two PCs, or imported on both,
    is one row. It stays when the key is corrected later.

    `turn`: counts up where a row born with this key has been given another one since.
    """
    seed = f"{ledger}\x00{unit}\x00{key}\x00{turn}" if turn else f"{ledger}\x00{unit}\x00{key}"
    return hashlib.blake2b(seed.encode(), digest_size=_ID_BYTES).hexdigest()


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
        if entry.values.get(title) is not None and not fits(column, entry.values[title])
    ]
    return tuple(found)


_KINDS = {
    ColumnType.TEXT: str,
    ColumnType.NUMBER: float | int,
    ColumnType.DATE: date,
    ColumnType.FLAG: bool,
}


def fits(column: LedgerColumn, value: LedgerValue) -> bool:
    """Tell whether a value that is not None is one that a column may hold."""
    if column.type is ColumnType.CHOICE:
        return value in column.choices
    is_flag = isinstance(value, bool)
    return isinstance(value, _KINDS[column.type]) and is_flag is (column.type is ColumnType.FLAG)


def _expected(column: LedgerColumn) -> str:
    if column.type is ColumnType.CHOICE:
        return f"请选择：{'、'.join(column.choices)}"
    return f"请填写{column.type.label}"
