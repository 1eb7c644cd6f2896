"""The append-only change log (who, when, what, before, after), chained by digests.

The database refuses to alter or delete a line, and each line holds the digest of the one before
it, so that a later change by other means shows.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy import func, insert, or_, select

from fsdesk.domain.plain import canonical
from fsdesk.store.tables import CHANGE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from fsdesk.store.session import Writing

_COLUMNS = CHANGE.c
_ADDED = insert(CHANGE)
# What the digest of a line is made of, in this order.
_CHAINED = (
    "previous", "at", "who", "workspace", "action", "subject", "before", "after", "packet",
)  # fmt: skip


class Change(Struct, frozen=True):
    """One line of the change log, as others see it."""

    at: str
    who: str
    action: str
    subject: str
    before: str | None
    after: str | None
    packet: str


class LogLine(Struct, frozen=True):
    """What shall be added to the change log.

    Attributes:
        action: What was done, a short English verb such as ``record``.
        subject: What it was done to, e.g. a record's key.
        before: Plain values before, or None if there was nothing.
        after: Plain values after, or None if it is gone.
    """

    action: str
    subject: str
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None


def log(
    writing: Writing,
    action: str,
    subject: str,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
) -> None:
    """Add a line to the change log; see `LogLine`."""
    log_all(writing, [LogLine(action, subject, before, after)])


def log_all(writing: Writing, lines: Iterable[LogLine]) -> None:
    """Add lines to the change log, in this order, with one statement."""
    session = writing.session
    previous = session.info.get("last_change")
    if previous is None:
        newest(session)
        previous = session.info["last_change"]
    rows: list[dict[str, Any]] = []
    for each in lines:
        row: dict[str, Any] = {
            "previous": previous,
            "at": writing.at,
            "who": writing.author.who,
            "workspace": writing.author.workspace,
            "action": each.action,
            "subject": each.subject,
            "before": _text(each.before),
            "after": _text(each.after),
            "packet": writing.packet,
        }
        row["digest"] = previous = digest_of(row)
        rows.append(row)
    session.info["last_change"] = previous
    waiting: list[dict[str, Any]] | None = session.info.get(_WAITING)
    if waiting is None:
        _add(session, rows)
    else:
        waiting += rows


_WAITING = "changes_waiting"


@contextmanager
def logged_at_once(writing: Writing) -> Generator[None]:
    """Add all lines of the block with one statement, at its end; nothing in it reads the log."""
    waiting = writing.session.info[_WAITING] = list[dict[str, Any]]()
    try:
        yield
    finally:
        del writing.session.info[_WAITING]
    _add(writing.session, waiting)


def _add(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.flush()  # what was added before comes first
        session.execute(_ADDED, rows)


class Line(Struct, frozen=True):
    """A place in the change log; the digest tells what stands there and in all lines before it."""

    id: int
    digest: str


def newest(session: Session) -> Line | None:
    """Return the newest line of the change log; None when it is empty."""
    waiting = session.info.get(_WAITING, [])
    _add(session, waiting)  # the lines that wait come before any other
    waiting.clear()
    row = session.execute(_NEWEST).first()
    found = Line(*row) if row else None
    session.info["last_change"] = found.digest if found else ""
    return found


def line(session: Session, number: int) -> Line | None:
    """Return a line of the change log by its id; None when there is none."""
    row = session.execute(_LINE.where(_COLUMNS.id == number)).first()
    return Line(*row) if row else None


_LINE = select(_COLUMNS.id, _COLUMNS.digest)
_NEWEST = _LINE.order_by(_COLUMNS.id.desc()).limit(1)


def position(session: Session) -> int:
    """Return how far the change log has come: the id of its newest line, 0 when it is empty."""
    return session.scalar(select(func.max(_COLUMNS.id))) or 0


def append_to(database: sqlite3.Connection, at: str, who: str, each: LogLine) -> None:
    """Add a line to the change log of a database of any schema that is no open workspace's."""
    newest = database.execute("SELECT digest FROM change ORDER BY id DESC LIMIT 1").fetchone()
    whose = database.execute("SELECT id FROM workspace").fetchone()
    row: dict[str, Any] = {
        "previous": newest[0] if newest else "",
        "at": at,
        "who": who,
        "workspace": whose[0] if whose else "",
        "action": each.action,
        "subject": each.subject,
        "before": _text(each.before),
        "after": _text(each.after),
        "packet": "",
    }
    values = ", ".join(f":{name}" for name in (*_CHAINED, "digest"))
    command = f"INSERT INTO change ({', '.join((*_CHAINED, 'digest'))}) VALUES ({values})"  # noqa: S608 - constants
    database.execute(command, row | {"digest": digest_of(row)})


