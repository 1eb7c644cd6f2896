"""PDF files with a text layer as a source."""

# The library brings no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from ctypes import POINTER, c_float, c_ushort, cast, create_string_buffer
from typing import TYPE_CHECKING, Any

from fsdesk import pdfium
from fsdesk.documents.official.sources.pages import SCAN, Glyph, LaidOutPage, add_pages
from fsdesk.documents.official.sources.ruled import Rule
from fsdesk.documents.official.sources.source import DocumentSource
from fsdesk.domain.findings import Place, reject

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PAGES = 400
MOST_CHARACTERS = 1_000_000
# A page of text has hundreds; a scan has none, or the few of a stamp or a note.
_LEAST_CHARACTERS = 20
_UPRIGHT, _FULL_TURN = 0.1, 6.2831853
_SPACE = 0x20
# A border is as thin as this, in points; an area of one colour is drawn by its edges.
_THIN = 2.5
_MOST_SEGMENTS = 5000
_MOST_NOTES = 200
_EMPTY = 2  # bytes: the end alone
_REMEDY = "请用 WPS 或 Word 转成 .docx 再读取"


def read_pdf(data: bytes, name: str) -> DocumentSource:
    """Take the lines of a PDF file, page by page; refused when locked, damaged, or a scan."""
    from pypdfium2 import PdfiumError  # pyright: ignore[reportMissingTypeStubs]

    place = Place(file=name)
    source = DocumentSource(name)
    try:
        with pdfium.opened(data) as document:
            pages = _pages(document, place)
    except PdfiumError as problem:
        if "assword" in str(problem) or "ecurity" in str(problem):
            remedy = "请去掉打开密码，另存后再试"
            raise reject("PDF 文件已加密，设有打开密码", remedy, place) from problem
        raise reject("PDF 文件不完整或已损坏", "请重新取得文件后再试", place) from problem
    counts = [len(page.glyphs) for page in pages]
    if sum(counts) < _LEAST_CHARACTERS:
        raise reject("PDF 文件是扫描件，只有图片，没有文字", SCAN, place)
    if sum(counts) > MOST_CHARACTERS:
        raise reject("PDF 文件的文字过多，不像工作要点", _REMEDY, place)
    add_pages(source, pages)
    return source


def _pages(document: Any, place: Place) -> list[LaidOutPage]:  # noqa: ANN401 - no types
    from pypdfium2 import PdfiumError  # pyright: ignore[reportMissingTypeStubs]

    if len(document) > MOST_PAGES:
        raise reject(f"PDF 文件超过 {MOST_PAGES} 页，不像工作要点", _REMEDY, place)
    try:
        return [_page(document[number]) for number in range(len(document))]
    except PdfiumError as problem:
        raise reject("PDF 文件中有读不出来的页", _REMEDY, place) from problem


def _page(page: Any) -> LaidOutPage:  # noqa: ANN401 - the library brings no types
    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

    height = page.get_height()
    found = LaidOutPage()
    text = page.get_textpage()
    for character, index in _characters(text):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        found.glyphs.append(Glyph(character, left, height - top, right, height - bottom))
    text.close()
    found.rules += _rules(page, height)
    for picture in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)):
        left, bottom, right, top = picture.get_bounds()
        found.add_picture((left, height - top, right, height - bottom), height * page.get_width())
    found.notes += _notes(page)
    page.close()
    return found


def _notes(page: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield what readers of the file wrote on the page."""
    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

    for number in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(note)
        length = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
        if kind not in {raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET} and length > _EMPTY:
            room = create_string_buffer(length)
            raw.FPDFAnnot_GetStringValue(note, b"Contents", cast(room, POINTER(c_ushort)), length)
            yield room.raw.decode("utf-16-le", "replace").rstrip("\0")
        raw.FPDFPage_CloseAnnot(note)


def _rules(page: Any, height: float) -> Iterator[Rule]:  # noqa: ANN401 - as above
    """Yield the lines that are drawn along the page's edges; a thin filled area is one, too."""
    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

    for shape in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,)):
        left, bottom, right, top = shape.get_bounds()
        if min(right - left, top - bottom) < _THIN:
            yield from _along((left, height - top), (right, height - bottom))
            continue
        matrix = shape.get_matrix()
        x, y = c_float(), c_float()
        places: list[tuple[float, float]] = []
        for at in range(min(raw.FPDFPath_CountSegments(shape), _MOST_SEGMENTS)):
            segment = raw.FPDFPath_GetPathSegment(shape, at)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            place = matrix.on_point(x.value, y.value)
            here = (place[0], height - place[1])
            begins = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO
            if places and not begins:
                yield from _along(places[-1], here)
            places = [here] if begins else [*places[-1:], here]


def _along(first: tuple[float, float], second: tuple[float, float]) -> Iterator[Rule]:
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(first, second, strict=True))
    if bottom - top < _THIN < right - left:
        yield Rule(along_x=True, at=(top + bottom) / 2, start=left, end=right)
    elif right - left < _THIN < bottom - top:
        yield Rule(along_x=False, at=(left + right) / 2, start=top, end=bottom)


def _characters(text: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401 - as above
    """Yield the characters that stand upright on the page; watermarks don't."""
    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        angle = raw.FPDFText_GetCharAngle(text, index)
        upright = angle < _UPRIGHT or angle > _FULL_TURN - _UPRIGHT
        if code >= _SPACE and upright and not raw.FPDFText_IsGenerated(text, index):
            yield chr(code), index
