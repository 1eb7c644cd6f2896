"""Units and groups, roles, periods, and the plan's plain form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, Place, error, reject
from fsdesk.domain.periods import (
    Period,
    default_period,
    last_ended,
    months_of,
    running_month,
)
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.plan.plan import FormerPlan, Role
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    RecordKind,
    Status,
    content_from_dict,
    content_to_dict,
)
from tests.plans import STRENGTH, small_plan

PLAN = small_plan()
PERIODS = st.one_of(
    st.builds(Period.month, st.integers(2000, 2100), st.integers(1, 12)),
    st.builds(Period.quarter, st.integers(2000, 2100), st.integers(1, 4)),
)


@pytest.mark.parametrize(
    "name", ["fgj", "区发改局（农业农村局）", "区发改局", " 区发改局(农业农村局) "]
)
def test_a_unit_is_found_by_code_name_alias_and_any_width(name):
    assert PLAN.directory.unit(name).code == "fgj"


@pytest.mark.parametrize("name", ["区某局", "成员单位", ""])
def test_an_unknown_unit_is_refused(name):
    with pytest.raises(InputRejectedError, match="没有名为"):
        PLAN.directory.unit(name)


def test_a_group_stands_for_its_members_and_the_weightiest_role_wins():
    assert list(PLAN.roles("T01-2").items()) == [
        ("ban", Role.LEAD),
        ("scj", Role.SHARED),
        ("fgj", Role.SHARED),
        ("xx", Role.SHARED),
    ]


def test_reporters_are_the_tasks_units_unless_named():
    assert PLAN.reporters(PLAN.find_indicator("抽检批次")) == ("scj", "fgj")
    assert PLAN.reporters(PLAN.find_indicator("I01-7")) == ("scj",)
    assert not STRENGTH.typed


@pytest.mark.parametrize("find", [PLAN.find_indicator, PLAN.find_task, PLAN.find_deliverable])
def test_an_unknown_item_is_refused(find):
    with pytest.raises(InputRejectedError, match="计划中没有"):
        find("nothing")


def test_the_plan_survives_its_plain_form():
    assert plan_from_dict(plan_to_dict(PLAN)) == PLAN


def test_a_plan_with_a_hole_is_refused():
    plain = plan_to_dict(PLAN)
    del plain["sections"][0]["points"][0]["tasks"][0]["code"]
    with pytest.raises(InputRejectedError, match="已损坏"):
        plan_from_dict(plain)


@given(PERIODS)
def test_a_period_survives_its_text_form(period):
    assert Period.parse(str(period)) == period
    assert period.first_day <= period.last_day
    assert [m.last_month for m in period.months][-1] == period.last_month


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-Q5", "26-03", "", "2026-3", "2026年3月"]
)
def test_what_is_no_period_is_refused(text):
    with pytest.raises(InputRejectedError, match="2026-03"):
        Period.parse(text)


def test_periods_speak_chinese_and_know_their_due_day():
    assert Period.parse("2026-03").label == "2026年3月"
    assert Period.parse("2026-q2").label == "2026年第2季度"
    assert Period.parse("2026-Q2").due(5) == date(2026, 7, 5)
    assert Period.parse("2026-01").previous() is None
    assert Period.parse("2026-Q2").previous() == Period.parse("2026-Q1")


def test_the_office_looks_at_the_last_month_that_has_ended():
    january, december = months_of(2026)[0], months_of(2026)[-1]
    assert default_period(2026, date(2025, 5, 1)) == january
    assert default_period(2026, date(2026, 1, 31)) == january
    assert default_period(2026, date(2026, 2, 1)) == january
    assert default_period(2026, date(2026, 12, 3)) == months_of(2026)[10]
    assert default_period(2026, date(2027, 1, 1)) == december


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_a_month_has_ended_when_its_last_day_is_past(today):
    ended = [month for month in months_of(2026) if month.last_day < today]
    assert last_ended(2026, today) == len(ended)
    assert [month for month in months_of(2026) if month.ended(today)] == ended
    running = running_month(2026, today)
    assert running.first_day <= today <= running.last_day or today.year != 2026


def test_periods_have_short_names():
    names = [Period.parse(text).name for text in ("2026-03", "2026-12", "2026-Q1", "2026-Q4")]
    assert names == ["3月", "12月", "第一季度", "第四季度"]


def test_contents_survive_their_plain_form():
    for kind, content in (
        (RecordKind.VALUE, DataValue(3.0, note="x")),
        (RecordKind.MILESTONE, Milestone(Status.DONE, date(2026, 3, 5), "照片")),
    ):
        assert content_from_dict(kind, content_to_dict(content)) == content


@pytest.mark.parametrize("plain", [{"value": "3"}, {"value": True}, {"value": float("inf")}])
def test_a_number_that_is_none_is_refused(plain):
    with pytest.raises(InputRejectedError, match="无效"):
        content_from_dict(RecordKind.VALUE, plain)


@pytest.mark.parametrize(
    ("word", "status"),
    [("已完成", Status.DONE), ("under_way", Status.UNDER_WAY), ("未开展", Status.NOT_STARTED)],
)
def test_a_status_is_read_by_its_word(word, status):
    assert Status.parse(word) is status


def test_an_unknown_status_is_refused_with_the_words_to_use():
    with pytest.raises(InputRejectedError, match="未启动、进行中、已完成"):
        Status.parse("maybe")


@pytest.mark.parametrize(("number", "text"), [(1900.0, "1900"), (3.5, "3.5"), (66.6666, "66.67")])
def test_numbers_carry_no_needless_zeros(number, text):
    assert number_text(number) == text


def test_a_finding_names_place_message_and_remedy():
    place = Place("表.xlsx", "指标", "C7", None)
    finding = error("数值无效", "请改正", place)
    assert str(finding) == "文件“表.xlsx” 工作表“指标” 单元格 C7：数值无效。请改正。"
    assert str(Place(line=3)) == "第 3 行"
    assert str(reject("坏了")) == "坏了。"


def test_a_plan_of_an_earlier_day_knows_what_it_had_been_before_that():
    def without(plan, *units):
        kept = tuple(unit for unit in plan.directory.units if unit.code not in units)
        return replace(plan, directory=replace(plan.directory, units=kept))

    first = small_plan()
    second = without(first, "xx")
    former = (FormerPlan(date(2026, 3, 31), first), FormerPlan(date(2026, 6, 30), second))
    year = replace(without(second, "fgj"), former=former)

    april = year.at(Period.parse("2026-04"))

    assert april.unit_name("xx") == "西兴街道", "it left before April"
    assert april.at(Period.parse("2026-02")).directory == first.directory
    assert year.at(Period.parse("2026-04")) is april