def _text(plain: Mapping[str, object] | None) -> str | None:
    return None if plain is None else canonical(plain, spaced=True)


def digest_of(row: Mapping[Any, Any]) -> str:
    """Return the digest of a line of the log, by its columns."""
    parts = (row[name] or "" for name in _CHAINED)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def broken_links(session: Session) -> list[int]:
    """Return the ids of the lines of the change log that do not fit their neighbours."""
    broken: list[int] = []
    previous = ""
    found = session.execute(select(CHANGE).order_by(_COLUMNS.id)).yield_per(1000)
    for row in (dict(line) for line in found.mappings()):
        if row["previous"] != previous or row["digest"] != digest_of(row):
            broken.append(row["id"])
        previous = row["digest"]
    return broken


def since(session: Session, line: int) -> tuple[Change, ...]:
    """Return the changes after a line, by its number, newest first."""
    rows = session.execute(select(CHANGE).where(_COLUMNS.id > line).order_by(_COLUMNS.id.desc()))
    return tuple(_change(row) for row in rows)


def latest(
    session: Session, actions: Iterable[str], subjects: Iterable[str], most: int
) -> tuple[Change, ...]:
    """Return the latest changes of some actions, newest first.

    `subjects`: patterns of the subject, of which one must fit, with % for any text.
    """
    rows = session.execute(
        select(CHANGE)
        .where(_COLUMNS.action.in_([str(action) for action in actions]))
        .where(or_(*(_COLUMNS.subject.like(pattern) for pattern in subjects)))
        .order_by(_COLUMNS.id.desc())
        .limit(most)
    )
    return tuple(_change(row) for row in rows)


def lines_of(
    session: Session, action: str, prefix: str = ""
) -> Mapping[str, Sequence[tuple[int, Change]]]:
    """Return by subject the lines of an action with their ids, newest first; see `position`.

    `prefix`: with what the subjects begin; all by default.
    """
    rows = session.execute(
        select(CHANGE)
        .where(_COLUMNS.action == action, _COLUMNS.subject.startswith(prefix, autoescape=True))
        .order_by(_COLUMNS.id.desc())
    )
    found: dict[str, list[tuple[int, Change]]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append((row.id, _change(row)))
    return found


def lines_at(session: Session, action: str, moment: str) -> tuple[Change, ...]:
    """Return the lines of an action at a moment, newest first."""
    found = select(CHANGE).where(_COLUMNS.action == action, _COLUMNS.at == moment)
    return tuple(map(_change, session.execute(found.order_by(_COLUMNS.id.desc()))))


def newest_time(session: Session) -> str:
    """Return the time of the newest line of the change log, ISO text in UTC; empty without one."""
    return session.scalar(select(_COLUMNS.at).order_by(_COLUMNS.id.desc()).limit(1)) or ""


def touched_since(session: Session, number: int) -> set[str]:
    """Return the subjects of the lines after one, by its id, and what went into one step there."""
    found: set[str] = set()
    query = select(_COLUMNS.subject, _COLUMNS.after).where(_COLUMNS.id > number)
    for subject, after in session.execute(query):
        found.add(subject)
        plain: dict[str, Any] = json.loads(after) if after else {}
        found |= {name for name, value in plain.items() if isinstance(value, dict)}
    return found


def history(session: Session, subject: str) -> tuple[Change, ...]:
    """Return the changes of one subject, newest first."""
    rows = session.execute(
        select(CHANGE).where(_COLUMNS.subject == subject).order_by(_COLUMNS.id.desc())
    )
    return tuple(_change(row) for row in rows)


def numbered(session: Session, action: str, subject: str) -> tuple[tuple[int, Change], ...]:
    """Return what was done to a subject by an action, each with its line's id, newest first."""
    rows = session.execute(
        select(CHANGE)
        .where(_COLUMNS.subject == subject, _COLUMNS.action == action)
        .order_by(_COLUMNS.id.desc())
    )
    return tuple((row.id, _change(row)) for row in rows)


def _change(row: Row[Any]) -> Change:
    return Change(row.at, row.who, row.action, row.subject, row.before, row.after, row.packet)
