"""Automatic copies are worth something: checked, by content, and never less for damage or clock."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from fsdesk.domain.findings import FindingCode, WorkspaceError
from fsdesk.domain.records.records import DataValue
from fsdesk.services.records import recording
from fsdesk.store.care import copies
from fsdesk.store.care.copies import Copy, CopyKind, Mark
from fsdesk.workspace import open_workspace
from tests.workspaces import Clock, make_office

pytestmark = pytest.mark.file_database

FIRST = date(2026, 5, 4)
PAGE = 4096


def morning(day: int) -> str:
    return f"{FIRST + timedelta(day)}T01:00:00+00:00"


@pytest.fixture
def folder(tmp_path):
    make_office(tmp_path / "office").close()
    return tmp_path / "office"


def work(folder: Path, at: str, value: float, unit: str = "scj") -> tuple[str, ...]:
    """Open the workspace as on a morning and record something; give what it said of its opening."""
    with open_workspace(folder, clock=Clock(at)) as office:
        recording.record_value(office, "I01-1", "2026-03", DataValue(value), unit=unit)
        return tuple(finding.message for finding in office.warnings)


def daily(folder: Path) -> list[Copy]:
    return [copy for copy in copies.copies_of(folder) if copy.kind is CopyKind.DAILY]


def values_in(file: Path) -> list[float]:
    with closing(sqlite3.connect(file)) as raw:
        return [row[0] for row in raw.execute("SELECT value FROM data_value")]


def zero_page_of(file: Path, table: str) -> None:
    """Do what a bad disk does: the page with a table's rows is empty."""
    with closing(sqlite3.connect(file)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    with file.open("r+b") as stream:
        stream.seek((root[0] - 1) * PAGE)
        stream.write(bytes(PAGE))


def test_each_day_of_work_leaves_a_copy_that_holds_the_work_of_the_day_before(folder):
    for day in range(4):
        work(folder, morning(day), day)
    assert [values_in(copy.file) for copy in daily(folder)] == [[2], [1], [0], []]
    assert all(copies.problems_of(copy.file) == () for copy in daily(folder))


def test_older_copies_become_rare_by_days_weeks_and_months_of_what_is_in_them():
    made = [
        Copy(Path(f"{day}.db"), CopyKind.DAILY, Mark(day + 1, morning(day), str(day)), 1)
        for day in range(400)
    ]
    kept = sorted((copy.made_at[:10] for copy in copies.staying(made)), reverse=True)
    last = FIRST + timedelta(399)
    assert kept[:14] == [str(last - timedelta(ago)) for ago in range(14)]
    assert len(kept) <= copies.DAYS + copies.WEEKS + copies.MONTHS
    months = sorted({day[:7] for day in kept})
    assert len(months) == copies.MONTHS


def test_opening_without_work_makes_no_second_copy_of_the_same_content(folder):
    work(folder, morning(0), 1)
    for day in range(1, 9):
        open_workspace(folder, clock=Clock(morning(day))).close()
    assert [values_in(copy.file) for copy in daily(folder)] == [[1], []]


@pytest.mark.parametrize("jump", [14, -14, -3650])
def test_a_wrong_clock_neither_deletes_the_copies_before_it_nor_the_new_ones(folder, jump):
    for day in range(15):
        work(folder, morning(day), day)
    before = {copy.file for copy in daily(folder)[:10]}
    work(folder, morning(15 + jump), 100)
    work(folder, morning(15 + jump), 101)
    work(folder, morning(16), 102)
    open_workspace(folder, clock=Clock(morning(17))).close()
    kept = daily(folder)
    assert before <= {copy.file for copy in kept}
    assert values_in(kept[0].file) == [102]


def test_a_pc_whose_clock_begins_anew_each_day_keeps_several_days_all_the_same(folder):
    clock = Clock()
    for day in range(8):
        clock.set("2010-01-01T00:10:00+00:00")
        with open_workspace(folder, clock=clock) as office:
            recording.record_value(office, "I01-1", "2026-03", DataValue(day), unit="scj")
            clock.set("2010-01-01T06:30:00+00:00")
            recording.record_value(office, "I01-1", "2026-04", DataValue(day), unit="scj")
    there = [max(values_in(copy.file), default=-1) for copy in daily(folder)]
    assert there[: copies.NEWEST] == [6, 5, 4, 3]


def test_after_going_back_to_an_earlier_state_new_copies_stay_and_the_abandoned_ones_too(folder):
    for day in range(20):
        work(folder, morning(day), day)
    abandoned = daily(folder)
    shutil.copy(abandoned[10].file, folder / "fsdesk.db")
    for day in range(20, 24):
        work(folder, morning(day), day)
    there = [values_in(copy.file) for copy in daily(folder)]
    assert all([value] in there for value in (18, 20, 21, 22))


def test_fourteen_days_of_work_on_a_damaged_database_leave_the_last_good_copy(folder):
    for day in range(3):
        work(folder, morning(day), day)
    good = {copy.file: copy.file.read_bytes() for copy in daily(folder)}
    zero_page_of(folder / "fsdesk.db", "review_comment")  # nobody looks there
    told = [work(folder, morning(day), day) for day in range(3, 20)]
    assert {copy.file: copy.file.read_bytes() for copy in daily(folder)} == good
    for said in told:
        (words,) = said
        assert "已损坏：表“审核意见”有损坏的页" in words
        assert "最近一份完好的备份内容到 2026-05-05" in words
    assert "其后的 1 处改动不在其中" in told[0][0]
    assert "其后的 17 处改动不在其中" in told[-1][0]
    zero_page_of(max(good), "review_comment")  # the newest copy rots as well
    assert "备份内容到 2026-05-04" in work(folder, morning(20), 20)[0]


def test_damage_that_bars_the_door_is_told_with_the_way_back(folder):
    work(folder, morning(0), 1)
    work(folder, morning(1), 2)
    zero_page_of(folder / "fsdesk.db", "workspace")
    with pytest.raises(WorkspaceError, match="最近一份完好的备份内容到 2026-05-04") as told:
        open_workspace(folder, clock=Clock(morning(2)))
    assert told.value.tells(FindingCode.DAMAGED)
    assert "从备份恢复" in told.value.findings[0].remedy


def test_a_copy_is_due_by_day_by_much_work_and_by_long_work():
    def at(hour: int, minute: int = 0, day: int = 4) -> str:
        return f"2026-05-{day:02}T{hour:02}:{minute:02}:00+00:00"

    mark, little = Mark(100, at(1), "a", 3), Mark(101, at(1, 5), "b", 3)
    assert copies.is_due(None, mark, at(1))
    assert not copies.is_due(mark, mark, at(1, day=5))
    assert copies.is_due(mark, little, at(1, day=5))
    assert not copies.is_due(mark, little, at(1, 5))
    assert copies.is_due(mark, Mark(300, at(1, 5), "b", 3), at(1, 5))
    assert copies.is_due(mark, Mark(101, at(2), "b", 3), at(2))
    assert not copies.is_due(mark, Mark(101, at(2), "b", 3), at(2), size=100 << 20)
    assert copies.is_due(mark, Mark(100, at(1), "a", 4), at(1, day=5)), "a packet was issued"
    assert copies.is_due(mark, Mark(101, at(0), "b", 3), at(0)), "the clock was set back"
