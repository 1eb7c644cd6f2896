"""What is issued about a letter later (延期, 更正): kept as papers of their own with own dates.

The letter itself stays as it was issued. What an amendment says is held by its kept paper alone, so
that nothing else can say otherwise; a unit keeps it as it came in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import reject
from fsdesk.domain.output.issued_papers import WORD, Kept
from fsdesk.domain.output.official import official
from fsdesk.domain.plain import to_plain
from fsdesk.domain.supervision.amendments import Amendment, AmendmentKind, amendment_title
from fsdesk.services.kept_papers import KeptPaper, parts_of
from fsdesk.services.supervision import letter_making
from fsdesk.store import issued_papers
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from fsdesk.domain.packet.directives import LetterNotice
    from fsdesk.reports.word.amendment_papers import AmendmentPaper
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace


class KeptAmendment(KeptPaper, frozen=True):
    """An amendment as it was issued, or came in."""

    @property
    def name(self) -> str:
        """What its files are called."""
        return str(self.told["name"])

    @property
    def remark(self) -> str:
        """In words: since when it stands as it does."""
        return self.since


def put_out(
    workspace: Workspace, writing: Writing, letter: str, kind: AmendmentKind, body: str
) -> Amendment:
    """Issue an amendment of a letter today, within the transaction that changes what it says."""
    notice = _notice(writing.session, letter)
    day = workspace.clock().astimezone().date()
    made = Amendment(letter, len(notice.amendments) + 1, kind, day, body)
    keep(workspace, writing, made, Kept.ISSUED)
    return made


def keep(workspace: Workspace, writing: Writing, amendment: Amendment, kept: Kept) -> None:
    """Keep an amendment's paper as it is now."""
    from fsdesk.reports.word.amendment_papers import amendment_document, amendment_pages

    paper = _paper(workspace, writing.session, amendment)
    parts = parts_of(
        amendment_pages(paper),
        paper.name,
        {WORD: amendment_document(paper)},
        amendment=to_plain(amendment),
        name=f"{paper.addressee}-{paper.name}",
    )
    issued_papers.save(writing, amendment.key, kept, parts)


def find(session: Session, key: str) -> KeptAmendment | None:
    """Return an amendment by its key, as it was kept; None when there is none.

    Raises:
        InputRejectedError: When what was kept is damaged.
    """
    paper = issued_papers.find(session, key)
    return KeptAmendment(paper) if paper is not None else None


def _paper(workspace: Workspace, session: Session, amendment: Amendment) -> AmendmentPaper:
    from fsdesk.reports.word.amendment_papers import AmendmentPaper

    notice = _notice(session, amendment.letter)
    head = letter_making.paper_of(workspace, session, notice)
    return AmendmentPaper(
        number=head.number,
        title=amendment_title(amendment.kind, head.kind),
        addressee=head.addressee,
        body=[official(line) for line in amendment.body.splitlines() if line.strip()],
        signatory=head.signatory,
        seal=head.signed,
        day=amendment.day,
        contact=head.contact,
    )


def _notice(session: Session, key: str) -> LetterNotice:
    found = letters.notice(session, key)
    if found is None:
        raise reject("登记簿中没有这份函件", "请刷新后再试")
    return found
