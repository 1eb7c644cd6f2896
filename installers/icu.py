"""Makes the international data that Qt brings along small: for Chinese and English alone.

`libicudata` holds one package of items (https://unicode-org.github.io/icu/userguide/icu_data/):
a header, a list of names and places in order of the names, the items. What Chinese offices never
need is taken off the list and its bytes become zeros; the library keeps its size and shape, but
packs to a tenth.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FORMAT, _FORMAT_AT = b"CmnD", 12  # where the header names the format
_MAGIC = b"\xda\x27"
_LOCALE = re.compile(r"(?!zh|en|res_)[a-z]{2,3}(_\w+)?\.res")
_CHARACTER_SETS = re.compile(r"(gb18030|ibm-138[36]|windows-9(36|50)).*\.cnv")
_DROPPED_FOLDERS = {"translit"}


def is_kept(name: str) -> bool:
    """Tell whether an item is needed, by its name such as ``icudt73l/coll/zh.res``."""
    folders, _, item = name.rpartition("/")
    if folders.rpartition("/")[2] in _DROPPED_FOLDERS or item.endswith(".dict"):
        return False
    if item.endswith(".cnv"):
        return _CHARACTER_SETS.fullmatch(item) is not None
    return _LOCALE.fullmatch(item) is None


def slim(file: Path) -> int:
    """Zero what is not needed in a library, in place; return how many bytes.

    Raises:
        ValueError: When the library holds no such package.
    """
    data = bytearray(file.read_bytes())
    found = data.find(_FORMAT)
    start = found - _FORMAT_AT
    if found < 0 or data[start + 2 : start + 4] != _MAGIC:
        raise ValueError(f"no package of ICU data: {file}")
    (header,) = struct.unpack_from("<H", data, start)
    emptied = _empty(memoryview(data)[start + header :])
    file.write_bytes(data)
    return emptied


def _empty(package: memoryview) -> int:
    (count,) = struct.unpack_from("<I", package)
    entries = [struct.unpack_from("<II", package, 4 + 8 * n) for n in range(count)]
    kept, emptied = [], 0
    for (name, place), following in zip(entries, [*entries[1:], None], strict=True):
        # The last item has no following one to end at, so it stays.
        if following is None or is_kept(_text(package, name)):
            kept.append((name, place))
            continue
        size = following[1] - place
        package[place : place + size] = bytes(size)
        emptied += size
    struct.pack_into("<I", package, 0, len(kept))
    for number, entry in enumerate(kept):
        struct.pack_into("<II", package, 4 + 8 * number, *entry)
    return emptied


def _text(package: memoryview, place: int) -> str:
    end = place
    while package[end]:
        end += 1
    return bytes(package[place:end]).decode("ascii")
