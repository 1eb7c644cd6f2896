"""The project's own files are found in a checkout and in the packaged program."""

from __future__ import annotations

import sys
from pathlib import Path

from fsdesk.places import FONT_LIST, bring_font_list, project_file


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
