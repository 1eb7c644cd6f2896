"""`ladder` over a whole month: choose, match, take over, change, correct, hand down."""

from __future__ import annotations

import json

import pytest

from fsdesk.commands.run import run
from fsdesk.domain.records.records import DataValue
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace
from tests.levels import make_levels
from tests.workspaces import note_sent

MARCH = ("--period", "2026-03")


@pytest.fixture
def levels(tmp_path):
    made = make_levels(tmp_path / "levels")
    recording.record_value(made.own, "I01-1", "2026-03", DataValue(40.0), "scj")
    for workspace in (made.city, made.upper, made.own):
        workspace.close()
    return made


@pytest.fixture
def ladder(levels, capsys):
    def call(*arguments):
        code = run(
            ["--workspace", str(levels.upper.folder), "ladder", *map(str, arguments), "--json"]
        )
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out else None, told.err

    return call


def line(found, item):
    return next(each for each in found["lines"] if each["item"] == item)


def test_a_month_from_the_command_line(ladder, levels):
    code, found, _ = ladder("own")
    assert (code, found["own"]) == (0, None)
    assert [each["folder"] for each in found["candidates"]] == [str(levels.own.folder)]
    assert ladder("draw", *MARCH)[0] == 2  # nothing is chosen yet
    assert ladder("own", "--own", levels.own.folder)[1]["own"]["name"] == "区食药安办"
    code, matches, _ = ladder("matches", "--confirm")
    assert (code, matches[1]["own"], matches[1]["state"]) == (1, "I01-1", "confirmed")
    for kind, item in (("indicator", "I07-4"), ("deliverable", "D07-1-2")):
        code, matches, _ = ladder("match", kind, item, "--none")
    assert code == 0  # everything is settled
    assert ladder("match", "indicator", "I07-4")[0] == 2
    assert ladder("match", "indicator", "I07-4", "--take-back")[0] == 1

    code, found, err = ladder("draw", *MARCH)
    assert (code, found["filled"], found["unmatched"]) == (0, 1, 2)
    assert "已取数 1 项" in err
    samples = line(found, "I07-1")
    assert (samples["present"]["value"], samples["known"], samples["expected"]) == (40, 1, 2)
    assert ladder("differences")[:2] == (0, [])

    with open_workspace(levels.own.folder, clock=levels.clock) as own:
        recording.record_value(own, "I01-1", "2026-03", DataValue(43.0), "scj")
    with open_workspace(levels.upper.folder, clock=levels.clock) as upper:
        note_sent(upper, "bjq", "2026-03")
    code, (differing,), _ = ladder("differences")
    assert (code, differing["lines"][0]["words"]) == (1, "I07-1 食品抽检批次：40，现为 43")
    assert ladder("draw", *MARCH, "--correct")[1]["filled"] == 1
    assert line(ladder("show", *MARCH)[1], "I07-1")["state"] == "same"


def test_a_task_is_handed_down_from_the_command_line(ladder, levels):
    ladder("own", "--own", levels.own.folder)
    assert ladder("hand-down", "T07-1")[0] == 2
    code, made, err = ladder("hand-down", "抽检与监测", "--lead", "区市监局", "--unit", "fgj")
    assert (code, made["left_out"]) == (0, []), err
    assert dict(made["items"])["I07-1"].startswith("I")
    assert ladder("hand-down", "T07-1", "--unit", "fgj")[0] == 2
