"""What tests do to packets, and what is expected of reading them."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field

import pytest
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import DataValue
from fsdesk.packets.reader import read_packet
from fsdesk.packets.writer import write_packet
from tests.packets.test_round_trip import PLAN, blank

# Something stands in the packet already: what a clerk does elsewhere must not touch it.
BASE = blank(I01_2=DataValue(600.0, note="已有"))
STOOD = {"I01-2": DataValue(600.0, note="已有")}


@dataclass(frozen=True)
class Taken:
    """The packet is read, with these contents by code and these warnings by place."""

    contents: dict = field(default_factory=dict)
    warnings: tuple = ()


@dataclass(frozen=True)
class Refused:
    """The packet is refused, with these words at this place."""

    sheet: str
    cell: str
    words: str


SAME = Taken()


def make(folder, name="p.xlsx"):
    file = folder / name
    write_packet(file, BASE, PLAN)
    return file


def in_book(change):
    """Return a change of a file by way of openpyxl."""

    def apply(file):
        book = load_workbook(file)
        change(book)
        book.save(file)

    return apply


def cells(sheet, **values):
    def change(book):
        for name, value in values.items():
            book[sheet][name] = value

    return in_book(change)


def in_parts(change):
    """Return a change of a file's parts."""

    def apply(file):
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        change(parts)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                archive.writestr(name, data)

    return apply


def in_part(name, old, new):
    def change(parts):
        assert old in parts[name], parts[name][:2000]
        parts[name] = parts[name].replace(old, new, 1)

    return in_parts(change)


def expect(file, expected):
    """Read a packet and compare."""
    if isinstance(expected, Refused):
        with pytest.raises(InputRejectedError) as refused:
            read_packet(file)
        found = [(f.place.sheet, f.place.cell, f.message + f.remedy) for f in
                 refused.value.findings]  # fmt: skip
        assert any(
            (sheet, cell) == (expected.sheet, expected.cell) and expected.words in words
            for sheet, cell, words in found
        ), found
        return
    read = read_packet(file)
    assert {r.key.item: r.content for r in read.filled} == STOOD | expected.contents
    found = [(f.place.sheet, f.place.cell, f.message) for f in read.findings]
    assert len(found) == len(expected.warnings), found
    for (sheet, cell, words), (at_sheet, at_cell, message) in zip(
        expected.warnings, found, strict=True
    ):
        assert (sheet, cell) == (at_sheet, at_cell)
        assert words in message
