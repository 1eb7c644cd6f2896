"""The form in which a unit sees what is asked of it, with its figures as they count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.ladder.drawing import blank, changed_by_hand, content_text, lacks_reason
from fsdesk.domain.packet.handover import HandedOver, Handover, least
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.records.cycles import cycle_of, times_done
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    Milestone,
    ProgressReport,
    Record,
    RecordKey,
    RecordKind,
    Status,
    empty_content,
)
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status import owing
from fsdesk.domain.status.joint import joint_words
from fsdesk.domain.status.shares import PacedText, paced
from fsdesk.services.records import opinions
from fsdesk.services.status import aggregation, handover
from fsdesk.store.ladder import links
from fsdesk.store.records import attachments, records, submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.ladder.drawing import Drawn
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan, Role, Task
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.records.figures import Figure
    from fsdesk.domain.records.submissions import Opinion, Review
    from fsdesk.domain.status.joint import JointSum, JointSums
    from fsdesk.domain.status.lights import Light
    from fsdesk.domain.status.owing import OwedReport
    from fsdesk.domain.status.year import Year
    from fsdesk.store.identity import Identity
    from fsdesk.workspace import Workspace

_DONE = Status.DONE
# Thirds of what is done three times a quarter add up to 1 but for some 1e-16.
_ROUNDING = 1e-9


class IndicatorLine(Struct, frozen=True):
    """One indicator in a unit's form.

    Attributes:
        previous: The figures last reported in an earlier period; None when nothing was reported.
        since: That period, which may lie months back.
        to_date: The unit's figure over the year up to this period.
        attainment: Against the unit's own target, as a fraction; None where it has none or there
            is no data.
        shown: Attainment beside what should be reached, as they are written.
        light: The judgement on the unit's own part; grey where there is nothing to judge by.
        joint: What the office said of a target that is shared with others, in words; empty for
            any other.
        joint_sum: What they have come to; None where the office never said it.
        drawn: What was taken over from the level's own aggregate (取数); None where nothing was.
    """

    indicator: Indicator
    data: DataValue
    previous: DataValue | None
    to_date: Figure
    attainment: float | None
    shown: PacedText
    light: Light
    joint: str = ""
    joint_sum: JointSum | None = None
    since: Period | None = None
    drawn: Drawn | None = None

    @property
    def lacks_reason(self) -> bool:
        """Whether what was taken over was changed by hand, and no note says why."""
        return lacks_reason(self.data, self.drawn)

    @property
    def drawn_words(self) -> str:
        """What the aggregate said, as it stands beside the figure; empty where it wasn't asked."""
        if self.drawn is None or self.drawn.empty:
            return ""
        words = f"本级汇总 {content_text(self.drawn.content)}，{self.drawn.coverage}已报"
        if not changed_by_hand(self.data, self.drawn) or blank(self.data):
            return words
        return f"{words}；已手工更改" + ("，请在备注中写明原因" if self.lacks_reason else "")


class DeliverableLine(Struct, frozen=True):
    """One deliverable in a unit's form, with its latest state of an earlier period.

    Attributes:
        since: The period of that state, which may lie months back.
        done_before: Of what recurs, how often earlier periods say it was done in this cycle.
    """

    deliverable: Deliverable
    milestone: Milestone
    previous: Milestone | None
    done_before: float = 0.0
    since: Period | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to say.

        A state was chosen now or in an earlier period; what recurs is asked for again in each of
        its cycles until it was done there as often as it should.
        """
        if self.milestone.status is not None:
            return True
        if self.deliverable.kind is DeliverableKind.RECURRING:
            return self.done_before >= self.deliverable.times - _ROUNDING
        return self.previous is not None


class TaskForm(Struct, frozen=True):
    """One task in a unit's form.

    Attributes:
        previous: The last report of an earlier period, or None.
        since: That period, which may lie months back.
        state: How far what is recorded for it in this period has come, the least of all; None where
            there is nothing to hand over.
        opinions: What the office wants mended in it.
    """

    task: Task
    role: Role
    report: ProgressReport
    previous: ProgressReport | None
    indicators: tuple[IndicatorLine, ...]
    deliverables: tuple[DeliverableLine, ...]
    state: Handover | None = None
    since: Period | None = None
    opinions: tuple[Opinion, ...] = ()

    @property
    def exported(self) -> bool:
        """Whether packets have carried all that is recorded for it in this period."""
        return self.state not in {None, Handover.UNSENT}

    @property
    def unanswered(self) -> int:
        """How many opinions on it wait for an answer."""
        return sum(opinion.open for opinion in self.opinions)

    @property
    def expected(self) -> int:
        """How many things are asked for."""
        return 1 + len(self.indicators) + len(self.deliverables)

    @property
    def filled(self) -> int:
        """How many of them are filled in."""
        return (
            bool(self.report.text)
            + sum(line.data != DataValue() for line in self.indicators)
            + sum(line.settled for line in self.deliverables)
        )

    @property
    def begun(self) -> int:
        """How many are begun and not filled in, such as a status without a word of progress."""
        report = bool(self.report != ProgressReport() and not self.report.text)
        things = sum(
            line.milestone != Milestone() and not line.settled for line in self.deliverables
        )
        return report + things


class UnitForm(Struct, frozen=True):
    """Everything that a unit is asked for in a period.

    Attributes:
        plan: The plan of the period.
        unit_name: Its name, also where it is not, or no longer, in that plan.
        unexported: How many records, evidence files and answers to opinions of the period no packet
            has carried as they stand; in the office, how many records it changed itself.
        stands: How far each record of the period has come, by the code of the item.
        ended: Whether the period is over.
        awaited: Whether a report for just this period is to be made: none came that covers it.
        owed_before: While the period goes on, the oldest report that is owed for one that ended.
        review: What the office said of the report; None when it has not yet, or it came again.
        opinions: What the office wants mended since it returned the report, until it accepts it.
        evidence: The files that prove its records, by the code of the item.
    """

    plan: Plan
    unit: str
    unit_name: str
    period: Period
    tasks: tuple[TaskForm, ...]
    state: SubmissionState
    unexported: int
    ended: bool = True
    awaited: bool = False
    owed_before: OwedReport | None = None
    review: Review | None = None
    opinions: tuple[Opinion, ...] = ()
    evidence: Mapping[str, tuple[Attachment, ...]] = field(
        default_factory=dict[str, "tuple[Attachment, ...]"]
    )
    stands: Mapping[str, Handover] = field(default_factory=dict[str, Handover])

    @property
    def comments(self) -> Mapping[str, str]:
        """The office's words on single records, by the code of the item."""
        rows = self.review.rows if self.review else ()
        said = {row.record.item: row.comment for row in rows}
        return said | {opinion.item: opinion.text for opinion in self.opinions if opinion.item}


