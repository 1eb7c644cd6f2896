"""The monthly bulletin: filled from the data into a Word template that the office may edit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk import unforeseen
from fsdesk.domain.agenda.working_days import add_working_days
from fsdesk.domain.findings import FsdeskError, PartlyDoneError, notice
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.issued_papers import CONTENT, PDF, WORD, IssuedPaper, Kept
from fsdesk.domain.output.kinds import Form
from fsdesk.domain.output.page_form import pages_from_plain, pages_to_plain
from fsdesk.domain.plain import canonical
from fsdesk.domain.status.published import bulletin_occasion
from fsdesk.files import save_bytes
from fsdesk.places import project_file
from fsdesk.reports.word.bulletin import (
    CATCH_UP_DAYS,
    PICTURES,
    BulletinFacts,
    bulletin_words,
)
from fsdesk.services import word_templates, working_calendar
from fsdesk.services.output import charts
from fsdesk.services.output.chart_rows import limited
from fsdesk.services.output.heads import head_of, require
from fsdesk.services.status import aggregation, published
from fsdesk.store import issued_papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.reports.word.template import Picture
    from fsdesk.workspace import Workspace

ENDINGS = (WORD, PDF)
DEFAULT = "resources/templates/bulletin.docx"
# As wide as the type area of an official document (GB/T 9704—2012); figures are drawn a little
# wider and shrunk, so that their words stay smaller than the text around them.
_WIDTH_MM = 156.0
_WIDTH_INCHES = 7.0
_DOTS_PER_INCH = 160.0
_HEIGHTS = {"trend": 2.9, "sections": 2.9, "units": 6.0, "completeness": 4.4, "heat": 6.0}
_HEIGHT = 6.4
# A picture has so many rows at most, which are so high at least, so that it is read on its page.
_MOST_ROWS, _ROW_INCHES, _AROUND_ROWS = 24, 0.26, 1.6


def write_bulletin(
    workspace: Workspace, period: Period, file: Path, issue: int = 0, *, publish: bool = False
) -> None:
    """Write the bulletin (工作通报) of a period; the file's ending picks .docx or .pdf.

    Its number is the month's unless given.

    `publish`: publish the period's present figures with it; not without the bulletin.

    Raises:
        InputRejectedError: When this isn't the office, for another ending, when the office's
            template names what there is not, when the file can't be written, or when a period that
            is not over shall be published.
        PartlyDoneError: When the bulletin fails after the figures were published.
    """
    required_ending(file, "通报", ENDINGS)
    if not publish:
        save_bytes(file, _file(workspace, period, issue, file.suffix.lower()))
        return
    out = published.publish(workspace, period, bulletin_occasion(issue or period.last_month))
    try:
        parts = _parts(replace(workspace, as_published=True), period, issue)
        with workspace.writing() as writing:
            issued_papers.save(writing, out.paper, Kept.ISSUED, parts)
        save_bytes(file, parts[file.suffix.lower()])
    except Exception as problem:
        found = unforeseen.told(problem, workspace.folder / "logs")
        raise PartlyDoneError(_taken_back(workspace, period), *found) from problem


def _file(workspace: Workspace, period: Period, issue: int, ending: str) -> bytes:
    issued = _issued(workspace, period, issue)
    if issued is not None:
        return issued.parts[ending]
    if ending == WORD:
        return _word(_made(workspace, period, issue))
    from fsdesk.reports.paper.pdf import pdf_bytes

    return pdf_bytes(pages(workspace, period, issue), bulletin_title(period))


def _parts(workspace: Workspace, period: Period, issue: int) -> Mapping[str, bytes]:
    """Return all that is kept of a bulletin as it is issued."""
    from fsdesk.reports.paper.pdf import pdf_bytes
    from fsdesk.reports.word.document_pages import document_pages

    made, title = _made(workspace, period, issue), bulletin_title(period)
    laid_out = document_pages(made, title)
    return {
        CONTENT: canonical({"title": title, "pages": pages_to_plain(laid_out)}).encode(),
        PDF: pdf_bytes(laid_out, title),
        WORD: _word(made),
    }


def _issued(workspace: Workspace, period: Period, issue: int) -> IssuedPaper | None:
    """Return the bulletin that counts now as it was issued; None where none was kept."""
    require(workspace, Form.BULLETIN, Form.BULLETIN)
    out = published.published(workspace, period) if workspace.as_published else None
    if out is None or out.occasion != bulletin_occasion(issue or period.last_month):
        return None
    with workspace.reading() as session:
        return issued_papers.find(session, out.paper)


def bulletin_title(period: Period) -> str:
    """Return what a bulletin is called, e.g. in a file's properties."""
    return f"关于{period.label}食品药品安全重点工作进展情况的通报"


