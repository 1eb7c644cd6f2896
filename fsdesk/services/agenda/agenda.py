"""The agenda of a workspace: computed from plan and data, with what people added."""

from __future__ import annotations

import secrets
from collections import defaultdict
from itertools import starmap
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.agenda import agenda as events_of
from fsdesk.domain.agenda.agenda import Event, EventKind
from fsdesk.domain.findings import reject
from fsdesk.domain.periods import MONTHS, Period, months_of
from fsdesk.domain.plan.naming import field_of
from fsdesk.domain.records.records import Status
from fsdesk.domain.status.reports import covering, owed_by, owed_in_year
from fsdesk.domain.supervision.letters import LetterState
from fsdesk.services import working_calendar
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.status import aggregation
from fsdesk.store import agenda as store
from fsdesk.store import identity
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.settings import Rules
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

_DRAFT = LetterState.DRAFTED


class Agenda(Struct, frozen=True):
    """What is on the agenda of a year; the notice warns of holidays that are not known.

    `name`: of the calendar, as `calendar_name` gives it.
    """

    events: tuple[Event, ...]
    today: date
    rule: str
    notice: str
    name: str

    @property
    def due(self) -> tuple[Event, ...]:
        """What is due from this week's Monday to its Sunday and is not done."""
        return events_of.due_this_week(self.events, self.today)

    @property
    def pressing(self) -> tuple[Event, ...]:
        """What is overdue from before, and what is due this week."""
        return events_of.pressing(self.events, self.today)


def agenda(workspace: Workspace) -> Agenda:
    """Return the agenda: of the whole district for the office, of itself for a unit."""
    today = workspace.clock().astimezone().date()
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        rules = identity.load_rules(session)
        returned = _mending(workspace, session, plan, rules)
        found = [
            *events_of.reporting_events(
                rules,
                working_calendar.is_working_day,
                _reports(workspace, session, plan, rules),
            ),
            *starmap(events_of.mending_event, returned.items()),
            *_deliverables(workspace, session, plan),
            *_letters(workspace, session, plan),
            *store.own_events(session),
            *store.received_events(session),
        ]
    ended = {f"report/{period}" for period in returned}
    found = [
        replace(event, done=True, outcome="已退回") if event.key in ended else event
        for event in found
    ]
    finished = [_past(event, today) for event in found]
    days = [event.last for event in finished] if rules.shift_to_working else []
    notice = working_calendar.notice([*days, today])
    events, name = events_of.in_order(finished), calendar_name(plan)
    return Agenda(events, today, rule_text(rules), notice, name)


def rule_text(rules: Rules) -> str:
    """Return by which rule reporting days are reckoned, in words."""
    moved = "逢休息日顺延至下一个工作日" if rules.shift_to_working else "逢休息日不顺延"
    return (
        f"报送截止为报告期结束后 {rules.due_days} 天内，锁定日为 {rules.lock_days} 天，{moved}"
        "（可在“设置”修改）"
    )


def _past(event: Event, today: date) -> Event:
    """What nobody has to answer for is over when its day is."""
    over = event.kind in {EventKind.LOCK, *events_of.OWN_KINDS} and event.last < today
    return replace(event, done=True) if over else event


def _reports(
    workspace: Workspace, session: Session, plan: Plan, rules: Rules
) -> Mapping[Period, str]:
    """Return by period what reports are still missing; one that was locked is left alone.

    The office has every month, with the quarters that end with it; a unit has its own periods.
    """
    today = workspace.clock().astimezone().date()
    whose = workspace.identity
    year = aggregation.year_in(session, workspace, plan.year, ())
    known = year.known
    asked = owed_in_year(plan, year.since)
    expected: dict[Period, int] = dict.fromkeys(months_of(plan.year), 0)
    if not whose.is_office:
        asked = [(whose.unit, period) for period in owed_by(plan, whose.unit, year.since)]
        expected = {}
    missing: dict[Period, int] = defaultdict(int)
    for unit, period in asked:
        due = period.months[-1] if whose.is_office else period
        came = covering(known.reports, unit, period)
        expected[due] = expected.get(due, 0) + 1
        # One that was returned has another day, which its unit finds on its agenda.
        mending = came is not None and came.mend_by is not None and came.mend_by >= today
        missing[due] += (came is None or not came.received) and not mending
    found: dict[Period, str] = {}
    for period, count in expected.items():
        is_open = missing[period] and working_calendar.lock_day(period, rules) >= today
        words = f"应报 {count} 家，还有 {missing[period]} 家未报"
        found[period] = (words if whose.is_office else "本单位尚未报送") if is_open else ""
    return found


