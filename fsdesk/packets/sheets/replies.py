"""The reply form in a packet: a row for each letter to the unit, with room for its answer.

The sheet and its notes are there only when there are letters: packets without any, and those of
earlier programs, are read as before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.cells import cell_name
from fsdesk.domain.findings import Finding, Place, error
from fsdesk.domain.packet.packet import sha256
from fsdesk.domain.packet.sheet_choice import SheetTaken
from fsdesk.domain.plain import canonical
from fsdesk.domain.supervision.letters import LetterReply
from fsdesk.domain.text import fold, tidy
from fsdesk.domain.typed import CellError, Entry, read_cell, read_text
from fsdesk.packets.layout import HEADER_WITHIN, SheetColumn
from fsdesk.packets.sheet_xml import XmlSheet, row_xml
from fsdesk.packets.sheets.merging import merge_values
from fsdesk.packets.sheets.parts import HEADER_ROW, head
from fsdesk.packets.styles import fitting_height

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.domain.typed import Cell
    from fsdesk.packets.looks import Looks

REPLY_SHEET = "来函回复"
NUMBER = "文号"
COLUMNS = (
    SheetColumn(NUMBER, 22),
    SheetColumn("函件", 14),
    SheetColumn("回复期限", 12),
    SheetColumn("签收日期", 12, Entry.DATE, "received_on", "收到函件的日期，如 2026-03-05"),
    SheetColumn("回复内容", 46, Entry.TEXT, "text", "写明整改落实情况；佐证材料另附"),
    SheetColumn(
        "申请延期至", 12, Entry.DATE, "wanted_until", "需要延期时填写，应在回复期限届满前提出"
    ),
    SheetColumn("延期理由", 26, Entry.TEXT, "wanted_why", "申请延期时必填"),
    SheetColumn("异议", 26, Entry.TEXT, "objection", "认为函件所述不实的，写明事实和依据"),
)
_LATER = frozenset({"objection"})  # columns that files of earlier programs do not have
_STYLES = {Entry.DATE: "fs_date", Entry.TEXT: "fs_entry"}
_SHOWN = 40


class ReplyNote(Struct, frozen=True):
    """What is noted of a letter's row.

    Attributes:
        number: Document number, by which the row is found.
        at: When the answer was given; empty without one.
        digest: Of what stood in the row.
    """

    number: str
    at: str
    digest: str


def holdable_reply(reply: LetterReply) -> LetterReply:
    """Return a reply as a workbook can hold it, so that it comes back the same."""
    texts = {name: tidy(getattr(reply, name)) for name in ("text", "wanted_why", "objection")}
    return replace(reply, **texts)


def reply_digest(reply: LetterReply) -> str:
    """Return the SHA-256 of what stands in a row."""
    days = [_iso(reply.wanted_until), _iso(reply.received_on)]
    later = [reply.objection] if reply.objection else []  # as earlier programs reckoned it
    return sha256(canonical([reply.text, reply.wanted_why, *days, *later]))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def about_replies(unit_name: str, office: str) -> str:
    """Return the line below the sheet's title: whose it is, and to which office it goes."""
    return f"{unit_name}　请逐件填写回复，随报送包报{office}"


def told_of(letter: Letter) -> tuple[str, str, str]:
    """Return what is printed of a letter: in the columns that only inform, the number first."""
    return letter.document_number, letter.kind.label, letter.reply_by.isoformat()


def reply_sheet(
    looks: Looks,
    letters: Iterable[Letter],
    replies: Iterable[LetterReply],
    parties: tuple[str, str],
) -> XmlSheet:
    """Return the sheet.

    `replies`: what it answered, by letter.
    `parties`: names of the unit and of the office, for people.
    """
    answered = {reply.letter: reply for reply in replies}
    widths = [column.width for column in COLUMNS]
    rows = head(looks, REPLY_SHEET, about_replies(*parties), [column.title for column in COLUMNS])
    for letter in letters:
        told = told_of(letter)
        reply = answered.get(letter.key, LetterReply(letter.key))
        cells = [
            (getattr(reply, column.field) or None, looks[_STYLES[column.entry]])
            if column.field
            else (told[place], looks["fs_text"])
            for place, column in enumerate(COLUMNS)
        ]
        height = fitting_height((value for value, _ in cells), widths)
        rows.append(row_xml(looks, len(rows) + 1, cells, height))
    last = cell_name(len(rows) - 1, len(COLUMNS) - 1)
    return XmlSheet(
        REPLY_SHEET,
        rows,
        last,
        widths,
        frozen=(HEADER_ROW, 3),
        print_area=last,
        header_row=HEADER_ROW,
        protected=True,
    )


class ReplySource(Struct, frozen=True):
    """The sheets that are read as it in a file; none when it was deleted.

    Attributes:
        sheets: By title the values of their cells.
        bad_cells: By title, why the value of a cell can't be known, by its name.
        notes: What was noted, by key of the letter.
        at: When the file was last saved, for what was filled in by hand.
    """

    file: str
    sheets: Mapping[str, Sequence[Sequence[Cell]]]
    bad_cells: Mapping[str, Mapping[str, str]]
    notes: Mapping[str, ReplyNote]
    year: int
    at: str


