"""Reads from a Linux library or program what it asks of the system: other libraries and glibc."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC = b"\x7fELF\x02\x01"  # 64 bits, least byte first: amd64, arm64
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRTAB, _SONAME, _VERNEED, _VERNEEDNUM = 1, 5, 14, 0x6FFFFFFE, 0x6FFFFFFF


@dataclass(frozen=True, slots=True)
class Wants:
    """What a file asks for.

    Attributes:
        libraries: Names such as ``libxcb.so.1``, in the order in which they are loaded.
        glibc: Highest version of glibc's symbols, such as ``(2, 28)``; ``(0, 0)`` for none.
    """

    libraries: tuple[str, ...]
    glibc: tuple[int, int]
    name: str


def is_elf(file: Path) -> bool:
    """Tell whether a file is a library or program for a 64-bit Linux."""
    with file.open("rb") as stream:
        return stream.read(len(_MAGIC)) == _MAGIC


def wants(file: Path) -> Wants:
    """Read what a library or program asks for.

    Raises:
        ValueError: When the file is none.
    """
    data = file.read_bytes()
    if not data.startswith(_MAGIC):
        raise ValueError(f"not a 64-bit ELF file: {file}")
    reader = _Reader(data)
    return Wants(
        tuple(reader.text(value) for value in reader.values(_NEEDED)),
        max(reader.glibc(), default=(0, 0)),
        next((reader.text(value) for value in reader.values(_SONAME)), ""),
    )


class _Reader:
    """The dynamic section of one file; addresses are turned into places in the file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        (start,) = struct.unpack_from("<Q", data, 32)
        size, count = struct.unpack_from("<HH", data, 54)
        headers = [struct.unpack_from("<IIQQQQQQ", data, start + size * i) for i in range(count)]
        self._loads = [(h[3], h[2], h[5]) for h in headers if h[0] == _LOAD]
        self._tags: list[tuple[int, int]] = []
        for header in headers:
            if header[0] == _DYNAMIC:
                section = data[header[2] : header[2] + header[5]]
                self._tags = list(struct.iter_unpack("<qQ", section[: len(section) // 16 * 16]))
        self._strings = self._place(next(self.values(_STRTAB), 0))

    def values(self, tag: int) -> Iterator[int]:
        return (value for found, value in self._tags if found == tag)

    def text(self, offset: int) -> str:
        start = self._strings + offset
        return self._data[start : self._data.index(b"\0", start)].decode()

    def glibc(self) -> Iterator[tuple[int, int]]:
        """Give each version of glibc that is asked for."""
        place = self._place(next(self.values(_VERNEED), 0))
        for _ in range(next(self.values(_VERNEEDNUM), 0)):
            _, count, _, first, following = struct.unpack_from("<HHIII", self._data, place)
            entry = place + first
            for _ in range(count):
                _, _, _, name, step = struct.unpack_from("<IHHII", self._data, entry)
                text = self.text(name)
                if text.startswith("GLIBC_2."):
                    yield 2, int(text.split(".")[1])
                entry += step
            place += following

    def _place(self, address: int) -> int:
        for start, offset, size in self._loads:
            if start <= address < start + size:
                return address - start + offset
        return 0
