"""The year's agenda: reporting days, deadlines, campaigns, and what is due this week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.agenda.working_days import next_working_day
from fsdesk.domain.findings import reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.text import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Deliverable, Plan
    from fsdesk.domain.settings import Rules

WEEK = 7
_AFTER_LOCK = "此后不再列为到期、逾期，仍可补报；已接收的才锁定"


class EventKind(LabelledEnum):
    """What a day on the agenda is about."""

    REPORT = "report", "报送截止"
    LOCK = "lock", "锁定日"
    DELIVERABLE = "deliverable", "事项时限"
    LETTER = "letter", "函件回复"
    CAMPAIGN = "campaign", "专项行动"
    MEETING = "meeting", "会议"
    OTHER = "other", "其他"


# What people may put on the agenda themselves; the rest comes from the plan and the data.
OWN_KINDS = (EventKind.CAMPAIGN, EventKind.MEETING, EventKind.OTHER)


class Event(Struct, frozen=True):
    """Something on the agenda, of whole days.

    Attributes:
        key: Stable name: the same thing has it again, however often the agenda is made.
        last: Last day, the deadline of whatever has one; the first day for a single day.
        note: What else is to be known, such as who answers, or why the day was moved.
        item: What it is about: a period, a deliverable's code, a letter's number.
        done: Whether nothing more has to be done for it.
        own: Whether somebody put it there by hand, here.
        outcome: How it came that nothing has to be done, where it isn't simply done.
    """

    key: str
    kind: EventKind
    title: str
    first: date
    last: date
    note: str = ""
    item: str = ""
    done: bool = False
    own: bool = False
    outcome: str = ""

    @property
    def ended(self) -> str:
        """In a word, why nothing more has to be done for it; empty while something has."""
        return (self.outcome or "已完成") if self.done else ""

    def on(self, day: date) -> bool:
        """Tell whether a day belongs to it."""
        return self.first <= day <= self.last

    def standing(self, today: date) -> str:
        """Return how it stands today, in words."""
        if self.done:
            return self.ended
        left = (self.last - today).days
        if left < 0:
            return f"已过 {-left} 天"
        if self.first < today < self.last:
            return f"进行中，余 {left} 天"
        return "今天" if left == 0 else f"还有 {left} 天"

    def is_overdue(self, today: date) -> bool:
        """Tell whether its deadline has passed without it being done."""
        return not self.done and self.last < today


def due_day(
    period: Period, days: int, rules: Rules, is_working: Callable[[date], bool]
) -> tuple[date, str]:
    """Return a day so many days after a period's end, and why it isn't the plain one.

    Where the rules say so, a day on which nobody works moves to the next working day (顺延).

    Returns:
        The day, and a note, empty where the day was not moved.
    """
    plain = period.due(days)
    if not rules.shift_to_working:
        return plain, ""
    moved = next_working_day(plain, is_working)
    if moved == plain:
        return plain, ""
    return moved, f"{plain.month}月{plain.day}日是休息日，顺延至{moved.month}月{moved.day}日"


def mending_event(period: Period, day: date) -> Event:
    """Return the day by which a unit's report that was returned is to come again."""
    return Event(
        f"mend/{period}", EventKind.REPORT, f"{period.name}报送退回后重报", day, day,
        "已退回，请改正后重新报送", str(period),
    )  # fmt: skip


def reporting_events(
    rules: Rules, is_working: Callable[[date], bool], reports: Mapping[Period, str]
) -> tuple[Event, ...]:
    """Return the reporting day and the lock day of every period that is reported on.

    `rules`: how many days after a period's end they lie.
    `reports`: by period, what is still missing, in words; one without words is done.
    """
    found: list[Event] = []
    for period, missing in reports.items():
        name, item, done = period.name, str(period), not missing
        day, why = due_day(period, rules.due_days, rules, is_working)
        note = "；".join(part for part in (missing, why) if part)
        found.append(
            Event(
                f"report/{item}", EventKind.REPORT, f"{name}报送截止", day, day, note, item,
                done=done,
            )
        )  # fmt: skip
        day, why = due_day(period, rules.lock_days, rules, is_working)
        title = f"{name}锁定日"
        note = "；".join(part for part in (_AFTER_LOCK, why) if part)
        found.append(Event(f"lock/{item}", EventKind.LOCK, title, day, day, note, item, done=done))
    return tuple(found)


def deliverable_event(plan: Plan, thing: Deliverable, due: date, *, done: bool) -> Event:
    """Return the deadline of a deliverable."""
    task = plan.task_of[thing.code]
    who = "、".join(plan.directory.name(a.party) for a in task.assignments)
    note = f"任务 {task.code} {task.title}；责任单位：{who}"
    return Event(
        f"deliverable/{thing.code}", EventKind.DELIVERABLE, thing.title, due, due, note,
        task.code, done=done,
    )  # fmt: skip


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events by their deadline, then by what they are about."""
    return tuple(sorted(events, key=lambda event: (event.last, event.first, event.key)))


def week_of(day: date) -> tuple[date, date]:
    """Return Monday and Sunday of a day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=WEEK - 1)


def due_this_week(events: Iterable[Event], today: date) -> tuple[Event, ...]:
    """Return what ends between Monday and Sunday and is not done; what only goes on is not due."""
    monday, sunday = week_of(today)
    return in_order(e for e in events if not e.done and monday <= e.last <= sunday)


def pressing(events: Iterable[Event], today: date) -> tuple[Event, ...]:
    """Return what is due this week and, before it, what is overdue from earlier weeks."""
    _, sunday = week_of(today)
    return in_order(event for event in events if not event.done and event.last <= sunday)


def checked_event(event: Event) -> Event:
    """Return an event that somebody typed, tidied.

    InputRejectedError without a title, of a kind that only the program makes, or when it ends
    before it begins.
    """
    title = tidy(event.title)
    if not title:
        raise reject("日程缺少名称", "请写明是什么事")
    if event.kind not in OWN_KINDS:
        words = "、".join(kind.label for kind in OWN_KINDS)
        raise reject(f"“{event.kind.label}”由程序自动列出", f"请选择：{words}")
    if event.last < event.first:
        raise reject("结束日期早于开始日期", "请改正日期")
    return replace(event, title=title, note=tidy(event.note), own=True, done=False, item="")


def event_to_dict(event: Event) -> dict[str, Any]:
    """Return an own event as plain values that JSON can hold."""
    plain = to_plain(event)
    return {name: plain[name] for name in ("key", "kind", "title", "first", "last", "note")}


def event_from_dict(plain: Mapping[str, Any]) -> Event:
    """Rebuild an own event; ValueError when something is missing or isn't of its kind."""
    return replace(from_plain(Event, plain), item="", done=False, own=True)
