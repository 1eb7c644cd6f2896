"""The one-page view for leaders (一图读懂)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.kinds import Form
from fsdesk.domain.output.pages import Paper, PaperPage, PaperSize, PictureItem
from fsdesk.files import save_bytes
from fsdesk.services.output import charts
from fsdesk.services.output.bulletin import bulletin_facts
from fsdesk.services.output.heads import require

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.workspace import Workspace

ENDINGS = (".pdf", ".png")
PREVIEW_DPI, PRINT_DPI, PRINTER_DPI = 150.0, 200.0, 300.0


def write_poster(
    workspace: Workspace, period: Period, file: Path, size: PaperSize = PaperSize.A4
) -> None:
    """Write the one-page view; the file's ending picks .pdf or .png.

    Raises:
        InputRejectedError: For another ending, in a unit's workspace, or when the file can't be
            written.
    """
    ending = required_ending(file, "一图读懂", ENDINGS)
    save_bytes(file, poster(workspace, period, ending.removeprefix("."), size))


def pages(
    workspace: Workspace,
    period: Period,
    size: PaperSize = PaperSize.A4,
    dpi: float = PRINTER_DPI,
) -> tuple[PaperPage, ...]:
    """Return the one-page view as a page for the printer, or less fine for the screen."""
    paper = Paper(size, landscape=False)
    png = poster(workspace, period, "png", dpi=dpi)
    picture = PictureItem(0, 0, paper.width, paper.height, png)
    return (PaperPage(paper.width, paper.height, (picture,)),)


def poster(
    workspace: Workspace,
    period: Period,
    ending: str,
    size: PaperSize = PaperSize.A4,
    dpi: float = PRINT_DPI,
) -> bytes:
    """Return the one-page view as ``pdf`` or ``png``; see `write_poster`."""
    from fsdesk.reports.charts.output import figure_bytes
    from fsdesk.reports.poster import poster_figure

    require(workspace, Form.POSTER, Form.POSTER)
    facts = bulletin_facts(workspace, period)
    trend = charts.progress(workspace, period)
    title = f"一图读懂：{facts.status.plan.name}（{facts.status.until_text}）"
    return figure_bytes(poster_figure(facts, trend, size), ending, title, dpi)
