"""The hidden sheets of a packet: what it is, on what each row is based, and who signed it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, Place, reject
from fsdesk.domain.labelled import UnknownWordError
from fsdesk.domain.ladder.parts import (
    PartSheet,
    parts_of_text,
    parts_text,
    rows_of_plain,
    rows_plain,
)
from fsdesk.domain.ledger.codec import (
    entry_from_dict,
    entry_to_dict,
    ledgers_from_dict,
    ledgers_to_dict,
)
from fsdesk.domain.names import shown_name
from fsdesk.domain.packet.directives import directives_from_dict, directives_to_dict
from fsdesk.domain.packet.packet import (
    FORMAT_VERSION,
    PARTS_FORMAT,
    SEALED_FORMAT,
    Packet,
    PacketHeader,
    PacketKind,
    Recovery,
    Seal,
    answer_cells,
    content_digest,
    packet_digest,
    sha256,
)
from fsdesk.domain.packet.sealed import SealedNote, SealedPart, sealed_part
from fsdesk.domain.periods import FIRST_YEAR, LAST_YEAR
from fsdesk.domain.plain import canonical
from fsdesk.domain.records.attachments import Attachment
from fsdesk.domain.records.records import RecordKey, RecordKind
from fsdesk.domain.records.submissions import OPINION_FIELDS, Opinion, OpinionAnswer
from fsdesk.domain.supervision.letters import LetterReply, letter_of_key
from fsdesk.packets.layout import META_SHEET, PARTS_DATA, PLAN_SHEET, SEALED_SHEET
from fsdesk.packets.printed import printed_of, printed_rows
from fsdesk.packets.sheets.ledgers import entry_digest
from fsdesk.packets.sheets.replies import ReplyNote, reply_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry
    from fsdesk.domain.packet.directives import Directives
    from fsdesk.packets.printed import Printed

# Revision and digest of what stands in a row, as text, by the record or by the id of the row.
Notes = dict[RecordKey, tuple[str, str]]
EntryNotes = dict[str, tuple[str, str]]

_KINDS = _ROW, _FILE, _LEDGER, _ENTRY, _REMOVED, _REPLY, _SEALED, _TEXT, _RECOVERY, _ANSWER = (
    "row", "file", "ledger", "entry", "removed", "reply", "sealed", "text", "recovery", "answer",
)  # fmt: skip
_DIRECTIVES, _PUBLIC_KEY, _SIGNATURE = "handed_down", "public_key", "signature"
_PARTS = "parts_below"
_ANSWERS_MARK = "answers_signature"
_CHUNK, _SHOWN = 30_000, 20
_DIGEST = re.compile("[0-9a-f]{64}")
_NUMBER = re.compile("[0-9]{1,15}")
_NUMBERS = ("year", "plan_revision", "format_version")
# How many cells a row of the hidden sheet has, by its first one.
META_WIDTHS = {
    **dict.fromkeys(PacketHeader.__struct_fields__, 2),
    **dict.fromkeys([_DIRECTIVES, _PUBLIC_KEY, _SIGNATURE, _ANSWERS_MARK, _PARTS], 2),
    _ROW: 5,
    _FILE: 8,
    _LEDGER: 3,
    _ENTRY: 5,
    _REMOVED: 3,
    _REPLY: 5,
    _SEALED: 6,
    _TEXT: 4,
    _RECOVERY: 4,
    _ANSWER: 1 + len(OPINION_FIELDS),
}


class Meta(Struct, frozen=True):
    """The contents of the hidden sheet.

    Attributes:
        rows: For each row its revision and the digest of what stood there, as text.
        entries: By code of the ledger and id, the same for the rows of ledgers.
        removed: The rows of ledgers that were removed, which have no line of their own.
        directives: Digest of what the office hands down; empty when that is nothing.
        replies: By key of a letter, what stood in its row of the reply form.
        parts: Digest of what units below contribute; empty where nothing says that.
        sealed: What travels sealed, in a sheet of its own.
        recovery: As in `Packet`; so are answers and answers_mark.
        printed: What is printed for people; empty in files of earlier programs. Nothing rests on
            it but what is told of texts typed over it, so that it is not part of what is signed.
    """

    header: PacketHeader
    rows: Notes
    ledgers: tuple[Ledger, ...] = ()
    entries: Mapping[str, EntryNotes] = field(default_factory=dict[str, "EntryNotes"])
    removed: tuple[LedgerEntry, ...] = ()
    directives: str = ""
    files: tuple[Attachment, ...] = ()
    replies: Mapping[str, ReplyNote] = field(default_factory=dict[str, ReplyNote])
    seal: Seal | None = None
    sealed: tuple[SealedNote, ...] = ()
    recovery: Recovery | None = None
    answers: tuple[Opinion, ...] = ()
    answers_mark: str = ""
    parts: str = ""
    printed: Printed = field(default_factory=dict[tuple[str, str], tuple[str, ...]])

    @property
    def noted(self) -> str:
        """Digest of what the packet said when it was written."""
        return self.digest_with(self.rows, self.entry_lines())

    def entry_lines(self) -> Iterable[tuple[str, str, str, str]]:
        """Yield code of the ledger, id, revision and digest of each row of a ledger."""
        for code, notes in self.entries.items():
            for id_, (revision, digest) in notes.items():
                yield code, id_, revision, digest

    def digest_with(self, rows: Notes, entries: Iterable[tuple[str, str, str, str]] = ()) -> str:
        """Return the digest of the packet if these stood in its rows.

        `rows`: as in `rows`.
        `entries`: as from `entry_lines`.
        """
        lines = [(str(key), revision, digest) for key, (revision, digest) in rows.items()]
        lines += [(f"columns/{each.code}", "", _columns_text(each)) for each in self.ledgers]
        for code, id_, revision, digest in entries:
            lines.append((f"ledger/{code}/{id_}", revision, digest))
        lines += [(f"reply/{key}", note.at, note.digest) for key, note in self.replies.items()]
        lines += [note.line for note in self.sealed]
        if self.parts:
            lines.append((_PARTS, "", self.parts))
        return packet_digest(self.header, lines, self.directives, self.files)


def note(packet: Packet) -> Meta:
    """Return what is noted of a packet that is to be written; it is not signed yet."""
    entries: dict[str, EntryNotes] = {ledger.code: {} for ledger in packet.ledgers}
    answered = {reply.letter: reply for reply in packet.replies}
    for entry in packet.entries:
        entries[entry.ledger][entry.id] = (str(entry.revision), entry_digest(entry))
    return Meta(
        packet.header,
        {r.key: (str(r.revision), content_digest(r)) for r in packet.records},
        packet.ledgers,
        entries,
        tuple(entry for entry in packet.entries if entry.gone),
        sha256(_directives_text(packet.directives)) if packet.directives else "",
        packet.files,
        {
            letter.key: ReplyNote(letter.document_number, reply.at, reply_digest(reply))
            for letter in packet.letters
            for reply in [answered.get(letter.key, LetterReply(letter.key))]
        },
        sealed=tuple(part.note for part in packet.sealed),
        recovery=packet.recovery,
        answers=packet.answers,
        parts=sha256(_parts_text(packet.part_sheet)) if packet.part_sheet else "",
    )


def meta_rows(meta: Meta, seal: Seal | None) -> Iterable[tuple[str, ...]]:
    """Yield the rows of the hidden sheet, all text."""
    for name in PacketHeader.__struct_fields__:
        value = getattr(meta.header, name)
        yield name, value.isoformat() if isinstance(value, datetime) else str(value)
    yield _DIRECTIVES, meta.directives
    if meta.parts:
        yield _PARTS, meta.parts
    if seal is not None:
        yield _PUBLIC_KEY, seal.public_key
        yield _SIGNATURE, seal.signature
    yield from _enclosed_rows(meta)
    yield from _answer_rows(meta)
    for key, (revision, digest) in meta.rows.items():
        yield _ROW, key.kind.value, key.item, revision, digest
    for entry in meta.removed:
        yield _REMOVED, entry.ledger, canonical(entry_to_dict(entry))
    for ledger in meta.ledgers:
        yield _LEDGER, ledger.code, _columns_text(ledger)
        for id_, (revision, digest) in meta.entries[ledger.code].items():
            yield _ENTRY, ledger.code, id_, revision, digest
    for line in printed_rows(meta.printed):
        yield _TEXT, *line


def _answer_rows(meta: Meta) -> Iterable[tuple[str, ...]]:
    if meta.answers:
        yield _ANSWERS_MARK, meta.answers_mark
    for opinion in meta.answers:
        yield _ANSWER, *answer_cells(opinion)


def _enclosed_rows(meta: Meta) -> Iterable[tuple[str, ...]]:
    for file in meta.files:
        key = file.record
        parts = (key.kind.value, key.item, key.unit, key.period)
        yield _FILE, file.digest, file.name, str(file.size), *parts
    for letter, noted in meta.replies.items():
        yield _REPLY, letter, noted.number, noted.at, noted.digest
    for part in meta.sealed:
        told = (str(part.count), part.receiver, part.receiver_name, part.digest)
        yield _SEALED, part.about, *told
    if meta.recovery is not None:
        for key, code in meta.recovery.keys:
            yield _RECOVERY, meta.recovery.mark, key, code


@lru_cache(maxsize=64)
def _columns_text(ledger: Ledger) -> str:
    """Return what is needed to read a ledger's sheet; how it is computed with goes elsewhere."""
    return canonical(ledgers_to_dict([replace(ledger, feeds=(), rules=())]))


