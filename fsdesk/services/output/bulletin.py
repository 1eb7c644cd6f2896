"""The monthly bulletin: filled from the data into a Word template that the office may edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.agenda.working_days import add_working_days
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.issued_papers import PDF, WORD
from fsdesk.domain.output.kinds import Form
from fsdesk.domain.output.pages import SCREEN_DOTS
from fsdesk.domain.plan.naming import subject_of
from fsdesk.domain.status.published import bulletin_occasion
from fsdesk.files import all_or_none, save_bytes
from fsdesk.places import project_file
from fsdesk.reports.word.bulletin import (
    CATCH_UP_DAYS,
    PICTURES,
    BulletinFacts,
    bulletin_words,
)
from fsdesk.services import word_templates, working_calendar
from fsdesk.services.kept_papers import NOT_KEPT, KeptPaper, parts_of
from fsdesk.services.output import charts, publishing
from fsdesk.services.output.chart_rows import limited
from fsdesk.services.output.heads import head_of, require
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.status import aggregation, published
from fsdesk.store import issued_papers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.published import Publication
    from fsdesk.reports.word.template import Picture
    from fsdesk.services.output.publishing import PutOut
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
) -> PutOut | None:
    """Write the bulletin (工作通报) of a period; the file's ending picks .docx or .pdf.

    Its number is the month's unless given.

    `publish`: publish the period's present figures with it, not without the bulletin; what was
    published is returned.

    Raises:
        InputRejectedError: When this isn't the office, for another ending, when the office's
            template names what there is not, when the file can't be written, or when a period that
            is not over shall be published.
        PartlyDoneError: When the bulletin fails after the figures were published.
    """
    required_ending(file, "通报", ENDINGS)
    if not publish:
        save_bytes(file, _file(workspace, period, issue, file.suffix.lower()))
        return None
    occasion = bulletin_occasion(issue or period.last_month)

    def put_out(as_published: Workspace) -> Mapping[str, bytes]:
        parts = parts_to_keep(as_published, period, issue)
        save_bytes(file, parts[file.suffix.lower()])
        return parts

    with all_or_none(file):
        return publishing.publish(workspace, period, occasion, put_out)


def _file(workspace: Workspace, period: Period, issue: int, ending: str) -> bytes:
    issued = _issued(workspace, period, issue)
    if issued is not None:
        return issued.file(ending)
    if ending == WORD:
        return _word(_made(workspace, period, issue))
    from fsdesk.reports.paper.pdf import pdf_bytes

    return pdf_bytes(pages(workspace, period, issue), bulletin_title(workspace, period))


def parts_to_keep(workspace: Workspace, period: Period, issue: int) -> Mapping[str, bytes]:
    """Return all that is kept of a bulletin as it is issued."""
    from fsdesk.reports.word.document_pages import document_pages

    made, title = _made(workspace, period, issue), bulletin_title(workspace, period)
    return parts_of(document_pages(made, title), title, {WORD: _word(made)})


def remark_of(workspace: Workspace, period: Period, issue: int = 0) -> str:
    """Say of an issued bulletin since when it stands as it does; nothing of any other."""
    issued = _issued(workspace, period, issue)
    if issued is not None:
        return issued.since
    return NOT_KEPT if _publications(workspace, period, issue) else ""


def _publications(workspace: Workspace, period: Period, issue: int) -> list[Publication]:
    """Return with what a bulletin was published, newest first, where that is looked at."""
    if not workspace.as_published:
        return []
    occasion = bulletin_occasion(issue or period.last_month)
    known = reversed(published.publications(workspace))
    return [out for out in known if (out.period, out.occasion) == (period, occasion)]


def _issued(workspace: Workspace, period: Period, issue: int) -> KeptPaper | None:
    """Return a bulletin as it was issued last, also if others came since; None if none was kept."""
    require(workspace, Form.BULLETIN, Form.BULLETIN)
    for out in _publications(workspace, period, issue):
        with workspace.reading() as session:
            paper = issued_papers.find(session, out.paper)
        if paper is not None:
            return KeptPaper(paper)
    return None


def bulletin_title(workspace: Workspace, period: Period) -> str:
    """Return what a bulletin is called, e.g. in a file's properties."""
    subject = subject_of(current_plan(workspace).at(period))
    return f"关于{period.label}{subject}重点工作进展情况的通报"


def bulletin(workspace: Workspace, period: Period, issue: int = 0) -> bytes:
    """Return the bulletin as a Word file; one that was issued as it was then.

    See `write_bulletin`.
    """
    return _file(workspace, period, issue, WORD)


def pages(
    workspace: Workspace, period: Period, issue: int = 0, dots: int = SCREEN_DOTS
) -> tuple[PaperPage, ...]:
    """Return the bulletin on pages, for preview, printer and PDF; see `write_bulletin`.

    It says what the Word file says, in the standard's layout. One that was issued is drawn from its
    PDF, with so many dots per inch.
    """
    from fsdesk.reports.word.document_pages import document_pages

    issued = _issued(workspace, period, issue)
    if issued is not None:
        return issued.pages(dots)
    return document_pages(_made(workspace, period, issue), bulletin_title(workspace, period))


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
        corrects=_former(workspace, period, out) if again or out is None else None,
    )


def _former(workspace: Workspace, period: Period, out: Publication | None) -> Publication | None:
    """Return what was published of the period before, which this bulletin puts right."""
    known = [each for each in published.publications(workspace) if each.period == period]
    return next((each for each in reversed(known) if out is None or each.id < out.id), None)


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
