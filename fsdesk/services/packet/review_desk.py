"""What the office judges by: all reports of a period, and one beside all that tells of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import IndicatorKind
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
)
from fsdesk.domain.records.submissions import ReviewState, SubmissionState
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.reports import covering, owed
from fsdesk.domain.status.shares import paced
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import review_undo
from fsdesk.services.quality import data_quality
from fsdesk.services.records import opinions
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.quality.doubts import DataDoubt
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.records.submissions import Opinion, Review
    from fsdesk.domain.status.results import TaskResult
    from fsdesk.domain.status.shares import PacedText
    from fsdesk.domain.status.year import Year
    from fsdesk.services.status.unit_forms import IndicatorLine, TaskForm, UnitForm
    from fsdesk.store.records.submissions import Submission
    from fsdesk.workspace import Workspace


class ReviewedReport(Struct, frozen=True):
    """A report that is owed or has come, as it stands between unit and office.

    Attributes:
        period: Its own period: who reports by quarters has a quarter in the list of its last month.
        made_at: When the unit first made it, as it says, ISO text in UTC; empty while it has not
            come. It counts for whether it came in time.
        corrected_at: When what stands now was made; empty while that is the first.
        on_time: Whether by its due day; None while it has not come.
        left_out: Why its data does not count (不计入); empty when it does.
        digest: Digest of what it says: another one is another report.
        conflicts: Edits made apart in it that wait for a decision.
        revocable: Whether the verdict that stands can be taken back.
    """

    unit: str
    name: str
    period: Period
    state: SubmissionState = SubmissionState.NONE
    made_at: str = ""
    corrected_at: str = ""
    on_time: bool | None = None
    doubted: bool = False
    left_out: str = ""
    digest: str = ""
    conflicts: int = 0
    revocable: bool = False

    @property
    def waits(self) -> bool:
        """Whether the office should judge it now."""
        return self.state is SubmissionState.SUBMITTED

    @property
    def came(self) -> bool:
        """Whether there is a report to judge."""
        return bool(self.digest) or self.state is not SubmissionState.NONE

    @property
    def locked(self) -> bool:
        """Whether it is accepted, so that its records stay as they are."""
        return self.state is SubmissionState.ACCEPTED

    @property
    def state_label(self) -> str:
        """The word on screen."""
        label = "待审核" if self.waits else self.state.label
        doubt = "，时间存疑" if self.doubted else ""
        return label + doubt + ("，不计入" if self.left_out else "")


class ReviewDesk(Struct, frozen=True):
    """All reports of a period; they are judged by the plan of the year."""

    plan: Plan
    period: Period
    reports: tuple[ReviewedReport, ...]

    @property
    def came(self) -> tuple[ReviewedReport, ...]:
        """The reports that have come."""
        return tuple(each for each in self.reports if each.came)

    @property
    def waiting(self) -> tuple[ReviewedReport, ...]:
        """The reports that wait for a verdict."""
        return tuple(each for each in self.reports if each.waits)

    @property
    def words(self) -> str:
        """How far the office has come."""
        judged = len(self.came) - len(self.waiting)
        return f"已审 {judged}/{len(self.came)}，应报 {len(self.reports)}"


def review_desk(workspace: Workspace, period: Period) -> ReviewDesk:
    """Return every report that is owed for a period, or has come for a part of it."""
    workspace = workspace.latest
    with workspace.reading() as session:
        year = aggregation.year_in(session, workspace, workspace.identity.year, ())
        known = {(each.unit, each.period): each for each in submissions.submissions(session)}
        due = [
            (unit, str(one))
            for unit, one in owed(year.plan, period, year.since)
            if (unit, str(one)) in known or covering(year.known.reports, unit, one) is None
        ]
        others = [
            whose
            for whose, each in known.items()
            if whose not in due and _lies_in(Period.parse(each.period), period)
        ]
        listed = [*due, *others]
        waiting = Counter(
            (front.record.key.unit, front.record.key.period)
            for front, _ in records.conflicts(session)
        )
        out = submissions.left_out(session)
        verdicts = review_undo.open_verdicts(session, listed)
        made = submissions.made_times(
            session, [each.packet for whose in listed if (each := known.get(whose))]
        )
    found = (
        replace(
            _report(year, unit, text, known.get((unit, text)), made),
            left_out=aggregation.why_left_out(out, unit, Period.parse(text)),
            conflicts=waiting[unit, text],
            revocable=verdicts.get((unit, text)) is not None,
        )
        for unit, text in listed
    )
    return ReviewDesk(year.plan, period, tuple(found))


def _lies_in(report: Period, period: Period) -> bool:
    """Tell whether a report nobody asked for is judged with a period: it ends in it."""
    return report.overlaps(period) and report.last_month <= period.last_month


def waiting_reports(workspace: Workspace) -> tuple[tuple[str, Period], ...]:
    """Return unit and period of every report of the year that waits for a verdict, oldest first."""
    year = str(workspace.identity.year)
    with workspace.reading() as session:
        found = [
            (each.unit, Period.parse(each.period))
            for each in submissions.submissions(session)
            if each.state is SubmissionState.SUBMITTED and each.period.startswith(year)
        ]
    return tuple(sorted(found, key=lambda each: each[1].order))


def _report(
    year: Year, unit: str, text: str, found: Submission | None, made: Mapping[str, str]
) -> ReviewedReport:
    period = Period.parse(text)
    row = ReviewedReport(unit, year.plan.unit_name(unit), period)
    if found is None or found.state is SubmissionState.DRAFT:
        return row
    came = year.known.reports[unit, period]
    newest = made.get(found.packet, "")
    return replace(
        row,
        state=found.state,
        made_at=found.made_at,
        corrected_at=newest if newest != found.made_at else "",
        on_time=came.on_time,
        doubted=came.doubted,
        digest=found.digest,
    )


# One report


class ReportRow(Struct, frozen=True):
    """One record of a report beside all that it is judged by.

    Attributes:
        task: Code of its task.
        previous: What was last recorded in an earlier period of the year.
        to_date: The unit's figure over the year up to the period; empty for words and states.
        target: The unit's own target, or that of all units together.
        shown: How far it has come beside what should be reached; None where there is no figure.
        joint: Whether that, and the target, are of all units together: this one has no own.
        light: The judgement on the unit's own part.
        evidence: The files that prove it.
        stays: Of a deliverable of which nothing was said, whether its earlier state goes on.
        value: The number in `to_date`; None without one.
        goal: The number in `target`, or the day of a deliverable.
    """

    key: RecordKey
    task: str
    content: Content
    previous: Content | None
    to_date: str = ""
    target: str = ""
    shown: PacedText | None = None
    joint: bool = False
    light: Light = Light.GREY
    evidence: tuple[Attachment, ...] = ()
    stays: bool = False
    value: float | None = None
    goal: float | date | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in."""
        if isinstance(self.content, ProgressReport):
            return not self.content.text
        if isinstance(self.content, Milestone):
            return self.content.status is None
        return self.content == DataValue()


