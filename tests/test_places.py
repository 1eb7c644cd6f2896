"""The project's own files are found in a checkout and in the packaged program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fsdesk.places import FONT_LIST, PORTABLE, bring_font_list, portable_data, project_file
from fsdesk.services.care import known
from fsdesk.workspace import default_folder
from tests.workspaces import make_office


def test_in_a_checkout_files_lie_beside_the_sources():
    assert project_file("pyproject.toml").is_file()


def test_in_the_packaged_program_files_lie_where_it_was_unpacked(monkeypatch):
    monkeypatch.setattr(sys, "_MEIPASS", "/packed", raising=False)
    assert project_file("data/units.yaml") == Path("/packed/data/units.yaml")


def test_matplotlib_finds_its_list_of_fonts_in_the_packaged_program(monkeypatch, tmp_path):
    packed, config = tmp_path / "packed", tmp_path / "config"
    config.mkdir()
    (packed / FONT_LIST).mkdir(parents=True)
    (packed / FONT_LIST / "fontlist-v390.json").write_text("{}")
    bring_font_list({"MPLCONFIGDIR": str(config)})
    assert not list(config.iterdir())  # from source it keeps a list of its own
    monkeypatch.setattr(sys, "_MEIPASS", str(packed), raising=False)
    bring_font_list({})
    bring_font_list({"MPLCONFIGDIR": str(config)})
    assert [file.name for file in config.iterdir()] == ["fontlist-v390.json"]


@pytest.fixture
def stick(monkeypatch, tmp_path):
    """The portable program on a USB stick; the list of workspaces isn't named elsewhere."""
    home = tmp_path / "E" / "fsdesk"
    (home / "_internal").mkdir(parents=True)
    (home / PORTABLE).write_text("便携版")
    monkeypatch.setattr(sys, "_MEIPASS", str(home / "_internal"), raising=False)
    monkeypatch.setattr(sys, "executable", str(home / "fsdesk.exe"))
    monkeypatch.delenv(known.PLACE)
    return home


def test_the_portable_program_keeps_everything_beside_itself(stick):
    assert portable_data() == stick / "数据"
    assert default_folder() == stick / "数据" / "fsdesk"
    assert known.place().parent == stick / "数据"


def test_an_installed_program_is_not_portable(stick):
    (stick / PORTABLE).unlink()
    assert portable_data() is None
    assert stick not in default_folder().parents


def test_in_another_pc_the_stick_is_another_drive(stick, monkeypatch):
    elsewhere = stick.parents[1] / "mine"
    with make_office(default_folder()) as inside, make_office(elsewhere) as outside:
        known.remember(outside)
        known.remember(inside)
    assert str(stick) not in known.place().read_text(encoding="utf-8")
    moved = stick.parents[1] / "F"
    stick.parent.rename(moved)
    monkeypatch.setattr(sys, "executable", str(moved / "fsdesk" / "fsdesk.exe"))
    found = [each.folder for each in known.workspaces()]
    assert found == [moved / "fsdesk" / "数据" / "fsdesk", elsewhere]
    assert known.last().is_there
