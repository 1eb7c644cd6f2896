"""What is missing or doubtful in a unit's report before it is exported, and filling it in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk.domain.findings import Finding, InputRejectedError
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, number_text
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.records.checks import item_name
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    Milestone,
    ProgressReport,
    RecordKey,
    RecordKind,
    Status,
    empty_content,
)
from fsdesk.domain.records.undo import ChangeKind, RecordEdit
from fsdesk.services.records import recording
from fsdesk.services.status.unit_forms import unit_form
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from fsdesk.domain.periods import Period
    from fsdesk.services.status.unit_forms import (
        DeliverableLine,
        IndicatorLine,
        TaskForm,
        UnitForm,
    )
    from fsdesk.workspace import Workspace

_UNCHANGED = "本期无变化"


class Concern(LabelledEnum):
    """Why an item is listed before an export."""

    WRONG = "wrong", "填写有误"
    OPINION = "opinion", "意见未答复"
    MISSING = "missing", "未填"
    DOUBT = "doubt", "存疑"


class BulkFilling(LabelledEnum):
    """What many empty items can be filled with at once."""

    UNCHANGED = "unchanged", _UNCHANGED
    COPY = "copy", "复制上期"
    NOT_APPLICABLE = "not_applicable", "无此项"


class Gap(Struct, frozen=True):
    """One item that should be looked at before the report goes.

    Attributes:
        task: Code of its task; empty for the report as a whole.
        item: Code of what it is about; empty for the report as a whole.
        key: Its record; None for the report as a whole.
        words: What is missing, or what is doubtful.
        before: What was last reported, in words; empty when nothing was.
        since: In which period that was.
        fillings: With what it can be filled in bulk: only where the rules allow it.
    """

    concern: Concern
    task: str
    item: str
    name: str
    words: str
    key: RecordKey | None = None
    before: str = ""
    since: Period | None = None
    fillings: Mapping[BulkFilling, Content] = field(default_factory=dict[BulkFilling, Content])

    def __hash__(self) -> int:
        """Leave out what it can be filled with: mappings have no hash."""
        return hash((self.concern, self.task, self.item, self.words, self.key))


class BulkFilled(Struct, frozen=True):
    """What was filled in at once, so that it can be taken back; and what a rule refused."""

    filling: BulkFilling
    edits: tuple[RecordEdit, ...]
    refused: tuple[Finding, ...] = ()


def gaps(
    form: UnitForm, doubts: Mapping[RecordKey, Sequence[Finding]] | None = None
) -> tuple[Gap, ...]:
    """Return all that is missing or doubtful in a form, task by task in the plan's order.

    `doubts`: as `recording.doubts` gives them.
    """
    whole = [_opinion(form, "", each.text) for each in form.opinions if each.open and not each.item]
    return (*whole, *(gap for task in form.tasks for gap in _of_task(form, task, doubts or {})))


def _of_task(
    form: UnitForm, task: TaskForm, doubts: Mapping[RecordKey, Sequence[Finding]]
) -> Iterator[Gap]:
    code, period = task.task.code, str(form.period)
    for opinion in task.opinions:
        if opinion.open:
            yield _opinion(form, code, opinion.text, opinion.item)
    missing = [*_missing_report(task), *_missing_figures(task), *_missing_states(task)]
    kinds = {
        RecordKind.PROGRESS: [code],
        RecordKind.VALUE: [line.indicator.code for line in task.indicators],
        RecordKind.MILESTONE: [line.deliverable.code for line in task.deliverables],
    }
    for kind, items in kinds.items():
        for item in items:
            key = RecordKey(kind, item, form.unit, period)
            yield from (replace(gap, task=code, key=key) for gap in missing if gap.item == item)
            for finding in doubts.get(key, ()):
                name = item_name(form.plan, key)
                yield Gap(Concern.DOUBT, code, item, name, str(finding), key)


def _opinion(form: UnitForm, task: str, text: str, item: str = "") -> Gap:
    name = next(
        (name for code, name in _names(form, task) if code == item), item or "报送的总体情况"
    )
    return Gap(Concern.OPINION, task, item, name, f"{office_of(form.plan)}意见：{text}")


def _names(form: UnitForm, task: str) -> Iterator[tuple[str, str]]:
    for each in form.tasks:
        if each.task.code == task:
            yield task, each.task.title
            yield from ((it.indicator.code, it.indicator.name) for it in each.indicators)
            yield from ((it.deliverable.code, it.deliverable.title) for it in each.deliverables)


def _missing_report(task: TaskForm) -> Iterator[Gap]:
    report, before = task.report, task.previous
    if report.text:
        return
    fillings: dict[BulkFilling, Content] = {}
    if before is not None:
        status = report.status or before.status
        fillings[BulkFilling.UNCHANGED] = replace(report, status=status, text=_UNCHANGED)
        copied = ProgressReport(
            status,
            before.text,
            report.problems or before.problems,
            report.next_steps or before.next_steps,
        )
        if before.text:
            fillings[BulkFilling.COPY] = copied
    yield Gap(
        Concern.MISSING,
        task.task.code,
        task.task.code,
        task.task.title,
        "未填进展情况",
        before=before.text if before else "",
        since=task.since,
        fillings=fillings,
    )


def _missing_figures(task: TaskForm) -> Iterator[Gap]:
    for line in task.indicators:
        if line.lacks_reason:
            yield Gap(
                Concern.WRONG,
                task.task.code,
                line.indicator.code,
                line.indicator.name,
                line.drawn_words,
            )
        if line.data == DataValue():
            yield Gap(
                Concern.MISSING,
                task.task.code,
                line.indicator.code,
                line.indicator.name,
                "未填本期数据",
                before=value_text(line.previous) if line.previous else "",
                since=line.since,
                fillings=_figure_fillings(line),
            )


def _figure_fillings(line: IndicatorLine) -> Mapping[BulkFilling, Content]:
    """Return what an empty figure can be filled with.

    A level stays as it was; of what adds up nothing came to it, for copying it would count it
    twice. What the unit has nothing of, it has nothing of in this period either.
    """
    found: dict[BulkFilling, Content] = {BulkFilling.NOT_APPLICABLE: DataValue(not_applicable=True)}
    before = line.previous
    if before is not None and before.not_applicable:
        found[BulkFilling.UNCHANGED] = found[BulkFilling.COPY] = DataValue(not_applicable=True)
    elif line.indicator.aggregation is Aggregation.LEVEL:
        if before is not None:
            found[BulkFilling.UNCHANGED] = found[BulkFilling.COPY] = replace(before, note="")
    elif line.indicator.kind is IndicatorKind.RATIO:
        found[BulkFilling.UNCHANGED] = DataValue(None, 0, 0)
    else:
        found[BulkFilling.UNCHANGED] = DataValue(0)
    return found


def _missing_states(task: TaskForm) -> Iterator[Gap]:
    for line in task.deliverables:
        if not line.settled:
            before = line.previous.status if line.previous else None
            yield Gap(
                Concern.MISSING,
                task.task.code,
                line.deliverable.code,
                line.deliverable.title,
                "未选状态",
                before=before.label if before else "",
                since=line.since,
                fillings=_state_fillings(line),
            )


def _state_fillings(line: DeliverableLine) -> Mapping[BulkFilling, Content]:
    """Return what an empty state can be filled with; what was done before isn't done again."""
    before = line.previous
    recurs = line.deliverable.kind is DeliverableKind.RECURRING
    if before is None or before.status is None or (recurs and before.status is Status.DONE):
        return {}
    same = replace(line.milestone, status=before.status)
    copied = Milestone(
        before.status,
        line.milestone.done_on or before.done_on,
        line.milestone.evidence or before.evidence,
    )
    return {BulkFilling.UNCHANGED: same, BulkFilling.COPY: copied}


