"""The papers that were published with a period, also those that later ones replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import reject
from fsdesk.domain.output.endings import required_ending
from fsdesk.domain.output.issued_papers import PDF, WORD, XLSX
from fsdesk.domain.output.kinds import Form, kind_of
from fsdesk.files import make_folder, save_bytes
from fsdesk.services.output import kept_tables
from fsdesk.store import issued_papers
from fsdesk.store.status import published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.published import Publication
    from fsdesk.workspace import Workspace


class PublishedPaper(Struct, frozen=True):
    """A paper as it was published.

    Attributes:
        subject: Under what name it is kept.
        name: What it is, and when it was published.
        endings: Those of the files that are kept of it.
        replaced: Whether another one was published since, which counts.
    """

    subject: str
    name: str
    endings: tuple[str, ...]
    replaced: bool = False

    @property
    def words(self) -> str:
        """How it stands in a list."""
        return f"{self.name}（已被以后的发布取代）" if self.replaced else self.name


def listed(workspace: Workspace, period: Period) -> tuple[PublishedPaper, ...]:
    """Return every kept paper of a period's publications that were not revoked, newest first."""
    with workspace.reading() as session:
        known = issued_papers.known(session)
        outs = [out for out in published.publications(session) if out.period == period]
    several = len(outs) > 1  # of one day they are told apart by their number
    told = [(out, f"第{n}次：{out}" if several else str(out)) for n, out in enumerate(outs, 1)]
    return tuple(
        PublishedPaper(subject, f"{title}（{words}）", endings, replaced=out != outs[-1])
        for out, words in reversed(told)
        for subject, title, endings in _papers(out)
        if subject in known
    )


def write(workspace: Workspace, paper: PublishedPaper, file: Path) -> None:
    """Write a paper as it was published; the file's ending picks which of its files.

    Raises:
        InputRejectedError: When it is kept no more, or damaged, for another ending, or when the
            file can't be written.
    """
    ending = required_ending(file, "这份原件", paper.endings)
    with workspace.reading() as session:
        kept = issued_papers.find(session, paper.subject)
    if kept is None:
        raise reject("这份原件已随发布一起撤销", "请刷新后再试")
    make_folder(file.parent)
    save_bytes(file, kept.parts[ending])


def _papers(out: Publication) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield under what names the papers of a publication would be kept, with title and files."""
    yield out.paper, kind_of(Form.BULLETIN, Form.BULLETIN).title, (PDF, WORD)
    for kind in kept_tables.KINDS:
        yield out.table(kind), kind_of(Form.TABLE, kind).title, (PDF, XLSX)
