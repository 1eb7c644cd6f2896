"""The typographic check: what is wrong with a PDF, read back from its bytes alone.

Official papers are held against GB/T 9704—2012, tables and pictures against their white edges;
all against what no reader should meet: a number cut in two, a row alone on a last page, a heading
at the foot of one, text over text, fonts that are not in the file.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from pypdf import PdfReader
from pypdfium2 import raw

from fsdesk.domain.output.pages import Face
from fsdesk.reports.paper.fonts import font_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 37 * MM, 262 * MM
# 22 lines of 28 characters in the type area, as near as Word's twentieths of a point come to it.
PITCH, CHARACTER, LINES, CHARACTERS = 28.99, 15.75, 22, 28
TITLE, NUMBER, SMALLEST = 22.0, 14.0, 6.0
NEAR = 0.6
_NUMBER = re.compile(r"—(\d+)—")
_DAY = re.compile(r"20\d\d年\d+月\d+日")
_HEADING = re.compile(r"[一二三四五六七八九十]、|（[一二三四五六七八九十]）")
_FIRST_LEVEL, _ANNEX = re.compile(r"[一二三四五六七八九十]、"), re.compile(r"附件\d?")
# What may not be parted from the digit before or after it.
_BEFORE, _AFTER = re.compile(r"[0-9.,/]$"), re.compile(r"[0-9.,/%‰]")


@dataclass(frozen=True, slots=True)
class Line:
    """Letters on one height next to one another; lengths from the page's upper left corner."""

    text: str
    left: float
    right: float
    y: float
    size: float
    font: str
    fonts: frozenset[str]
    top: float
    bottom: float
    upright: bool = False

    @property
    def ink(self) -> tuple[float, float, float, float]:
        """The middle part of its letters, which nothing else may touch: left, top, right, low."""
        if self.upright:
            return self.left + 0.2 * self.size, self.top, self.right - 0.2 * self.size, self.bottom
        return self.left, self.y - 0.7 * self.size, self.right, self.y

    @property
    def plain(self) -> str:
        """Its words without spaces."""
        return "".join(self.text.split())


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line or the frame of a rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def lies(self) -> bool:
        """Whether it lies."""
        return self.bottom - self.top < 6 and self.right - self.left > 6

    @property
    def edges(self) -> tuple[float, ...]:
        """The heights at which something is drawn across: its middle, or both sides of a frame."""
        middle = (self.top + self.bottom) / 2
        return () if self.stands else (middle,) if self.lies else (self.top, self.bottom)

    @property
    def stands(self) -> bool:
        """Whether it stands."""
        return self.right - self.left < 6 and self.bottom - self.top > 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is seen."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    pictures: tuple[Rule, ...]


def sheets_of(data: bytes) -> list[Sheet]:
    """Read a PDF's pages."""
    document = pdfium.PdfDocument(data)
    try:
        return [_sheet(document[n], n + 1) for n in range(len(document))]
    finally:
        document.close()


def file_faults(data: bytes) -> Iterator[str]:
    """Tell what is wrong with a file whatever it holds: title, language, fonts."""
    reader = PdfReader(BytesIO(data))
    root = reader.trailer["/Root"]
    if not (reader.metadata and reader.metadata.title):
        yield "no title"
    if root.get("/Lang") != "zh-CN":
        yield "no language"
    for number, page in enumerate(reader.pages, start=1):
        for name, font in (page["/Resources"].get("/Font") or {}).items():
            if "+" not in str(font.get_object()["/BaseFont"]):
                yield f"{number}: {name} isn't embedded"


def official_faults(sheets: Sequence[Sheet], *, numbered_from: int = 1) -> Iterator[str]:
    """Tell where an official paper isn't as GB/T 9704—2012 has it."""
    for sheet in sheets:
        where = f"page {sheet.number}"
        body = _type_area(sheet, numbered_from)
        yield from (f"{where}: {fault}" for fault in _outside(sheet, body, numbered_from))
        yield from (f"{where}: {fault}" for fault in _lines(sheet, body))
        yield from (f"{where}: {fault}" for fault in _faces(sheet, body))
        yield from (f"{where}: {fault}" for fault in _page_number(sheet, numbered_from))
        yield from (f"{where}: {fault}" for fault in _overlaps(sheet))
        yield from (f"{where}: {fault}" for fault in cut_numbers(sheet))
    yield from _alone(sheets)
    yield from _imprint(sheets)


