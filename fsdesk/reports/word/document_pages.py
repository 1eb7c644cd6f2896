"""A filled Word file of an official paper on pages, for preview, printer and PDF.

What the file says is taken from it word by word, so both say the same, also where the office has
changed the template's wording. Margins, pitch, page numbers and the place of the imprint are the
standard's (GB/T 9704—2012), whatever the file has.
"""

# python-docx has no public way to fonts, borders and frames: its XML is read directly.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table
from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.output.pages import BLACK, Align, Face, LineItem, Role
from fsdesk.reports.word.file_form import Style
from fsdesk.reports.word.imprint import ImprintPlace, is_imprint
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

    from fsdesk.domain.output.pages import PaperPage, TextItem

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


class _Text(Struct, frozen=True):
    """A paragraph.

    Attributes:
        indent: Of the first line, and of all from the left and right; in points.
        before: Room above it.
        rule: Colour and width of a rule below it; empty for none.
        begins: Whether it begins a page; `keeps`: whether it stays with what follows.
        justified: Whether its lines end at the right edge.
        role: What it is to who has it read aloud.
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
    justified: bool = False
    role: Role = Role.TEXT

    @property
    def height(self) -> float:
        return self.before + len(self.lines) * self.pitch

    @property
    def least(self) -> float:
        """What must be seen of it on the page of what stays with it."""
        return self.before + min(len(self.lines), 2) * self.pitch

    @property
    def lines(self) -> list[TextItem]:
        blanks = round(self.indent / self.setting.width("〓")) if self.indent > 0 else 0
        room = (LEFT + self.left, RIGHT - self.right)
        return paragraph(self.text, blanks, self.setting, *room, justified=self.justified)


class _Picture(Struct, frozen=True):
    png: bytes
    width: float
    height: float
    words: str = ""
    keeps: bool = False
    begins: bool = False

    @property
    def least(self) -> float:
        return self.height


class _Grid(Struct, frozen=True):
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


def imprint_place(data: bytes) -> ImprintPlace:
    """Return where a file's imprint stands: at the foot of an even last page."""
    sheets = _sheets(data)
    return ImprintPlace(sheets.added, sheets.imprinted)


def _sheets(data: bytes) -> Sheets:
    document = Document(BytesIO(data))
    blocks = list(_blocks(document))
    sheets, body = Sheets(), blocks
    while body and isinstance(body[-1], _Text) and not body[-1].text:
        body.pop()  # what an imprint hangs on
    for group in _groups(body):
        if not sheets.at_top and (group[0].begins or not sheets.room_for(_height(group))):
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
            yield from _parted(group)
            group = []
    if group:
        yield from _parted(group)


def _parted(group: list[_Block]) -> Iterator[list[_Block]]:
    """Part what is higher than a page, so that its end stays together: a signature with its text.

    What comes before goes by pairs, so that a heading has lines below it.
    """
    start = 0
    while start < len(group) - 1 and _height(group[start:]) > BOTTOM - TOP:
        start += 1
    before, place = group[:start], 0
    while place < len(before):
        count = 2 if place + 1 < len(before) and before[place].height <= 2 * LINE_PITCH else 1
        yield before[place : place + count]
        place += count
    yield group[start:]


def _height(group: Sequence[_Block]) -> float:
    """Return what blocks take that stay together: all but the last whole."""
    return sum(block.height for block in group[:-1]) + group[-1].least


def _put(sheets: Sheets, block: _Block) -> None:
    if isinstance(block, _Grid):
        sheets.table(block.rows, block.widths)
    elif isinstance(block, _Picture):
        sheets.picture(block.png, block.width, block.height, block.words)
    else:
        _put_text(sheets, block)


def _put_text(sheets: Sheets, block: _Text) -> None:
    sheets.gap(block.before)
    sheets.part(block.role)
    head, tab, tail = block.text.partition("\t")
    left, right = LEFT + block.left, RIGHT - block.right
    if tab:
        first, last = (line(head, left, Align.LEFT, block.setting),
                       line(tail, right, Align.RIGHT, block.setting))  # fmt: skip
        both = block.setting.width(f"{head}　{tail}") <= right - left
        # A long name takes a line of its own, as in Word.
        for sides in ((first, last),) if both else ((first,), (last,)):
            sheets.put(block.pitch, sides)
    else:
        place = {Align.LEFT: left, Align.CENTRE: CENTRE, Align.RIGHT: right}[block.align]
        for number, item in enumerate(block.lines):
            inset = block.indent if block.align is Align.LEFT and number == 0 else 0.0
            sheets.put(block.pitch, [replace(item, x=place + inset, align=block.align)])
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
    known = part._p.find(f".//{qn('wp:docPr')}")  # noqa: SLF001
    words = "" if known is None else known.get("descr") or ""
    return _Picture(data, width, height, words, keeps=bool(part.paragraph_format.keep_with_next))


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
        justified=side is WD_ALIGN_PARAGRAPH.JUSTIFY,
        role=_role(part),
    )


_LEVELS = {0: Role.TITLE, 1: Role.HEADING, 2: Role.SUBHEADING}
_ROLES = {
    **{style.title: _LEVELS[style.level] for style in Style if style.level is not None},
    Style.CAPTION.title: Role.CAPTION,
}


def _role(part: Paragraph) -> Role:
    """Return what a paragraph is by its style; of a template of the office's own, text."""
    style = part.style
    return _ROLES.get((style.name if style else None) or "", Role.TEXT)


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
