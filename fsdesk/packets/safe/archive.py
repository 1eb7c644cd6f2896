"""A zip file whose parts are taken out within limits, whatever its directory claims."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from fsdesk.domain.findings import Place, reject
from fsdesk.packets.safe.plain_xml import is_plain
from fsdesk.packets.safe.scanned import MOST_ELEMENTS, SURELY_PACKET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_EXPANDED = 200 * 2**20
# A part is held in memory once or twice.
MOST_OF_PART = 80 * 2**20
MOST_ENTRIES = 2000
# Deflate reaches 1032 : 1 at most; real sheets full of styled blanks stay below 200 : 1.
_MOST_RATIO = 400
_RATIO_MATTERS = 16 * 2**20
_ENCRYPTED_ENTRY = 1
_LOCAL_HEADER = 30
_STORED, _DEFLATED = 0, 8
_MOST_HELD = 16 * 2**20  # bytes of all parts together, where those that were read stay in memory
# An element with so many attributes: each is held as two texts, however short.
_MANY_ATTRIBUTES = re.compile(rb"<[^<=]*+(?:=[^<=]*+){10000}")

# What goes wrong inside XML.
# A lookup fails for a name as well as for an encoding that nobody knows.
BROKEN_XML = (expat.ExpatError, ParseError, ValueError, OSError, LookupError)


class Archive:
    """The parts of a zip file, named in the order of its directory.

    Attributes:
        is_small: Whether all its parts can be held in memory together.
    """

    def __init__(self, data: bytes, place: Place) -> None:
        """Read the directory; refused when it promises too much, is encrypted or damaged."""
        self._data = memoryview(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        _check_sizes(entries, place)
        self._entries = {entry.filename: entry for entry in entries}
        self._held: dict[str, bytes] = {}
        self.is_small = sum(entry.file_size for entry in entries) <= _MOST_HELD
        self.names = list(self._entries)
        # The reader takes names in capitals and in small letters for the same.
        if len({name.replace("\\", "/").casefold() for name in self.names}) != len(entries):
            raise zipfile.BadZipFile("two entries of one name")
        if any(entry.flag_bits & _ENCRYPTED_ENTRY for entry in entries):
            raise reject("压缩内容已加密", "请去掉密码，保存后再导入", place)

    def size(self, name: str) -> int:
        """Return the size of a part in bytes, as the directory says."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """Return a part; BadZipFile when it isn't as promised, KeyError without."""
        part = self._held.get(name)
        if part is None:
            part = self._read(self._entries[name])
            if self.is_small:
                self._held[name] = part
        return part

    def _read(self, entry: zipfile.ZipInfo) -> bytes:
        start = entry.header_offset
        head = self._data[start : start + _LOCAL_HEADER]
        if len(head) < _LOCAL_HEADER or bytes(head[:4]) != b"PK\x03\x04":
            raise zipfile.BadZipFile("local header")
        start += _LOCAL_HEADER + int.from_bytes(head[26:28], "little")
        start += int.from_bytes(head[28:30], "little")
        packed = self._data[start : start + entry.compress_size]
        part = _unpack(packed, entry)
        if len(part) != entry.file_size or zlib.crc32(part) != entry.CRC:
            raise zipfile.BadZipFile("size or checksum")
        return part


def _unpack(packed: memoryview, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type == _STORED:
        return bytes(packed)
    if entry.compress_type != _DEFLATED:
        raise NotImplementedError("compression")
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    # One byte more than promised is enough to see that the promise is broken.
    return unpacking.decompress(packed, entry.file_size + 1)


def stored(parts: Mapping[str, bytes]) -> bytes:
    """Return a zip file of parts by their names, each as it is."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return file.getvalue()


def _check_sizes(entries: list[zipfile.ZipInfo], place: Place) -> None:
    if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_EXPANDED:
        raise reject("文件展开后过大", SURELY_PACKET, place)
    if any(entry.file_size > MOST_OF_PART or _bomb(entry) for entry in entries):
        raise reject("文件展开后过大，或压缩比例异常", SURELY_PACKET, place)


def _bomb(entry: zipfile.ZipInfo) -> bool:
    large = entry.file_size > _RATIO_MATTERS
    return large and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1)


def run_over(part: bytes) -> None:
    """Look through an XML part for nothing but faults and document types.

    ValueError when there is a doctype, where entities would be declared. expat.ExpatError when it
    is no XML.
    """
    if not is_plain(part):
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = no_doctype
        feed(part, parser.Parse)


def feed(part: bytes, parse: Callable[[bytes, bool], object]) -> None:
    """Give a whole part to a parser, which takes it in pieces of its own.

    Small pieces would make it begin anew with each of them on one endless comment or attribute.
    ValueError when an element has more attributes than any program writes.
    """
    if _MANY_ATTRIBUTES.search(part):
        raise ValueError("attributes")
    parse(part, True)  # noqa: FBT003 - the parser's own switch


def no_doctype(*_: object) -> None:
    """Refuse a document type, where entities would be declared, by ValueError."""
    raise ValueError("doctype")


def elements(archive: Archive, name: str) -> list[ET.Element]:
    """Return all elements of a small part.

    ValueError when it is no small part; also expat.ExpatError and KeyError.
    """
    part = archive.read(name)
    if part.count(b"<") > MOST_ELEMENTS:
        raise ValueError("elements")
    run_over(part)
    return list(ET.fromstring(part).iter())  # noqa: S314 - no doctype is in it
