"""Reading a packet's file: what it is, its sheets, and what was changed since it was written."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import Finding, Place, raise_errors, reject, warning
from fsdesk.domain.packet.packet import (
    BUNDLES,
    Packet,
    canonical,
    canonical_content,
    content_digest,
    sha256,
)
from fsdesk.domain.records.merge import Revision, hand_edit
from fsdesk.domain.records.records import Record, RecordKey, empty_content
from fsdesk.domain.typed import counted_since_1904
from fsdesk.packets.account import Account
from fsdesk.packets.bundle import open_bundle
from fsdesk.packets.layout import HELP_SHEET, META_SHEET, PLAN_SHEET, SEALED_SHEET, SHEETS
from fsdesk.packets.lists.opening import ListSheet
from fsdesk.packets.meta import Meta, read_directives, read_meta, read_sealed
from fsdesk.packets.safe.guard import MOST_BYTES, scan, scan_data
from fsdesk.packets.sheets.forms import SheetSource, read_sheet
from fsdesk.packets.sheets.ledgers import LedgerSource, ReadLedger, read_ledger_sheet, sheet_names
from fsdesk.packets.sheets.replies import REPLY_SHEET, ReadReplies, ReplySource, read_reply_sheet

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterator, Mapping
    from pathlib import Path

    from fsdesk.domain.packet.directives import Directives
    from fsdesk.domain.records.records import Content
    from fsdesk.packets.safe.guard import Scan

_HIDDEN = {META_SHEET, PLAN_SHEET, SEALED_SHEET}
_SHEET_NAMES = {*_HIDDEN, HELP_SHEET, REPLY_SHEET, *(sheet.title for sheet in SHEETS)}
_Book = dict[str, list[list[Any]]]


def read_packet(path: Path) -> Packet:
    """Read a packet's file; InputRejectedError with every reason, each with sheet and cell."""
    scanned = scan_packet(path)
    workbook = _Workbook(scanned, path.name)
    book = workbook.read(_SHEET_NAMES)
    # First what it is: a later version may have other sheets, and then says so.
    _check_sheets({META_SHEET} - set(book), path.name)
    meta = read_meta(book[META_SHEET], path.name)
    _check_sheets({sheet.title for sheet in SHEETS} - set(book), path.name)
    if meta.ledgers:
        book |= workbook.read(set(sheet_names(meta.ledgers).values()))
    contents: dict[RecordKey, Content] = {}
    places: dict[RecordKey, Place] = {}
    findings: list[Finding] = []
    for sheet in SHEETS:
        source = SheetSource(
            file=path.name,
            sheet=sheet,
            rows=book[sheet.title],
            bad_cells=scanned.bad_cells.get(sheet.title, {}),
            merged=scanned.merged.get(sheet.title, ()),
            year=meta.header.year,
        )
        found = read_sheet(source, (key for key in meta.rows if key.kind is sheet.kind))
        contents |= found.contents
        places |= found.places
        findings += found.findings
    ledgers = _read_ledgers(book, scanned, meta, path.name)
    findings += (finding for ledger in ledgers for finding in ledger.findings)
    replies = _read_replies(book, scanned, meta, path.name) if meta.replies else None
    findings += replies.findings if replies else ()
    raise_errors(findings)
    going = Account(scanned, meta, path.name)
    told = {finding.place for finding in findings}
    findings += [each for each in _account(going, workbook, book) if each.place not in told]
    directives = _directives(book, meta, path.name)
    packet = _packet(scanned, meta, contents, (places, findings), directives)
    packet = replace(packet, headings=tuple(going.headings))
    packet = _with_ledgers(packet, meta, ledgers) if ledgers else packet
    if meta.sealed:
        found = read_sealed(book.get(SEALED_SHEET, ()), meta.sealed, path.name)
        packet = replace(packet, sealed=tuple(found))
    return _with_replies(packet, meta, replies, scanned) if replies else packet


def _account(going: Account, workbook: _Workbook, book: _Book) -> Iterator[Finding]:
    """Tell of each cell that is filled, and neither taken nor the form's own text."""
    others = [title for title in workbook.titles if title not in going.form | _HIDDEN]
    for title in workbook.titles:
        if title in going.form:
            yield from going.of_form(title, book[title])
        elif title in _HIDDEN and title in book:
            yield from going.of_hidden(title, book[title])
    for title in others:
        rows = workbook.read({title}).get(title, [])
        yield from going.of_other(title, rows, hidden=title in workbook.hidden)


