"""The list of known workspaces: what goes on it, what opens next; it stands in nobody's way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from filelock import FileLock
from msgspec.structs import replace

from fsdesk.commands.run import run
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.services.care import known
from fsdesk.store.packet import keys
from fsdesk.workspace import default_folder, is_workspace
from tests.workspaces import make_office, make_unit


@pytest.fixture
def both(tmp_path):
    """The folders of an office and of a unit, both known; the unit was used last."""
    with make_office(tmp_path / "office") as office, make_unit(office, tmp_path / "unit") as unit:
        known.remember(office)
        known.remember(unit)
    return office.folder, unit.folder


def folders():
    return [one.folder for one in known.workspaces()]


def test_what_was_used_last_comes_first_and_opens_next(both):
    office, unit = both
    assert folders() == [unit, office]
    last = known.last()
    assert (last.folder, last.unit, last.name) == (unit, "scj", "区市场监管局")
    assert (last.role, last.year, last.sample) == (WorkspaceRole.UNIT, 2026, False)
    assert last.title == "区市场监管局 2026 年"
    assert known.find(office).title == "区食药安办（汇总端） 2026 年"


def test_what_was_only_made_does_not_open_next(both, tmp_path):
    with make_office(tmp_path / "next") as made:
        known.remember(made, last=False)
    assert folders() == [both[1], both[0], made.folder]
    assert known.find(made.folder).used == ""
    assert known.last().folder == both[1]


def test_what_is_remembered_follows_without_a_change_of_order(both):
    with make_office(both[0].parent / "other") as other:
        before = known.find(both[0])
        known.remember(other)
        known.remember(other, last=False)
    assert known.last().folder == other.folder
    assert known.find(other.folder).used != ""
    assert known.find(both[0]) == before


def test_a_sample_is_known_but_never_opens_by_itself(tmp_path):
    with make_office(tmp_path / f"fsdesk-{known.SAMPLE}" / "office") as sample:
        known.remember(sample)
    assert known.workspaces()[0].sample
    assert known.last() is None


def test_one_that_is_forgotten_stays_where_it_is(both):
    known.forget(both[1])
    assert folders() == [both[0]]
    assert is_workspace(both[1])


def test_the_list_lies_in_no_workspace(monkeypatch):
    monkeypatch.delenv(known.PLACE)
    usual = default_folder()
    assert usual not in known.place().parents
    assert known.place().parent not in (usual, *usual.parents)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"workspaces": 3}', b"\xff\xfe\x00", b'{"workspaces": {}}'],
)
def test_a_damaged_list_is_empty_says_so_and_is_begun_anew(both, content):
    known.place().write_bytes(content)
    found = known.read()
    assert found.workspaces == ()
    assert "清单已损坏" in found.problem.message
    with make_office(both[0].parent / "again") as made:
        known.remember(made)
    assert known.read() == known.KnownList(known.workspaces())
    assert folders() == [made.folder]
    assert known.place().with_name("workspaces-damaged.json").read_bytes() == content


def test_a_damaged_entry_costs_only_itself(both):
    plain = json.loads(known.place().read_text(encoding="utf-8"))
    plain["workspaces"].insert(1, {"path": 7})
    known.place().write_text(json.dumps(plain), encoding="utf-8")
    assert folders() == [both[1], both[0]]
    assert known.read().problem is not None


def test_a_list_that_can_not_be_read_now_is_not_written_over(both, tmp_path):
    before = known.place().read_bytes()
    held = known.place()
    held.rename(tmp_path / "kept")
    held.mkdir()  # reading a folder fails, as reading a file does that another program holds
    with make_office(tmp_path / "more") as made:
        known.remember(made)
    assert known.read().problem is not None
    assert held.is_dir()
    assert (tmp_path / "kept").read_bytes() == before


def test_a_place_that_can_not_be_written_stops_nobody(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(known.PLACE, str(tmp_path / "file" / "list.json"))
    with make_office(tmp_path / "office") as office:
        assert known.remember(office).folder == office.folder
    known.forget(office.folder)
    assert known.workspaces() == ()


def test_a_list_that_another_program_holds_stops_nobody(both, monkeypatch):
    monkeypatch.setattr(known, "_PATIENCE", 0.05)
    with FileLock(known.place().with_suffix(".lock")):
        known.forget(both[0])
    assert folders() == [both[1], both[0]]


def test_two_programs_write_one_after_the_other(both, tmp_path):
    with make_office(tmp_path / "more") as more:
        pass
    script = (
        "import sys; from pathlib import Path; from fsdesk.services.care import known;"
        "from fsdesk.workspace import open_workspace\n"
        "with open_workspace(Path(sys.argv[1]), write=False) as opened:\n"
        "    for _ in range(5): known.remember(opened)\n"
    )

    def remember(folder):
        return subprocess.run(
            [sys.executable, "-c", script, folder], env=os.environ, check=False
        ).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(remember, (*both, more.folder))) == [0, 0, 0]
    assert set(folders()) == {*both, more.folder}
    assert known.read().problem is None


def test_commands_do_not_change_what_opens_next(both):
    before = known.place().read_bytes()
    assert run(["--workspace", str(both[0]), "status"]) == 0
    assert known.place().read_bytes() == before


def test_years_are_those_of_the_same_unit_and_role(both, tmp_path):
    office = known.find(both[0])
    assert known.years_of(office) == (2026,)
    entries = [
        replace(office, path=str(tmp_path / "2027"), year=2027),
        replace(office, path=str(tmp_path / "b" / "2028"), year=2028, keys=("ab",)),  # elsewhere
        known.KnownWorkspace(
            str(tmp_path / "scj"), "scj", "区市场监管局", WorkspaceRole.UNIT, 2028
        ),
        known.KnownWorkspace(
            str(tmp_path / "s"), office.unit, office.name, office.role, 2025, sample=True
        ),
    ]
    plain = json.loads(known.place().read_text(encoding="utf-8"))
    plain["workspaces"] += [{f: getattr(e, f) for f in e.__slots__} for e in entries]
    known.place().write_text(json.dumps(plain), encoding="utf-8")
    assert known.years_of(office) == (2026, 2027)


def test_the_folder_that_holds_one_workspace_will_do_as_well(both, tmp_path):
    assert known.within(both[0]) == both[0]
    (tmp_path / "parent").mkdir()
    both[0].rename(tmp_path / "parent" / "office")
    assert known.within(tmp_path / "parent") == tmp_path / "parent" / "office"
    both[1].rename(tmp_path / "parent" / "unit")
    with pytest.raises(InputRejectedError, match="有 2 个工作区"):
        known.within(tmp_path / "parent")
    with pytest.raises(InputRejectedError, match=r"没有工作区.*从备份恢复"):
        known.within(tmp_path / "nowhere")


@pytest.mark.file_database
def test_a_new_workspace_never_goes_where_one_is_or_was(both, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    usual = default_folder()
    assert known.unused_folder() == usual
    usual.parent.mkdir()
    both[0].rename(usual)
    assert known.unused_folder() == usual.with_name("fsdesk-2")
    (usual / "fsdesk.db").unlink()
    (usual / "backups" / "daily.db").touch()
    assert known.unused_folder() == usual.with_name("fsdesk-2")
    assert "备份或报送包" in str(known.gone(usual))


def test_a_key_alone_may_be_left_of_one_that_was_never_made(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    keys.own_key(default_folder() / "keys")
    assert known.unused_folder() == default_folder()
    assert "找不到了" in str(known.gone(default_folder()))
