"""The one way to write a file: whole or not at all, and told in words, whatever the disk does."""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from fsdesk import files
from fsdesk.domain.findings import InputRejectedError, reject

FAULTS = {
    errno.ENOSPC: "磁盘已满",
    errno.EACCES: "没有写入权限",
    errno.EROFS: "只读",
    errno.EBUSY: "被其他程序占用",
    errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "太长",
}
# Where a file is made, written, brought onto the disk and put in place.
CALLS = ("os.open", "pathlib.Path.open", "os.fsync", "pathlib.Path.replace")


def write_workbook(path):
    with files.written(path) as part:
        Workbook().save(part)


def write_zip(path):
    with files.new_zip(path) as archive:
        archive.writestr("a", "new")


WAYS = {
    "bytes": lambda path: files.save_bytes(path, b"new"),
    "text": lambda path: files.save_text(path, "新"),
    "stream": lambda path: files.save_stream(io.BytesIO(b"new"), path),
    "copy": lambda path: files.copy_file(path.parent / "source", path),
    "workbook": write_workbook,
    "zip": write_zip,
}


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Have no test wait; give the seconds for which would have been waited."""
    waited = []
    monkeypatch.setattr("fsdesk.files.time.sleep", waited.append)
    return waited


@pytest.fixture
def place(tmp_path):
    """A file that is there already, beside one to copy."""
    (tmp_path / "source").write_bytes(b"new")
    path = tmp_path / "进展表.xlsx"
    path.write_bytes(b"old")
    return path


def failing(monkeypatch, call, number, times=1000):
    """Have a call fail, where it writes, as the system would say it."""
    whole = {
        "os.open": os.open,
        "os.fsync": os.fsync,
        "pathlib.Path.open": Path.open,
        "pathlib.Path.replace": Path.replace,
    }[call]
    left = [times]

    def fail(*given, **named):
        reads = call == "pathlib.Path.open" and str((*given[1:], "r")[0]) in {"r", "rb"}
        if reads or not left[0]:
            return whole(*given, **named)
        left[0] -= 1
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(call, fail)


def in_chinese(problem, path):
    """Tell whether a user reads no word of the system's."""
    text = str(problem).replace(str(path.parent), "").replace(path.suffix, "")
    return not re.search(r"[A-Za-z]{2,}", text.replace("WPS", ""))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("number", FAULTS, ids=errno.errorcode.get)
def test_a_fault_leaves_the_old_file_and_is_told_in_words(place, monkeypatch, call, number):
    with monkeypatch.context() as broken:
        failing(broken, call, number)
        with pytest.raises(InputRejectedError, match=FAULTS[number]) as told:
            files.save_bytes(place, b"new")
    assert place.read_bytes() == b"old"
    assert sorted(item.name for item in place.parent.iterdir()) == ["source", "进展表.xlsx"]
    (finding,) = told.value.findings
    assert str(place) in finding.message
    assert finding.remedy
    assert in_chinese(told.value, place)


