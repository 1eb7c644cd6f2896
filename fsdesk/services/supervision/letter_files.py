"""Letters as files and on pages: what was issued as it was kept, drafts by what is known now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.names import file_name
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.issued_papers import PDF, WORD
from fsdesk.domain.output.pages import SCREEN_DOTS
from fsdesk.domain.supervision.amendments import PREFIX
from fsdesk.files import save_bytes
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.supervision import (
    amendments,
    follow_up,
    kept_letters,
    letter_making,
    taking_back,
)
from fsdesk.services.supervision.amendments import KeptAmendment
from fsdesk.services.supervision.kept_letters import KeptLetter
from fsdesk.services.supervision.letter_making import TEMPLATES
from fsdesk.store.supervision import letters
from fsdesk.unforeseen import Several

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.output.pages import PaperPage
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

    What was issued about a letter since goes beside it.

    One that can't be written stops no other.

    Raises:
        InputRejectedError: When there is no such letter, or no file can be written.
        PartlyDoneError: When some can't.
    """
    written: list[Path] = []
    several, taken = Several(workspace.folder / "logs"), list[str]()
    with workspace.reading() as session:
        beside = {key: [each.key for each in letters.amendments(session, key)] for key in keys}
    for key in (each for letter in keys for each in (letter, *beside[letter])):
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


class Listed(Struct, frozen=True):
    """A letter, a draft, or what was issued about a letter, in a list; the name says which."""

    key: str
    name: str


def listed(workspace: Workspace) -> tuple[Listed, ...]:
    """Return all that can be put on paper: drafts, then letters, the newest first.

    What was issued about a letter since comes after it.
    """
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        drafts, notices = letters.drafts(session), letters.all_notices(session)
    found = [
        Listed(each.key, f"{each.kind.label}（拟稿）　{plan.unit_name(each.unit)}")
        for each in drafts
    ]
    for notice in sorted(notices, key=follow_up.newest, reverse=True):
        letter = notice.letter
        number, unit = letter.document_number, plan.unit_name(letter.unit)
        found.append(Listed(letter.key, f"{number}　{unit}"))
        found += [
            Listed(each.key, f"{number}（{each.kind.label}，{each.day}）　{unit}")
            for each in notice.amendments
        ]
    return tuple(found)


def pages_of(workspace: Workspace, key: str, dots: int = SCREEN_DOTS) -> tuple[PaperPage, ...]:
    """Return a letter on pages, for preview and printer; see `write_letter`.

    What was issued is drawn from its PDF, with so many dots per inch.
    """
    from fsdesk.reports.word.letter_pages import letter_pages

    paper = _paper(workspace, key)
    return paper.pages(dots) if isinstance(paper, _Original) else letter_pages(paper)


def remark_of(workspace: Workspace, key: str) -> str:
    """Say of what was issued since when it stands as it does; nothing of a draft."""
    paper = _paper(workspace, key)
    return paper.remark if isinstance(paper, _Original) else ""


def template_of(workspace: Workspace, key: str) -> WordTemplate | None:
    """Return the template that a letter's Word file is made from, or was; an amendment has none."""
    with workspace.reading() as session:
        told = letters.find_draft(session, key) or letters.find(session, key)
    return TEMPLATES[told.kind] if told is not None else None


_Original = KeptLetter | KeptAmendment


def _paper(workspace: Workspace, key: str) -> LetterPaper | KeptLetter | KeptAmendment:
    """Return a draft as it stands now, or what was issued as it was then.

    Raises:
        InputRejectedError: When there is none with that key.
    """
    with workspace.reading() as session:
        draft = letters.find_draft(session, key)
        if draft is not None:
            return letter_making.paper_of(workspace, session, draft)
        if key.startswith(PREFIX) and (amendment := amendments.find(session, key)):
            return amendment
    return kept_letters.find(workspace, key)


def _file(
    workspace: Workspace, paper: LetterPaper | KeptLetter | KeptAmendment, ending: str
) -> bytes:
    if isinstance(paper, _Original):
        return paper.file(ending)
    if ending == PDF:
        return letter_making.pdf_file(paper)
    return letter_making.word_file(workspace, paper)


def _name(paper: LetterPaper | KeptLetter | KeptAmendment) -> str:
    if isinstance(paper, _Original):
        return paper.name
    return f"{paper.addressee}-{paper.number or paper.kind.label}"
