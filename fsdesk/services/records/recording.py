"""Recording: what a unit types is checked and stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.findings import Finding, raise_errors, reject, warning
from fsdesk.domain.periods import Period
from fsdesk.domain.records.checks import check_records
from fsdesk.domain.records.figures import value_table
from fsdesk.domain.records.records import (
    Content,
    DataValue,
    Milestone,
    ProgressReport,
    Record,
    RecordKey,
    RecordKind,
    Status,
    content_to_dict,
    tidy_content,
)
from fsdesk.domain.records.undo import ChangeKind
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records.locking import require_open
from fsdesk.store import identity
from fsdesk.store.records import records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace

_DONE = Status.DONE
# Thirds of what is done three times a quarter add up to 1 but for some 1e-16.
_ROUNDING = 1e-9


class Saved(Struct, frozen=True):
    """What was stored, and what the user should look at."""

    record: Record
    findings: tuple[Finding, ...]


def record_value(
    workspace: Workspace,
    indicator: str,
    period: str,
    data: DataValue,
    unit: str | None = None,
) -> Saved:
    """Store a unit's figure for an indicator and a period.

    Indicator and unit are codes or names, the unit by default the workspace's own.

    Raises:
        InputRejectedError: When a rule is broken; nothing is stored.
    """
    return _save_named(workspace, (RecordKind.VALUE, indicator, period, unit), data)


def record_progress(
    workspace: Workspace,
    task: str,
    period: str,
    report: ProgressReport,
    unit: str | None = None,
) -> Saved:
    """Store a unit's words on a task for a period; arguments and errors as `record_value`."""
    return _save_named(workspace, (RecordKind.PROGRESS, task, period, unit), report)


def record_milestone(
    workspace: Workspace,
    deliverable: str,
    period: str,
    milestone: Milestone,
    unit: str | None = None,
) -> Saved:
    """Store the state of a deliverable for a period; arguments and errors as `record_value`."""
    return _save_named(workspace, (RecordKind.MILESTONE, deliverable, period, unit), milestone)


def _save_named(
    workspace: Workspace, named: tuple[RecordKind, str, str, str | None], content: Content
) -> Saved:
    kind, name, period, unit = named
    when = Period.parse(period)
    with workspace.reading() as session:
        year = plan_in(session, workspace.identity.year)
    plan = year.at(when)
    find = {
        RecordKind.VALUE: plan.find_indicator,
        RecordKind.PROGRESS: plan.find_task,
        RecordKind.MILESTONE: plan.find_deliverable,
    }[kind]
    code = year.find_unit(unit).code if unit else workspace.identity.unit
    key = RecordKey(kind, find(name).code, code, str(when))
    return save(workspace, key, content)


def save(
    workspace: Workspace, key: RecordKey, content: Content, seen: Content | None = None
) -> Saved:
    """Check and store one record, typed here.

    `seen`: what stood in the record when it was typed over; where another desk wrote something else
        meanwhile, both are kept side by side, and that is told.

    Raises:
        InputRejectedError: When a rule is broken; nothing is stored.
    """
    if not workspace.is_on_server:  # nobody else writes there
        seen = None
    known = None if seen is None else {key: tidy_content(seen)}
    with workspace.writing() as writing:
        (saved,) = store(workspace, writing, [(key, content)], ChangeKind.RECORD, seen=known)
        if seen is None:
            return saved
        stands = records.versions_of(writing.session, key)
    typed, own = tidy_content(content), workspace.identity.id
    mine = next((item.record.revision for item in stands if item.record.content == typed), None)
    if mine is None:  # nothing was typed where nothing stood
        return saved
    others = [item for item in stands if item.record.content != typed]
    beside = [it for it in others if records.not_seen(records.plain_versions([it]), own, mine)]
    if not beside:
        return saved
    whose = "、".join(sorted({item.recorded_by for item in beside}))
    words = f"{whose}同时改了这一项，两份都保留着，现在计入的是“{_in_short(saved.record)}”"
    told = warning(words, "请到“报送交换”的“待处理差异”中选定一份")
    return Saved(saved.record, (told, *saved.findings))


def _in_short(record: Record) -> str:
    """Return the words or the figure of a record, as far as a line has room."""
    plain = content_to_dict(record.content)
    said = next((str(value) for value in plain.values() if value not in (None, "", False)), "空")
    return said if len(said) <= _SHORT else f"{said[:_SHORT]}…"


_SHORT = 20


def doubts(
    workspace: Workspace, unit: str, period: Period
) -> Mapping[RecordKey, tuple[Finding, ...]]:
    """Return what a user should look at in what a unit has recorded for a period, as it stands.

    What only the change itself tells, such as that a figure became smaller, is not among it.
    """
    today = workspace.clock().astimezone().date()
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        rules = identity.load_rules(session)
        held = tuple(each.record for each in records.held(session, unit=unit))
    own = [each for each in held if each.key.period == str(period) and not each.empty]
    found = check_records(plan, own, value_table(held), rules, today)
    return {key: findings for key, findings in found.items() if findings}


def save_all(
    workspace: Workspace,
    entries: Sequence[tuple[RecordKey, Content]],
    deed: ChangeKind = ChangeKind.RECORD,
) -> tuple[Saved, ...]:
    """Check and store several records of one unit, all or nothing.

    Each is checked beside all of them. The change log calls it ``deed``.

    Raises:
        InputRejectedError: When any of them breaks a rule or is locked; nothing is stored.
    """
    with workspace.writing() as writing:
        return store(workspace, writing, entries, deed)


def store(
    workspace: Workspace,
    writing: Writing,
    entries: Sequence[tuple[RecordKey, Content]],
    deed: ChangeKind,
    subject: str = "",
    *,
    seen: Mapping[RecordKey, Content] | None = None,
) -> tuple[Saved, ...]:
    """Check and store records as `save_all` does, within a transaction that does more.

    Where all is one step, ``subject`` is how the change log names it. `seen`: what stood in a
    record when it was typed over, as far as that is known.
    """
    units = {key.unit for key, _ in entries}
    if len(units) > 1:
        raise reject("一次只能保存一个单位的数据", "请分别填报")
    if not workspace.identity.is_office and units - {workspace.identity.unit}:
        raise reject("只能填报本单位的数据", "其他单位的数据由其自行报送")
    today = workspace.clock().astimezone().date()
    plan = plan_in(writing.session, workspace.identity.year)
    require_open(writing.session, plan, (key for key, _ in entries))
    rules = identity.load_rules(writing.session)
    typed = {key: tidy_content(content) for key, content in entries}
    held = records.load_versions(writing.session, unit=next(iter(units), ""))
    known = value_table(item.record for each in held.values() for item in each if item.leading)
    found = check_records(plan, [Record(*entry) for entry in typed.items()], known, rules, today)
    raise_errors(finding for findings in found.values() for finding in findings)
    stored = records.record_contents(writing, typed, held, deed, subject, seen)
    return tuple(Saved(record, found[record.key]) for record in stored)