@pytest.mark.parametrize("call", ["os.open", "os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_write_keeps_the_old_file_on_a_full_disk(place, monkeypatch, way, call):
    with monkeypatch.context() as broken:
        failing(broken, call, errno.ENOSPC)
        with pytest.raises(InputRejectedError, match="磁盘已满"):
            WAYS[way](place)
    assert place.read_bytes() == b"old"
    assert len(list(place.parent.iterdir())) == 2
    WAYS[way](place)
    assert place.read_bytes() != b"old"
    assert len(list(place.parent.iterdir())) == 2


def test_content_is_kept_under_its_digest_or_not_at_all(tmp_path, monkeypatch):
    with monkeypatch.context() as broken:
        failing(broken, "os.fsync", errno.ENOSPC)
        with pytest.raises(InputRejectedError, match="磁盘已满"):
            files.keep_content(io.BytesIO(b"new"), tmp_path)
    assert not list(tmp_path.iterdir())
    assert files.keep_content(io.BytesIO(b"new"), tmp_path, ["other"])[1] is False
    assert not list(tmp_path.iterdir())
    digest, kept = files.keep_content(io.BytesIO(b"new"), tmp_path)
    assert kept
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [(digest, b"new")]


def test_a_file_that_is_held_for_a_moment_is_written_after_all(place, monkeypatch, waits):
    failing(monkeypatch, "pathlib.Path.replace", errno.EBUSY, times=3)
    files.save_bytes(place, b"new")
    assert place.read_bytes() == b"new"
    assert waits == list(files.WAITS[:3])


def test_waiting_for_a_file_that_stays_held_comes_to_an_end(place, monkeypatch, waits):
    failing(monkeypatch, "pathlib.Path.replace", errno.EBUSY)
    with pytest.raises(InputRejectedError, match=r"例如“进展表（2）.xlsx”"):
        files.save_bytes(place, b"new")
    assert waits == list(files.WAITS)
    assert 2 < sum(waits) < 5


def test_the_words_of_windows_for_a_file_that_is_open_are_understood(place, monkeypatch, waits):
    class SharingError(PermissionError):
        winerror = 32

    def held(*_):
        raise SharingError(errno.EACCES, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(InputRejectedError, match="文件正被其他程序占用"):
        files.save_bytes(place, b"new")
    assert waits == list(files.WAITS)


def test_cleaning_up_hides_no_cause(place, monkeypatch):
    def held(*_, **__):
        raise PermissionError(errno.EACCES, "denied")

    failing(monkeypatch, "os.fsync", errno.ENOSPC)
    monkeypatch.setattr(Path, "unlink", held)
    with pytest.raises(InputRejectedError, match="磁盘已满"):
        files.save_bytes(place, b"new")


def test_what_the_caller_refuses_halfway_leaves_nothing(place):
    def refuse(part):
        part.write_bytes(b"half")
        raise reject("不对")

    with pytest.raises(InputRejectedError, match="不对"), files.written(place) as part:
        refuse(part)
    assert place.read_bytes() == b"old"
    assert len(list(place.parent.iterdir())) == 2


def test_a_missing_source_is_told_as_one_that_cannot_be_read(place):
    with pytest.raises(InputRejectedError, match=r"不能读取文件.*nowhere.*不存在"):
        files.copy_file(place.parent / "nowhere", place)
    with (
        pytest.raises(InputRejectedError, match=r"不能读取文件.*nowhere"),
        files.new_zip(place) as archive,
    ):
        archive.write(place.parent / "nowhere", "a")
    assert place.read_bytes() == b"old"


def test_a_source_that_breaks_off_is_told_as_such(place):
    class Pulled(io.BytesIO):
        name = "E:/证据.pdf"

        def read(self, *_):
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(InputRejectedError, match=r"不能读取文件“E:/证据.pdf”.*拔出"):
        files.save_stream(Pulled(), place)
    assert place.read_bytes() == b"old"


def test_a_stream_with_another_digest_is_not_put_in_place(place):
    assert files.save_stream(io.BytesIO(b"forged"), place, "0" * 64) != "0" * 64
    assert place.read_bytes() == b"old"


def test_a_name_too_long_or_a_folder_in_the_way_is_explained(tmp_path):
    with pytest.raises(InputRejectedError, match="太长"):
        files.save_bytes(tmp_path / ("长" * 90), b"new")
    (tmp_path / "名").mkdir()
    with pytest.raises(InputRejectedError, match="同名"):
        files.save_bytes(tmp_path / "名", b"new")
    assert [item.name for item in tmp_path.iterdir()] == ["名"]


def test_the_longest_name_that_fits_is_written(tmp_path):
    name = "长" * 85  # 255 bytes, with no room for anything more
    files.save_bytes(tmp_path / name, b"new")
    assert [item.name for item in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_private_file_is_its_owners_from_the_first_moment(tmp_path):
    with files.written(tmp_path / "key", private=True) as part:
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        part.write_bytes(b"secret")
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600


def test_file_and_folder_are_brought_onto_the_disk_before_it_is_said(place, monkeypatch):
    order = []
    sync, put = os.fsync, Path.replace

    def noted(number):
        order.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")
        sync(number)

    monkeypatch.setattr("os.fsync", noted)
    monkeypatch.setattr(Path, "replace", lambda a, b: order.append("put") or put(a, b))
    files.save_bytes(place, b"new")
    assert order == ["file", "put", "folder"][: 2 if os.name == "nt" else 3]


def test_a_disk_that_knows_no_syncing_of_folders_is_fine(place, monkeypatch):
    sync = os.fsync

    def refuses(number):
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(number)

    monkeypatch.setattr("os.fsync", refuses)
    files.save_bytes(place, b"new")
    assert place.read_bytes() == b"new"


def test_a_scratch_folder_goes_and_what_counts_moves_last(tmp_path, monkeypatch):
    target, moved = tmp_path / "out", []
    put = Path.replace
    monkeypatch.setattr(Path, "replace", lambda a, b: moved.append(b.name) or put(a, b))
    with files.scratch(target) as aside:
        for name in ("b.db", "a/x", "c/y"):
            (aside / name).parent.mkdir(exist_ok=True)
            (aside / name).write_bytes(b"1")
        files.move_tree(aside, target, last="b.db")
    assert moved == ["x", "y", "b.db"]
    assert [item.name for item in tmp_path.iterdir()] == ["out"]
    with pytest.raises(FileNotFoundError), files.scratch(target) as aside:
        (aside / "left").rename(aside / "nowhere")
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path):
    (tmp_path / "packets" / "sent").mkdir(parents=True)
    for name in (".a1.part", "packets/.b2.part", "packets/sent/.c3.part", "packets/kept.part"):
        (tmp_path / name).write_bytes(b"1")
    (tmp_path / "packets" / ".d4.part").mkdir()
    files.sweep(tmp_path)
    left = [item.name for item in tmp_path.rglob("*") if item.name not in {"packets", "sent"}]
    assert left == ["kept.part"]


def test_removing_is_told_and_discarding_is_not(place, monkeypatch):
    def held(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", held)
        with pytest.raises(InputRejectedError, match=r"不能删除文件.*只读"):
            files.remove(place)
        files.discard(place)
    files.discard(place)
    files.discard(place)
    assert not place.exists()


def test_a_zip_is_whole(place):
    write_zip(place)
    with zipfile.ZipFile(place) as archive:
        assert archive.testzip() is None


def test_a_disk_that_fails_under_a_zip_is_no_damaged_zip(tmp_path, monkeypatch):
    file = tmp_path / "a.zip"
    write_zip(file)

    def fails(_file):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(zipfile, "_EndRecData", fails)
    damaged = reject("压缩包已损坏", "请重新索要").findings[0]
    with pytest.raises(InputRejectedError, match="磁盘读写出错"), files.opened_zip(file, damaged):
        pass
