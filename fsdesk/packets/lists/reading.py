"""How a table is to be read, and what it says: rows, faults, and what is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fsdesk.domain.findings import Finding
from fsdesk.packets.lists.headers import UNIT_COLUMN, ListHeader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fsdesk.domain.ledger.ledger import LedgerColumn, LedgerValue


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a row can't be taken; rows count from 1."""

    row: int
    column: str
    message: str
    value: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of a table.

    Attributes:
        number: Its number in the sheet, from 1.
        beside: What stands in the column beside those of the ledger; empty when there is none.
        values: By title of the ledger's column; only what is filled in.
        cell: Name of the first cell that identifies the row.
    """

    number: int
    beside: str
    values: Mapping[str, LedgerValue]
    cell: str = ""


@dataclass(slots=True)
class ListReading:
    """What a table says.

    Attributes:
        headers: The headers, each with the number of its row from 0; the first one first.
        passed_over: Numbers of rows that hold no entry: totals, remarks, other tables.
        unknown_words: By title, the words in columns of choices that name no choice.
        findings: What stands in the sheet and is not taken, each at its cells.
    """

    sheet: str
    headers: list[ListHeader]
    rows: list[ListRow] = field(default_factory=list[ListRow])
    rejected: list[Rejected] = field(default_factory=list[Rejected])
    passed_over: list[int] = field(default_factory=list[int])
    unknown_words: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def header(self) -> ListHeader:
        """The first headers."""
        return self.headers[0]


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose for a form of list.

    Attributes:
        columns: Title of the ledger's column by header; empty for “leave out”.
        words: By title, the choice that each word of the list stands for.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])


@dataclass(frozen=True, slots=True)
class TableRules:
    """How a table is read, apart from what its ledger says.

    Attributes:
        choices: What somebody chose for this form of list.
        beside: The column that stands beside those of the ledger.
        known: What may stand in it for rows that are entries whatever else they hold.
        is_held: Whether the row known by this stands as it is held, however odd it looks; asked
            of rows that a spreadsheet may have damaged.
        year: In which dates without a year lie; None: such dates are refused.
        hidden_rows: Whether rows that are hidden or filtered out are read.
        form_texts: What a form has above its headers itself; a text may end in one of them.
        spare_remedy: What to do about columns that the ledger does not have.
    """

    choices: Choices = field(default_factory=Choices)
    beside: LedgerColumn = UNIT_COLUMN
    known: Collection[str] = ()
    is_held: Callable[[str, Mapping[str, LedgerValue]], bool] = lambda _known, _values: False
    year: int | None = None
    hidden_rows: bool = True
    form_texts: tuple[str, ...] = ()
    spare_remedy: str = "需要导入的，请在导入窗口中选定对应的列，或先在台账中增加这一列"
