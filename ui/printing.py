"""Draws the very pages that the PDF is written from: one painter for preview and printer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QImage,
    QImageReader,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QApplication

from fsdesk.domain.output.pages import Align, Face, LineItem, PictureItem, RectItem, TextItem
from fsdesk.services.output import faces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtPrintSupport import QPrinter

    from fsdesk.domain.output.pages import PaperPage


# Texts are measured and drawn large, and scaled to their size.
_SIZE = 100
# No thread goes on while Qt packs a picture for a printer, so that it gets one in bands.
_PIXELS_AT_ONCE, _QUIET_ROWS = 500_000, 12


def paint_page(painter: QPainter, page: PaperPage) -> None:
    """Draw a page; one unit of the painter must be one point."""
    for item in page.items:
        if isinstance(item, TextItem):
            _paint_text(painter, item)
        elif isinstance(item, LineItem):
            painter.setPen(QPen(QColor(item.colour), item.width))
            painter.drawLine(QPointF(item.x1, item.y1), QPointF(item.x2, item.y2))
        elif isinstance(item, RectItem):
            _paint_rect(painter, item)
        elif isinstance(item, PictureItem):
            _paint_picture(painter, item)


def _paint_picture(painter: QPainter, item: PictureItem) -> None:
    image = _read(item.png)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    # Else letters in it go to a printer with the blur of a photograph.
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    if isinstance(painter.device(), QImage):
        painter.drawImage(QRectF(item.x, item.y, item.width, item.height), image)
        return
    scale = item.height / max(image.height(), 1)
    for top, high in _bands(image):
        # Each lies over the last row of the one above, so that no light shows between them.
        rows = min(high + 1, image.height() - top)
        place = QRectF(item.x, item.y + top * scale, item.width, rows * scale)
        painter.drawImage(place, image, QRectF(0, top, image.width(), rows))


def _bands(image: QImage) -> Iterator[tuple[int, int]]:
    """Cut a picture where nothing but upright lines goes through; yield first rows and heights.

    Whoever draws the printed pages small moves each band by part of a dot: letters would show it.
    """
    bits, line = image.constBits(), image.bytesPerLine()
    wide = image.width() * image.depth() // 8
    least = _PIXELS_AT_ONCE // max(image.width(), 1)
    top, alike, above = 0, 0, b""
    for y in range(image.height()):
        row = bytes(bits[y * line : y * line + wide])
        alike = alike + 1 if row == above else 0
        above = row
        if alike >= _QUIET_ROWS and y - top >= least:
            cut = y - _QUIET_ROWS // 2
            yield top, cut - top
            top, alike = cut, 0
    yield top, image.height() - top


def _read(png: bytes) -> QImage:
    """Read a picture; unlike `QImage.fromData` this lets other threads go on meanwhile."""
    buffer = QBuffer()
    buffer.setData(png)
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    return QImageReader(buffer).read()


def _paint_rect(painter: QPainter, item: RectItem) -> None:
    pen = QPen(QColor(item.stroke), item.line_width) if item.stroke else Qt.PenStyle.NoPen
    painter.setPen(pen)
    painter.setBrush(QColor(item.fill) if item.fill else Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(item.x, item.y, item.width, item.height))


@cache
def _families(face: Face) -> list[str]:
    """Return the names by which Qt finds a face: that of the file which the PDF embeds, first."""
    window = QApplication.font().family()
    if face is Face.PLAIN:
        return [window]
    file, number = faces.font_file(face)
    found = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))
    return [*found[number : number + 1], window]


def _paint_text(painter: QPainter, item: TextItem) -> None:
    spacing = item.spacing * _SIZE / item.size
    runs = [(_font(face, spacing), text) for face, text in faces.runs(item.text, item.face)]
    widths = [QFontMetricsF(font).horizontalAdvance(text) for font, text in runs]
    scale, width = item.size / _SIZE, sum(widths) * item.size / _SIZE
    left = item.x
    if item.align is Align.RIGHT:
        left -= width
    elif item.align is Align.CENTRE:
        left -= width / 2
    painter.save()
    painter.translate(left, item.y)
    painter.scale(scale, scale)
    painter.setPen(QColor(item.colour))
    for (font, text), step in zip(runs, widths, strict=True):
        painter.setFont(font)
        painter.drawText(0, 0, text)
        painter.translate(step, 0)
    painter.restore()


def _font(face: Face, spacing: float) -> QFont:
    font = QFont(_families(face))
    font.setPixelSize(_SIZE)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return font


def page_image(page: PaperPage, width: int, ratio: float) -> QImage:
    """Draw a page as a picture; the width is logical pixels, the ratio device pixels for each."""
    scale = width / page.width
    size = QSize(round(width * ratio), round(page.height * scale * ratio))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.scale(scale, scale)
    paint_page(painter, page)
    painter.end()
    return image


def print_pages(printer: QPrinter, pages: Sequence[PaperPage]) -> bool:
    """Send pages to a printer whose paper was set to theirs; tell whether it took them."""
    painter = QPainter()
    if not painter.begin(printer):
        return False
    for number, page in enumerate(pages):
        if number:
            printer.newPage()
        painter.save()
        scale = printer.width() / page.width
        painter.scale(scale, scale)
        paint_page(painter, page)
        painter.restore()
    return painter.end()
