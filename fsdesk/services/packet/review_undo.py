"""Taking a review back (撤销审核): as long as no FEEDBACK packet has told the unit of it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from fsdesk.domain.findings import reject
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.records.submissions import Direction
from fsdesk.services.plan.planning import current_plan, require_office
from fsdesk.store import audit
from fsdesk.store.packet import snapshots
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from fsdesk.domain.periods import Period
    from fsdesk.domain.records.submissions import Review
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

# The line of the change log that holds a report's review before and after a verdict.
_VERDICT, _REPORT = "verdict", "submission"


@contextmanager
def noted_verdict(writing: Writing, unit: str, period: str) -> Generator[None]:
    """Note what the block changes in the review of a report, so that it can be taken back."""
    name = f"{unit}/{period}"
    before = snapshots.state_of(writing.session, _REPORT, name)
    yield
    after = snapshots.state_of(writing.session, _REPORT, name)
    audit.log(writing, _VERDICT, f"{_VERDICT}/{name}", json.loads(before), json.loads(after))


def open_verdicts(
    session: Session, reports: Iterable[tuple[str, str]]
) -> Mapping[tuple[str, str], str | None]:
    """Return by unit and period what stood before the verdict that stands, where it can be undone.

    None where a FEEDBACK packet told the unit of it; reports without a verdict, and those that
    have changed since, are left out.
    """
    noted = audit.lines_of(session, _VERDICT)
    told: dict[str, int] = {}  # by unit, up to which line of the log FEEDBACK packets went
    for note in submissions.packets(session):
        if note.direction is Direction.SENT and note.kind is PacketKind.FEEDBACK:
            told[note.unit] = max(note.log_end, told.get(note.unit, 0))
    found: dict[tuple[str, str], str | None] = {}
    for unit, period in reports:
        lines = noted.get(f"{_VERDICT}/{unit}/{period}", ())
        if not lines:
            continue
        stands = json.loads(snapshots.state_of(session, _REPORT, f"{unit}/{period}"))
        for number, line in lines:
            if json.loads(line.after or "null") == stands:
                gone = told.get(unit, 0) >= number
                found[unit, period] = None if gone else line.before or ""
                break
    return found


def take_back(workspace: Workspace, unit: str, period: Period) -> tuple[Review, Review | None]:
    """Take the last review of a report back, as if it had not been given.

    Return it, and the one that stands again; None where the report waits for a verdict again.

    Raises:
        InputRejectedError: When this isn't the office, no verdict stands, or a FEEDBACK packet for
            the unit was made since.
    """
    require_office(workspace, "撤销审核")
    found = current_plan(workspace).find_unit(unit)
    whose = (found.code, str(period))
    with workspace.writing() as writing:
        verdicts = open_verdicts(writing.session, [whose])
        if whose not in verdicts:
            raise reject(
                f"{found.name}{period.label}的报送没有可以撤销的审核",
                "审核以后单位又报送过的，请按现在的内容重新审核",
            )
        before = verdicts[whose]
        if before is None:
            raise reject(
                f"{found.name}{period.label}的审核已随反馈包发出，不能撤销",
                "已接收的可写明原因重新开放，已退回的等该单位重新报送",
            )
        given = submissions.find_review(writing.session, *whose)
        snapshots.put_back(writing, _REPORT, "/".join(whose), before)
        return cast("Review", given), submissions.find_review(writing.session, *whose)
