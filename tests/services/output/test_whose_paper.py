"""Whose paper it is: for each role and each kind of output, whose name, whose tasks."""

from __future__ import annotations

import pytest

from fsdesk.commands.run import run as run_command
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.output.kinds import KINDS, Form
from fsdesk.domain.records.records import DataValue, Milestone, Status
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services.ledger import ledgers
from fsdesk.services.output import charts, outputs, poster, reporting
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.services.supervision import supervision
from tests.papers import NEEDS_LAST_YEAR, words_of
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

pytestmark = pytest.mark.slow

OFFICE, UNIT = "区食药安办", "区市场监管局"
OTHERS = ("西兴街道", "区发改局(农业农村局)")
# The comparison of years is made from two years elsewhere (test_charts).
PAPERS = [each for each in KINDS if (each.form, each.kind) != NEEDS_LAST_YEAR]
IDS = [f"{each.form}/{each.kind}" for each in PAPERS]
# The letter that came is the office's; the register of tasks names all who share one.
NAMES_OTHERS = {"breakdown", "tasks", "inspection"}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """An office, and a unit with figures, a ledger's row and a letter."""
    folder, clock = tmp_path_factory.mktemp("papers"), Clock()
    with (
        make_office(folder / "office", clock) as office,
        make_unit(office, folder / "unit", clock=clock) as unit,
    ):
        recording.record_value(unit, "I01-3", "2026-03", DataValue(None, 9, 10))
        recording.record_milestone(unit, "D01-2-1", "2026-03", Milestone(Status.DONE))
        values = {"抽样编号": "SC1", "检验结论": "合格"}
        for workspace in (office, unit):
            ledgers.save_rows(workspace, [LedgerEntry("a", "sampling", "scj", values)])
        clock.set("2026-04-20T01:00:00+00:00")
        draft = supervision.draft_for(office, MARCH, "scj", LetterKind.REMINDER)
        supervision.issue(office, [draft.key])
        written = run_through(exchange.answer_reports(office, MARCH, folder / "feedback"))
        import_files(unit, *(each.file for each in written if each.unit == "scj"))
        yield {True: office, False: unit}


@pytest.mark.parametrize("kind", PAPERS, ids=IDS)
@pytest.mark.parametrize("is_office", [True, False], ids=["office", "unit"])
def test_each_paper_is_in_the_name_of_who_makes_it(both, tmp_path, kind, is_office):
    workspace = both[is_office]
    if not kind.maker.may_be(office=is_office):
        with pytest.raises(InputRejectedError, match=kind.title):
            words_of(workspace, kind, MARCH, tmp_path)
        assert kind.title not in [o.title for o in outputs.offered(is_office=is_office)]
        return
    words = words_of(workspace, kind, MARCH, tmp_path)
    if is_office or kind.form is Form.LETTER:
        assert OFFICE in words
        return
    assert UNIT in words
    assert f"单位：{OFFICE}" not in words
    assert "■未报" not in words
    assert "未报的单位" not in words
    if kind.kind not in NAMES_OTHERS:
        assert not any(other in words for other in OTHERS)


@pytest.mark.parametrize("kind", ["units", "reports", "register"])
def test_a_table_over_units_is_refused_to_a_unit_whatever_asks_for_it(both, tmp_path, kind, capsys):
    unit = both[False]
    with pytest.raises(InputRejectedError, match="责任单位不能出"):
        reporting.table_sheets(unit, kind, MARCH)
    with pytest.raises(InputRejectedError, match="责任单位不能出"):
        poster.pages(unit, MARCH)
    with pytest.raises(InputRejectedError, match="责任单位不能出"):
        charts.numbers(unit, "heat", MARCH)
    where = ["--workspace", str(unit.folder)]
    out = str(tmp_path / "a.pdf")
    code = run_command([*where, "report", "table", "--kind", kind, "--period", "2026-03",
                        "--out", out])  # fmt: skip
    assert code == 2
    assert "本单位可以出：进展情况表" in capsys.readouterr().err


def test_a_units_aggregate_is_of_its_own_tasks_and_figures(both):
    office, unit = (aggregation.status(both[role], MARCH) for role in (True, False))
    assert {task.task.code for task in unit.tasks} == {"T01-1", "T01-2"}
    assert [each.unit for each in unit.units] == ["scj"]
    assert (unit.progress, unit.coverage) == (unit.units[0].progress, unit.units[0].coverage)
    assert all(len(each.by_unit) == 1 for each in unit.indicators)
    assert all(list(each.by_unit) == ["scj"] for each in unit.deliverables)
    assert unit.reports.expected == 1
    assert office.reports.expected == 3


def test_what_units_reach_together_is_not_judged_by_one_of_them(both, tmp_path):
    status = aggregation.status(both[False], MARCH)
    samples = next(each for each in status.indicators if each.indicator.code == "I01-1")
    assert samples.attainment is None
    reporting.write_table(both[False], "indicators", MARCH, tmp_path / "a.xlsx")
    kind = next(each for each in KINDS if each.kind == "indicators")
    assert "合计≥1200" in words_of(both[False], kind, MARCH, tmp_path)
    with pytest.raises(InputRejectedError, match="由多个单位共同完成"):
        charts.numbers(both[False], "trend", MARCH, "I01-1")
    trend = charts.numbers(both[False], "trend", MARCH, "I01-3").trend
    assert trend.values[-1] == 90.0


def test_a_units_trend_ends_at_its_own_progress(both):
    found = charts.numbers(both[False], "trend", MARCH)
    assert found.trend.name == "单位进度"
    assert found.trend.values[-1] == found.status.progress * 100
