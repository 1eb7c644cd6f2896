"""Whose paper is made: name, day, and whose reports its figures rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.output.kinds import require_maker
from fsdesk.domain.output.reporting import Reporting
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.submissions import RECEIVED
from fsdesk.services.plan.planning import current_plan, plan_in
from fsdesk.services.status import aggregation
from fsdesk.store import identity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from fsdesk.domain.output.kinds import Form
    from fsdesk.domain.periods import Period
    from fsdesk.services.status.aggregation import UnitReport
    from fsdesk.workspace import Workspace


def require(workspace: Workspace, form: Form, kind: str) -> None:
    """Make sure that a workspace's role may make a kind of output.

    Raises:
        InputRejectedError: When it may not, or there is no such kind.
    """
    name = office_of(current_plan(workspace))
    require_maker(form, kind, office=workspace.identity.is_office, name=name)


def head_of(workspace: Workspace, period: Period | None = None) -> PaperHead:
    """Return what stands over a workspace's papers; without a period they rest on no reports."""
    whose = workspace.identity
    with workspace.reading() as session:
        plan, office = plan_in(session, whose.year), identity.load_office(session)
    made_on = workspace.clock().astimezone().date()
    if not whose.is_office:
        name = office.in_full(plan.unit_name(whose.unit))
        return PaperHead(name, made_on, whose.unit, office=office)
    told = Reporting() if period is None else reporting_of(workspace, period)
    name = office.office_name(plan.issuer or plan.unit_name(whose.unit))
    return PaperHead(name, made_on, reporting=told, office=office)


def reporting_of(workspace: Workspace, period: Period) -> Reporting:
    """Return what has become of a period's reports; of a published one, what had then.

    In a unit's workspace it is of nobody: whether others have reported is not known there.
    """
    if not workspace.identity.is_office:
        return Reporting()
    reports = aggregation.reports_of(workspace, period)
    kept = aggregation.kept_figures(workspace, period)
    out = kept.status.publication if kept else None
    return reporting_as(reports, out.day if out else workspace.clock().astimezone().date())


def reporting_as(reports: Sequence[UnitReport], as_of: date) -> Reporting:
    """Return what has become of reports, as was known on a day."""
    received = [report for report in reports if report.state in RECEIVED]
    return Reporting(
        expected=tuple(report.name for report in reports),
        on_time=tuple(report.name for report in received if report.on_time),
        late=tuple(report.name for report in received if not report.on_time),
        missing=tuple(report.name for report in reports if report not in received),
        as_of=as_of,
    )
