"""Whoever forges packets: any cell of any sheet set, seals taken off, put on and exchanged."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from python_calamine import CalamineWorkbook

from fsdesk.domain.cells import cell_name
from fsdesk.domain.packet.packet import BUNDLES, sha256
from fsdesk.domain.plain import canonical
from fsdesk.packets.layout import META_SHEET, PLAN_SHEET
from fsdesk.packets.meta import read_meta

SEAL = ("public_key", "signature")
PIECE = 30_000


class Forgery:
    """A copy of a packet, taken apart into rows and put together again."""

    def __init__(self, source, target):
        """`target`: where the forged file goes; its ending counts."""
        self.target, self._sheets = target, {}
        data = source.read_bytes()
        self._beside = {}
        if source.suffix in BUNDLES:
            with zipfile.ZipFile(source) as archive:
                self._beside = {name: archive.read(name) for name in archive.namelist()}
            book = next(name for name in self._beside if "/" not in name)
            data = self._beside.pop(book)
        self._data = data
        self._book = CalamineWorkbook.from_filelike(BytesIO(data))

    def rows(self, sheet=META_SHEET):
        """The rows of a sheet, to be changed in place."""
        if sheet not in self._sheets:
            self._sheets[sheet] = self._book.get_sheet_by_name(sheet).to_python(
                skip_empty_area=False
            )
        return self._sheets[sheet]

    @property
    def titles(self):
        return self._book.sheet_names

    def noted(self, name):
        """What the hidden sheet says under a name."""
        return next((row[1] for row in self.rows() if row[0] == name), None)

    def note(self, name, value):
        """Let the hidden sheet say something else under a name."""
        self.strip(name)
        self.rows().insert(0, [name, value])

    def strip(self, *names):
        """Take lines of the hidden sheet away."""
        rows = self.rows()
        rows[:] = [row for row in rows if row[0] not in names]

    def seal_of(self, other):
        """Put the seal of another packet on it."""
        for name in SEAL:
            self.note(name, other.noted(name))

    def sign(self, key):
        """Sign what it says now with a key; nothing where that is no packet any more."""
        self.strip(*SEAL)
        seal = key.sign(read_meta(self.rows(), "").noted)
        self.note("public_key", seal.public_key)
        self.note("signature", seal.signature)

    @property
    def handed_down(self):
        """What the office hands down, as plain values; None for nothing."""
        if PLAN_SHEET not in self.titles:
            return None
        return json.loads("".join(str(row[0])[1:-1] for row in self.rows(PLAN_SHEET) if row[0]))

    @handed_down.setter
    def handed_down(self, plain):
        text = canonical(plain)
        pieces = (text[start : start + PIECE] for start in range(0, len(text), PIECE))
        self.rows(PLAN_SHEET)[:] = [[f"|{piece}|"] for piece in pieces]
        self.note("handed_down", sha256(text))

    def write(self):
        """Put it together."""
        data = _with_sheets(self._data, self._sheets)
        if self.target.suffix in BUNDLES:
            with zipfile.ZipFile(self.target, "w") as archive:
                archive.writestr("报送包.xlsx", data)
                for name, content in self._beside.items():
                    archive.writestr(name, content)
        else:
            self.target.write_bytes(data)
        return self.target


def _with_sheets(data, sheets):
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        book = source.read("xl/workbook.xml").decode()
        numbers = dict(re.findall(r'<sheet name="([^"]*)" sheetId="(\d+)"', book))
        parts = {f"xl/worksheets/sheet{numbers[title]}.xml": title for title in sheets}
        for name in source.namelist():
            content = source.read(name)
            if name in parts:
                content = _sheet(sheets[parts[name]]).encode()
            target.writestr(name, content)
    return out.getvalue()


def _sheet(rows):
    lines = (
        f'<row r="{number + 1}">'
        + "".join(_cell(cell_name(number, place), value) for place, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows)
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(name, value):
    if isinstance(value, bool):
        return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{name}"><v>{value}</v></c>'
    text = "" if value is None else str(value)
    return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def bundled(files, target):
    """Write a .zip of several packets' workbooks, as somebody packs them."""
    with zipfile.ZipFile(target, "w") as archive:
        for number, file in enumerate(files):
            archive.write(file, f"{number}-{file.name}")
    return target
