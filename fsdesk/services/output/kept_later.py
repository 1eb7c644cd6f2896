"""Papers that earlier programs published without keeping them: kept once, as they are shown now.

The figures in them are those that were published; names, wording and layout are of that moment.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fsdesk.domain.output.issued_papers import Kept
from fsdesk.domain.status.published import bulletin_issue
from fsdesk.services.output import bulletin, publishing
from fsdesk.store import issued_papers
from fsdesk.store.status import published as store
from fsdesk.unforeseen import Several

if TYPE_CHECKING:
    from fsdesk.domain.status.published import Publication
    from fsdesk.workspace import Workspace


def keep_missing(workspace: Workspace) -> int:
    """Keep the papers of what counts as published and has none, one publication at a time.

    Return of how many. One that fails stops no other: what is wrong is told when it is opened.
    """
    if not workspace.identity.is_office:
        return 0
    with workspace.reading() as session:
        newest = {out.period: out for out in store.publications(session)}
        there = issued_papers.known(session)
    done, several = 0, Several()
    for out in newest.values():
        if out.table("tasks") in there:
            continue
        with several.attempt():
            _keep(workspace, out, has_bulletin=out.paper in there)
            done += 1
    return done


def _keep(workspace: Workspace, out: Publication, *, has_bulletin: bool) -> None:
    issue = bulletin_issue(out.occasion)
    make = None
    if issue and not has_bulletin:
        make = partial(bulletin.parts_to_keep, period=out.period, issue=issue)
    publishing.keep_papers(workspace, out, Kept.UPGRADED, make)