def read_meta(rows: Sequence[Sequence[object]], file: str) -> Meta:
    """Read the hidden sheet; InputRejectedError when it is damaged or of a later program."""
    plain: dict[str, str] = {}
    lines: dict[str, list[list[str]]] = {kind: [] for kind in _KINDS}
    for row in rows:
        cells = [cell if isinstance(cell, str) else _text(cell) for cell in row]
        if cells and cells[0] in lines:
            lines[cells[0]].append(cells)
        elif len(cells) > 1:
            plain[cells[0]] = cells[1]
    version = plain.get("format_version", "")
    known = SEALED_FORMAT if lines[_SEALED] else FORMAT_VERSION
    known = PARTS_FORMAT if _PARTS in plain else known
    if _NUMBER.fullmatch(version) and int(version) > known:
        raise reject("文件由更高版本的程序生成", "请升级本程序后再导入", Place(file))
    try:
        header = _header(plain)
        ledgers = list(_ledgers(lines[_LEDGER]))
        return Meta(
            header,
            _rows(header, lines[_ROW]),
            tuple(ledgers),
            _entries(lines[_LEDGER], lines[_ENTRY]),
            tuple(_removed(ledgers, lines[_REMOVED])),
            plain.get(_DIRECTIVES, ""),
            tuple(_file(cells) for cells in lines[_FILE]),
            dict(_reply(cells) for cells in lines[_REPLY]),
            Seal(plain[_PUBLIC_KEY], plain.get(_SIGNATURE, "")) if _PUBLIC_KEY in plain else None,
            tuple(_sealed(cells) for cells in lines[_SEALED]),
            _recovery(lines[_RECOVERY]),
            tuple(_answer(cells) for cells in lines[_ANSWER]),
            plain.get(_ANSWERS_MARK, ""),
            plain.get(_PARTS, ""),
            printed_of((cells[1], cells[2], cells[3]) for cells in lines[_TEXT]),
        )
    except (KeyError, ValueError, IndexError, InputRejectedError) as problem:
        raise _unread(
            problem,
            reject(
                "隐藏的登记信息已损坏",
                "请使用原始的下发包或报送包重新填写",
                Place(file, META_SHEET),
            ),
        ) from problem


