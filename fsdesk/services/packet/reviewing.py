"""The office's review of reports: accept, return, open again, and comments on records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.clock import later
from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.records.submissions import Review, ReviewState, RowComment
from fsdesk.services.packet.exchange import form_keys
from fsdesk.services.packet.review_undo import noted_verdict
from fsdesk.services.plan.planning import current_plan, require_office
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.periods import Period
    from fsdesk.domain.records.records import Record, RecordKey
    from fsdesk.store.records.submissions import Submission
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace


def accept(
    workspace: Workspace,
    unit: str,
    period: Period,
    comment: str = "",
    rows: Mapping[str, str] | None = None,
) -> Review:
    """Accept a unit's report: its records of the period are locked until they are opened again.

    ``rows`` are words on single records, by the code of the task, indicator or deliverable.

    Raises:
        InputRejectedError: When this isn't the office, the unit has not reported, edits that were
            made apart wait for a decision, or a code is not among what the unit is asked for.
    """
    return _review(workspace, unit, period, (ReviewState.ACCEPTED, comment), rows or {})


def accept_all(
    workspace: Workspace, units: Iterable[str], period: Period
) -> tuple[tuple[Review, ...], tuple[Finding, ...]]:
    """Accept the reports of several units; one that can't be accepted stops none of the others.

    Return what was accepted, and why the others were not.
    """
    accepted: list[Review] = []
    findings: list[Finding] = []
    for unit in units:
        try:
            accepted.append(accept(workspace, unit, period))
        except InputRejectedError as problem:
            findings += problem.findings
    return tuple(accepted), tuple(findings)


def reopen(workspace: Workspace, unit: str, period: Period, reason: str) -> Review:
    """Open an accepted report again (重新开放): its records may be changed, it counts as received.

    Raises:
        InputRejectedError: When this isn't the office, it is not accepted, or no reason is given.
    """
    if not reason.strip():
        raise reject("重新开放时要写明原因", "请填写原因")
    return _review(workspace, unit, period, (ReviewState.REOPENED, reason), {})


def return_report(
    workspace: Workspace,
    unit: str,
    period: Period,
    comment: str,
    rows: Mapping[str, str] | None = None,
) -> Review:
    """Return a unit's report (退回), so that it mends and sends it again.

    ``rows`` are words on single records, by the code of the task, indicator or deliverable.

    Raises:
        InputRejectedError: When this isn't the office, the unit has not reported, its report is
            accepted, no reason is given, or a code is not among what the unit is asked for.
    """
    if not comment.strip():
        raise reject("退回时要写明原因", "请填写退回意见")
    return _review(workspace, unit, period, (ReviewState.RETURNED, comment), rows or {})


def _review(
    workspace: Workspace,
    unit: str,
    period: Period,
    verdict: tuple[ReviewState, str],
    rows: Mapping[str, str],
) -> Review:
    require_office(workspace, "审核报送")
    plan = current_plan(workspace)
    found = plan.find_unit(unit)
    keys = {key.item: key for key in form_keys(plan, found.code, period)}
    with workspace.writing() as writing:
        submission = submissions.find_submission(writing.session, found.code, str(period))
        if submission is None:
            raise reject(f"{found.name}还没有报送{period.label}的数据", "收到报送包后再审核")
        _check_step(writing.session, submission, verdict[0], f"{found.name}{period.label}的报送")
        review = Review(
            state=verdict[0],
            comment=verdict[1].strip(),
            at=later(workspace.now(), submission.reviewed_at),
            rows=tuple(RowComment(_key(keys, code), text) for code, text in rows.items()),
            report=submission.digest,
        )
        with noted_verdict(writing, found.code, str(period)):
            submissions.save_review(writing, found.code, str(period), review)
    return review


def _check_step(session: Session, submission: Submission, wanted: ReviewState, report: str) -> None:
    """Refuse what the report's state does not allow."""
    locked = submission.state == ReviewState.ACCEPTED
    if wanted is ReviewState.RETURNED and locked:
        raise reject(f"{report}已接收锁定，不能退回", "请先写明原因重新开放")
    if wanted is ReviewState.REOPENED and not locked:
        raise reject(f"{report}没有接收锁定，不需要重新开放", "可以直接退回或等待重报")
    if wanted is ReviewState.ACCEPTED:
        whose = (submission.unit, submission.period)
        waiting = {
            mine.record.key
            for mine, _ in records.conflicts(session)
            if (mine.record.key.unit, mine.record.key.period) == whose
        }
        if waiting:
            raise reject(
                f"{report}有 {len(waiting)} 项两边都改过、还没有处理", "请先在“交换”中处理，再接收"
            )


def _key(keys: Mapping[str, RecordKey], code: str) -> RecordKey:
    if code not in keys:
        raise reject(f"该单位的报送中没有编码“{code}”", "请核对编码")
    return keys[code]


def leave_out(workspace: Workspace, unit: str, period: Period, reason: str) -> None:
    """Let a unit's data of a period not count in any total (不计入), e.g. while it is doubtful.

    The data stays where it is. With an empty reason it counts again.

    Raises:
        InputRejectedError: When this isn't the office or the unit is unknown.
    """
    require_office(workspace, "决定是否计入汇总")
    found = current_plan(workspace).find_unit(unit)
    with workspace.writing() as writing:
        submissions.leave_out(writing, found.code, str(period), reason.strip())


def reported(workspace: Workspace, unit: str, period: Period) -> tuple[Record, ...]:
    """Return what a unit has filled in for a period, in the plan's order."""
    keys = form_keys(current_plan(workspace), unit, period)
    with workspace.reading() as session:
        known = {r.key: r for r in records.load_records(session, unit=unit, period=str(period))}
    return tuple(known[key] for key in keys if key in known and not known[key].empty)
