"""One call of the disk or of the database fails, whichever: words, nothing changed, nothing left.

Every run tries a few calls of each work; `--hypothesis-profile heavy` tries all of them.
"""

from __future__ import annotations

import functools
import hashlib
import io
import random
import re
import shutil
import sqlite3
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings
from openpyxl import load_workbook

from fsdesk import files, sealed
from fsdesk.commands.run import run
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.care import maintenance, updating
from fsdesk.services.ledger import ledger_files
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.records import evidence, recording
from fsdesk.services.supervision import supervision
from fsdesk.store import engine
from fsdesk.workspace import open_workspace
from tests.bad_disk import DATABASE_FAULTS, FILE_FAULTS, BadDisk
from tests.protected import forget
from tests.workspaces import MARCH, import_files, make_office, make_unit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]

GOLDEN = Path(__file__).parents[1] / "golden" / "workspaces" / "schema-0006.zip"
PERIOD = ("--period", "2026-03")
PAGE_ERRORS = r"[A-Za-z]{2,}|Errno|Traceback"
# Of every work and kind of fault, so many calls are tried each day beside the last.
TRIED = 1
WORKS = {
    "issue": ("office", "packet", "issue", *PERIOD, "--out", "out"),
    "feedback": ("office", "packet", "feedback", *PERIOD, "--out", "out"),
    "export": ("unit", "packet", "export", *PERIOD, "--out", "out/a.xlsx"),
    "export over": ("unit", "packet", "export", *PERIOD, "--out", "there/a.xlsx"),
    "export evidence": ("unit", "packet", "export", *PERIOD, "--out", "out/a.zip"),
    "import": ("office", "packet", "import", "inbox/a.xlsx"),
    "import evidence": ("office", "packet", "import", "inbox/b.zip"),
    "check": ("office", "packet", "check", "bad", "--annotated", "out"),
    "undo": ("office", "packet", "undo"),
    "backup": ("office", "backup", "out/a.zip"),
    "restore": ("out/again", "restore", "backup.zip"),
    "table": ("office", "report", "table", *PERIOD, "--out", "out/a.xlsx"),
    "table over": ("office", "report", "table", *PERIOD, "--out", "there/a.xlsx"),
    "table pdf": ("office", "report", "table", *PERIOD, "--out", "out/a.pdf"),
    "layout": ("office", "report", "table", *PERIOD, "--out", "out/a.pdf", "--save-layout", "甲"),
    "chart": ("office", "report", "chart", *PERIOD, "--out", "out/a.png"),
    "bulletin": ("office", "report", "bulletin", *PERIOD, "--out", "out/a.docx"),
    "publishing": ("office", "report", "bulletin", *PERIOD, "--out", "out/a.docx", "--publish"),
    "letter": ("office", "report", "letter", *PERIOD, "--unit", "scj", "--out", "out/a.docx"),
    "letter pdf": ("office", "report", "letter", *PERIOD, "--unit", "scj", "--out", "out/a.pdf"),
    "pack": ("office", "report", "inspection", *PERIOD, "--out", "out/迎检"),
    "packed": ("office", "report", "inspection", *PERIOD, "--out", "out/迎检.zip"),
    "calendar": ("office", "calendar", "export", "out/a.ics"),
    "plan": ("office", "plan", "export", "out/a.xlsx"),
    "template": ("office", "ledger", "template", "包保督导", "out/a.xlsx"),
    "rows out": ("office", "ledger", "export", "包保督导", "out/a.xlsx"),
    "rows in": ("unit", "ledger", "import", "包保督导", "rows.xlsx"),
    "record": ("unit", "record", "value", "I01-1", *PERIOD, "--value", "9"),
    "evidence": (
        *("unit", "record", "milestone", "D01-1-1", *PERIOD, "--status", "已完成"),
        *("--attach", "照片.jpg"),
    ),
    "publish": ("office", "publish", *PERIOD),
    "draft": ("office", "supervision", "draft", *PERIOD, "--unit", "scj"),
    "issue letter": ("office", "supervision", "issue", "DRAFT"),
    "reply": ("unit", "supervision", "reply", "LETTER", "--text", "已整改", "--attach", "照片.jpg"),
    "register": ("office", "supervision", "export", "out/a.pdf"),
    "password": ("unit", "password", "set", "--new-password-file", "word.txt"),
    "update": ("office", "update", "make", "fsdesk_99.0.0_amd64.deb", "--out", "out/a.fsupdate"),
    "take update": ("office", "update", "check", "a.fsupdate"),
    "upgrade": ("older", "status"),
    "init": ("out/new", "init", "--role", "office", "--year", "2026"),
    "init from packet": ("out/new", "init", "--role", "unit", "--plan", "plan.xlsx"),
}


