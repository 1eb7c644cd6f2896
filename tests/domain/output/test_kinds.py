"""Who makes which output: one table decides, and every refusal says why and what to do."""

from __future__ import annotations

import re

import pytest

from fsdesk.commands import parser
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.kinds import KINDS, Form, Maker, kind_of, kinds_of, require_maker
from fsdesk.services.output import outputs

NAMES = [f"{each.form}/{each.kind}" for each in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_each_output_has_a_kind_that_says_who_makes_it(kind):
    output = outputs.find(kind.form, kind.kind)
    assert output.title == kind.title
    for office in (True, False):
        offered = output in outputs.offered(is_office=office)
        assert offered == kind.maker.may_be(office=office)


def test_there_is_no_output_without_a_kind():
    assert {(each.form, each.kind) for each in outputs.OUTPUTS} == {
        (each.form, each.kind) for each in KINDS
    }
    assert len({each.title for each in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
@pytest.mark.parametrize("office", [True, False], ids=["office", "unit"])
def test_a_kind_that_is_another_ones_is_refused_with_what_to_do(kind, office):
    if kind.maker.may_be(office=office):
        require_maker(kind.form, kind.kind, office=office, name="市安委办")
        return
    with pytest.raises(InputRejectedError) as refused:
        require_maker(kind.form, kind.kind, office=office, name="市安委办")
    (finding,) = refused.value.findings
    assert kind.title in finding.message
    named = re.search("可以出：([^；]*)", finding.remedy).group(1).split("、")
    assert named == [each.title for each in KINDS if each.maker.may_be(office=office)]


def test_what_compares_units_is_the_offices_alone():
    alone = {each.kind for each in KINDS if each.maker is Maker.OFFICE}
    assert {"units", "reports", "heat", "completeness", "assessment", "poster"} <= alone


def test_the_help_names_the_kinds_without_loading_them():
    assert list(parser._TABLES) == [each.kind for each in kinds_of(Form.TABLE)]
    assert list(parser._CHARTS) == [each.kind for each in kinds_of(Form.CHART)]


def test_an_unknown_kind_is_told_with_those_that_there_are():
    with pytest.raises(InputRejectedError, match="没有名为“pie”的图。可选：indicators、trend"):
        kind_of(Form.CHART, "pie")
