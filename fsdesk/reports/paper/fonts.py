"""The one bundled font: measured by reportlab, drawn by reportlab, matplotlib and the window."""

# reportlab carries no annotations, and matplotlib's are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.font_manager import FontProperties

FONT_NAME = "NotoSansSC"
# Stands for a character that the font lacks, as in Chinese proofs since lead type.
MISSING = "〓"
# Share of the font size above and below the baseline that Chinese characters take.
ASCENT = 0.88
DESCENT = 0.12


def font_file() -> Path:
    """Return the path of the bundled font."""
    return project_file("resources/fonts/NotoSansSC-Regular.ttf")


@cache
def register_for_pdf() -> Mapping[int, float]:
    """Make the font known to reportlab, once; widths are in 1/1000 of the size."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    font = TTFont(FONT_NAME, str(font_file()))
    pdfmetrics.registerFont(font)
    return cast("Mapping[int, float]", font.face.charWidths)


@cache
def chart_font() -> FontProperties:
    """Make the font known to matplotlib, once, and return its properties."""
    from matplotlib import font_manager

    path = str(font_file())
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path)


def text_width(text: str, size: float) -> float:
    """Return the width of a line of text in points."""
    widths = register_for_pdf()
    fallback = widths[ord(MISSING)]
    return sum(widths.get(ord(char), fallback) for char in text) * size / 1000


def drawable(text: str) -> str:
    """Return a text in which 〓 stands for each character that the font lacks; new lines stay."""
    widths = register_for_pdf()
    return "".join(
        char if char == "\n" or ord(char) in widths else MISSING
        for char in text.replace("\t", " ").replace("\r", "")
    )
