"""Publishing (发布) with its papers: the tables, and the bulletin where there is one, are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk import unforeseen
from fsdesk.domain.findings import FsdeskError, InputRejectedError, PartlyDoneError, notice
from fsdesk.domain.output.issued_papers import Kept
from fsdesk.domain.output.kinds import Form, kind_of
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


class PutOut(Struct, frozen=True):
    """What was published.

    Attributes:
        left_out: The tables that could not be made and thus are not kept, each with why.
    """

    publication: Publication
    left_out: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """In words, what is said after publishing; empty where nothing is missing."""
        names = "；".join(self.left_out)
        return f"没有生成、没有留存的表：{names}" if names else ""


def publish(
    workspace: Workspace,
    period: Period,
    occasion: str = "",
    bulletin: Callable[[Workspace], Parts] | None = None,
) -> PutOut:
    """Publish the figures of a period as they are now, and keep the papers that show them.

    `bulletin`: makes the bulletin from the published figures, where it goes out with them.

    Raises:
        InputRejectedError: When this isn't the office, or the period is not over.
        PartlyDoneError: When a paper fails after the figures were published; that is taken back.
    """
    out = published.publish(workspace, period, occasion)
    try:
        left_out = keep_papers(workspace, out, Kept.ISSUED, bulletin)
    except Exception as problem:
        found = unforeseen.told(problem, workspace.folder / "logs")
        raise PartlyDoneError(_taken_back(workspace, period), *found) from problem
    return PutOut(out, left_out)


def keep_papers(
    workspace: Workspace,
    out: Publication,
    kept: Kept,
    bulletin: Callable[[Workspace], Parts] | None = None,
) -> tuple[str, ...]:
    """Keep the papers of what was published: they are laid out first, then stored together.

    Return the tables that there are none of, such as one that no paper is wide enough for, with
    the reason.
    """
    as_published = workspace.published
    left_out: list[str] = []
    papers: dict[str, Parts] = {}
    for kind in kept_tables.KINDS:
        try:
            papers[out.table(kind)] = reporting.parts_to_keep(as_published, kind, out.period)
        except InputRejectedError as problem:
            left_out.append(f"{kind_of(Form.TABLE, kind).title}（{problem.findings[0].message}）")
    if bulletin is not None:
        papers[out.paper] = bulletin(as_published)
    with workspace.writing() as writing:
        for subject, parts in papers.items():
            issued_papers.save(writing, subject, kept, parts)
    return tuple(left_out)


def _taken_back(workspace: Workspace, period: Period) -> Finding:
    """Take back what was published without its papers, and tell how far that went."""
    try:
        published.revoke(workspace, period)
    except FsdeskError:
        return notice(f"{period.label}的数字已发布，但材料没有写成", "请撤销发布，或重新发布")
    return notice(f"材料没有写成，{period.label}的数字发布后又已撤销")
