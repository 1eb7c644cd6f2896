"""Reading a packet's file: what it is, its sheets, and what was changed since it was written."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.findings import (
    Finding,
    InputRejectedError,
    Place,
    errors_of,
    reject,
    warning,
)
from fsdesk.domain.packet.packet import (
    BUNDLES,
    Packet,
    canonical_content,
    content_digest,
    sha256,
)
from fsdesk.domain.packet.sheet_choice import CopiesError, SheetTaken
from fsdesk.domain.plain import canonical
from fsdesk.domain.records.merge import Revision, hand_edit
from fsdesk.domain.records.records import Record, RecordKey, empty_content
from fsdesk.domain.typed import counted_since_1904
from fsdesk.packets.account import Account
from fsdesk.packets.bundle import open_bundle
from fsdesk.packets.copies import ReadAs, find_copies, read_as
from fsdesk.packets.layout import (
    HELP_SHEET,
    META_SHEET,
    PARTS_DATA,
    PLAN_SHEET,
    SEALED_SHEET,
    SHEETS,
)
from fsdesk.packets.lists.opening import ListSheet
from fsdesk.packets.meta import Meta, read_directives, read_meta, read_parts, read_sealed
from fsdesk.packets.safe.guard import MOST_BYTES, scan, scan_data
from fsdesk.packets.sheets.forms import ReadSheet, SheetSource, join_sheets, read_sheet
from fsdesk.packets.sheets.ledgers import LedgerSource, ReadLedger, read_ledger_sheet, sheet_names
from fsdesk.packets.sheets.replies import REPLY_SHEET, ReadReplies, ReplySource, read_reply_sheet
from fsdesk.packets.sheets.unit_parts import parts_name, retyped
from fsdesk.packets.unseen import tell_unseen

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
    from pathlib import Path

    from fsdesk.domain.ladder.parts import PartSheet
    from fsdesk.domain.packet.directives import Directives
    from fsdesk.domain.packet.sheet_choice import SheetChoice
    from fsdesk.domain.records.records import Content
    from fsdesk.packets.layout import PacketSheet
    from fsdesk.packets.safe.guard import Scan

_HIDDEN = {META_SHEET, PLAN_SHEET, SEALED_SHEET}
_SHEET_NAMES = {*_HIDDEN, HELP_SHEET, REPLY_SHEET, *(sheet.title for sheet in SHEETS)}
_Book = dict[str, list[list[Any]]]


def read_packet(path: Path, choice: SheetChoice | None = None) -> Packet:
    """Read a packet's file; InputRejectedError with every reason, each with sheet and cell.

    `choice`: how sheets are read that look like its own; a packet with such sheets is refused
    while nobody has chosen (`CopiesError`).
    """
    scanned = scan_packet(path)
    workbook = _Workbook(scanned, path.name)
    book = workbook.read(_SHEET_NAMES)
    # First what it is: a later version may have other sheets, and then says so.
    _check_sheets({META_SHEET} - set(book), path.name)
    meta = read_meta(book[META_SHEET], path.name)
    _check_sheets({sheet.title for sheet in SHEETS} - set(book), path.name)
    if meta.ledgers:
        book |= workbook.read(set(sheet_names(meta.ledgers).values()))
    below = _parts(workbook, meta, path.name)
    book |= below.book
    others = workbook.read({t for t in workbook.titles if t not in book})
    copies = tuple(find_copies(meta, book, others, workbook.hidden))
    read = read_as(copies, choice, path.name)
    source = _Source(scanned, meta, path.name, book | others, read)
    forms = {sheet.title: source.form(sheet) for sheet in SHEETS}
    contents = _joined(form.contents for form in forms.values())
    findings = [finding for form in forms.values() for finding in form.findings]
    ledgers = source.ledgers()
    findings += (finding for ledger in ledgers for finding in ledger.findings)
    replies = source.replies() if meta.replies else None
    findings += replies.findings if replies else ()
    if choice is None:
        findings += (copy.asked(path.name) for copy in copies)
    wrong = errors_of(findings)
    if wrong:
        raise CopiesError(copies, *wrong) if copies else InputRejectedError(*wrong)
    going = Account(scanned, meta, path.name)
    told = {finding.place for finding in findings}
    findings += [each for each in _account(going, workbook, source) if each.place not in told]
    directives = _directives(book, meta, path.name)
    packet = _packet(scanned, meta, contents, findings, directives)
    packet = replace(
        packet,
        headings=tuple(going.headings),
        places=_joined(form.places for form in forms.values()),
        cells=_joined(form.cells for form in forms.values()),
        copies=copies,
        sheets=tuple(each for each in source.taken if each.rows),
    )
    packet = _with_ledgers(packet, meta, ledgers) if ledgers else packet
    changed = [place for key in packet.altered for place in _cells(packet, key)]
    changed += (place for ledger in ledgers for place in ledger.changed)
    changed += replies.changed if replies else ()
    unseen = tell_unseen(scanned.data, path.name, changed)
    packet = replace(packet, findings=(*packet.findings, *unseen))
    packet = _with_hidden(packet, meta, below, book, path.name)
    return _with_replies(packet, meta, replies, scanned) if replies else packet


_Each = TypeVar("_Each")


def _joined(parts: Iterable[Mapping[RecordKey, _Each]]) -> dict[RecordKey, _Each]:
    """Put together what the sheets say, each of other records."""
    joined: dict[RecordKey, _Each] = {}
    for part in parts:
        joined.update(part)
    return joined


def _with_hidden(packet: Packet, meta: Meta, below: _Below, book: _Book, file: str) -> Packet:
    """Add what people don't fill in: what units below contribute, and what travels sealed."""
    if below.sheet is not None:
        told = (*packet.findings, *below.findings)
        packet = replace(packet, part_sheet=below.sheet, findings=told)
    if meta.sealed:
        found = read_sealed(book.get(SEALED_SHEET, ()), meta.sealed, file)
        packet = replace(packet, sealed=tuple(found))
    return packet


