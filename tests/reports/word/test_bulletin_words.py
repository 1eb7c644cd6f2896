"""The bulletin's sentences, each from the figures that it tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from docx import Document

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.trend import Forecast
from fsdesk.reports.word.bulletin import BulletinFacts, Reporting, bulletin_words
from fsdesk.reports.word.official_document import OfficialDocument
from fsdesk.reports.word.template import fill_template, places_of
from tests.reports.conftest import make_plan, make_status
from tests.years import year_status

MADE_ON = date(2026, 7, 3)


def facts(status, *, missing=("长河街道",), ahead=None):
    told = Reporting(
        ("区市场监管局", "西兴街道", *missing), ("区市场监管局",), ("西兴街道",), missing
    )
    return BulletinFacts(status, told, ahead, 6, MADE_ON, date(2026, 7, 8))


def test_what_lags_is_told_by_unit_the_most_first_with_its_reason():
    words = bulletin_words(facts(make_status()))
    assert [unit["名称"] for unit in words["滞后单位"]] == ["区食药安办", "区农业农村局"]
    gaps = {row["编码"]: row["差距"] for row in words["滞后任务"]}
    assert gaps == {"T01-1": "逾期未完成", "T02-1": "15.8个百分点"}


def test_achievements_name_what_has_reached_its_target_and_what_is_done():
    told = bulletin_words(facts(make_status()))["成效"]
    assert told == ["1项指标已达到全年目标：学校食堂A级比例50%（完成率166.7%）。"]


def test_what_falls_due_next_month_is_announced():
    february = Period.parse("2026-02")
    status = year_status(make_plan(), [], {}, february, Rules())
    steps = bulletin_words(facts(status))["下步工作"]
    assert any("印发工作制度（2026年3月31日前）" in step for step in steps)
    assert not any("到期" in step for step in bulletin_words(facts(make_status()))["下步工作"])


def test_missing_reports_are_asked_for_by_a_day():
    steps = bulletin_words(facts(make_status()))["下步工作"]
    assert "严格按时报送。长河街道应于2026年7月8日前补报2026年6月工作情况。" in steps
    all_came = bulletin_words(facts(make_status(), missing=()))
    assert all_came["未报单位"] == "无"
    assert not any("补报" in step for step in all_came["下步工作"])


def test_many_units_are_counted_not_all_named():
    many = tuple(f"第{number}局" for number in range(1, 10))
    steps = bulletin_words(facts(make_status(), missing=many))["下步工作"]
    assert any("第6局等9家单位应于" in step for step in steps)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (None, ""),
        (Forecast(96.0, 90.5, 100.0), "预计达到96.0%（区间90.5%至100.0%）。"),
        (Forecast(100.0, 100.0, 100.0), "预计达到100.0%。"),
    ],
)
def test_the_forecast_is_told_with_its_range(ahead, words):
    assert bulletin_words(facts(make_status(), ahead=ahead))["全年预测"].endswith(words)


def test_a_year_without_a_record_has_its_words_too():
    status = year_status(make_plan(), [], {}, Period.parse("2026-01"), Rules())
    words = bulletin_words(facts(status))
    assert (words["总进度"], words["成效"]) == ("—", [])
    assert {unit["名次"] for unit in words["单位"]} == {"—"}


# The template itself


def template(text):
    paper = OfficialDocument("模板")
    paper.paragraph(text)
    return paper.data()


def test_markup_in_a_name_is_text_not_markup():
    filled = fill_template(template("{{ 名称 }}"), {"名称": "甲<b>&乙"}, MADE_ON)
    assert "甲<b>&乙" in "".join(part.text for part in read(filled))


def read(data):
    return Document(BytesIO(data)).paragraphs


def test_the_places_of_a_template_are_found():
    assert places_of(template("{{ 总进度 }}和{{ 走势图 }}")) == {"总进度", "走势图"}
    with pytest.raises(InputRejectedError, match="写得不完整"):
        places_of(template("{{ 总进度 "))
    with pytest.raises(InputRejectedError, match="不是可用的 Word 文档"):
        places_of(b"PK\x03\x04")


def test_a_template_cannot_reach_into_the_program():
    for attack in ("{{ 名称.__class__ }}", "{{ 名称.__class__.__base__.__subclasses__() }}"):
        with pytest.raises(InputRejectedError):
            fill_template(template(attack), {"名称": "甲"}, MADE_ON)


def test_what_falls_due_in_the_same_month_of_a_later_year_is_not_announced():
    february = Period.parse("2026-02")
    plan = make_plan()
    dated = next(d for d in plan.deliverables_by_code.values() if d.due and d.due.month == 3)
    later = date(2027, dated.due.month, dated.due.day)
    status = year_status(plan, [], {}, february, Rules())
    moved = tuple(
        replace(r, deliverable=replace(r.deliverable, due=later))
        if r.deliverable.code == dated.code
        else r
        for r in status.deliverables
    )
    steps = bulletin_words(facts(replace(status, deliverables=moved)))["下步工作"]
    assert not any(dated.title in step for step in steps)
