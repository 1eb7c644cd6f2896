"""Writing pages as a PDF: fonts embedded in part, title, language, bookmarks, and what is what."""

# reportlab carries no annotations.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from fsdesk.domain.output.pages import Align, Face, LineItem, PictureItem, RectItem
from fsdesk.files import save_bytes
from fsdesk.reports.paper.fonts import font_of, register_for_pdf, runs, text_width
from fsdesk.reports.paper.structure import LANGUAGE, Structure, document_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reportlab.pdfgen.canvas import Canvas

    from fsdesk.domain.output.pages import Item, PaperPage, Part, TextItem

PRODUCER = "食药安工作台"
# Marked content that is no artifact came with this version.
_VERSION = (1, 7)


def write_pdf(path: Path, pages: Sequence[PaperPage], title: str) -> None:
    """Write pages as a PDF; the same pages always give the same bytes.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    save_bytes(path, pdf_bytes(pages, title))


def pdf_bytes(pages: Sequence[PaperPage], title: str) -> bytes:
    """Return pages as a PDF; see `write_pdf`."""
    from reportlab.pdfgen.canvas import Canvas

    register_for_pdf()
    buffer = BytesIO()
    # invariant: no time of writing and no random id, so that outputs can be compared.
    # The font at the start would else be one that viewers must have, named on every page.
    start: Any = font_of(Face.PLAIN).name
    canvas = Canvas(
        buffer, pageCompression=1, invariant=1, initialFontName=start, pdfVersion=_VERSION,
        lang=LANGUAGE,
    )  # fmt: skip
    structure, names = Structure(), list[str]()
    _describe(canvas, title)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, page in enumerate(pages):
        canvas.setPageSize((page.width, page.height))
        for index, mark in enumerate(page.bookmarks):
            key = f"p{number}-{index}"
            canvas.bookmarkHorizontal(key, 0, page.height - mark.y)
            canvas.addOutlineEntry(mark.title, key, level=mark.level)
        names.append(document_of(canvas).thisPageName())
        _draw_items(canvas, page, structure)
        canvas.showPage()
    structure.put_into(canvas, names)
    if any(page.bookmarks for page in pages):
        canvas.showOutline()
    canvas.save()
    return buffer.getvalue()


def _describe(canvas: Canvas, title: str) -> None:
    """Say title and author; no day, since the file is the same whenever it is written."""
    from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFString

    canvas.setTitle(title)  # the file's identifier is made of it
    told = {"Title": title, "Subject": title, "Author": PRODUCER, "Creator": PRODUCER}
    # By itself it would write a day.
    info = document_of(canvas).info
    info.format = PDFDictionary({name: PDFString(words) for name, words in told.items()}).format


def _draw_items(canvas: Canvas, page: PaperPage, structure: Structure) -> None:
    """Draw a page's items, each run of one part, or of none, as one."""
    structure.begin_page()
    for part, items in groupby(page.items, key=_part_of):
        canvas.addLiteral("/Artifact BMC" if part is None else structure.mark(part))
        for item in items:
            _draw(canvas, item, page.height)
        canvas.addLiteral("EMC")


def _part_of(item: Item) -> Part | None:
    return None if isinstance(item, LineItem | RectItem) else item.part


def _draw(canvas: Canvas, item: Item, height: float) -> None:
    # PDF counts y upwards from the lower edge.
    if isinstance(item, LineItem):
        canvas.setStrokeColor(item.colour)
        canvas.setLineWidth(item.width)
        canvas.line(item.x1, height - item.y1, item.x2, height - item.y2)
    elif isinstance(item, RectItem):
        _draw_rect(canvas, item, height)
    elif isinstance(item, PictureItem):
        from reportlab.lib.utils import ImageReader

        bottom = height - item.y - item.height
        canvas.drawImage(ImageReader(BytesIO(item.png)), item.x, bottom, item.width, item.height)
    else:
        _draw_text(canvas, item, height)


def _draw_rect(canvas: Canvas, item: RectItem, height: float) -> None:
    if item.fill:
        canvas.setFillColor(item.fill)
    if item.stroke:
        canvas.setStrokeColor(item.stroke)
        canvas.setLineWidth(item.line_width)
    bottom = height - item.y - item.height
    canvas.rect(
        item.x, bottom, item.width, item.height, stroke=bool(item.stroke), fill=bool(item.fill)
    )


def _draw_text(canvas: Canvas, item: TextItem, height: float) -> None:
    canvas.setFillColor(item.colour)
    width = text_width(item.text, item.size, item.face)
    x = item.x - {Align.LEFT: 0.0, Align.CENTRE: width / 2, Align.RIGHT: width}[item.align]
    for face, text in runs(item.text, item.face):
        register_for_pdf(face)
        canvas.setFont(font_of(face).name, item.size)
        canvas.drawString(x, height - item.y, text, charSpace=item.spacing)
        x += text_width(text, item.size, face) + item.spacing * len(text)
