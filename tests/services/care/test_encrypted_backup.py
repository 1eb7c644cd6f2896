"""Backups with a passphrase: nobody opens them without; a wrong word and damage are told apart."""

from __future__ import annotations

import logging
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsdesk.domain.findings import FindingCode, InputRejectedError
from fsdesk.services.care import maintenance
from fsdesk.store.care.passphrase import new_archive, opened_archive
from fsdesk.store.packet import keys
from fsdesk.workspace import open_workspace
from tests.workspaces import make_office

pytestmark = pytest.mark.file_database

WORD = "滨江 食药安 2026"


@pytest.fixture(scope="module")
def backup(tmp_path_factory):
    """An encrypted backup of an office, and the public half of the key that signs there."""
    folder = tmp_path_factory.mktemp("encrypted")
    with make_office(folder / "office") as office:
        public = keys.own_key(office.keys).public
        maintenance.back_up(office, folder / "备份.zip", WORD)
    return folder / "备份.zip", public


def refused(file, folder, word):
    with pytest.raises(InputRejectedError) as told:
        maintenance.restore(file, folder, word)
    assert not (folder / "fsdesk.db").exists()
    return told.value.findings[0]


def test_what_was_backed_up_comes_back_with_its_key(backup, tmp_path):
    file, public = backup
    assert maintenance.needs_passphrase(file)
    maintenance.restore(file, tmp_path / "again", WORD)
    with open_workspace(tmp_path / "again") as again:
        assert again.identity.is_office
        assert keys.own_key(again.keys).public == public
        assert maintenance.verify(again) == ()
    assert not list((tmp_path / "again").glob(".*"))  # what was unsealed for it is gone


def test_the_file_says_what_it_is_and_shows_nothing_of_what_is_in_it(backup):
    file, _ = backup
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["backup.sealed", "说明.txt"]
        assert "口令" in archive.read("说明.txt").decode("utf-8-sig")
    data = file.read_bytes()
    assert not any(word in data for word in (b"fsdesk.db", b"signing.pem", b"SQLite format"))
    assert file.stat().st_mode & 0o077 == 0


def test_a_missing_and_a_wrong_word_are_told_as_such(backup, tmp_path):
    file, _ = backup
    missing = refused(file, tmp_path / "a", "")
    wrong = refused(file, tmp_path / "b", "滨江 食药安 2025")
    assert (missing.code, wrong.code) == (FindingCode.PASSPHRASE, FindingCode.PASSPHRASE)
    assert ("用口令加密" in missing.message, wrong.message) == (True, "口令不对")


def test_damage_is_told_as_damage_wherever_it_lies(backup, tmp_path):
    file, _ = backup
    whole = file.read_bytes()
    start = whole.index(b"fsdesk-sealed-1")
    for place in (start + 20, start + 60, start + 100, start + 140, len(whole) // 2):
        changed = bytearray(whole)
        changed[place] ^= 1
        (tmp_path / "b.zip").write_bytes(changed)
        told = refused(tmp_path / "b.zip", tmp_path / "new", WORD)
        assert told.code is FindingCode.INPUT
        assert "损坏" in told.message
    (tmp_path / "b.zip").write_bytes(whole[: len(whole) // 2])
    assert "请确认文件存在且完整" in refused(tmp_path / "b.zip", tmp_path / "new", WORD).remedy


def test_a_stream_that_was_cut_at_a_block_is_damaged(tmp_path):
    file = tmp_path / "a.zip"
    with new_archive(file, WORD) as archive:
        archive.writestr("x", bytes(1 << 20), zipfile.ZIP_STORED)
    with zipfile.ZipFile(file) as archive:
        sealed = archive.read("backup.sealed")
    head = len(sealed) % ((1 << 18) + 17)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("backup.sealed", sealed[: -head or None][: -((1 << 18) + 17)])
    with (
        pytest.raises(InputRejectedError, match="损坏"),
        opened_archive(tmp_path / "b.zip", WORD, tmp_path / "n"),
    ):
        pass


def test_full_width_digits_of_an_input_method_are_the_same_word(backup, tmp_path):
    file, _ = backup
    maintenance.restore(file, tmp_path / "again", "滨江　食药安　２０２６")
    assert (tmp_path / "again" / "fsdesk.db").is_file()


def test_a_short_word_is_refused_and_no_file_is_left(tmp_path):
    with (
        make_office(tmp_path / "office") as office,
        pytest.raises(InputRejectedError, match="口令太短"),
    ):
        maintenance.back_up(office, tmp_path / "b.zip", "1234567")
    assert not (tmp_path / "b.zip").exists()


def test_the_word_is_in_no_log_and_no_file_of_the_workspace(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with make_office(tmp_path / "office") as office:
        maintenance.back_up(office, tmp_path / "b.zip", WORD)
    assert WORD not in caplog.text
    files = (item for item in tmp_path.rglob("*") if item.is_file())
    assert not any(WORD.encode() in file.read_bytes() for file in files)


NAMES = st.text("abc/", min_size=1).map(lambda text: f"x{text}y")


@settings(max_examples=8)
@given(st.dictionaries(NAMES, st.binary(max_size=400_000)))
def test_any_content_comes_back(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    with new_archive(folder / "a.zip", WORD) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    with opened_archive(folder / "a.zip", WORD, folder / "n") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == content
