"""Publishing (发布) with its papers: the tables, and the bulletin where there is one, are kept."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from fsdesk import unforeseen
from fsdesk.domain.findings import FsdeskError, InputRejectedError, PartlyDoneError, notice
from fsdesk.domain.output.issued_papers import Kept
from fsdesk.services.output import kept_tables, reporting
from fsdesk.services.status import published
from fsdesk.store import issued_papers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.published import Publication
    from fsdesk.workspace import Workspace

    Parts = Mapping[str, bytes]


def publish(
    workspace: Workspace,
    period: Period,
    occasion: str = "",
    bulletin: Callable[[Workspace], Parts] | None = None,
) -> Publication:
    """Publish the figures of a period as they are now, and keep the papers that show them.

    `bulletin`: makes the bulletin from the published figures, where it goes out with them.

    Raises:
        InputRejectedError: When this isn't the office, or the period is not over.
        PartlyDoneError: When a paper fails after the figures were published; that is taken back.
    """
    out = published.publish(workspace, period, occasion)
    try:
        keep_papers(workspace, out, Kept.ISSUED, bulletin)
    except Exception as problem:
        found = unforeseen.told(problem, workspace.folder / "logs")
        raise PartlyDoneError(_taken_back(workspace, period), *found) from problem
    return out


def keep_papers(
    workspace: Workspace,
    out: Publication,
    kept: Kept,
    bulletin: Callable[[Workspace], Parts] | None = None,
) -> None:
    """Keep the papers of what was published: they are laid out first, then stored together."""
    as_published = replace(workspace, as_published=True)
    papers: dict[str, Parts] = {}
    for kind in kept_tables.KINDS:
        # A table that there is none of, such as one that no paper is wide enough for, is not out.
        with suppress(InputRejectedError):
            papers[out.table(kind)] = reporting.parts_to_keep(as_published, kind, out.period)
    if bulletin is not None:
        papers[out.paper] = bulletin(as_published)
    with workspace.writing() as writing:
        for subject, parts in papers.items():
            issued_papers.save(writing, subject, kept, parts)


def _taken_back(workspace: Workspace, period: Period) -> Finding:
    """Take back what was published without its papers, and tell how far that went."""
    try:
        published.revoke(workspace, period)
    except FsdeskError:
        return notice(f"{period.label}的数字已发布，但材料没有写成", "请撤销发布，或重新发布")
    return notice(f"材料没有写成，{period.label}的数字发布后又已撤销")
