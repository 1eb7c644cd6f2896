"""评议考核 from the data of a workspace."""

from __future__ import annotations

import json
from datetime import date

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.commands.run import run
from fsdesk.domain.assessment import Adjustment
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.supervision.letters import Letter, LetterKind, LetterState
from fsdesk.services import assessment
from fsdesk.services.output import reporting
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.store import audit
from fsdesk.store.supervision.letters import save_letter
from tests.workspaces import MARCH, import_files

APRIL = Period.parse("2026-04")


@pytest.fixture
def told(office, unit, tmp_path, clock):
    """An office with what one unit has reported: February late, March in time."""
    for month, day in (("2026-02", "2026-03-20"), ("2026-03", "2026-04-02")):
        clock.set(f"{day}T01:00:00+00:00")
        recording.record_value(unit, "I01-1", month, DataValue(150))
        recording.record_milestone(unit, "D01-1-2", month, Milestone(Status.DONE))
        exchange.export_report(unit, Period.parse(month), tmp_path / f"{month}.xlsx")
        import_files(office, tmp_path / f"{month}.xlsx")
    clock.set("2026-04-10T01:00:00+00:00")
    return office


def lines(workspace, unit="scj", period=MARCH):
    found = assessment.assess(workspace, period)
    sheet = next(sheet for sheet in found.sheets if sheet.unit == unit)
    return {line.title: line for line in sheet.lines}


def test_every_line_opens_to_what_it_rests_on(told):
    found = lines(told)
    months = {source.name: source.text for source in found["报送及时"].sources}
    assert months == {
        "2026年1月": "没有报送", "2026年2月": "逾期报送", "2026年3月": "按时报送"
    }  # fmt: skip
    assert (found["报送完整"].value, found["报送及时"].value) == ("66.67%", "33.33%")
    targets = {source.name: source for source in found["指标完成"].sources}
    # 300 of 1200 at a quarter of the year.
    assert targets["I01-1 抽检批次"].share == pytest.approx(1.0)
    assert targets["I01-3 处置率"].text == "未报"
    assert "I01-6 抽检强度" not in targets  # it is computed from the first
    (late,) = lines(told, period=APRIL)["事项逾期"].sources  # was due by 31 March
    assert late.item == "D01-1-1"


def test_letters_count_once_they_were_issued(told):
    def letter(number, state):
        return Letter(
            LetterKind.REMINDER, 2026, number, "scj", "2026-03", date(2026, 4, 1),
            date(2026, 4, 15), state,
        )  # fmt: skip

    with told.writing() as writing:
        save_letter(writing, letter(1, LetterState.DRAFTED), [])
        save_letter(writing, letter(2, LetterState.CLOSED), [])
    line = lines(told)["提醒敦促函"]
    assert (line.points, len(line.sources)) == (-1, 1)
    assert "2号" in line.sources[0].name


def test_points_by_hand_are_logged_changed_and_taken_back(told):
    before = {s.unit: s.total for s in assessment.assess(told, MARCH).sheets}
    given = assessment.save_adjustment(
        told, Adjustment("", "区市监局", 2, "经验在全市推广", date(2026, 3, 1))
    )
    after = {s.unit: s.total for s in assessment.assess(told, MARCH).sheets}
    assert after["scj"] == pytest.approx(before["scj"] + 2)
    assert given.unit == "scj"
    assessment.save_adjustment(told, replace(given, points=-1.5))
    assert lines(told)["扣分"].points == -1.5
    assessment.remove_adjustment(told, given.id)
    assert "扣分" not in lines(told)
    with pytest.raises(InputRejectedError, match="没有这一笔"):
        assessment.remove_adjustment(told, given.id)
    with told.reading() as session:
        assert not audit.broken_links(session)


def test_rules_are_kept_in_the_workspace_and_all_scores_follow(told):
    scheme = assessment.builtin_scheme()
    mild = replace(scheme, count_missing=False)
    assert not assessment.assess(told, MARCH).changed
    strict_points = lines(told)["指标完成"].points
    assessment.save_scheme(told, mild)
    assert assessment.assess(told, MARCH).changed
    assert lines(told)["指标完成"].points > strict_points
    with pytest.raises(InputRejectedError, match="应为 100 分"):
        assessment.save_scheme(told, replace(scheme, criteria=scheme.criteria[1:]))
    assert assessment.assess(told, MARCH).scheme == mild


def test_only_the_office_assesses(unit):
    with pytest.raises(InputRejectedError, match="只有区食药安办"):
        assessment.assess(unit, MARCH)


def test_the_tables_say_what_the_screen_says(told, tmp_path):
    found = assessment.assess(told, MARCH)
    reporting.write_table(told, "assessment", MARCH, tmp_path / "rank.xlsx")
    cells = [c.value for row in load_workbook(tmp_path / "rank.xlsx").active for c in row]
    for sheet in found.sheets:
        assert sheet.name in cells
        assert sheet.total in cells
    reporting.write_table(told, "score", MARCH, tmp_path / "scj.pdf", item="区市监局")
    assert (tmp_path / "scj.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(InputRejectedError, match="不参加"):
        reporting.write_table(told, "score", MARCH, tmp_path / "ban.pdf", item="区食药安办")


def test_the_command_gives_the_same_as_json(told, tmp_path, capsys):
    found = assessment.assess(told, MARCH)
    folder = told.folder
    told.close()
    base = ["--workspace", str(folder), "assessment", "--period", "2026-03"]
    assert run([*base, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert [unit["total"] for unit in plain["units"]] == [s.total for s in found.sheets]
    assert run([*base, "--unit", "区市场监管局"]) == 0
    assert "报送及时" in capsys.readouterr().out
    assert run([*base, "--out", str(tmp_path / "rank.pdf")]) == 0
    assert (tmp_path / "rank.pdf").read_bytes().startswith(b"%PDF")
    assert run([*base, "--unit", "区食药安办"]) == 2