def _cells(packet: Packet, key: RecordKey) -> Iterable[Place]:
    """Return the cells of a record that are filled; of an emptied one where it stands."""
    found = packet.cells.get(key, {}).values()
    return found or [place for place in (packet.places.get(key),) if place]


def _account(going: Account, workbook: _Workbook, source: _Source) -> Iterator[Finding]:
    """Tell of each cell that is filled, and neither taken nor the form's own text."""
    shapes = {title: of for of, titles in source.read.items() for title in titles}
    shapes |= {title: title for title in going.form if title not in source.read}
    below = {PARTS_DATA, parts_name(source.meta.ledgers)} if source.meta.parts else set[str]()
    # Sheets that are read in place of others first, for those are compared with them.
    for title in workbook.titles:
        if title in shapes:
            yield from going.of_form(title, source.book[title], shapes[title])
        elif title in _HIDDEN and title not in below:
            yield from going.of_hidden(title, source.book[title])
    for title in workbook.titles:
        if title not in shapes and title not in _HIDDEN | below:
            hidden = title in workbook.hidden
            yield from going.of_other(title, source.book[title], hidden=hidden)


class _Source(Struct, frozen=True):
    """A packet's sheets.

    Attributes:
        book: The rows of all sheets.
        read: Titles of the sheets that are read as one of the form; others stand for themselves.
        taken: What was read so far.
    """

    scanned: Scan
    meta: Meta
    file: str
    book: _Book
    read: ReadAs
    taken: list[SheetTaken] = field(default_factory=list["SheetTaken"])

    def form(self, sheet: PacketSheet) -> ReadSheet:
        keys = [key for key in self.meta.rows if key.kind is sheet.kind]
        parts: list[ReadSheet] = []
        for title in self._titles(sheet.title):
            source = SheetSource(
                file=self.file,
                sheet=sheet,
                name=title,
                rows=self.book[title],
                bad_cells=self.scanned.bad_cells.get(title, {}),
                merged=self.scanned.merged.get(title, ()),
                year=self.meta.header.year,
            )
            parts.append(read_sheet(source, keys))
            self.taken.append(SheetTaken(title, len(parts[-1].cells)))
        return join_sheets(sheet, parts)

    def ledgers(self) -> list[ReadLedger]:
        """Read the sheets of the ledgers."""
        names = sheet_names(self.meta.ledgers)
        _check_sheets(set(names.values()) - set(self.book), self.file)
        found: list[ReadLedger] = []
        for ledger in self.meta.ledgers:
            table, *copies = map(self._list_sheet, self._titles(names[ledger.code]))
            source = LedgerSource(
                table=table,
                copies=copies,
                ledger=ledger,
                notes=self.meta.entries[ledger.code],
                removed=tuple(e for e in self.meta.removed if e.ledger == ledger.code),
                unit=self.meta.header.unit,
                packet=self.meta.header.packet_id,
                year=self.meta.header.year,
                name=names[ledger.code],
            )
            found.append(read_ledger_sheet(source))
            self.taken.extend(found[-1].taken)
        return found

    def replies(self) -> ReadReplies:
        """Read what is answered to letters."""
        saved = self.scanned.modified_at or self.meta.header.created_at
        titles = [title for title in self._titles(REPLY_SHEET) if title in self.book]
        found = read_reply_sheet(
            ReplySource(
                file=self.file,
                sheets={title: self.book[title] for title in titles},
                bad_cells={title: self.scanned.bad_cells.get(title, {}) for title in titles},
                notes=self.meta.replies,
                year=self.meta.header.year,
                at=saved.astimezone(UTC).isoformat(timespec="seconds"),
            )
        )
        self.taken.extend(found.taken)
        return found

    def _titles(self, title: str) -> tuple[str, ...]:
        return self.read.get(title, (title,))

    def _list_sheet(self, title: str) -> ListSheet:
        bad = self.scanned.bad_cells.get(title, {})
        merged = self.scanned.merged.get(title, ())
        return ListSheet(self.file, title, self.book[title], bad, merged)