class ReportSheet(Struct, frozen=True):
    """A unit's report of a period, row by row in the plan's order.

    Attributes:
        review: What the office said of it last; None when it has not yet.
        opinions: What it was returned with and the unit's answers, until it is accepted.
    """

    plan: Plan
    unit: str
    period: Period
    rows: tuple[ReportRow, ...]
    review: Review | None = None
    opinions: tuple[Opinion, ...] = ()

    def opinions_on(self, item: str) -> tuple[Opinion, ...]:
        """Return the opinion on a record by its code, and the one on the whole report."""
        return tuple(each for each in self.opinions if each.item in {item, ""})

    @property
    def said(self) -> Mapping[str, str]:
        """The words on single records that a returned report was returned with, by their code."""
        if self.review is None or self.review.state is not ReviewState.RETURNED:
            return {}
        return {row.record.item: row.comment for row in self.review.rows}

    @property
    def filled(self) -> int:
        """How many rows say anything."""
        return sum(not row.empty for row in self.rows)


class ReportDoubts(Struct, frozen=True):
    """What the rules of data quality find in a unit's data up to a period.

    Attributes:
        rows: Doubts of single records of the period, by the code of the item.
        elsewhere: How many lie in ledgers and in other periods.
    """

    rows: Mapping[str, tuple[DataDoubt, ...]]
    elsewhere: int