class Place:
    """A folder with all that the works need, which is put back after each."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.words = folder, {}
        with make_office(folder / "office") as office, make_unit(office, folder / "unit") as unit:
            self._fill(office, unit)
        with open_workspace(folder / "office") as office:  # today, to be issued today
            drafted = supervision.draft_for(office, MARCH, "fgj", LetterKind.REMINDER)
            self.words["DRAFT"] = drafted.key
        shutil.rmtree(folder / "office" / "backups")
        maintenance.restore(GOLDEN, folder / "older")
        (folder / "out").mkdir()
        shutil.copytree(folder / "issued", folder / "there")
        shutil.copyfile(folder / "plan.xlsx", folder / "there" / "a.xlsx")
        shutil.rmtree(folder / "issued")
        for name in ("office", "unit", "older"):
            self._settle(folder / name)
        self._kept = folder.with_name("kept")
        self._seen = dict[Path, object]()  # how files looked when they were as they were
        shutil.copytree(folder, self._kept)

    def _fill(self, office, unit):
        folder = self.folder
        (folder / "照片.jpg").write_bytes(b"photo")
        (folder / "word.txt").write_text("a long password")
        (folder / "rows.xlsx").touch()
        ledger_files.write_template(unit, "包保督导", folder / "rows.xlsx")
        installer = folder / "fsdesk_99.0.0_amd64.deb"
        installer.write_bytes(b"installer")
        updating.write_update(office, [installer], folder / "a.fsupdate")
        shutil.copyfile(folder / "issued" / "下发包-西兴街道-2026-03.xlsx", folder / "plan.xlsx")
        drafted = supervision.draft_for(office, MARCH, "scj", LetterKind.REMINDER)
        (letter,) = supervision.issue(office, [drafted.key])
        self.words = {"LETTER": letter.document_number}
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
        import_files(unit, *exchange_files(exchange.answer_reports(office, MARCH, folder / "told")))
        shutil.rmtree(folder / "told")
        milestone = Milestone(Status.DONE, date(2026, 3, 5), "文件")
        kept = recording.record_milestone(unit, "D01-1-2", "2026-03", milestone)
        evidence.attach(unit, kept.record.key, folder / "照片.jpg")
        (folder / "bad").mkdir()
        exchange.export_report(unit, MARCH, folder / "bad" / "a.xlsx")
        import_files(office, folder / "bad" / "a.xlsx")
        reviewing.return_report(office, "scj", MARCH, "请补充说明")
        recording.record_value(unit, "I01-1", "2026-03", DataValue(6))
        (folder / "inbox").mkdir()
        exchange.export_report(unit, MARCH, folder / "inbox" / "a.xlsx")
        exchange.export_report(unit, MARCH, folder / "inbox" / "b.zip")
        book = load_workbook(folder / "bad" / "a.xlsx")
        (head,) = (row for row in book["指标"].iter_rows() if row[0].value == "编码")
        cell = next(cell for cell in head if cell.value == "本期数")
        cell.offset(1).value = "许多"
        book.save(folder / "bad" / "a.xlsx")
        book.save(folder / "bad" / "b.xlsx")
        maintenance.back_up(office, folder / "backup.zip")

    @staticmethod
    def _settle(folder):
        for name in ("fsdesk.lock", "fsdesk.holder.json"):
            (folder / name).unlink(missing_ok=True)

    def put_back(self) -> None:
        """Let all be as it was, each file in its own place on the disk."""
        for item in sorted(self.folder.rglob("*"), reverse=True):
            former = self._kept / item.relative_to(self.folder)
            if item.is_dir() and not former.exists():
                item.rmdir()
            elif item.is_file() and not former.exists():
                item.unlink()
        for former in self._kept.rglob("*"):
            item = self.folder / former.relative_to(self._kept)
            if former.is_dir():
                item.mkdir(exist_ok=True)
            elif self._seen.get(item) != (now := looks(item)) or now is None:
                item.write_bytes(former.read_bytes())
                self._seen[item] = looks(item)

    def state(self) -> dict[str, str]:
        """Give what the files hold, of databases their rows, but for notes of who is working."""
        found = {}
        for item in self.folder.rglob("*"):
            name = item.relative_to(self.folder).as_posix()
            if item.is_file() and not NOTES.search(name):
                found[name] = self._digest(item)
        return found

    @functools.cache  # noqa: B019 - there is one place
    def _digest_of(self, item, _looks):
        held = rows_of(item) if item.name == "fsdesk.db" else item.read_bytes()
        return hashlib.sha256(held).hexdigest()

    def _digest(self, item):
        return self._digest_of(item, looks(item))

    def run(self, work: str) -> tuple[int, str]:
        """Do a work; returns its exit code and all that it says."""
        workspace, *words = (self.words.get(word, word) for word in WORKS[work])
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = run(["--workspace", workspace, *words])
        return code, said.getvalue()


def looks(file: Path) -> object:
    """Give what changes with a file; a database has a log beside it."""
    if not file.exists():
        return None
    beside = file.with_name(f"{file.name}-wal")
    return repr(
        [(each.stat().st_size, each.stat().st_mtime_ns) for each in (file, beside) if each.exists()]
    )


NOTES = re.compile(r"fsdesk\.(lock|holder\.json)$|\.db-(wal|shm)$|/backups/(daily|before)-|/logs/")
# Whose workspace it is, and which number its edits have: a copy has another.
_NOT_COMPARED = {"workspace"}


def rows_of(file: Path) -> bytes:
    if not file.read_bytes().startswith(b"SQLite"):  # a password was set
        return b""
    with closing(sqlite3.connect(file)) as raw:
        names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        tables = [name for (name,) in names if name not in _NOT_COMPARED]
        rows = [(n, raw.execute(f'SELECT * FROM "{n}"').fetchall()) for n in tables]  # noqa: S608
        return repr(rows).encode()


def exchange_files(steps):
    return [packet.file for packet in run_through(steps)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("bad") / "disk")


@pytest.fixture(autouse=True)
def impatient(monkeypatch, place):
    monkeypatch.chdir(place.folder)
    monkeypatch.setattr(files, "WAITS", ())
    monkeypatch.setattr(engine, "_BUSY_SECONDS", 0)
    monkeypatch.setattr(sealed, "_MEMORY", 8)
    yield
    place.put_back()
    forget()


def in_plain_words(said: str) -> bool:
    """Tell whether a user reads no word of the system's, and nothing that nobody foresaw."""
    plain = re.sub(
        r"“[^”]*”|[0-9a-f]{4}(-[0-9a-f]{4})+|[\w./-]+\.(db|zip|xlsx|pdf|docx|png)\b|WPS|PLAN|--\S+",
        "",
        said,
    )
    return not re.search(PAGE_ERRORS, plain) and "意外情况" not in said


