"""Packets in the forms .ods and .xls, made for tests by hand so that any part can be spoiled."""

from __future__ import annotations

import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

from openpyxl import load_workbook

MIME_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def sheets_of(file):
    """Return the values of a packet by sheet."""
    return {
        sheet.title: [[_plain(cell.value) for cell in row] for row in sheet.iter_rows()]
        for sheet in load_workbook(file)
    }


def _plain(value):
    """Return a value without the escapes of .xlsx."""
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


def ods_cell(value):
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return (
            f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p>'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def ods_parts(file):
    """Return the parts of the .ods workbook with the values of a packet."""
    tables = "".join(
        f"<table:table table:name={quoteattr(title)}>"
        + "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>"
                  for row in rows)
        + "</table:table>"
        for title, rows in sheets_of(file).items()
    )  # fmt: skip
    content = (
        f"<office:document-content {_SPACES}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return {"mimetype": MIME_TYPE, "META-INF/manifest.xml": _MANIFEST, "content.xml": content}


def write_ods(target, parts):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


# The record types of .xls that are needed here.
BOF, EOF, BOUND_SHEET, LABEL, NUMBER, DIMENSIONS = 0x809, 0x0A, 0x85, 0x204, 0x203, 0x200


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def begin(what, version=0x0600):
    return record(BOF, struct.pack("<HHHHII", version, what, 0x0DBB, 0x07CC, 0, 6))


def label(row, column, text):
    data = struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")
    return record(LABEL, data)


def number(row, column, value):
    return record(NUMBER, struct.pack("<HHHd", row, column, 0, value))


def sheet_records(rows):
    """Return the records of one sheet."""
    made = [
        label(r, c, value) if isinstance(value, str) else number(r, c, float(value))
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value is not None
    ]
    return b"".join(made)


def comment_records(row, column, text, author):
    """Return the records of a comment at a cell."""
    text, author = text.encode("utf-16-le"), author.encode("utf-16-le")
    return b"".join(
        [
            record(0x5D, struct.pack("<4H", 0x15, 0x12, 0x19, 7) + bytes(14)),
            record(0x1B6, struct.pack("<8H", 0, 0, 0, 0, 0, len(text) // 2, 16, 0)),
            record(0x3C, b"\x01" + text),
            record(0x3C, bytes(16)),
            record(0x1C, struct.pack("<5HB", row, column, 0, 7, len(author) // 2, 1) + author),
        ]
    )


def hidden_row(row):
    """Return the record of a row that nobody sees."""
    return record(0x208, struct.pack("<6HI", row, 0, 6, 300, 0, 0, 0x20))


def hidden_columns(first, last):
    """Return the record of columns that nobody sees."""
    return record(0x7D, struct.pack("<6H", first, last, 0, 15, 1, 0))


def xls_stream(sheets, before=b"", version=0x0600, kind=0, hidden=()):
    """Return the stream of a workbook.

    Args:
        sheets: By title the records of each sheet.
        before: Records among those of the whole workbook.
        version: Of the form.
        kind: Of the first sheet.
        hidden: Titles of sheets that nobody sees.
    """
    parts = [begin(0x10) + records + record(EOF) for records in sheets.values()]
    titles = [title.encode("utf-16-le") for title in sheets]
    head = begin(5, version) + before
    start = len(head) + sum(4 + 8 + len(title) for title in titles) + 4
    for place, (title, part) in enumerate(zip(titles, parts, strict=True)):
        what = kind if place == 0 else 0
        state = title.decode("utf-16-le") in hidden
        head += record(
            BOUND_SHEET, struct.pack("<IBBBB", start, state, what, len(title) // 2, 1) + title
        )
        start += len(part)
    return head + record(EOF) + b"".join(parts)


def xls_of(file, extra=None, **how):
    """Return the .xls workbook with the values of a packet.

    Args:
        file: The packet.
        extra: By title, records that are put behind those of a sheet.
        how: As for `xls_stream`.
    """
    sheets = {
        title: sheet_records(rows) + (extra or {}).get(title, b"")
        for title, rows in sheets_of(file).items()
    }
    return compound(xls_stream(sheets, **how))


def compound(stream, names=()):
    """Return a compound file with a workbook's stream and empty storages of other names."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    count = len(stream) // 512
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0), _entry("Workbook", 2, 0, len(stream))]
    entries += [_entry(name, 1, 0xFFFFFFFE, 0) for name in names]
    directory = b"".join(entries)
    directory += bytes(-len(directory) % 512)
    # The stream comes first, then the directory, then the table of sectors.
    directory_count = len(directory) // 512
    table_count = (count + directory_count) // 127 + 1
    fat = [*range(1, count), 0xFFFFFFFE]
    fat += [*range(count + 1, count + directory_count), 0xFFFFFFFE]
    fat += [0xFFFFFFFD] * table_count
    fat += [0xFFFFFFFF] * (table_count * 128 - len(fat))
    places = [count + directory_count + n for n in range(table_count)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIII", table_count, count, 0, 4096)
    header += struct.pack("<IIII", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", *places, *[0xFFFFFFFF] * (109 - len(places)))
    return header + stream + directory + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name, what, start, size):
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, what, 1, *[0xFFFFFFFF] * 3)
    return head + bytes(36) + struct.pack("<IQ", start, size)
