"""A Word file in the form that GB/T 9704—2012 sets for official letters."""

# python-docx has no public way to grids, borders and East Asian fonts: its XML is set directly.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, cast

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from fsdesk.reports.word.file_form import Style, describe, put_style
from fsdesk.reports.word.imprint import add_floating_table
from fsdesk.reports.word.official_parts import (
    add_table,
    name_fallbacks,
    off_the_grid,
    without_gaps,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

# Sizes by their Chinese names.
SIZE_2 = 22.0
SIZE_3 = 16.0
SIZE_4 = 14.0
BODY_FONT = "仿宋_GB2312"
TITLE_FONT = "方正小标宋简体"
NUMBER_FONT = "宋体"
LATIN_FONT = "Times New Roman"
LINE_PITCH = 28.99
# Word holds spacing in twentieths of a point: 28 characters of 15.75 points are 441 of 442.
CHARACTER_PITCH = 15.75
HEADING_FONT = "黑体"
KAI_FONT = "楷体_GB2312"
SIZE_MASTHEAD = 36.0
SIZE_TABLE = 12.0
TYPE_WIDTH_MM = 156.0
_FOOT_MM = 262.0  # lower edge of the type area
_CELL_MARGIN = 5.4  # beside a text in a table's cell, as Word has it
# The lower rule of a letter is so far above the page's end; page numbers a little further.
_LOWER_RULE_MM, _ABOVE_RULE_MM = 20.0, 4.0
# The issuer's name: of a letter below the page's edge, of a document below the type area's.
_LETTERHEAD_MM, _ABOVE_RED_HEAD_MM = 30.0, 35.0
# Points between text and its rule: the usual, and 4 mm as heads have it.
_NEAR_RULE, _HEAD_RULE = 6, 11
RED = RGBColor(0xE6, 0x00, 0x12)
_LONG_DAY = "2026年11月30日"


def head_size(name: str, most: float) -> float:
    """Return the size at which an issuer's name stands in one line of the type area."""
    room = TYPE_WIDTH_MM / 25.4 * 72
    return min(most, int(room / max(_characters(name), 1) * 2) / 2)


class OfficialDocument:
    """An official letter that is built from top to bottom."""

    def __init__(self, title: str, *, letter: bool = True) -> None:
        """Begin a document; a letter's first page bears no number."""
        self._document = Document()
        describe(self._document, title)
        normal = cast("ParagraphStyle", self._document.styles["Normal"])
        normal.font.size = Pt(SIZE_3)
        normal.font.name = LATIN_FONT
        normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY_FONT)
        without_gaps(normal)
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(_LOWER_RULE_MM)
        self._grid(section)
        self._page_numbers(section, from_first=not letter)
        name_fallbacks(self._document)

    def masthead(self, name: str, issue: str, issuer: str, day: str) -> None:
        """Put a bulletin's name in red, its number, and issuer and date over a red rule."""
        head = self._add(name, SIZE_MASTHEAD, TITLE_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.RED_HEAD)
        head.runs[0].font.color.rgb = RED
        self._add(issue, SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.NUMBER)
        line = self._add(f"{issuer}\t{day}", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(TYPE_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
        _rules(line, {"bottom": ("single", "18", str(RED))})

    def red_head(self, name: str, number: str, shown: str = "") -> None:
        """Put the issuer's name in red, the document's number centred below it, and a red rule.

        ``name`` may be a place; ``shown`` is then what will stand there, in one line.
        The name is 35 mm below the type area's edge, the rule 4 mm below the number.
        """
        size = head_size(shown or name, SIZE_MASTHEAD)
        head = self._add(name, size, TITLE_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.RED_HEAD)
        head.runs[0].font.color.rgb = RED
        head.paragraph_format.space_before = Mm(_ABOVE_RED_HEAD_MM)
        for _line in range(2):
            self._add("", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.CENTER)
        line = self._add(number, SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.NUMBER)
        _rules(line, {"bottom": ("single", "18", str(RED))}, _HEAD_RULE)

    def letterhead(self, issuer: str, number: str, shown: str = "") -> None:
        """Put the issuer in red over a double rule, and the document's number under it.

        The name is 30 mm below the page's edge, above the type area, so it is a header; ``shown``
        as for `red_head`.
        """
        section = self._document.sections[0]
        section.header_distance = Mm(_LETTERHEAD_MM)
        header = section.first_page_header
        header.is_linked_to_previous = False
        head = header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _set_pitch(head, SIZE_2)
        _run(head, issuer, head_size(shown or issuer, SIZE_2), TITLE_FONT)
        head.runs[0].font.color.rgb = RED
        _rules(head, {"bottom": ("thickThinSmallGap", "24", str(RED))}, _HEAD_RULE)
        _widen(head)
        line = self._add(number, SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.RIGHT, Style.NUMBER)
        # Seven eighths of a character below the rule, of which its line holds a part.
        room = SIZE_3 * 7 / 8 - (LINE_PITCH - SIZE_3) / 2
        line.paragraph_format.space_before = Pt(room)
        _rule_at_the_end(section)

    def title(self, lines: Sequence[str]) -> None:
        """Put the title, already cut into lines by its sense, after two empty lines."""
        for _line in range(2):
            self._add("", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)
        for line in lines:
            self._add(line, SIZE_2, TITLE_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.TITLE)
        self._add("", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)

    def addressee(self, name: str) -> None:
        """Put who is written to, flush left with a colon."""
        self._add(f"{name}：", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT, Style.ADDRESSEE)

    def paragraph(self, text: str, *, keep: bool = False) -> None:
        """Put a paragraph of the body, indented by two characters; keep it with the next."""
        added = self._add(text, SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.JUSTIFY)
        added.paragraph_format.first_line_indent = Pt(2 * CHARACTER_PITCH)
        added.paragraph_format.keep_with_next = keep

    def heading(self, text: str) -> None:
        """Put a heading of the first level (一、), in 黑体, kept with what follows."""
        added = self._add(text, SIZE_3, HEADING_FONT, WD_ALIGN_PARAGRAPH.LEFT, Style.HEADING)
        added.paragraph_format.first_line_indent = Pt(2 * CHARACTER_PITCH)
        added.paragraph_format.keep_with_next = True

    def subheading(self, text: str) -> None:
        """Put a heading of the second level (（一）), in 楷体, kept with what follows."""
        added = self._add(text, SIZE_3, KAI_FONT, WD_ALIGN_PARAGRAPH.LEFT, Style.SUBHEADING)
        added.paragraph_format.first_line_indent = Pt(2 * CHARACTER_PITCH)
        added.paragraph_format.keep_with_next = True

    def remark(self, text: str) -> None:
        """Put a remark below a table, in the size of its caption."""
        added = self._add(text, SIZE_TABLE, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT, Style.REMARK)
        _set_pitch(added, LINE_PITCH * SIZE_TABLE / SIZE_3)
        off_the_grid(added)

    def caption(self, text: str) -> None:
        """Put the caption of a table, kept with it."""
        added = self._add(text, SIZE_TABLE, HEADING_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.CAPTION)
        added.paragraph_format.keep_with_next = True

    def picture(self, place: str, caption: str) -> None:
        """Put the place of a picture with its caption below; the line is as high as it."""
        added = self._add(place, SIZE_TABLE, BODY_FONT, WD_ALIGN_PARAGRAPH.CENTER)
        added.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        added.paragraph_format.keep_with_next = True
        off_the_grid(added)
        self._add(caption, SIZE_TABLE, HEADING_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.CAPTION)

    def annex_list(self, titles: Sequence[str]) -> None:
        """Name the annexes one line below the body, the numbers below one another."""
        space = self._add("", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)
        space.paragraph_format.keep_with_next = True
        for number, title in enumerate(titles, start=1):
            head = "附件：" if number == 1 else ""
            name = f"{number}.{title}" if len(titles) > 1 else title
            line = self._add(
                f"{head}{name}", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT, Style.ANNEX_LIST
            )
            # 附件： takes three characters after the usual two.
            line.paragraph_format.first_line_indent = Pt((2 if head else 5) * CHARACTER_PITCH)
            line.paragraph_format.keep_with_next = True

    def imprint(self, lines: Sequence[tuple[str, str]]) -> None:
        """Close the document with who gets copies and who printed it when (版记).

        It stands at the foot of the type area; each line has a left and a right part. See `imprint`
        for the page.
        """
        top = Mm(_FOOT_MM).pt - len(lines) * LINE_PITCH
        width = Mm(TYPE_WIDTH_MM).pt
        parted = [bool(right) for _left, right in lines]
        table = add_floating_table(self._document, parted, top, width, LINE_PITCH)
        for row, texts in zip(table.rows, lines, strict=True):
            sides = (WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT)
            for cell, text, side in zip(row.cells, texts, sides, strict=True):
                if not text:
                    continue
                put = cell.paragraphs[0]
                put_style(self._document, put, Style.IMPRINT, BODY_FONT, SIZE_4)
                put.alignment = side
                _set_pitch(put, LINE_PITCH)
                # A character from both edges; the rules run over the whole width.
                inset = Pt(SIZE_4) - Pt(_CELL_MARGIN)
                # What goes on stands below the first name after 抄送：.
                label = text.find("：") + 1
                hanging = Pt(label * SIZE_4)
                put.paragraph_format.left_indent = inset + hanging if side is sides[0] else None
                put.paragraph_format.first_line_indent = -hanging if label else None
                put.paragraph_format.right_indent = inset if side is sides[1] else None
                _run(put, text, SIZE_4, BODY_FONT)
        # A table is followed by a paragraph.
        after = self._add("", SIZE_4, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)
        _set_pitch(after, 1.0)

    def annex(self, number: str, title: str) -> None:
        """Begin a page with an annex's number, flush left in 黑体, and its title."""
        first = self._add(number, SIZE_3, HEADING_FONT, WD_ALIGN_PARAGRAPH.LEFT, Style.ANNEX)
        first.paragraph_format.page_break_before = True
        self._add("", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)  # the title is on the third line
        self._add(title, SIZE_2, TITLE_FONT, WD_ALIGN_PARAGRAPH.CENTER, Style.TITLE)
        self._add("", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT)

    def table(
        self, titles: Sequence[str], places: Sequence[str], rows: str, widths: Sequence[float]
    ) -> None:
        """Put a table whose rows a template's list fills.

        ``places`` are the list's fields, one a column; widths are in millimetres.
        """
        loop = (f"{{%tr for 行 in {rows} %}}", "{%tr endfor %}")
        cells = tuple(f"{{{{ 行.{place} }}}}" for place in places)
        blank = ("",) * (len(titles) - 1)
        add_table(
            self._document,
            (tuple(titles), (loop[0], *blank), cells, (loop[1], *blank)),
            widths,
        )

    def form(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Put a form to be filled in: its first row heads the columns."""
        add_table(self._document, tuple(tuple(row) for row in rows), widths)

    def signature(self, name: str, day: str, shown: str = "") -> None:
        """Put who signs, centred over the date, which ends four characters from the right.

        ``name`` and ``day`` may be places; ``shown`` is then what will stand there as a name.
        """
        self._add(
            "", SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.LEFT
        ).paragraph_format.keep_with_next = True
        signed = self._add(name, SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.RIGHT, Style.SIGNATURE)
        signed.paragraph_format.keep_with_next = True
        # Digits are half as wide; a name longer than the date may begin left of it.
        dated = _characters(_LONG_DAY if shown else day)
        shift = (dated - _characters(shown or name)) / 2 + 4
        signed.paragraph_format.right_indent = Pt(max(shift, 2) * CHARACTER_PITCH)
        last = self._add(day, SIZE_3, BODY_FONT, WD_ALIGN_PARAGRAPH.RIGHT, Style.SIGNATURE)
        last.paragraph_format.right_indent = Pt(4 * CHARACTER_PITCH)

    def note_line(self, place: str) -> None:
        """Put a line under the date that is there only where its place has words (附注)."""
        for text in (f"{{%p if {place} %}}", f"{{{{ {place} }}}}", "{%p endif %}"):
            self.paragraph(text)

    def data(self) -> bytes:
        """Return the .docx file."""
        buffer = BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()

    def _add(
        self,
        text: str,
        size: float,
        font: str,
        alignment: WD_ALIGN_PARAGRAPH,
        style: Style = Style.BODY,
    ) -> Paragraph:
        paragraph = self._document.add_paragraph()
        put_style(self._document, paragraph, style, font, size)
        paragraph.alignment = alignment
        _set_pitch(paragraph, LINE_PITCH if size <= SIZE_2 else LINE_PITCH * size / SIZE_3)
        if size > SIZE_3:
            off_the_grid(paragraph)  # LibreOffice gives a larger line two of the grid's
        _run(paragraph, text, size, font)
        return paragraph

    def _grid(self, section: Section) -> None:
        """Set 22 lines on a page.

        The 28 characters of a line come from the letters' spacing: LibreOffice gives a character
        that is wider than a cell of a character grid two cells.
        """
        grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 - no public way to the grid
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)  # noqa: SLF001
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(round(LINE_PITCH * 20)))

    def _page_numbers(self, section: Section, *, from_first: bool) -> None:
        """Number the pages outside; a letter's first page carries no number."""
        self._document.settings.odd_and_even_pages_header_footer = True
        section.different_first_page_header_footer = not from_first
        sides = (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        )
        for footer, side in sides:
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            paragraph.paragraph_format.space_after = Mm(_ABOVE_RULE_MM)
            # One character away from the edge of the type area.
            if side is WD_ALIGN_PARAGRAPH.RIGHT:
                paragraph.paragraph_format.right_indent = Pt(SIZE_4)
            else:
                paragraph.paragraph_format.left_indent = Pt(SIZE_4)
            _run(paragraph, "— ", SIZE_4, NUMBER_FONT)
            _run(paragraph, "1", SIZE_4, NUMBER_FONT)
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), "PAGE")
            field.append(paragraph.runs[-1]._element)  # noqa: SLF001
            paragraph._p.append(field)  # noqa: SLF001
            _run(paragraph, " —", SIZE_4, NUMBER_FONT)


def _set_pitch(paragraph: Paragraph, pitch: float) -> None:
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = Pt(pitch)
    layout.widow_control = False


def _run(paragraph: Paragraph, text: str, size: float, font: str) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = NUMBER_FONT if font == NUMBER_FONT else LATIN_FONT
    properties = run._element.get_or_add_rPr()  # noqa: SLF001 - no public way to this
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if size == SIZE_3:  # characters are narrowed to their pitch
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round((CHARACTER_PITCH - SIZE_3) * 20)))
        # The schema fixes the order of a run's properties.
        following = ("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u")
        properties.insert_element_before(spacing, *following)


def _rule_at_the_end(section: Section) -> None:
    """Draw the lower double rule, thin above thick, 20 mm above the first page's end."""
    footer = section.first_page_footer
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    _set_pitch(line, 1.0)
    _rules(line, {"bottom": ("thinThickSmallGap", "24", str(RED))})
    _widen(line)


def _widen(paragraph: Paragraph) -> None:
    """Let a rule run from 20 mm to 190 mm of the page, out of the type area on both sides."""
    paragraph.paragraph_format.left_indent = Mm(-8)
    paragraph.paragraph_format.right_indent = Mm(-6)


def _rules(
    paragraph: Paragraph, sides: Mapping[str, tuple[str, str, str]], space: int = _NEAR_RULE
) -> None:
    """Draw rules along a paragraph: by side the kind, the eighths of a point, and the colour."""
    borders = OxmlElement("w:pBdr")
    for side, (kind, size, colour) in sides.items():
        rule = OxmlElement(f"w:{side}")
        for name, value in {"val": kind, "sz": size, "space": str(space), "color": colour}.items():
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001
    # The schema fixes the order of a paragraph's properties.
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _characters(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)
