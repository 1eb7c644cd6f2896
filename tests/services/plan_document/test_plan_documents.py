"""Documents taken into a workspace: compared, imported, revised while data is recorded."""

from __future__ import annotations

import json
from datetime import date

import pytest

from fsdesk.commands.run import run
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.care import setup
from fsdesk.services.packet import exchange
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.plan_document import plan_documents
from fsdesk.services.records import recording
from fsdesk.workspace import open_workspace
from tests.workspaces import Clock

YEAR = 2026
DOCUMENT = """滨江区2026年食品药品安全工作要点
一、保障能力
1.风险预警。全年完成食品监督抽检{samples}批次，不合格食品核查处置率100%。[区市场监管局、区卫健局按职责分工负责]
组织食品安全事故应急演练2次。[区食药安办负责]
2.集中用餐。学校食堂A级比例达30%以上。[区教育局牵头，区市场监管局配合]
"""


@pytest.fixture
def office(tmp_path):
    with setup.create_office(tmp_path / "office", load_builtin_plan(YEAR), clock=Clock()) as made:
        yield made


def written(tmp_path, text, name="plan.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def take(office, tmp_path, text):
    parsed = plan_documents.read_document(written(tmp_path, text), office)
    return plan_documents.import_document(office, parsed)


def test_a_document_becomes_the_plan(office, tmp_path):
    take(office, tmp_path, DOCUMENT.format(samples=500))
    plan = current_plan(office)

    assert plan.title == "滨江区2026年食品药品安全工作要点"
    assert len(plan.tasks) == 3
    assert plan.revision == 2
    assert "≥500批次" in {indicator.target_text for indicator in plan.indicators}


def test_recorded_data_stays_with_its_task_through_a_revision(office, tmp_path):
    take(office, tmp_path, DOCUMENT.format(samples=500))
    indicator = next(i for i in current_plan(office).indicators if i.measure_unit == "批次")
    recording.record_value(office, indicator.code, "2026-03", DataValue(value=120), "区市场监管局")

    revised = DOCUMENT.format(samples=650).replace(
        "1.风险预警。", "1.风险预警。深化信用监管。[区商务局负责]"
    )
    difference = take(office, tmp_path, revised)

    changes = {(c.code, f.field): f.after for c in difference.changed for f in c.fields}
    assert changes[indicator.code, "目标"] == "≥650批次"
    assert not difference.removed
    assert len(current_plan(office).tasks) == 4
    december = plan_documents.next_year(office)
    assert december.indicators_by_code[indicator.code].baseline == 120


def test_comparing_saves_nothing(office, tmp_path):
    before = current_plan(office)
    parsed = plan_documents.read_document(written(tmp_path, DOCUMENT.format(samples=1)), office)

    assert not plan_documents.compare_document(office, parsed).is_empty
    assert current_plan(office) == before


def test_the_same_document_twice_is_one_revision(office, tmp_path):
    take(office, tmp_path, DOCUMENT.format(samples=500))
    assert take(office, tmp_path, DOCUMENT.format(samples=500)).is_empty
    assert current_plan(office).revision == 2


def test_a_plan_of_another_year_leaves_this_year_alone(office, tmp_path):
    before = current_plan(office)
    take(office, tmp_path, DOCUMENT.format(samples=500).replace("2026", "2027"))

    assert current_plan(office) == before


def test_a_unit_does_not_import_plans(tmp_path):
    plan = load_builtin_plan(YEAR)
    with (
        setup.create_unit(tmp_path / "unit", plan, "区教育局", clock=Clock()) as unit,
        pytest.raises(InputRejectedError, match="只有区食药安办"),
    ):
        take(unit, tmp_path, DOCUMENT.format(samples=500))


def test_pasted_text_is_read_like_a_file():
    parsed = plan_documents.read_pasted(DOCUMENT.format(samples=500))

    assert [len(task.assignments) for task in parsed.plan.tasks] == [2, 1, 2]


def test_aliases_of_the_workspace_hold(office, tmp_path):
    text = DOCUMENT.format(samples=500).replace("区教育局牵头", "教育局牵头")
    parsed = plan_documents.read_document(written(tmp_path, text), office)
    names = parsed.plan.directory

    assert names.name(parsed.plan.tasks[2].assignments[0].party) == "区教育局"
    assert any("按别名对应" in doubt.message for doubt in parsed.doubts)
    assert not parsed.warnings


def test_an_unknown_unit_is_told_with_what_it_may_be(tmp_path):
    text = DOCUMENT.format(samples=500).replace("区卫健局", "区卫生健康委")
    parsed = plan_documents.read_document(written(tmp_path, text))
    (new,) = parsed.new_parties

    assert (new.name, new.suggestion) == ("区卫生健康委", "wjj")
    assert parsed.text_of(new.span) == "区卫生健康委"
    assert [d.remedy for d in parsed.warnings] == ["可能就是“区卫健局”，请确认"]


@pytest.mark.parametrize("year", [1999, 2101])
def test_impossible_years_are_refused(year):
    with pytest.raises(InputRejectedError, match="无效"):
        plan_documents.read_pasted(DOCUMENT.format(samples=500), year=year)


def test_a_given_year_that_differs_is_told():
    parsed = plan_documents.read_pasted(DOCUMENT.format(samples=500), year=2027)

    assert parsed.plan.year == 2027
    assert any("按指定的 2027 年读取" in doubt.message for doubt in parsed.warnings)


def test_the_commands_give_json(office, tmp_path, capsys):
    folder = str(office.folder)
    office.close()
    file = str(written(tmp_path, DOCUMENT.format(samples=500)))

    assert run(["plan", "parse", file, "--json"]) == 0
    parsed = json.loads(capsys.readouterr().out)
    assert parsed["warnings"] == []
    assert (
        parsed["sections"][0]["points"][0]["tasks"][0]["assignments"][0]["unit"] == "区市场监管局"
    )

    assert run(["--workspace", folder, "plan", "parse", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == parsed["title"]
    assert run(["--workspace", folder, "plan", "diff", file, "--json"]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert run(["--workspace", folder, "plan", "import", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == compared
    assert set(compared) == {"added", "changed", "removed"}
    assert run(["--workspace", folder, "plan", "diff", file]) == 0
    assert capsys.readouterr().out == "计划没有变化\n"
    with open_workspace(office.folder) as opened:
        assert len(current_plan(opened).tasks) == 3


def test_a_document_with_doubts_is_taken_only_when_they_were_looked_at(office, tmp_path, capsys):
    before = current_plan(office)
    words = DOCUMENT.format(samples=500).replace("区食药安办负责", "区没有的局负责")
    file = str(written(tmp_path, words))
    where = ["--workspace", str(office.folder), "plan"]
    office.close()

    assert run([*where, "import", file]) == 1
    told = capsys.readouterr()
    assert "区没有的局" in told.err
    assert "计划没有更新" in told.err
    assert told.out == "计划没有变化\n"
    with open_workspace(office.folder) as opened:
        assert current_plan(opened) == before

    assert run([*where, "import", file, "--accept-doubts"]) == 0
    with open_workspace(office.folder) as opened:
        assert current_plan(opened).directory.find("区没有的局")


def test_a_packet_is_no_plan_document(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, Period.parse("2026-03"), tmp_path / "out"))

    with pytest.raises(InputRejectedError, match="不是工作要点"):
        plan_documents.read_document(issued[0].file, office)


def test_a_workspace_can_begin_with_a_document(tmp_path, capsys):
    file = str(written(tmp_path, DOCUMENT.format(samples=500)))
    folder = tmp_path / "new"

    assert run(["--workspace", str(folder), "init", "--role", "office", "--plan", file]) == 0
    with open_workspace(folder) as opened:
        plan = current_plan(opened)
        assert (plan.year, len(plan.tasks)) == (YEAR, 3)
    assert run(["--workspace", str(folder), "plan", "export", str(tmp_path / "plan.xlsx")]) == 0
    assert run(["--workspace", str(folder), "plan", "diff", str(tmp_path / "plan.xlsx")]) == 0
    assert capsys.readouterr().out.endswith("计划没有变化\n")


def test_a_document_since_september_leaves_the_months_before_their_plan(office, tmp_path, capsys):
    before = current_plan(office)
    file = written(tmp_path, DOCUMENT.format(samples=500))
    office.clock.set("2026-11-20T01:00:00+00:00")
    parsed = plan_documents.read_document(file, office)
    since = date(2026, 9, 1)
    months = [e.month for e in plan_documents.effects_of_document(office, parsed, since)]
    assert months == [Period.month(2026, 9), Period.month(2026, 10)]
    assert len(plan_documents.effects_of_document(office, parsed)) == 10

    office.close()
    told = ["plan", "import", str(file), "--since"]
    where = ["--workspace", str(tmp_path / "office")]
    assert run([*where, *told, "九月"]) == 2
    assert "生效日期“九月”无法识别" in capsys.readouterr().err
    assert run([*where, *told, "2026-09-01"]) == 0
    with open_workspace(tmp_path / "office") as again:
        plan = current_plan(again)
    assert len(plan.tasks) == 3
    assert plan.at(Period.month(2026, 8)).tasks == before.tasks


def test_the_command_says_which_past_months_a_document_for_the_whole_year_changes(
    office, tmp_path, capsys
):
    file = written(tmp_path, DOCUMENT.format(samples=500))
    office.close()
    assert run(["--workspace", str(tmp_path / "office"), "plan", "diff", str(file)]) == 0
    told = capsys.readouterr().err
    assert "2026年1月有" in told
    assert "--since" in told
