"""Letters as files and on pages: what was issued as it was kept, drafts by what is known now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.names import file_name
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.issued_papers import PDF, WORD
from fsdesk.files import save_bytes
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.supervision import follow_up, kept_letters, letter_making, taking_back
from fsdesk.services.supervision.kept_letters import KeptLetter
from fsdesk.services.supervision.letter_making import TEMPLATES
from fsdesk.store.supervision import letters
from fsdesk.unforeseen import Several

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.output.pages import PaperPage
    from fsdesk.domain.supervision.letters import LetterKind
    from fsdesk.reports.word.letter_papers import LetterPaper
    from fsdesk.services.word_templates import WordTemplate
    from fsdesk.workspace import Workspace

ENDINGS = (PDF, WORD)


def write_letter(workspace: Workspace, key: str, file: Path) -> None:
    """Write a letter, or the draft of one; the file's ending picks .docx or .pdf.

    Raises:
        InputRejectedError: When there is no such letter, or the file can't be written.
    """
    required_ending(file, "函件", ENDINGS)
    save_bytes(file, _file(workspace, _paper(workspace, key), file.suffix.lower()))
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
            taken.append(file_name(f"{_name(paper)}{WORD}", taken))
            for ending in (WORD, PDF):
                file = (folder / taken[-1]).with_suffix(ending)
                save_bytes(file, _file(workspace, paper, ending))
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

    paper = _paper(workspace, key)
    return paper.pages if isinstance(paper, KeptLetter) else letter_pages(paper)


def remark_of(workspace: Workspace, key: str) -> str:
    """Say of an issued letter since when it stands as it does; nothing of a draft."""
    paper = _paper(workspace, key)
    return paper.remark if isinstance(paper, KeptLetter) else ""


def template_of(workspace: Workspace, key: str) -> WordTemplate:
    """Return the template that a letter's Word file is made from, or was."""
    with workspace.reading() as session:
        told = letters.find_draft(session, key) or letters.find(session, key)
    if told is None:
        raise reject("登记簿中没有这份函件", "请刷新后再试")
    return TEMPLATES[told.kind]


def _paper(workspace: Workspace, key: str) -> LetterPaper | KeptLetter:
    """Return a draft as it stands now, or a letter as it was issued.

    Raises:
        InputRejectedError: When there is none with that key.
    """
    with workspace.reading() as session:
        draft = letters.find_draft(session, key)
        if draft is not None:
            return letter_making.paper_of(workspace, session, draft)
    return kept_letters.find(workspace, key)


def _file(workspace: Workspace, paper: LetterPaper | KeptLetter, ending: str) -> bytes:
    if isinstance(paper, KeptLetter):
        return paper.file(ending)
    if ending == PDF:
        return letter_making.pdf_file(paper)
    return letter_making.word_file(workspace, paper)


def _name(paper: LetterPaper | KeptLetter) -> str:
    if isinstance(paper, KeptLetter):
        return f"{paper.content['addressee']}-{paper.letter.document_number}"
    return f"{paper.addressee}-{paper.number or paper.kind.label}"
