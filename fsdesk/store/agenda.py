"""What people put on the agenda themselves, and what the office handed down of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.domain.agenda.agenda import Event, event_from_dict, event_to_dict
from fsdesk.store.settings import load_setting, save_setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.store.session import Session, Writing

_OWN, _HANDED = "agenda", "agenda-handed"


def own_events(session: Session) -> tuple[Event, ...]:
    """Return what was put on the agenda in this workspace."""
    return _load(session, _OWN)


def received_events(session: Session) -> tuple[Event, ...]:
    """Return what the office put on its agenda, as the last packet said."""
    return tuple(replace(event, own=False) for event in _load(session, _HANDED))


def save_own(writing: Writing, events: Iterable[Event]) -> None:
    """Store all of what was put on the agenda in this workspace."""
    save_setting(writing, _OWN, {"events": [event_to_dict(event) for event in events]})


def take_events(writing: Writing, events: Iterable[Event]) -> None:
    """Store what the office handed down; the same again changes nothing."""
    values = {"events": [event_to_dict(event) for event in events]}
    if values["events"] != load_setting(writing.session, _HANDED).get("events", []):
        save_setting(writing, _HANDED, values)


def _load(session: Session, name: str) -> tuple[Event, ...]:
    return tuple(event_from_dict(plain) for plain in load_setting(session, name).get("events", ()))
