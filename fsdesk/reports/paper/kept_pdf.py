"""A PDF that is kept, as pages to look at and to print: drawn with the fonts that are in the file.

Other fonts, or another program, would draw its texts otherwise; what is seen is the file itself.
"""

# The libraries bring no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from fsdesk import pdfium
from fsdesk.domain.output.pages import POINTS_PER_INCH, PaperPage, PictureItem

if TYPE_CHECKING:
    from PIL.Image import Image

# Pictures pass from here to the screen or the printer and are never stored: quick before small.
_COMPRESSION = 1


def pdf_pages(data: bytes, dots: int) -> tuple[PaperPage, ...]:
    """Return the pages of a PDF, each as one picture with so many dots per inch."""
    with pdfium.opened(data) as document:
        return tuple(_drawn(document[number], dots) for number in range(len(document)))


def page_count(data: bytes) -> int:
    """Return how many pages a PDF has."""
    with pdfium.opened(data) as document:
        return len(document)


def _drawn(page: Any, dots: int) -> PaperPage:  # noqa: ANN401 - the library brings no types
    width, height = page.get_size()
    drawn = page.render(scale=dots / POINTS_PER_INCH)
    buffer = BytesIO()
    _without_needless_colour(drawn.to_pil()).save(
        buffer, "PNG", compress_level=_COMPRESSION, dpi=(dots, dots)
    )
    drawn.close()
    page.close()
    return PaperPage(width, height, (PictureItem(0, 0, width, height, buffer.getvalue()),))


def _without_needless_colour(image: Image) -> Image:
    """Return a page that is all grey as such: a third to pack, and to send to a printer."""
    from PIL import ImageChops

    red, green, blue = image.convert("RGB").split()
    is_grey = not any(ImageChops.difference(red, each).getbbox() for each in (green, blue))
    return red if is_grey else image
