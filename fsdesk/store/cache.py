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

_T = TypeVar("_T")
# By database, then by name: the position in the change log, and what was read at it.
_KEPT: WeakKeyDictionary[Pool, dict[tuple[object, ...], tuple[int, Any]]] = WeakKeyDictionary()
_MOST = 4  # this year and the one before, in two roles at most
_LOCK = Lock()


def remembered(session: Session, name: tuple[object, ...], make: Callable[[], _T]) -> _T:
    """Return what `make` gives, or what it gave when the change log was as long as it is now.

    All that enters a figure is written down in the change log, so its length tells the state of
    the data, whichever connection or program changed it.

    `session`: a transaction that only reads; in another one, nothing is kept.
    `name`: what it is.
    `make`: reads it from nothing but the database.
    """
    connection = session.connection()
    if writes(connection):
        return make()
    position = audit.position(session)
    with _LOCK:
        kept = _KEPT.setdefault(connection.engine.pool, {})
    known = kept.get(name)
    if known is None or known[0] != position:
        if len(kept) >= _MOST:
            kept.clear()
        known = kept[name] = position, make()
    return cast("_T", known[1])
