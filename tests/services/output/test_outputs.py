"""Outputs alike: offered to whom, saved as what their button says, printed on what was chosen."""

from __future__ import annotations

import pytest

from fsdesk.commands.parser import build_parser
from fsdesk.domain.output.arrangement import Arrangement
from fsdesk.domain.output.pages import PaperSize
from fsdesk.services.output import outputs
from fsdesk.services.output.outputs import Chosen, Form
from tests.workspaces import MARCH


def titles(*, is_office):
    return [output.title for output in outputs.offered(is_office=is_office)]


def test_the_office_and_a_unit_are_offered_what_is_theirs():
    office, unit = titles(is_office=True), titles(is_office=False)
    assert set(office) - set(unit) == {
        "评议考核排名表", "评议考核计分表", "督办登记簿", "工作通报", "督办函件", "一图读懂",
        "单位完成情况表", "单位报送情况表", "单位任务亮灯图", "单位进度图", "单位报送情况图",
        "单位均量比较表", "单位使用卡", "本办使用卡",
    }  # fmt: skip
    assert set(unit) - set(office) == {"来函"}
    assert len(set(office)) == len(office)


@pytest.mark.parametrize("output", outputs.OUTPUTS, ids=lambda output: output.title)
def test_each_output_has_a_command(output):
    several = output.form in (Form.TABLE, Form.CHART, Form.CARD)
    kind = ("--kind", output.kind) if several else ()
    unit = ("--unit", "scj") if output.form == Form.LETTER else ()
    options = build_parser().parse_args(["report", output.form, "--out", "a", *kind, *unit])
    if output.form != Form.LETTER:  # two of that name; the command issues one
        assert outputs.find(options.action, getattr(options, "kind", "")) is output


@pytest.mark.parametrize(("form", "kind"), [("table", "units"), ("poster", "")])
@pytest.mark.parametrize("size", PaperSize)
def test_what_is_printed_lies_on_the_chosen_paper(office, form, kind, size):
    lay_out = outputs.find(form, kind).pages
    pages = lay_out(office, MARCH, Chosen(arrangement=Arrangement(size=size, landscape=False)))
    assert {(page.paper.size, page.paper.landscape) for page in pages} == {(size, False)}


@pytest.mark.slow
@pytest.mark.parametrize(("form", "kind"), [("table", "tasks"), ("chart", "units"), ("poster", "")])
def test_it_is_saved_with_every_ending_that_a_button_offers(office, tmp_path, form, kind):
    output = outputs.find(form, kind)
    for ending in [ending for endings in output.saves.values() for ending in endings]:
        file = tmp_path / f"a{ending}"
        output.save(office, MARCH, Chosen(), file)
        assert file.stat().st_size > 0


def test_what_an_output_may_be_about_is_named(office):
    units = outputs.find("table", "score").items
    assert ("区市场监管局", "scj") in units.found(office)
    assert units.word == "单位"
    assert outputs.find("table", "tasks").items is None
    assert next(iter(outputs.find("chart", "trend").items.found(office))) == ("总进度", "")