def unit_form(workspace: Workspace, unit: str, period: Period) -> UnitForm:
    """Return everything that a unit is asked for in a period, with what it has filled in."""
    with workspace.reading() as session:
        held = tuple(records.held(session, unit=unit))
        submission = submissions.find_submission(session, unit, str(period))
        review = submissions.find_review(session, unit, str(period))
        said = opinions.opinions_in(session, unit, str(period))
        files = attachments.attachments(session, unit, str(period))
        year = aggregation.year_in(session, workspace, workspace.identity.year, [period])
        own = [item.record for item in held if item.record.key.period == str(period)]
        at_office = workspace.identity.is_office
        handed = HandedOver() if at_office else handover.handed_over_in(session, workspace)
        stands = _stands(workspace.identity, handed, own)
        sums = None if at_office else handover.known_sums(session, unit)
        drawn = links.drawn(session, unit, str(period))
    plan = year.plan.at(period)
    lines = _FormLines(year, unit, period, [item.record for item in held], said)
    lines.drawn = drawn
    if not at_office:
        lines.tell_sums(sums)
    today = workspace.clock().astimezone().date()
    reports, since = year.known.reports, year.since
    return UnitForm(
        plan=plan,
        unit=unit,
        unit_name=year.plan.unit_name(unit),
        period=period,
        tasks=tuple(lines.task(task, stands) for task in plan.tasks_for(unit)),
        state=submission.state if submission else SubmissionState.DRAFT,
        unexported=(
            sum(state is Handover.UNSENT for state in stands.values())
            if at_office
            else sum(thing.period == str(period) for thing in handed.unsent)
        ),
        ended=period.ended(today),
        awaited=any(
            report.period == period for report in owing.still_owed(plan, unit, reports, since)
        ),
        owed_before=owing.owed_before(plan, unit, period, reports, since, today),
        review=review,
        opinions=said,
        evidence={
            item: tuple(file for file in files if file.record.item == item)
            for item in {file.record.item for file in files}
        },
        stands=stands,
    )


def _stands(whose: Identity, handed: HandedOver, own: Iterable[Record]) -> Mapping[str, Handover]:
    """Return how far each record of a period has come, by the code of its item.

    The office hands nothing over: there it is told what it changed of a unit's itself.
    """
    if whose.is_office:
        edits = {record.key.item: bool(record.revision.of(whose.id)) for record in own}
        return {
            item: Handover.UNSENT if here else Handover.RECEIVED for item, here in edits.items()
        }
    known = handed.of_records()
    found = {record.key.item: known.get(str(record.key)) for record in own}
    return {item: state for item, state in found.items() if state is not None}