def _unread(problem: BaseException, damaged: InputRejectedError) -> InputRejectedError:
    """Return what to say of what can't be read: damaged, or with words of a later program."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, UnknownWordError):
            word = shown_name(cause.word)[:_SHOWN]
            return reject(
                f"文件中的“{word}”本程序不认识，文件可能由更高版本的程序生成",
                "请升级本程序后再导入；已是最新版的，请向发件单位重新索要",
                damaged.findings[0].place,
            )
        cause = cause.__cause__
    return damaged


def _header(plain: dict[str, str]) -> PacketHeader:
    values: dict[str, Any] = {name: plain[name] for name in PacketHeader.__struct_fields__}
    for name in _NUMBERS:
        values[name] = _number(values[name])
    values["kind"] = PacketKind(values["kind"])
    values["created_at"] = _moment(values["created_at"])
    return PacketHeader(**values)


def _rows(header: PacketHeader, lines: Sequence[Sequence[str]]) -> Notes:
    unit, period = header.unit, header.period
    kinds = {name: RecordKind(name) for name in {cells[1] for cells in lines}}
    return {
        RecordKey(kinds[kind], item, unit, period): (revision, digest)
        for _, kind, item, revision, digest, *_ in lines
    }


def _ledgers(rows: Iterable[Sequence[str]]) -> Iterable[Ledger]:
    """Yield the declarations of ledgers, each under its own code and once."""
    codes: set[str] = set()
    for cells in rows:
        (ledger,) = ledgers_from_dict(json.loads(cells[2]))
        if ledger.code != cells[1] or ledger.code in codes:
            raise ValueError(cells[1])
        codes.add(ledger.code)
        yield ledger


def _entries(
    ledgers: Iterable[Sequence[str]], rows: Iterable[Sequence[str]]
) -> dict[str, EntryNotes]:
    entries: dict[str, EntryNotes] = {cells[1]: {} for cells in ledgers}
    for cells in rows:
        entries[cells[1]][cells[2]] = (cells[3], cells[4])
    return entries


def _removed(ledgers: Iterable[Ledger], rows: Iterable[Sequence[str]]) -> Iterable[LedgerEntry]:
    by_code = {ledger.code: ledger for ledger in ledgers}
    return (entry_from_dict(by_code[cells[1]], json.loads(cells[2])) for cells in rows)


def _file(cells: Sequence[str]) -> Attachment:
    _, digest, name, size, kind, item, unit, period = cells[:8]
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return Attachment(digest, name, _number(size), RecordKey(RecordKind(kind), item, unit, period))


def _moment(text: str) -> datetime:
    """Read a moment as programs write it: in UTC, so that texts compare; of a believable year."""
    found = datetime.fromisoformat(text)
    if found.utcoffset() != timedelta() or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(text[:40])
    return found


def _number(text: str) -> int:
    """Read a number that the database can hold, too."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text[:40])
    return int(text)