def _read_replies(book: _Book, scanned: Scan, meta: Meta, file: str) -> ReadReplies:
    saved = scanned.modified_at or meta.header.created_at
    return read_reply_sheet(
        ReplySource(
            file=file,
            rows=book.get(REPLY_SHEET),
            bad_cells=scanned.bad_cells.get(REPLY_SHEET, {}),
            notes=meta.replies,
            year=meta.header.year,
            at=saved.astimezone(UTC).isoformat(timespec="seconds"),
        )
    )


def _with_replies(packet: Packet, meta: Meta, found: ReadReplies, scanned: Scan) -> Packet:
    """Add what is answered to letters, and whether that was changed since."""
    packet = replace(packet, replies=found.replies)
    if found.notes == meta.replies:
        return packet
    # What was changed beside it counts as well: the digest of the rest goes into that of the whole.
    changed = sorted((key, note.at, note.digest) for key, note in found.notes.items())
    digest = sha256(canonical([packet.digest, changed]))
    return replace(packet, digest=digest, modified_at=scanned.modified_at)


def _read_ledgers(book: _Book, scanned: Scan, meta: Meta, file: str) -> list[ReadLedger]:
    names = sheet_names(meta.ledgers)
    _check_sheets(set(names.values()) - set(book), file)
    return [
        read_ledger_sheet(
            LedgerSource(
                table=ListSheet(
                    file,
                    names[ledger.code],
                    book[names[ledger.code]],
                    scanned.bad_cells.get(names[ledger.code], {}),
                    scanned.merged.get(names[ledger.code], ()),
                ),
                ledger=ledger,
                notes=meta.entries[ledger.code],
                removed=tuple(e for e in meta.removed if e.ledger == ledger.code),
                unit=meta.header.unit,
                packet=meta.header.packet_id,
                year=meta.header.year,
            )
        )
        for ledger in meta.ledgers
    ]


def _with_ledgers(packet: Packet, meta: Meta, ledgers: list[ReadLedger]) -> Packet:
    """Add the rows of ledgers, and find out which were changed since the packet was written."""
    now = [line for ledger in ledgers for line in ledger.lines]
    altered = {line[0] for line in set(meta.entry_lines()).symmetric_difference(now)}
    titles = tuple(ledger.title for ledger in meta.ledgers if ledger.code in altered)
    rows = {r.key: (str(r.revision), content_digest(r)) for r in packet.records}
    changed = titles or packet.altered
    return replace(
        packet,
        ledgers=meta.ledgers,
        entries=tuple(entry for ledger in ledgers for entry in ledger.entries),
        altered_ledgers=titles,
        digest=meta.digest_with(rows, now) if changed else packet.noted,
    )


def _packet(
    scanned: Scan,
    meta: Meta,
    contents: Mapping[RecordKey, Content],
    told: tuple[Mapping[RecordKey, Place], list[Finding]],
    directives: Directives | None,
) -> Packet:
    """Put together what was read, and find out what was changed since it was written."""
    places, findings = told
    records: list[Record] = []
    rows: dict[RecordKey, tuple[str, str]] = {}
    for key, (noted, digest) in meta.rows.items():
        base = noted
        record = Record(key, contents.get(key, empty_content(key.kind)), Revision.parse(base))
        now = content_digest(record)
        if key not in contents and now != digest:
            findings.append(_missing(key))
            continue
        if now != digest:
            packet, text = meta.header.packet_id, canonical_content(record)
            revision = hand_edit(record.revision, packet, str(key), text)
            record, base = Record(key, record.content, revision), str(revision)
        records.append(record)
        rows[key] = (base, now)
    altered = frozenset(key for key, row in meta.rows.items() if rows.get(key) != row)
    was = meta.noted
    return Packet(
        header=meta.header,
        records=tuple(records),
        directives=directives,
        files=meta.files,
        recovery=meta.recovery,
        seal=meta.seal,
        noted=was,
        digest=meta.digest_with(rows) if altered else was,
        modified_at=scanned.modified_at if altered else None,
        altered=altered,
        findings=tuple(findings),
        places=places,
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
            self._book = CalamineWorkbook.from_filelike(BytesIO(scanned.data))
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
