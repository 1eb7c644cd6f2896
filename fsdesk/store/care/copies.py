"""The automatic copies of a workspace's database: when one is due, made, sound, and kept.

A copy is known by what lies in it: how far its change log goes, and when its newest change was
made. Neither its name nor the clock of today says anything of that. While the database is damaged
no copy is made and none goes.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from fsdesk import files
from fsdesk.domain.clock import clock_text
from fsdesk.domain.faults import finding_of
from fsdesk.domain.findings import (
    FindingCode,
    FsdeskError,
    error,
    warning,
)
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.store.care import backup, raw
from fsdesk.store.care.integrity import problems_of
from fsdesk.store.faults import told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from fsdesk.domain.findings import Finding
    from fsdesk.store.engine import Engine

__all__ = [
    "FOLDER", "Copy", "CopyKind", "Mark", "changes_after", "copies_of", "is_due",
    "keep", "mark_of", "newest_sound", "of_damage", "problems_of", "staying", "way_back",
]  # fmt: skip

FOLDER = "backups"
# The newest copy of a day stays for so many days on which something was changed, then that of a
# week, then that of a month; and whatever the clock says, so many of the newest.
DAYS, WEEKS, MONTHS, NEWEST = 14, 8, 12, 4
# So many changes, or changes over so long a time, are worth another copy on the same day.
_MUCH = 200
_LONG = timedelta(hours=1)
_PER_MINUTE = 1 << 20  # copies of a large database are rarer: for each MiB a minute
_MOST_NAMED = 3
_OWN_NAME = re.compile(r"（\w+）", re.ASCII)


class CopyKind(LabelledEnum):
    """What a copy was made for."""

    DAILY = "daily", "自动备份"
    BEFORE = "before", "变动前的备份"


class Mark(Struct, frozen=True, order=True):
    """How far a database has come.

    Attributes:
        position: Id of the newest line of its change log; 0 where there is none to be read.
        at: When that line was written, ISO text in UTC; empty where there is none.
        digest: The line's digest: two databases with the same one hold the same changes.
        packets: How many packets are registered, of which the log does not tell.
    """

    position: int = 0
    at: str = ""
    digest: str = ""
    packets: int = 0


class Copy(Struct, frozen=True):
    """A copy of the database.

    Attributes:
        size: In bytes.
    """

    file: Path
    kind: CopyKind
    mark: Mark
    size: int

    @property
    def made_at(self) -> str:
        """When the newest change in it was made, ISO text in UTC; empty where it can't be read."""
        return self.mark.at

    @property
    def position(self) -> int:
        """How far its change log goes; 0 where it can't be read."""
        return self.mark.position


def copies_of(folder: Path) -> tuple[Copy, ...]:
    """Return the copies that a workspace's folder holds, by what is in them, the newest first.

    Whether each is sound is another, longer question; see `problems_of`.
    """
    found: list[Copy] = []
    for file in (folder / FOLDER).glob("*.db"):
        kind = CopyKind.DAILY if file.name.startswith(CopyKind.DAILY) else CopyKind.BEFORE
        try:
            found.append(Copy(file, kind, mark_of(file, finished=True), file.stat().st_size))
        except OSError:  # gone meanwhile
            continue
    return tuple(sorted(found, key=lambda copy: (copy.mark, copy.file.name), reverse=True))


def mark_of(file: Path, *, finished: bool = False) -> Mark:
    """Return how far a database file has come; nothing where it can't be read.

    `finished`: nobody writes to it, such as a copy.
    """
    try:
        with raw.opened(file, finished=finished) as connection:
            return _mark_in(connection)
    except (*raw.faults(), ValueError):
        return Mark()


def _mark_in(connection: sqlite3.Connection) -> Mark:
    newest = "SELECT id, at, digest FROM change ORDER BY id DESC LIMIT 1"
    number, at, digest = connection.execute(newest).fetchone() or (0, "", "")
    (packets,) = connection.execute("SELECT count(*) FROM packet").fetchone()
    return Mark(int(number), str(at), str(digest), int(packets))


