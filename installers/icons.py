"""Draws the program's icon in every size that menus and installers ask for."""

from __future__ import annotations

import io
import os
import struct
from typing import TYPE_CHECKING

from installers.origin import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DRAWING = ROOT / "resources" / "icons" / "fsdesk.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256)
# Menus of Linux take one larger; Windows' icon files end at 256.
_MENU_SIZES = (*SIZES, 512)


def png(size: int) -> bytes:
    """Return the icon as a PNG of this width and height."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
    from PySide6.QtGui import QImage, QImageWriter, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(data.data())


def ico(sizes: tuple[int, ...] = SIZES) -> bytes:
    """Return all sizes in one Windows icon file, whose pictures may be PNG since Vista."""
    pictures = [(size, png(size)) for size in sizes]
    head, body = io.BytesIO(), io.BytesIO()
    head.write(struct.pack("<HHH", 0, 1, len(pictures)))
    place = 6 + 16 * len(pictures)
    for size, picture in pictures:
        edge = size % 256  # 0 means 256
        head.write(struct.pack("<BBBBHHII", edge, edge, 0, 0, 1, 32, len(picture), place))
        body.write(picture)
        place += len(picture)
    return head.getvalue() + body.getvalue()


def write_pngs(folder: Path, name: str) -> None:
    """Write the tree of icons of this name that Linux menus read, below ``hicolor``."""
    for size in _MENU_SIZES:
        file = folder / f"{size}x{size}" / "apps" / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png(size))
    drawing = folder / "scalable" / "apps" / f"{name}.svg"
    drawing.parent.mkdir(parents=True, exist_ok=True)
    drawing.write_bytes(DRAWING.read_bytes())