def value_text(data: DataValue) -> str:
    """Return a figure as people write it."""
    if data.not_applicable:
        return "无此项"
    if data.numerator is not None and data.denominator is not None:
        return f"{number_text(data.numerator)}/{number_text(data.denominator)}"
    return "未报" if data.value is None else number_text(data.value)


def copied_from(found: Iterable[Gap]) -> tuple[tuple[Period, int], ...]:
    """Return from which periods how many items would be copied, the latest first."""
    counts: dict[Period, int] = {}
    for gap in found:
        if gap.since is not None and BulkFilling.COPY in gap.fillings:
            counts[gap.since] = counts.get(gap.since, 0) + 1
    return tuple(sorted(counts.items(), key=lambda each: each[0].order, reverse=True))


def fill(
    workspace: Workspace,
    unit: str,
    period: Period,
    filling: BulkFilling,
    keys: Collection[RecordKey],
) -> BulkFilled:
    """Fill those of the records that are empty and that may be filled so; the others stay.

    What a rule refuses is left out and told.

    Raises:
        InputRejectedError: When nothing may be changed: the report is accepted.
    """
    found = gaps(unit_form(workspace, unit, period))
    wanted = {
        gap.key: gap.fillings[filling]
        for gap in found
        if gap.key is not None and gap.key in keys and filling in gap.fillings
    }
    before = _contents(workspace, unit, str(period))
    refused: list[Finding] = []
    stored: list[RecordKey] = []
    if wanted:
        try:
            recording.save_all(workspace, list(wanted.items()))
            stored += wanted
        except InputRejectedError:
            for key, content in wanted.items():
                try:
                    recording.save(workspace, key, content)
                    stored.append(key)
                except InputRejectedError as problem:
                    refused += problem.findings
    edits = tuple(
        RecordEdit(key, before.get(key, empty_content(key.kind)), wanted[key]) for key in stored
    )
    return BulkFilled(filling, edits, tuple(refused))


def take_back(workspace: Workspace, filled: BulkFilled) -> int:
    """Empty again what was filled at once; what was changed since stays. Return how many."""
    if not filled.edits:
        return 0
    key = filled.edits[0].key
    now = _contents(workspace, key.unit, key.period)
    back = [edit for edit in reversed(filled.edits) if now.get(edit.key) == edit.after]
    entries = [(edit.key, edit.before) for edit in back]
    if entries:
        recording.save_all(workspace, entries, ChangeKind.UNDO)
    return len(entries)


def _contents(workspace: Workspace, unit: str, period: str) -> Mapping[RecordKey, Content]:
    with workspace.reading() as session:
        held = records.load_records(session, unit=unit, period=period)
    return {record.key: record.content for record in held}
