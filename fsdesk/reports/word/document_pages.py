"""A filled Word file of an official paper on pages, for preview, printer and PDF.

What the file says is taken from it word by word, so both say the same, also where the office has
changed the template's wording. Margins, pitch, page numbers and the place of the imprint are the
standard's (GB/T 9704—2012), whatever the file has.
"""

# python-docx has no public way to fonts, borders and frames: its XML is read directly.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table

from fsdesk.domain.output.pages import BLACK, Align, Face, LineItem
from fsdesk.reports.word.imprint import is_imprint
from fsdesk.reports.word.official_document import (
    BODY_FONT,
    HEADING_FONT,
    KAI_FONT,
    LINE_PITCH,
    SIZE_3,
    TITLE_FONT,
)
from fsdesk.reports.word.sheets import (
    BODY,
    BOTTOM,
    CENTRE,
    LEFT,
    RIGHT,
    STRONG,
    THIN,
    TOP,
    Setting,
    Sheets,
    line,
    paragraph,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document as WordDocument
    from docx.table import _Row
    from docx.text.paragraph import Paragraph

    from fsdesk.domain.output.pages import PaperPage

_FACES = {
    TITLE_FONT: Face.TITLE,
    BODY_FONT: Face.BODY,
    HEADING_FONT: Face.HEAD,
    KAI_FONT: Face.KAI,
}
_ALIGNED = {WD_ALIGN_PARAGRAPH.CENTER: Align.CENTRE, WD_ALIGN_PARAGRAPH.RIGHT: Align.RIGHT}
# A rule is told in eighths of a point.
_RULE_UNITS = 8
# Height of a line that has none of its own, as a share of its characters'.
_SINGLE = 1.3


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph.

    Attributes:
        indent: Of the first line, and of all from the left and right; in points.
        before: Room above it.
        rule: Colour and width of a rule below it; empty for none.
        begins: Whether it begins a page; `keeps`: whether it stays with what follows.
    """

    text: str
    setting: Setting
    align: Align
    pitch: float
    indent: float = 0.0
    left: float = 0.0
    right: float = 0.0
    before: float = 0.0
    rule: tuple[str, float] = ("", 0.0)
    begins: bool = False
    keeps: bool = False

    @property
    def height(self) -> float:
        return self.before + len(self.lines) * self.pitch

    @property
    def least(self) -> float:
        """What must be seen of it on the page of what stays with it."""
        return self.before + min(len(self.lines), 2) * self.pitch

    @property
    def lines(self) -> list[str]:
        blanks = round(self.indent / self.setting.width("〓")) if self.indent > 0 else 0
        found = paragraph(self.text, blanks, self.setting, LEFT + self.left, RIGHT - self.right)
        return [each.text for each in found]


@dataclass(frozen=True, slots=True)
class _Picture:
    png: bytes
    width: float
    height: float
    keeps: bool = False
    begins: bool = False

    @property
    def least(self) -> float:
        return self.height


@dataclass(frozen=True, slots=True)
class _Grid:
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    keeps: bool = False
    begins: bool = False

    @property
    def height(self) -> float:
        return 3 * LINE_PITCH  # its first rows, below its caption

    @property
    def least(self) -> float:
        return self.height


_Block: TypeAlias = _Text | _Picture | _Grid


def document_pages(data: bytes, title: str) -> tuple[PaperPage, ...]:
    """Return a filled Word file on pages of A4."""
    return _sheets(data).pages(title)


def pages_for_imprint(data: bytes) -> int:
    """Return how many pages come before a file's imprint, so that its page is an even one."""
    return _sheets(data).added


def _sheets(data: bytes) -> Sheets:
    document = Document(BytesIO(data))
    blocks = list(_blocks(document))
    sheets, body = Sheets(), blocks
    while body and isinstance(body[-1], _Text) and not body[-1].text:
        body.pop()  # what an imprint hangs on
    for group in _groups(body):
        height = sum(block.height for block in group[:-1]) + group[-1].least
        if not sheets.at_top and (
            group[0].begins or (not sheets.room_for(height) and height <= BOTTOM - TOP)
        ):
            sheets.begin()
        for block in group:
            _put(sheets, block)
    found = [table for table in document.tables if is_imprint(table)]
    if found:
        sheets.imprint([_sides(row) for row in found[-1].rows])
    return sheets


def _sides(row: _Row) -> tuple[str, str]:
    """Return the left and the right part of an imprint's row; a merged cell is both."""
    first, last = row.cells[0], row.cells[-1]
    return first.text, "" if first._tc is last._tc else last.text  # noqa: SLF001


def _groups(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Yield blocks together that stay on one page."""
    group: list[_Block] = []
    for block in blocks:
        group.append(block)
        if not block.keeps:
            yield group
            group = []
    if group:
        yield group


def _put(sheets: Sheets, block: _Block) -> None:
    if isinstance(block, _Grid):
        sheets.table(block.rows, block.widths)
    elif isinstance(block, _Picture):
        sheets.picture(block.png, block.width, block.height)
    else:
        _put_text(sheets, block)


def _put_text(sheets: Sheets, block: _Text) -> None:
    sheets.gap(block.before)
    head, tab, tail = block.text.partition("\t")
    left, right = LEFT + block.left, RIGHT - block.right
    if tab:
        sides = (line(head, left, Align.LEFT, block.setting),
                 line(tail, right, Align.RIGHT, block.setting))  # fmt: skip
        sheets.put(block.pitch, sides)
    else:
        place = {Align.LEFT: left, Align.CENTRE: CENTRE, Align.RIGHT: right}[block.align]
        inset = block.indent if block.align is Align.LEFT else 0.0
        for number, text in enumerate(block.lines):
            x = place + (inset if number == 0 else 0.0)
            sheets.put(block.pitch, [line(text, x, block.align, block.setting)])
    colour, width = block.rule
    if colour:
        sheets.draw(LineItem(LEFT, sheets.y, RIGHT, sheets.y, width, colour))


# Reading


def _blocks(document: WordDocument) -> Iterator[_Block]:
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            if not is_imprint(part):
                yield _grid(part)
        elif (picture := _picture(part, document)) is not None:
            yield picture
        else:
            yield _text(part)


def _grid(table: Table) -> _Grid:
    widths = tuple(Length(column.width or 0).pt for column in table.columns)
    rows = tuple(tuple(cell.text for cell in row.cells) for row in table.rows)
    return _Grid(rows, widths)


def _picture(part: Paragraph, document: WordDocument) -> _Picture | None:
    shown = part._p.find(f".//{qn('a:blip')}")  # noqa: SLF001
    size = part._p.find(f".//{qn('wp:extent')}")  # noqa: SLF001
    if shown is None or size is None:
        return None
    data = document.part.related_parts[shown.get(qn("r:embed"))].blob
    width, height = (Length(int(size.get(side))).pt for side in ("cx", "cy"))
    return _Picture(data, width, height, keeps=bool(part.paragraph_format.keep_with_next))


def _text(part: Paragraph) -> _Text:
    layout, side = part.paragraph_format, part.alignment
    setting = _setting(part)
    pitch = layout.line_spacing
    fixed = pitch.pt if isinstance(pitch, Length) else setting.size * _SINGLE
    return _Text(
        part.text,
        setting,
        Align.LEFT if side is None else _ALIGNED.get(side, Align.LEFT),
        fixed,
        _points(layout.first_line_indent),
        _points(layout.left_indent),
        _points(layout.right_indent),
        _points(layout.space_before),
        _rule_below(part),
        begins=bool(layout.page_break_before),
        keeps=bool(layout.keep_with_next),
    )


def _points(length: Length | None) -> float:
    return length.pt if length is not None else 0.0


def _setting(part: Paragraph) -> Setting:
    """Return how a paragraph is set, as its first visible characters are."""
    run = next((run for run in part.runs if run.text.strip()), None)
    if run is None:
        return Setting()
    fonts = run._element.find(f".//{qn('w:rFonts')}")  # noqa: SLF001
    name = fonts.get(qn("w:eastAsia")) if fonts is not None else None
    size = run.font.size.pt if run.font.size else SIZE_3
    # The body's characters are as wide as their pitch.
    size = BODY if size == SIZE_3 else size
    colour = run.font.color.rgb
    return Setting(_FACES.get(name or "", Face.BODY), size, f"#{colour}" if colour else BLACK)


def _rule_below(part: Paragraph) -> tuple[str, float]:
    rule = part._p.find(f".//{qn('w:pBdr')}/{qn('w:bottom')}")  # noqa: SLF001
    if rule is None:
        return "", 0.0
    colour, size = rule.get(qn("w:color")) or "", int(rule.get(qn("w:sz")) or 0) / _RULE_UNITS
    black = colour in {"", "auto"}
    return (BLACK if black else f"#{colour}"), min(max(size, THIN), STRONG)
