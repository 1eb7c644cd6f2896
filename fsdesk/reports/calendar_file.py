"""The agenda as an iCalendar file (RFC 5545), which phones and office programs open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from icalendar import Alarm, Calendar, vDatetime
from icalendar import Event as Entry
from msgspec import Struct

from fsdesk.files import save_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from fsdesk.domain.agenda.agenda import Event

_DAY = timedelta(days=1)
# Whole days begin at midnight: this is nine in the morning of the day before.
_REMIND = timedelta(hours=-15)
# Calendars take an entry as newer when its sequence is higher: minutes since then, below 2³¹.
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class CalendarFacts(Struct, frozen=True):
    """What the file says of itself; the owner (unit code and year) is part of the identifiers."""

    name: str
    owner: str
    made_at: datetime


def write_ics(file: Path, events: Iterable[Event], facts: CalendarFacts) -> None:
    """Write whole-day events as a calendar file; an older file is replaced.

    Raises:
        InputRejectedError: When the file can't be written.
    """
    calendar = Calendar()
    head = {
        "prodid": "-//fsdesk//agenda//ZH",
        "version": "2.0",
        "method": "PUBLISH",
        "x-wr-calname": facts.name,
    }
    _fill(calendar, head)
    for event in events:
        calendar.add_component(_entry(event, facts))
    save_bytes(file, calendar.to_ical())


def _entry(event: Event, facts: CalendarFacts) -> Entry:
    entry = Entry()
    properties = {
        "uid": f"{event.key}/{facts.owner}@fsdesk".replace("/", "-"),
        "sequence": int((facts.made_at - _EPOCH).total_seconds() // 60),
        "dtstart": event.first,
        "dtend": event.last + _DAY,  # the day after the last, as the standard asks
        "summary": f"{event.title}（{event.ended}）" if event.done else event.title,
        "categories": [event.kind.label],
        "transp": "TRANSPARENT",
    }
    _fill(entry, properties | ({"description": event.note} if event.note else {}))
    # Put in as it is: `add` would look UTC up in time zone tables that not every system has.
    entry["dtstamp"] = vDatetime(facts.made_at)
    if not event.done:
        alarm = Alarm()
        _fill(alarm, {"action": "DISPLAY", "description": event.title, "trigger": _REMIND})
        entry.add_component(alarm)
    return entry


def _fill(component: Any, properties: Mapping[str, object]) -> None:  # noqa: ANN401
    """Set properties; the library takes values of any kind, and says so to no type checker."""
    for name, value in properties.items():
        component.add(name, value)
