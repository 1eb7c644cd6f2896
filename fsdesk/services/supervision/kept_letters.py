"""Letters as they were issued: kept at that moment, and shown, printed and saved from then on.

Names, templates, fonts, rules and the day for the reply may change later; what the unit got in its
hands does not. A unit keeps a letter as it came in.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import reject
from fsdesk.domain.output.issued_papers import WORD, IssuedPaper, Kept
from fsdesk.domain.periods import date_text
from fsdesk.domain.plain import to_plain
from fsdesk.services.kept_papers import KeptPaper, parts_of
from fsdesk.services.supervision import letter_making
from fsdesk.store import issued_papers
from fsdesk.store.supervision import letters
from fsdesk.unforeseen import Several

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.packet.directives import LetterNotice
    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.reports.word.letter_papers import LetterPaper
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

_LETTER = "letter/"


class KeptLetter(KeptPaper, frozen=True):
    """A letter as it was issued."""

    letter: Letter

    @property
    def content(self) -> Mapping[str, Any]:
        """What stood on it, by field of `LetterPaper`."""
        return self.told["paper"]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{self.content['addressee']}-{self.letter.document_number}"

    @property
    def remark(self) -> str:
        """In words: since when it stands as it does, and what was granted after that."""
        if self.letter.reply_by == date.fromisoformat(self.content["reply_by"]):
            return self.since
        return f"{self.since}其后回复期限已改为{date_text(self.letter.reply_by)}。"


class Ready:
    """Papers that are laid out before a transaction begins, so that it stays short.

    Should something have changed meanwhile, the paper is laid out anew.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Begin with none."""
        self._workspace = workspace
        self._made: list[tuple[LetterPaper, Mapping[str, bytes]]] = []

    def lay_out(self, notices: Iterable[LetterNotice]) -> None:
        """Lay out letters as they are, or would be issued."""
        with self._workspace.reading() as session:
            papers = [letter_making.paper_of(self._workspace, session, each) for each in notices]
        self._made = [(paper, _parts(self._workspace, paper)) for paper in papers]

    @property
    def made(self) -> tuple[Mapping[str, bytes], ...]:
        """The parts of each paper that was laid out."""
        return tuple(parts for _, parts in self._made)

    def parts(self, paper: LetterPaper) -> Mapping[str, bytes]:
        """Return the parts of a letter's paper."""
        made = next((parts for known, parts in self._made if known == paper), None)
        return made or _parts(self._workspace, paper)


def keep(
    workspace: Workspace, writing: Writing, key: str, kept: Kept, ready: Ready | None = None
) -> KeptLetter:
    """Keep a letter as it is now, within the transaction that issued or received it."""
    notice = _notice(writing.session, key)
    paper = letter_making.paper_of(workspace, writing.session, notice)
    parts = (ready or Ready(workspace)).parts(paper)
    return KeptLetter(issued_papers.save(writing, _subject(key), kept, parts), notice.issued)


def let_go(writing: Writing, letter: Letter) -> None:
    """Let go of a letter whose issue was taken back: it never left, and is a draft again."""
    issued_papers.remove(writing, _subject(letter.key))


def find(workspace: Workspace, key: str) -> KeptLetter:
    """Return a letter as it was issued; one of an earlier program is kept now, as it is shown.

    Raises:
        InputRejectedError: When there is no such letter, or what was kept is damaged.
    """
    with workspace.reading() as session:
        notice = _notice(session, key)
        paper = issued_papers.find(session, _subject(key))
    letter = notice.issued
    if paper is not None:
        return KeptLetter(paper, letter)
    ready = Ready(workspace)
    ready.lay_out([notice])
    if not workspace.is_held:  # only looked at: it is shown and not kept
        (parts,) = ready.made
        return KeptLetter(IssuedPaper(_subject(key), Kept.UPGRADED, workspace.now(), parts), letter)
    with workspace.writing() as writing:
        paper = issued_papers.find(writing.session, _subject(key))
        if paper is not None:
            return KeptLetter(paper, letter)
        return keep(workspace, writing, key, Kept.UPGRADED, ready)


def keep_missing(workspace: Workspace) -> int:
    """Keep the letters that an earlier program issued, one at a time; return how many.

    One that can't be laid out stops no other: what is wrong is told when it is opened.
    """
    with workspace.reading() as session:
        there = known(session)
        missing = [each.key for each in letters.letters(session) if each.key not in there]
    done, several = 0, Several()
    for key in missing:
        with several.attempt():
            find(workspace, key)
            done += 1
    return done


def known(session: Session) -> dict[str, Kept]:
    """Return how letters are kept, by their keys."""
    papers = issued_papers.known(session)
    return {
        subject.removeprefix(_LETTER): kept
        for subject, kept in papers.items()
        if subject.startswith(_LETTER)
    }


def _parts(workspace: Workspace, paper: LetterPaper) -> Mapping[str, bytes]:
    from fsdesk.reports.word.letter_pages import letter_pages

    files = {WORD: letter_making.word_file(workspace, paper)}
    return parts_of(letter_pages(paper), paper.name, files, paper=to_plain(paper))


def _notice(session: Session, key: str) -> LetterNotice:
    found = letters.notice(session, key)
    if found is None:
        raise reject("登记簿中没有这份函件", "请刷新后再试")
    return found


def _subject(key: str) -> str:
    return f"{_LETTER}{key}"