def _with_replies(packet: Packet, meta: Meta, found: ReadReplies, scanned: Scan) -> Packet:
    """Add what is answered to letters, and whether that was changed since."""
    packet = replace(packet, replies=found.replies)
    if found.notes == meta.replies:
        return packet
    # What was changed beside it counts as well: the digest of the rest goes into that of the whole.
    changed = sorted((key, note.at, note.digest) for key, note in found.notes.items())
    digest = sha256(canonical([packet.digest, changed]))
    altered = frozenset(key for key, note in found.notes.items() if note != meta.replies[key])
    packet = replace(packet, altered_replies=altered)
    return replace(packet, digest=digest, modified_at=scanned.modified_at)


def _with_ledgers(packet: Packet, meta: Meta, ledgers: list[ReadLedger]) -> Packet:
    """Add the rows of ledgers, and find out which were changed since the packet was written."""
    now = [line for ledger in ledgers for line in ledger.lines]
    altered = {line[:2] for line in set(meta.entry_lines()).symmetric_difference(now)}
    codes = {code for code, _ in altered}
    titles = tuple(ledger.title for ledger in meta.ledgers if ledger.code in codes)
    digest = packet.noted
    if titles or packet.altered:
        rows = {r.key: (str(r.revision), content_digest(r)) for r in packet.records}
        digest = meta.digest_with(rows, now)
    return replace(
        packet,
        ledgers=meta.ledgers,
        entries=tuple(entry for ledger in ledgers for entry in ledger.entries),
        altered_ledgers=titles,
        altered_entries=frozenset(altered),
        digest=digest,
    )


def _packet(
    scanned: Scan,
    meta: Meta,
    contents: Mapping[RecordKey, Content],
    findings: list[Finding],
    directives: Directives | None,
) -> Packet:
    """Put together what was read, and find out what was changed since it was written."""
    records: list[Record] = []
    # What stands in the rows now, so far as it differs from what was noted; None: no such row.
    differs: dict[RecordKey, tuple[str, str] | None] = {}
    for key, (noted, digest) in meta.rows.items():
        found = contents.get(key)
        content = empty_content(key.kind) if found is None else found
        record = Record(key, content, Revision.parse(noted))
        now = content_digest(record)
        if now != digest:
            if found is None:
                findings.append(_missing(key))
                differs[key] = None
                continue
            packet, text = meta.header.packet_id, canonical_content(record)
            revision = hand_edit(record.revision, packet, str(key), text)
            record = Record(key, record.content, revision)
            differs[key] = (str(revision), now)
        records.append(record)
    altered = frozenset(differs)
    was = meta.noted
    rows = {key: row for key, row in {**meta.rows, **differs}.items() if row} if altered else {}
    return Packet(
        header=meta.header,
        records=tuple(records),
        directives=directives,
        files=meta.files,
        recovery=meta.recovery,
        answers=meta.answers,
        answers_mark=meta.answers_mark,
        seal=meta.seal,
        noted=was,
        digest=meta.digest_with(rows) if altered else was,
        modified_at=scanned.modified_at if altered else None,
        altered=altered,
        findings=tuple(findings),
    )


