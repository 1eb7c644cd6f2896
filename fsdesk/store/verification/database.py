"""All that can be found wrong with a database file, from its pages to what people typed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from fsdesk.domain.findings import FindingCode, FsdeskError, WorkspaceError
from fsdesk.store import drafts, issued_papers, migrate
from fsdesk.store.care import copies, integrity, raw
from fsdesk.store.ladder import links, parts
from fsdesk.store.packet import imports, keys
from fsdesk.store.plan import tables as plan_tables
from fsdesk.store.quality import choices
from fsdesk.store.records import attachments
from fsdesk.store.status import published
from fsdesk.store.supervision import tables as letter_tables
from fsdesk.store.tables import Base
from fsdesk.store.verification import plan
from fsdesk.store.verification.ledgers import NONSENSE, LedgerPasts
from fsdesk.store.verification.log import LogReading
from fsdesk.store.verification.reading import Reading
from fsdesk.store.verification.records import RecordPasts
from fsdesk.store.verification.things import ThingPasts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Where the last tables are told.
_DECLARED = (
    choices.QualityDismissalRow,
    letter_tables.LetterRow,
    drafts.FieldDraftRow,
    issued_papers.IssuedPaperRow,
    links.LadderMatchRow,
    parts.PartSheetRow,
    imports.ImportBatchRow,
    keys.SignerRow,
    plan_tables.PlanRow,
    attachments.AttachmentRow,
    published.PUBLISHED,
)
_COLUMNS = {
    name: frozenset(column.name for column in table.columns)
    for name, table in Base.metadata.tables.items()
}
_MOST = 20  # lines about one table


def problems_in(file: Path, *, finished: bool = False) -> tuple[str, ...]:
    """Return all that is wrong in a database file, in Chinese; empty when nothing is.

    Of a database of an older program, its pages and its records are looked at.

    `finished`: nobody writes to it, such as a copy.
    WorkspaceError where the disk can't be read at all.
    """
    found = list(integrity.problems_of(file, finished=finished))
    try:
        with raw.opened(file, finished=finished) as connection:
            connection.execute("BEGIN")  # all of it as of one moment
            reading = Reading(connection)
            version = reading.version
            is_present = version == migrate.HEAD
            if is_present:
                reading.columns = _COLUMNS
            elif not ("0001" <= version < migrate.HEAD and version.isdigit()):
                found.append(f"数据库的版本“{version}”无法识别，或比本程序新")
            found += _shortened(_beside_the_log(reading, is_present=is_present))
        if is_present:
            found += plan.compare(file, finished=finished)
    except raw.faults() as fault:
        found += [line for line in integrity.told(fault, file) if line not in found]
    return tuple(found)


def _beside_the_log(reading: Reading, *, is_present: bool) -> Iterator[str]:
    missing = set(integrity.LABELS) - reading.tables - {"sqlite_schema"}
    if is_present:
        yield from (f"表{integrity.label(table)}不见了" for table in sorted(missing))
    log, records, things, ledgers = LogReading(reading), RecordPasts(), ThingPasts(), LedgerPasts()
    for line in log.lines():
        with suppress(*NONSENSE):  # of a program that logged it otherwise
            if not records.note(line) and not ledgers.note(line):
                things.note(line)
    yield from log.told()
    for part in (records, things, ledgers) if is_present else (records,):
        try:
            yield from part.compare(reading)
        except NONSENSE:  # a row that makes no sense at all
            yield "数据库中有读不懂的内容"
    yield from reading.told()


def registered(file: Path, table: str, key: str, column: str = "") -> dict[str, str]:
    """Return what a table says of files outside the database, as far as it can be read.

    `table`: ``packet`` or ``attachment``.
    `key`: the column that names the file.
    `column`: what is told of it; the key itself when left out.
    """
    try:
        with raw.opened(file) as connection:
            rows = Reading(connection).rows(table)
            return {str(row[key]): str(row[column or key]) for row in rows}
    except raw.faults():  # the database itself is told of
        return {}


def explained(folder: Path, problem: BaseException) -> WorkspaceError | None:
    """Tell of a failure that a damaged database is behind it, and the way back.

    Where what is read makes no sense, any mistake may follow; so whatever was not foreseen asks.

    Returns:
        What to raise in its place; None where the database is as it should be, or all is said.
    """
    if isinstance(problem, FsdeskError):
        if problem.tells(FindingCode.DAMAGED) or not problem.tells(FindingCode.UNREADABLE):
            return None
    elif not isinstance(problem, Exception) or isinstance(problem, OSError):
        return None
    file = folder / raw.DATABASE
    try:
        problems = problems_in(file) if file.is_file() else ()
    except FsdeskError:  # the disk says nothing of the file
        return None
    return WorkspaceError(copies.of_damage(folder, problems)) if problems else None


def _shortened(lines: Iterator[str]) -> Iterator[str]:
    """Keep the first lines about each table."""
    counts: dict[str, int] = {}
    for line in lines:
        table = line.partition("：")[0].partition("第")[0]
        counts[table] = counts.get(table, 0) + 1
        if counts[table] <= _MOST:
            yield line
    for table, count in counts.items():
        if count > _MOST:
            yield f"{table}：另有 {count - _MOST} 处"
