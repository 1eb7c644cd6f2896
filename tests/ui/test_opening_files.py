"""Double clicks: a packet opens the program; a second start gives way to the first window."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fsdesk.commands.parser import wants_window
from fsdesk.domain.records.records import DataValue
from fsdesk.places import project_file
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from tests.workspaces import MARCH, make_office, make_unit

WAIT = 20_000


@pytest.fixture
def packet(tmp_path):
    """A report under the program's own ending, and the office that it is for."""
    with make_office(tmp_path / "office") as office, make_unit(office, tmp_path / "unit") as unit:
        recording.record_value(unit, "I01-1", "2026-03", DataValue(5))
        return exchange.export_report(unit, MARCH, tmp_path / "三月 报送包.fsdesk").file


def words(program):
    return program.window.page("exchange").incoming.result.text()


def test_files_of_the_programs_own_kinds_open_the_window():
    assert wants_window(["--workspace", "here", "报送包.fsdesk", "更新.FSUPDATE"])
    assert not wants_window(["报送包.fsdesk", "status"])


def test_any_file_that_is_there_opens_the_window_but_a_command_stays_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("下发包.xlsx", "报送包.zip", "status"):
        (tmp_path / name).write_bytes(b"")
    assert wants_window(["下发包.xlsx"])
    assert wants_window(["--workspace=here", str(tmp_path / "下发包.xlsx"), "报送包.zip"])
    assert not wants_window(["没有.xlsx"])
    assert not wants_window(["status"])
    assert not wants_window(["verify", "下发包.xlsx"])


def test_a_packet_that_the_program_was_started_with_is_checked(start, packet, tmp_path):
    program = start(tmp_path / "office", [packet])
    assert program.window.current_key == "exchange"
    assert "可接收 1 个" in words(program)


def test_a_second_start_hands_its_file_to_the_first_window_and_ends(start, qtbot, packet, tmp_path):
    program = start(tmp_path / "office")
    assert program.window.current_key == "overview"
    command = [sys.executable, project_file("main.py"), "--workspace", tmp_path / "office", packet]
    with subprocess.Popen(command) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=WAIT)
    assert second.returncode == 0
    qtbot.waitUntil(lambda: not program.runner.busy, timeout=WAIT)
    assert program.window.current_key == "exchange"
    assert "可接收 1 个" in words(program)


def test_a_workspace_held_by_a_command_is_explained(start, tmp_path):
    with make_office(tmp_path / "office"):
        program = start(tmp_path / "office")
        page = program.window.page("start")
        assert "正被电脑" in page.trouble.words.text()
