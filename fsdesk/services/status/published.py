"""Publishing (发布): a period's figures are kept as they were put out, and compared with now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.findings import reject
from fsdesk.domain.plain import to_plain
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.comparison import compare_status
from fsdesk.domain.status.published import PublishedDifference
from fsdesk.services.plan.planning import require_office
from fsdesk.services.status import aggregation
from fsdesk.services.status.aggregation import KeptFigures
from fsdesk.services.status.published_causes import Causes
from fsdesk.store import issued_papers
from fsdesk.store.status import published as store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.published import Publication
    from fsdesk.workspace import Workspace


def why_not(workspace: Workspace, period: Period) -> str:
    """Say why a period can't be published yet; empty when it can."""
    if period.last_day < workspace.clock().astimezone().date():
        return ""
    return f"{period.label}还没有结束，结束以后才能发布"


def publish(workspace: Workspace, period: Period, occasion: str = "") -> Publication:
    """Keep the figures of a period as they are now: from now on they are what it shows.

    `occasion`: such as 工作通报第3期.

    Raises:
        InputRejectedError: When this isn't the office, or the period is not over.
    """
    require_office(workspace, "发布数字")
    reason = why_not(workspace, period)
    if reason:
        raise reject(reason, "请选择已经结束的报告期")
    with workspace.writing() as writing:
        # Nobody else can write meanwhile, so the figures are those of the log's newest line.
        kept = _figures_now(workspace.latest, period)
        return store.save(writing, period, occasion.strip(), to_plain(kept))


def _figures_now(latest: Workspace, period: Period) -> KeptFigures:
    status = aggregation.status(latest, period)
    reports = aggregation.completeness(latest)
    return KeptFigures(
        replace(status, publication=None),
        aggregation.reports_of(latest, period),
        tuple(zip(reports.units, reports.names, strict=True)),
        tuple((unit, month, state) for (unit, month), state in sorted(reports.states.items())),
        tuple(sorted(reports.owed)),
        aggregation.progress_texts(latest, status.plan, period),
        aggregation.parts_of(latest, period),
    )


def published(workspace: Workspace, period: Period) -> Publication | None:
    """Return as what the figures of a period are published; None where they are not."""
    with workspace.reading() as session:
        return store.newest(session, period)


def publications(workspace: Workspace) -> tuple[Publication, ...]:
    """Return everything that was published and not revoked, oldest first."""
    with workspace.reading() as session:
        return store.publications(session)


def revoke(workspace: Workspace, period: Period) -> Publication | None:
    """Take the last publishing of a period back; the change log keeps that it was.

    Return the earlier one that counts again, or None.

    Raises:
        InputRejectedError: When this isn't the office, or the period is not published.
    """
    require_office(workspace, "撤销发布")
    with workspace.writing() as writing:
        found = store.newest(writing.session, period)
        if found is None:
            raise reject(f"{period.label}的数字没有发布过", "请核对报告期")
        store.remove(writing, found)
        for subject in filter(found.owns, issued_papers.known(writing.session)):
            issued_papers.remove(writing, subject)
        return store.newest(writing.session, period)


def differences(workspace: Workspace, period: Period) -> tuple[PublishedDifference, ...]:
    """Return line by line what is another figure now than was published, and why.

    Raises:
        InputRejectedError: When the period is not published.
    """
    then = aggregation.kept_figures(workspace.published, period)
    if then is None or then.status.publication is None:
        raise reject(f"{period.label}的数字没有发布过", "请核对报告期")
    now = aggregation.status_now(workspace, period)
    causes = Causes(workspace, then.status, now)
    found = [
        PublishedDifference(
            change.what.label, change.name, change.before, change.after, causes.of(change)
        )
        for change in compare_status(then.status, now)
    ]
    return (*found, *_report_differences(workspace, period, then, causes))


def _report_differences(
    workspace: Workspace, period: Period, then: KeptFigures, causes: Causes
) -> Iterator[PublishedDifference]:
    """Name the units whose report has come since, or came to be judged otherwise."""
    before = {report.unit: report for report in then.reports}
    for report in aggregation.reports_of(workspace.latest, period):
        former = before.get(report.unit)
        was = _report_words(former) if former else SubmissionState.NONE.label
        now = _report_words(report)
        if was != now:
            yield PublishedDifference("报送", report.name, was, now, causes.of_report(report.unit))


def _report_words(report: aggregation.UnitReport) -> str:
    late = "（逾期）" if report.on_time is False else ""
    return f"{report.state_label}{late}"
