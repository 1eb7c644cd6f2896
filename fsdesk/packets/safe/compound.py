"""Compound files (OLE), in which .xls workbooks live: taking a stream out of a hostile one.

It is read just as the fast reader reads it, but with every chain of sectors bounded: there a chain
that bites its own tail takes all memory. Source of the format: MS-CFB.
"""

from __future__ import annotations

import struct

from msgspec import Struct

_END = 0xFFFF_FFFE
_NO_FAT_FROM = 0xFFFF_FFFC
_RESERVED_FROM = 0xFFFF_FFFA
_HEADER, _HEADER_TABLE = 512, 76
_ENTRY, _MINI_SECTOR, _MINI_BELOW = 128, 64, 4096
_SHIFTS = {9: 512, 12: 4096}
# Small streams together; a workbook itself is no small stream.
_MOST_MINI_SECTORS = 256


class _Entry(Struct, frozen=True):
    name: str
    start: int
    size: int


class CompoundFile:
    """The streams of a compound file, with the names of its storages and streams."""

    def __init__(self, data: bytes) -> None:
        """Read the tables; ValueError when they lie, struct.error when they are cut short."""
        self._data = data
        self._size = _SHIFTS.get(struct.unpack_from("<H", data, 30)[0], 0)
        if not self._size:
            raise ValueError("sector size")
        fat_sectors, directory = struct.unpack_from("<II", data, 44)
        mini_start, mini_sectors, table_start = struct.unpack_from("<III", data, 60)
        self._sectors = len(data) // self._size
        if fat_sectors > self._sectors or mini_sectors > _MOST_MINI_SECTORS:
            raise ValueError("more sectors than there are")
        self._fat = self._read_fat(table_start)
        self._entries = [*self._read_directory(directory)]
        self.names = [entry.name for entry in self._entries]
        self._mini_fat: list[int] = []
        self._mini = b""
        if mini_sectors:
            root = self._entries[0]
            self._mini = self._chain(root.start, root.size)
            table = self._chain(mini_start, mini_sectors * self._size)
            self._mini_fat = _numbers(table)

    def stream(self, *names: str) -> bytes:
        """Return the stream that first bears one of the names.

        Raises:
            KeyError: When there is none.
            ValueError: When its chain lies.
        """
        for name in names:
            for entry in self._entries:
                if entry.name == name:
                    return self._stream(entry)
        raise KeyError(names[0])

    def _stream(self, entry: _Entry) -> bytes:
        if entry.size >= _MINI_BELOW:
            return self._chain(entry.start, entry.size)
        pieces: list[bytes] = []
        sector, left = entry.start, entry.size
        while sector != _END and left > 0:
            start = sector * _MINI_SECTOR
            pieces.append(self._mini[start : start + _MINI_SECTOR])
            left -= _MINI_SECTOR
            sector = self._mini_fat[sector]
        return b"".join(pieces)[: entry.size]

    def _sector(self, number: int) -> bytes:
        if number > self._sectors:
            raise ValueError("sector behind the end")
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _chain(self, start: int, size: int | None = None) -> bytes:
        pieces: list[bytes] = []
        sector, total = start, 0
        while sector != _END and (size is None or total < size):
            if len(pieces) > self._sectors:
                raise ValueError("endless chain")
            pieces.append(self._sector(sector))
            total += self._size
            sector = self._fat[sector]
        return b"".join(pieces)[:size]

    def _read_fat(self, table_start: int) -> list[int]:
        places = _numbers(self._data[_HEADER_TABLE:_HEADER])
        sector, seen = table_start, 0
        while sector < _RESERVED_FROM:
            seen += 1
            if seen > self._sectors:
                raise ValueError("endless table")
            more = _numbers(self._sector(sector))
            places += more[:-1]
            sector = more[-1]
        fat: list[int] = []
        for place in places:
            if place < _NO_FAT_FROM:
                fat += _numbers(self._sector(place))
            if len(fat) > (self._sectors + 1) * self._size:
                raise ValueError("more tables than sectors")
        return fat

    def _read_directory(self, start: int) -> list[_Entry]:
        table = self._chain(start)
        entries: list[_Entry] = []
        for at in range(0, len(table) - _ENTRY + 1, _ENTRY):
            name = table[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
            first, low, high = struct.unpack_from("<III", table, at + 116)
            size = low if self._size == _HEADER else low | high << 32
            entries.append(_Entry(name, first, size))
        if not entries:
            raise ValueError("no directory")
        return entries


def _numbers(table: bytes) -> list[int]:
    count = len(table) // 4
    return list(struct.unpack_from(f"<{count}I", table))
