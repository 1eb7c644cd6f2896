"""The password of a workspace: what it protects, every way in, and that nothing else changes."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest

from fsdesk import sealed, unforeseen
from fsdesk.domain.findings import FindingCode, FsdeskError, InputRejectedError
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.steps import run_through
from fsdesk.holding import HOLDER
from fsdesk.services.care import (
    keeping,
    known,
    maintenance,
    moving,
    next_year,
    protecting,
    restoring,
)
from fsdesk.services.packet import exchange
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import evidence, recording
from fsdesk.store import kept
from fsdesk.store.care import copies, outside
from fsdesk.workspace import DATABASE, open_workspace
from tests.held import attachments_of
from tests.protected import PASSWORD, forget, protect, protected
from tests.workspaces import MARCH, import_files

pytestmark = pytest.mark.file_database

TYPED = "夜市巡查发现无证摊贩"
LATER = "隐患整改全部完成销号"
PROOF = b"EVIDENCE-OF-THE-NIGHT-MARKET" * 30
NAMED = "夜市照片"
KEY = RecordKey(RecordKind.PROGRESS, "T01-1", "scj", str(MARCH))
OTHER = "第二个很长的密码"


@pytest.fixture(autouse=True)
def no_password_given(monkeypatch):
    """Begin as a program that was given none; each is made to a key in less than half a second."""
    forget()
    monkeypatch.setattr(sealed, "_MEMORY", 8)


def type_words(workspace, text=TYPED):
    recording.record_progress(workspace, "T01-1", str(MARCH), ProgressReport(text=text))


def words_in(folder, key=KEY):
    with open_workspace(folder, write=False) as workspace, workspace.reading() as session:
        from fsdesk.store.records import records

        return records.find(session, key).content.text


def month_of_work(unit, tmp_path):
    """Type, attach, export: what a unit has after a month."""
    type_words(unit)
    for item, value in (("I01-1", 6), ("I01-5", 4)):
        recording.record_value(unit, item, str(MARCH), DataValue(value))
    photo = tmp_path / f"{NAMED}.jpg"
    photo.write_bytes(PROOF)
    evidence.attach(unit, KEY, photo)
    return exchange.export_report(unit, MARCH, tmp_path / "报送包.zip").file


def readable_in(folder, *words):
    """Give where in a folder one of some words can be read: plain, packed, or in two encodings."""
    wanted = [
        part if isinstance(part, bytes) else part.encode(encoding)
        for part in words
        for encoding in (
            ("x",) if isinstance(part, bytes) else ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
        )
    ]
    found = []

    def look(name, data):
        found.extend((name, word) for word in wanted if word in data)
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for entry in archive.infolist():
                    look(f"{name}/{entry.filename}", entry.filename.encode() + archive.read(entry))

    for file in folder.rglob("*"):
        if file.is_file():
            look(file.relative_to(folder).as_posix(), file.name.encode() + file.read_bytes())
    return found


def test_without_a_password_the_words_can_be_found(unit, tmp_path):
    """The look for words finds them where they are, so that finding none means something."""
    month_of_work(unit, tmp_path)
    places = {name.partition("/")[0] for name, _ in readable_in(unit.folder, TYPED, PROOF, NAMED)}
    assert {"packets", "attachments"} <= places
    assert any(name.startswith(DATABASE) for name in places)


def test_no_byte_of_the_folder_tells_what_was_typed(unit, office, tmp_path):
    """After a month of work before and one after, with copies, logs, reports and what came in."""
    report = month_of_work(unit, tmp_path)
    keeping.keep_copy(unit)
    (unit.folder / "logs" / "fsdesk.log").write_text(f"已保存：{TYPED}", encoding="utf-8")
    unforeseen.write_report(unit.folder / "logs", ValueError(TYPED), datetime.now(UTC))
    unit.clock.set("2026-04-20T01:00:00+00:00")
    unit = protected(unit)
    with unit:
        type_words(unit, LATER)
        evidence.attach(unit, KEY, report)
        exchange.export_report(unit, MARCH, tmp_path / "again.zip")
        unit.clock.set("2026-04-22T01:00:00+00:00")
        keeping.keep_copy(unit)
        assert len(copies.copies_of(unit.folder)) == 2
        unforeseen.write_report(unit.folder / "logs", ValueError(LATER), datetime.now(UTC))
        open_now = readable_in(unit.folder, TYPED, LATER, PROOF, NAMED)
        assert maintenance.verify(unit) == ()
        with zipfile.ZipFile(tmp_path / "again.zip") as sent:  # what leaves, leaves readable
            assert any(sent.read(name) == PROOF for name in sent.namelist())
    assert open_now == []
    assert readable_in(unit.folder, TYPED, LATER, PROOF, NAMED, b"PRIVATE KEY") == []

    office = protected(office)
    with office:
        assert import_files(office, tmp_path / "again.zip").count(Result.IMPORTED) == 1
        assert maintenance.verify(office) == ()
    assert readable_in(office.folder, TYPED, LATER, PROOF, NAMED, b"PRIVATE KEY") == []


def test_nothing_is_opened_without_the_password(unit, tmp_path):
    month_of_work(unit, tmp_path)
    folder = protected(unit).folder
    unit_keeps = known.describe(open_again(folder))
    forget()
    before = contents(folder)
    for way in (
        lambda: open_workspace(folder),
        lambda: open_workspace(folder, write=False),
        lambda: run_through(restoring.restore_points(folder)),
        lambda: restoring.preview(folder, next(folder.glob("backups/*.db"))),
        lambda: run_through(restoring.put_back(folder, next(folder.glob("backups/*.db")))),
        lambda: maintenance.verify_folder(folder),
        lambda: protecting.new_password(folder, OTHER),
        lambda: run_through(protecting.give_up_password(folder)),
        lambda: kept.read_bytes(next((folder / "attachments").iterdir())),
    ):
        with pytest.raises(FsdeskError) as told:
            way()
        assert told.value.tells(FindingCode.PASSWORD), told.value
    assert contents(folder) == before
    assert unit_keeps.unit == "scj"


def open_again(folder):
    with open_workspace(folder) as workspace:
        keeping.keep_copy(workspace)
        return workspace


def contents(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith((HOLDER, "fsdesk.lock", f"{DATABASE}-"))
    }


def test_a_wrong_password_is_said_and_the_right_one_still_opens(unit):
    type_words(unit)
    folder = protected(unit).folder
    forget()
    for _ in range(3):
        with pytest.raises(InputRejectedError, match="密码不对") as told:
            protecting.unlock(folder, "一个不对的密码")
        assert told.value.tells(FindingCode.PASSWORD)
        assert protecting.is_locked(folder)
    protecting.unlock(folder, PASSWORD)
    assert words_in(folder) == TYPED


def test_a_password_that_keeps_nobody_out_is_refused(unit):
    unit.close()
    with pytest.raises(InputRejectedError, match="太短"):
        protecting.new_password(unit.folder, "1234567")
    assert not protecting.is_protected(unit.folder)


def test_all_stays_as_it_was_when_a_password_is_set_changed_and_given_up(unit, tmp_path):
    month_of_work(unit, tmp_path)
    keeping.keep_copy(unit)
    unit.close()
    folder, texts = unit.folder, packets_of(unit.folder)
    first = protect(folder)
    assert packets_of(folder) == texts
    changed = protect(folder, OTHER)
    assert changed.code != first.code
    assert changed.mark != first.mark
    forget()
    with pytest.raises(InputRejectedError, match="密码不对"):
        protecting.unlock(folder, PASSWORD)
    protecting.unlock(folder, OTHER)
    assert packets_of(folder) == texts
    run_through(protecting.give_up_password(folder))
    forget()
    assert not protecting.is_protected(folder)
    assert packets_of(folder) == texts
    assert words_in(folder) == TYPED
    with open_workspace(folder) as again:
        assert maintenance.verify(again) == ()
        assert (
            again.attachments.joinpath(attachments_of(again, KEY)[0].digest).read_bytes() == PROOF
        )
    assert not list(folder.glob(".*"))


def packets_of(folder):
    files = sorted(f for f in (folder / "packets").rglob("*") if f.is_file())
    return [kept.sha256_of(file) for file in files]


def test_the_recovery_code_opens_once_the_password_is_forgotten(unit):
    type_words(unit)
    unit.close()
    code = protect(unit.folder).code
    forget()
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    wrong = code[:-3] + ("A" if code[-3] != "A" else "B") + code[-2:]
    with pytest.raises(InputRejectedError, match="抄错"):
        protecting.unlock_by_code(unit.folder, wrong)
    with pytest.raises(InputRejectedError, match="28 位"):
        protecting.unlock_by_code(unit.folder, code[:-1])
    protecting.unlock_by_code(unit.folder, typed)
    assert words_in(unit.folder) == TYPED
    protect(unit.folder, OTHER)
    forget()
    with pytest.raises(InputRejectedError, match="不是这个密码"):
        protecting.unlock_by_code(unit.folder, code)


def test_a_backup_file_is_as_protected_and_comes_back_after_the_password_was_changed(
    unit, tmp_path
):
    month_of_work(unit, tmp_path)
    unit = protected(unit)
    with unit:
        maintenance.back_up(unit, tmp_path / "备份.zip")
        maintenance.back_up(unit, tmp_path / "加密.zip", "passphrase of it")
        type_words(unit, LATER)
    folder = unit.folder
    (tmp_path / "out").mkdir()
    shutil.copy(tmp_path / "备份.zip", tmp_path / "out")
    assert readable_in(tmp_path / "out", TYPED, PROOF, NAMED, b"PRIVATE KEY") == []
    protect(folder, OTHER)
    forget()
    protecting.unlock(folder, OTHER)
    for file, word in (("备份.zip", ""), ("加密.zip", "passphrase of it")):
        assert restoring.preview(folder, tmp_path / file, word).lost.count
        run_through(restoring.put_back(folder, tmp_path / file, word))
        assert words_in(folder) == TYPED
        with open_workspace(folder) as again:
            assert maintenance.verify(again) == ()
            type_words(again, LATER)
    assert readable_in(folder, TYPED, LATER, PROOF, NAMED) == []


def test_a_backup_file_opens_on_another_pc_by_the_password_of_its_time(unit, tmp_path):
    month_of_work(unit, tmp_path)
    unit = protected(unit)
    with unit:
        maintenance.back_up(unit, tmp_path / "备份.zip")
    forget()
    place = tmp_path / "新电脑"
    with pytest.raises(InputRejectedError, match="当时的密码") as told:
        run_through(restoring.put_back(place, tmp_path / "备份.zip"))
    assert told.value.tells(FindingCode.PASSWORD)
    assert not (place / DATABASE).exists()
    run_through(restoring.put_back(place, tmp_path / "备份.zip", password=PASSWORD))
    assert words_in(place) == TYPED
    assert readable_in(place, TYPED, PROOF, NAMED) == []
    forget()
    assert protecting.is_locked(place)
    protecting.unlock(place, PASSWORD)
    with open_workspace(place) as again:
        assert maintenance.verify(again) == ()


def test_a_backup_from_before_the_password_is_protected_when_it_comes_back(unit, tmp_path):
    month_of_work(unit, tmp_path)
    maintenance.back_up(unit, tmp_path / "备份.zip")
    unit = protected(unit)
    with unit:
        type_words(unit, LATER)
        (unit.attachments / attachments_of(unit, KEY)[0].digest).unlink()
    run_through(restoring.put_back(unit.folder, tmp_path / "备份.zip"))
    assert words_in(unit.folder) == TYPED
    assert readable_in(unit.folder, TYPED, LATER, PROOF, NAMED) == []
    with open_workspace(unit.folder) as again:
        assert maintenance.verify(again) == ()
        assert evidence.content(again, attachments_of(again, KEY)[0]) == PROOF


def test_what_was_kept_at_a_restoring_can_be_gone_back_to(unit, tmp_path):
    month_of_work(unit, tmp_path)
    unit = protected(unit)
    with unit:
        keeping.keep_copy(unit)
        copy = copies.newest_sound(unit.folder).file
        type_words(unit, LATER)
    done = run_through(restoring.put_back(unit.folder, copy))
    assert words_in(unit.folder) == TYPED
    assert readable_in(unit.folder, TYPED, LATER) == []
    run_through(restoring.put_back(unit.folder, unit.folder / done.kept))
    assert words_in(unit.folder) == LATER


def test_a_moved_workspace_keeps_its_password(unit, tmp_path):
    month_of_work(unit, tmp_path)
    folder = protected(unit)
    folder.close()
    moved = run_through(moving.copy_workspace(folder.folder, tmp_path / "移动硬盘"))
    forget()
    assert protecting.is_locked(moved)
    protecting.unlock(moved, PASSWORD)
    assert words_in(moved) == TYPED
    assert readable_in(moved, TYPED, PROOF, NAMED) == []


def test_next_years_workspace_has_the_same_password(unit, tmp_path):
    unit = protected(unit)
    with unit:
        folder = next_year.make_carried_on(unit)
    assert readable_in(folder, b"PRIVATE KEY") == []
    forget()
    assert protecting.is_locked(folder)
    assert protecting.mark_of(folder) == protecting.mark_of(unit.folder)
    protecting.unlock(folder, PASSWORD)
    assert not protecting.is_locked(unit.folder)  # they have one in common
    with open_workspace(folder) as later:
        assert later.identity.year == unit.identity.year + 1
        assert maintenance.verify(later) == ()


def test_next_years_workspace_that_cannot_be_made_leaves_nothing(unit, monkeypatch):
    unit = protected(unit)
    with unit:
        place = next_year.folder_beside(unit, 2027)
        monkeypatch.setattr(next_year, "_going_along", failing)
        with pytest.raises(InputRejectedError):
            next_year.make_carried_on(unit)
        assert not place.exists()


def failing(*_):
    def begin(_writing):
        raise InputRejectedError

    return begin


def test_a_second_process_asks_for_itself(unit, tmp_path):
    type_words(unit)
    folder = protected(unit).folder
    command = [sys.executable, "main.py", "--workspace", str(folder), "status", "--json"]
    asked = subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL
    )
    assert asked.returncode == 2
    assert "设有密码" in asked.stderr
    assert "--password-file" in asked.stderr


def test_verify_finds_what_was_changed_in_what_is_encrypted(unit, tmp_path):
    month_of_work(unit, tmp_path)
    folder = protected(unit).folder
    open_again(folder).close()
    for file in (
        folder / "fsdesk.password",
        folder / "fsdesk.password-copy",
        next((folder / "attachments").iterdir()),
        next((folder / "packets").rglob("*.*")),
        next((folder / "backups").glob("*.db")),
        folder / DATABASE,
    ):
        whole = file.read_bytes()
        damaged = bytearray(whole)
        damaged[len(damaged) // 2] ^= 1
        file.write_bytes(damaged)
        assert maintenance.verify_folder(folder), file
        file.write_bytes(whole)
    assert maintenance.verify_folder(folder) == ()


def test_one_of_the_two_password_files_is_enough(unit):
    type_words(unit)
    folder = protected(unit).folder
    (folder / "fsdesk.password").unlink()
    forget()
    protecting.unlock(folder, PASSWORD)
    assert words_in(folder) == TYPED


def test_the_clock_and_all_else_of_a_copy_that_fails_leave_what_was(unit, monkeypatch, tmp_path):
    month_of_work(unit, tmp_path)
    unit.close()
    before = contents(unit.folder)
    monkeypatch.setattr(outside, "compare_logs", lambda *_: None)
    with pytest.raises(InputRejectedError, match="没有完整地写成"):
        protect(unit.folder)
    assert contents(unit.folder) == before


def test_a_workspace_without_password_loads_nothing_of_it(unit):
    unit.close()
    code = (
        "import sys; from pathlib import Path; from fsdesk.workspace import open_workspace\n"
        f"open_workspace(Path({str(unit.folder)!r})).close()\n"
        "assert 'sqlcipher3' not in sys.modules, 'loaded'\n"
        "assert 'nacl' not in sys.modules, 'loaded'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
