"""The year's change by command: `init --from`, `plan confirm`, and packets of the other year."""

from __future__ import annotations

import json
import shutil

import pytest

from fsdesk.commands.run import run
from fsdesk.services.plan_document import plan_documents
from tests.plans import small_plan


@pytest.fixture
def call(capsys):
    """Run a command; give exit code, JSON and messages."""

    def run_it(*arguments):
        code = run([*map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run_it


@pytest.fixture
def years(call, tmp_path):
    """An office and a unit of 2026, the office's of 2027, and its packet for the unit."""
    office, unit = tmp_path / "office", tmp_path / "unit"
    plan_documents.export_plan(small_plan(), tmp_path / "plan.xlsx")
    call("--workspace", office, "init", "--role", "office", "--plan", tmp_path / "plan.xlsx")
    _, issued, _ = call(
        "--workspace", office, "packet", "issue", "--period", "2026-12", "--out", tmp_path / "26"
    )
    file = next(p["file"] for p in issued["packets"] if p["unit"] == "区市场监管局")
    call("--workspace", unit, "init", "--role", "unit", "--plan", file)
    assert call("init", "--role", "office", "--from", office)[0] == 0
    later = tmp_path / "office-2027"
    _, issued, _ = call(
        "--workspace", later, "packet", "issue", "--period", "2027-01", "--out", tmp_path / "27"
    )
    return tmp_path, next(p["file"] for p in issued["packets"] if p["unit"] == "区市场监管局")


def test_a_refused_packet_names_the_command_that_makes_the_year(years, call):
    folder, packet = years
    unit = folder / "unit"
    code, summary, _ = call("--workspace", unit, "packet", "import", packet)
    assert code == 2
    (refused,) = summary["files"]
    assert f"init --role unit --plan {packet} --from {unit}" in refused["message"]

    code, made, said = call("init", "--role", "unit", "--plan", packet, "--from", unit)
    assert code == 0
    assert made == {
        "workspace": str(folder / "unit-2027"),
        "role": "unit",
        "unit": "区市场监管局",
        "year": 2027,
    }
    assert "2027年计划尚未读入，暂沿用2026年内容，系草案" in said
    assert (folder / "unit-2027/keys/signing.pem").read_bytes() == (
        folder / "unit/keys/signing.pem"
    ).read_bytes()

    _, (checked,), _ = call("--workspace", unit, "packet", "check", packet)
    assert str(folder / "unit-2027") in checked["problems"][0]["remedy"]


def test_a_place_may_be_named(years, call):
    folder, packet = years
    place = folder / "另一处" / "新年度"
    options = ("init", "--role", "unit", "--plan", packet, "--from", folder / "unit")
    code, made, _ = call("--workspace", place, *options)
    assert (code, made["workspace"]) == (0, str(place))


def test_the_same_again_is_refused_and_changes_nothing(years, call):
    folder, packet = years
    options = ("init", "--role", "unit", "--plan", packet, "--from", folder / "unit")
    assert call(*options)[0] == 0
    before = {path.name for path in folder.iterdir()}
    code, made, said = call(*options)
    assert (code, made) == (2, None)
    assert "2027 年的工作区已经建立" in said
    assert {path.name for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--role", "office", "--from", "unit"], "请用 --role unit"),
        (["--role", "unit", "--from", "office"], "请用 --role office"),
        (["--role", "unit", "--from", "nowhere"], "还没有工作区"),
        (["--role", "unit", "--from", "unit", "--year", "2030"], "之后的年度是 2027 年"),
        (["--role", "unit", "--from", "unit", "--unit", "西兴街道"], "不是西兴街道的工作区"),
    ],
)
def test_what_makes_no_sense_is_told(years, call, options, words, monkeypatch):
    folder, _ = years
    monkeypatch.chdir(folder)
    before = {path.name for path in folder.iterdir()} - {"nowhere"}
    code, _, said = call("init", *options)
    assert code == 2
    assert words in said
    assert {path.name for path in folder.iterdir()} - {"nowhere"} == before


def test_a_unit_may_begin_with_this_years_plan(years, call):
    folder, _ = years
    assert call("init", "--role", "unit", "--from", folder / "unit")[0] == 0
    _, plan, _ = call("--workspace", folder / "unit-2027", "plan", "show")
    assert (plan["year"], plan["carried_from"]) == (2027, 2026)


def test_the_office_confirms_its_draft(years, call):
    folder, _ = years
    later = folder / "office-2027"
    _, status, _ = call("--workspace", later, "status", "--period", "2027-01")
    assert status["carried_from"] == 2026
    code, plan, _ = call("--workspace", later, "plan", "confirm")
    assert (code, plan["carried_from"], plan["revision"]) == (0, 0, 2)
    code, _, said = call("--workspace", later, "plan", "confirm")
    assert code == 2
    assert "不是草案" in said


def test_a_document_makes_the_offices_year(years, call):
    folder, _ = years
    shutil.rmtree(folder / "office-2027")
    book = folder / "2027.xlsx"
    call("--workspace", folder / "office", "plan", "export", book)
    code, made, said = call(
        "init", "--role", "office", "--plan", book, "--year", 2027, "--from", folder / "office"
    )
    assert (code, made["year"]) == (0, 2027)
    assert "系草案" in said  # the file is 2026's own


def test_the_built_in_plan_says_of_which_year_it_is(call, tmp_path):
    code, _, said = call("--workspace", tmp_path / "w", "init", "--role", "office", "--year", 2027)
    assert code == 0
    assert "2027年计划尚未读入，暂沿用2026年内容，系草案" in said
    code, _, said = call("--workspace", tmp_path / "w", "init", "--role", "office", "--year", 2027)
    assert code == 2
    assert "已有工作区" in said
    _, _, said = call("--workspace", tmp_path / "v", "init", "--role", "office", "--year", 2026)
    assert "草案" not in said


def test_baselines_are_taken_anew_by_command(years, call):
    folder, _ = years
    record = ("record", "value", "I01-1", "--period", "2026-12", "--value", 50, "--unit", "scj")
    assert call("--workspace", folder / "office", *record)[0] == 0
    code, changed, _ = call("--workspace", folder / "office-2027", "plan", "baselines")
    assert code == 0
    assert changed["changed"] >= 1


def test_since_when_the_units_have_the_plan_is_said_by_command(years, call):
    folder, _ = years
    office = ("--workspace", folder / "office")
    code, told, _ = call(*office, "plan", "issued", "2026-03-05")
    assert (code, told) == (0, {"issued_on": "2026-03-05", "since": "2026-03-05"})
    assert call(*office, "plan", "issued")[1] == told
    code, told, _ = call(*office, "plan", "issued", "--automatic")
    assert (code, told["issued_on"]) == (0, None)
    for wrong, words in (("2029-01-01", "不在 2025 年和 2026 年内"), ("soon", "无法识别")):
        code, _, said = call(*office, "plan", "issued", wrong)
        assert code == 2
        assert words in said
    code, _, said = call("--workspace", folder / "unit", "plan", "issued", "2026-03-05")
    assert code == 2
    assert "设置计划下发日期" in said