def _taken_back(workspace: Workspace, period: Period) -> Finding:
    """Take back what was published without its bulletin, and tell how far that went."""
    try:
        published.revoke(workspace, period)
    except FsdeskError:
        return notice(f"{period.label}的数字已发布，但通报没有写成", "请撤销发布，或重新生成通报")
    return notice(f"通报没有写成，{period.label}的数字发布后又已撤销")


def bulletin(workspace: Workspace, period: Period, issue: int = 0) -> bytes:
    """Return the bulletin as a Word file; one that was issued as it was then.

    See `write_bulletin`.
    """
    return _file(workspace, period, issue, WORD)


def pages(workspace: Workspace, period: Period, issue: int = 0) -> tuple[PaperPage, ...]:
    """Return the bulletin on pages, for preview, printer and PDF; see `write_bulletin`.

    It says what the Word file says, in the standard's layout.
    """
    from fsdesk.reports.word.document_pages import document_pages

    issued = _issued(workspace, period, issue)
    if issued is not None:
        return pages_from_plain(json.loads(issued.parts[CONTENT])["pages"])
    return document_pages(_made(workspace, period, issue), bulletin_title(period))


def _made(workspace: Workspace, period: Period, issue: int) -> bytes:
    return _filled(workspace, word_templates.in_use(workspace, TEMPLATE), period, issue)


def _word(made: bytes) -> bytes:
    from fsdesk.reports.word.document_pages import imprint_place
    from fsdesk.reports.word.imprint import on_an_even_page

    return on_an_even_page(made, imprint_place(made))


def bulletin_facts(workspace: Workspace, period: Period, issue: int = 0) -> BulletinFacts:
    """Return all figures that a bulletin tells.

    One with which the period was published is made again as it was, with its own day.
    """
    status = aggregation.status(workspace, period)
    issue = issue or period.last_month
    out = status.publication if status.as_published else None
    again = out is not None and out.occasion == bulletin_occasion(issue)
    head = head_of(workspace, period)
    if out and again:
        head = replace(head, made_on=out.day)
    return BulletinFacts(
        status=status,
        head=head,
        ahead=charts.progress(workspace, period).forecast,
        issue=issue,
        catch_up_by=add_working_days(head.made_on, CATCH_UP_DAYS, working_calendar.is_working_day),
        published=None if again else out,
    )


def _filled(workspace: Workspace, template: bytes, period: Period, issue: int) -> bytes:
    from fsdesk.reports.word.template import fill_template, places_of

    require(workspace, Form.BULLETIN, Form.BULLETIN)
    wanted = places_of(template)
    facts = bulletin_facts(workspace, period, issue)
    words = bulletin_words(facts)
    pictures = {
        name: _picture(workspace, kind, period) for name, kind in PICTURES.items() if name in wanted
    }
    return fill_template(template, {**words, **pictures}, facts.head.made_on)


def _picture(workspace: Workspace, kind: str, period: Period) -> Picture:
    from fsdesk.reports.charts.frame import with_mark
    from fsdesk.reports.charts.output import figure_png
    from fsdesk.reports.word.template import Picture

    found, some = limited(charts.numbers(workspace, kind, period), _MOST_ROWS)
    chart = with_mark(charts.figure_of(found), some)
    height = max(_HEIGHTS.get(kind, _HEIGHT), _AROUND_ROWS + charts.rows_of(found) * _ROW_INCHES)
    png = figure_png(chart.figure, (_WIDTH_INCHES, height), _DOTS_PER_INCH)
    return Picture(png, _WIDTH_MM, chart.title)


def _try_out(workspace: Workspace, template: bytes) -> None:
    _filled(workspace, template, aggregation.working_period(workspace), 0)


TEMPLATE = word_templates.WordTemplate(
    "bulletin", "工作通报", lambda _: project_file(DEFAULT).read_bytes(), _try_out
)