def report_sheet(workspace: Workspace, unit: str, period: Period) -> ReportSheet:
    """Return what a unit is asked for in a period and what it said, with what it is judged by."""
    workspace = workspace.latest
    form = unit_forms.unit_form(workspace, unit, period)
    status = aggregation.status(workspace, period)
    judged = next((each.tasks for each in status.units if each.unit == unit), ())
    by_code = {each.task.code: each for each in judged}
    together = {
        each.indicator.code: paced(each.attainment, each.pace, status.rules)
        for each in status.indicators
        if each.attainment is not None
    }
    rows = [
        row
        for task in form.tasks
        for row in _rows(form, task, by_code.get(task.task.code), together)
    ]
    return ReportSheet(
        form.plan,
        unit,
        period,
        tuple(rows),
        form.review,
        opinions.opinions(workspace, unit, period),
    )


def report_doubts(workspace: Workspace, unit: str, period: Period) -> ReportDoubts:
    """Return what is doubtful in a unit's data up to a period, without what may stay as it is."""
    found = run_through(data_quality.examine(workspace.latest, period, unit))
    rows: dict[str, tuple[DataDoubt, ...]] = {}
    for doubt in (doubt for group in found.groups for doubt in group.doubts):
        spot = doubt.spot
        if spot.item and not spot.ledger and spot.period == str(period):
            rows[spot.item] = (*rows.get(spot.item, ()), doubt)
    return ReportDoubts(rows, found.count() - sum(map(len, rows.values())))


def _rows(
    form: UnitForm,
    task: TaskForm,
    judged: TaskResult | None,
    together: Mapping[str, PacedText],
) -> Iterator[ReportRow]:
    code, unit, period = task.task.code, form.unit, form.period

    def key(kind: RecordKind, item: str) -> RecordKey:
        return RecordKey(kind, item, unit, str(period))

    def proofs(item: str) -> Sequence[Attachment]:
        return form.evidence.get(item, ())

    yield ReportRow(
        key(RecordKind.PROGRESS, code),
        code,
        task.report,
        task.previous,
        light=judged.light if judged else Light.GREY,
        evidence=tuple(proofs(code)),
    )
    for line in task.indicators:
        item, joint = line.indicator.code, _is_joint(form, line)
        own = line.shown if line.attainment is not None else None
        share = line.indicator.share_of(unit)
        goal = line.indicator.target if share is None else share
        yield ReportRow(
            key(RecordKind.VALUE, item),
            code,
            line.data,
            line.previous,
            unit_forms.figure_text(line, period),
            line.indicator.text_of(goal),
            together.get(item) if joint else own,
            joint,
            line.light,
            tuple(proofs(item)),
            value=line.to_date.value,
            goal=goal,
        )
    lights = {part.code: part.light for part in judged.parts} if judged else {}
    for each in task.deliverables:
        item = each.deliverable.code
        due = each.deliverable.due
        yield ReportRow(
            key(RecordKind.MILESTONE, item),
            code,
            each.milestone,
            each.previous,
            target=f"{due.month}月{due.day}日前" if due else "",
            light=lights.get(item, Light.GREY),
            evidence=tuple(proofs(item)),
            stays=each.milestone.status is None and each.settled,
            goal=due,
        )


def _is_joint(form: UnitForm, line: IndicatorLine) -> bool:
    """Tell whether only what all units reach together can be judged."""
    item = line.indicator
    alone = item.kind is IndicatorKind.RATIO or len(form.plan.reporters(item)) == 1
    return item.share_of(form.unit) is None and not alone