def is_due(newest: Mark | None, now: Mark, moment: str, size: int = 0) -> bool:
    """Tell whether a database should be copied; pure.

    `newest`: of its newest copy; None where there is none.
    `now`: how far it has come.
    `moment`: ISO text in UTC by the PC's clock; a wrong one makes a copy too many.
    `size`: of the database, in bytes.
    """
    if newest is None or newest == now:
        return newest is None
    much = now.position - newest.position >= _MUCH
    enough = _LONG + timedelta(minutes=size // _PER_MINUTE)
    long = _apart(newest.at, now.at) >= enough
    # A clock that was set back says nothing of how long ago that is.
    back = now.at < newest.at or moment < newest.at
    return much or long or back or newest.at[:10] != moment[:10]


def _apart(earlier: str, later: str) -> timedelta:
    try:
        return datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    except (ValueError, TypeError):
        return timedelta.max


def keep(folder: Path, engine: Engine, now: datetime) -> tuple[Finding, ...]:
    """Copy a workspace's database if that is due, and let older copies go by generations.

    The copy counts only when it was read again, is whole, and ends where the database stood.
    Whatever fails leaves the copies as they were.

    `folder`: of the workspace.
    `now`: in UTC; it gives the copy its name, and tells whether there is one of today.

    Returns:
        What to tell: why there is no copy, or that the database is damaged (`FindingCode.DAMAGED`).
    """
    if engine.dialect.name != "sqlite":
        return ()
    file = Path(str(engine.url.database))
    try:
        with told(str(file), "读取"), raw.written(file) as connection:
            mark = _mark_in(connection)
            own, others = _by_line(connection, copies_of(folder))
            size = file.stat().st_size
            known = mark in {copy.mark for copy in (*own, *others)}
            newest = mark if known else max((copy.mark for copy in own), default=None)
            if not is_due(newest, mark, now.isoformat(timespec="seconds"), size):
                return ()
            made = files.unused(folder / FOLDER / f"{CopyKind.DAILY}-{now:%Y%m%d}.db")
            problems = _copied(engine, made, connection)
    except (FsdeskError, OSError, *raw.faults()) as fault:
        problems = problems_of(file, finished=False)
        if problems:
            return (of_damage(folder, problems),)
        if isinstance(fault, raw.faults()):
            raise
        why = (
            fault.findings[0]
            if isinstance(fault, FsdeskError)
            else finding_of(cast("OSError", fault))
        )
        words = f"自动备份没有做成，工作区可以照常使用。{why.message}"
        return (warning(words, why.remedy),)
    if problems:
        return (of_damage(folder, problems),)
    own.append(Copy(made, CopyKind.DAILY, mark_of(made, finished=True), size))
    for line in (own, others):
        for old in set(line) - staying(line):
            files.discard(old.file)
    return ()


def _by_line(
    connection: sqlite3.Connection, copies: Sequence[Copy]
) -> tuple[list[Copy], list[Copy]]:
    """Sort out daily copies: those from which the database came, and those of another past.

    After going back to an earlier state the abandoned copies have come further than the new ones;
    judged together, each new one would be the oldest. Those that can't be read are left alone.
    """
    line = "SELECT digest FROM change WHERE id = ?"
    own: list[Copy] = []
    others: list[Copy] = []
    for copy in copies:
        if copy.kind is CopyKind.DAILY and copy.position:
            found = connection.execute(line, [copy.position]).fetchone()
            (own if found == (copy.mark.digest,) else others).append(copy)
    return own, others


def _copied(engine: Engine, target: Path, source: sqlite3.Connection) -> tuple[str, ...]:
    """Copy a database, and put the copy in place if it is sound; returns what is not."""
    with files.scratch(target) as aside:
        copy = aside / target.name
        backup.snapshot(engine, copy, target)
        problems = problems_of(copy)
        mark = mark_of(copy, finished=True)
        line = source.execute("SELECT digest FROM change WHERE id = ?", [mark.position]).fetchone()
        if not problems and line != (mark.digest,):
            problems = ("备份与数据库的变更记录不一致",)
        if not problems:
            files.move_tree(aside, target.parent)
    return problems


def staying(copies: Sequence[Copy]) -> frozenset[Copy]:
    """Return those of a database's copies that stay: by days, weeks and months of its changes.

    A clock that was set back begins a new day, week and month, so that neither the copies before
    nor those after it are taken for each other.
    """
    ascending = sorted(copies, key=lambda copy: copy.mark)
    stay = ascending[-NEWEST:]
    for period, count in ((_day, DAYS), (_week, WEEKS), (_month, MONTHS)):
        stay += _newest_each(ascending, period)[-count:]
    return frozenset(stay)


def _newest_each(ascending: Sequence[Copy], period: Callable[[str], str]) -> list[Copy]:
    found: list[Copy] = []
    for copy in ascending:
        same = found and period(found[-1].made_at) == period(copy.made_at)
        if same and found[-1].made_at <= copy.made_at:
            found.pop()
        found.append(copy)
    return found


def _day(at: str) -> str:
    return at[:10]


def _month(at: str) -> str:
    return at[:7]


def _week(at: str) -> str:
    try:
        year, week, _ = date.fromisoformat(at[:10]).isocalendar()
    except ValueError:
        return at
    return f"{year}-{week}"


def of_damage(folder: Path, problems: Sequence[str]) -> Finding:
    """Tell that a workspace's database is damaged, and which state can be gone back to.

    `problems`: what is damaged, in Chinese.
    """
    # The database's own names are for `verify`; who only wants to go on reads what is meant.
    named = "；".join(_OWN_NAME.sub("", problem) for problem in problems[:_MOST_NAMED])
    more = "等" if len(problems) > _MOST_NAMED else ""
    return error(
        f"工作区“{folder}”的数据库已损坏：{named}{more}。{way_back(folder)}",
        "请停止录入，把整个工作区文件夹复制一份留存，再从“工作区”菜单选“从备份恢复”",
        code=FindingCode.DAMAGED,
    )


def way_back(folder: Path) -> str:
    """Say which copy is the newest sound one, and what would be lost by going back to it."""
    copy = newest_sound(folder)
    if copy is None:
        return "没有找到完好的自动备份，请找出另外保存的备份文件"
    lost = changes_after(folder / raw.DATABASE, copy.mark)
    if lost is None:
        after = "其后改动的数目无法得知"
    else:
        after = f"其后的 {lost} 处改动不在其中" if lost else "其后没有改动"
    return f"最近一份完好的备份内容到 {clock_text(copy.made_at)} 为止，{after}"


def newest_sound(folder: Path) -> Copy | None:
    """Return the newest copy that is sound, or None."""
    return next((c for c in copies_of(folder) if c.position and not problems_of(c.file)), None)


def changes_after(database: Path, mark: Mark) -> int | None:
    """Return how many changes a database has after a copy; None where that can't be known."""
    try:
        with raw.opened(database) as connection:
            line = connection.execute("SELECT digest FROM change WHERE id = ?", [mark.position])
            if line.fetchone() != (mark.digest,):
                return None  # a copy of another past
            after = "SELECT count(*) FROM change WHERE id > ?"
            return int(connection.execute(after, [mark.position]).fetchone()[0])
    except raw.faults():
        return None
