"""Moving what was typed into the wrong period to the right one, as one step that can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import Finding, InputRejectedError, errors_of, reject
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.checks import check_records, item_name
from fsdesk.domain.records.figures import value_table
from fsdesk.domain.records.records import Record, empty_content
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.records.undo import ChangeKind, PeriodMove, RecordEdit
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records import recording
from fsdesk.services.records.locking import require_open
from fsdesk.store import identity
from fsdesk.store.records import attachments, records, submissions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Content, RecordKey
    from fsdesk.services.records.recording import Saved
    from fsdesk.store.records.records import Held
    from fsdesk.store.session import Session, Writing
    from fsdesk.workspace import Workspace

_NAMED = 5


class MovableRecord(Struct, frozen=True):
    """A record that could be moved to another period.

    Attributes:
        key: The record where it stands now.
        files: How many evidence files go with it.
        stays: Why it can't be moved; empty where it can.
        there: Whether the same content stands in the other period already.
    """

    key: RecordKey
    content: Content
    files: int
    stays: str
    there: bool


class MovePreview(Struct, frozen=True):
    """What a unit typed in a period, and what of it could be moved to another.

    Attributes:
        refused: Why nothing at all can be moved; None where something can.
    """

    plan: Plan
    source: Period
    target: Period
    found: tuple[MovableRecord, ...]
    refused: Finding | None


def preview_move(workspace: Workspace, unit: str, source: Period, target: Period) -> MovePreview:
    """Return what would be moved from one period to another, and what stands in the way."""
    with workspace.reading() as session:
        move = _Move(workspace, session, unit, source, target)
        found, refused = tuple(move.movable()), None
        try:
            move.require(found)
        except InputRejectedError as problem:
            refused = problem.findings[0]
    return MovePreview(move.plan, source, target, found, refused)


def move_period(
    workspace: Workspace,
    unit: str,
    source: Period,
    target: Period,
    items: Collection[str] | None = None,
) -> PeriodMove:
    """Move what a unit typed in a period to another, with its evidence: one step for undo.

    The office's comments stay. ``items``: codes of what is moved; None for all.

    Raises:
        InputRejectedError: When a period is locked, the report of the first was sent, or the other
            holds something else already; nothing is changed.
    """
    with workspace.writing() as writing:
        move = _Move(workspace, writing.session, unit, source, target)
        found = [each for each in move.movable() if items is None or each.key.item in items]
        move.require(found)
        stay = [each for each in found if each.stays]
        if stay:
            named = "；".join(f"{item_name(move.plan, it.key)}，{it.stays}" for it in stay[:_NAMED])
            more = f"；共 {len(stay)} 项" if len(stay) > _NAMED else ""
            raise reject(
                f"不能移到{target.name}：{named}{more}",
                "请先核对这些内容，清空不要的一份；或只移其他各项",
            )
        step = PeriodMove(unit, str(source), str(target), tuple(_edits(found, target)))
        carry_out(workspace, writing, step, ChangeKind.MOVE)
    return step


def carry_out(
    workspace: Workspace, writing: Writing, step: PeriodMove, deed: ChangeKind
) -> tuple[Saved, ...]:
    """Store a move, also in the other direction; what proves a record goes where it goes."""
    entries = [(edit.key, edit.after) for edit in step.edits]
    subject = f"move/{step.source}/{step.unit}/{step.target}"
    saved = recording.store(workspace, writing, entries, deed, subject)
    emptied = set(step.emptied)
    for file in attachments.attachments(writing.session, step.unit, step.source):
        if file.record in emptied:
            there = replace(file.record, period=step.target)
            attachments.save_attachment(writing, replace(file, record=there))
            attachments.remove_attachment(writing, file)
    return saved


def _edits(found: Iterable[MovableRecord], target: Period) -> Iterator[RecordEdit]:
    for each in found:
        empty = empty_content(each.key.kind)
        yield RecordEdit(each.key, each.content, empty)
        if not each.there:
            yield RecordEdit(replace(each.key, period=str(target)), empty, each.content)


class _Move:
    """A move from one period to another, looked at before anything is changed."""

    def __init__(
        self, workspace: Workspace, session: Session, unit: str, source: Period, target: Period
    ) -> None:
        self._workspace, self._session, self._unit = workspace, session, unit
        self._source, self._target = source, target
        self.plan = plan_in(session, workspace.identity.year)
        self._held = records.load_versions(session, unit=unit)

    def movable(self) -> Iterator[MovableRecord]:
        """Yield what is typed in the source."""
        files = attachments.attachments(self._session, self._unit, str(self._source))
        proved = [file.record for file in files]
        typed = self._typed()
        broken = self._broken(typed)
        for record in typed:
            there = self._held.get(self._there(record.key), ())
            stands = _leading(there).content if there else empty_content(record.key.kind)
            stays = broken.get(record.key, "")
            if records.differing(self._held[record.key]) or records.differing(there):
                stays = "两边都改过，还没有处理"
            elif stands not in (empty_content(record.key.kind), record.content):
                stays = f"{self._target.name}已填了不同的内容"
            yield MovableRecord(
                record.key,
                record.content,
                proved.count(record.key),
                stays,
                there=stands == record.content,
            )

    def require(self, found: Sequence[MovableRecord]) -> None:
        """Refuse a move of which nothing could come."""
        source, plan = self._source, self.plan
        if source == self._target:
            raise reject(f"内容已在{source.name}", "请选另一个报告期")
        if not found:
            raise reject(f"{source.label}没有可以移动的内容", "请先换到填错了内容的报告期")
        keys = [each.key for each in found]
        require_open(self._session, plan, [*keys, *map(self._there, keys)])
        sent = submissions.find_submission(self._session, self._unit, str(source))
        if sent is not None and sent.state is SubmissionState.SUBMITTED:
            raise reject(
                f"{plan.directory.name(self._unit)}{source.label}的报送包已经导出，"
                "其中的内容不能移走",
                f"请先在“审核”中退回{source.name}的报送"
                if self._workspace.identity.is_office
                else f"请{office_of(plan)}退回{source.name}的报送，导入反馈包以后再移",
            )

    def _there(self, key: RecordKey) -> RecordKey:
        return replace(key, period=str(self._target))

    def _typed(self) -> list[Record]:
        standing = map(_leading, self._held.values())
        return [r for r in standing if r.key.period == str(self._source) and not r.empty]

    def _broken(self, typed: Sequence[Record]) -> Mapping[RecordKey, str]:
        """Return which rule a record would break in the target, if all were moved."""
        gone = [Record(record.key, empty_content(record.key.kind)) for record in typed]
        come = {record.key: Record(self._there(record.key), record.content) for record in typed}
        rules = identity.load_rules(self._session)
        today = self._workspace.clock().astimezone().date()
        known = value_table(map(_leading, self._held.values()))
        found = check_records(self.plan, [*gone, *come.values()], known, rules, today)
        wrong = {key: errors_of(found[record.key]) for key, record in come.items()}
        return {key: findings[0].message for key, findings in wrong.items() if findings}


def _leading(versions: Iterable[Held]) -> Record:
    return next(each.record for each in versions if each.leading)