@pytest.mark.parametrize("database", [False, True], ids=["files", "database"])
@pytest.mark.parametrize("work", WORKS)
def test_a_fault_at_any_call_is_told_and_changes_nothing(place, work, database):
    before = place.state()
    whole = BadDisk(place.folder, 0, 0, database=database)
    with whole.at_work():
        code, said = place.run(work)
    assert code == (work in CHECKS), said
    after = place.state()
    place.put_back()
    faults = DATABASE_FAULTS if database else FILE_FAULTS
    problems = []
    for at, number, onward in tries(work, whole.count, list(faults)):
        disk = BadDisk(place.folder, number, at, database=database, onward=onward)
        with disk.at_work():
            code, said = place.run(work)
        now = place.state()
        if disk.cleaning:  # what can't be removed stays
            left = (".part", "/.restoring/old/")
            now = {name: it for name, it in now.items() if not any(each in name for each in left)}
        wrong = judged(Outcome(work, code, said, faults[number]), before, now, after)
        if wrong:
            what = f"call {at} of {whole.count}, {disk.struck}, {number}{' onward' * onward}"
            problems.append(f"{what}: {code} {said}{sorted(wrong)}")
        place.put_back()
    assert not problems, "\n".join(problems)


@dataclass(frozen=True)
class Outcome:
    """What a work answered, and the words that its fault has to be told with."""

    work: str
    code: int
    said: str
    words: str


def judged(outcome, before, now, after):
    """Tell what is wrong with how a work ended."""
    wrong = set()
    if any(".part" in name for name in now):
        wrong.add("leftovers")
    if outcome.code == 0 or (outcome.work in CHECKS and outcome.words not in outcome.said):
        if kinds(now) != kinds(after):
            wrong.add(f"done, but not all: {kinds(after) ^ kinds(now)}")
        return wrong
    # An upgrade stands by itself.
    if outcome.code == 2 and now != before and (outcome.work != "upgrade" or now != after):
        wrong.add(f"changed: {differences(before, now)}")
    if outcome.code == 1 and now == before and outcome.work not in CHECKS:
        wrong.add("said to be done in part")
    if outcome.words not in outcome.said:
        wrong.add("another cause")
    if not in_plain_words(outcome.said):
        wrong.add("words")
    return wrong


def kinds(state):
    """Give the names of files, those that are made by chance all alike."""
    return {re.sub("[0-9a-f]{12,64}", "*", name) for name in state}


# A look at files says of each what is wrong with it.
CHECKS = {"check"}


def differences(before, now):
    return sorted(n for n in before.keys() | now.keys() if before.get(n) != now.get(n))


def tries(work, calls, numbers):
    """Give which call fails, how, and whether the disk stays full from then on."""
    if settings().max_examples > 60:  # heavy
        yield from ((at, number, False) for at in range(1, calls + 1) for number in numbers)
        yield from ((at, numbers[0], True) for at in range(1, calls + 1))
        return
    choice = random.Random(work)
    chosen = {calls, *(choice.randint(1, calls) for _ in range(TRIED))} if calls else ()
    for at in sorted(chosen):
        onward = choice.random() < 0.3
        yield at, numbers[0] if onward else choice.choice(numbers), onward
