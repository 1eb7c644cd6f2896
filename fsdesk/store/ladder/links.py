"""What links a plan with the plan of the level above; every change is told of in the log.

In the workspace of a unit of the upper level: which item of the level's own plan answers each item,
and what was taken over from the aggregate. In the office's own: the tasks handed down from above.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from fsdesk.domain.findings import reject
from fsdesk.domain.ladder.drawing import Basis, Drawn
from fsdesk.domain.ladder.handing_down import TaskOrigin
from fsdesk.domain.ladder.matching import Confirmed, ItemKind
from fsdesk.domain.plain import canonical, from_plain, to_plain
from fsdesk.domain.records.records import RecordKey, content_from_dict, content_to_dict
from fsdesk.store import audit
from fsdesk.store.audit import LogLine
from fsdesk.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fsdesk.store.session import Session, Writing

# The log's words.
_MATCHED, _DRAWN, _HANDED_DOWN = "match", "draw", "hand down"


class LadderMatchRow(Base):
    """What a person decided of an item of the upper plan."""

    __tablename__ = "ladder_match"

    kind: Mapped[str] = mapped_column(primary_key=True)
    upper: Mapped[str] = mapped_column(primary_key=True)
    lower: Mapped[str]
    upper_mark: Mapped[str]
    lower_mark: Mapped[str]
    handed_down: Mapped[bool]
    at: Mapped[str]
    who: Mapped[str]


class LadderDrawnRow(Base):
    """What the aggregate said of a record when it was taken over, as JSON."""

    __tablename__ = "ladder_drawn"

    record: Mapped[str] = mapped_column(primary_key=True)
    drawn: Mapped[str]
    at: Mapped[str]
    who: Mapped[str]


class LadderTaskRow(Base):
    """From which task of the upper plan a task was made, as JSON."""

    __tablename__ = "ladder_task"

    task: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str]
    at: Mapped[str]
    who: Mapped[str]


def confirmed(session: Session) -> tuple[Confirmed, ...]:
    """Return all that people decided of items of the upper plan."""
    rows = session.scalars(select(LadderMatchRow).order_by(LadderMatchRow.upper))
    return tuple(
        Confirmed(
            ItemKind(row.kind),
            row.upper,
            row.lower,
            row.upper_mark,
            row.lower_mark,
            row.handed_down,
            row.at,
            row.who,
        )
        for row in rows
    )


def save_confirmed(writing: Writing, decisions: Iterable[Confirmed]) -> None:
    """Store what a person decided now, in place of what was decided of the same items."""
    lines: list[LogLine] = []
    for each in decisions:
        now = replace(each, at=writing.at, who=writing.author.who)
        plain: dict[str, Any] = to_plain(now)
        before = writing.session.get(LadderMatchRow, (each.kind.value, each.upper))
        earlier = {"lower": before.lower} if before else None
        writing.session.merge(LadderMatchRow(**plain))
        lines.append(LogLine(_MATCHED, _subject(each.kind, each.upper), earlier, plain))
    audit.log_all(writing, lines)


def forget_confirmed(writing: Writing, kind: ItemKind, upper: str) -> bool:
    """Take a decision back; tell whether there was one."""
    row = writing.session.get(LadderMatchRow, (kind.value, upper))
    if row is None:
        return False
    audit.log(writing, _MATCHED, _subject(kind, upper), {"lower": row.lower}, None)
    writing.session.delete(row)
    return True


def _subject(kind: ItemKind, upper: str) -> str:
    return f"match/{kind.value}/{upper}"


def drawn(session: Session, unit: str, period: str) -> Mapping[RecordKey, Drawn]:
    """Return what was taken over for a unit's records of a period.

    InputRejectedError when what is stored can't be read.
    """
    ending = f"/{unit}/{period}"
    rows = session.scalars(
        select(LadderDrawnRow).where(LadderDrawnRow.record.endswith(ending, autoescape=True))
    )
    return {found.key: found for found in map(_drawn, rows)}


def drawn_periods(session: Session) -> tuple[str, ...]:
    """Return the periods for which anything was taken over, in their text form, in order."""
    records = session.scalars(select(LadderDrawnRow.record))
    return tuple(sorted({RecordKey.of(record).period for record in records}))


def save_drawn(writing: Writing, found: Iterable[Drawn]) -> None:
    """Store what was taken over now, in place of what was for the same records."""
    lines: list[LogLine] = []
    for each in found:
        now = replace(each, at=writing.at, who=writing.author.who)
        subject, plain = str(each.key), _plain(now)
        before = writing.session.get(LadderDrawnRow, subject)
        earlier: dict[str, object] | None = json.loads(before.drawn) if before else None
        text = canonical(plain)
        row = LadderDrawnRow(record=subject, drawn=text, at=now.at, who=now.who)
        writing.session.merge(row)
        lines.append(LogLine(_DRAWN, f"drawn/{subject}", earlier, plain))
    audit.log_all(writing, lines)


def _plain(found: Drawn) -> dict[str, Any]:
    return {
        "content": content_to_dict(found.content),
        "lower": found.lower,
        "known": found.known,
        "expected": found.expected,
        "missing": list(found.missing),
        "basis": found.basis.value,
        "basis_text": found.basis_text,
        "remarks": list(found.remarks),
        "latest": None if found.latest is None else content_to_dict(found.latest),
    }


def _drawn(row: LadderDrawnRow) -> Drawn:
    try:
        key = RecordKey.of(row.record)
        plain = json.loads(row.drawn)
        content, latest = content_from_dict(key.kind, plain["content"]), plain["latest"]
        return Drawn(
            key,
            content,
            str(plain["lower"]),
            int(plain["known"]),
            int(plain["expected"]),
            tuple(map(str, plain["missing"])),
            Basis(plain["basis"]),
            str(plain["basis_text"]),
            tuple(map(str, plain["remarks"])),
            None if latest is None else content_from_dict(key.kind, latest),
            row.at,
            row.who,
        )
    except (ValueError, KeyError, TypeError) as problem:
        raise reject(
            "留存的取数依据已损坏", "请运行检查（verify），并从备份恢复，或重新取数"
        ) from problem


def task_origins(session: Session) -> Mapping[str, TaskOrigin]:
    """Return by code the tasks that were handed down from above, with where they come from."""
    found: dict[str, TaskOrigin] = {}
    for row in session.scalars(select(LadderTaskRow).order_by(LadderTaskRow.task)):
        plain = {**json.loads(row.origin), "task": row.task, "at": row.at, "who": row.who}
        found[row.task] = from_plain(TaskOrigin, plain)
    return found


def save_origin(writing: Writing, origin: TaskOrigin) -> None:
    """Store from which task of the upper plan one was made."""
    told: dict[str, Any] = to_plain(origin)
    for name in ("task", "at", "who"):
        told.pop(name)
    row = LadderTaskRow(
        task=origin.task, origin=canonical(told), at=writing.at, who=writing.author.who
    )
    writing.session.merge(row)
    audit.log(writing, _HANDED_DOWN, f"task/{origin.task}", None, told)
