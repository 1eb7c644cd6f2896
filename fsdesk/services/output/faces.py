"""The fonts of official papers on this PC, for who draws the pages and for who reads of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.pages import Face

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def font_file(face: Face) -> tuple[Path, int]:
    """Return the file of a face's font and its place in a collection, as the PDF embeds it."""
    from fsdesk.reports.paper.fonts import font_of

    font = font_of(face)
    return font.file, font.number


def runs(text: str, face: Face) -> Iterator[tuple[Face, str]]:
    """Cut a text into what is set in its face and what another stands in for, as in the PDF."""
    if face is Face.PLAIN:
        yield face, text
        return
    from fsdesk.reports.paper import fonts

    yield from fonts.runs(text, face)


def substitutes() -> str:
    """Say which faces of official papers others stand in for; empty where none is needed."""
    from fsdesk.reports.paper.fonts import missing_fonts

    missing = missing_fonts()
    if not missing:
        return ""
    return f"本机没有可用的{'、'.join(missing)}字体，预览、打印和 PDF 用自带的仿宋和宋体代替。"