def table_faults(sheets: Sequence[Sheet], margin: float = 15 * MM) -> Iterator[str]:
    """Tell what is wrong with the pages of a table."""
    for sheet in sheets:
        where = f"page {sheet.number}"
        for line in sheet.lines:
            numbered = line.plain == f"第{sheet.number}页共{len(sheets)}页"
            inside = line.left >= margin - NEAR and line.right <= sheet.width - margin + NEAR
            if not numbered and not (inside and line.bottom <= sheet.height - margin + NEAR):
                yield f"{where}: in the margin: {line.text}"
            if line.size < 7.4:
                yield f"{where}: too small: {line.text}"
        if not any(line.plain == f"第{sheet.number}页共{len(sheets)}页" for line in sheet.lines):
            yield f"{where}: no number"
        yield from (f"{where}: {fault}" for fault in _overlaps(sheet))
        yield from (f"{where}: {fault}" for fault in cut_numbers(sheet))
    if len(sheets) > 1 and _rows(sheets[-1]) < 2 and _rows(sheets[-2]) > 3:
        yield "the last page holds one row alone"


def picture_faults(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Tell what is wrong with the pages of a chart."""
    for sheet in sheets:
        where = f"page {sheet.number}"
        for line in sheet.lines:
            if line.left < 8 or line.right > sheet.width - 8 or line.bottom > sheet.height - 8:
                yield f"{where}: at the edge: {line.text}"
            if line.size < SMALLEST - 0.01:
                yield f"{where}: {line.size:.1f} points: {line.text}"
        yield from (f"{where}: {fault}" for fault in _overlaps(sheet))


# Official papers


def _type_area(sheet: Sheet, numbered_from: int) -> list[Line]:
    """Return the lines of the type area: no page number, no head of a letter."""
    del numbered_from
    return [
        line for line in sheet.lines
        if not (_NUMBER.fullmatch(line.plain) and line.y > BOTTOM) and line.bottom > TOP
    ]  # fmt: skip


def _outside(sheet: Sheet, body: Sequence[Line], numbered_from: int) -> Iterator[str]:
    if (round(sheet.width / MM), round(sheet.height / MM)) != (210, 297):
        yield "not A4"
    for line in body:
        high = line.top < TOP - 4 and not (numbered_from > 1 and sheet.number == 1)
        if line.left < LEFT - NEAR or line.right > RIGHT + NEAR or line.y > BOTTOM or high:
            yield f"out of the type area: {line.text}"
    for box in (*sheet.pictures, *(rule for rule in sheet.rules if not rule.lies)):
        if box.left < LEFT - 3 or box.right > RIGHT + 3 or box.bottom > BOTTOM + 3:
            yield "a picture or table leaves the type area"


def _lines(sheet: Sheet, body: Sequence[Line]) -> Iterator[str]:
    text = sorted((line for line in body if _is_text(line)), key=lambda line: line.y)
    if len({round(line.y) for line in text}) > LINES:
        yield f"{len(text)} lines"
    for above, below in pairwise(text):
        if 1 < below.y - above.y < PITCH - 0.1:
            yield f"lines {below.y - above.y:.1f} points apart: {below.text}"
        goes_on = abs(below.left - LEFT) < NEAR and 0 < below.y - above.y < PITCH + 0.1
        paragraph = above.right > RIGHT - 5 * CHARACTER
        if goes_on and paragraph and RIGHT - above.right > _first_part(below) + NEAR:
            yield f"a line has room for what follows: {above.text} / {below.text}"
        spare = RIGHT - above.right
        # Who is written to stands flush left.
        flush = _HEADING.match(above.plain) or below.plain.endswith("：")
        if goes_on and 1.5 < spare < 2 * CHARACTER and not flush:
            yield f"a line doesn't end at the edge: {above.text}"
    for line in text:
        if len(line.plain) > CHARACTERS and not re.search(r"[ -~]", line.plain):
            yield f"{len(line.plain)} characters: {line.text}"


def _is_text(line: Line) -> bool:
    return abs(line.size - CHARACTER) < 0.1


def _first_part(line: Line) -> float:
    """Return how wide that is what can't be parted at a line's beginning, about."""
    found = re.match(r"[0-9A-Za-z.,%/〔〕≥≤-]+|.", line.plain)
    part = found.group() if found else ""
    rest = line.plain[len(part) : len(part) + 1]
    closing = rest if rest and rest in "。，、；：？！”’）》〉】" else ""
    return sum(0.55 if char.isascii() else 1.0 for char in part + closing) * CHARACTER + CHARACTER


def _faces(sheet: Sheet, body: Sequence[Line]) -> Iterator[str]:
    names = {face: _name(face) for face in Face}
    for line in body:
        if abs(line.size - TITLE) < 0.1 and line.fonts != {names[Face.TITLE]}:
            yield f"title in {line.font}: {line.text}"
        if not _is_text(line):
            continue
        head = _FIRST_LEVEL.match(line.plain) or _ANNEX.fullmatch(line.plain)
        wanted = names[Face.HEAD if head else Face.BODY]
        if line.font != wanted:
            yield f"text in {line.font} for {wanted}: {line.text}"


def _name(face: Face) -> str:
    """Return the name that a face's font has in a PDF."""
    from fontTools.ttLib import TTFont

    known = font_of(face)
    with TTFont(known.file, fontNumber=known.number, lazy=True) as font:
        return str(font["name"].getDebugName(6))


def _page_number(sheet: Sheet, numbered_from: int) -> Iterator[str]:
    found = [line for line in sheet.lines if _NUMBER.fullmatch(line.plain) and line.y > BOTTOM]
    if sheet.number < numbered_from or not sheet.lines:
        if found:
            yield "a number where none is due"
        return
    if [line.plain for line in found] != [f"—{sheet.number}—"]:
        yield f"numbered {[line.plain for line in found]}"
        return
    (line,) = found
    odd = sheet.number % 2 == 1
    off = RIGHT - NUMBER - line.right if odd else line.left - LEFT - NUMBER
    if abs(off) > 2 or abs(line.size - NUMBER) > 0.1:
        yield f"the number is {off:.1f} points off, of size {line.size:.1f}"
    if not BOTTOM + 7 * MM - NEAR < line.y < BOTTOM + 7 * MM + NUMBER + NEAR:
        yield "the number isn't 7 mm below the type area"


def _alone(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        text = sorted(
            (line for line in _type_area(sheet, 1) if line.plain), key=lambda line: line.y
        )
        if sheet is not sheets[-1] and text and not _below(sheet, text[-1]):
            last = text[-1]
            if _HEADING.match(last.plain) and last.right < RIGHT - 3 * CHARACTER and _is_text(last):
                yield f"page {sheet.number}: a heading at its foot: {last.text}"
        if sheet.number > 1 and len({round(line.y) for line in text}) == 1 and not _drawn(sheet):
            yield f"page {sheet.number}: one line alone: {text[0].text}"
        if sheet.number > 1 and text and _DAY.fullmatch(text[0].plain):
            yield f"page {sheet.number}: a date without who signs"
        if sheet.number > 1 and sheet.rules and _rows(sheet) == 1:
            yield f"page {sheet.number}: one row alone"


def _drawn(sheet: Sheet) -> bool:
    return bool(sheet.rules or sheet.pictures)


def _below(sheet: Sheet, line: Line) -> bool:
    return any(box.bottom > line.y for box in (*sheet.pictures, *sheet.rules))


def _imprint(sheets: Sequence[Sheet]) -> Iterator[str]:
    last = sheets[-1]
    if not any(line.plain.endswith("印发") for line in last.lines):
        return
    if len(sheets) % 2:
        yield "an imprint on an odd page"
    low = max((edge for rule in last.rules if rule.lies for edge in rule.edges), default=0.0)
    if abs(low - BOTTOM) > 1:
        yield f"the imprint ends {(BOTTOM - low) / MM:.1f} mm above the type area's edge"


# All


def _overlaps(sheet: Sheet) -> Iterator[str]:
    """Tell which lines stand over one another, by the middle part of their letters."""
    lines = sorted(sheet.lines, key=lambda line: line.ink[1])
    for place, line in enumerate(lines):
        left, top, right, low = line.ink
        for other in lines[place + 1 :]:
            left_too, top_too, right_too, low_too = other.ink
            if top_too >= low - 1:
                break
            down = min(low, low_too) - max(top, top_too)
            if min(right, right_too) - max(left, left_too) > 1 and down > 1:
                yield f"text over text: {line.text} / {other.text}"


def cut_numbers(sheet: Sheet) -> Iterator[str]:
    """Tell where a number goes on in the next line of the same paragraph or cell."""
    lines = sorted(sheet.lines, key=lambda line: line.y)
    for place, above in enumerate(lines):
        if not _BEFORE.search(above.plain):
            continue
        for below in lines[place + 1 :]:
            step = below.y - above.y
            if step > 2 * above.size:
                break
            same = below.left < above.right and above.left < below.right and step > 1
            if same and _AFTER.match(below.plain) and not _between(sheet, above, below):
                yield f"a number is cut: {above.text} / {below.text}"


def _between(sheet: Sheet, above: Line, below: Line) -> bool:
    return any(
        above.y - 1 < edge < below.y and rule.left < above.right and rule.right > above.left
        for rule in sheet.rules
        for edge in rule.edges
    )


def _rows(sheet: Sheet) -> int:
    """Count a table's rows on a page, its head not among them."""
    heights = {round(rule.top) for rule in sheet.rules if rule.lies}
    boxes = {round(rule.top) for rule in sheet.rules if not rule.lies and not rule.stands}
    return max(len(heights), len(boxes) - 1)


# Reading


def _sheet(page: pdfium.PdfPage, number: int) -> Sheet:
    width, height = page.get_size()
    rules: list[Rule] = []
    pictures: list[Rule] = []
    for item in page.get_objects(max_depth=1):
        left, bottom, right, top = item.get_bounds()
        box = Rule(left, height - top, right, height - bottom)
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            rules.append(box)
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures.append(box)
    return Sheet(
        number, width, height, tuple(_lines_of(page, height)), tuple(rules), tuple(pictures)
    )


@dataclass(slots=True)
class _Letter:
    char: str
    x: float
    y: float
    left: float
    right: float
    top: float
    bottom: float
    size: float
    font: str
    upright: bool


def _lines_of(page: pdfium.PdfPage, height: float) -> Iterator[Line]:
    run: list[_Letter] = []
    for letter in _letters(page, height):
        last = run[-1] if run else None
        if last is not None and not _goes_on(last, letter):
            yield _line(run)
            run = []
        run.append(letter)
    if run:
        yield _line(run)


def _goes_on(last: _Letter, letter: _Letter) -> bool:
    if abs(letter.size - last.size) > 0.1 or letter.upright != last.upright:
        return False
    if letter.upright:
        return abs(letter.x - last.x) < 0.5 and -2 < last.top - letter.bottom < letter.size
    return abs(letter.y - last.y) < 0.5 and -2 < letter.left - last.right < letter.size * 1.2


def _line(run: Sequence[_Letter]) -> Line:
    fonts = [letter.font for letter in run]
    return Line(
        "".join(letter.char for letter in run),
        min(letter.left for letter in run),
        max(letter.right for letter in run),
        run[0].y,
        run[0].size,
        max(set(fonts), key=fonts.count),
        frozenset(fonts),
        min(letter.top for letter in run),
        max(letter.bottom for letter in run),
        run[0].upright,
    )


def _letters(page: pdfium.PdfPage, height: float) -> Iterator[_Letter]:
    text = page.get_textpage()
    handle = text.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    name = ctypes.create_string_buffer(200)
    matrix = raw.FS_MATRIX()
    for place in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(handle, place))
        if char.isspace() or char == "\x00" or raw.FPDFText_IsGenerated(handle, place):
            continue
        raw.FPDFText_GetCharOrigin(handle, place, x, y)
        raw.FPDFText_GetFontInfo(handle, place, name, 200, None)
        raw.FPDFText_GetMatrix(handle, place, matrix)
        scale = (matrix.c**2 + matrix.d**2) ** 0.5
        size = raw.FPDFText_GetFontSize(handle, place) * scale
        left, bottom, right, top = text.get_charbox(place, loose=True)
        yield _Letter(
            char, x.value, height - y.value, left, right, height - top, height - bottom, size,
            name.value.decode().rpartition("+")[2], abs(matrix.b) > abs(matrix.a),
        )  # fmt: skip


# Parts


def part_faults(data: bytes, sheets: Sequence[Sheet]) -> Iterator[str]:
    """Tell what a file doesn't say of its parts: each mark on a page is of one of the tree."""
    reader = PdfReader(BytesIO(data))
    root = reader.trailer["/Root"]
    tree = root.get("/StructTreeRoot")
    if tree is None or not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not tagged"
        return
    told = dict(_parts(tree["/K"].get_object(), None))
    for number, page in enumerate(reader.pages):
        marks = page.get_contents().get_data().count(b"/MCID")
        here = [mark for mark in told if mark[0] == page.indirect_reference.idnum]
        if len(here) != marks:
            yield f"page {number + 1}: {marks} marks, {len(here)} in the tree"
        if sheets[number].lines and not marks:
            yield f"page {number + 1}: nothing is told"
    if not {"H1", "Figure"} & set(told.values()):
        yield "no title among the parts"


def _parts(element: object, page: object) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield each mark, as page and number, with the kind of its part."""
    page = element.get("/Pg", page)
    own = element.raw_get("/Pg").idnum if "/Pg" in element else 0
    kids = element["/K"]
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(found, int):
            yield (own, int(found)), element["/S"][1:]
        elif "/MCID" in found:
            yield (found.raw_get("/Pg").idnum, int(found["/MCID"])), element["/S"][1:]
        else:
            yield from _parts(found, page)
