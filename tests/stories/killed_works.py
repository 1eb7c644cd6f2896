"""Works that a power cut may meet: what each begins with, what it does, what may be left behind.

Run as a program it is what gets killed: it reads works from its input, and does each in a process
forked from it, so that what all need is loaded once.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook

from fsdesk.bench.packets import benchmark_plan, write_packets
from fsdesk.domain.findings import FindingCode, InputRejectedError, WorkspaceError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.services.care import keeping, maintenance, next_year, protecting, restoring, setup
from fsdesk.services.ledger import ledger_files, ledgers
from fsdesk.services.ledger.ledger_files import ListOptions
from fsdesk.services.packet import exchange, importing
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import evidence, recording
from fsdesk.store import migrate
from fsdesk.store.packet import keys
from fsdesk.store.records import records, submissions
from fsdesk.workspace import open_workspace
from tests.held import attachments_of
from tests.plans import small_plan
from tests.protected import forget

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.workspace import Workspace

OLDER = Path(__file__).parents[1] / "golden" / "workspaces" / "schema-0004.zip"
PACKETS, ROWS = 12, 400
_ITEMS = ("I01-1", "I01-2", "I01-5")


@dataclass(frozen=True)
class Work:
    """A work.

    Attributes:
        begin: Makes in a new folder what the work begins with.
        do: The work; `ready` is called when it is about to begin.
        check: Asserts that the folder is as before or after a step, and never between.
    """

    begin: Callable[[Path], object]
    do: Callable[[Path, Callable[[], None]], object]
    check: Callable[[Path], object]


def whole(folder: Path) -> Workspace:
    """Open a workspace that must be whole."""
    workspace = open_workspace(folder)
    assert maintenance.verify(workspace) == ()
    return workspace


def _small_office(folder: Path) -> None:
    setup.create_office(folder / "office", small_plan()).close()


# Typing: three figures at a time, which are always the same


def _type(folder: Path, ready: Callable[[], None]) -> None:
    with open_workspace(folder / "office") as office:
        ready()
        for number in range(1, 60):
            entries = [
                (RecordKey(RecordKind.VALUE, item, "scj", "2026-03"), DataValue(number))
                for item in _ITEMS
            ]
            recording.save_all(office, entries)


def _all_or_none_typed(folder: Path) -> None:
    with whole(folder / "office") as office, office.reading() as session:
        found = [record.content for record in records.load_records(session)]
    assert len(found) in (0, len(_ITEMS))
    assert len(set(found)) <= 1


# Packets: each with its records, its submission, its key and its note


def _packets_to_come(folder: Path) -> None:
    plan = benchmark_plan(PACKETS)
    setup.create_office(folder / "office", plan).close()
    list(write_packets(plan, PACKETS, folder / "packets"))


def _import(folder: Path, ready: Callable[[], None]) -> None:
    with open_workspace(folder / "office") as office:
        ready()
        run_through(importing.import_packets(office, [folder / "packets"]))


def all_imported(workspace: Workspace) -> tuple[set[object], ...]:
    """Return all that imports leave behind, apart from times and numbers of rows."""
    with workspace.reading() as session:
        held = records.held(session, leading_only=False)
        return (
            {(item.record, item.leading) for item in held},
            {(s.unit, s.period, s.state, s.digest) for s in submissions.submissions(session)},
            {note.digest for note in submissions.packets(session)},
            {(s.unit, s.public_key) for s in keys.signers(session) if s.unit != "ban"},
        )


def _some_packets_wholly(folder: Path) -> None:
    with whole(folder / "office") as office:
        first = all_imported(office)
        run_through(importing.import_packets(office, [folder / "packets"]))
        full = all_imported(office)
    assert [len(part) for part in full][1:3] == [PACKETS, PACKETS]
    assert all(part <= every for part, every in zip(first, full, strict=True))
    reported = {(unit, period) for unit, period, *_ in first[1]}
    assert {(record.key.unit, record.key.period) for record, _ in first[0]} == reported


# A ledger: a list is taken wholly or not at all


def _list_to_come(folder: Path) -> None:
    _small_office(folder)
    book = Workbook()
    sheet = book.active
    sheet.append(["抽样编号", "类别", "样品名称", "被抽样单位", "抽样日期", "检验结论"])
    for number in range(ROWS):
        sheet.append([f"SC{number:05}", "药品", "甲片", "甲药店", "2026-03-05", "合格"])
    book.save(folder / "list.xlsx")


def _take_list(folder: Path, ready: Callable[[], None]) -> None:
    with open_workspace(folder / "office") as office:
        ready()
        preview = ledger_files.preview_list(
            office, "sampling", folder / "list.xlsx", ListOptions(unit="scj")
        )
        ledger_files.take_list(office, preview)


def _all_rows_or_none(folder: Path) -> None:
    with whole(folder / "office") as office:
        assert len(ledgers.page(office, "sampling", limit=2 * ROWS)) in (0, ROWS)


# Copies


def _back_up(folder: Path, ready: Callable[[], None]) -> None:
    with open_workspace(folder / "office") as office:
        ready()
        maintenance.back_up(office, folder / "copies" / "copy.zip")


def _whole_copy_or_none(folder: Path) -> None:
    whole(folder / "office").close()
    if (folder / "copies" / "copy.zip").exists():
        maintenance.restore(folder / "copies" / "copy.zip", folder / "back")
        whole(folder / "back").close()


def _copy_to_go_back_to(folder: Path) -> None:
    """A workspace with a figure, a copy of it, and another figure typed since."""
    _small_office(folder)
    with open_workspace(folder / "office") as office:
        recording.record_value(office, "I01-1", "2026-03", DataValue(1), unit="scj")
        maintenance.back_up(office, folder / "copy.zip")
        recording.record_value(office, "I01-1", "2026-03", DataValue(2), unit="scj")


def _go_back(folder: Path, ready: Callable[[], None]) -> None:
    ready()
    run_through(restoring.put_back(folder / "office", folder / "copy.zip"))


def _back_or_not(folder: Path) -> None:
    with whole(folder / "office") as office, office.reading() as session:
        (record,) = records.load_records(session)
    assert record.content in (DataValue(1), DataValue(2))
    kept = list((folder / "office" / "backups").glob("before-restore-*.db"))
    if record.content == DataValue(1):
        assert kept  # what was typed since is there
    for file in kept:
        with closing(sqlite3.connect(file)) as raw:
            assert raw.execute("SELECT value FROM data_value WHERE leading").fetchall() == [(2,)]


# A newer program


def _older_workspace(folder: Path) -> None:
    maintenance.restore(OLDER, folder / "unit")


def _upgrade(folder: Path, ready: Callable[[], None]) -> None:
    ready()
    open_workspace(folder / "unit").close()


def _upgraded_or_upgradable(folder: Path) -> None:
    with whole(folder / "unit") as unit:
        assert migrate.schema_version(unit.engine) == migrate.HEAD
        with unit.reading() as session:
            told = [record for record in records.load_records(session) if not record.empty]
        assert told


# Another year


def _change_year(folder: Path, ready: Callable[[], None]) -> None:
    with open_workspace(folder / "office") as office:
        draft = next_year.draft_next_year(office)
        ready()
        next_year.make_next_year(office, folder / "next", draft)


def _whole_year_or_none(folder: Path) -> None:
    with whole(folder / "office") as office:
        if not _is_set_up(folder / "next"):
            draft = next_year.draft_next_year(office)
            next_year.make_next_year(office, folder / "next", draft)
        with whole(folder / "next") as made:
            assert current_plan(made).year == current_plan(office).year + 1
            assert made.rules == office.rules


def _is_set_up(folder: Path) -> bool:
    try:
        open_workspace(folder).close()
    except WorkspaceError as problem:
        if problem.tells(FindingCode.NO_WORKSPACE):
            return False
        raise
    return True


# A password: all of the folder is encrypted by the new one, or by the one before, or by none


def _worked_in(folder: Path) -> None:
    """An office with a figure, an evidence file, packets it issued, and a copy of its database."""
    _small_office(folder)
    (folder / "proof.txt").write_bytes(_PROOF)
    with open_workspace(folder / "office") as office:
        recording.record_value(office, "I01-1", "2026-03", DataValue(1), unit="scj")
        evidence.attach(office, _FIGURE, folder / "proof.txt")
        run_through(exchange.issue_packets(office, Period.parse("2026-03"), folder / "issued"))
        keeping.keep_copy(office)


def _protected_one(folder: Path) -> None:
    _worked_in(folder)
    _protect(folder, _FIRST)


def _protect(folder: Path, password: str) -> None:
    office = folder / "office"
    run_through(protecting.set_password(office, protecting.new_password(office, password)))


def _set_password(folder: Path, ready: Callable[[], None]) -> None:
    ready()
    _protect(folder, _SECOND)


def _change_password(folder: Path, ready: Callable[[], None]) -> None:
    protecting.unlock(folder / "office", _FIRST)
    ready()
    _protect(folder, _SECOND)


def _give_up_password(folder: Path, ready: Callable[[], None]) -> None:
    protecting.unlock(folder / "office", _FIRST)
    ready()
    run_through(protecting.give_up_password(folder / "office"))


def _by_one_password_or_none(folder: Path) -> None:
    office = folder / "office"
    forget()
    with suppress(WorkspaceError):  # its password is asked for, once what was begun is ended
        open_workspace(office).close()
    for password in (_FIRST, _SECOND):
        if protecting.is_locked(office):
            with suppress(InputRejectedError):
                protecting.unlock(office, password)
    with whole(office) as workspace:
        assert evidence.content(workspace, attachments_of(workspace, _FIGURE)[0]) == _PROOF
    if protecting.is_protected(office):
        files = [file for file in office.rglob("*") if file.is_file()]
        read = {file: file.read_bytes() for file in files}
        plain = (_PROOF, b"SQLite format 3", b"PRIVATE KEY", b"PK\x03\x04")
        assert not [file for file, data in read.items() if any(word in data for word in plain)]


_PROOF = b"proof of what was recorded" * 100
_FIGURE = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")
_FIRST, _SECOND = "the first password", "the second password"


WORKS = {
    "record": Work(_small_office, _type, _all_or_none_typed),
    "import": Work(_packets_to_come, _import, _some_packets_wholly),
    "ledger import": Work(_list_to_come, _take_list, _all_rows_or_none),
    "backup": Work(_small_office, _back_up, _whole_copy_or_none),
    "restore": Work(_copy_to_go_back_to, _go_back, _back_or_not),
    "migration": Work(_older_workspace, _upgrade, _upgraded_or_upgradable),
    "year change": Work(_small_office, _change_year, _whole_year_or_none),
    "password set": Work(_worked_in, _set_password, _by_one_password_or_none),
    "password change": Work(_protected_one, _change_password, _by_one_password_or_none),
    "password given up": Work(_protected_one, _give_up_password, _by_one_password_or_none),
}


def _say(word: str, number: int) -> None:
    sys.stdout.write(f"{word} {number}\n")
    sys.stdout.flush()


def _serve() -> None:
    """Do each work that is asked for in a process of its own, until the input ends."""
    for line in sys.stdin:
        name, folder = json.loads(line)
        child = os.fork()
        if not child:
            WORKS[name].do(Path(folder), lambda: _say("ready", os.getpid()))
            os._exit(0)
        sys.stdin.readline()  # a process that ended by itself keeps its number till then
        _, status = os.waitpid(child, 0)
        _say("gone", status)


if __name__ == "__main__":
    _serve()