class _FormLines:
    """Finds what a unit recorded for each line of its form."""

    def __init__(
        self,
        year: Year,
        unit: str,
        period: Period,
        recorded: Sequence[Record],
        said: Sequence[Opinion] = (),
    ) -> None:
        self.said = said
        self.year, self.plan = year, year.plan.at(period)
        self.unit, self.period = unit, period
        self.sums: JointSums | None = None
        self.joint: Mapping[str, str] = {}
        self.drawn: Mapping[RecordKey, Drawn] = {}
        self.contents: Mapping[RecordKey, Content] = {r.key: r.content for r in recorded}
        self.periods = sorted(
            {Period.parse(r.key.period) for r in recorded}, key=lambda p: p.order, reverse=True
        )

    def tell_sums(self, sums: JointSums | None) -> None:
        """Take in what the office said of shared targets; it needs no telling in the office."""
        self.sums, self.joint = sums, joint_words(self.plan, self.unit, sums)

    def task(self, task: Task, stands: Mapping[str, Handover]) -> TaskForm:
        """Return a task's form; `stands`: how far each record has come, by the code of the item."""
        reported = (i for i in task.indicators if i.typed and self.unit in self.plan.reporters(i))
        codes = {task.code, *(item.code for item in (*task.indicators, *task.deliverables))}
        report = self._now(RecordKind.PROGRESS, task.code)
        previous, since = self._before(RecordKind.PROGRESS, task.code)
        return TaskForm(
            task=task,
            role=self.plan.roles(task.code)[self.unit],
            report=report if isinstance(report, ProgressReport) else ProgressReport(),
            previous=previous if isinstance(previous, ProgressReport) else None,
            indicators=tuple(self._indicator(i) for i in reported),
            deliverables=tuple(self._deliverable(d) for d in task.deliverables),
            state=least(stands[code] for code in codes & stands.keys()),
            since=since,
            opinions=tuple(opinion for opinion in self.said if opinion.item in codes),
        )

    def _indicator(self, indicator: Indicator) -> IndicatorLine:
        data = self._now(RecordKind.VALUE, indicator.code)
        previous, since = self._before(RecordKind.VALUE, indicator.code)
        judged = self.year.indicator(indicator, self.period)
        own = next(part for part in judged.by_unit if part.unit == self.unit)
        sums = self.sums
        return IndicatorLine(
            indicator=indicator,
            data=data if isinstance(data, DataValue) else DataValue(),
            previous=previous if isinstance(previous, DataValue) else None,
            to_date=own.figure,
            attainment=own.attainment,
            shown=paced(own.attainment, judged.pace, self.year.rules),
            light=own.light,
            joint=self.joint.get(indicator.code, ""),
            joint_sum=sums.of(indicator.code) if sums is not None else None,
            since=since,
            drawn=self.drawn.get(self._key(RecordKind.VALUE, indicator.code)),
        )

    def _deliverable(self, deliverable: Deliverable) -> DeliverableLine:
        milestone = self._now(RecordKind.MILESTONE, deliverable.code)
        previous, since = self._before(RecordKind.MILESTONE, deliverable.code)
        return DeliverableLine(
            deliverable=deliverable,
            milestone=milestone if isinstance(milestone, Milestone) else Milestone(),
            previous=previous if isinstance(previous, Milestone) else None,
            done_before=self._done_before(deliverable),
            since=since,
        )

    def _done_before(self, item: Deliverable) -> float:
        """Return how often earlier periods say that what recurs was done in this cycle."""
        if item.kind is not DeliverableKind.RECURRING:
            return 0.0
        said = {
            period: self.contents.get(
                RecordKey(RecordKind.MILESTONE, item.code, self.unit, str(period))
            )
            for period in self.periods
            if period.order < self.period.order
        }
        done = [p for p, it in said.items() if isinstance(it, Milestone) and it.status is _DONE]
        return times_done(item, done).get(cycle_of(item, self.period), 0.0)

    def _now(self, kind: RecordKind, item: str) -> Content:
        return self.contents.get(self._key(kind, item), empty_content(kind))

    def _key(self, kind: RecordKind, item: str) -> RecordKey:
        return RecordKey(kind, item, self.unit, str(self.period))

    def _before(self, kind: RecordKind, item: str) -> tuple[Content | None, Period | None]:
        """Return what was last recorded in an earlier period of the year, and in which."""
        for period in self.periods:
            content = self.contents.get(RecordKey(kind, item, self.unit, str(period)))
            if period.order < self.period.order and content not in (None, empty_content(kind)):
                return content, period
        return None, None


def joint_texts(form: UnitForm) -> tuple[str, ...]:
    """Return a line for each target that the unit shares: what all have come to, and its part."""
    return tuple(
        f"{line.indicator.name}：{line.joint}，本单位 {figure_text(line, form.period)}"
        for task in form.tasks
        for line in task.indicators
        if line.joint
    )


def figure_text(line: IndicatorLine, period: Period) -> str:
    """Return a unit's figure up to a period as people write it; 未报 when nothing was reported."""
    figure = line.to_date
    if not figure.reported:
        return "未报"
    as_of = figure.beside(period)
    if figure.numerator is not None and figure.denominator:
        return f"{number_text(figure.numerator)}/{number_text(figure.denominator)}{as_of}"
    shown = figure.numerator if figure.value is None else figure.value
    return "无此项" if shown is None else f"{number_text(shown)}{as_of}"
