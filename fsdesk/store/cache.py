"""What was computed from the whole database, kept until anything in it changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from fsdesk.store.engine import writes

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

_T = TypeVar("_T")
_MOST = 36  # a year's months, as they are, as they were published, and as charts take them


@dataclass
class _Kept:
    """What a connection keeps.

    Attributes:
        state: Changes that others have made and that were made over this connection.
        values: What was computed since the last of them.
    """

    state: tuple[int, int] = (0, 0)
    values: dict[tuple[str, object], Any] = field(default_factory=dict[tuple[str, object], Any])


def remembered(session: Session, name: tuple[str, object], make: Callable[[], _T]) -> _T:
    """Return what `make` gives, or what it gave while the database was as it is now.

    SQLite itself says whether anything was changed, whoever did it. What is kept is shared, so it
    must be of a kind that nobody can change.

    `session`: a transaction that only reads; in another one, nothing is kept.
    `name`: what it is, and for which period.
    `make`: computes it from nothing but the database.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite" or writes(connection):
        return make()
    database: Any = connection.connection.driver_connection
    (version,) = database.execute("PRAGMA data_version").fetchone()
    kept = cast("_Kept", connection.info.setdefault("remembered", _Kept()))
    state = (version, database.total_changes)
    if kept.state != state or len(kept.values) > _MOST:
        kept.state, kept.values = state, {}
    if name not in kept.values:
        kept.values[name] = make()
    return kept.values[name]