def _missing(key: RecordKey) -> Finding:
    """A row was deleted; what stood there stays as it is, also where the packet goes."""
    sheet = next(sheet for sheet in SHEETS if sheet.kind is key.kind)
    return warning(
        f"缺少编码为“{key.item}”的行，按没有改动处理",
        "如需清空请保留该行，只删除填写的内容",
        Place(sheet=sheet.title),
    )


def scan_packet(path: Path) -> Scan:
    """Look at a packet's workbook, alone or in a .zip; refused when it isn't safe to read."""
    if path.suffix.lower() not in BUNDLES:
        return scan(path)
    return scan_data(open_bundle(path, MOST_BYTES), path.name)


def _directives(book: _Book, meta: Meta, file: str) -> Directives | None:
    if not meta.directives:
        return None
    _check_sheets({PLAN_SHEET} - set(book), file)
    return read_directives(book[PLAN_SHEET], meta, file)


class _Below(Struct, frozen=True):
    """What a packet says of units below its sender, and the sheets that say it."""

    sheet: PartSheet | None = None
    book: _Book = field(default_factory=dict[str, "list[list[Any]]"])
    findings: tuple[Finding, ...] = ()


def _parts(workbook: _Workbook, meta: Meta, file: str) -> _Below:
    if not meta.parts:
        return _Below()
    shown = parts_name(meta.ledgers)
    book = workbook.read({PARTS_DATA, shown})
    _check_sheets({PARTS_DATA} - set(book), file)
    sheet = read_parts(book[PARTS_DATA], meta, file)
    return _Below(sheet, book, tuple(retyped(book.get(shown, []), sheet, Place(file, shown))))


def _check_sheets(missing: set[str], file: str) -> None:
    if missing:
        raise reject(
            f"缺少工作表：{'、'.join(sorted(missing))}",
            "这不是本程序生成的文件，或工作表被删除、改名；请使用原始的下发包填写",
            Place(file),
        )


class _Workbook:
    """A file that was looked at, opened with the fast reader."""

    def __init__(self, scanned: Scan, file: str) -> None:
        from python_calamine import CalamineWorkbook, SheetVisibleEnum

        self.file, self._since_1904 = file, scanned.since_1904
        with self._told():
            self._book = CalamineWorkbook.from_filelike(BytesIO(scanned.readable))
        self.titles = tuple(self._book.sheet_names)
        shown = SheetVisibleEnum.Visible
        about = self._book.sheets_metadata
        self.hidden = {each.name for each in about if each.visible is not shown}

    def read(self, wanted: Collection[str]) -> _Book:
        """Return the rows of the sheets with these titles, so far as they are there."""
        with self._told():
            found: _Book = {
                name: self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in self.titles
                if name in wanted
            }
        if self._since_1904:
            return {name: counted_since_1904(rows) for name, rows in found.items()}
        return found

    @contextmanager
    def _told(self) -> Generator[None]:
        """Say in Chinese when the reader fails."""
        from python_calamine import CalamineError

        place = Place(self.file)
        try:
            yield
        except (CalamineError, OSError, ValueError, OverflowError) as problem:
            raise reject("文件读不出来，可能已损坏", "请向发件单位重新索要", place) from problem
        except BaseException as problem:
            # The reader is not written in Python: what breaks in it is no Exception.
            if type(problem).__name__ != "PanicException":
                raise
            raise reject("文件读不出来，可能已损坏", "请向发件单位重新索要", place) from problem
