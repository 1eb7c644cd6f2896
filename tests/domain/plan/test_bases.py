"""基数: how large each unit is, as it is typed, kept and compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.documents.plan_file import load_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan.bases import bases_text, read_bases
from fsdesk.domain.plan.changes import compare_plans
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.plan import PlanConstant
from tests.plans import small_plan

PLAN = replace(
    small_plan(),
    constants=(
        PlanConstant("population", "常住人口", 400_000, "人"),
        PlanConstant("subjects", "监管对象", 9_000, "家"),
    ),
)


@given(st.dictionaries(st.sampled_from(["population", "subjects"]), st.integers(1, 10**8)))
def test_what_is_shown_is_read_again(found):
    bases = tuple((c.code, float(found[c.code])) for c in PLAN.constants if c.code in found)
    assert read_bases(PLAN, bases_text(PLAN, bases)) == bases


@pytest.mark.parametrize(
    ("typed", "bases"),
    [
        ("", ()),
        ("常住人口：320,000 人", (("population", 320_000.0),)),
        ("监管对象 4100家；population=12.5", (("population", 12.5), ("subjects", 4100.0))),
    ],
)
def test_people_type_it_in_their_own_way(typed, bases):
    assert read_bases(PLAN, typed) == bases


@pytest.mark.parametrize(
    "typed", ["面积 12", "常住人口", "常住人口 0", "常住人口 3 万人", "常住人口 3；常住人口 4"]
)
def test_what_can_not_be_meant_is_refused(typed):
    with pytest.raises(InputRejectedError):
        read_bases(PLAN, typed)


def with_bases(*bases):
    directory = PLAN.directory
    units = tuple(replace(u, bases=bases) if u.code == "scj" else u for u in directory.units)
    return replace(PLAN, directory=replace(directory, units=units))


def test_it_travels_with_the_plan_and_a_plan_without_stays_as_it_was_signed():
    plan = with_bases(("population", 320_000.0))
    assert plan_from_dict(plan_to_dict(plan)) == plan
    assert "bases" not in str(plan_to_dict(PLAN))


def test_a_change_of_it_is_one_of_the_plans_changes():
    changed = compare_plans(PLAN, with_bases(("subjects", 4100.0)))
    assert "监管对象 4100" in str(changed)


def test_a_plan_file_says_it_by_the_codes_of_parameters(tmp_path):
    text = """
title: 计划
issuer: 市安委办
constants: [{code: population, name: 常住人口, value: 1000, unit: 人}]
units:
  - {code: ban, name: 市安委办, kind: office}
  - {code: dj, name: 东江区, kind: district, bases: {population: BASE}}
sections:
  - number: 1
    title: 一
    points:
      - number: 1
        title: 一
        tasks:
          - {code: T1, title: 一, text: 一, responsible: {SOLE: [东江区]}, deliverables: {D1: 一}}
"""
    file = tmp_path / "plan.yaml"
    file.write_text(text.replace("BASE", "600"), encoding="utf-8")
    assert load_plan(file, 2026).directory.unit("东江区").base("population") == 600.0
    file.write_text(text.replace("BASE", "无"), encoding="utf-8")
    with pytest.raises(InputRejectedError, match="基数"):
        load_plan(file, 2026)