class ReadReplies(Struct, frozen=True):
    """What the sheet says: replies, the notes as they would be now, and what is wrong.

    `changed`: the cells of the replies that were changed since the packet was written.
    """

    replies: tuple[LetterReply, ...]
    notes: Mapping[str, ReplyNote]
    findings: tuple[Finding, ...]
    taken: tuple[SheetTaken, ...]
    changed: tuple[Place, ...]


def read_reply_sheet(source: ReplySource) -> ReadReplies:
    """Read the sheet by headers and document numbers, wherever rows were moved to.

    A row that is missing is one in which nothing was changed.
    """
    found: dict[str, dict[str, tuple[Any, Place]]] = {}
    findings: list[Finding] = []
    taken: list[SheetTaken] = []
    stands: dict[str, Place] = {}
    for title, rows in source.sheets.items():
        reading = _ReplySheetReader(source, title)
        reading.read(rows)
        findings += reading.findings
        stands = reading.places | stands
        taken.append(SheetTaken(title, sum(map(bool, reading.values.values()))))
        for key, values in reading.values.items():
            findings += merge_values(found.setdefault(key, {}), values, _TITLES)
    notes = dict(source.notes)
    replies: list[LetterReply] = []
    changed: list[Place] = []
    for key, placed in found.items():
        values = {field: value for field, (value, _) in placed.items()}
        noted = source.notes[key]
        digest = reply_digest(LetterReply(key, **values))
        altered = digest != noted.digest
        reply = LetterReply(key, **values, at=source.at if altered else noted.at)
        if altered:
            notes[key] = ReplyNote(noted.number, reply.at, digest)
            changed += [place for _, place in placed.values()] or [stands[key]]
        if not reply.empty:
            replies.append(reply)
    return ReadReplies(tuple(replies), notes, tuple(findings), tuple(taken), tuple(changed))


_TITLES = {column.field: column.title for column in COLUMNS}


class _ReplySheetReader:
    def __init__(self, source: ReplySource, title: str) -> None:
        self.values: dict[str, dict[str, tuple[Any, Place]]] = {}
        self.places: dict[str, Place] = {}  # of the rows
        self.findings: list[Finding] = []
        self._source, self._title = source, title
        self._bad = source.bad_cells.get(title, {})
        self._keys = {fold(note.number): key for key, note in source.notes.items()}

    def read(self, rows: Sequence[Sequence[Cell]]) -> None:
        start, places = self._headers(rows)
        for number in range(start, len(rows) if start else 0):
            row = rows[number]
            code = read_text(_at(row, places[fold(NUMBER)]))
            if not code:
                continue
            key = self._keys.get(fold(code))
            if key is None or key in self.values:
                where = (number, places[fold(NUMBER)])
                self._error(where, f"文号“{code[:_SHOWN]}”无法对应", "请恢复原来的文号")
                continue
            self.values[key] = self._row(number, row, places)
            self.places[key] = self._place((number, places[fold(NUMBER)]))

    def _headers(self, rows: Sequence[Sequence[Cell]]) -> tuple[int, Mapping[str, int]]:
        for number, row in enumerate(rows[:HEADER_WITHIN]):
            places = {fold(read_text(cell)): place for place, cell in enumerate(row)}
            if fold(NUMBER) not in places:
                continue
            needed = (c.title for c in COLUMNS if c.field and c.field not in _LATER)
            missing = [title for title in needed if fold(title) not in places]
            if missing:
                words = f"缺少列：{'、'.join(missing)}"
                self._error((number, 0), words, "请恢复表头文字，每列一个")
                return 0, {}
            return number + 1, places
        self._error((0, 0), f"前 {HEADER_WITHIN} 行内找不到表头“{NUMBER}”", "请恢复表头")
        return 0, {}

    def _row(
        self, number: int, row: Sequence[Cell], places: Mapping[str, int]
    ) -> dict[str, tuple[Any, Place]]:
        values: dict[str, tuple[Any, Place]] = {}
        for column in COLUMNS:
            if not column.field or fold(column.title) not in places:
                continue
            where = (number, places[fold(column.title)])
            value = _at(row, where[1])
            bad = self._bad.get(cell_name(*where))
            if bad:
                self._error(where, bad, column.rule)
            elif value is not None:
                self._cell(values, column, where, value)
        return values

    def _cell(
        self,
        values: dict[str, tuple[Any, Place]],
        column: SheetColumn,
        where: tuple[int, int],
        value: Cell,
    ) -> None:
        try:
            found = read_cell(column.entry, value, "", self._source.year)
        except CellError as problem:
            shown = read_text(value)[:_SHOWN]
            self._error(where, f"“{column.title}”填的是“{shown}”，{problem}", column.rule)
        else:
            if found:
                values[column.field] = found, self._place(where)

    def _error(self, where: tuple[int, int], message: str, remedy: str) -> None:
        self.findings.append(error(message, remedy, self._place(where)))

    def _place(self, where: tuple[int, int]) -> Place:
        return Place(self._source.file, self._title, cell_name(*where))


def _at(row: Sequence[Cell], column: int) -> Cell:
    if column >= len(row):
        return None
    return None if row[column] == "" else row[column]
