"""Reading what a Linux library asks of the system, over files made here and of this machine."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from installers import elf, linux
from installers.roots import BuildError


def library(*, needed=(), glibc=(), name="libown.so.1"):
    """Make the smallest ELF file that says these things."""
    words = [name, *needed, *glibc, "libc.so.6"]
    strings, places = b"\0", {}
    for word in words:
        places[word] = len(strings)
        strings += word.encode() + b"\0"
    header, program = 64, 56
    text = header + 2 * program
    notes = text + len(strings)
    entries = b"".join(
        struct.pack("<IHHII", 0, 0, 2, places[version], 16 if i + 1 < len(glibc) else 0)
        for i, version in enumerate(glibc)
    )
    verneed = struct.pack("<HHIII", 1, len(glibc), places["libc.so.6"], 16, 0) + entries
    tags = [(1, places[one]) for one in needed] + [(14, places[name]), (5, text)]
    if glibc:
        tags += [(0x6FFFFFFE, notes), (0x6FFFFFFF, 1)]
    dynamic = b"".join(struct.pack("<qQ", *tag) for tag in [*tags, (0, 0)])
    start = notes + len(verneed)
    size = start + len(dynamic)
    head = b"\x7fELF\x02\x01" + bytes(10) + struct.pack("<HHIQQQ", 3, 62, 1, 0, header, 0)
    head += struct.pack("<IHHHHHH", 0, header, program, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 4, 0, 0, 0, size, size, 4096)
    section = struct.pack("<IIQQQQQQ", 2, 4, start, start, start, len(dynamic), len(dynamic), 8)
    return head + load + section + strings + verneed + dynamic


def write(path, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(library(**options))
    return path


def test_libraries_name_and_the_highest_glibc_are_read(tmp_path):
    file = write(
        tmp_path / "a.so",
        needed=["libxcb.so.1", "libc.so.6"],
        glibc=["GLIBC_2.2.5", "GLIBC_2.28", "GLIBC_2.9", "GLIBC_PRIVATE"],
        name="liba.so.1",
    )
    assert elf.wants(file) == elf.Wants(("libxcb.so.1", "libc.so.6"), (2, 28), "liba.so.1")


def test_a_library_may_ask_for_nothing(tmp_path):
    assert elf.wants(write(tmp_path / "a.so")).glibc == (0, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a file of Linux is read")
def test_the_python_that_runs_this_asks_for_a_libc():
    asked = elf.wants(Path(sys.executable).resolve())
    assert asked.glibc >= (2, 2)
    assert "libc.so.6" in asked.libraries


def test_other_files_are_none(tmp_path):
    file = tmp_path / "words.so"
    file.write_bytes(b"INPUT(-lfoo)")
    assert not elf.is_elf(file)
    with pytest.raises(ValueError, match="not a 64-bit ELF"):
        elf.wants(file)


def test_a_file_above_the_floor_stops_the_build_and_is_named(tmp_path):
    write(tmp_path / "lib/old.so", glibc=["GLIBC_2.28"])
    assert linux.check_glibc(tmp_path, "amd64") == (2, 28)
    write(tmp_path / "lib/new.so", glibc=["GLIBC_2.29"])
    with pytest.raises(BuildError, match=r"2\.28.*new\.so"):
        linux.check_glibc(tmp_path, "amd64")
    assert linux.check_glibc(tmp_path, "arm64") == (2, 29)


def test_what_comes_along_is_not_asked_of_the_system(tmp_path):
    write(tmp_path / "program", needed=["libown.so.1", "libxcb.so.1"])
    write(tmp_path / "_internal/libown.so.1", needed=["libc.so.6"])
    assert linux.asked_of_system(tmp_path) == {"libxcb.so.1", "libc.so.6"}


def test_libraries_of_the_system_that_nothing_asks_for_are_left_out(tmp_path):
    write(tmp_path / "Qt.so", needed=["libused.so.1"])
    for name, needed in {
        "libused.so.1": [],
        "libidle.so.1": ["libonly-of-idle.so.1"],
        "libonly-of-idle.so.1": [],
        "libloaded-by-name.so.1": [],
    }.items():
        write(tmp_path / name, needed=needed)
    debian = {"libused.so.1": "a", "libidle.so.1": "b", "libonly-of-idle.so.1": "c"}
    linux.prune(tmp_path, debian)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"Qt.so", "libused.so.1", "libloaded-by-name.so.1"}
