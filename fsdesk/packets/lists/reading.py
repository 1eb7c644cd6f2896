"""How a table is to be read, and what it says: rows, faults, and what is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding
from fsdesk.packets.lists.headers import UNIT_COLUMN, ListHeader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fsdesk.domain.ledger.ledger import LedgerColumn, LedgerValue

_JOINT = "；"  # between the parts of a note


class Rejected(Struct, frozen=True):
    """Why a row can't be taken; rows count from 1."""

    row: int
    column: str
    message: str
    value: str = ""
    sheet: str = ""
    cell: str = ""


class ListRow(Struct):
    """A row of a table; it is never changed.

    Attributes:
        number: Its number in the sheet, from 1.
        beside: What stands in the column beside those of the ledger; empty when there is none.
        values: By title of the ledger's column; only what is filled in.
        noted: What its other columns add to the note, each with its header.
        places: Number of each column, from 0, by its title.
    """

    number: int
    beside: str
    values: Mapping[str, LedgerValue]
    noted: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict[str, int])

    def cell(self, title: str) -> str:
        """Return the name of the row's cell in a column; empty where there is no such column."""
        return cell_name(self.number - 1, self.places[title]) if title in self.places else ""

    def over(self, held: Mapping[str, LedgerValue], note: str) -> dict[str, LedgerValue]:
        """Return the row over what is held of it: what it doesn't say stays.

        `note`: title of the column for notes, to whose text is added what isn't there yet.
        """
        values = {**held, **self.values}
        if self.noted:
            text = str(values.get(note) or "")
            new = [part for part in self.noted if part not in text.split(_JOINT)]
            values[note] = _JOINT.join(filter(None, [text, *new]))
        return values


class ListReading(Struct):
    """What a table says.

    Attributes:
        headers: The headers, each with the number of its row from 0; the first one first.
        extra: Headers of columns that the ledger doesn't have, below which something stands.
        passed_over: Numbers of rows that hold no entry: totals, remarks, other tables.
        unknown_words: By title, the words in columns of choices that name no choice.
        findings: What stands in the sheet and is not taken, each at its cells.
    """

    sheet: str
    headers: list[ListHeader]
    rows: list[ListRow] = field(default_factory=list[ListRow])
    rejected: list[Rejected] = field(default_factory=list[Rejected])
    extra: list[str] = field(default_factory=list[str])
    passed_over: list[int] = field(default_factory=list[int])
    unknown_words: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def header(self) -> ListHeader:
        """The first headers."""
        return self.headers[0]


class Choices(Struct, frozen=True):
    """What somebody chose for a form of list.

    Attributes:
        columns: Title of the ledger's column by header; empty for “leave out”.
        words: By title, the choice that each word of the list stands for.
        new: Headers that become columns of the ledger (作为新列).
        notes: Headers whose content is added to the note (并入备注).
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])
    new: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def with_extra(self, headers: Collection[str], *, as_new: bool) -> Choices:
        """Return the choices with these headers as new columns, or added to the note."""
        rest = self.without(headers)
        if as_new:
            return replace(rest, new=(*rest.new, *headers))
        return replace(rest, notes=(*rest.notes, *headers))

    def without(self, headers: Collection[str]) -> Choices:
        """Return the choices as if nothing had been said of these headers."""
        return replace(
            self,
            columns={text: title for text, title in self.columns.items() if text not in headers},
            new=tuple(text for text in self.new if text not in headers),
            notes=tuple(text for text in self.notes if text not in headers),
        )


class TableRules(Struct, frozen=True):
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
        all_to_note: Whether all columns that the ledger does not have are added to the note.
        spare_remedy: What to do about columns that the ledger does not have.
    """

    choices: Choices = field(default_factory=Choices)
    beside: LedgerColumn = UNIT_COLUMN
    known: Collection[str] = ()
    is_held: Callable[[str, Mapping[str, LedgerValue]], bool] = lambda _known, _values: False
    year: int | None = None
    hidden_rows: bool = True
    form_texts: tuple[str, ...] = ()
    all_to_note: bool = False
    spare_remedy: str = (
        "需要导入的，请在导入窗口中选定对应的列、作为新列或并入备注"
        "（命令行用 --extra column 或 note）"
    )
