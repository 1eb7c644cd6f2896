"""Letters as files and on pages, and the Word templates that they are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.names import file_name
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.official import official
from fsdesk.domain.periods import Period
from fsdesk.domain.supervision.causes import cause_of
from fsdesk.domain.supervision.letters import LetterKind, issuing_body, sealing_body
from fsdesk.services import word_templates
from fsdesk.services.plan.planning import current_plan, plan_in
from fsdesk.services.supervision import follow_up, office_identity, taking_back
from fsdesk.services.word_templates import WordTemplate
from fsdesk.store import identity
from fsdesk.store.supervision import letters
from fsdesk.unforeseen import Several

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.reports.word.letter_papers import LetterPaper
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

WORD, PDF = ".docx", ".pdf"
ENDINGS = (PDF, WORD)


def write_letter(workspace: Workspace, key: str, file: Path) -> None:
    """Write a letter, or the draft of one; the file's ending picks .docx or .pdf.

    Raises:
        InputRejectedError: When there is no such letter, or the file can't be written.
    """
    required_ending(file, "函件", ENDINGS)
    write_paper(workspace, _paper(workspace, key), file)
    taking_back.note_left(workspace, key, "file")


def write_letters(workspace: Workspace, keys: Sequence[str], folder: Path) -> tuple[Path, ...]:
    """Write several letters into a folder, each as Word file and PDF, named by unit and number.

    One that can't be written stops no other.

    Raises:
        InputRejectedError: When there is no such letter, or no file can be written.
        PartlyDoneError: When some can't.
    """
    written: list[Path] = []
    several, taken = Several(workspace.folder / "logs"), list[str]()
    for key in keys:
        with several.attempt():
            paper = _paper(workspace, key)
            name = f"{paper.addressee}-{paper.number or paper.kind.label}{WORD}"
            taken.append(file_name(name, taken))
            for file in (folder / taken[-1], (folder / taken[-1]).with_suffix(PDF)):
                write_paper(workspace, paper, file)
                written.append(file)
            taking_back.note_left(workspace, key, "file")
    names = "、".join(file.name for file in written)
    several.end(f"只写成了 {len(written)} 个文件：{names}" if written else "")
    return tuple(written)


@dataclass(frozen=True, slots=True)
class Listed:
    """A letter or a draft in a list; a draft's name says so."""

    key: str
    kind: LetterKind
    name: str


def listed(workspace: Workspace) -> tuple[Listed, ...]:
    """Return all that can be put on paper: drafts, then letters, the newest first."""
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        drafts, notices = letters.drafts(session), letters.all_notices(session)
    issued = [n.letter for n in sorted(notices, key=follow_up.newest, reverse=True)]
    return (
        *(
            Listed(each.key, each.kind, f"{each.kind.label}（拟稿）　{plan.unit_name(each.unit)}")
            for each in drafts
        ),
        *(
            Listed(each.key, each.kind, f"{each.document_number}　{plan.unit_name(each.unit)}")
            for each in issued
        ),
    )


def pages_of(workspace: Workspace, key: str) -> tuple[PaperPage, ...]:
    """Return a letter on pages, for preview and printer; see `write_letter`."""
    from fsdesk.reports.word.letter_pages import letter_pages

    return letter_pages(_paper(workspace, key))


def template_of(workspace: Workspace, key: str) -> WordTemplate:
    """Return the template that a letter's Word file is made from."""
    return TEMPLATES[_paper(workspace, key).kind]


def write_paper(workspace: Workspace, paper: LetterPaper, file: Path) -> None:
    """Write all that stands on a letter; the file's ending picks .docx or .pdf.

    The PDF has the standard's layout; a template of the office's own is for Word alone.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    from fsdesk.files import save_bytes
    from fsdesk.reports.paper.pdf import write_pdf
    from fsdesk.reports.word.letter_pages import letter_pages
    from fsdesk.reports.word.letter_papers import letter_document

    if file.suffix.lower() == PDF:
        write_pdf(file, letter_pages(paper), paper.name)
        return
    template = word_templates.in_use(workspace, TEMPLATES[paper.kind])
    save_bytes(file, letter_document(paper, template))


def _paper(workspace: Workspace, key: str) -> LetterPaper:
    with workspace.reading() as session:
        return paper_in(workspace, session, key)


def paper_in(workspace: Workspace, session: Session, key: str) -> LetterPaper:
    """Return all that stands on a letter or on a draft.

    Raises:
        InputRejectedError: When there is none with that key.
    """
    from fsdesk.reports.word.letter_papers import LetterPaper

    draft = letters.find_draft(session, key)
    notice = None if draft else letters.notice(session, key)
    if draft is not None:
        day, number, body, paper = workspace.clock().astimezone().date(), "", draft.body, draft
        items = draft.items
    elif notice is not None:
        letter = notice.letter
        day, number = letter.issued_on or letter.drafted_on, letter.document_number
        body, paper, items = notice.body, letter, notice.tasks
    else:
        raise reject("登记簿中没有这份函件", "请刷新后再试")
    plan, office = plan_in(session, workspace.identity.year), identity.load_office(session)
    return LetterPaper(
        kind=paper.kind,
        number=number,
        period=Period.parse(paper.period).label,
        addressee=official(plan.unit_name(paper.unit)),
        body=[line for line in body.splitlines() if line.strip()] or [""],
        signatory=official(issuing_body(paper.kind, office, plan.issuer)),
        day=day,
        reply_by=paper.reply_by,
        seal=official(sealing_body(paper.kind, office, plan.issuer)),
        contact=office.contact_line,
        cause=cause_of(items),
        printer=official(office.office_name(plan.issuer)),
    )


# Templates


def _template(kind: LetterKind) -> WordTemplate:
    def default(workspace: Workspace) -> bytes:
        from fsdesk.reports.word.letter_papers import default_template

        told = office_identity.details(workspace)
        names = (f(kind, told.told, told.issuer) for f in (issuing_body, sealing_body))
        return default_template(kind, *names)

    def try_out(workspace: Workspace, template: bytes) -> None:
        from fsdesk.reports.word.letter_papers import LetterPaper, check_template

        issuer = current_plan(workspace).issuer
        day = date(workspace.identity.year, 1, 1)
        words = ["正文", "结尾"]
        check_template(LetterPaper(kind, "1号", "1月", "单位", words, issuer, day, day), template)

    return WordTemplate(kind.value, kind.label, default, try_out)


TEMPLATES = {kind: _template(kind) for kind in LetterKind}
