"""The project's own files are found in a checkout and in the packaged program."""

from __future__ import annotations

import sys
from pathlib import Path

from fsdesk.places import project_file


def test_in_a_checkout_files_lie_beside_the_sources():
    assert project_file("pyproject.toml").is_file()


def test_in_the_packaged_program_files_lie_where_it_was_unpacked(monkeypatch):
    monkeypatch.setattr(sys, "_MEIPASS", "/packed", raising=False)
    assert project_file("data/units.yaml") == Path("/packed/data/units.yaml")
