"""SQLite's journal of what was saved last, which a program that was ended leaves beside a database.

SQLite reads it as far as its checksums hold and passes over the rest without a word. Its form is
told at https://www.sqlite.org/fileformat2.html#walformat.
"""

from __future__ import annotations

import struct
import sys
from array import array
from typing import TYPE_CHECKING

from fsdesk.store.care import raw

if TYPE_CHECKING:
    from pathlib import Path

_HEADER, _FRAME = 32, 24
_MAGIC = 0x377F0682  # the lowest bit tells the order of bytes of the checksums
_PAGES = frozenset(1 << power for power in range(9, 17))
_SALT = slice(8, 16)
_MOST = 32 << 20  # bytes; more is left by nothing but an import that was ended
_WORD = 0xFFFFFFFF


def is_left(database: Path) -> bool:
    """Tell whether there is a journal beside a database, and something in it."""
    try:
        return _beside(database).stat().st_size > 0
    except OSError:
        return False


def loss(database: Path) -> str:
    """Say that the journal left beside a database can't be read to its end; empty where it can.

    What was never finished, as when the program was ended while it saved, is no loss. Nobody may
    be writing to the database meanwhile.
    """
    file = _beside(database)
    try:
        content = file.read_bytes() if file.stat().st_size <= _MOST else b""
    except OSError:
        return ""
    words = f"上次没有保存完的记录（{file.name}）有损坏，最后录入的内容可能不在库中，请核对"
    return words if content and _is_damaged(content) else ""


def _beside(database: Path) -> Path:
    return database.with_name(f"{database.name}{raw.WRITTEN_LAST}")


def _is_damaged(content: bytes) -> bool:
    if len(content) < _HEADER:
        return True
    magic, _, size, *_ = struct.unpack(">8I", content[:_HEADER])
    if magic & ~1 != _MAGIC or size not in _PAGES:
        return True
    order = "big" if magic & 1 else "little"
    sums = _summed(content[: _HEADER - 8], order, (0, 0))
    if sums != struct.unpack(">2I", content[_HEADER - 8 : _HEADER]):
        return True
    salt = content[16:24]
    at = _HEADER
    while at + _FRAME + size <= len(content):
        head = content[at : at + _FRAME]
        body = content[at + _FRAME : at + _FRAME + size]
        if head[_SALT] != salt:
            break  # of an earlier turn of the journal, or broken itself
        sums = _summed(body, order, _summed(head[:8], order, sums))
        if sums != struct.unpack(">2I", head[16:]):
            break
        at += _FRAME + size
    return _was_finished(content, at, size, salt)


def _was_finished(content: bytes, at: int, size: int, salt: bytes) -> bool:
    """Tell whether behind the last frame that holds there is one with which a step was finished."""
    while at + _FRAME <= len(content):
        head = content[at : at + _FRAME]
        if head[_SALT] == salt and head[4:8] != bytes(4):
            return True
        at += _FRAME + size
    return False


def _summed(content: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    words = array("I", content)
    if order != sys.byteorder:
        words.byteswap()
    first, second = sums
    for at in range(0, len(words), 2):
        first = (first + words[at] + second) & _WORD
        second = (second + words[at + 1] + first) & _WORD
    return first, second
