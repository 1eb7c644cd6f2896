"""What stands on a letter as the data say it now, its pages and files, and the Word templates.

Of a letter that was issued this is asked once, at that moment; see `kept_letters`.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from fsdesk.domain.output.official import official
from fsdesk.domain.packet.directives import LetterNotice
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.naming import subject_of
from fsdesk.domain.supervision.causes import cause_of
from fsdesk.domain.supervision.letters import LetterKind, issuing_body, sealing_body
from fsdesk.services import word_templates
from fsdesk.services.plan.planning import current_plan, plan_in
from fsdesk.services.supervision import office_identity
from fsdesk.services.word_templates import WordTemplate
from fsdesk.store import identity

if TYPE_CHECKING:
    from fsdesk.domain.supervision.letters import LetterDraft
    from fsdesk.reports.word.letter_papers import LetterPaper
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace


def paper_of(
    workspace: Workspace, session: Session, told: LetterNotice | LetterDraft
) -> LetterPaper:
    """Return all that stands on a letter, or on a draft, by what is known now."""
    from fsdesk.reports.word.letter_papers import LetterPaper

    if isinstance(told, LetterNotice):
        paper, items = told.issued, told.tasks
        day, number = paper.issued_on or paper.drafted_on, paper.document_number
    else:
        paper, items = told, told.items
        day, number = workspace.clock().astimezone().date(), ""
    plan, office = plan_in(session, workspace.identity.year), identity.load_office(session)
    return LetterPaper(
        kind=paper.kind,
        number=number,
        period=Period.parse(paper.period).label,
        addressee=official(office.in_full(plan.unit_name(paper.unit))),
        body=[line for line in told.body.splitlines() if line.strip()] or [""],
        signatory=official(issuing_body(paper.kind, office, plan.issuer)),
        day=day,
        reply_by=paper.reply_by,
        seal=official(sealing_body(paper.kind, office, plan.issuer)),
        contact=office.contact_line,
        cause=cause_of(items),
        printer=official(office.office_name(plan.issuer)),
        subject=subject_of(plan),
    )


def word_file(workspace: Workspace, paper: LetterPaper) -> bytes:
    """Return a letter as a Word file, by the template in use."""
    from fsdesk.reports.word.letter_papers import letter_document

    return letter_document(paper, word_templates.in_use(workspace, TEMPLATES[paper.kind]))


def pdf_file(paper: LetterPaper) -> bytes:
    """Return a letter as a PDF: in the standard's layout, a template is for Word alone."""
    from fsdesk.reports.paper.pdf import pdf_bytes
    from fsdesk.reports.word.letter_pages import letter_pages

    return pdf_bytes(letter_pages(paper), paper.name)


# Templates


def _template(kind: LetterKind) -> WordTemplate:
    def default(workspace: Workspace) -> bytes:
        told = office_identity.details(workspace)
        names = (f(kind, told.told, told.issuer) for f in (issuing_body, sealing_body))
        return _default(kind, *names)

    def try_out(workspace: Workspace, template: bytes) -> None:
        from fsdesk.reports.word.letter_papers import LetterPaper, check_template

        issuer = current_plan(workspace).issuer
        day = date(workspace.identity.year, 1, 1)
        words = ["正文", "结尾"]
        check_template(LetterPaper(kind, "1号", "1月", "单位", words, issuer, day, day), template)

    return WordTemplate(kind.value, kind.label, default, try_out)


TEMPLATES = {kind: _template(kind) for kind in LetterKind}


@cache  # many letters are issued in one go
def _default(kind: LetterKind, signatory: str, seal: str) -> bytes:
    from fsdesk.reports.word.letter_papers import default_template

    return default_template(kind, signatory, seal)
