"""Qt's international data made small: what is kept can still be found, the rest is zeros."""

from __future__ import annotations

import struct

import pytest

from installers import icu

ITEMS = {
    "icudt73l/coll/root.res": b"order of all letters",
    "icudt73l/coll/sw.res": b"order of Swahili",
    "icudt73l/coll/zh.res": b"pinyin",
    "icudt73l/gb18030.cnv": b"Chinese characters",
    "icudt73l/ibm-37_P100-1995.cnv": b"of main frames",
    "icudt73l/translit/root.res": b"transliteration",
    "icudt73l/zone/zu.res": b"the last one",
}


def library(items):
    """Make a file that holds a package somewhere, as a library does."""
    names = b"".join(name.encode() + b"\0" for name in items)
    start = 4 + 8 * len(items)
    entries, bodies, name_at = b"", b"", start
    for name, body in items.items():
        entries += struct.pack("<II", name_at, start + len(names) + len(bodies))
        bodies += body
        name_at += len(name) + 1
    header = struct.pack("<H", 32) + b"\xda\x27" + bytes(8) + b"CmnD" + bytes(16)
    return b"\x7fELF before" + header + struct.pack("<I", len(items)) + entries + names + bodies


def listed(data):
    """Read names and contents back the way ICU finds them."""
    package = data[data.find(b"CmnD") - 12 + 32 :]
    (count,) = struct.unpack_from("<I", package)
    entries = [struct.unpack_from("<II", package, 4 + 8 * n) for n in range(count)]
    return {
        package[name : package.index(b"\0", name)].decode(): package[place:]
        for name, place in entries
    }


@pytest.mark.parametrize("name", ["zh_Hans.res", "en_US.res", "root.res", "res_index.res"])
def test_chinese_english_and_what_all_share_is_kept(name):
    assert icu.is_kept(f"icudt73l/{name}")
    assert icu.is_kept(f"icudt73l/coll/{name}")


@pytest.mark.parametrize("name", ["de.res", "sr_Latn_ME.res", "brkitr/thaidict.dict"])
def test_other_languages_are_not(name):
    assert not icu.is_kept(f"icudt73l/{name}")


def test_items_are_taken_off_the_list_and_out_of_the_file(tmp_path):
    file = tmp_path / "libicudata.so.73"
    file.write_bytes(library(ITEMS))
    size = file.stat().st_size
    emptied = icu.slim(file)
    data = file.read_bytes()
    assert len(data) == size
    found = listed(data)
    assert sorted(found) == [
        "icudt73l/coll/root.res",
        "icudt73l/coll/zh.res",
        "icudt73l/gb18030.cnv",
        "icudt73l/zone/zu.res",
    ]
    for name, rest in found.items():
        assert rest.startswith(ITEMS[name])
    for word in (b"Swahili", b"main frames", b"transliteration"):
        assert word not in data
    dropped = set(ITEMS) - set(found)
    assert emptied == sum(len(ITEMS[name]) for name in dropped)


def test_another_library_is_left_alone(tmp_path):
    file = tmp_path / "libc.so.6"
    file.write_bytes(b"\x7fELF and CmnD by chance")
    with pytest.raises(ValueError, match="no package of ICU data"):
        icu.slim(file)
    assert file.read_bytes() == b"\x7fELF and CmnD by chance"