def _mending(
    workspace: Workspace, session: Session, plan: Plan, rules: Rules
) -> Mapping[Period, date]:
    """Return by when the unit's own reports that were returned are to come again."""
    unit = workspace.identity.unit
    if workspace.identity.is_office:
        return {}
    reports = aggregation.year_in(session, workspace, plan.year, ()).known.reports
    return {
        period: working_calendar.report_day(period, came, rules)
        for (whose, period), came in reports.items()
        if whose == unit and came.mend_by is not None
    }


def _deliverables(workspace: Workspace, session: Session, plan: Plan) -> Iterator[Event]:
    whose = workspace.identity
    until = Period.month(plan.year, MONTHS)
    year = aggregation.year_in(session, workspace, plan.year, (until,)).status(until)
    for result in year.deliverables:
        thing, said = result.deliverable, result.by_unit
        if thing.due is None or (not whose.is_office and whose.unit not in said):
            continue
        asked = said if whose.is_office else (whose.unit,)
        done = all(said[unit] is Status.DONE for unit in asked)
        yield events_of.deliverable_event(plan, thing, thing.due, done=done)


def _letters(workspace: Workspace, session: Session, plan: Plan) -> Iterator[Event]:
    """Letters that were issued; a unit has only those that came to it."""
    whose = workspace.identity
    for letter in letters.letters(session):
        concerns = letter.state is not _DRAFT if whose.is_office else letter.unit == whose.unit
        if not concerns:
            continue
        addressee = plan.unit_name(letter.unit)
        title = f"{letter.kind.label}回复" + (f"：{addressee}" if whose.is_office else "")
        yield Event(
            f"letter/{letter.kind.value}/{letter.year}/{letter.number}",
            EventKind.LETTER,
            title,
            letter.reply_by,
            letter.reply_by,
            letter.document_number,
            letter.document_number,
            done=letter.state not in (_DRAFT, LetterState.ISSUED),
            # One that was gone beyond is not answered by that.
            outcome="" if letter.state in (_DRAFT, LetterState.ISSUED) else letter.state.label,
        )


def save_event(workspace: Workspace, event: Event) -> Event:
    """Put something on the agenda, or change what was put there; an empty key makes it new.

    What the office adds goes to the units with the next packet.

    Raises:
        InputRejectedError: Without a title, or when it ends before it begins.
    """
    event = events_of.checked_event(event)
    if not event.key:
        event = replace(event, key=f"own/{secrets.token_hex(8)}")
    with workspace.writing() as writing:
        kept = [one for one in store.own_events(writing.session) if one.key != event.key]
        store.save_own(writing, events_of.in_order([*kept, event]))
    return event


def remove_event(workspace: Workspace, key: str) -> None:
    """Take something off the agenda that was put there by hand.

    Raises:
        InputRejectedError: When it isn't there, or comes from the plan and the data.
    """
    with workspace.writing() as writing:
        held = store.own_events(writing.session)
        kept = [one for one in held if one.key != key]
        if len(kept) == len(held):
            raise reject("这一项不是自己添加的日程", "由程序列出的日程随计划和数据变化，不能删除")
        store.save_own(writing, kept)


def calendar_name(plan: Plan) -> str:
    """Return what a year's calendar is called: 2026年食药安日程."""
    return f"{plan.year}年{field_of(plan)}日程"


def write_calendar(workspace: Workspace, file: Path) -> int:
    """Write the agenda as a file that every calendar opens (.ics).

    Every event has a stable identifier: importing a newer file changes what a calendar holds in
    place of doubling it. Return how many events were written.

    Raises:
        InputRejectedError: For another ending, or when the file can't be written.
    """
    from fsdesk.reports.calendar_file import CalendarFacts, write_ics

    if file.suffix.lower() != ".ics":
        raise reject(f"日程不能保存为“{file.suffix}”格式", "请使用 .ics 结尾的文件名")
    found, whose = agenda(workspace), workspace.identity
    with workspace.reading() as session:
        plan = plan_in(session, whose.year)
    name = f"{plan.unit_name(whose.unit)} {calendar_name(plan)}"
    facts = CalendarFacts(name, f"{whose.unit}-{whose.year}", workspace.clock())
    write_ics(file, found.events, facts)
    return len(found.events)