def _reply(cells: Sequence[str]) -> tuple[str, ReplyNote]:
    letter_of_key(cells[1])  # anything else is no letter
    if cells[3]:
        _moment(cells[3])
    return cells[1], ReplyNote(cells[2], cells[3], cells[4])


def _sealed(cells: Sequence[str]) -> SealedNote:
    return SealedNote(cells[1], _number(cells[2]), cells[3], cells[4], cells[5])


def _recovery(lines: Sequence[Sequence[str]]) -> Recovery | None:
    keys = tuple((cells[2], cells[3]) for cells in lines)
    return Recovery(lines[0][1], keys) if lines else None


def _answer(cells: Sequence[str]) -> Opinion:
    values: dict[str, Any] = dict(zip(OPINION_FIELDS, (*cells[1:], "", ""), strict=False))
    for name in ("raised_at", "answered_at"):
        _moment(values[name])
    return Opinion(**{**values, "answer": OpinionAnswer(values["answer"])})


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def directive_cells(directives: Directives) -> Iterable[str]:
    """Yield what is handed down as text in pieces that a cell can hold."""
    return _pieces(_directives_text(directives))


def _pieces(text: str) -> Iterable[str]:
    for start in range(0, len(text), _CHUNK):
        # A mark at both ends, since programs drop white space there.
        yield f"|{text[start : start + _CHUNK]}|"


def sealed_rows(parts: Iterable[SealedPart]) -> Iterable[tuple[str, str]]:
    """Yield the rows of the sheet that carries sealed parts: what each is about, and a piece."""
    return ((part.note.about, piece) for part in parts for piece in _pieces(part.text))


def read_sealed(
    rows: Sequence[Sequence[object]], notes: Iterable[SealedNote], file: str
) -> Iterable[SealedPart]:
    """Yield the sealed parts of a packet; refused when one is damaged or lost."""
    texts: dict[str, str] = {}
    for row in rows:
        cells = [_text(cell) for cell in row[:2]]
        if len(cells) > 1 and cells[1]:
            texts[cells[0]] = texts.get(cells[0], "") + cells[1][1:-1]
    for note in notes:
        text = texts.get(note.about, "")
        lost = reject(
            f"文件中密封给{note.receiver_name}的内容丢失或已损坏",
            "请向发件单位重新索要；不要删除文件中的隐藏工作表",
            Place(file, SEALED_SHEET),
        )
        if sha256(text) != note.digest:
            raise lost
        try:
            yield sealed_part(note, json.loads(text))
        except (TypeError, ValueError) as problem:
            raise lost from problem


def part_cells(sheet: PartSheet) -> Iterable[str]:
    """Yield what units below contribute as text in pieces that a cell can hold."""
    return _pieces(_parts_text(sheet))


def _parts_text(sheet: PartSheet) -> str:
    """Return what stands on the hidden sheet; rows are here only where they don't go sealed."""
    return canonical([json.loads(parts_text(sheet)), rows_plain(sheet.rows)])


def read_parts(rows: Sequence[Sequence[object]], meta: Meta, file: str) -> PartSheet:
    """Read what units below contribute; refused when it is damaged or another than written."""
    text = "".join(_text(row[0])[1:-1] for row in rows if row and row[0])
    damaged = reject("文件中的分单位数据已损坏", "请向发件单位重新索要", Place(file, PARTS_DATA))
    if sha256(text) != meta.parts:
        raise damaged
    try:
        figures, found = json.loads(text)
        sheet = replace(parts_of_text(figures), rows=rows_of_plain(found))
    except (ValueError, TypeError, IndexError) as problem:
        raise _unread(problem, damaged) from problem
    if sheet.period != meta.header.period:
        raise damaged
    return sheet


@lru_cache(maxsize=1)  # for the digest, and for what is written
def _directives_text(directives: Directives) -> str:
    return canonical(directives_to_dict(directives))


def read_directives(rows: Sequence[Sequence[object]], meta: Meta, file: str) -> Directives:
    """Read what the office hands down; refused when it is damaged or another than written."""
    text = "".join(_text(row[0])[1:-1] for row in rows if row and row[0])
    damaged = reject("文件中的计划数据已损坏", "请向汇总端重新索要下发包", Place(file, PLAN_SHEET))
    if sha256(text) != meta.directives:
        raise damaged
    try:
        return directives_from_dict(json.loads(text), meta.header.unit)
    except (ValueError, TypeError, KeyError, InputRejectedError) as problem:
        raise _unread(problem, damaged) from problem
