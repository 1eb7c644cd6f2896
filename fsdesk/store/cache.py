"""What was read out of the whole database, kept until anything in it changes."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import WeakKeyDictionary

from fsdesk.store import audit
from fsdesk.store.engine import writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Pool
    from sqlalchemy.orm import Session

    from fsdesk.store.audit import Line

_T = TypeVar("_T")
# By database: the newest line of the change log, and by name what was read at it.
_KEPT: WeakKeyDictionary[Pool, tuple[Line | None, dict[tuple[object, ...], Any]]] = (
    WeakKeyDictionary()
)
_MOST = 64  # this year and the one before, and what is made of their sixteen periods
_FOR_GOOD: WeakKeyDictionary[Pool, dict[object, Any]] = WeakKeyDictionary()
_MOST_FOR_GOOD = 24  # the months of two years
_LOCK = Lock()


def remembered(session: Session, name: tuple[object, ...], make: Callable[[], _T]) -> _T:
    """Return what `make` gives, or what it gave when the change log ended where it ends now.

    All that enters a figure is written down in the change log, so its newest line tells the state
    of the data, whichever connection or program changed it, or put an earlier state back.

    `session`: a transaction that only reads; in another one, nothing is kept.
    `name`: what it is.
    `make`: reads it from nothing but the database.
    """
    connection = session.connection()
    if writes(connection):
        return make()
    place, pool = audit.newest(session), connection.engine.pool
    with _LOCK:
        if pool not in _KEPT or _KEPT[pool][0] != place:
            _KEPT[pool] = place, {}
        kept = _KEPT[pool][1]
        if name in kept:
            return cast("_T", kept[name])
    made = make()
    with _LOCK:
        if len(kept) >= _MOST:
            kept.clear()
        kept[name] = made
    return made


def remembered_for_good(session: Session, name: object, make: Callable[[], _T]) -> _T:
    """Return what `make` gives for what never changes, such as a publication, under its name."""
    with _LOCK:
        kept = _FOR_GOOD.setdefault(session.connection().engine.pool, {})
    if name not in kept:
        if len(kept) >= _MOST_FOR_GOOD:
            kept.clear()
        kept[name] = make()
    return cast("_T", kept[name])
