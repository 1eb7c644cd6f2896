"""A workspace moves to another disk whole, or stays; a wrong choice of role is taken back."""

from __future__ import annotations

import errno
import shutil
from collections import namedtuple

import pytest

from fsdesk import files
from fsdesk.domain.findings import InputRejectedError, WorkspaceError
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.care import moving, setup
from fsdesk.services.records import recording
from fsdesk.store.records import records
from fsdesk.workspace import is_workspace, open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock, make_office, make_unit


@pytest.fixture
def unit(tmp_path):
    """A closed workspace with one value and a file beside."""
    with make_office(tmp_path / "office") as office, make_unit(office, tmp_path / "unit") as made:
        recording.record_value(made, "I01-1", "2026-03", DataValue(5))
        (made.folder / "attachments" / "proof").write_bytes(b"1" * 4_000_000)
    return made.folder


def values(folder):
    with open_workspace(folder, write=False) as workspace, workspace.reading() as session:
        return [record.content for record in records.load_records(session)]


def contents(folder):
    return {
        item.relative_to(folder): files.sha256_of(item)
        for item in folder.rglob("*")
        if item.is_file() and not item.name.startswith("fsdesk.lock")
    }


def test_a_moved_workspace_is_whole_and_the_old_one_is_kept_under_another_name(unit, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    target = moving.place_for(unit, 2026, disk)
    assert run_through(moving.copy_workspace(unit, target)) == target == disk / "unit"
    assert values(target) == [DataValue(5)]
    assert (target / "keys" / "signing.pem").read_bytes() == (
        unit / "keys" / "signing.pem"
    ).read_bytes()
    assert moving.set_moved_aside(unit) == tmp_path / "unit-已移走"
    assert values(tmp_path / "unit-已移走") == [DataValue(5)]
    assert not unit.exists()


def test_the_usual_folder_gets_a_name_that_says_what_it_is(tmp_path):
    usual = tmp_path / "fsdesk"
    assert moving.place_for(usual, 2026, tmp_path).name == "食药安工作台2026年"
    (tmp_path / "食药安工作台2026年").mkdir()
    assert moving.place_for(usual, 2026, tmp_path).name == "食药安工作台2026年-2"


def test_a_workspace_in_use_is_not_moved(unit, tmp_path):
    with open_workspace(unit), pytest.raises(WorkspaceError, match="正被"):
        run_through(moving.copy_workspace(unit, tmp_path / "there"))
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "空间|已满"), (errno.EIO, "写入"), (errno.EROFS, "写入")],
)
def test_a_disk_that_fails_halfway_leaves_nothing_there_and_the_old_one_untouched(
    unit, tmp_path, monkeypatch, number, words
):
    before, real = contents(unit), files.save_stream

    def fail(stream, target, sha256=""):
        if target.name == "proof":
            target.parent.mkdir(parents=True, exist_ok=True)
            raise InputRejectedError(files.finding_of(OSError(number, "failed"), "写入", target))
        return real(stream, target, sha256)

    monkeypatch.setattr(files, "save_stream", fail)
    with pytest.raises(InputRejectedError, match=words):
        run_through(moving.copy_workspace(unit, tmp_path / "there"))
    assert not (tmp_path / "there").exists()
    assert contents(unit) == before


def test_a_disk_that_gives_back_something_else_is_refused(unit, tmp_path, monkeypatch):
    real = files.sha256_of
    monkeypatch.setattr(
        files, "sha256_of", lambda path: "0" * 64 if path.name == "proof" else real(path)
    )
    with pytest.raises(InputRejectedError, match=r"不一致.*换一个磁盘"):
        run_through(moving.copy_workspace(unit, tmp_path / "there"))
    assert not (tmp_path / "there").exists()


def test_too_little_room_is_told_before_anything_is_copied(unit, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil's
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 3_000_000))
    with pytest.raises(InputRejectedError, match=r"空间不足：需要约 .* MB，只剩 3 MB"):
        run_through(moving.copy_workspace(unit, tmp_path / "there"))
    assert not (tmp_path / "there").exists()


def test_a_move_that_is_broken_off_leaves_nothing(unit, tmp_path):
    steps = moving.copy_workspace(unit, tmp_path / "there")
    for _ in range(3):
        next(steps)
    assert (tmp_path / "there").exists()
    steps.close()
    assert not (tmp_path / "there").exists()
    assert values(unit) == [DataValue(5)]


def test_places_that_make_no_sense_are_refused(unit, tmp_path):
    (tmp_path / "full").mkdir()
    for target, words in (
        (unit / "backups" / "in", "自己的文件夹里"),
        (tmp_path / "full", "已存在"),
        (tmp_path / "pulled" / "stick", "移动硬盘已接好"),
    ):
        with pytest.raises(InputRejectedError, match=words):
            run_through(moving.copy_workspace(unit, target))


# 重新选择身份


def test_nothing_was_done_yet_in_a_workspace_that_was_just_made(tmp_path):
    with make_office(tmp_path / "office") as office, make_unit(office, tmp_path / "unit") as unit:
        assert moving.is_unused(unit)
        assert not moving.is_unused(office)  # it issued packets
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
        assert not moving.is_unused(unit)
    with setup.create_office(tmp_path / "fresh", setup.read_plan(None, 2026)) as fresh:
        assert moving.is_unused(fresh)


def test_the_wrong_role_is_taken_back_and_its_folder_kept(tmp_path):
    folder = tmp_path / "mine"
    make_office(folder, Clock()).close()
    made, aside = moving.begin_again(
        folder, lambda: setup.create_unit(folder, small_plan(), "scj", clock=Clock())
    )
    assert (made, aside) == (folder, tmp_path / "mine-原身份")
    with open_workspace(made, write=False) as unit, open_workspace(aside, write=False) as office:
        assert (unit.identity.is_office, office.identity.is_office) == (False, True)


def test_what_can_not_be_made_leaves_the_old_one_in_its_place(tmp_path):
    folder = tmp_path / "mine"
    make_office(folder, Clock()).close()

    def fail():
        setup.create_unit(folder, small_plan(), "scj", clock=Clock()).close()
        raise InputRejectedError

    with pytest.raises(InputRejectedError):
        moving.begin_again(folder, fail)
    with open_workspace(folder, write=False) as office:
        assert office.identity.is_office
    assert not is_workspace(tmp_path / "mine-原身份")
