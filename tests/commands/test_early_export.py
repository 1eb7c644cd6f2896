"""Commands begin with the month that is owed, and refuse to export a running one before it."""

from __future__ import annotations

import json

import pytest

from fsdesk.commands.run import REFUSED, run
from fsdesk.domain.records.records import DataValue
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace
from tests.workspaces import Clock, make_office, make_unit, months, note_sent


@pytest.fixture
def call(tmp_path, monkeypatch, capsys):
    """Run a command on 3 December; give exit code, output and what was told."""
    clock = Clock()
    with make_office(tmp_path / "office", clock) as office:
        unit = make_unit(office, tmp_path / "unit", clock=clock)
    clock.set("2026-12-03T01:00:00+00:00")
    with unit:
        note_sent(unit, "scj", *months(1, 10))
        recording.record_value(unit, "I01-1", "2026-12", DataValue(5))
    monkeypatch.setitem(open_workspace.__kwdefaults__, "clock", clock)

    def run_it(*arguments, at="unit"):
        code = run(["--workspace", str(tmp_path / at), *map(str, arguments), "--json"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out else None, told.err

    return run_it


@pytest.mark.parametrize("whose", ["office", "unit"])
def test_status_without_a_period_is_that_of_november(call, whose):
    _, status, _ = call("status", at=whose)
    assert status["period"] == "2026-11"


def test_december_is_refused_while_november_is_owed_and_nothing_is_written(call, tmp_path):
    file = tmp_path / "12.xlsx"
    code, out, told = call("packet", "export", "--period", "2026-12", "--out", file)
    assert (code, out) == (REFUSED, None)
    assert "11月的报送包还没有导出；12月尚未结束" in told
    assert "--early" in told
    assert not file.exists()
    assert call("status")[1]["period"] == "2026-11"


def test_december_goes_out_when_it_is_meant_and_the_reader_is_told_that_it_is_not_over(
    call, tmp_path
):
    file = tmp_path / "12.xlsx"
    code, out, told = call("packet", "export", "--period", "2026-12", "--early", "--out", file)
    assert (code, out["period"]) == (0, "2026-12")
    assert "12月尚未结束" in told
    assert file.exists()


def test_status_of_a_unit_says_what_waits(call):
    _, status, _ = call("status")
    assert status["handed_over"]["words"].startswith("未导出：12月 1 项")
    (waits,) = status["handed_over"]["unsent"]
    assert (waits["kind"], waits["period"], waits["count"]) == ("record", "2026-12", 1)
    assert "handed_over" not in call("status", at="office")[1]
